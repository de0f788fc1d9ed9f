"""When an exhibition is spoken of, and how a meeting moves."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from rules.calendar import Calendar
from rules.errors import RuleBroken
from rules.exhibitions import check, missed, move, phase
from rules.steps import NotNow, NotYours

CALENDAR = Calendar()
FIRST, LAST = date(2026, 12, 5), date(2026, 12, 6)  # Saturday, Sunday


@pytest.mark.parametrize(
    ("day", "said"),
    [(1, ""), (2, "soon"), (4, "soon"), (5, "running"), (6, "running"), (7, "over"), (31, "over")],
)
def test_phase(day: int, said: str) -> None:
    assert phase(FIRST, LAST, date(2026, 12, day), CALENDAR) == said


@pytest.mark.parametrize(
    ("state", "action", "after"),
    [
        ("planned", "meet", "met"),
        ("planned", "phone", "phoned"),
        ("planned", "drop", "dropped"),
        ("dropped", "plan", "planned"),
        ("met", "undo", "planned"),
        ("phoned", "undo", "planned"),
    ],
)
def test_moves(state: str, action: str, after: str) -> None:
    assert move(state, action, by=1, owner=1).after == after
    with pytest.raises(NotYours):
        move(state, action, by=2, owner=1)


def test_met_is_met() -> None:
    with pytest.raises(NotNow):
        move("met", "drop", by=1, owner=1)


@pytest.mark.parametrize(
    ("name", "place", "first", "last"),
    [("展", "北京", FIRST, LAST), ("x" * 81, "北京", FIRST, LAST), ("音响展", " ", FIRST, LAST), ("音响展", "北京", LAST, FIRST),
     ("音响展", "北京", FIRST, FIRST + timedelta(days=32))],
)  # fmt: skip
def test_what_is_no_exhibition(name: str, place: str, first: date, last: date) -> None:
    with pytest.raises(RuleBroken):
        check(name, place, first, last)


def test_an_exhibition_of_one_day() -> None:
    check("音响展", "北京", FIRST, FIRST)


@pytest.mark.parametrize(("state", "day", "said"), [("planned", 6, False), ("planned", 7, True), ("met", 7, False), ("phoned", 7, False)])
def test_missed_once_it_is_over(state: str, day: int, said: bool) -> None:
    assert missed(state, LAST, date(2026, 12, day)) is said
