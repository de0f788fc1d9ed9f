"""The monthly statement of figures: issued on a set day, objected to in one tap, approved once (A-2.1, A-3.3.6c)."""

from __future__ import annotations

from datetime import date, timedelta

from rules.steps import Step, step, take

STEPS = (
    step("object", "issued", "objected", "owner", "A-2.1"),
    step("recount", "objected", "issued", "supervisor", "A-2.1"),
    step("keep", "objected", "issued", "supervisor", "A-2.1"),
    step("approve", "issued", "approved", "manager", "A-3.3.6c", closes=True),
)
DAY = 3  # of the next month, setting "statement_day"; a day of rest moves it on
AT = "09:30"  # setting "statement_time"


def move(state: str, action: str, *, by: int, owner: int, supervisors: frozenset[int], managers: frozenset[int]) -> Step:
    """Nobody answers or approves their own."""
    parts = {"owner"} if by == owner else {name for name, who in (("supervisor", supervisors), ("manager", managers)) if by in who}
    return take(STEPS, state, action, parts)


def month_before(day: date) -> tuple[date, date]:
    """The last whole month before `day`: first and last day."""
    last = day.replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last


def bounds(month: str) -> tuple[date, date]:
    """Of 2026-11; ValueError when it is none."""
    first = date.fromisoformat(f"{month}-01")
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def spelt(day: date) -> str:
    return f"{day:%Y-%m}"
