"""A customer's special request: parked in silence, asked back at the company, answered, told to the customer (A-4.4.6, A-3.3.7A)."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime, time, timedelta

from rules.calendar import Calendar
from rules.steps import Step, step, take

STEPS = (
    step("ask", "parked", "asked", "owner", "A-4.4.6a"),
    step("answer", "asked", "answered", "manager", "A-4.4.6b"),
    step("pass", "asked", "asked", "manager", "A-1.3"),
    step("tell", "answered", "told", "owner", "A-4.4.6b", closes=True),
    step("drop", "parked asked", "dropped", "owner", "A-4.4.6a", closes=True),
)
NOON = time(12)
OPENS, CLOSES = time(9), time(18)  # customers are rung in the daytime
# What a rep may not promise on the spot: prices and positions (A-4.4.6a). The first word is what the card calls it.
_SPECIAL = (
    ("降价", re.compile("降价|便宜|打折|折扣|优惠|让利|降.{0,3}(?:%|％|个?点|折|元|万|千|百|成)|[一二三四五六七八九\\d]折")),
    ("版位", re.compile("(?:换|调|改|要|加|增|提前).{0,4}版|封面|封底|跨页")),
    ("账期", re.compile("账期|晚点?付|分期|延期付|月结|赊")),
    ("赠送", re.compile("赠送|多送|免费(?:加|送|登)|白送")),
)


def special(words: str) -> str:
    """What kind of special request the words hold, "" for none: it goes to the manager, not to the telephone (A-4.4.6a)."""
    return next((name for name, pattern in _SPECIAL if pattern.search(words)), "")


def move(state: str, action: str, *, by: int, owner: int, managers: Collection[int]) -> Step:
    """A manager's own request is answered by another one (A-4.4.6b)."""
    parts = {"owner"} if by == owner else {"manager"} if by in managers else set()
    return take(STEPS, state, action, parts)


def reply_by(asked: datetime, calendar: Calendar, promised: datetime | None = None) -> datetime:
    """Noon of the next working day, or two hours before what the customer was promised; at least half an hour from now (A-4.4.6b)."""
    noon = calendar.at(calendar.next_working_day(calendar.day_of(asked)), NOON)
    wanted = noon if promised is None else min(noon, promised - timedelta(hours=2))
    return max(wanted, asked + timedelta(minutes=30))


def tell_by(answered: datetime, calendar: Calendar, promised: datetime | None = None) -> datetime:
    """When the rep is asked whether the customer knows: by the promise, else before the next working day's noon (A-4.4.6b)."""
    if promised is not None and promised > answered:
        return _by_day(promised - (promised - answered) / 4, answered, promised, calendar)
    return calendar.at(calendar.next_working_day(calendar.day_of(answered)), NOON)


def _by_day(wanted: datetime, answered: datetime, promised: datetime, calendar: Calendar) -> datetime:
    """Nobody rings a customer at night or on a day of rest: the evening before, else as soon as the day begins."""
    local = calendar.local(wanted)
    works = calendar.is_working_day(local.date())
    if works and OPENS <= local.time() <= CLOSES:
        return wanted
    evening = local.date() if works and local.time() > CLOSES else calendar.previous_working_day(local.date())
    choices = (calendar.at(evening, CLOSES), calendar.at(local.date(), OPENS))
    return next((one for one in choices if answered < one < promised), wanted)
