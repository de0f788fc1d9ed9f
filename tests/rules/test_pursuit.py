"""Prospects, needs, complaints, relations, touches: who moves what from where, and by when (A-3.1.1, A-3.3.4, A-3.3.5, A-3.3.7)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from rules import complaints, needs, prospects, relations, touches
from rules.calendar import Calendar
from rules.errors import RuleBroken
from rules.prospects import FACTS, Fact
from rules.steps import NotNow, NotYours, Step

REP, CHIEF, OTHER, LIN = 1, 2, 3, 5
CALENDAR = Calendar()
DAY = date(2026, 11, 24)  # a Tuesday


def at(day: int, clock: str) -> datetime:
    return CALENDAR.at(datetime(2026, 11, day, tzinfo=UTC).date(), clock)


def prospect(state: str, action: str, by: int) -> Step:
    return prospects.move(state, action, by=by, owner=REP, superiors={CHIEF})


def need(state: str, action: str, by: int) -> Step:
    return needs.move(state, action, by=by, owner=REP, managers={LIN})


def complaint(state: str, action: str, by: int) -> Step:
    return complaints.move(state, action, by=by, owner=REP, reporter=OTHER, superiors={CHIEF, REP})


MOVES = [
    (prospect, "open", "fill", REP, "open"),
    (prospect, "open", "finish", REP, "done"),
    (prospect, "open", "pass", CHIEF, "open"),
    (prospect, "open", "later", CHIEF, "open"),
    (prospect, "open", "drop", CHIEF, "dropped"),
    (need, "asked", "propose", LIN, "proposed"),
    (need, "asked", "pass", LIN, "asked"),
    (need, "proposed", "again", REP, "asked"),
    (need, "proposed", "answer", REP, "answered"),
    (need, "asked", "drop", REP, "dropped"),
    (need, "proposed", "drop", REP, "dropped"),
    (complaint, "open", "note", REP, "open"),
    (complaint, "open", "note", OTHER, "open"),
    (complaint, "open", "note", CHIEF, "open"),
    (complaint, "open", "solve", CHIEF, "solved"),
    (complaint, "open", "explain", CHIEF, "explained"),
]


@pytest.mark.parametrize(("move", "state", "action", "by", "after"), MOVES)
def test_moves(move: Callable[[str, str, int], Step], state: str, action: str, by: int, after: str) -> None:
    step = move(state, action, by)
    assert step.after == after
    assert step.closes is (after in ("done", "dropped", "answered", "solved", "explained"))


ALL = [
    (move, state, action, by)
    for move, steps in ((prospect, prospects.STEPS), (need, needs.STEPS), (complaint, complaints.STEPS))
    for state in sorted({state for one in steps for state in (*one.before, one.after)})
    for action in sorted({one.action for one in steps})
    for by in (REP, CHIEF, OTHER, LIN)
]


@pytest.mark.parametrize(("move", "state", "action", "by"), ALL)
def test_every_other_move_is_refused(move: Callable[[str, str, int], Step], state: str, action: str, by: int) -> None:
    if any(one[:4] == (move, state, action, by) for one in MOVES):
        return
    with pytest.raises((NotNow, NotYours)):
        move(state, action, by)


def test_a_rep_never_closes_their_own_complaint_whatever_else_they_are() -> None:
    with pytest.raises(NotYours) as refused:
        complaints.move("open", "solve", by=REP, owner=REP, reporter=REP, superiors={REP})
    assert refused.value.clause == "A-3.1.1"


@pytest.mark.parametrize(("about", "counted"), [("rep", True), ("paper", False), ("other", False)])
def test_only_their_own_work_is_counted_with_the_rep(about: str, counted: bool) -> None:
    assert complaints.counts(about) is counted


def test_how_long_a_complaint_may_lie() -> None:
    assert not complaints.waits_too_long(None, at(24, "10:00"))
    assert not complaints.waits_too_long(at(24, "10:00"), at(26, "10:00"))
    assert complaints.waits_too_long(at(24, "10:00"), at(26, "10:01"))


# --- prospects -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ([], "至少选一项"),
        (["", "  "], "至少选一项"),
        ([f"第{nth}项" for nth in range(21)], "一次最多 20 项"),
        (["很" * 21], "太长"),
    ],
)
def test_facts_that_cannot_be_asked_for(facts: list[str], words: str) -> None:
    with pytest.raises(RuleBroken, match=words):
        prospects.check_facts(facts)


def test_facts_once_each_and_trimmed() -> None:
    assert prospects.check_facts([" 主要产品", "主要产品", "决策人 "]) == ("主要产品", "决策人")


def test_due_not_before_today() -> None:
    assert prospects.check_due(DAY, DAY) == DAY
    with pytest.raises(RuleBroken):
        prospects.check_due(DAY - timedelta(days=1), DAY)


@pytest.mark.parametrize(("fact", "right"), [(Fact("功放"), True), (Fact(unknown="客户不肯说"), True), (Fact(), False), (Fact(" ", " "), False)])
def test_a_value_or_why_not(fact: Fact, right: bool) -> None:
    if right:
        assert prospects.check_fact(fact) == fact
        return
    with pytest.raises(RuleBroken) as refused:
        prospects.check_fact(fact)
    assert refused.value.clause == "A-3.3.7"


def test_how_a_fact_is_told() -> None:
    assert str(Fact("功放")) == "功放"
    assert str(Fact(unknown="客户不肯说")) == "不清楚（客户不肯说）"


def test_what_is_missing_in_the_order_asked() -> None:
    assert prospects.missing(["甲", "乙", "丙"], {"乙": 1}) == ["甲", "丙"]
    assert prospects.complete(["甲"], {"甲": 1, "别的": 2})
    assert not prospects.complete(["甲", "乙"], {"甲": 1})


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("主营舞台机械，竞争对手是锦绣", {"主营业务": "主营舞台机械", "竞争对手": "竞争对手是锦绣"}),
        ("一年广告费三十万", {"年广告费": "一年广告费三十万"}),
        ("吴经理说了算；他们的客户多是剧院", {"决策人": "吴经理说了算", "主要客户": "他们的客户多是剧院"}),
        ("明年去上海参展", {"参加的展会": "明年去上海参展"}),
        ("在抖音投放", {"在用媒体": "在抖音投放"}),
        ("谈续约", {}),
        ("", {}),
    ],
)
def test_what_is_volunteered(words: str, found: dict[str, str]) -> None:
    assert prospects.volunteered(FACTS, words) == found


def test_a_fact_of_the_firms_own_is_known_by_its_name() -> None:
    assert prospects.volunteered(["员工人数"], "员工人数两百") == {"员工人数": "员工人数两百"}


@pytest.mark.parametrize(
    ("due", "state", "days"), [(DAY, "open", 0), (date(2026, 11, 20), "open", 4), (date(2026, 11, 20), "done", 0), (None, "open", 0)]
)
def test_overdue(due: date | None, state: str, days: int) -> None:
    assert prospects.overdue(due, DAY, state) == days


# --- needs ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "local", "is_one"),
    [("要一份全年规划", False, True), ("要一份全年规划", True, False), ("想降 5%", False, False), (" ", False, False), ("想换到封底", False, False)],
)
def test_what_is_a_need_for_a_proposal(words: str, local: bool, is_one: bool) -> None:
    assert needs.is_need(words, local=local) is is_one


@pytest.mark.parametrize(
    ("asked", "days", "promised", "by"),
    [
        (at(24, "10:00"), 1, None, at(25, "17:00")),
        (at(27, "17:30"), 1, None, at(30, "17:00")),  # Friday → Monday
        (at(24, "10:00"), 2, None, at(26, "17:00")),
        (at(24, "10:00"), 1, at(25, "15:00"), at(25, "13:00")),
        (at(24, "10:00"), 1, at(24, "11:00"), at(24, "10:30")),
        (at(24, "10:00"), 0, None, at(24, "17:00")),
    ],
)
def test_the_managers_time(asked: datetime, days: int, promised: datetime | None, by: datetime) -> None:
    assert needs.propose_by(asked, CALENDAR, days, promised) == by


def test_the_reps_time() -> None:
    assert needs.answer_by(at(25, "17:00"), CALENDAR) == at(26, "12:00")
    assert needs.answer_by(at(25, "17:00"), CALENDAR, 1, at(27, "18:00")) == at(27, "18:00")
    assert needs.answer_by(at(25, "17:00"), CALENDAR, 1, at(25, "16:00")) == at(26, "12:00")


@pytest.mark.parametrize(
    ("state", "by", "whose"),
    [
        ("asked", at(24, "09:00"), "manager"),
        ("proposed", at(24, "09:00"), "rep"),
        ("answered", at(24, "09:00"), ""),
        ("asked", at(24, "11:00"), ""),
        ("asked", None, ""),
    ],
)
def test_whose_time_has_run_out(state: str, by: datetime | None, whose: str) -> None:
    assert needs.late(state, by, at(24, "10:00")) == whose


@pytest.mark.parametrize(("reaction", "action"), [("yes", "answer"), ("later", "answer"), ("no", "answer"), ("change", "again")])
def test_what_a_reaction_leads_to(reaction: str, action: str) -> None:
    assert needs.after_reaction(reaction) == action


def test_no_other_reaction() -> None:
    with pytest.raises(ValueError, match="perhaps"):
        needs.after_reaction("perhaps")


# --- relations -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("asked", "may"), [("", True), ("2026-10", True), ("2026-11", False)])
def test_once_a_month(asked: str, may: bool) -> None:
    assert relations.may_ask(asked, DAY) is may


@pytest.mark.parametrize("state", [relations.UNKNOWN, *relations.STAGES])
@pytest.mark.parametrize("stage", relations.STAGES)
def test_any_stage_by_who_has_the_customer(state: str, stage: str) -> None:
    assert relations.move(state, stage, by=REP, owner=REP).after == stage
    with pytest.raises(NotYours):
        relations.move(state, stage, by=CHIEF, owner=REP)


def test_no_other_stage() -> None:
    with pytest.raises(RuleBroken, match="戒备、接受、信任"):
        relations.move("wary", "friends", by=REP, owner=REP)


@pytest.mark.parametrize(
    ("before", "after", "way"), [("wary", "trust", 1), ("trust", "open", -1), ("open", "open", 0), ("unknown", "open", 0), ("open", "", 0)]
)
def test_nearer_or_further(before: str, after: str, way: int) -> None:
    assert relations.direction(before, after) == way


@pytest.mark.parametrize(("words", "stage"), [("信任了", "trust"), ("戒备", "wary"), ("很好", "")])
def test_stage_in_words(words: str, stage: str) -> None:
    assert relations.stage_of(words) == stage


# --- touches -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("choice", "today", "day"),
    [
        ("week", DAY, date(2026, 12, 1)),
        ("two", DAY, date(2026, 12, 8)),
        ("month", DAY, date(2026, 12, 24)),
        ("month", date(2026, 8, 31), date(2026, 9, 30)),
        ("month", date(2026, 12, 15), date(2027, 1, 15)),
        ("week", date(2026, 11, 21), date(2026, 11, 30)),  # a Saturday → the Monday after
    ],
)
def test_the_day_meant(choice: str, today: date, day: date) -> None:
    assert touches.day_for(choice, today, CALENDAR) == day


def test_own_day_is_asked_for() -> None:
    with pytest.raises(ValueError, match="own"):
        touches.day_for("own", DAY, CALENDAR)


@pytest.mark.parametrize(
    ("day", "right"), [(DAY, True), (DAY + timedelta(days=366), True), (DAY - timedelta(days=1), False), (DAY + timedelta(days=367), False)]
)
def test_a_day_one_can_keep(day: date, right: bool) -> None:
    if right:
        assert touches.check_day(day, DAY) == day
        return
    with pytest.raises(RuleBroken) as refused:
        touches.check_day(day, DAY)
    assert refused.value.clause == "A-3.3.5"


@pytest.mark.parametrize(
    ("planned", "spoken", "kept"), [(DAY, DAY, True), (DAY, DAY + timedelta(days=1), True), (DAY, DAY - timedelta(days=1), False), (None, DAY, False)]
)
def test_kept_by_a_word_that_day_or_later(planned: date | None, spoken: date, kept: bool) -> None:
    assert touches.kept(planned, spoken) is kept


def test_without_a_date() -> None:
    assert touches.undated(date(2026, 11, 17), DAY, None)
    assert not touches.undated(date(2026, 11, 18), DAY, None)
    assert not touches.undated(date(2026, 11, 1), DAY, DAY)


def test_stale() -> None:
    assert touches.stale(date(2026, 11, 10), DAY, None, 14)
    assert touches.stale(date(2026, 11, 10), DAY, date(2026, 11, 20), 14)
    assert not touches.stale(date(2026, 11, 10), DAY, DAY, 14)
    assert not touches.stale(date(2026, 11, 11), DAY, None, 14)


def test_moves_of_a_touch() -> None:
    assert touches.move("planned", "meet", by=REP, owner=REP).after == "met"
    assert touches.move("met", "set", by=REP, owner=REP).after == "planned"
    with pytest.raises(NotNow):
        touches.move("met", "meet", by=REP, owner=REP)
    with pytest.raises(NotYours):
        touches.move("planned", "set", by=OTHER, owner=REP)
