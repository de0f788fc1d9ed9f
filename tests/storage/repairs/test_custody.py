"""One holder, two sides, differences kept, on both databases (A-8.3c, C-4.6b)."""

from __future__ import annotations

import pytest

from rules.errors import RuleBroken
from storage.database import Database
from tests.storage.repairs.firm import Firm, a_firm


@pytest.fixture
def firm(database: Database) -> Firm:
    return a_firm(database)


def test_cash_goes_from_hand_to_hand(database: Database, firm: Firm) -> None:
    desk_of = firm.people["客服小周"]
    cash = database.write_now(lambda conn: firm.desk(conn, "王师傅").new_thing("cash", "C-1", "阳光苑502 维修费", 8500))
    again = database.write_now(lambda conn: firm.desk(conn, "李师傅").new_thing("cash", "C-1", "别的", 1))
    assert again == cash
    database.write_now(lambda conn: firm.desk(conn, "王师傅").give_thing(cash.id, desk_of))
    with pytest.raises(RuleBroken, match="已经交出去了"):
        database.write_now(lambda conn: firm.desk(conn, "王师傅").give_thing(cash.id, firm.people["东经理"]))
    with pytest.raises(RuleBroken, match="自己交的要请别人点收"):
        database.write_now(lambda conn: firm.desk(conn, "王师傅").take_thing(cash.id, 8500))
    (offered,) = database.read_now(lambda conn: firm.desk(conn, "客服小周").things(offered_to=desk_of))
    assert (offered.holder, offered.to_id) == (firm.people["王师傅"], desk_of)
    taken = database.write_now(lambda conn: firm.desk(conn, "客服小周").take_thing(cash.id, 8000))
    assert (taken.holder, taken.amount, taken.to_id) == (desk_of, 8000, 0)
    filed = database.write_now(lambda conn: firm.desk(conn, "客服小周").archive_thing(cash.id, "2026-11-A-7"))
    assert (filed.holder_kind, filed.archive) == ("closed", "2026-11-A-7")


def test_taken_back_or_refused_it_stays(database: Database, firm: Firm) -> None:
    key = database.write_now(lambda conn: firm.desk(conn, "王师傅").new_thing("key", "K-301", "空置房 301 钥匙", 1))
    database.write_now(lambda conn: firm.desk(conn, "王师傅").give_thing(key.id, firm.people["李师傅"]))
    database.write_now(lambda conn: firm.desk(conn, "王师傅").take_back_thing(key.id))
    database.write_now(lambda conn: firm.desk(conn, "王师傅").give_thing(key.id, firm.people["李师傅"]))
    held = database.write_now(lambda conn: firm.desk(conn, "李师傅").refuse_thing(key.id, "没看到钥匙"))
    assert (held.holder, held.to_id) == (firm.people["王师傅"], 0)


def test_a_technician_sees_only_what_is_or_comes_into_their_hands(database: Database, firm: Firm) -> None:
    database.write_now(lambda conn: firm.desk(conn, "王师傅").new_thing("key", "K-1", "", 1))
    assert database.read_now(lambda conn: firm.desk(conn, "李师傅").things(holder=firm.people["王师傅"])) == []
    assert len(database.read_now(lambda conn: firm.desk(conn, "客服小周").things(holder=firm.people["王师傅"]))) == 1
