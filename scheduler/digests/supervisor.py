"""The supervisor's evening: whose log is missing or waits, which promises were not kept, how the team's day was (A-3.3.6b)."""

from __future__ import annotations

from datetime import date

from conversations.desk import Desk
from conversations.types import Prompt
from scheduler import daylogs
from scheduler.digests import exceptions
from scheduler.digests.page import page


def compose(desk: Desk, day: date) -> Prompt | None:
    reps = daylogs.reps_under(desk, desk.me.id, "supervisor")
    if not reps:
        return None
    items = [*exceptions.promises(desk, reps, desk.now), *exceptions.missing(desk, reps, day), *exceptions.unreceived(desk)]
    return page(day, items, exceptions.figures(desk, reps, day), team=exceptions.team(desk, reps))
