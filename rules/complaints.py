"""A customer's complaint: told as it was said, heard by the superior, explained or solved by somebody else than the rep (A-3.1.1)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from rules.steps import Step, step, take

STEPS = (
    step("note", "open", "open", "owner reporter superior", "A-3.1.1"),
    step("solve", "open", "solved", "superior", "A-3.1.1", closes=True),
    step("explain", "open", "explained", "superior", "A-3.1.1", closes=True),
)
ABOUT: Mapping[str, str] = {"rep": "市场员的工作", "paper": "刊物或版面", "other": "别的部门或其他"}
OUTCOMES: Mapping[str, str] = {"solve": "已解决", "explain": "已说明"}
STATES: Mapping[str, str] = {"open": "待处理", "solved": "已解决", "explained": "已说明"}
COMPLAINT_DAYS = 2  # setting "complaint_days": how long one may lie open


def move(state: str, action: str, *, by: int, owner: int, reporter: int = 0, superiors: Collection[int] = ()) -> Step:
    """A rep does not close their own, not even as somebody's deputy."""
    parts = {"owner"} if by == owner else {"superior"} if by in superiors else set()
    return take(STEPS, state, action, parts | ({"reporter"} if by == reporter else set()))


def counts(about: str) -> bool:
    """Only what is about the rep's own work is counted with the rep."""
    return about == "rep"


def waits_too_long(opened: datetime | None, now: datetime, days: int = COMPLAINT_DAYS) -> bool:
    return opened is not None and now - opened > timedelta(days=days)
