"""Hours in which nothing is pushed: the firm's night, and what a person asked for."""

from __future__ import annotations

from datetime import datetime, timedelta

from rules.calendar import Calendar

SETTING, DEFAULT = "quiet_hours", "21:00-07:30"


def until(now: datetime, calendar: Calendar, hours: str, muted_until: datetime | None) -> datetime | None:
    """When speaking is allowed again, None when it is now. `hours` is "21:00-07:30", "" for none."""
    ends = [muted_until] if muted_until is not None and muted_until > now else []
    start, _, end = hours.partition("-")
    if start and end:
        today = calendar.day_of(now)
        for day in (today - timedelta(days=1), today):
            begins, stops = calendar.at(day, start), calendar.at(day + timedelta(days=end <= start), end)
            if begins <= now < stops:
                ends.append(stops)
    return max(ends, default=None)
