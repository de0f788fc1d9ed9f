"""Before one's own end of shift: at −60 what is missing, at −30 the hand-over (C-4.6a)."""

from __future__ import annotations

from datetime import timedelta

from conversations.desk import Desk
from conversations.repairs import evening
from conversations.types import Prompt
from scheduler.late import Late
from storage.due import DueRow

KIND = "papers_due"
LANE = "reminder"
LATE: Late = "drop"
LASTS = timedelta(minutes=60)
GAPS = 60  # minutes before the end, when only gaps are spoken of


def speak(desk: Desk, due: DueRow) -> Prompt | None:
    gaps, held = evening.gaps(desk), evening.held(desk)
    if int(due.args.get("step", 0)) == GAPS and not gaps:
        return None
    if not gaps and not held:
        return None
    return evening.card(desk)
