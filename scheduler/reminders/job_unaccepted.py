"""A job sent out and not accepted in time: chased, then offered to the shift, then with the area manager; the desk hears each step (C-4.5.1a)."""

from __future__ import annotations

from datetime import timedelta

from conversations import tokens
from conversations.desk import Desk, NotAllowed
from conversations.repairs import dispatch, taking
from conversations.repairs.job import Job
from conversations.types import Option, Prompt
from rules.errors import RuleBroken
from rules.repairs.register import ACCEPT_WITHIN
from scheduler.late import Late
from storage.due import DueRow

KIND = "job_unaccepted"
LANE = "reminder"
LATE: Late = "always"
LASTS = timedelta(hours=4)
STEPS = 3


def speak(desk: Desk, due: DueRow) -> Prompt | None:
    job = desk.job(due.case_id) if due.case_id else None
    if job is None or job.state not in ("sent", "offered") or not job.asked <= set(due.args.get("asked", job.asked)):
        return None  # others are asked by now
    nth = int(due.args.get("step", 1))
    names = "、".join(who.name for id in sorted(job.asked) if (who := desk.person(id)) is not None) or "师傅"
    done, job = _next(desk, job, nth)
    if nth < STEPS and job.state in ("sent", "offered"):
        within = timedelta(minutes=int(desk.setting("job_accept_minutes", ACCEPT_WITHIN)))
        desk.remind(KIND, f"{job.id}:{job.rev}:{nth + 1}", desk.now + within, person=desk.me.id, case=job.id, step=nth + 1, asked=sorted(job.asked))
    options = (
        Option("催一下", tokens.of_action("chase_job", job.id, job.rev)),
        Option("改派", tokens.of_action("dispatch", job.id, job.rev), main=True),
    )
    return Prompt(f"{job.title}\n{names}还没接单。{done}", options)


def _next(desk: Desk, job: Job, nth: int) -> tuple[str, Job]:
    """What was done about it, and the job as it stands then."""
    if nth == 1:
        return ("已催一次。" if taking.chase(desk, job) else ""), job
    if nth == 2 and job.state == "sent":
        try:
            moved = taking.offer(desk, job)
        except (NotAllowed, RuleBroken):  # who took the call is not on the desk any more
            return "", job
        return ("已发给在班的师傅，先接先得。" if moved.rev != job.rev else ""), moved
    options = (Option("派单", tokens.of_action("dispatch", job.id, job.rev), main=True),)
    if dispatch.tell_area(desk, job, Prompt(f"没有师傅接单：{job.what}。", options), f"unaccepted:{job.id}:{job.rev}"):
        return "已报片区经理。", job
    return "", job
