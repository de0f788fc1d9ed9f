"""One digest a day for a superior, over all their roles: in the evening, of repairs alone in the morning; after an outage the newest only."""

from __future__ import annotations

from datetime import date, timedelta

from conversations.desk import Desk
from conversations.digests import evening
from conversations.types import Prompt
from scheduler.late import Late
from storage.due import DueRow

KIND = "digest"
LANE = "digest"
LATE: Late = "latest"
LASTS = timedelta(days=3)


def speak(desk: Desk, due: DueRow) -> Prompt | None:
    day = date.fromisoformat(due.args["day"])
    about = date.fromisoformat(due.args.get("about", due.args["day"]))
    return None if desk.on_leave(desk.me.id, day) else evening.compose(desk, about)
