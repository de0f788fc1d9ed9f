"""Role × action × ownership at the desk, generated: a rep's own, a supervisor's team, a manager's all, nobody one's own second."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from conversations import daylog
from conversations.desk import NotAllowed
from rules.people import ROLES
from storage import cases, customers, papers, staff
from storage.database import Database
from storage.staff import Listed
from storage.tables import customer, owner
from storage.world import World
from storage.writer import savepoint
from tests.storage.firm import NOW, TODAY, YEAR, Firm, in_firm

WHOSE = ("own", "team", "other")
OWN, TEAM, ALL = {"own"}, {"own", "team"}, {"own", "team", "other"}
# Who reaches whose, by what is done; a role that is not named reaches nothing.
SEES = {"rep": OWN, "supervisor": TEAM, "manager": ALL, "team manager": TEAM}
WRITES = dict.fromkeys((*ROLES, "team manager"), OWN)  # what one wrote oneself stays one's own, whatever one is
RECORDS = WRITES | SEES
SECOND = {"supervisor": {"team"}, "manager": {"team", "other"}, "team manager": {"team"}}


@dataclass(frozen=True)
class Thing:
    """Somebody's customer, with a paper and a case about it."""

    person: int
    customer: int
    paper: int
    case: int


Act = Callable[[World, Thing, Firm], Any]


def sees_customer(desk: World, thing: Thing, firm: Firm) -> None:
    seen = {
        desk.customer(thing.customer) is not None,
        desk.label("customers", thing.customer) != "",
        thing.customer in {found.id for found in desk.find("customers", "", limit=50)},
        thing.customer in {found.id for found in desk.find("customers", f"客户{thing.customer}号", limit=50)},
    }
    assert len(seen) == 1, "every way to see a customer asks the same rule"
    if seen == {False}:
        raise NotAllowed


def sees_paper(desk: World, thing: Thing, firm: Firm) -> None:
    seen = {
        desk.paper(thing.paper) is not None,
        thing.paper in {paper.id for paper in desk.papers()},
        thing.paper in {paper.id for paper in desk.papers(person=thing.person)},
        thing.paper in {paper.id for paper in desk.papers(customer=thing.customer)},
    }
    assert len(seen) == 1
    if seen == {False}:
        raise NotAllowed


def sees_case(desk: World, thing: Thing, firm: Firm) -> None:
    seen = {desk.case(thing.case) is not None, desk.case_events(thing.case) != (), thing.case in {case.id for case in desk.cases("promise")}}
    assert len(seen) == 1
    if seen == {False}:
        raise NotAllowed


ACTIONS: dict[str, tuple[Act, dict[str, set[str]]]] = {
    "see customer": (sees_customer, SEES),
    "see paper": (sees_paper, RECORDS),
    "see case": (sees_case, RECORDS),
    "file about": (lambda desk, thing, firm: desk.file("CustomerVisit", 1, {}, customer=thing.customer), SEES),
    "open about": (lambda desk, thing, firm: desk.open_case("promise", "open", customer=thing.customer), SEES),
    "add contact": (lambda desk, thing, firm: desk.add_contact(thing.customer, "王经理"), SEES),
    "move": (lambda desk, thing, firm: desk.move(thing.case, 1, "keep", "kept"), RECORDS),
    "hand": (lambda desk, thing, firm: desk.hand_case(thing.case, firm.people["lin"]), RECORDS),
    "amend": (lambda desk, thing, firm: desk.amend(thing.paper, {}), WRITES),
    "withdraw": (lambda desk, thing, firm: desk.withdraw(thing.paper), WRITES),
    "attach": (lambda desk, thing, firm: desk.attach(thing.paper, "a" * 64), WRITES),
    "detach": (lambda desk, thing, firm: desk.detach(thing.paper, "a" * 64), WRITES),
    "grade": (lambda desk, thing, firm: desk.grade(thing.paper, "evidenced"), WRITES),
    "countersign": (lambda desk, thing, firm: desk.grade(thing.paper, "countersigned"), SECOND),
    "excuse": (lambda desk, thing, firm: desk.take_leave(thing.person, TODAY, TODAY), {**SECOND, "admin": {"team", "other"}}),
    "give customer": (
        lambda desk, thing, firm: desk.give_customer(thing.customer, firm.people["zhang"]),
        {"supervisor": TEAM, "manager": ALL, "team manager": TEAM},
    ),
    "stand in": (
        lambda desk, thing, firm: desk.stand_in(firm.people["zhang"], thing.person, TODAY, TODAY),
        {"supervisor": TEAM, "manager": ALL, "team manager": TEAM, "admin": ALL},
    ),
    # An invitation is a way into the person's account: only the admin's to who is more than a rep.
    "invite": (
        lambda desk, thing, firm: desk.invite(desk.label("colleagues", thing.person), "rep", "", NOW),
        {"supervisor": {"team"}, "manager": {"team", "other"}, "team manager": {"team"}, "admin": ALL},
    ),
    "give role": (lambda desk, thing, firm: desk.give_role(thing.person, "admin", "", TODAY), {"admin": ALL}),
    "end role": (lambda desk, thing, firm: desk.end_role(thing.person, "rep", TODAY), {"admin": ALL}),
    "cut off": (lambda desk, thing, firm: desk.cut_off(thing.person), {"admin": ALL}),
    "dismiss": (lambda desk, thing, firm: desk.dismiss(thing.person), {"admin": {"team", "other"}}),
}


def thing_of(conn: Connection, person: int) -> Thing:
    """Made below the desk, so that who may not make one can still have one."""
    made, _ = customers.add(conn, person, TODAY, {"name": f"{person} 的有限公司", "local": True, "nickname": f"新客户{person}"})
    conn.execute(customer.update().where(customer.c.id == made.id).values(nickname=f"客户{made.id}号"))
    row = {"form": "CustomerVisit", "version": 1, "person_id": person, "customer_id": made.id, "case_id": None, "session_id": None}
    paper = papers.file(conn, row | {"answers": {}, "day": TODAY, "said_at": NOW, "grade": "declared"}, (), NOW)
    kept = {"kind": "promise", "state": "open", "key": "", "person_id": person, "customer_id": made.id, "paper_id": None, "day": None, "at": None}
    case, _ = cases.open_(conn, kept | {"data": {}}, None, NOW)  # by nobody: no hand in it
    return Thing(person, made.id, paper.id, case.id)


def actor(conn: Connection, firm: Firm, role: str) -> int:
    id = staff.add(conn, Listed(f"a {role}", f"甲{role}", "一部"))
    scoped = role in ("rep", "supervisor", "team manager")
    staff.give_role(conn, id, role.removeprefix("team "), YEAR, team_id=firm.teams["一部"] if scoped else 0)
    return id


def allowed(conn: Connection, desk: World, act: Act, thing: Thing, firm: Firm) -> bool:
    """Tried and undone."""
    done = False
    with suppress(NotAllowed, StopIteration), savepoint(conn):
        act(desk, thing, firm)
        done = True
        raise StopIteration
    return done


@pytest.mark.parametrize("role", [*ROLES, "team manager"])
def test_role_action_ownership(database: Database, role: str) -> None:
    firm = in_firm(database)

    def unit(conn: Connection) -> dict[tuple[str, str], bool]:
        me = actor(conn, firm, role)
        firm.people["me"] = me
        things = dict(zip(WHOSE, (thing_of(conn, id) for id in (me, firm.people["li"], firm.people["zhao"])), strict=True))
        return {
            (name, whose): allowed(conn, firm.desk(conn, "me"), act, things[whose], firm) for name, (act, _) in ACTIONS.items() for whose in WHOSE
        }

    expected = {(name, whose): whose in reach.get(role, set()) for name, (_, reach) in ACTIONS.items() for whose in WHOSE}
    assert database.write_now(unit) == expected


def test_a_deputy_reaches_what_the_absent_reach_and_no_longer(database: Database) -> None:
    firm = in_firm(database)
    li, zhang, zhao = (firm.people[name] for name in ("li", "zhang", "zhao"))
    database.write_now(lambda conn: staff.stand_in(conn, zhang, li, TODAY, TODAY))
    database.write_now(lambda conn: staff.stand_in(conn, zhao, firm.people["chen"], TODAY, TODAY))

    def sees(account: str, whose: str, days: int = 0) -> bool:
        later = NOW + timedelta(days=days)
        return database.read_now(lambda conn: firm.desk(conn, account, now=later).customer(firm.customers[whose]) is not None)

    assert [sees("zhang", "li", days) for days in (-1, 0, 1)] == [False, True, False]
    assert [sees("zhao", whose) for whose in ("li", "zhang", "zhao", "qian")] == [True, True, True, False]
    assert "supervisor" in database.read_now(lambda conn: firm.desk(conn, "zhao").me.roles)


def test_a_role_holds_from_until(database: Database) -> None:
    firm = in_firm(database)
    database.write_now(lambda conn: staff.give_role(conn, firm.people["li"], "supervisor", date(2026, 11, 25), date(2026, 11, 26), team_id=1))
    later = [NOW + timedelta(days=days) for days in range(4)]
    held = [database.read_now(lambda conn, now=now: "supervisor" in firm.desk(conn, "li", now=now).me.roles) for now in later]
    assert held == [False, True, True, False]


def test_a_customer_given_away_takes_its_past_along(database: Database) -> None:
    firm = in_firm(database)
    mine = firm.customers["li"]
    paper = database.write_now(lambda conn: firm.desk(conn, "li").file("CustomerVisit", 1, {}, customer=mine).id)
    database.write_now(lambda conn: firm.desk(conn, "chen").give_customer(mine, firm.people["zhang"]))
    read = database.read_now(
        lambda conn: [(firm.desk(conn, who).customer(mine) is not None, firm.desk(conn, who).paper(paper) is not None) for who in ("li", "zhang")]
    )
    assert read == [(False, True), (True, True)], "li wrote it and zhang has the customer now"
    rows = database.read_now(lambda conn: conn.execute(owner.select().where(owner.c.customer_id == mine).order_by(owner.c.id)).all())
    assert [(row.person_id, row.until is None) for row in rows] == [(firm.people["li"], False), (firm.people["zhang"], True)]


def test_a_promise_handed_on_shows_the_customer_until_it_is_kept(database: Database) -> None:
    firm = in_firm(database)
    mine, zhang = firm.customers["li"], firm.people["zhang"]

    def sees() -> bool:
        return database.read_now(lambda conn: firm.desk(conn, "zhang").customer(mine) is not None)

    promise = database.write_now(lambda conn: firm.desk(conn, "li").open_case("promise", "open", customer=mine).id)
    assert not sees()
    database.write_now(lambda conn: firm.desk(conn, "chen").hand_case(promise, zhang))
    assert sees()
    database.write_now(lambda conn: firm.desk(conn, "zhang").move(promise, None, "keep", "kept", closed=True))
    assert not sees()


def test_a_log_passed_on_to_another_team_can_be_read_and_received(database: Database) -> None:
    firm = in_firm(database)
    li, sun, key = firm.people["li"], firm.people["sun"], daylog.key(firm.people["li"], TODAY)
    paper = database.write_now(lambda conn: firm.desk(conn, "li").file("CustomerVisit", 1, {}, customer=firm.customers["li"]).id)
    other = database.write_now(lambda conn: firm.desk(conn, "li").file("PhoneCall", 1, {}, said_at=NOW - timedelta(days=1)).id)
    case = database.write_now(lambda conn: firm.desk(conn, "li").open_case("daylog", "handed", key=key, day=TODAY, receiver=firm.people["chen"]).id)

    def sees(account: str) -> tuple[bool, list[int]]:
        def query(conn: Connection) -> tuple[bool, list[int]]:
            desk = firm.desk(conn, account)
            return desk.case_by_key(key) is not None, [one.id for one in desk.papers(person=li, day=TODAY)]

        return database.read_now(query)

    assert sees("sun") == (False, [])
    database.write_now(lambda conn: firm.desk(conn, "chen").move(case, None, "pass", "handed", receiver=sun))
    assert sees("sun") == (True, [paper])
    assert sees("qian") == (False, [])

    def receive(conn: Connection) -> None:
        desk = firm.desk(conn, "sun")
        desk.move(case, None, "receive", "received", closed=True)
        desk.grade(paper, "countersigned")
        assert desk.paper(other) is None, "only that day's"
        with pytest.raises(NotAllowed):
            desk.amend(paper, {})

    database.write_now(receive)
