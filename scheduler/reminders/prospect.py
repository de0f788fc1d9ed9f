"""The last day of a survey: with the morning card, what is still to be found out (A-3.3.7)."""

from __future__ import annotations

from datetime import timedelta

from conversations import surveys, tokens
from conversations.desk import Desk
from conversations.types import Option, Prompt
from scheduler.late import Late
from storage.due import DueRow

KIND = "prospect"
LANE = "reminder"
LATE: Late = "always"
LASTS = timedelta(days=30)


def speak(desk: Desk, due: DueRow) -> Prompt | None:
    case = desk.case(due.case_id) if due.case_id else None
    if case is None or case.state != "open" or case.person_id != desk.me.id or not surveys.missing(case):
        return None
    if case.day is not None and case.day > desk.calendar.day_of(desk.now):
        return None  # put off since: another one was set
    name = surveys.name(desk, case)
    text = f"{name}的客户调查今天要做完，还差 {len(surveys.missing(case))} 项：{'、'.join(surveys.missing(case))}。问不到的写明原因就行。"
    return Prompt(text, (Option(f"填{name}", tokens.of_action("survey", case.id), main=True),))
