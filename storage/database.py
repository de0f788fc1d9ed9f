"""The database as the rest sees it: write, read, migrate, lock; which one it is shows nowhere else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from sqlalchemy import URL, Connection, make_url
from sqlalchemy.exc import DBAPIError

from storage import migrations, postgresql, sqlite
from storage.errors import Unavailable
from storage.lock import ServerLock
from storage.writer import Writer

__all__ = ["Connection", "Database"]  # a unit's connection has a name outside storage, SQLAlchemy has not

T = TypeVar("T")
READERS = 4


class Database:
    """`url` is sqlite:///file or postgresql+psycopg://…; `folder` holds the lock and, without a file in the url, the file."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = _resolved(url, folder)
        self.folder = folder
        self._home = sqlite if self.dialect == "sqlite" else postgresql
        self._write_engine, self._read_engine = self._home.engines(self.url)
        self._writer = Writer(self._write_engine)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="paojie-reader")
        self._lock = ServerLock(folder / "serve.lock")

    @property
    def dialect(self) -> str:
        """sqlite or postgresql."""
        return self.url.get_backend_name()

    @property
    def waiting(self) -> int:
        """Units queued for the writer."""
        return self._writer.waiting

    async def write(self, unit: Callable[[Connection], T], *, lane: str = "handle", sort_key: str = "") -> T:
        """Run the unit in the writer's next transaction; answers after COMMIT. It may run again: a deadlock, or another of the batch failed."""
        return await self._writer.write(unit, lane, sort_key)

    def write_now(self, unit: Callable[[Connection], T], *, lane: str = "handle", sort_key: str = "") -> T:
        """The same from any thread but the writer's, waiting for COMMIT."""
        return self._writer.write_now(unit, lane, sort_key)

    async def read(self, query: Callable[[Connection], T]) -> T:
        """Run the query in a worker thread; it must give back plain values, not an open result."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self.read_now, query)

    def read_now(self, query: Callable[[Connection], T]) -> T:
        try:
            connected = self._read_engine.connect()
        except DBAPIError as error:
            raise Unavailable from error
        try:
            with connected as conn:
                return query(conn)
        except DBAPIError as error:
            if error.connection_invalidated or sqlite.is_busy(error):
                raise Unavailable from error
            raise

    @contextmanager
    def snapshot(self, folder: Path) -> Iterator[Connection]:
        """All of it as it is at one instant, on a connection of its own, while writers go on; `folder` is for a passing copy."""
        try:
            with self._home.snapshot(self.url, folder) as conn:
                yield conn
        except DBAPIError as error:
            if error.connection_invalidated or sqlite.is_busy(error):
                raise Unavailable from error
            raise

    def migrate(self) -> None:
        """To the newest revision; two replicas starting together do it one after the other."""
        engine = self._home.migration_engine(self.url)
        try:
            try:
                engine.connect().close()
            except DBAPIError as error:
                raise Unavailable from error
            migrations.upgrade(engine)
        finally:
            engine.dispose()

    def at_head(self) -> bool:
        return self.read_now(migrations.at_head)

    def lock_server(self) -> None:
        """Refuse a second server on one SQLite file; PostgreSQL takes any number."""
        if self.dialect == "sqlite":
            self._lock.take()

    def close(self) -> None:
        """Finish what is queued, then let go of every connection."""
        self._writer.close()
        self._readers.shutdown()
        self._read_engine.dispose()
        self._write_engine.dispose()
        self._lock.release()


def _resolved(url: str, folder: Path) -> URL:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return parsed
    path = Path(parsed.database) if parsed.database else folder / "paojie.db"
    path.parent.mkdir(parents=True, exist_ok=True)
    return parsed.set(drivername="sqlite", database=str(path))
