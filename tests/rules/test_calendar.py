"""Working days of 2026, made-up days, amended days, a year nobody has published yet, local days and instants."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.calendar import Calendar

CALENDAR = Calendar()
days = st.dates(date(2025, 1, 1), date(2027, 12, 31))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 24), True),
        (date(2026, 11, 28), False),
        (date(2026, 10, 1), False),
        (date(2026, 10, 7), False),
        (date(2026, 10, 8), True),
        (date(2026, 10, 10), True),  # a Saturday made up
        (date(2026, 2, 17), False),  # Spring Festival
        (date(2026, 2, 14), True),  # a Saturday made up before it
        (date(2027, 1, 1), False),  # fixed by law, whatever is published
        (date(2027, 10, 2), False),
        (date(2027, 3, 1), True),
        (date(2027, 3, 6), False),
    ],
)
def test_working_days(day: date, works: bool) -> None:
    assert CALENDAR.is_working_day(day) is works


def test_an_unpublished_year_is_provisional() -> None:
    assert not CALENDAR.provisional(2026)
    assert CALENDAR.provisional(2035)
    assert CALENDAR.provisional(1990)


def test_the_admin_has_the_last_word() -> None:
    calendar = Calendar(exceptions={date(2026, 11, 24): False, date(2026, 11, 28): True})
    assert not calendar.is_working_day(date(2026, 11, 24))
    assert calendar.is_working_day(date(2026, 11, 28))
    assert calendar.next_working_day(date(2026, 11, 23)) == date(2026, 11, 25)
    assert calendar.previous_working_day(date(2026, 11, 30)) == date(2026, 11, 28)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2026, 9, 30), 1, date(2026, 10, 8)),
        (date(2026, 9, 30), 3, date(2026, 10, 10)),
        (date(2026, 10, 8), -1, date(2026, 9, 30)),
        (date(2026, 11, 27), 1, date(2026, 11, 30)),
        (date(2026, 11, 28), 0, date(2026, 11, 30)),
        (date(2026, 11, 27), 0, date(2026, 11, 27)),
        (date(2026, 11, 24), 3, date(2026, 11, 27)),
    ],
)
def test_adding_working_days(start: date, count: int, end: date) -> None:
    assert CALENDAR.add_working_days(start, count) == end


@given(days, st.integers(1, 40))
def test_forth_and_back_from_a_working_day_is_where_one_was(day: date, count: int) -> None:
    start = CALENDAR.add_working_days(day, 0)
    there = CALENDAR.add_working_days(start, count)
    assert CALENDAR.is_working_day(there)
    assert CALENDAR.add_working_days(there, -count) == start
    assert len(list(CALENDAR.working_days(start, there))) == count + 1


@given(days)
def test_the_month_s_last_working_day(day: date) -> None:
    last = CALENDAR.last_working_day_of_month(day)
    assert last.month == day.month
    assert CALENDAR.next_working_day(last).month != day.month


def test_instants() -> None:
    assert CALENDAR.at(date(2026, 11, 24), "18:00") == datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
    assert CALENDAR.at(date(2026, 11, 24), time(0, 30)) == datetime(2026, 11, 23, 16, 30, tzinfo=UTC)
    assert CALENDAR.at(date(2026, 12, 31), "24:00") == CALENDAR.at(date(2027, 1, 1), "00:00")
    assert CALENDAR.at(date(2026, 11, 24), "18:00").tzinfo is UTC
    assert CALENDAR.day_of(datetime(2026, 11, 23, 16, 0, tzinfo=UTC)) == date(2026, 11, 24)
    assert CALENDAR.day_of(datetime(2026, 11, 23, 15, 59, tzinfo=UTC)) == date(2026, 11, 23)
    assert CALENDAR.bounds(date(2026, 11, 24)) == (datetime(2026, 11, 23, 16, tzinfo=UTC), datetime(2026, 11, 24, 16, tzinfo=UTC))
    with pytest.raises(ValueError):
        CALENDAR.day_of(datetime(2026, 11, 24))  # noqa: DTZ001


@given(days, st.times())
def test_an_instant_belongs_to_the_day_it_was_made_of(day: date, clock: time) -> None:
    for zone in (CALENDAR, Calendar(ZoneInfo("America/New_York"))):
        instant = zone.at(day, clock.replace(fold=0))
        assert abs(zone.local(instant).date() - day) <= timedelta(days=0)
