"""An answer owed to a customer: open until kept, moved only to a later time still ahead (A-4.4.6b, A-3.3.7A)."""

from __future__ import annotations

from datetime import datetime, timedelta

from rules.errors import RuleBroken
from rules.steps import Step, step, take

STEPS = (
    step("keep", "open", "kept", "owner", "A-4.4.6b", closes=True),
    step("later", "open", "open", "owner", "A-4.4.6b"),
    step("pass", "open", "open", "owner supervisor", "A-1.3"),
    step("drop", "open", "dropped", "owner", "A-4.4.6b", closes=True),
)
WARNING = timedelta(hours=1)


def move(state: str, action: str, *, by: int, owner: int, supervisor: int = 0) -> Step:
    parts = {"owner"} if by == owner else {"supervisor"} if by and by == supervisor else set()
    return take(STEPS, state, action, parts)


def check_time(promised: datetime, now: datetime) -> datetime:
    """A promise lies ahead."""
    if promised <= now:
        raise RuleBroken("A-4.4.6b", "答复时间要在现在之后，例如 明天上午 或 周五 18:00。")
    return promised


def remind_at(promised: datetime, now: datetime) -> datetime:
    """An hour before, or half of what is left when it is less."""
    left = promised - now
    return promised - (WARNING if left >= 2 * WARNING else left / 2)
