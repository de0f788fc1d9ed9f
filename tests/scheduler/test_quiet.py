"""Nothing is pushed at night, nor while a person asked for peace."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from rules.calendar import Calendar
from scheduler.quiet import DEFAULT, until

CALENDAR = Calendar()
DAY, NEXT = date(2026, 11, 24), date(2026, 11, 25)


def at(clock: str, day: date = DAY) -> datetime:
    return CALENDAR.at(day, clock)


@pytest.mark.parametrize(
    ("now", "speaks"),
    [
        (at("07:29"), at("07:30")),
        (at("07:30"), None),
        (at("20:59"), None),
        (at("21:00"), at("07:30", NEXT)),
        (at("23:59"), at("07:30", NEXT)),
        (at("00:00"), at("07:30")),
    ],
)
def test_the_night(now: datetime, speaks: datetime | None) -> None:
    assert until(now, CALENDAR, DEFAULT, None) == speaks


def test_the_later_of_night_and_wish() -> None:
    assert until(at("14:00"), CALENDAR, DEFAULT, at("16:00")) == at("16:00")
    assert until(at("14:00"), CALENDAR, DEFAULT, at("13:00")) is None
    assert until(at("20:30"), CALENDAR, DEFAULT, at("22:30")) == at("22:30")
    assert until(at("22:00"), CALENDAR, DEFAULT, at("22:30")) == at("07:30", NEXT)


def test_other_hours_and_none() -> None:
    assert until(at("12:30"), CALENDAR, "12:00-13:30", None) == at("13:30")
    assert until(at("23:00"), CALENDAR, "", None) is None
