"""SQLite: which library, which journal, and the two engines (reliability: WAL only from 3.51.3 on)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.pool import NullPool, QueuePool

from storage.codec import dumps, loads
from storage.errors import Unavailable

SAFE_FOR_WAL = (3, 51, 3)
BUSY_MS = 10_000
COMMIT_TRIES = 5


@dataclass(frozen=True, slots=True)
class Driver:
    """The module to talk through; without `wal` one connection serves reads and writes."""

    module: Any
    wal: bool


def driver() -> Driver:
    """pysqlite3 or the standard library's, whichever has the WAL-reset fix; else the latter with a rollback journal."""
    for name in ("pysqlite3.dbapi2", "sqlite3.dbapi2"):
        try:
            module = import_module(name)
        except ImportError:
            continue
        if module.sqlite_version_info >= SAFE_FOR_WAL:
            return Driver(module, wal=True)
    return Driver(import_module("sqlite3.dbapi2"), wal=False)


def engines(url: URL) -> tuple[Engine, Engine]:
    """The engine to write with and the one to read with; they share their only connection where WAL is not safe."""
    chosen = driver()
    write = _engine(url, chosen, _settings(chosen), pool_size=1, max_overflow=0, poolclass=QueuePool)
    event.listen(write, "begin", _begin_write if chosen.wal else _begin_either)
    event.listen(write, "commit", _commit)
    if not chosen.wal:
        return write, write.execution_options(reading=True)
    read = _engine(url, chosen, [*_settings(chosen), "query_only=ON"], pool_size=4, max_overflow=4, poolclass=QueuePool)
    event.listen(read, "begin", _begin_read)
    return write, read


def migration_engine(url: URL) -> Engine:
    """Foreign keys are off while tables are rebuilt."""
    chosen = driver()
    engine = _engine(url, chosen, [*_settings(chosen), "foreign_keys=OFF"], poolclass=NullPool)
    event.listen(engine, "begin", _begin_write)
    event.listen(engine, "commit", _commit)
    return engine


@contextmanager
def snapshot(url: URL, folder: Path) -> Iterator[Connection]:
    """In WAL a reader holds nobody up; else it would, so that it reads a copy made page by page, whole at one instant."""
    chosen, copied = driver(), folder / "snapshot.db"
    if not chosen.wal:
        place = f"{Path(url.database or '').absolute().as_uri()}?mode=ro"
        with closing(chosen.module.connect(place, uri=True)) as source, closing(chosen.module.connect(copied)) as target:
            source.backup(target)
        url = url.set(database=str(copied))
    engine = _engine(url, chosen, [f"busy_timeout={BUSY_MS}", "query_only=ON"], poolclass=NullPool)
    event.listen(engine, "begin", _begin_read)
    try:
        with engine.connect() as conn:
            yield conn
    finally:
        engine.dispose()
        copied.unlink(missing_ok=True)


def _settings(chosen: Driver) -> list[str]:
    journal = "WAL" if chosen.wal else "TRUNCATE"
    return [f"busy_timeout={BUSY_MS}", f"journal_mode={journal}", "synchronous=FULL", "foreign_keys=ON"]


def _engine(url: URL, chosen: Driver, settings: list[str], **pool: Any) -> Engine:
    engine = create_engine(
        url,
        module=chosen.module,
        connect_args={"check_same_thread": False, "timeout": BUSY_MS / 1000},
        json_serializer=dumps,
        json_deserializer=loads,
        **pool,
    )
    event.listen(engine, "connect", _setting(settings))
    return engine


def _setting(settings: list[str]) -> Callable[[Any, Any], None]:
    def connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for setting in settings:
            connection.execute(f"PRAGMA {setting}").fetchall()

    return connected


def _begin_write(conn: Connection) -> None:
    conn.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_either(conn: Connection) -> None:
    reading = bool(conn.get_execution_options().get("reading"))
    conn.exec_driver_sql(f"PRAGMA query_only={int(reading)}")
    conn.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _begin_read(conn: Connection) -> None:
    conn.exec_driver_sql("BEGIN")


def _commit(conn: Connection) -> None:
    raw: Any = conn.connection.dbapi_connection
    for left in range(COMMIT_TRIES - 1, -1, -1):
        try:
            raw.execute("COMMIT")
            return
        except Exception as error:
            if not is_busy(error):
                raise
            if not left:
                raise Unavailable from error
            time.sleep(0.05)


def is_busy(error: BaseException) -> bool:
    """SQLITE_BUSY or SQLITE_LOCKED, the driver's own or wrapped by SQLAlchemy."""
    inner = getattr(error, "orig", None) or error
    return type(inner).__name__ == "OperationalError" and ("locked" in str(inner) or "busy" in str(inner))
