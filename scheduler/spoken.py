"""How reminders write a time and what a case is about."""

from __future__ import annotations

from datetime import datetime

from conversations.lookup import Lookup
from conversations.matters import about as about
from conversations.matters import customer as customer

CIRCLES = "①②③④⑤⑥⑦⑧⑨⑩"


def clock(at: datetime, desk: Lookup) -> str:
    """9:30, as on a card."""
    local = desk.calendar.local(at)
    return f"{local.hour}:{local.minute:02d}"


def circle(number: int) -> str:
    return CIRCLES[number - 1] if number <= len(CIRCLES) else f"{number}."
