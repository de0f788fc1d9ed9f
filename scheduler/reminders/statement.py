"""On the set day each rep's figures of the month before, to look at and to object to; of who has left, to the manager (A-2.1, A-3.3.6c)."""

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
    whose = int(due.args.get("of", desk.me.id))
    case = statements.issued(desk, str(due.args["month"]), whose)
    if case is None or case.state != "issued":
        return None
    return statements.to_owner(case) if whose == desk.me.id else statements.to_manager(desk, case)
