"""Exhibitions of the year, and whom one meets there: those out of town are met face to face nowhere else (A-3.3.3)."""

from __future__ import annotations

from datetime import date

from rules.calendar import Calendar
from rules.errors import RuleBroken
from rules.steps import Step, step, take

STEPS = (
    step("meet", "planned", "met", "owner", "A-3.3.3", closes=True),
    step("drop", "planned", "dropped", "owner", "A-3.3.3", closes=True),
    step("plan", "dropped", "planned", "owner", "A-3.3.3"),
    step("phone", "planned", "phoned", "owner", "A-3.3.3", closes=True),
    step("undo", "met phoned", "planned", "owner", "A-3.3.3"),
)
LONGEST = 31  # days
BEFORE = 3  # working days before it begins that the morning card speaks of it; setting "exhibition_days"


def move(state: str, action: str, *, by: int, owner: int) -> Step:
    return take(STEPS, state, action, {"owner"} if by == owner else set())


def check(name: str, place: str, first: date, last: date) -> None:
    if not 2 <= len(name.strip()) <= 80:
        raise RuleBroken("A-3.3.3", "请写展会名称，2 到 80 个字。")
    if not place.strip():
        raise RuleBroken("A-3.3.3", "请写展会地点，例如：上海新国际博览中心。")
    if not 0 <= (last - first).days <= LONGEST:
        raise RuleBroken("A-3.3.3", f"结束日期不能早于开始日期，最长 {LONGEST} 天。")


def phase(first: date, last: date, today: date, calendar: Calendar, before: int = BEFORE) -> str:
    """soon (some working days ahead), running, over, or "": when the morning card speaks of it."""
    if first <= today <= last:
        return "running"
    if today > last:
        return "over"
    day = today
    for _ in range(before):
        day = calendar.next_working_day(day)
    return "soon" if day >= first else ""


def missed(state: str, last: date, today: date) -> bool:
    """Over, and neither met there nor spoken to since."""
    return state == "planned" and today > last
