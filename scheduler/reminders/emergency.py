"""The next rung of an emergency's ladder (C-4.5.1c): late or not, quiet hours or not."""

from __future__ import annotations

from datetime import timedelta

from conversations.desk import Desk
from conversations.repairs import emergency
from conversations.types import Prompt
from scheduler.late import Late
from storage.due import DueRow

KIND = emergency.KIND
LANE = emergency.LANE
LATE: Late = "always"
LASTS = timedelta(days=1)


def speak(desk: Desk, due: DueRow) -> Prompt | None:
    """It speaks to the rung and to the desk itself; nothing is left for the tick to say."""
    job = desk.job(due.case_id) if due.case_id else None
    if job is not None and due.args["rung"] == emergency.ARRIVE:
        emergency.not_there(desk, job)
    elif job is not None:
        emergency.climb(desk, job, due.args["rung"])
    return None
