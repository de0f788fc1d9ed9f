"""The firm's working days and local time: Chinese public holidays with make-up days, amendable (A-1.2, A-3.3.6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar  # type: ignore[import-untyped]
from chinese_calendar.constants import holidays as _official  # type: ignore[import-untyped]
from chinese_calendar.constants import workdays as _make_up

FIRM_ZONE = ZoneInfo("Asia/Shanghai")
OFFICIAL_YEARS = range(min(_official).year, max(_official).year + 1)
SATURDAY = 5
# Holidays of the law that keep their date every year; the lunar ones and the make-up days wait for the State Council's notice.
FEASTS: Mapping[str, str] = {feast.value: feast.chinese for feast in chinese_calendar.Holiday}
FIXED_HOLIDAYS = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
_ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """`exceptions` is what the admin amended: day → whether it is worked; it wins over the official list."""

    zone: ZoneInfo = FIRM_ZONE
    exceptions: Mapping[date, bool] = field(default_factory=dict)

    def is_working_day(self, day: date) -> bool:
        amended = self.exceptions.get(day)
        if amended is not None:
            return amended
        if not self.provisional(day.year):
            return bool(chinese_calendar.is_workday(day))
        return day.weekday() < SATURDAY and (day.month, day.day) not in FIXED_HOLIDAYS

    def provisional(self, year: int) -> bool:
        """No official list for that year yet: weekends and the fixed holidays are all that is known."""
        return year not in OFFICIAL_YEARS

    def feast(self, day: date) -> str:
        """国庆节, also on the days around it that are free; "" on others."""
        return FEASTS.get(_official.get(day, ""), "")

    def makes_up(self, day: date) -> bool:
        """A weekend day that is officially worked."""
        return day in _make_up

    def next_working_day(self, day: date) -> date:
        """The first one after `day`."""
        return self.add_working_days(day, 1)

    def previous_working_day(self, day: date) -> date:
        """The last one before `day`."""
        return self.add_working_days(day, -1)

    def add_working_days(self, day: date, count: int) -> date:
        """`count` working days on (back when negative); 0 is `day` itself, or the next working day when it is a day of rest."""
        if count == 0:
            return day if self.is_working_day(day) else self.add_working_days(day, 1)
        step = _ONE if count > 0 else -_ONE
        for _ in range(abs(count)):
            day += step
            while not self.is_working_day(day):
                day += step
        return day

    def working_days(self, first: date, last: date) -> Iterator[date]:
        """Those from `first` to `last`, both included."""
        day = first
        while day <= last:
            if self.is_working_day(day):
                yield day
            day += _ONE

    def last_working_day_of_month(self, day: date) -> date:
        return self.previous_working_day((day.replace(day=28) + 4 * _ONE).replace(day=1))

    def local(self, instant: datetime) -> datetime:
        """The instant on the firm's wall clock."""
        if instant.tzinfo is None:
            raise ValueError("naive datetime")
        return instant.astimezone(self.zone)

    def day_of(self, instant: datetime) -> date:
        """The local day an instant belongs to."""
        return self.local(instant).date()

    def at(self, day: date, clock: str | time) -> datetime:
        """The instant (UTC) when the firm's clock shows `clock` ("18:00") on that day; "24:00" is the day's end."""
        if clock == "24:00":
            return self.at(day + _ONE, time())
        wall = clock if isinstance(clock, time) else time.fromisoformat(clock)
        return datetime.combine(day, wall, self.zone).astimezone(UTC)

    def bounds(self, day: date) -> tuple[datetime, datetime]:
        """The day's first instant and the next day's."""
        return self.at(day, "00:00"), self.at(day, "24:00")
