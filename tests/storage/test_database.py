"""The writer and the readers: neighbours, order, visibility, locks."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import Connection, func, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from storage import sqlite
from storage.database import Database
from storage.errors import AlreadyServing, Closed, NestedWrite, Unavailable
from storage.tables import team
from storage.writer import savepoint

Connect = Callable[[], Database]


def adds(name: str) -> Callable[[Connection], str]:
    def unit(conn: Connection) -> str:
        conn.execute(insert(team).values(name=name))
        return name

    return unit


def names(conn: Connection) -> list[str]:
    return list(conn.execute(select(team.c.name).order_by(team.c.id)).scalars())


def held(database: Database) -> tuple[threading.Event, threading.Event]:
    """The writer stands still until the second event; the first says that it does."""
    inside, go = threading.Event(), threading.Event()

    def unit(_conn: Connection) -> None:
        inside.set()
        assert go.wait(10)

    threading.Thread(target=database.write_now, args=(unit,), daemon=True).start()
    assert inside.wait(10)
    return inside, go


def test_a_failing_unit_takes_no_neighbour_with_it(database: Database) -> None:
    async def run() -> list[object]:
        _, go = held(database)
        jobs = [asyncio.ensure_future(database.write(adds(name))) for name in ("a", "b", "a", "c")]
        await asyncio.sleep(0.05)
        assert database.waiting == 4
        go.set()
        return await asyncio.gather(*jobs, return_exceptions=True)

    first, second, third, fourth = asyncio.run(run())
    assert (first, second, fourth) == ("a", "b", "c")
    assert isinstance(third, IntegrityError)
    assert database.read_now(names) == ["a", "b", "c"]


def test_a_failing_unit_alone_writes_nothing(database: Database) -> None:
    def unit(conn: Connection) -> None:
        adds("a")(conn)
        raise KeyError("x")

    with pytest.raises(KeyError):
        database.write_now(unit)
    assert database.read_now(names) == []
    assert database.write_now(adds("b")) == "b"


def test_units_of_a_batch_share_one_transaction(database: Database) -> None:
    seen: list[int] = []

    def unit(conn: Connection) -> None:
        if conn.dialect.name == "postgresql":
            seen.append(conn.execute(text("select txid_current()")).scalar_one())
        else:
            seen.append(id(conn.get_transaction()))

    async def run() -> None:
        _, go = held(database)
        jobs = [asyncio.ensure_future(database.write(unit)) for _ in range(5)]
        await asyncio.sleep(0.05)
        go.set()
        await asyncio.gather(*jobs)

    asyncio.run(run())
    assert len(seen) == 5
    assert len(set(seen)) == 1


def test_received_events_commit_apart_and_sorted_on_postgresql(database: Database) -> None:
    async def run() -> None:
        _, go = held(database)
        jobs = [asyncio.ensure_future(database.write(adds("handled")))]
        jobs += [asyncio.ensure_future(database.write(adds(name), lane="receive", sort_key=name)) for name in ("c", "a", "b")]
        await asyncio.sleep(0.05)
        go.set()
        await asyncio.gather(*jobs)

    asyncio.run(run())
    expected = ["handled", "c", "a", "b"] if database.dialect == "sqlite" else ["a", "b", "c", "handled"]
    assert database.read_now(names) == expected


def test_readers_never_see_what_is_not_committed(database: Database) -> None:
    written, go = threading.Event(), threading.Event()

    def unit(conn: Connection) -> None:
        adds("a")(conn)
        written.set()
        assert go.wait(10)

    thread = threading.Thread(target=database.write_now, args=(unit,))
    thread.start()
    assert written.wait(10)
    assert database.read_now(names) == []
    go.set()
    thread.join()
    assert database.read_now(names) == ["a"]


def test_readers_cannot_write(database: Database) -> None:
    with pytest.raises(DBAPIError):
        database.read_now(adds("a"))


def test_reads_from_a_loop(database: Database) -> None:
    database.write_now(adds("a"))
    assert asyncio.run(database.read(names)) == ["a"]


def test_savepoint_inside_a_unit(database: Database) -> None:
    def unit(conn: Connection) -> None:
        adds("a")(conn)
        with pytest.raises(KeyError), savepoint(conn):
            adds("b")(conn)
            raise KeyError

    database.write_now(unit)
    assert database.read_now(names) == ["a"]


def test_two_processes_write_in_turn(database: Database, connect: Connect) -> None:
    other = connect()

    async def run() -> None:
        jobs = [asyncio.ensure_future((database, other)[n % 2].write(adds(f"t{n:03}"))) for n in range(200)]
        await asyncio.gather(*jobs)

    asyncio.run(run())
    assert database.read_now(lambda conn: conn.execute(select(func.count()).select_from(team)).scalar_one()) == 200


@pytest.mark.only("postgresql")  # SQLite has one writer, so no deadlocks
def test_deadlocked_units_are_tried_again(database: Database, connect: Connect) -> None:
    for name in ("a", "b"):
        database.write_now(adds(name))
    both_in = threading.Barrier(2)
    tries: list[str] = []

    def crossing(first: str, second: str) -> Callable[[Connection], None]:
        def unit(conn: Connection) -> None:
            tries.append(first)
            conn.execute(select(team.c.id).where(team.c.name == first).with_for_update())
            if tries.count(first) == 1:
                both_in.wait(10)
            conn.execute(select(team.c.id).where(team.c.name == second).with_for_update())

        return unit

    other = connect()
    threads = [threading.Thread(target=d.write_now, args=(u,)) for d, u in ((database, crossing("a", "b")), (other, crossing("b", "a")))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(tries) in (["a", "a", "b"], ["a", "b", "b"])


@pytest.mark.only("postgresql")  # SQLite has no connection to lose
def test_a_lost_connection_is_replaced(database: Database, connect: Connect) -> None:
    database.write_now(adds("a"))
    database.read_now(names)
    kill = text("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()")
    other = connect()
    other.write_now(lambda conn: conn.execute(kill).all())
    assert database.write_now(adds("b")) == "b"
    other.write_now(lambda conn: conn.execute(kill).all())
    assert database.read_now(names) == ["a", "b"]

    lost: list[int] = []

    def unit(conn: Connection) -> None:
        if not lost:
            lost.append(1)
            other.write_now(lambda conn: conn.execute(kill).all())
        adds("c")(conn)

    database.write_now(unit)
    assert database.read_now(names) == ["a", "b", "c"]


def test_close_finishes_what_is_queued(connect: Connect) -> None:
    database = connect()
    _, go = held(database)
    results: list[str] = []
    threads = [threading.Thread(target=lambda name=name: results.append(database.write_now(adds(name)))) for name in "abc"]
    for thread in threads:
        thread.start()
    while database.waiting < 3:
        threading.Event().wait(0.01)
    go.set()
    database.close()
    for thread in threads:
        thread.join(10)
    assert sorted(results) == ["a", "b", "c"]
    assert sorted(connect().read_now(names)) == ["a", "b", "c"]
    with pytest.raises(Closed):
        database.write_now(adds("d"))


def test_a_unit_may_not_wait_for_the_writer(database: Database) -> None:
    with pytest.raises(NestedWrite):
        database.write_now(lambda _conn: database.write_now(adds("a")))


def test_one_server_per_file(database: Database, connect: Connect) -> None:
    database.lock_server()
    other = connect()
    if database.dialect == "postgresql":
        other.lock_server()
        return
    with pytest.raises(AlreadyServing, match="Another server already runs"):
        other.lock_server()
    database.close()
    other.lock_server()


def test_the_lock_goes_with_a_killed_process(tmp_path: Path) -> None:
    code = "import sys, time; from pathlib import Path; from storage.lock import ServerLock; "
    code += "lock = ServerLock(Path(sys.argv[1])); lock.take(); print('held', flush=True); time.sleep(60)"
    child = subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "serve.lock")], stdout=subprocess.PIPE)
    assert child.stdout is not None
    assert child.stdout.readline() == b"held\n"
    database = Database("sqlite://", tmp_path)
    try:
        with pytest.raises(AlreadyServing):
            database.lock_server()
        child.kill()
        child.wait(10)
        database.lock_server()
    finally:
        child.stdout.close()
        database.close()


@pytest.fixture
def old_library(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Database]:
    chosen = sqlite.driver()
    monkeypatch.setattr(sqlite, "driver", lambda: sqlite.Driver(chosen.module, wal=False))
    database = Database("sqlite://", tmp_path)
    database.migrate()
    yield database
    database.close()


def test_an_old_library_reads_and_writes_on_one_connection(old_library: Database) -> None:
    assert old_library.read_now(lambda conn: conn.execute(text("pragma journal_mode")).scalar_one()) == "truncate"

    async def run() -> None:
        writes = [asyncio.ensure_future(old_library.write(adds(f"t{n}"))) for n in range(40)]
        reads = [asyncio.ensure_future(old_library.read(names)) for _ in range(40)]
        await asyncio.gather(*writes, *reads)

    asyncio.run(run())
    assert len(old_library.read_now(names)) == 40
    with pytest.raises(DBAPIError, match="readonly"):
        old_library.read_now(adds("x"))
    assert old_library.write_now(adds("y")) == "y"


def test_a_safe_library_uses_wal_and_full(tmp_path: Path) -> None:
    if not sqlite.driver().wal:
        pytest.skip("no SQLite of 3.51.3 or newer here")
    database = Database("sqlite://", tmp_path)
    try:
        assert database.write_now(lambda conn: conn.execute(text("pragma journal_mode")).scalar_one()) == "wal"
        assert database.write_now(lambda conn: conn.execute(text("pragma synchronous")).scalar_one()) == 2
    finally:
        database.close()


def test_the_library_is_chosen_by_its_version(monkeypatch: pytest.MonkeyPatch) -> None:
    versions = {"pysqlite3.dbapi2": (3, 51, 2), "sqlite3.dbapi2": (3, 40, 1)}
    monkeypatch.setattr(sqlite, "import_module", lambda name: SimpleNamespace(name=name, sqlite_version_info=versions[name]))
    assert (sqlite.driver().module.name, sqlite.driver().wal) == ("sqlite3.dbapi2", False)
    versions["sqlite3.dbapi2"] = (3, 51, 3)
    assert (sqlite.driver().module.name, sqlite.driver().wal) == ("sqlite3.dbapi2", True)


def test_a_file_that_stays_locked_is_unavailable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sqlite, "BUSY_MS", 50)
    database, other = Database("sqlite://", tmp_path), Database("sqlite://", tmp_path)
    try:
        database.migrate()
        _, go = held(other)
        with pytest.raises(Unavailable):
            database.write_now(adds("a"))
        go.set()
    finally:
        other.close()
        database.close()
