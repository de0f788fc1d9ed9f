"""Who goes: taking the call, sending, offering, accepting, declining, passing on (C-4.5.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from conversations import tokens
from conversations.desk import Desk
from conversations.desks.repairs import Repairs
from conversations.firm import Person
from conversations.repairs import cards, keys
from conversations.repairs.job import Call, Job
from conversations.spoken import clock_words, wall
from conversations.types import Option, Prompt
from rules.errors import RuleBroken
from rules.repairs import jobs as rule
from rules.repairs import register as register_rule

ACCEPT_WITHIN = 10  # minutes, until the setting says otherwise
SAME = timedelta(days=14)
UNENDED = ("open", "sent", "offered", "accepted", "arrived", "found", "quoted", "working")  # the water may still be running


class Register(Repairs, Protocol):
    @property
    def now(self) -> datetime: ...
    def setting(self, name: str, default: Any = None) -> Any: ...


def similar(desk: Register, call: Call) -> Job | None:
    """The same unit and thing, still open (a caller who rings twice). An emergency is the same only as one that somebody is still to end."""
    urgent = bool(call.urgent or rule.urgent(call.what, desk.setting("emergency_words", rule.SHOUTED)))
    still = list(UNENDED) if urgent else [state for state in rule.STATES if state not in rule.ENDED]
    near = desk.jobs(unit=call.unit_id, states=still, since=desk.now - SAME, limit=10) if call.unit_id else ()
    near = near or (desk.jobs(phone=call.phone, states=still, since=desk.now - SAME, limit=10) if call.phone else ())
    if not near and call.place == "public":
        near = [job for job in desk.jobs(states=still, area=call.area_id, since=desk.now - SAME, limit=50) if job.where == call.where]
    same = (job for job in near if job.trade == call.trade or job.what == call.what)
    return next((job for job in same if job.urgent or not urgent), None)


def register(desk: Desk, call: Call) -> Job:
    word = call.urgent or rule.urgent(call.what, desk.setting("emergency_words", rule.SHOUTED))
    job = desk.register_job(call if not word or call.urgent else _urgent(call, word))
    if job.at:
        _remind_of_time(desk, job)
    return job


def send(desk: Desk, job: Job, to: Person) -> Job:
    """To one; whoever was asked before hears that it is settled."""
    moved = desk.step_job(job.id, job.rev, "send", columns={"sent_at": desk.now, "technician_id": None})
    _settled(desk, job, f"这张已派给{to.name}，\n您不用管了。", but=to.id)
    _ask(desk, moved, [to], "sent")
    return _job(desk, moved)


def offer(desk: Desk, job: Job, among: Sequence[Person], rung: str = "offered") -> Job:
    """To everybody on shift; the first to accept has it."""
    moved = desk.step_job(job.id, job.rev, "offer", columns={"sent_at": job.sent_at or desk.now, "technician_id": None})
    _settled(desk, job, "这张改派了，\n您不用管了。", but=0)
    _ask(desk, moved, among, rung)
    return _job(desk, moved)


def accept(desk: Desk, job: Job, rev: int) -> Job:
    taken = desk.step_job(job.id, rev, "accept", columns={"technician_id": desk.me.id, "accepted_at": desk.now}, late_at="", late_until="")
    for one in desk.callouts(job.id):
        if one.person_id == desk.me.id and not one.answer:
            desk.answer_callout(one.id, "accepted")
    _settled(desk, job, f"{desk.me.name} {wall(desk.now, desk)} 接了，\n您不用管了。", but=desk.me.id)
    tell_desk(desk, taken, f"{desk.me.name} {wall(desk.now, desk)} 接单。", options=keys.offer(taken))
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
    """The technician's to a colleague, or the desk's: theirs once accepted; whose it was hears it."""
    if to.id == job.technician_id:
        raise RuleBroken("C-4.5.1a", f"这张本来就是{to.name}的。")
    moved = desk.step_job(job.id, rev, "transfer", columns={"technician_id": None, "accepted_at": None, "arrived_at": None})
    _ask(desk, moved, [to], "sent")
    if job.technician_id != desk.me.id:
        desk.tell(job.technician_id, Prompt(f"{job.title}\n这张改派给{to.name}了，\n您不用去了。"))
    tell_desk(desk, moved, f"{desk.me.name}转给{to.name}了。")
    return _job(desk, moved)


def tell_desk(desk: Desk, job: Job, words: str, *, dispatch: bool = False, attach: Sequence[str] = (), options: tuple[Option, ...] = ()) -> None:
    """The one who took the call; when they are gone, whoever is on the desk now, at night whoever the rota names."""
    options = (Option("派单", tokens.of_action("dispatch", job.id, job.rev), main=True),) if dispatch else options
    who = at_desk(desk, job)
    if who and who != desk.me.id:
        desk.tell(who, Prompt(f"{job.title}\n{words}", options, attach=tuple(attach)))


def at_desk(desk: Desk, job: Job) -> int:
    """Who took the call while they are at work, else whoever is; nobody at work: who took it finds it in the morning."""
    desks = [who.id for who in desk.on_shift("service_desk", desk.now, job.area_id)]
    if job.by_id in desks:
        return job.by_id
    managers = [who.id for who in desk.on_shift("area_manager", desk.now, job.area_id)]
    if job.by_id in managers:
        return job.by_id
    if desks or managers:
        return (desks or managers)[0]
    took = desk.person(job.by_id)
    if took is not None and not took.left and took.roles & {"service_desk", "area_manager"}:
        return job.by_id
    return next((who.id for who in (*desk.people("service_desk"), *desk.over_area(job.area_id))), 0)


def tell_area(desk: Desk, job: Job, prompt: Prompt, key: str = "") -> bool:
    """The manager of the area; False when there is none."""
    who = area_manager(desk, job)
    if who is not None and who.id != desk.me.id:
        desk.tell(who.id, cards.named(prompt, job), key=key)
    return who is not None


def area_manager(desk: Desk, job: Job) -> Person | None:
    """At work or by the rota, else whoever answers for the area."""
    return next(iter((*desk.on_shift("area_manager", desk.now, job.area_id), *desk.over_area(job.area_id))), None)


def _ask(desk: Desk, job: Job, among: Sequence[Person], rung: str) -> None:
    lane = "emergency" if job.urgent else "reply"
    for who in among:
        outbox = desk.tell(who.id, cards.card(desk, job), lane=lane)
        desk.call_out(job.id, who.id, rung, outbox=outbox)
    if not job.urgent:
        within = timedelta(minutes=int(desk.setting("job_accept_minutes", ACCEPT_WITHIN)))
        asked = sorted(who.id for who in among)
        desk.remind("job_unaccepted", f"{job.id}:{job.rev}:1", desk.now + within, person=at_desk(desk, job), case=job.id, step=1, asked=asked)


def _settled(desk: Desk, job: Job, words: str, *, but: int) -> None:
    for person in desk.end_callouts(job.id):
        if person not in (but, desk.me.id):
            desk.tell(person, Prompt(f"{job.title}\n{words}"))


def _remind_of_time(desk: Desk, job: Job) -> None:
    """60 and 15 minutes before, and when it is past (C-4.5.1b); an earlier appointment's say nothing any more."""
    if job.at is None:
        return
    at, whose = job.at.isoformat(), at_desk(desk, job)
    for before in rule.BEFORE:
        minutes, to = int(before.total_seconds() // 60), job.technician_id or whose
        if job.at - before > desk.now:
            desk.remind("job_time", f"{job.id}:{minutes}:{at}", job.at - before, person=to, case=job.id, minutes=minutes, booked=at)
    desk.remind("job_time", f"{job.id}:late:{at}", job.at + register_rule.LATE_AFTER, person=whose, case=job.id, late=True, booked=at)


def booked(desk: Desk, job: Job) -> None:
    """Whose it is, or who is asked, gets the card with the new time."""
    _remind_of_time(desk, job)
    if job.at is None:
        return
    for person in {job.technician_id, *job.asked} - {0, desk.me.id}:
        desk.tell(person, cards.card(desk, job, f"时间改到 {clock_words(job.at, desk)}。"))


def _urgent(call: Call, word: str) -> Call:
    return replace(call, urgent=word)


def _job(desk: Desk, job: Job) -> Job:
    return desk.job(job.id) or job
