"""A customer changes hands, whichever way: everything open of it goes along, what belongs to others stays (A-1.3, A-3.2.1)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import Connection, select

from conversations import deliveries, exhibitions
from conversations.matters import about
from rules.calendar import FIRM_ZONE, Calendar
from scheduler.plan import plan
from storage import audit
from storage.database import Database
from storage.matters import MATTERS
from storage.tables import case, due
from storage.world import World
from tests.storage.firm import NOW, TODAY, Firm, in_firm

DAY = date(2026, 12, 3)
CALENDAR = Calendar()
Way = Callable[[Firm, Connection], object]


@pytest.fixture
def firm(database: Database) -> Firm:
    return in_firm(database)


def busy(firm: Firm, conn: Connection, account: str = "li") -> None:
    """One of each kind with the rep's customer, a reminder on the promise."""
    desk, mine = firm.desk(conn, account), firm.customers[account]
    desk.open_case("appointment", "planned", customer=mine, at=NOW + timedelta(days=1), about="续约")
    promise = desk.open_case("promise", "open", customer=mine, at=NOW + timedelta(hours=6), what="报价", to="张总")
    desk.remind("promise", str(promise.id), NOW + timedelta(hours=5), case=promise.id)
    desk.open_case("request", "parked", customer=mine, words="想降 5%")
    desk.open_case("need", "asked", customer=mine, at=NOW + timedelta(days=1), words="全年规划", manager=firm.people["lin"])
    desk.open_case("touch", "planned", key=f"touch:{mine}", customer=mine, day=DAY)
    chief, manager = firm.desk(conn, "chen"), firm.desk(conn, "lin")
    issue = manager.put_issue("视听技术", "2026 年第 12 期", deliver_by=DAY)
    chief.plan_delivery(issue, mine, 3)
    fair = manager.put_exhibition("音响展", "新馆", DAY, DAY)
    exhibitions.toggle(desk, fair.id, mine)
    chief.name_prospect(firm.people[account], "李强的客户有限公司", DAY, ("决策人",))


def by_chat(firm: Firm, conn: Connection) -> object:
    return firm.desk(conn, "chen").give_customer(firm.customers["li"], firm.people["zhang"])


def by_office(firm: Firm, conn: Connection) -> object:
    return firm.desk(conn, "chen").pass_customers([firm.customers["li"]], firm.people["zhang"], TODAY)


def with_the_survey(firm: Firm, conn: Connection) -> object:
    chief = firm.desk(conn, "chen")
    return chief.pass_prospect(chief.prospects(person=firm.people["li"])[0].id, firm.people["zhang"])


@pytest.mark.parametrize("way", [by_chat, by_office, with_the_survey])
def test_everything_open_goes_along(database: Database, firm: Firm, way: Way) -> None:
    def unit(conn: Connection) -> None:
        busy(firm, conn)
        other = firm.desk(conn, "li").add_customer("留下的公司", local=True)
        firm.desk(conn, "li").open_case("appointment", "planned", customer=other.id, at=NOW + timedelta(days=2), about="报价")
        way(firm, conn)
        zhang, li = firm.people["zhang"], firm.people["li"]
        held = conn.execute(select(case.c.kind, case.c.person_id).where(case.c.customer_id == firm.customers["li"])).all()
        assert {row.kind for row in held} == {*MATTERS}
        assert {row.person_id for row in held} == {zhang}
        assert conn.execute(select(case.c.person_id).where(case.c.customer_id == other.id)).scalar_one() == li
        reminded = conn.execute(select(due.c.person_id).where(due.c.kind == "promise", due.c.case_id.is_not(None), due.c.done_at.is_(None))).scalars()
        assert [*reminded] == [zhang]
        promise = next(one for one in firm.desk(conn, "zhang").cases("promise", person=zhang))
        assert about(firm.desk(conn, "zhang"), promise, by_name=True) == "张总的报价"  # handing it on loses nothing it holds

    database.write_now(unit)
    assert database.read_now(audit.verify) is None


@pytest.mark.parametrize("way", [by_chat, by_office, with_the_survey])
def test_the_heir_has_the_book_to_deliver_and_the_former_owner_has_not(database: Database, firm: Firm, way: Way) -> None:
    def lines(account: str, conn: Connection) -> list[str]:
        desk: World = firm.desk(conn, account, NOW)
        return deliveries.lines(desk, DAY, desk.me.id)

    def unit(conn: Connection) -> None:
        busy(firm, conn)
        assert lines("zhang", conn) == []
        way(firm, conn)
        assert "li客户 3 本" in lines("zhang", conn)[0]
        assert lines("li", conn) == []

    database.write_now(unit)


def test_what_is_done_stays_whose_it_was(database: Database, firm: Firm) -> None:
    def unit(conn: Connection) -> None:
        desk, mine = firm.desk(conn, "li"), firm.customers["li"]
        kept = desk.open_case("promise", "open", customer=mine, at=NOW + timedelta(hours=6), what="报价")
        desk.move(kept.id, None, "keep", "kept", closed=True)
        desk.open_case("touch", "met", key=f"touch:{mine}", customer=mine, day=TODAY)
        assert firm.desk(conn, "chen").matters(firm.people["li"]) == []
        by_office(firm, conn)
        assert conn.execute(select(case.c.person_id).where(case.c.id == kept.id)).scalar_one() == firm.people["li"]

    database.write_now(unit)


SAT = date(2026, 11, 28)  # a day of rest: what is handed over goes along all the same


def later(firm: Firm, conn: Connection, since: date) -> None:
    firm.desk(conn, "chen").pass_customers([firm.customers["li"]], firm.people["zhang"], since)


def days(firm: Firm, conn: Connection, *dates: date) -> None:
    for day in dates:
        plan(conn, CALENDAR.at(day, "00:05"), FIRM_ZONE, day)


def whose(firm: Firm, conn: Connection, kind: str) -> set[str]:
    found = {*conn.execute(select(case.c.person_id).where(case.c.kind == kind, case.c.customer_id == firm.customers["li"])).scalars()}
    return {account for account, id in firm.people.items() if id in found}


def test_from_a_later_day_on_what_is_open_on_that_day_goes_along(database: Database, firm: Firm) -> None:
    def unit(conn: Connection) -> None:
        busy(firm, conn)
        later(firm, conn, SAT)
        assert whose(firm, conn, "promise") == {"li"}
        days(firm, conn, TODAY, SAT - timedelta(days=1))
        assert whose(firm, conn, "promise") == {"li"}
        (open_,) = firm.desk(conn, "li").cases("appointment")
        firm.desk(conn, "li").move(open_.id, open_.rev, "done", "done", closed=True)
        days(firm, conn, SAT)
        assert {kind: whose(firm, conn, kind) for kind in MATTERS} == {kind: {"zhang"} for kind in MATTERS} | {"appointment": {"li"}}
        reminded = conn.execute(select(due.c.person_id).where(due.c.kind == "promise", due.c.case_id.is_not(None), due.c.done_at.is_(None))).scalars()
        assert [*reminded] == [firm.people["zhang"]]

    database.write_now(unit)
    assert database.read_now(audit.verify) is None


def test_what_goes_back_to_the_colleague_stays_there(database: Database, firm: Firm) -> None:
    def unit(conn: Connection) -> None:
        busy(firm, conn)
        later(firm, conn, SAT)
        days(firm, conn, SAT)
        at = CALENDAR.at(SAT, "10:00")
        (promise,) = firm.desk(conn, "zhang", at).cases("promise", person=firm.people["zhang"])
        firm.desk(conn, "chen", at).pass_matters(firm.people["zhang"], [promise.id], firm.people["li"])
        own = firm.desk(conn, "li", at).open_case("promise", "open", customer=firm.customers["li"], at=at, what="样刊")
        days(firm, conn, SAT, SAT + timedelta(days=1), SAT + timedelta(days=2))
        kept = conn.execute(select(case.c.person_id).where(case.c.id.in_((promise.id, own.id)))).scalars()
        assert {*kept} == {firm.people["li"]}

    database.write_now(unit)


def test_made_up_for_when_nothing_ran_that_day(database: Database, firm: Firm) -> None:
    def unit(conn: Connection) -> None:
        busy(firm, conn)
        later(firm, conn, SAT)
        days(firm, conn, SAT + timedelta(days=3))
        assert whose(firm, conn, "request") == {"zhang"}

    database.write_now(unit)


def test_a_hand_over_that_was_taken_back_moves_nothing(database: Database, firm: Firm) -> None:
    def unit(conn: Connection) -> None:
        busy(firm, conn)
        later(firm, conn, SAT)
        firm.desk(conn, "chen").pass_customers([firm.customers["li"]], firm.people["li"], TODAY)
        days(firm, conn, SAT)
        assert "li" in whose(firm, conn, "promise")

    database.write_now(unit)
