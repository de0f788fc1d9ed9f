"""A customer's request lies with the manager and its time comes (A-4.4.6b, A-3.3.7A)."""

from __future__ import annotations

from datetime import timedelta

from conversations.desk import Desk
from conversations.followups import request_prompt
from conversations.types import Prompt
from scheduler.late import Late
from storage.due import DueRow

KIND = "request_reply"
LANE = "reminder"
LATE: Late = "always"
LASTS = timedelta(days=365)


def speak(desk: Desk, due: DueRow) -> Prompt | None:
    case = desk.case(due.case_id) if due.case_id else None
    return request_prompt(desk, case) if case is not None and case.state == "asked" else None
