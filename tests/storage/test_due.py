"""Planned once, moved while unsaid, claimed by one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import Connection

from storage import due
from storage.database import Database
from tests.storage.world import NOW, SECOND, a_person


@pytest.fixture
def person(database: Database) -> int:
    return database.write_now(a_person)


def plan(database: Database, person: int, key: str = "42", at: datetime = NOW) -> bool:
    return database.write_now(lambda conn: due.put(conn, "promise", key, at, person, None, {"n": key}))


def test_the_same_key_moves_it(database: Database, person: int) -> None:
    assert plan(database, person, at=NOW)
    assert plan(database, person, at=NOW + SECOND)
    (row,) = database.read_now(lambda conn: due.upcoming(conn, NOW + SECOND))
    assert (row.kind, row.key, row.full_key, row.at, row.person_id, row.args) == ("promise", "42", "promise:42", NOW + SECOND, person, {"n": "42"})
    assert database.read_now(due.next_at) == NOW + SECOND


def test_what_was_said_stays_said(database: Database, person: int) -> None:
    plan(database, person)
    (row,) = database.write_now(lambda conn: due.claim(conn, NOW, 10))
    assert database.write_now(lambda conn: due.done(conn, row.id, "said", NOW))
    assert not database.write_now(lambda conn: due.done(conn, row.id, "said", NOW))
    assert not plan(database, person, at=NOW + SECOND)
    assert not database.write_now(lambda conn: due.forget(conn, "promise", "42"))
    assert database.read_now(due.next_at) is None


def test_what_is_forgotten_can_be_planned_again(database: Database, person: int) -> None:
    plan(database, person)
    assert database.write_now(lambda conn: due.forget(conn, "promise", "42"))
    assert database.write_now(lambda conn: due.claim(conn, NOW, 10)) == []
    assert plan(database, person)


def test_oldest_first_and_not_before_time(database: Database, person: int) -> None:
    for key, seconds in (("c", 2), ("a", 0), ("b", 1)):
        plan(database, person, key, NOW + seconds * SECOND)
    rows = database.write_now(lambda conn: due.claim(conn, NOW + SECOND, 10))
    assert [row.key for row in rows] == ["a", "b"]


def test_two_tickers_say_each_once(database: Database, person: int, connect: Callable[[], Database]) -> None:
    for n in range(30):
        plan(database, person, str(n))
    said: list[str] = []

    def tick(replica: Database) -> None:
        def unit(conn: Connection) -> list[str]:
            rows = due.claim(conn, NOW, 4)
            assert all(due.done(conn, row.id, "said", NOW) for row in rows)
            return [row.key for row in rows]

        while replica.read_now(due.next_at):
            said.extend(replica.write_now(unit))

    threads = [threading.Thread(target=tick, args=(replica,)) for replica in (database, connect())]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(said, key=int) == [str(n) for n in range(30)]


def test_some_kinds_alone(database: Database, person: int) -> None:
    """An emergency's rungs are not counted among what else is due."""

    def unit(conn: Connection) -> tuple[bool, bool, list[str]]:
        before = due.waits(conn, NOW, {"emergency"})
        for n in range(5):
            due.put(conn, "log_due", str(n), NOW, person, None, {})
        due.put(conn, "emergency", "7:backup", NOW, person, None, {})
        return before, due.waits(conn, NOW, {"emergency"}), [row.kind for row in due.claim(conn, NOW, 3, {"emergency"})]

    assert database.write_now(unit) == (False, True, ["emergency"])
