"""A promise is kept, or moved to a time still ahead."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from rules.errors import RuleBroken
from rules.promises import STEPS, check_time, move, remind_at
from rules.steps import NotNow, NotYours, take

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
REP, CHEN = 1, 2


@pytest.mark.parametrize(
    ("action", "by", "after"),
    [("keep", REP, "kept"), ("later", REP, "open"), ("pass", REP, "open"), ("pass", CHEN, "open"), ("drop", REP, "dropped")],
)
def test_moves(action: str, by: int, after: str) -> None:
    assert move("open", action, by=by, owner=REP, supervisor=CHEN).after == after


@pytest.mark.parametrize("action", ["keep", "later", "drop"])
def test_nobody_else_keeps_it(action: str) -> None:
    with pytest.raises(NotYours):
        move("open", action, by=CHEN, owner=REP, supervisor=CHEN)


@pytest.mark.parametrize("action", ["keep", "later", "pass", "drop"])
def test_once_kept_it_stays(action: str) -> None:
    with pytest.raises(NotNow) as refused:
        move("kept", action, by=REP, owner=REP)
    assert refused.value.clause


def test_an_unknown_action_is_our_mistake() -> None:
    with pytest.raises(ValueError, match="fly"):
        take(STEPS, "open", "fly", {"owner"})


def test_a_promise_lies_ahead() -> None:
    assert check_time(NOW + timedelta(hours=1), NOW) == NOW + timedelta(hours=1)
    with pytest.raises(RuleBroken, match="之后"):
        check_time(NOW, NOW)


@pytest.mark.parametrize(("hours", "before"), [(5, 1.0), (2, 1.0), (1, 0.5)])
def test_the_reminder_comes_before(hours: float, before: float) -> None:
    promised = NOW + timedelta(hours=hours)
    assert promised - remind_at(promised, NOW) == timedelta(hours=before)
