"""One holder; the epoch grows on takeover only."""

from __future__ import annotations

from datetime import UTC, datetime

from storage import leases
from storage.database import Database
from tests.storage.world import NOW, SECOND


def take(database: Database, holder: str, now: datetime | None = NOW, seconds: float = 30) -> int | None:
    return database.write_now(lambda conn: leases.take(conn, "telegram", holder, seconds, now))


def test_renewed_by_the_holder_and_refused_to_others(database: Database) -> None:
    assert take(database, "a") == 1
    assert take(database, "b") is None
    assert take(database, "a", NOW + 20 * SECOND) == 1
    assert take(database, "b", NOW + 49 * SECOND) is None


def test_taken_over_when_it_ends(database: Database) -> None:
    assert take(database, "a") == 1
    assert take(database, "b", NOW + 30 * SECOND) == 2
    assert take(database, "a", NOW + 31 * SECOND) is None


def test_released(database: Database) -> None:
    assert take(database, "a") == 1
    database.write_now(lambda conn: leases.release(conn, "telegram", "b"))
    assert take(database, "b") is None
    database.write_now(lambda conn: leases.release(conn, "telegram", "a"))
    assert take(database, "b") == 2


def test_by_the_clock_of_the_database(database: Database) -> None:
    clock = database.read_now(leases.clock)
    assert abs((clock - datetime.now(UTC)).total_seconds()) < 5
    assert take(database, "a", None) == 1
    assert take(database, "b", None) is None
    assert take(database, "a", None, -1) == 1
    assert take(database, "b", None) == 2
