"""The manager has answered; the customer still has to hear it (A-4.4.6b)."""

from __future__ import annotations

from datetime import timedelta

from conversations import tokens
from conversations.desk import Desk
from conversations.types import Option, Prompt
from scheduler import spoken
from scheduler.late import Late
from storage.due import DueRow

KIND = "request_told"
LANE = "reminder"
LATE: Late = "always"
LASTS = timedelta(days=365)


def speak(desk: Desk, due: DueRow) -> Prompt | None:
    case = desk.case(due.case_id) if due.case_id else None
    if case is None or case.state != "answered":
        return None
    answer = str(case.data.get("answer") or "")
    text = f"{spoken.about(desk, case)}。经理的答复{f'：{answer}' if answer else '到了'}。客户知道了吗？"
    told = tokens.of_action("request", case.id, case.rev, "told")
    return Prompt(text, options=(Option("已告诉客户", told, main=True),), title="客户要求")
