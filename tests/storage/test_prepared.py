"""Prepared statements: the same values, errors and transactions as Core's own execute, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, NamedTuple

import pytest
from sqlalchemy import Connection, bindparam, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from storage.database import Database
from storage.prepared import Command, Query, scalar
from storage.tables import blob, setting, team
from storage.upsert import both
from storage.writer import savepoint
from tests.storage.test_database import Connect
from tests.storage.world import NOW

DAY = date(2026, 11, 24)


class Blob(NamedTuple):
    sha256: str
    facts: Any
    at: datetime


_note = Command(insert(blob))
_blobs = Query(select(blob.c.sha256, blob.c.facts, blob.c.at).where(blob.c.sha256.in_(bindparam("of", expanding=True))).order_by(blob.c.at), Blob)
_few = Query(select(blob.c.sha256).where(blob.c.mime.in_(("image/png", "image/jpeg"))).order_by(blob.c.at.desc()).limit(bindparam("limit")), scalar)
_add = Query(both(team, lambda into: into.on_conflict_do_nothing(index_elements=["name"]).returning(team.c.id)), scalar)
_plain_add = Command(insert(team))
_rename = Command(update(team).where(team.c.name == bindparam("was")).values(name=bindparam("becomes")))
_count: Query[int] = Query(select(func.count()).select_from(team), scalar)


def noted(conn: Connection, name: str, facts: Any, at: datetime = NOW) -> None:
    _note.run(conn, {"sha256": name, "mime": "image/png", "size": 3, "facts": facts, "at": at})


def test_values_go_in_and_come_out_as_core_would_have_them(database: Database) -> None:
    local = NOW.astimezone(timezone(timedelta(hours=8)))

    def unit(conn: Connection) -> tuple[list[Blob], list[Any]]:
        noted(conn, "a", {"宽": [1, 2]}, local)
        noted(conn, "b", None, NOW + timedelta(microseconds=1))
        return _blobs.all(conn, {"of": ["a", "b"]}), [tuple(row) for row in conn.execute(select(blob.c.sha256, blob.c.facts, blob.c.at))]

    ours, cores = database.write_now(unit)
    assert ours == [Blob("a", {"宽": [1, 2]}, NOW), Blob("b", None, NOW + timedelta(microseconds=1))]
    assert [tuple(row) for row in ours] == cores
    assert ours[0].at.tzinfo is UTC
    with pytest.raises(ValueError, match="naive"):
        database.write_now(lambda conn: noted(conn, "c", None, datetime(2026, 11, 24)))  # noqa: DTZ001


def test_a_list_may_have_any_length(database: Database) -> None:
    def unit(conn: Connection) -> list[int]:
        for n in range(4):
            noted(conn, f"{n}", {})
        return [len(_blobs.all(conn, {"of": [f"{n}" for n in range(length)]})) for length in (2, 0, 4, 2, 1)]

    assert database.write_now(unit) == [2, 0, 4, 2, 1]
    assert database.read_now(lambda conn: len(_few.all(conn, {"limit": 3}))) == 3


def test_what_a_write_changed_or_made(database: Database) -> None:
    def unit(conn: Connection) -> tuple[bool, int | None, int, int]:
        return (
            _add.one(conn, {"name": "一部"}) > 0,
            _add.first(conn, {"name": "一部"}),
            *(_rename.run(conn, {"was": "一部", "becomes": "二部"}) for _ in "12"),
        )

    assert database.write_now(unit) == (True, None, 1, 0)


def test_an_error_is_sqlalchemys_and_ends_with_its_savepoint(database: Database) -> None:
    def unit(conn: Connection) -> int:
        _plain_add.run(conn, {"name": "一部"})
        with pytest.raises(IntegrityError) as caught, savepoint(conn):
            _plain_add.run(conn, {"name": "二部"})
            _plain_add.run(conn, {"name": "一部"})
        assert "一部" not in str(caught.value.statement)
        assert caught.value.params is None
        return _count.one(conn, {})

    assert database.write_now(unit) == 1
    assert database.read_now(lambda conn: _count.one(conn, {})) == 1


def test_a_missing_value_is_not_left_to_the_database(database: Database) -> None:
    put = Command(insert(setting))
    database.write_now(lambda conn: put.run(conn, {"name": "a", "since": DAY, "value": 1}))
    with pytest.raises(IntegrityError):
        database.write_now(lambda conn: put.run(conn, {"name": "b", "since": DAY}))
    with pytest.raises(Exception, match="was"):
        database.write_now(lambda conn: _rename.run(conn, {"becomes": "三部"}))


@pytest.mark.only("postgresql")  # SQLite has no connection to lose
def test_a_lost_connection_is_replaced(database: Database, connect: Connect) -> None:
    kill = text("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()")
    other, tries = connect(), []

    def unit(conn: Connection) -> None:
        tries.append(conn)
        if len(tries) == 1:
            other.write_now(lambda conn: conn.execute(kill).all())
        _plain_add.run(conn, {"name": "一部"})

    database.write_now(unit)
    assert len(tries) == 2
    assert database.read_now(lambda conn: _count.one(conn, {})) == 1
