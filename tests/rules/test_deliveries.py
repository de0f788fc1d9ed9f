"""A book is due by its day whatever the reason, and done only with what belongs to it and a receipt."""

from __future__ import annotations

from datetime import date

import pytest

from rules.calendar import Calendar
from rules.deliveries import STEPS, check_copies, due_on, lacking, late, move, reminded
from rules.errors import RuleBroken
from rules.steps import NotNow, NotYours

CALENDAR = Calendar()
REP, CHEN = 1, 2
THU, FRI, SAT, MON, TUE = (date(2026, 11, day) for day in (26, 27, 28, 30, 24))


@pytest.mark.parametrize(
    ("state", "action", "by", "after"),
    [
        ("planned", "part", REP, "part"),
        ("part", "part", REP, "part"),
        ("planned", "deliver", REP, "delivered"),
        ("part", "deliver", REP, "delivered"),
        ("planned", "reason", REP, "planned"),
        ("part", "reason", REP, "part"),
        ("delivered", "undo", REP, "planned"),
        ("planned", "plan", REP, "planned"),
        ("dropped", "plan", CHEN, "planned"),
        ("part", "drop", CHEN, "dropped"),
    ],
)
def test_moves(state: str, action: str, by: int, after: str) -> None:
    assert move(state, action, by=by, owner=REP, superiors={CHEN}).after == after


@pytest.mark.parametrize(("action", "by"), [("deliver", CHEN), ("part", CHEN), ("reason", CHEN), ("drop", REP)])
def test_nobody_else(action: str, by: int) -> None:
    with pytest.raises(NotYours):
        move("planned", action, by=by, owner=REP, superiors={CHEN})


@pytest.mark.parametrize(("state", "action"), [("delivered", "deliver"), ("delivered", "reason"), ("dropped", "deliver"), ("planned", "undo")])
def test_not_from_there(state: str, action: str) -> None:
    with pytest.raises(NotNow):
        move(state, action, by=REP, owner=REP)


def test_a_reason_never_ends_it() -> None:
    assert all(step.after in step.before for step in STEPS if step.action == "reason")


@pytest.mark.parametrize(
    ("given", "receipt", "missing"),
    [
        (["招商函", "业务说明"], True, []),
        (["招商函"], True, ["业务说明"]),
        ([], True, ["招商函", "业务说明"]),
        (["招商函", "业务说明"], False, ["签收"]),
        ([], False, ["招商函", "业务说明", "签收"]),
    ],
)
def test_what_is_lacking(given: list[str], receipt: bool, missing: list[str]) -> None:
    assert lacking(["招商函", "业务说明"], given, receipt=receipt) == missing


def test_due_by_the_issue_s_own_day_or_some_working_days_after_it_appears() -> None:
    assert due_on(THU, TUE, CALENDAR) == THU
    assert due_on(None, THU, CALENDAR, 3) == date(2026, 12, 1)
    assert due_on(None, None, CALENDAR) is None


@pytest.mark.parametrize(
    ("due", "today", "when"),
    [(THU, TUE, ""), (THU, date(2026, 11, 25), "before"), (THU, THU, "today"), (THU, FRI, "late"), (MON, FRI, "before"), (SAT, FRI, "before")],
)
def test_reminded_the_working_day_before_and_on_the_day(due: date, today: date, when: str) -> None:
    assert reminded(due, today, CALENDAR) == when


def test_days_late() -> None:
    assert late(THU, MON, "planned") == 4
    assert late(THU, MON, "part") == 4
    assert late(THU, THU, "planned") == late(THU, MON, "delivered") == late(THU, MON, "dropped") == late(None, MON, "planned") == 0


@pytest.mark.parametrize("copies", [0, -1, 100])
def test_copies(copies: int) -> None:
    assert check_copies(99) == 99
    with pytest.raises(RuleBroken, match="1 到 99"):
        check_copies(copies)
