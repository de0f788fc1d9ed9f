"""On the set day of the month each rep's figures of the month before, to look at and to object to (A-2.1, A-3.3.6c)."""

from __future__ import annotations

from datetime import timedelta

from conversations import statements
from conversations.desk import Desk
from conversations.types import Prompt
from scheduler.late import Late
from storage.due import DueRow

KIND = "statement"
LANE = "reminder"
LATE: Late = "always"
LASTS = timedelta(days=31)


def speak(desk: Desk, due: DueRow) -> Prompt | None:
    case = statements.issued(desk, str(due.args["month"]))
    return statements.to_owner(case) if case is not None and case.state == "issued" else None
