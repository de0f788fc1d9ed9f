"""At the end of work the log is not there: a word to the rep, one card to the supervisor (A-3.3.6b)."""

from __future__ import annotations

from datetime import date, timedelta

from conversations import owedlogs, tokens
from conversations.desk import Desk
from conversations.types import Option, Prompt
from scheduler.late import Late
from storage.due import DueRow

KIND = "log_missing"
LANE = "reminder"
LATE: Late = "drop"
LASTS = timedelta(hours=2)
NAMED = 3


def speak(desk: Desk, due: DueRow) -> Prompt | None:
    day = date.fromisoformat(due.args["day"])
    return _to_supervisor(desk, day, due.args["closes"]) if "closes" in due.args else _to_rep(desk, day)


def _to_rep(desk: Desk, day: date) -> Prompt | None:
    if owedlogs.stands(desk, desk.me.id, day) != "missing":
        return None
    chief = desk.supervisor_of(desk.me.id)
    to = chief.name if chief else "主管"
    return Prompt(f"今天的日志还没交给{to}。看一眼就能交。", options=(Option("看日志并交", tokens.of_action("log", f"{day:%Y%m%d}"), main=True),))


def _to_supervisor(desk: Desk, day: date, closes: str) -> Prompt | None:
    late = owedlogs.missing(desk, [who for who in owedlogs.reps_under(desk, desk.me.id, "supervisor") if who.closes == closes], day)
    if not late:
        return None
    names = "、".join(who.name for who in late)
    options = []
    for who in late[:NAMED]:
        options.append(Option(f"催{who.name}", tokens.of_action("chase", who.id, f"{day:%Y%m%d}")))
        options.append(Option(f"{who.name}算请假", tokens.of_action("excuse", who.id, f"{day:%Y%m%d}")))
    return Prompt(f"下班了，{names}今天的日志未交（{len(late)} 人）。", options=tuple(options))
