"""A way in: by link or by eight digits bound to a name, once, for a while, and not by guessing."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from storage import invitations
from storage.database import Database
from storage.invitations import Invited
from storage.tables import invitation
from tests.storage.firm import NOW, Firm, in_firm

MINUTE = timedelta(minutes=1)


@pytest.fixture
def firm(database: Database) -> Firm:
    return in_firm(database)


def invite(database: Database, firm: Firm, account: str = "li") -> tuple[str, str]:
    return database.write_now(lambda conn: invitations.invite(conn, firm.people[account], firm.people["chen"], NOW))


def by_code(database: Database, name: str, code: str, now: datetime = NOW) -> Invited | None:
    return database.write_now(lambda conn: invitations.redeem_code(conn, name, code, now))


def by_token(database: Database, token: str, now: datetime = NOW) -> Invited | None:
    return database.write_now(lambda conn: invitations.redeem_token(conn, token, now))


def test_only_hashes_are_kept(database: Database, firm: Firm) -> None:
    token, code = invite(database, firm)
    (row,) = database.read_now(lambda conn: conn.execute(select(invitation)).all())
    assert (len(token), len(code)) == (43, 8)
    assert token not in str(row)
    assert code not in str(row)


def test_a_link_is_good_once(database: Database, firm: Firm) -> None:
    token, code = invite(database, firm)
    assert database.write_now(lambda conn: invitations.whose(conn, token, NOW)) == firm.people["li"]
    assert by_token(database, token) == Invited(firm.people["li"], firm.people["chen"])
    assert by_token(database, token) is None
    assert by_code(database, "李强", code) is None


def test_a_code_is_good_for_half_an_hour_and_a_link_for_a_week(database: Database, firm: Firm) -> None:
    token, code = invite(database, firm)
    assert by_code(database, "李强", code, NOW + 30 * MINUTE) is None
    assert by_token(database, token, NOW + timedelta(days=7)) is None
    assert by_code(database, "李强", code, NOW + 29 * MINUTE) == Invited(firm.people["li"], firm.people["chen"])


def test_a_code_is_bound_to_its_name(database: Database, firm: Firm) -> None:
    _, code = invite(database, firm)
    assert by_code(database, "张敏", code) is None
    assert by_code(database, "李强", code) is not None


def test_five_wrong_tries_close_it_and_the_link_still_works(database: Database, firm: Firm) -> None:
    token, code = invite(database, firm)
    wrong = f"{(int(code) + 1) % 10**8:08}"
    for _ in range(invitations.TRIES):
        assert by_code(database, "李强", wrong) is None
    assert by_code(database, "李强", code) is None
    assert by_token(database, token) is not None


def test_wrong_tries_of_one_name_cost_another_nothing(database: Database, firm: Firm) -> None:
    _, code = invite(database, firm)
    _, other = invite(database, firm, "zhang")
    for _ in range(invitations.TRIES):
        by_code(database, "张敏", code)
    assert by_code(database, "张敏", other) is None
    assert by_code(database, "李强", code) is not None
