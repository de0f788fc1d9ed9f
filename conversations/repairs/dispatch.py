"""Who goes: taking the call, sending, offering, accepting, declining, passing on (C-4.5.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from conversations import tokens
from conversations.desk import Desk
from conversations.desks.repairs import Repairs
from conversations.firm import Person
from conversations.repairs import cards
from conversations.repairs.job import Call, Job
from conversations.spoken import clock_words, wall
from conversations.types import Option, Prompt
from rules.repairs import jobs as rule
from rules.repairs import register as register_rule

ACCEPT_WITHIN = 10  # minutes, until the setting says otherwise
SAME = timedelta(days=14)


class Register(Repairs, Protocol):
    @property
    def now(self) -> datetime: ...


def similar(desk: Register, call: Call) -> Job | None:
    """The same unit and thing, still open (a caller who rings twice)."""
    still = [state for state in rule.STATES if state not in rule.ENDED]
    near = desk.jobs(unit=call.unit_id, states=still, since=desk.now - SAME, limit=10) if call.unit_id else ()
    near = near or (desk.jobs(phone=call.phone, states=still, since=desk.now - SAME, limit=10) if call.phone else ())
    if not near and call.place == "public":
        near = [job for job in desk.jobs(states=still, area=call.area_id, since=desk.now - SAME, limit=50) if job.where == call.where]
    return next((job for job in near if job.trade == call.trade or job.what == call.what), None)


def register(desk: Desk, call: Call) -> Job:
    word = call.urgent or rule.urgent(call.what, desk.setting("emergency_words", rule.SHOUTED))
    job = desk.register_job(call if not word or call.urgent else _urgent(call, word))
    if job.at:
        _remind_of_time(desk, job)
    return job


def send(desk: Desk, job: Job, to: Person) -> Job:
    """To one; whoever was asked before hears that it is settled."""
    moved = desk.step_job(job.id, job.rev, "send", columns={"sent_at": desk.now, "technician_id": None})
    _settled(desk, job, f"这张已派给{to.name}，您不用管了。", but=to.id)
    _ask(desk, moved, [to], "sent")
    return _job(desk, moved)


def offer(desk: Desk, job: Job, among: Sequence[Person], rung: str = "offered") -> Job:
    """To everybody on shift; the first to accept has it."""
    moved = desk.step_job(job.id, job.rev, "offer", columns={"sent_at": job.sent_at or desk.now, "technician_id": None})
    _settled(desk, job, "这张改派了，您不用管了。", but=0)
    _ask(desk, moved, among, rung)
    return _job(desk, moved)


def accept(desk: Desk, job: Job, rev: int) -> Job:
    taken = desk.step_job(job.id, rev, "accept", columns={"technician_id": desk.me.id, "accepted_at": desk.now})
    for one in desk.callouts(job.id):
        if one.person_id == desk.me.id and not one.answer:
            desk.answer_callout(one.id, "accepted")
    _settled(desk, job, f"{desk.me.name} {wall(desk.now, desk)} 接了，您不用管了。", but=desk.me.id)
    tell_desk(desk, taken, f"{desk.me.name} {wall(desk.now, desk)} 接单。")
    return _job(desk, taken)


def decline(desk: Desk, job: Job, rev: int, why: str) -> Job:
    """Back to the desk when it was sent to one; one of many only steps aside."""
    mine = [one for one in desk.callouts(job.id) if one.person_id == desk.me.id and not one.answer]
    if job.state == "sent":
        job = desk.step_job(job.id, rev, "decline", why=why)
    for one in mine:
        desk.answer_callout(one.id, "declined", why)
    left = desk.job(job.id)
    if left is None or left.state == "open" or not left.asked:
        tell_desk(desk, left or job, f"{desk.me.name}去不了：{why}。请另派。", dispatch=True)
    return left or job


def transfer(desk: Desk, job: Job, rev: int, to: Person) -> Job:
    """The technician's to a colleague, or the desk's: theirs once accepted."""
    moved = desk.step_job(job.id, rev, "transfer", columns={"technician_id": None, "accepted_at": None})
    _ask(desk, moved, [to], "sent")
    tell_desk(desk, moved, f"{desk.me.name}转给{to.name}了。")
    return _job(desk, moved)


def tell_desk(desk: Desk, job: Job, words: str, *, dispatch: bool = False, attach: Sequence[str] = (), options: tuple[Option, ...] = ()) -> None:
    """The one who took the call; when they are gone, whoever is on the desk now."""
    options = (Option("派单", tokens.of_action("dispatch", job.id, job.rev), main=True),) if dispatch else options
    there = [who.id for who in desk.on_shift("service_desk", desk.now, job.area_id)]
    to = [job.by_id] if job.by_id in there or not there else there[:1]
    for person in to:
        if person != desk.me.id:
            desk.tell(person, Prompt(f"{job.title}\n{words}", options, attach=tuple(attach)))


def tell_area(desk: Desk, job: Job, prompt: Prompt, key: str = "") -> bool:
    """The area manager on duty, else any; False when there is none."""
    there = list(desk.on_shift("area_manager", desk.now, job.area_id)) or list(desk.people("area_manager"))
    for who in there[:1]:
        if who.id != desk.me.id:
            desk.tell(who.id, cards.named(prompt, job), key=key)
    return bool(there)


def _ask(desk: Desk, job: Job, among: Sequence[Person], rung: str) -> None:
    lane = "emergency" if job.urgent else "reply"
    for who in among:
        outbox = desk.tell(who.id, cards.card(desk, job), lane=lane)
        desk.call_out(job.id, who.id, rung, outbox=outbox)
    if not job.urgent:
        within = timedelta(minutes=int(desk.setting("job_accept_minutes", ACCEPT_WITHIN)))
        asked = sorted(who.id for who in among)
        desk.remind("job_unaccepted", f"{job.id}:{job.rev}:1", desk.now + within, person=_at_desk(desk, job), case=job.id, step=1, asked=asked)


def _settled(desk: Desk, job: Job, words: str, *, but: int) -> None:
    for person in desk.end_callouts(job.id):
        if person not in (but, desk.me.id):
            desk.tell(person, Prompt(f"{job.title}\n{words}"))


def _remind_of_time(desk: Desk, job: Job) -> None:
    """60 and 15 minutes before (C-4.5.1b)."""
    for before in rule.BEFORE:
        if job.at and job.at - before > desk.now:
            minutes = int(before.total_seconds() // 60)
            desk.remind("job_time", f"{job.id}:{minutes}", job.at - before, person=job.technician_id or job.by_id, case=job.id, minutes=minutes)
    if job.at:
        at, whose = job.at.isoformat(), _at_desk(desk, job)
        desk.remind("job_time", f"{job.id}:late:{at}", job.at + register_rule.LATE_AFTER, person=whose, case=job.id, late=True, booked=at)


def _at_desk(desk: Desk, job: Job) -> int:
    """Who took the call, when they may dispatch; what tenants report themselves is with the desk on shift."""
    who = desk.person(job.by_id)
    if who is not None and not who.left and who.roles & {"service_desk", "area_manager"}:
        return job.by_id
    there = list(desk.on_shift("service_desk", desk.now, job.area_id)) or list(desk.people("service_desk"))
    return there[0].id if there else job.by_id


def booked(desk: Desk, job: Job) -> None:
    _remind_of_time(desk, job)
    if job.at and job.technician_id and job.technician_id != desk.me.id:
        desk.tell(job.technician_id, Prompt(f"{job.title}\n时间改到 {clock_words(job.at, desk)}。"))


def _urgent(call: Call, word: str) -> Call:

    return replace(call, urgent=word)


def _job(desk: Desk, job: Job) -> Job:
    return desk.job(job.id) or job
