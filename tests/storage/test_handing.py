"""Cards in versions, issues and their deliveries, exhibitions: by the policy, once, in the log, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, TypeVar

import pytest
from sqlalchemy import select

from conversations.desk import NotAllowed
from storage.database import Database
from storage.tables import audit
from storage.world import World
from tests.storage.firm import NOW, TODAY, Firm, in_firm

T = TypeVar("T")
TOMORROW = TODAY + timedelta(days=1)
At = Callable[..., Any]


@pytest.fixture
def firm(database: Database) -> Firm:
    return in_firm(database)


@pytest.fixture
def at(database: Database, firm: Firm) -> At:
    def run(account: str, unit: Callable[[World], T], **more: Any) -> T:
        return database.write_now(lambda conn: unit(firm.desk(conn, account, **more)))

    return run


def card(at: At, name: str = "11 月版", since: date = TODAY, by: str = "lin") -> int:
    return int(at(by, lambda desk: desk.add_introduction("letter", name, f"招商 {name}", (), since).id))


class TestCards:
    def test_the_newest_that_has_begun(self, at: At) -> None:
        old, coming = card(at), card(at, "12 月版", TOMORROW)
        assert [one.id for one in at("li", lambda desk: desk.introductions())] == [old]
        later = NOW + timedelta(days=1)
        assert [one.id for one in at("li", lambda desk: desk.introductions(), now=later)] == [coming]
        assert [one.version for one in at("li", lambda desk: desk.introductions("letter", current=False))] == [2, 1]
        assert at("li", lambda desk: desk.introduction(old)).text == "招商 11 月版"

    def test_put_up_the_same_day_the_later_one_holds(self, at: At) -> None:
        card(at)
        second = card(at, "11 月改版")
        assert [one.id for one in at("li", lambda desk: desk.introductions())] == [second]

    def test_a_rep_puts_none_up(self, at: At) -> None:
        with pytest.raises(NotAllowed):
            card(at, by="li")

    def test_never_in_the_past(self, at: At) -> None:
        with pytest.raises(NotAllowed, match="用过的版本不改"):
            card(at, since=TODAY - timedelta(days=1))

    def test_told_once_and_not_of_what_was_opened(self, at: At) -> None:
        first = card(at)
        assert [one.id for one in at("li", lambda desk: desk.unseen_introductions())] == [first]
        at("li", lambda desk: desk.told_introductions([first]))
        at("li", lambda desk: desk.told_introductions([first]))
        assert at("li", lambda desk: desk.unseen_introductions()) == []
        at("zhang", lambda desk: desk.open_introduction(first))
        assert at("zhang", lambda desk: desk.unseen_introductions()) == []
        assert at("lin", lambda desk: desk.unseen_introductions()) == []  # put up by oneself

    def test_who_opened_it(self, at: At, firm: Firm) -> None:
        id = card(at)
        at("li", lambda desk: desk.told_introductions([id]))
        at("li", lambda desk: desk.open_introduction(id))
        at("li", lambda desk: desk.open_introduction(id), now=NOW + timedelta(hours=1))
        mine = at("chen", lambda desk: desk.introduction_reads(id))
        assert mine == {firm.people["li"]: NOW, firm.people["zhang"]: None}
        assert len(at("lin", lambda desk: desk.introduction_reads(id))) == 4
        assert at("li", lambda desk: desk.introduction_reads(id)) == {}


class TestDeliveries:
    @pytest.fixture
    def issue(self, at: At) -> int:
        return int(at("lin", lambda desk: desk.put_issue("视听技术", "第 12 期", deliver_by=TOMORROW)))

    def test_planned_for_whoever_has_the_customer(self, at: At, firm: Firm, issue: int) -> None:
        case = at("chen", lambda desk: desk.plan_delivery(issue, firm.customers["li"], 3))
        assert (case.person_id, case.day, case.data["copies"], case.data["label"]) == (firm.people["li"], TOMORROW, 3, "视听技术 第 12 期")
        again = at("chen", lambda desk: desk.plan_delivery(issue, firm.customers["li"], 5))
        assert (again.id, again.data["copies"]) == (case.id, 5)
        assert len(at("li", lambda desk: desk.cases("delivery"))) == 1

    def test_not_another_team_s(self, at: At, firm: Firm, issue: int) -> None:
        with pytest.raises(NotAllowed):
            at("chen", lambda desk: desk.plan_delivery(issue, firm.customers["zhao"], 1))
        with pytest.raises(NotAllowed):
            at("li", lambda desk: desk.plan_delivery(issue, firm.customers["zhang"], 1))

    @pytest.mark.parametrize("copies", [0, 100])
    def test_copies(self, at: At, firm: Firm, issue: int, copies: int) -> None:
        with pytest.raises(NotAllowed, match="1 到 99"):
            at("chen", lambda desk: desk.plan_delivery(issue, firm.customers["li"], copies))

    def test_another_day_of_the_issue_is_the_deliveries_day(self, at: At, firm: Firm, issue: int) -> None:
        at("chen", lambda desk: desk.plan_delivery(issue, firm.customers["li"], 3))
        later = TODAY + timedelta(days=6)
        at("lin", lambda desk: desk.put_issue("视听技术", "第 12 期", deliver_by=later, id=issue))
        assert [case.day for case in at("li", lambda desk: desk.cases("delivery"))] == [later]

    def test_an_issue_once(self, at: At, issue: int) -> None:
        with pytest.raises(NotAllowed, match="已经有了"):
            at("lin", lambda desk: desk.put_issue("视听技术", "第 12 期", deliver_by=TODAY))

    def test_without_a_day_nothing_is_planned(self, at: At, firm: Firm) -> None:
        bare = at("lin", lambda desk: desk.put_issue("视听技术", "第 1 期", deliver_by=None))
        with pytest.raises(NotAllowed, match="还没有送到日期"):
            at("chen", lambda desk: desk.plan_delivery(bare, firm.customers["li"], 1))

    def test_called_off_by_a_superior_only(self, at: At, firm: Firm, issue: int) -> None:
        case = at("chen", lambda desk: desk.plan_delivery(issue, firm.customers["li"], 3))
        with pytest.raises(NotAllowed):
            at("li", lambda desk: desk.drop_delivery(case.id))
        assert at("chen", lambda desk: desk.drop_delivery(case.id)).state == "dropped"
        assert at("chen", lambda desk: desk.plan_delivery(issue, firm.customers["li"], 3)).state == "planned"


class TestExhibitions:
    def test_the_next_first_and_called_off_ones_not(self, at: At) -> None:
        def put(desk: World) -> list[int]:
            far = desk.put_exhibition("广州展", "广州", TODAY + timedelta(days=20), TODAY + timedelta(days=22))
            near = desk.put_exhibition("上海展", "上海", TODAY, TOMORROW)
            over = desk.put_exhibition("深圳展", "深圳", TODAY - timedelta(days=3), TODAY - timedelta(days=1))
            return [far.id, near.id, over.id]

        far, near, over = at("lin", put)
        assert [one.id for one in at("li", lambda desk: desk.exhibitions())] == [near, far]
        assert over in [one.id for one in at("li", lambda desk: desk.exhibitions(TODAY - timedelta(days=5)))]
        at("lin", lambda desk: desk.drop_exhibition(far))
        assert [one.id for one in at("li", lambda desk: desk.exhibitions())] == [near]

    def test_entered_twice_it_is_the_same(self, at: At) -> None:
        first = at("lin", lambda desk: desk.put_exhibition("上海展", "上海", TODAY, TOMORROW))
        again = at("lin", lambda desk: desk.put_exhibition("上海展", "浦东", TODAY, TOMORROW))
        assert (again.id, again.place) == (first.id, "浦东")

    def test_a_rep_enters_none(self, at: At) -> None:
        with pytest.raises(NotAllowed):
            at("li", lambda desk: desk.put_exhibition("上海展", "上海", TODAY, TOMORROW))


def test_every_write_is_in_the_log(database: Database, at: At, firm: Firm) -> None:
    card(at)
    issue = at("lin", lambda desk: desk.put_issue("视听技术", "第 12 期", deliver_by=TOMORROW))
    at("chen", lambda desk: desk.plan_delivery(issue, firm.customers["li"], 3))
    at("lin", lambda desk: desk.put_exhibition("上海展", "上海", TODAY, TOMORROW))
    logged = database.read_now(
        lambda conn: {(row.verb, row.subject.partition(":")[0]) for row in conn.execute(select(audit.c.verb, audit.c.subject))}
    )
    assert {("add", "card"), ("put", "issue"), ("add", "medium"), ("plan", "case"), ("put", "exhibition")} <= logged
