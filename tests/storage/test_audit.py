"""The chain shows what was edited, deleted, swapped or cut off."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest
from sqlalchemy import Connection, text

from storage import audit
from storage.audit import Broken, Entry
from storage.database import Database
from storage.writer import savepoint
from tests.storage.world import NOW

Connect = Callable[[], Database]


def log(database: Database, *subjects: str) -> None:
    entries = [Entry("wang", "telegram", "file", subject, f"detail of {subject}") for subject in subjects]
    database.write_now(lambda conn: audit.append(conn, entries, NOW))


def tamper(database: Database, *statements: str) -> None:
    def unit(conn: Connection) -> None:
        if conn.dialect.name == "postgresql":
            conn.execute(text("alter table audit disable trigger user"))
        else:
            conn.execute(text("drop trigger audit_no_update"))
            conn.execute(text("drop trigger audit_no_delete"))
        for statement in statements:
            conn.execute(text(statement))

    database.write_now(unit)


@pytest.fixture
def logged(database: Database) -> Database:
    log(database, "one", "two", "three")
    log(database, "four")
    return database


def test_whole(logged: Database) -> None:
    assert logged.read_now(audit.verify) is None
    assert logged.read_now(audit.head)[0] == 4


def test_edited(logged: Database) -> None:
    tamper(logged, "update audit set who = 'li' where seq = 2")
    assert logged.read_now(audit.verify) == Broken(2, "changed")


def test_deleted(logged: Database) -> None:
    tamper(logged, "delete from audit where seq = 3")
    assert logged.read_now(audit.verify) == Broken(3, "missing")


def test_swapped(logged: Database) -> None:
    tamper(logged, "update audit set seq = 99 where seq = 2", "update audit set seq = 2 where seq = 3", "update audit set seq = 3 where seq = 99")
    assert logged.read_now(audit.verify) == Broken(2, "does not follow the row before")


def test_cut_off(logged: Database) -> None:
    tamper(logged, "delete from audit where seq = 4")
    assert logged.read_now(audit.verify) is None
    assert logged.read_now(lambda conn: audit.verify(conn, 4)) == Broken(4, "missing")


def test_erased_details_keep_the_chain(logged: Database) -> None:
    assert logged.read_now(lambda conn: audit.matches(conn, 2, "detail of two"))
    assert not logged.read_now(lambda conn: audit.matches(conn, 2, "detail of one"))
    logged.write_now(lambda conn: audit.erase(conn, 2))
    assert not logged.read_now(lambda conn: audit.matches(conn, 2, "detail of two"))
    assert logged.read_now(audit.verify) is None


def test_a_unit_that_fails_leaves_no_entry(database: Database) -> None:
    def unit(fails: bool, inner: bool = False) -> Callable[[Connection], None]:
        def run(conn: Connection) -> None:
            audit.append(conn, [Entry("a", "b", "c", f"{fails} {inner}")], NOW)
            if inner:
                with pytest.raises(KeyError), savepoint(conn):
                    audit.append(conn, [Entry("a", "b", "c", "inner")], NOW)
                    raise KeyError
            if fails:
                raise KeyError

        return run

    async def run() -> list[object]:
        units = [unit(False), unit(True), unit(False, inner=True), unit(True)]
        return await asyncio.gather(*(database.write(u) for u in units), return_exceptions=True)

    results = asyncio.run(run())
    assert [type(r) for r in results] == [type(None), KeyError, type(None), KeyError]
    subjects = database.read_now(lambda conn: list(conn.execute(text("select subject from audit order by seq")).scalars()))
    assert subjects == ["False False", "False True"]
    assert database.read_now(audit.verify) is None


def test_replicas_write_one_chain(database: Database, connect: Connect) -> None:
    def work(replica: Database) -> None:
        for n in range(20):
            log(replica, f"{n}")

    threads = [threading.Thread(target=work, args=(replica,)) for replica in (database, connect(), connect())]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert database.read_now(audit.head)[0] == 60
    assert database.read_now(audit.verify) is None
