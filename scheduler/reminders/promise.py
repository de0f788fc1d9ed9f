"""An answer promised to a customer falls due (A-4.4.6b, A-3.3.7A)."""

from __future__ import annotations

from datetime import timedelta

from conversations import tokens
from conversations.desk import Desk
from conversations.firm import Case
from conversations.spoken import clock_words, spaced
from conversations.types import Option, Prompt
from scheduler import spoken
from scheduler.late import Late
from storage.due import DueRow

KIND = "promise"
LANE = "reminder"
LATE: Late = "always"
LASTS = timedelta(days=365)


def speak(desk: Desk, due: DueRow) -> Prompt | None:
    case = desk.case(due.case_id) if due.case_id else None
    if case is None or case.state != "open" or case.at is None:
        return None
    owner = desk.person(case.person_id)
    if owner is not None and owner.id == desk.me.id and desk.on_leave(owner.id, desk.calendar.day_of(desk.now)):
        _stand_in(desk, due, case)
        return None
    whose = "" if owner is None or owner.id == desk.me.id else f"{owner.name}不在，"
    when = clock_words(case.at, desk)
    what = spoken.about(desk, case, by_name=not whose)
    text = (
        f"{whose}答应客户的：{what}，{when} 前答复。"
        if case.at > desk.now
        else f"{whose}答应客户的：{what}，{spaced('原定', when)}，还没有记下答复。"
    )
    if whose:
        return Prompt(text, options=(Option("转交", tokens.of_action("pass", case.id, case.rev), main=True),))
    kept, later = (tokens.of_action("promise", case.id, case.rev, answer) for answer in ("kept", "later"))
    return Prompt(text, options=(Option("已答复", kept, main=True), Option("晚一点", later)))


def _stand_in(desk: Desk, due: DueRow, case: Case) -> None:
    """On leave: the supervisor, or whoever stands in, hears it instead (A-1.3)."""
    chief = desk.supervisor_of(case.person_id)
    if chief is not None and chief.id != desk.me.id:
        desk.remind(KIND, f"{due.key}:{chief.id}", desk.now, person=chief.id, case=case.id)
