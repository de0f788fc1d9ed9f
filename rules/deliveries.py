"""A book delivered to a customer: by its day whatever the weather, with what belongs to it, and not done without a receipt (A-3.2.1, A-3.2.2)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from rules.calendar import Calendar
from rules.errors import RuleBroken
from rules.steps import Step, step, take

STEPS = (
    step("part", "planned part", "part", "owner", "A-3.2.2"),
    step("deliver", "planned part", "delivered", "owner", "A-3.2.1", closes=True),
    step("reason", "planned", "planned", "owner", "A-3.2.1"),
    step("reason", "part", "part", "owner", "A-3.2.1"),
    step("undo", "part delivered", "planned", "owner", "A-3.2.1"),
    step("plan", "planned dropped", "planned", "superior", "A-3.2.1"),
    step("drop", "planned part", "dropped", "superior", "A-3.2.1", closes=True),
)
OPEN = ("planned", "part")
DAYS = 3  # working days after the issue appears, where nobody has set its day; setting "delivery_days"
MOST = 99  # copies for one customer
RECEIPT = "签收"


def move(state: str, action: str, *, by: int, owner: int, superiors: Iterable[int] = ()) -> Step:
    """A rep plans their own deliveries; only a superior calls one off."""
    parts = {"owner"} if by == owner else set()
    parts |= {"superior"} if by in set(superiors) or (by == owner and action == "plan") else set()
    return take(STEPS, state, action, parts)


def lacking(asked: Collection[str], given: Collection[str], *, receipt: bool) -> list[str]:
    """What keeps a delivery from being done: current enclosures that were not handed over, and the receipt."""
    return [*(one for one in asked if one not in given), *([] if receipt else [RECEIPT])]


def due_on(deliver_by: date | None, publishes_on: date | None, calendar: Calendar, days: int = DAYS) -> date | None:
    """The issue's own day, else some working days after it appears; None while neither is known."""
    if deliver_by is not None or publishes_on is None:
        return deliver_by
    day = publishes_on
    for _ in range(days):
        day = calendar.next_working_day(day)
    return day


def reminded(due: date, today: date, calendar: Calendar) -> str:
    """late, today, before (the last working day before) or "": when the morning card speaks of it. A reason given changes nothing."""
    if due <= today:
        return "today" if due == today else "late"
    return "before" if calendar.next_working_day(today) >= due else ""


def late(due: date | None, today: date, state: str) -> int:
    """Days past; 0 while there is time, or once it is done."""
    return max((today - due).days, 0) if due is not None and state in OPEN else 0


def check_copies(copies: int) -> int:
    if not 1 <= copies <= MOST:
        raise RuleBroken("A-3.2.1", f"本数要在 1 到 {MOST} 之间。")
    return copies
