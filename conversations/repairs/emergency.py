"""The ladder of an emergency: everybody on shift at once, then at 1, 3 and 5 minutes, with telephone numbers for the desk (C-4.5.1c)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from conversations import tokens
from conversations.desk import Desk
from conversations.firm import Person
from conversations.repairs import cards, dispatch
from conversations.repairs.job import Callout, Job
from conversations.spoken import wall
from conversations.types import Option, Prompt
from rules.repairs import emergencies as rule

KIND = "emergency"
LANE = "emergency"
SETTING = "emergency_minutes"
MINUTES = (1, 3, 5)
LEAD = timedelta(seconds=5)  # called a moment before the minute is full, so that it has gone out by then
WAITING = ("open", "sent", "offered")


def alarm(desk: Desk, job: Job) -> Job:
    """In the same second: the shift, and the numbers for the desk; the rungs above are owed at their minutes."""
    shift = desk.on_shift("technician", desk.now, job.area_id)
    offered = dispatch.offer(desk, job, shift, "shift")
    for (_, rung), minutes in zip(rule.LADDER[1:], _minutes(desk), strict=True):
        at = (offered.sent_at or desk.now) + timedelta(minutes=minutes) - LEAD
        desk.remind(KIND, f"{job.id}:{rung}", at, person=job.by_id, case=job.id, rung=rung)
    numbers(desk, offered)
    if not shift:
        climb(desk, offered, "backup")
    return offered


def answered(desk: Desk, job: Job) -> bool:
    """Somebody is on the way: by their own tap, or as the desk heard on the telephone."""
    return job.state not in WAITING or any(one.answer in ("accepted", "reached") for one in desk.callouts(job.id))


def climb(desk: Desk, job: Job, rung: rule.Rung) -> bool:
    """Call the rung and whatever below it was not called; False when it is not needed any more."""
    if answered(desk, job):
        return False
    called = {one.rung for one in desk.callouts(job.id)}
    order = [name for _, name in rule.LADDER]
    for name in order[: order.index(rung) + 1]:
        if name not in called:
            _call(desk, job, name)
    numbers(desk, job)
    return True


def _call(desk: Desk, job: Job, rung: rule.Rung) -> None:
    known = {one.person_id for one in desk.callouts(job.id)}
    for who in _of(desk, job, rung):
        if who.id in known:
            continue
        words = "" if rung in ("shift", "backup") else _so_far(desk, job)
        prompt = cards.card(desk, job) if rung in ("shift", "backup") else _above(desk, job, words)
        outbox = desk.tell(who.id, prompt, lane=LANE, key=f"{KIND}:{job.id}:{rung}:{who.id}")
        desk.call_out(job.id, who.id, rung, outbox=outbox)


def _of(desk: Desk, job: Job, rung: rule.Rung) -> Sequence[Person]:
    """Backup: who else repairs here, on shift in another area or off duty in this one."""
    if rung == "shift":
        return desk.on_shift("technician", desk.now, job.area_id)
    if rung == "backup":
        near = desk.on_shift("technician", desk.now)
        return near or desk.people("technician")
    role = "area_manager" if rung == "area_manager" else "station_master"
    return list(desk.on_shift(role, desk.now, job.area_id)) or desk.people(role)


def _above(desk: Desk, job: Job, words: str) -> Prompt:
    options = (Option("派单", tokens.of_action("dispatch", job.id, job.rev), main=True),)
    return Prompt(f"紧急 {job.urgent}\n{job.title}\n{cards.facts(desk, job)}\n{words}", options)


def _so_far(desk: Desk, job: Job) -> str:
    asked = [desk.person(one.person_id) for one in desk.callouts(job.id)]
    names = "、".join(who.name for who in asked if who is not None)
    return f"{wall(job.sent_at or desk.now, desk)} 派出，{f'{names}还没接' if names else '没有师傅在班'}。"


def numbers(desk: Desk, job: Job) -> None:
    """For whoever is at the desk now: the next number to ring, with the two answers."""
    waiting = [one for one in desk.callouts(job.id) if not one.answer]
    there = list(desk.on_shift("service_desk", desk.now, job.area_id)) or list(desk.on_shift("area_manager", desk.now, job.area_id))
    there = there or list(desk.people("area_manager"))
    took = desk.person(job.by_id)
    if took is not None and not took.left and "service_desk" in took.roles:  # whoever took the call has the telephone in hand
        there = [took, *(who for who in there if who.id != took.id)]
    for who in there[:3]:
        desk.tell(who.id, to_ring(desk, job, waiting), lane=LANE, coalesce=f"{KIND}:{job.id}:ring")


def to_ring(desk: Desk, job: Job, waiting: Sequence[Callout]) -> Prompt:
    """王师傅没有回应，请打电话 139…"""
    lines = [f"紧急 {job.urgent}", job.title, cards.facts(desk, job)]
    options: tuple[Option, ...] = ()
    for one in waiting[:1]:
        who = desk.person(one.person_id)
        phone = desk.phone_of(one.person_id)
        lines.append(f"请打给{who.name if who else ''}：{phone or '没有登记电话'}")
        reached, missed = (tokens.of_action("ring", job.id, one.id, word) for word in ("reached", "missed"))
        options = (Option("打通，他去", reached, main=True), Option("没打通，下一位", missed))
    if not waiting:
        lines.append("没有可打的人了，请打给站长。")
    return Prompt("\n".join(lines), options)


def rung_up(desk: Desk, job: Job, callout: int, word: str) -> Prompt:
    """What the telephone call gave; it counts in the ladder (C-4.5.1c)."""
    found = next((one for one in desk.callouts(job.id) if one.id == callout), None)
    who = desk.person(found.person_id) if found else None
    if found is None or who is None or answered(desk, job):
        return Prompt(f"{job.title}\n已经有人去了。")
    desk.answer_callout(found.id, word)
    if word == "reached":
        for _, rung in rule.LADDER[1:]:
            desk.forget(KIND, f"{job.id}:{rung}")
        desk.tell(who.id, cards.card(desk, desk.job(job.id) or job, "客服说您电话里答应去了，请点接单。"), lane=LANE)
        return Prompt(f"{job.title}\n好，{who.name}去。")
    return to_ring(desk, job, [one for one in desk.callouts(job.id) if not one.answer])


def record(desk: Desk, job: Job) -> str:
    """Who was told what and when, as it can be shown afterwards."""
    lines = []
    for one in desk.callouts(job.id):
        who = desk.person(one.person_id)
        told = f"{desk.calendar.local(one.told_at):%H:%M:%S} 送达" if one.told_at else "未送达"
        answer = {"accepted": "接单", "declined": "去不了", "reached": "电话打通", "missed": "电话没打通"}.get(one.answer, "没有回应")
        lines.append(f"{desk.calendar.local(one.at):%H:%M:%S} {who.name if who else ''}，{told}，{answer}")
    return "\n".join(lines)


def _minutes(desk: Desk) -> Sequence[int]:
    chosen = tuple(int(each) for each in desk.setting(SETTING, MINUTES))
    return chosen if len(chosen) == len(MINUTES) else MINUTES
