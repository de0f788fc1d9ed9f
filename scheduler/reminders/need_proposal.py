"""A need from out of town lies with the manager and the time for the proposal comes (A-3.3.7A)."""

from __future__ import annotations

from datetime import timedelta

from conversations import proposals
from conversations.desk import Desk
from conversations.types import Prompt
from scheduler.late import Late
from storage.due import DueRow

KIND = "need_proposal"
LANE = "reminder"
LATE: Late = "always"
LASTS = timedelta(days=365)


def speak(desk: Desk, due: DueRow) -> Prompt | None:
    case = desk.case(due.case_id) if due.case_id else None
    if case is None or case.state != "asked" or int(case.data.get("manager") or 0) != desk.me.id:
        return None
    return proposals.asked(desk, case)
