"""Duties that lack people; two reviewers are two people, neither the rep (A-4.1d)."""

from __future__ import annotations

from rules.duties import Holder, lacking, reviewers
from rules.people import Grant

ONES = tuple(Holder(90 + n, frozenset({Grant(role)})) for n, role in enumerate(("admin", "finance", "custodian", "operations", "production")))
REP = Holder(1, frozenset({Grant("rep", "team", 7)}), 7)
CHIEF = Holder(2, frozenset({Grant("supervisor", "team", 7)}), 7)
BOSS = Holder(3, frozenset({Grant("manager")}))
TEAMS = {7: "市场一部", 8: "市场二部"}


def keys(*holders: Holder) -> list[str]:
    return [one.key for one in lacking(holders, TEAMS)]


def test_a_whole_firm_lacks_nothing() -> None:
    assert keys(*ONES, REP, CHIEF, BOSS) == []


def test_each_duty_is_missed() -> None:
    assert keys(REP, CHIEF, BOSS) == ["admin", "finance", "custodian", "operations", "production"]
    assert keys(*ONES, REP, CHIEF) == ["manager", "review:7"]
    assert keys(*ONES, REP, BOSS) == ["supervisor:7", "review:7"]


def test_one_person_is_not_two_reviewers() -> None:
    both = Holder(2, frozenset({Grant("supervisor", "team", 7), Grant("manager")}), 7)
    lack = lacking([*ONES, REP, both], TEAMS)
    assert [one.text.partition("：")[0] for one in lack] == ["市场一部的合同审核还缺一个人"]


def test_nobody_reviews_their_own() -> None:
    selling = Holder(2, frozenset({Grant("supervisor", "team", 7), Grant("rep", "team", 7)}), 7)
    assert reviewers([REP, selling, BOSS], 1, 7) == 2
    assert reviewers([REP, selling, BOSS], 2, 7) == 1
    assert keys(*ONES, REP, selling, BOSS) == ["review:7"]


def test_another_team_s_supervisor_does_not_review_here() -> None:
    elsewhere = Holder(2, frozenset({Grant("supervisor", "team", 8)}), 8)
    assert keys(*ONES, REP, elsewhere, BOSS) == ["supervisor:7", "review:7"]


def test_repairs_count_once_somebody_goes_to_them() -> None:
    assert keys(*ONES, REP, CHIEF, BOSS, Holder(5, frozenset({Grant("technician")}))) == ["service_desk", "area_manager"]
