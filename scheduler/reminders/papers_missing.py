"""At close: whose papers and money are not handed over, to them and to the manager of their area, once (C-4.6b)."""

from __future__ import annotations

from datetime import date, timedelta

from conversations.desk import Desk
from conversations.firm import Person
from conversations.repairs import evening
from conversations.types import Prompt
from scheduler.late import Late
from storage.due import DueRow

KIND = "papers_missing"
LANE = "reminder"
LATE: Late = "latest"
LASTS = timedelta(hours=6)


def speak(desk: Desk, due: DueRow) -> Prompt | None:
    day = date.fromisoformat(due.args["day"]) if "day" in due.args else desk.calendar.day_of(desk.now)
    owed = evening.owed(desk, day)
    if not owed:
        return None
    words = evening.counted(owed)
    for who in _above(desk)[:1]:
        desk.tell(who.id, Prompt(f"下班了，{desk.me.name}还有 {words}没交客服。明早的汇总里会再列。"), lane=LANE, key=f"{KIND}:{due.key}:{who.id}")
    card = evening.card(desk)
    return Prompt(f"下班了，还没交：\n{words}。", card.options)


def _above(desk: Desk) -> list[Person]:
    """The manager of the area where the newest of it was worked for, at work or not."""
    jobs = [desk.job(one.case_id) for one in evening.held(desk) if one.case_id]
    area = next((job.area_id for job in reversed(jobs) if job is not None), None)
    return [who for who in desk.over_area(area) if who.id != desk.me.id]
