"""A link works once, and reveals nothing when it does not (C-4.3.3, C-4.5.5b)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import select

from storage import links
from storage.database import Database
from storage.tables import link
from tests.storage.repairs.firm import NOW

SOON = NOW + timedelta(hours=2)


def made(database: Database, **more: bool) -> str:
    return database.write_now(lambda conn: links.make(conn, "sign", "own", NOW, SOON, content_hash="c" * 64, **more))


def test_the_secret_is_not_kept(database: Database) -> None:
    token = made(database)
    assert len(token) >= 43
    assert token not in str(database.read_now(lambda conn: conn.execute(select(link)).all()))


def test_looking_uses_nothing(database: Database) -> None:
    token = made(database)
    for _ in range(3):
        found = database.read_now(lambda conn: links.look(conn, token, NOW))
        assert found is not None
        assert (found.purpose, found.content_hash, found.used_at) == ("sign", "c" * 64, None)


def test_wrong_used_and_ended_look_alike(database: Database) -> None:
    token, late = made(database), made(database)
    found = database.read_now(lambda conn: links.look(conn, token, NOW))
    assert found is not None
    assert database.write_now(lambda conn: links.use(conn, found.id, "s1", NOW))
    gone = [database.read_now(lambda conn, one=one, at=at: links.look(conn, one, at)) for one, at in (("x" * 43, NOW), (token, NOW), (late, SOON))]
    assert gone == [None, None, None]


def test_the_same_submission_again_is_known(database: Database) -> None:
    token = made(database)
    found = database.read_now(lambda conn: links.look(conn, token, NOW))
    assert found is not None
    database.write_now(lambda conn: links.use(conn, found.id, "s1", NOW))
    assert database.read_now(lambda conn: links.answered(conn, token, "s1")) is not None
    assert database.read_now(lambda conn: links.answered(conn, token, "s2")) is None
    assert database.read_now(lambda conn: links.answered(conn, token, "")) is None


def test_of_many_at_once_one_uses_it(database: Database) -> None:
    token = made(database)
    found = database.read_now(lambda conn: links.look(conn, token, NOW))
    assert found is not None
    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(lambda nth: database.write_now(lambda conn: links.use(conn, found.id, f"s{nth}", NOW)), range(64)))
    assert sum(won) == 1


def test_a_progress_link_is_not_used_up(database: Database) -> None:
    token = made(database, once=False)
    found = database.read_now(lambda conn: links.look(conn, token, NOW))
    assert found is not None
    database.write_now(lambda conn: links.use(conn, found.id, "s1", NOW))
    assert database.read_now(lambda conn: links.look(conn, token, NOW)) is not None
