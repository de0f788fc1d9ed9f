"""One digest an evening for a superior, over all their roles; after an outage the newest only."""

from __future__ import annotations

from datetime import date, timedelta

from conversations.desk import Desk
from conversations.types import Prompt
from scheduler.digests import manager, supervisor
from scheduler.late import Late
from storage.due import DueRow

KIND = "digest"
LANE = "digest"
LATE: Late = "latest"
LASTS = timedelta(days=3)


def speak(desk: Desk, due: DueRow) -> Prompt | None:
    day = date.fromisoformat(due.args["day"])
    if desk.on_leave(desk.me.id, day):
        return None
    composers = {"manager": manager.compose, "supervisor": supervisor.compose}
    found = (compose(desk, day) for role, compose in composers.items() if role in desk.me.roles)
    return next((prompt for prompt in found if prompt is not None), None)
