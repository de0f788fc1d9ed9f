"""An appointment in 60 or 15 minutes; past it with nobody there, the desk rings the tenant, whose page says so too (C-4.5.1b)."""

from __future__ import annotations

from datetime import datetime, timedelta

from conversations import tokens
from conversations.desk import Desk
from conversations.repairs import cards, dispatch
from conversations.repairs.job import Job
from conversations.spoken import wall
from conversations.types import Option, Prompt
from rules.repairs import jobs, register
from scheduler.late import Late
from storage.due import DueRow

KIND = "job_time"
LANE = "reminder"
LATE: Late = "drop"
LASTS = timedelta(minutes=30)
WAITING = ("open", "sent", "offered", "accepted")
AT_DESK = frozenset({"service_desk", "area_manager"})


def speak(desk: Desk, due: DueRow) -> Prompt | None:
    job = desk.job(due.case_id) if due.case_id else None
    if job is None or job.at is None or job.state not in WAITING:
        return None
    if due.args.get("booked", job.at.isoformat()) != job.at.isoformat():
        return None  # another time was agreed since
    if due.args.get("late"):
        return _late(desk, job)
    if job.at < desk.now:
        return None
    minutes = int((job.at - desk.now).total_seconds() // 60)
    if job.state == "accepted" and job.technician_id and job.technician_id != desk.me.id:
        desk.remind(KIND, f"{due.key}:{job.technician_id}", desk.now, person=job.technician_id, case=job.id, booked=job.at.isoformat())
        return None
    if job.state != "accepted":
        if desk.me.roles.isdisjoint(AT_DESK):  # whose it was has passed it on
            desk.remind(KIND, f"{due.key}:desk", desk.now, person=dispatch.at_desk(desk, job), case=job.id, booked=job.at.isoformat())
            return None
        said = f"约了 {wall(job.at, desk)}，现在是「{jobs.STATES[job.state]}」。"
        return Prompt(f"{job.title}\n{said}", (Option("派单", tokens.of_action("dispatch", job.id, job.rev), main=True),))
    return cards.card(desk, job, f"还有 {minutes} 分钟，\n约了 {wall(job.at, desk)}。")


def _late(desk: Desk, job: Job) -> Prompt | None:
    """Noted on the job: that is what the tenant's page reads; as late as the technician said, it is asked again then."""
    until = datetime.fromisoformat(job.data["late_until"]) if job.data.get("late_until") else None
    if until is not None and until > desk.now and job.at is not None:
        key = f"{job.id}:late:{job.at.isoformat()}:{until.isoformat()}"
        desk.remind(KIND, key, until + register.LATE_AFTER, person=desk.me.id, case=job.id, late=True, booked=job.at.isoformat())
        return None
    desk.note_job(job.id, "late", late_at=desk.now.isoformat())
    who = desk.person(job.technician_id) if job.technician_id else None
    going = f"{who.name}还没到" if who is not None else "还没有师傅接单"
    options: tuple[Option, ...] = ()
    if job.state != "accepted":
        options = (Option("派单", tokens.of_action("dispatch", job.id, (desk.job(job.id) or job).rev), main=True),)
    phone = desk.phone_of(job.technician_id) if job.technician_id else ""
    ask = f"请问 {phone}，再" if phone else "请"
    return Prompt(f"{job.title}\n约了 {wall(job.at or desk.now, desk)}，{going}。{ask}给客户说一声：{job.caller} {job.phone}".rstrip(), options)
