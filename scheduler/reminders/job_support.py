"""A technician's call for support: repeated to the area manager until somebody answers, then to the station master as well (C-4.2.2)."""

from __future__ import annotations

from datetime import timedelta

from conversations.desk import Desk
from conversations.repairs import cards, visit
from conversations.types import Prompt
from rules.repairs import jobs
from scheduler.late import Late
from storage.due import DueRow

KIND = "job_support"
LANE = "reminder"
LATE: Late = "drop"
LASTS = timedelta(hours=1)
STEPS = 6  # an hour


def speak(desk: Desk, due: DueRow) -> Prompt | None:
    job = desk.job(due.case_id) if due.case_id else None
    asked, nth = str(due.args["asked"]), int(due.args.get("nth", 1))
    if job is None or job.state in jobs.ENDED or str(job.data.get("helped_at", "")) >= asked or job.data.get("asked_help") != asked:
        return None
    asker = visit.asked_for_help(job)
    if asker not in (job.technician_id, *job.asked):
        return None  # who asked does not go after all
    who = desk.person(asker) if asker else None
    words = f"{who.name if who else '师傅'}还在等支援。{desk.phone_of(who.id) if who else ''}\n{job.what}"
    prompt = Prompt(f"{job.title}\n{words}", (cards.button("我马上联系", job, "helping", main=True),))
    if nth > 1:
        for master in desk.over_area(job.area_id, "station_master")[:1]:
            desk.tell(master.id, prompt, key=f"{KIND}:{job.id}:{asked}:{master.id}")
    if nth < STEPS:
        at = desk.now + visit.HELP_WITHIN
        desk.remind(KIND, f"{job.id}:{at.isoformat()}", at, person=desk.me.id, case=job.id, asked=asked, nth=nth + 1)
    return prompt
