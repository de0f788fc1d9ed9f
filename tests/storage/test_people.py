"""Who is over whom on a day, what joining, standing in and leaving change."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from storage import audit, callers, invitations, people, staff, websessions
from storage.database import Database
from storage.staff import Listed
from tests.storage.firm import NOW, TODAY, YEAR, Firm, in_firm

DAY = timedelta(days=1)


@pytest.fixture
def firm(database: Database) -> Firm:
    return in_firm(database)


def over(database: Database, firm: Firm, role: str, account: str, day: date = TODAY) -> str:
    def query(conn: Connection) -> str:
        subject = people.one(conn, firm.people[account], day)
        assert subject is not None
        found = people.in_charge(conn, role, subject, day)
        return found.account if found is not None else ""

    return database.read_now(query)


def write(database: Database, act: Any, *args: Any, **more: Any) -> Any:
    return database.write_now(lambda conn: act(conn, *args, **more))


def test_the_teams_supervisor_and_the_firms_manager(database: Database, firm: Firm) -> None:
    asked = ("li", "zhao", "chen", "lin", "wu")
    assert [over(database, firm, "supervisor", who) for who in asked] == ["chen", "sun", "", "", ""]
    assert [over(database, firm, "manager", who) for who in asked] == ["lin", "lin", "lin", "", "lin"]


def test_on_leave_the_deputy_is_in_charge_but_never_of_oneself(database: Database, firm: Firm) -> None:
    chen, zhang, sun = (firm.people[who] for who in ("chen", "zhang", "sun"))
    write(database, staff.stand_in, zhang, chen, TODAY, TODAY + DAY)
    assert over(database, firm, "supervisor", "li") == "chen", "present: there is nobody to stand in for"
    write(database, staff.take_leave, chen, TODAY, TODAY + DAY)
    assert [over(database, firm, "supervisor", who) for who in ("li", "zhang")] == ["zhang", "lin"], "the manager for who stands in"
    assert over(database, firm, "supervisor", "li", TODAY + 2 * DAY) == "chen"
    write(database, staff.stand_in, sun, chen, TODAY, TODAY)
    assert over(database, firm, "supervisor", "zhang") == "sun"
    write(database, staff.take_leave, zhang, TODAY, TODAY)
    assert over(database, firm, "supervisor", "li") == "sun"


def test_with_nobody_standing_in_the_manager_is_in_charge_and_never_somebody_on_leave(database: Database, firm: Firm) -> None:
    chen, lin, zhang = (firm.people[who] for who in ("chen", "lin", "zhang"))
    write(database, staff.take_leave, chen, TODAY, TODAY)
    assert [over(database, firm, "supervisor", who) for who in ("li", "zhao")] == ["lin", "sun"]
    write(database, staff.take_leave, lin, TODAY, TODAY)
    assert [over(database, firm, which, "li") for which in ("supervisor", "manager")] == ["", ""]
    write(database, staff.stand_in, zhang, lin, TODAY, TODAY)
    assert [over(database, firm, which, "li") for which in ("supervisor", "manager")] == ["zhang", "zhang"]
    assert over(database, firm, "supervisor", "li", TODAY + DAY) == "chen"


def test_who_stood_in_before_does_so_no_more(database: Database, firm: Firm) -> None:
    chen, zhang, li = (firm.people[who] for who in ("chen", "zhang", "li"))
    write(database, staff.take_leave, chen, TODAY, TODAY + DAY)
    for who in (zhang, li):
        database.write_now(lambda conn, who=who: firm.desk(conn, "lin").stand_in(who, chen, TODAY, TODAY + DAY))
    standing = database.read_now(lambda conn: [firm.desk(conn, who).me.roles for who in ("li", "zhang")])
    assert standing == [{"rep", "supervisor"}, {"rep"}]


def test_a_role_for_the_team_comes_before_one_for_the_firm(database: Database, firm: Firm) -> None:
    write(database, staff.give_role, firm.people["qian"], "manager", YEAR, team_id=firm.teams["一部"])
    assert [over(database, firm, "manager", who) for who in ("li", "zhao")] == ["qian", "lin"]


def test_a_role_is_given_once_and_ended(database: Database, firm: Firm) -> None:
    li, team = firm.people["li"], firm.teams["一部"]
    write(database, staff.give_role, li, "supervisor", TODAY, team_id=team)
    write(database, staff.give_role, li, "supervisor", TODAY + DAY, team_id=team)
    assert write(database, staff.end_role, li, "supervisor", TODAY, team_id=team) == 1

    def roles(day: date) -> frozenset[str]:
        found = database.read_now(lambda conn: people.one(conn, li, day))
        assert found is not None
        return found.roles

    assert (roles(TODAY), roles(TODAY + DAY)) == (frozenset({"rep", "supervisor"}), frozenset({"rep"}))


def test_the_list_is_read_twice(database: Database, firm: Firm) -> None:
    first = write(database, staff.add, Listed(" WangXiaoMing ", "王小明", "三部", closes="17:30"))
    again = write(database, staff.add, Listed("wangxiaoming", "王晓明", "一部"))
    found = database.read_now(lambda conn: people.by_account(conn, "WANGxiaoming", TODAY))
    assert found is not None
    assert (first, found.id, found.name, found.team_id, found.closes) == (again, again, "王晓明", firm.teams["一部"], "18:00")
    assert database.read_now(lambda conn: people.spellings(conn)[again]) == ("wangxiaoming xiaoming", "wxm xm")


def test_leaving_ends_everything_at_once(database: Database, firm: Firm) -> None:
    li = firm.people["li"]
    token, code = write(database, invitations.invite, li, firm.people["chen"], NOW)
    write(database, websessions.begin, li, "cookie", NOW, NOW + DAY, TODAY)
    write(database, staff.stand_in, li, firm.people["chen"], TODAY, TODAY + DAY)
    write(database, staff.leaves, li, "wu", NOW, TODAY)

    def query(conn: Connection) -> tuple[Any, ...]:
        known = people.with_standing(conn, li, TODAY)
        assert known is not None
        who, standing = known
        everybody = {one.account for one in people.everybody(conn, TODAY)}
        cookie = websessions.by_token(conn, "cookie", NOW, TODAY)
        return who.left, who.roles, standing.grants, "li" in everybody, cookie, callers.by_account(conn, "li", TODAY)

    assert database.read_now(query) == (True, frozenset(), frozenset(), False, None, None)
    assert write(database, invitations.redeem_token, token, NOW) is None
    assert write(database, invitations.redeem_code, "李强", code, NOW) is None
    assert database.read_now(audit.verify) is None
    write(database, staff.add, Listed("li", "李强", "一部"))
    back = database.read_now(lambda conn: people.one(conn, li, TODAY))
    assert back is not None
    assert (back.left, back.roles) == (False, frozenset()), "on the list again, but without the roles of before"


def test_wecom_accounts_differ_in_nothing_but_case(database: Database, firm: Firm) -> None:
    found = database.read_now(lambda conn: callers.by_account(conn, "LI", TODAY))
    assert found is not None
    assert found.id == firm.people["li"]


def test_an_account_from_a_name() -> None:
    assert [staff.spelt(name) for name in ("曾小明", "Anna 李", "★")] == ["zengxiaoming", "annali", "tongshi"]
