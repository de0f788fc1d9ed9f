"""The way back: checked first, into an empty database, all or nothing; what was there is put aside or stays."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, MetaData, text

from storage import mark, migrations, postgresql, sqlite
from storage.backup import rows
from storage.backup.check import Progress, blob_path, check, hashes, nothing, stored, whole
from storage.backup.make import alone
from storage.backup.manifest import Damaged, Manifest, Newer
from storage.blobs import BlobFolder, folder_to_disk
from storage.database import Database
from storage.errors import AlreadyServing, StorageError

_ELSEWHERE = text(
    "select count(*) from pg_stat_activity where datname = current_database() and application_name = 'paojie' and pid <> pg_backend_pid()"
)
_TRIGGERS = text(
    "select distinct p.oid::regprocedure::text from pg_trigger t join pg_proc p on p.oid = t.tgfoid "
    "join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace where not t.tgisinternal and n.nspname = current_schema()"
)


class NotEmpty(StorageError):
    """There are people in this database; nothing was restored."""


class OtherKind(StorageError):
    """A demo's backup does not become a firm's, nor the other way round."""


def restore(
    database: Database, blobs: BlobFolder, backup: Path, *, demo: bool = False, replace: bool = False, progress: Progress = nothing
) -> Manifest:
    """Raises Damaged, Newer, OtherKind, NotEmpty, AlreadyServing, Busy; then everything is as it was."""
    with alone(backup.parent):
        manifest = check(backup, progress)
        if (manifest.kind == "demo") != demo:
            raise OtherKind(manifest.kind)
        if not migrations.knows(manifest.revision):
            raise Newer(manifest.revision)
        database.lock_server()  # kept until the database is closed
        _files(backup, manifest, blobs, progress)
        into = _sqlite if database.dialect == "sqlite" else _postgresql
        with into(database.url, replace=replace) as conn:
            _fill(conn, backup, manifest, progress)
    return manifest


def _fill(conn: Connection, backup: Path, manifest: Manifest, progress: Progress) -> None:
    """At the revision it was made at; compared with what was saved; then brought up to date."""
    migrations.upgrade_on(conn, manifest.revision)
    found = rows.tables(conn)
    if {table.name for table in found} != manifest.tables.keys():
        raise Damaged(f"{backup.name}: tables")
    for done, table in enumerate(found, start=1):
        note = manifest.tables[table.name]
        rows.insert(conn, table.name, note.columns, stored(backup, table.name))
        if note.last is not None:
            rows.go_on(conn, table.name, next(iter(table.primary_key.columns)).name, note.last)
        running = sha256()
        for line in rows.lines(conn, table, note.columns):
            running.update(line)
        if running.hexdigest() != note.hash:
            raise Damaged(f"{backup.name}: {table.name}")
        progress("tables", done, len(found))
    migrations.upgrade_on(conn)


def _files(backup: Path, manifest: Manifest, blobs: BlobFolder, progress: Progress) -> None:
    """Before their rows; a file of the same name that is not whole is written anew."""
    for done, (sha, _) in enumerate(hashes(backup, manifest), start=1):
        target = blobs.path(sha)
        if not whole(target, sha):
            target.unlink(missing_ok=True)
            blobs.put(blob_path(backup, sha).read_bytes())
        progress("blobs", done, manifest.blobs)


@contextmanager
def _sqlite(url: URL, *, replace: bool) -> Iterator[Connection]:
    """A new file, put in place of the old when all of it is on the disk; the old one stays beside it under another name."""
    place = Path(url.database or "")
    if place.exists() and not replace and _used(sqlite.migration_engine(url)):
        raise NotEmpty(str(place))
    new = place.with_name(place.name + ".restoring")
    for left in _with_journals(new):
        left.unlink(missing_ok=True)
    engine = sqlite.migration_engine(url.set(database=str(new)))
    try:
        with engine.begin() as conn:
            yield conn
        with engine.connect() as conn:
            conn.rollback()
            raw = conn.connection.dbapi_connection
            if raw is not None:
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    except BaseException:
        engine.dispose()
        for left in _with_journals(new):
            left.unlink(missing_ok=True)
        raise
    engine.dispose()
    with new.open("rb") as file:
        os.fsync(file.fileno())
    _set_aside(place)
    new.replace(place)
    folder_to_disk(place.parent)


def _set_aside(place: Path) -> None:
    """With its journals: they are its own, and would spoil the new file."""
    number = 1
    while any(place.with_name(f"{place.name}.before-{number}{end}").exists() for end in ("", "-wal", "-journal")):
        number += 1
    for old in _with_journals(place):
        if old.exists():
            old.rename(old.with_name(old.name.replace(place.name, f"{place.name}.before-{number}", 1)))


def _with_journals(path: Path) -> list[Path]:
    return [path, *(path.with_name(path.name + end) for end in ("-wal", "-shm", "-journal"))]


@contextmanager
def _postgresql(url: URL, *, replace: bool) -> Iterator[Connection]:
    """One transaction: whoever looks meanwhile sees the old, or waits."""
    engine = postgresql.migration_engine(url)
    try:
        with engine.begin() as conn:
            if conn.execute(_ELSEWHERE).scalar_one():
                raise AlreadyServing("PostgreSQL")
            if not replace and _in_use(conn):
                raise NotEmpty(str(url.database))
            _clear(conn)
            yield conn
    finally:
        engine.dispose()


def _clear(conn: Connection) -> None:
    functions = conn.execute(_TRIGGERS).scalars().all()
    found = MetaData()
    found.reflect(conn, resolve_fks=False)
    quote = conn.dialect.identifier_preparer.quote
    for table in found.tables:
        conn.exec_driver_sql(f"drop table {quote(table)} cascade")
    for function in functions:
        conn.exec_driver_sql(f"drop function {function}")


def _used(engine: Engine) -> bool:
    try:
        with engine.connect() as conn:
            return _in_use(conn)
    finally:
        engine.dispose()


def _in_use(conn: Connection) -> bool:
    """A database that was only opened once is as good as empty."""
    found = {table.name for table in rows.tables(conn)}
    return {"person", "inbox"} <= found and mark.used(conn)
