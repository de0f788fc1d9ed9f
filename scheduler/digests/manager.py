"""The manager's evening over all teams: requests to answer, promises broken, logs missing for days (A-4.4.6b, A-3.3.6b)."""

from __future__ import annotations

from datetime import date

from conversations.desk import Desk
from conversations.types import Prompt
from scheduler import daylogs
from scheduler.digests import exceptions
from scheduler.digests.page import page

PATIENCE = 2  # days without a log before it is the manager's matter; the first is the supervisor's


def compose(desk: Desk, day: date) -> Prompt | None:
    reps = daylogs.reps_under(desk, desk.me.id, "manager")
    if not reps:
        return None
    own = {who.id for who in daylogs.reps_under(desk, desk.me.id, "supervisor")}  # in a small firm the manager supervises too
    others = [who for who in reps if who.id not in own]
    items = [
        *exceptions.requests(desk),
        *exceptions.promises(desk, reps, desk.calendar.at(day, "00:00")),  # of today's the supervisor hears first
        *exceptions.missing(desk, others, day, PATIENCE),
        *exceptions.missing(desk, [who for who in reps if who.id in own], day),
        *exceptions.unreceived(desk),
    ]
    return page(day, items, exceptions.figures(desk, reps, day), team=exceptions.team(desk, reps))
