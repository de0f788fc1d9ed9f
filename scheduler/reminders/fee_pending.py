"""A dispute about the fee waits for the desk (C-4.5.5c)."""

from __future__ import annotations

from datetime import timedelta

from conversations.desk import Desk
from conversations.repairs import dispatch, overview
from conversations.types import Prompt
from scheduler.late import Late
from storage.due import DueRow

KIND = "fee_pending"
LANE = "reminder"
LATE: Late = "always"
LASTS = timedelta(days=30)
STEPS, LATER = 4, timedelta(hours=12)  # after so many, twice a day


def speak(desk: Desk, due: DueRow) -> Prompt | None:
    """The desk is asked again as often as it takes; from the second time the area manager knows."""
    job = desk.job(due.case_id) if due.case_id else None
    if job is None or job.state != "fee_pending" or due.args.get("since", job.data.get("disputed_at")) != job.data.get("disputed_at"):
        return None
    nth, whose = int(due.args.get("nth", 1)), dispatch.at_desk(desk, job)
    if whose and whose != desk.me.id and desk.me.id not in {who.id for who in desk.over_area(job.area_id)}:
        desk.remind(KIND, f"{due.key}:{whose}", desk.now, person=whose, case=job.id, nth=nth, since=job.data.get("disputed_at"))
        return None  # who had it has gone home
    within = timedelta(minutes=int(desk.setting("fee_pending_minutes")))
    again = desk.now + (within if nth < STEPS else LATER)
    desk.remind(KIND, f"{job.id}:{again.isoformat()}", again, person=desk.me.id, case=job.id, nth=nth + 1, since=job.data.get("disputed_at"))
    who = job.caller or "客户"
    if nth > 1:
        dispatch.tell_area(desk, job, Prompt(f"{who}对收费有疑问，{nth} 次提醒还没说好，请定。", overview.disputed(job)), f"{KIND}:{due.key}")
    return Prompt(f"{job.title}\n{who}对收费有疑问，还没说好。{job.phone}", overview.disputed(job))
