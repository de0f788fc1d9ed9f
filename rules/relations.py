"""From wariness to acceptance to trust: where it stands with a customer, asked once a month (A-3.3.4)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from rules.errors import RuleBroken
from rules.steps import Step, step, take

STAGES: Mapping[str, str] = {"wary": "戒备", "open": "接受", "trust": "信任"}
ORDER = tuple(STAGES)
UNKNOWN = "unknown"
_ANY = f"{UNKNOWN} {' '.join(ORDER)}"
STEPS = tuple(step(stage, _ANY, stage, "owner", "A-3.3.4") for stage in ORDER)


def month(day: date) -> str:
    return f"{day:%Y-%m}"


def may_ask(asked: str, today: date) -> bool:
    """`asked` is the month of the last question, answered or not: nobody is asked twice in one."""
    return asked != month(today)


def move(state: str, stage: str, *, by: int, owner: int) -> Step:
    """To any stage, also back: it is as it is."""
    if stage not in STAGES:
        raise RuleBroken("A-3.3.4", f"请选一个：{'、'.join(STAGES.values())}。")
    return take(STEPS, state, stage, {"owner"} if by == owner else set())


def stage_of(words: str) -> str:
    """信任 → trust; "" when it is none."""
    return next((key for key, label in STAGES.items() if label in words), "")


def direction(before: str, after: str) -> int:
    """+1 nearer, −1 further away, 0 the same or first known."""
    if before not in ORDER or after not in ORDER:
        return 0
    way = ORDER.index(after) - ORDER.index(before)
    return (way > 0) - (way < 0)
