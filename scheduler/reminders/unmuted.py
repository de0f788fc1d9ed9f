"""A muted topic's time is over: what was held back meanwhile is listed (A-1.2)."""

from __future__ import annotations

from datetime import timedelta

from conversations import topics
from conversations.desk import Desk
from conversations.types import Prompt
from scheduler.late import Late
from storage.due import DueRow

KIND = "unmuted"
LANE = "reminder"
LATE: Late = "always"
LASTS = timedelta(days=7)


def speak(desk: Desk, due: DueRow) -> Prompt | None:
    topic = topics.BY_KEY.get(str(due.args.get("topic")))
    return topics.unmuted(desk, topic) if topic is not None else None
