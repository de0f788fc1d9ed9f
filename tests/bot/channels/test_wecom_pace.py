"""Under 30 a minute and 1,000 an hour to one member, emergencies last to wait."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.wecom_pace import HOUR, MINUTE, Pace

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def after(count: int, every: timedelta = SECOND) -> tuple[Pace, datetime]:
    pace = Pace()
    for n in range(count):
        pace.note("li", NOW + n * every)
    return pace, NOW + count * every


def test_twenty_go_at_once_the_next_waits_for_the_first_to_be_a_minute_old() -> None:
    pace, now = after(19)
    assert pace.not_before("li", now) == now
    pace, now = after(20)
    assert pace.not_before("li", now) == NOW + MINUTE
    assert pace.not_before("zhang", now) == now


def test_several_parts_wait_until_all_fit() -> None:
    pace, now = after(18)
    assert pace.not_before("li", now, messages=2) == now
    assert pace.not_before("li", now, messages=3) == NOW + MINUTE
    assert pace.not_before("li", now, messages=99) == NOW + 17 * SECOND + MINUTE


def test_an_emergency_has_a_reserve() -> None:
    pace, now = after(20)
    assert pace.not_before("li", now, urgent=True) == now
    pace, now = after(28)
    assert pace.not_before("li", now, urgent=True) == NOW + MINUTE


def test_the_hour_counts_too() -> None:
    pace, now = after(800, every=4 * SECOND)
    assert pace.not_before("li", now) == NOW + HOUR


@pytest.mark.parametrize("urgent", [False, True])
@settings(deadline=None)
@given(gaps=st.lists(st.integers(0, 20), min_size=1, max_size=200))
def test_never_more_than_the_platform_bears(urgent: bool, gaps: list[int]) -> None:
    pace, now, sent = Pace(), NOW, list[datetime]()
    for gap in gaps:
        now = pace.not_before("li", now + gap * SECOND, urgent=urgent)
        pace.note("li", now)
        sent.append(now)
    assert all(b - a >= MINUTE for a, b in zip(sent, sent[28 if urgent else 20 :], strict=False))


def test_members_of_long_ago_are_forgotten() -> None:
    pace = Pace()
    for n in range(1002):
        pace.note(f"m{n}", NOW + n * timedelta(minutes=1))
    assert len(pace._sent) < 100
