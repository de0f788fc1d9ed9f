"""PostgreSQL by psycopg 3: READ COMMITTED, deadlines, reconnection after loss."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from storage.codec import dumps, loads

_DEADLINES = "-c statement_timeout=30000 -c lock_timeout=10000 -c idle_in_transaction_session_timeout=60000 -c TimeZone=UTC"
_CONFLICTS = frozenset({"40001", "40P01", "55P03"})  # serialisation, deadlock, lock_timeout
_GONE = frozenset({"57P01", "57P02", "57P03"})  # shut down, crashed, starting


def engines(url: URL) -> tuple[Engine, Engine]:
    """The engine to write with (one connection and a spare) and a read-only one."""
    write = _engine(url, _DEADLINES, pool_size=1, max_overflow=1, pool_pre_ping=True)
    read = _engine(url, f"{_DEADLINES} -c default_transaction_read_only=on", pool_size=4, max_overflow=4, pool_pre_ping=True)
    return write, read


def migration_engine(url: URL) -> Engine:
    """No statement deadline: rewriting a large table takes its time."""
    return _engine(url, "-c TimeZone=UTC", poolclass=NullPool)


@contextmanager
def snapshot(url: URL, folder: Path) -> Iterator[Connection]:
    """Writers are not held up; only old row versions stay until it ends."""
    engine = _engine(url, "-c TimeZone=UTC", poolclass=NullPool).execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    try:
        with engine.connect() as conn:
            yield conn
    finally:
        engine.dispose()


def _engine(url: URL, settings: str, **pool: Any) -> Engine:
    own = str(url.query.get("options", ""))
    return create_engine(
        url,
        isolation_level="READ COMMITTED",
        connect_args={"connect_timeout": 5, "options": f"{settings} {own}".strip(), "application_name": "paojie"},
        json_serializer=dumps,
        json_deserializer=loads,
        **pool,
    )


def is_conflict(error: BaseException) -> bool:
    """Deadlock or serialisation failure: the same unit may well succeed the next time."""
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in _CONFLICTS


def is_lost(error: BaseException) -> bool:
    """The connection broke under the statement."""
    return isinstance(error, DBAPIError) and (error.connection_invalidated or getattr(error.orig, "sqlstate", None) in _GONE)
