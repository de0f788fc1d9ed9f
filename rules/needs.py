"""A need from out of town: the manager proposes in time, the rep answers the customer in time, whose reaction is kept (A-3.3.7A)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, time, timedelta

from rules.calendar import Calendar
from rules.requests import special
from rules.steps import Step, step, take

STEPS = (
    step("propose", "asked", "proposed", "manager", "A-3.3.7A"),
    step("pass", "asked", "asked", "manager", "A-1.3"),
    step("again", "proposed", "asked", "owner", "A-3.3.7A"),
    step("answer", "proposed", "answered", "owner", "A-3.3.7A", closes=True),
    step("drop", "asked proposed", "dropped", "owner", "A-3.3.7A", closes=True),
)
REACTIONS: Mapping[str, str] = {"yes": "接受", "later": "还要考虑", "change": "要改方案", "no": "不要"}
PROPOSAL_DAYS, ANSWER_DAYS = 1, 1  # working days, settings "proposal_days" and "need_answer_days"
EVENING, NOON = time(17), time(12)
AT_LEAST = timedelta(minutes=30)
MARGIN = timedelta(hours=2)


def is_need(words: str, *, local: bool) -> bool:
    """Out of town, and no special request: prices and positions go the short way (A-4.4.6)."""
    return bool(words.strip()) and not local and not special(words)


def move(state: str, action: str, *, by: int, owner: int, managers: Collection[int] = ()) -> Step:
    """A manager's own need is answered by another one."""
    parts = {"owner"} if by == owner else {"manager"} if by in managers else set()
    return take(STEPS, state, action, parts)


def after_reaction(reaction: str) -> str:
    """The action a customer's reaction leads to: what is to be changed goes back to the manager."""
    if reaction not in REACTIONS:
        raise ValueError(f"no such reaction: {reaction}")
    return "again" if reaction == "change" else "answer"


def propose_by(asked: datetime, calendar: Calendar, days: int = PROPOSAL_DAYS, promised: datetime | None = None) -> datetime:
    """The evening of the days-th working day after, or two hours before what the customer was promised; half an hour is always left."""
    evening = calendar.at(calendar.add_working_days(calendar.day_of(asked), max(days, 0)), EVENING)
    return max(evening if promised is None else min(evening, promised - MARGIN), asked + AT_LEAST)


def answer_by(proposed: datetime, calendar: Calendar, days: int = ANSWER_DAYS, promised: datetime | None = None) -> datetime:
    """What the customer was promised while it lies ahead, else noon of the days-th working day after."""
    if promised is not None and promised > proposed:
        return promised
    return max(calendar.at(calendar.add_working_days(calendar.day_of(proposed), max(days, 0)), NOON), proposed + AT_LEAST)


def late(state: str, at: datetime | None, now: datetime) -> str:
    """Whose clock has run out: manager, rep, "" for nobody's."""
    if at is None or now <= at:
        return ""
    return {"asked": "manager", "proposed": "rep"}.get(state, "")
