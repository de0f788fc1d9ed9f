"""Special requests: what is one, who moves it, by when it is answered."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from rules.calendar import Calendar
from rules.requests import STEPS, move, reply_by, special, tell_by
from rules.steps import NotNow, NotYours

REP, LIN = 1, 5
CALENDAR = Calendar()


def at(day: int, clock: str) -> datetime:
    hour, minute = map(int, clock.split(":"))
    return CALENDAR.at(datetime(2026, 11, day, tzinfo=UTC).date(), f"{hour:02d}:{minute:02d}")


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("想降 5%", "降价"),
        ("想降五个点", "降价"),
        ("能不能打个八折", "降价"),
        ("要便宜一点", "降价"),
        ("想换到封底", "版位"),
        ("要换版面", "版位"),
        ("下个月晚点付", "账期"),
        ("要求赠送一期", "赠送"),
        ("谈续约", ""),
        ("送书 3 本", ""),
        ("要报价单", ""),
    ],
)
def test_what_is_special(words: str, kind: str) -> None:
    assert special(words) == kind


@pytest.mark.parametrize(
    ("state", "action", "by", "after"),
    [
        ("parked", "ask", REP, "asked"),
        ("parked", "drop", REP, "dropped"),
        ("asked", "drop", REP, "dropped"),
        ("asked", "answer", LIN, "answered"),
        ("asked", "pass", LIN, "asked"),
        ("answered", "tell", REP, "told"),
    ],
)
def test_moves(state: str, action: str, by: int, after: str) -> None:
    assert move(state, action, by=by, owner=REP, managers={LIN}).after == after


@pytest.mark.parametrize("state", ["parked", "asked", "answered", "told", "dropped"])
@pytest.mark.parametrize("action", ["ask", "answer", "tell", "pass", "drop"])
@pytest.mark.parametrize("by", [REP, LIN])
def test_every_other_move_is_refused(state: str, action: str, by: int) -> None:
    part = "owner" if by == REP else "manager"
    if any(one.action == action and state in one.before and part in one.by for one in STEPS):
        move(state, action, by=by, owner=REP, managers={LIN})
        return
    with pytest.raises((NotNow, NotYours)):
        move(state, action, by=by, owner=REP, managers={LIN})


def test_a_managers_own_request_needs_another_manager() -> None:
    with pytest.raises(NotYours) as refused:
        move("asked", "answer", by=LIN, owner=LIN, managers={LIN})
    assert refused.value.clause == "A-4.4.6b"


def test_reply_by_the_next_working_days_noon() -> None:
    assert reply_by(at(24, "10:00"), CALENDAR) == at(25, "12:00")
    assert reply_by(at(27, "17:00"), CALENDAR) == at(30, "12:00")  # Friday → Monday


def test_reply_before_the_promise() -> None:
    assert reply_by(at(24, "10:00"), CALENDAR, at(24, "18:00")) == at(24, "16:00")
    assert reply_by(at(24, "17:00"), CALENDAR, at(24, "18:00")) == at(24, "17:30")
    assert reply_by(at(24, "10:00"), CALENDAR, at(27, "18:00")) == at(25, "12:00")


def test_tell_by() -> None:
    assert tell_by(at(24, "14:00"), CALENDAR, at(24, "18:00")) == at(24, "17:00")
    assert tell_by(at(24, "14:00"), CALENDAR, at(24, "12:00")) == at(25, "12:00")
    assert tell_by(at(24, "14:00"), CALENDAR) == at(25, "12:00")


def test_nobody_is_to_ring_a_customer_at_night() -> None:
    assert tell_by(at(25, "08:43"), CALENDAR, at(27, "18:00")) == at(26, "18:00")  # three quarters on would be 3:40 at night
    assert tell_by(at(25, "17:00"), CALENDAR, at(26, "09:30")) == at(25, "18:00")
    assert tell_by(at(27, "17:30"), CALENDAR, at(30, "10:00")) == at(27, "18:00")  # not on Sunday
    assert tell_by(at(25, "19:00"), CALENDAR, at(26, "10:00")) == at(26, "09:00")
    assert at(25, "19:00") < tell_by(at(25, "19:00"), CALENDAR, at(25, "21:00")) < at(25, "21:00")
