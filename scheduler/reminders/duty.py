"""Nobody is there for a duty: the admin hears it once (A-1.3, A-4.1d)."""

from __future__ import annotations

from datetime import timedelta

from conversations.desk import Desk
from conversations.types import Prompt
from scheduler.late import Late
from storage.due import DueRow

KIND = "duty"
LANE = "reminder"
LATE: Late = "drop"
LASTS = timedelta(days=30)


def speak(desk: Desk, due: DueRow) -> Prompt | None:
    lack = next((one for one in desk.duties_lacking() if one.key == due.args["lack"]), None)
    if lack is None or "admin" not in desk.me.roles:
        return None
    return Prompt(f"{lack.text}写「办公」到网页上安排。")
