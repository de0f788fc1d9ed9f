"""A backup is one instant, found whole or not taken; restored, every table and file is as it was, on either database."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text

from storage import blobs, mark, sqlite
from storage.backup import rows
from storage.backup.check import check
from storage.backup.keep import kept, prune
from storage.backup.make import Busy, alone, make
from storage.backup.manifest import Damaged, Newer, names, read, spelled
from storage.backup.restore import NotEmpty, OtherKind, restore
from storage.blobs import BlobFolder
from storage.database import Connection, Database
from storage.errors import AlreadyServing
from storage.tables import person
from tests.conftest import PostgreSQL
from tests.storage.firm import NOW, Firm, in_firm

AT = datetime(2026, 11, 25, 3, 0)  # noqa: DTZ001 local, as the name says it
ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> BlobFolder:
    return BlobFolder(tmp_path / "blobs")


@pytest.fixture
def firm(database: Database, folder: BlobFolder) -> Firm:
    found = in_firm(database)
    database.write_now(lambda conn: mark.set_kind(conn, "firm"))
    for n in range(6):
        keep_file(database, folder, f"file {n}".encode() * 1000)
    return found


def keep_file(database: Database, folder: BlobFolder, data: bytes) -> str:
    sha = folder.put(data)
    database.write_now(lambda conn: blobs.note(conn, sha, "image/jpeg", len(data), {"kind": "photo", "空": None}, NOW))
    return sha


def hashes(conn: Connection) -> dict[str, str]:
    """Of every table, by what is in it."""
    return {table.name: sha256(b"".join(rows.lines(conn, table, rows.columns(table)))).hexdigest() for table in rows.tables(conn)}


@contextmanager
def another(kind: str, folder: Path, server: Callable[[], PostgreSQL]) -> Iterator[Database]:
    """An empty database of that kind, not even migrated."""
    folder.mkdir(parents=True, exist_ok=True)
    if kind == "sqlite":
        made = Database("sqlite://", folder)
    else:
        name = f"restored_{random.getrandbits(40)}"
        server().run(f"create database {name}")
        made = Database(server().url(name), folder)
    try:
        yield made
    finally:
        made.close()


@pytest.mark.usefixtures("firm")
@pytest.mark.parametrize("to", ["sqlite", "postgresql"])
def test_restored_everything_is_as_it_was(database: Database, folder: BlobFolder, tmp_path: Path, to: str, request: pytest.FixtureRequest) -> None:
    name, manifest = make(database, folder, tmp_path / "backups", AT)
    before = database.read_now(hashes)
    assert {table: note.hash for table, note in manifest.tables.items()} == before
    assert manifest.tables["person"].rows == 9
    assert (manifest.blobs, manifest.absent) == (6, ())
    with another(to, tmp_path / "other", lambda: request.getfixturevalue("postgresql_server")) as other:
        files = BlobFolder(tmp_path / "other" / "blobs")
        restore(other, files, tmp_path / "backups" / name)
        assert other.at_head()
        assert other.read_now(hashes) == before
        for path in folder.folder.glob("??/*"):
            assert files.read(path.name) == path.read_bytes()
        newest = database.read_now(lambda conn: conn.execute(select(person.c.id).order_by(person.c.id.desc())).scalars().first())
        added = other.write_now(lambda conn: conn.execute(insert(person).values(account="neu", name="新人").returning(person.c.id)).scalar_one())
        assert added == (newest or 0) + 1
        with pytest.raises(Exception, match="append-only"):
            other.write_now(lambda conn: conn.execute(text("delete from audit")))


@pytest.mark.usefixtures("firm")
def test_null_in_json_is_not_no_value(database: Database, folder: BlobFolder, tmp_path: Path) -> None:
    database.write_now(lambda conn: conn.execute(text("update setting set value = 'null'")))
    name, _ = make(database, folder, tmp_path / "backups", AT)
    with another("sqlite", tmp_path / "other", lambda: pytest.fail("not asked for")) as other:
        restore(other, BlobFolder(tmp_path / "other" / "blobs"), tmp_path / "backups" / name)
        assert other.read_now(lambda conn: conn.execute(text("select distinct value from setting")).scalars().all()) == ["null"]


@pytest.mark.usefixtures("firm")
def test_only_new_files_are_copied_and_a_damaged_copy_is_made_anew(database: Database, folder: BlobFolder, tmp_path: Path) -> None:
    make(database, folder, tmp_path / "backups", AT)
    pool = {path: path.stat().st_mtime_ns for path in (tmp_path / "backups" / "blobs").glob("??/*")}
    spoilt = next(iter(pool))
    spoilt.write_bytes(b"x" + spoilt.read_bytes()[1:])
    added = keep_file(database, folder, b"new")
    name, manifest = make(database, folder, tmp_path / "backups", AT + timedelta(days=1))
    assert manifest.blobs == 7
    assert check(tmp_path / "backups" / name) == manifest
    now = {path: path.stat().st_mtime_ns for path in (tmp_path / "backups" / "blobs").glob("??/*")}
    assert {path.name for path in now.keys() - pool.keys()} == {added}
    assert all(now[path] == pool[path] for path in pool if path != spoilt)


@pytest.mark.usefixtures("firm")
def test_a_file_the_firm_has_lost_is_told_and_the_rest_is_saved(database: Database, folder: BlobFolder, tmp_path: Path) -> None:
    lost, *_ = sorted(folder.folder.glob("??/*"))
    lost.write_bytes(b"rot")
    name, manifest = make(database, folder, tmp_path / "backups", AT)
    assert (manifest.absent, manifest.blobs) == ((lost.name,), 5)
    assert check(tmp_path / "backups" / name) == manifest


@pytest.mark.usefixtures("firm")
def test_one_changed_byte_anywhere_is_found(database: Database, folder: BlobFolder, tmp_path: Path) -> None:
    name, _ = make(database, folder, tmp_path / "backups", AT)
    backup, dice = tmp_path / "backups" / name, random.Random(3)
    files = [*backup.rglob("*.gz"), backup / "manifest.json", *(tmp_path / "backups" / "blobs").glob("??/*")]
    assert len(files) > 30
    for path in files:
        data = path.read_bytes()
        for at in {0, len(data) - 1, *(dice.randrange(len(data)) for _ in range(3))}:
            path.write_bytes(data[:at] + bytes([data[at] ^ (1 << dice.randrange(8))]) + data[at + 1 :])
            with pytest.raises(Damaged):
                check(backup)
        path.write_bytes(data[:-1])
        with pytest.raises(Damaged):
            check(backup)
        path.write_bytes(data)
    check(backup)


@pytest.mark.usefixtures("firm")
def test_a_log_that_was_changed_is_no_good_backup(database: Database, folder: BlobFolder, tmp_path: Path) -> None:
    database.write_now(
        lambda conn: conn.execute(text("insert into audit select 9999, at, who, via, verb, subject, digest, prev, hash from audit limit 1"))
    )
    with pytest.raises(Damaged, match="audit"):
        make(database, folder, tmp_path / "backups", AT)
    assert names(tmp_path / "backups") == []


@pytest.mark.usefixtures("firm")
def test_writers_go_on_and_the_backup_is_one_instant(database: Database, folder: BlobFolder, tmp_path: Path) -> None:
    written: list[float] = []
    stop = threading.Event()

    def writes() -> None:
        while not stop.is_set():
            began = time.monotonic()
            database.write_now(partial(_two, n=len(written)))
            written.append(time.monotonic() - began)

    thread = threading.Thread(target=writes)
    thread.start()
    try:
        for nth in range(3):
            name, manifest = make(database, folder, tmp_path / "backups", AT + timedelta(seconds=nth))
            assert manifest.tables["team"].rows % 2 == 0
    finally:
        stop.set()
        thread.join()
    assert len(written) > 3
    assert manifest.tables["team"].rows <= 2 + 2 * len(written)
    with another("sqlite", tmp_path / "other", lambda: pytest.fail("not asked for")) as other:
        restore(other, BlobFolder(tmp_path / "other" / "blobs"), tmp_path / "backups" / name)


def _two(conn: Connection, n: int) -> None:
    conn.execute(text("insert into team (name) values (:a)"), {"a": f"a{n}"})
    conn.execute(text("insert into team (name) values (:a)"), {"a": f"b{n}"})


@pytest.mark.only("sqlite")
@pytest.mark.usefixtures("firm")
def test_without_wal_a_copy_is_read(database: Database, folder: BlobFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = database.read_now(hashes)
    old = sqlite.Driver(sqlite.driver().module, wal=False)
    monkeypatch.setattr(sqlite, "driver", lambda: old)
    name, manifest = make(database, folder, tmp_path / "backups", AT)
    assert {table: note.hash for table, note in manifest.tables.items()} == before
    assert [path.name for path in (tmp_path / "backups" / name).iterdir() if path.name.startswith("snapshot")] == []


@pytest.mark.usefixtures("firm")
def test_a_firm_that_is_there_stays_unless_told(database: Database, folder: BlobFolder, tmp_path: Path, connect: Callable[[], Database]) -> None:
    name, _ = make(database, folder, tmp_path / "backups", AT)
    before = database.read_now(hashes)
    database.write_now(lambda conn: conn.execute(text("insert into team (name) values ('新的')")))
    database.close()
    refused = connect()
    with pytest.raises(NotEmpty):
        restore(refused, folder, tmp_path / "backups" / name)
    refused.close()
    restore(connect(), folder, tmp_path / "backups" / name, replace=True)
    assert connect().read_now(hashes) == before
    if database.dialect == "sqlite":
        old = Database(f"sqlite:///{tmp_path / 'paojie.db.before-1'}", tmp_path / "old")
        assert old.read_now(lambda conn: conn.execute(text("select count(*) from team where name = '新的'")).scalar()) == 1
        old.close()


@pytest.mark.usefixtures("firm")
def test_not_while_it_is_served(database: Database, folder: BlobFolder, tmp_path: Path, connect: Callable[[], Database]) -> None:
    name, _ = make(database, folder, tmp_path / "backups", AT)
    database.lock_server()
    database.read_now(hashes)
    with pytest.raises(AlreadyServing):
        restore(connect(), folder, tmp_path / "backups" / name, replace=True)


@pytest.mark.usefixtures("firm")
def test_a_demo_stays_a_demo(database: Database, folder: BlobFolder, tmp_path: Path) -> None:
    database.write_now(lambda conn: mark.set_kind(conn, "demo"))
    name, manifest = make(database, folder, tmp_path / "backups", AT)
    assert manifest.kind == "demo"
    with another("sqlite", tmp_path / "other", lambda: pytest.fail("not asked for")) as other:
        files = BlobFolder(tmp_path / "other" / "blobs")
        with pytest.raises(OtherKind):
            restore(other, files, tmp_path / "backups" / name)
        restore(other, files, tmp_path / "backups" / name, demo=True)
        assert other.read_now(mark.kind) == "demo"


@pytest.mark.only("sqlite")
@pytest.mark.usefixtures("firm")
def test_what_a_newer_program_made_is_left_to_it(database: Database, folder: BlobFolder, tmp_path: Path) -> None:
    from dataclasses import replace

    name, manifest = make(database, folder, tmp_path / "backups", AT)
    file = tmp_path / "backups" / name / "manifest.json"
    for changed in (replace(manifest, format=2), replace(manifest, revision="9999")):
        file.write_bytes(spelled(changed))
        with another("sqlite", tmp_path / "other", lambda: pytest.fail("not asked for")) as other, pytest.raises(Newer):
            restore(other, BlobFolder(tmp_path / "other" / "blobs"), tmp_path / "backups" / name)


@pytest.mark.usefixtures("firm")
def test_one_at_a_time(database: Database, folder: BlobFolder, tmp_path: Path) -> None:
    with alone(tmp_path / "backups"), pytest.raises(Busy):
        make(database, folder, tmp_path / "backups", AT)


def test_the_newest_of_each_day_and_week_stay() -> None:
    there = [f"{datetime(2026, 10, 1, hour, tzinfo=UTC) + timedelta(days=day):%Y%m%d-%H%M%S}" for day in range(40) for hour in (3, 15)]
    stay = kept(there, 5, 3)
    assert stay == {
        *("20261109-150000", "20261108-150000", "20261107-150000", "20261106-150000", "20261105-150000"),
        "20261101-150000",  # the Sunday of the third week back
    }
    assert kept(there[:1], 1, 1) == {there[0]}


@pytest.mark.usefixtures("firm")
def test_pruned_with_the_files_only_they_named(database: Database, folder: BlobFolder, tmp_path: Path) -> None:
    backups = tmp_path / "backups"
    make(database, folder, backups, AT)
    gone = keep_file(database, folder, b"for a day")
    make(database, folder, backups, AT + timedelta(days=1))
    database.write_now(lambda conn: conn.execute(text("delete from blob where sha256 = :sha"), {"sha": gone}))
    last, _ = make(database, folder, backups, AT + timedelta(days=1, hours=1))
    assert prune(backups, 1, 1) == ["20261125-030000", "20261126-030000"]
    assert names(backups) == [last]
    assert not list((backups / "blobs").glob(f"??/{gone}"))
    check(backups / last)


_MAKES = """
import sys
from datetime import datetime
from pathlib import Path
from storage.backup.make import make
from storage.blobs import BlobFolder
from storage.database import Database
url, data, backups = sys.argv[1:]
database, folder = Database(url, Path(data)), BlobFolder(Path(data) / "blobs")
print("ready", flush=True)
for second in range(60):
    make(database, folder, Path(backups), datetime(2026, 11, 26, 4, 0, second))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.usefixtures("firm")
def test_killed_half_way_the_old_ones_stay_and_no_half_one_counts(
    database: Database, database_url: str, folder: BlobFolder, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    backups, dice = tmp_path / "backups", random.Random(11)
    first, manifest = make(database, folder, backups, AT)
    halves = 0
    for _ in range(5):
        shutil.rmtree(backups / "blobs" / "00", ignore_errors=True)
        keep_file(database, folder, dice.randbytes(200_000))
        process = subprocess.Popen([sys.executable, "-c", _MAKES, database_url, str(tmp_path), str(backups)], cwd=ROOT, stdout=subprocess.PIPE)
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        time.sleep(dice.uniform(0.0, 0.15))
        process.kill()
        process.communicate()
        halves += any(backups.glob("*.part"))
        for name in names(backups):
            check(backups / name)
    assert halves
    assert check(backups / first) == manifest
    last, _ = make(database, folder, backups, AT + timedelta(days=2))
    assert not list(backups.glob("*.part"))
    with another(database.dialect, tmp_path / "other", lambda: request.getfixturevalue("postgresql_server")) as other:
        restore(other, BlobFolder(tmp_path / "other" / "blobs"), backups / last)
        assert other.read_now(hashes) == database.read_now(hashes)


def test_what_the_list_says_of_itself(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_bytes(b"{}\n")
    with pytest.raises(Damaged):
        read(tmp_path)
    with pytest.raises(Damaged):
        read(tmp_path / "nowhere")
