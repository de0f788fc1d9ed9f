"""The day's log has written itself and waits for one tap, an hour and a quarter of an hour before the end of work (A-3.3.6a)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from conversations import daylog, owedlogs
from conversations.desk import Desk
from conversations.types import Prompt
from scheduler.late import Late
from storage.due import DueRow

KIND = "log_due"
LANE = "reminder"
LATE: Late = "drop"
LASTS = timedelta(minutes=14)  # before the next step


def speak(desk: Desk, due: DueRow) -> Prompt | None:
    day = date.fromisoformat(due.args["day"])
    if owedlogs.stands(desk, desk.me.id, day) != "missing":
        return None
    card = daylog.draft(desk, day)
    closes = desk.calendar.local(desk.calendar.at(day, desk.me.closes))
    return card if due.args["step"] > 15 else replace(card, text=f"{closes:%H:%M} 下班，日志还没交。{card.text}")
