"""The proposal is there and the customer still has to hear it (A-3.3.7A)."""

from __future__ import annotations

from datetime import timedelta

from conversations import proposals
from conversations.desk import Desk
from conversations.types import Prompt
from scheduler.late import Late
from storage.due import DueRow

KIND = "need_answer"
LANE = "reminder"
LATE: Late = "always"
LASTS = timedelta(days=365)


def speak(desk: Desk, due: DueRow) -> Prompt | None:
    case = desk.case(due.case_id) if due.case_id else None
    return proposals.to_answer(desk, case) if case is not None and case.state == "proposed" else None
