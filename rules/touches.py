"""When a customer is spoken to next: set with one tap, kept by the next visit or call, missed when neither came (A-3.3.5)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta

from rules.calendar import Calendar
from rules.errors import RuleBroken
from rules.steps import Step, step, take

STEPS = (
    step("set", "planned met", "planned", "owner", "A-3.3.5"),
    step("meet", "planned", "met", "owner", "A-3.3.5"),
)
CHOICES: Mapping[str, str] = {"week": "一周后", "two": "两周后", "month": "下月", "own": "自己定"}
UNDATED_AFTER = 7  # days without a next date before the morning card speaks of it, setting "undated_days"
FURTHEST = 366
SHOWN = 3  # in the morning card


def move(state: str, action: str, *, by: int, owner: int) -> Step:
    return take(STEPS, state, action, {"owner"} if by == owner else set())


def day_for(choice: str, today: date, calendar: Calendar) -> date:
    """A working day: the one asked for, or the next."""
    if choice == "month":
        year, month = divmod(today.year * 12 + today.month, 12)
        wanted = date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))
    elif choice in ("week", "two"):
        wanted = today + timedelta(days=7 if choice == "week" else 14)
    else:
        raise ValueError(f"no such choice: {choice}")
    return wanted if calendar.is_working_day(wanted) else calendar.next_working_day(wanted)


def check_day(day: date, today: date) -> date:
    if day < today:
        raise RuleBroken("A-3.3.5", "下次联系要在今天或以后，例如 12月3日、下周三。")
    if (day - today).days > FURTHEST:
        raise RuleBroken("A-3.3.5", "太远了，请定在一年以内。")
    return day


def kept(planned: date | None, spoken: date) -> bool:
    """A word with the customer keeps what was planned for that day or before."""
    return planned is not None and spoken >= planned


def undated(last: date, today: date, coming: date | None, after: int = UNDATED_AFTER) -> bool:
    """Spoken to some days ago, and nobody knows when next."""
    return coming is None and (today - last).days >= after


def stale(last: date, today: date, coming: date | None, after: int) -> bool:
    """Silent too long, with nothing planned ahead."""
    return (coming is None or coming < today) and (today - last).days >= after
