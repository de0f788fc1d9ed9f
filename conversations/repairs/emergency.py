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
from rules.repairs import jobs as job_rule
from rules.repairs import register

KIND = "emergency"
LANE = "emergency"
SETTING = "emergency_minutes"
MINUTES = (1, 3, 5)
ARRIVE = "arrive"
LEAD = timedelta(seconds=5)  # called a moment before the minute is full, so that it has gone out by then
WAITING = ("open", "sent", "offered")


def alarm(desk: Desk, job: Job) -> Job:
    """In the same second: the shift, and the numbers for the desk; the rungs above are owed at their minutes."""
    shift = desk.on_shift("technician", desk.now, job.area_id)
    offered = dispatch.offer(desk, job, shift, "shift")
    for (_, rung), minutes in zip(rule.LADDER[1:], _minutes(desk), strict=True):
        at = (offered.sent_at or desk.now) + timedelta(minutes=minutes) - LEAD
        desk.remind(KIND, f"{job.id}:{rung}", at, person=job.by_id, case=job.id, rung=rung)
    there = (offered.sent_at or desk.now) + rule.ARRIVE_WITHIN
    desk.remind(KIND, f"{job.id}:{ARRIVE}", there, person=job.by_id, case=job.id, rung=ARRIVE)
    numbers(desk, offered, desk.callouts(job.id))
    if not shift:
        climb(desk, offered, "backup")
    return offered


def answered(job: Job, called: Sequence[Callout]) -> bool:
    """Somebody is on the way: by their own tap, or as the desk heard on the telephone."""
    return job.state not in WAITING or any(one.answer in ("accepted", "reached") for one in called)


def climb(desk: Desk, job: Job, rung: rule.Rung) -> bool:
    """Call the rung and whatever below it was not called; False when it is not needed any more."""
    called = list(desk.callouts(job.id))
    if answered(job, called):
        return False
    rungs = {one.rung for one in called}
    order = [name for _, name in rule.LADDER]
    for name in order[: order.index(rung) + 1]:
        if name not in rungs:
            called += _call(desk, job, name, called)
    numbers(desk, job, called)
    return True


def _call(desk: Desk, job: Job, rung: rule.Rung, called: Sequence[Callout]) -> list[Callout]:
    known = {one.person_id for one in called}
    to = [who for who in _of(desk, job, rung) if who.id not in known]
    if not to:
        return []
    prompt = cards.card(desk, job) if rung in ("shift", "backup") else _above(desk, job, _so_far(desk, job, called), rung)
    told = [(who, desk.tell(who.id, prompt, lane=LANE, key=f"{KIND}:{job.id}:{rung}:{who.id}")) for who in to]
    return [desk.call_out(job.id, who.id, rung, outbox=outbox) for who, outbox in told]


def _of(desk: Desk, job: Job, rung: rule.Rung) -> Sequence[Person]:
    """Backup: who else repairs here, on shift in another area or off duty in this one."""
    if rung == "shift":
        return desk.on_shift("technician", desk.now, job.area_id)
    if rung == "backup":
        near = desk.on_shift("technician", desk.now)
        return near or desk.people("technician")
    role = "area_manager" if rung == "area_manager" else "station_master"
    return list(desk.on_shift(role, desk.now, job.area_id)) or list(desk.over_area(job.area_id, role))


def _above(desk: Desk, job: Job, words: str, rung: rule.Rung) -> Prompt:
    """The area manager may send somebody; the station master has the numbers: to dispatch is not theirs (C-4.5.1a)."""
    options: tuple[Option, ...] = (Option("派单", tokens.of_action("dispatch", job.id, job.rev), main=True),)
    if rung == "station_master":
        options, names = (cards.button("看全部", job, "show"),), [desk.person(one.person_id) for one in desk.callouts(job.id)]
        words += "\n请打电话：" + "".join(f"\n{who.name} {desk.phone_of(who.id)}" for who in names if who is not None)
    return Prompt(f"紧急 {job.urgent}\n{job.title}\n{cards.facts(desk, job)}\n{words}", options)


def _so_far(desk: Desk, job: Job, called: Sequence[Callout]) -> str:
    asked = [desk.person(one.person_id) for one in called]
    names = "、".join(who.name for who in asked if who is not None)
    return f"{wall(job.sent_at or desk.now, desk)} 派出，{f'{names}还没接' if names else '没有师傅在班'}。"


def numbers(desk: Desk, job: Job, called: Sequence[Callout]) -> None:
    """For whoever is at the desk now: the next number to ring, with the two answers."""
    waiting = [one for one in called if not one.answer]
    there = list(desk.on_shift("service_desk", desk.now, job.area_id)) or list(desk.on_shift("area_manager", desk.now, job.area_id))
    there = there or list(desk.over_area(job.area_id))
    took = desk.person(job.by_id)
    if took is not None and not took.left and "service_desk" in took.roles:  # whoever took the call has the telephone in hand
        there = [took, *(who for who in there if who.id != took.id)]
    for who in there[:3]:
        desk.tell(who.id, to_ring(desk, job, waiting), lane=LANE, coalesce=f"{KIND}:{job.id}:ring")


def to_ring(desk: Desk, job: Job, waiting: Sequence[Callout]) -> Prompt:
    """王师傅没有回应，请打电话 139…"""
    passed = register.minutes(desk.now + LEAD - (job.sent_at or desk.now))
    since = f"，{passed} 分钟没人接" if passed else ""
    lines = [f"紧急 {job.urgent}", job.title, cards.facts(desk, job), f"{wall(job.sent_at or desk.now, desk)} 派出{since}。"]
    options: tuple[Option, ...] = ()
    for one in waiting[:1]:
        who = desk.person(one.person_id)
        phone = desk.phone_of(one.person_id)
        lines.append(f"请打给{who.name if who else ''}：{phone or '没有登记电话'}")
        reached, missed = (tokens.of_action("ring", job.id, one.id, word) for word in ("reached", "missed"))
        options = (Option("打通，他去", reached, main=True), Option("没打通，下一位", missed))
    if not waiting:
        masters = [f"{who.name} {desk.phone_of(who.id)}".strip() for who in desk.people("station_master")]
        lines.append(f"名单都打过了，请打给站长：{'、'.join(masters)}" if masters else "名单都打过了，请打给站长。")
        options = (Option("派单", tokens.of_action("dispatch", job.id, job.rev), main=True),)
    return Prompt("\n".join(lines), options)


def rung_up(desk: Desk, job: Job, callout: int, word: str) -> Prompt:
    """What the telephone call gave; it counts in the ladder (C-4.5.1c)."""
    called = desk.callouts(job.id)
    found = next((one for one in called if one.id == callout), None)
    who = desk.person(found.person_id) if found else None
    if found is None or who is None or answered(job, called):
        return Prompt(f"{job.title}\n已经有人去了。")
    desk.answer_callout(found.id, word)
    if word == "reached":
        for _, rung in rule.LADDER[1:]:
            desk.forget(KIND, f"{job.id}:{rung}")
        desk.tell(who.id, cards.card(desk, desk.job(job.id) or job, "您电话里答应去了，\n请点马上去。"), lane=LANE)
        return Prompt(f"{job.title}\n好，{who.name}去。")
    return to_ring(desk, job, [one for one in desk.callouts(job.id) if not one.answer])


def not_there(desk: Desk, job: Job) -> None:
    """Accepted, or promised on the telephone, and past the five minutes still not there: whoever is at the desk rings (C-4.5.1c)."""
    if job.arrived_at is not None or job.state in job_rule.ENDED or not answered(job, called := desk.callouts(job.id)):
        return  # nobody on the way: the ladder speaks
    going = job.technician_id or next((one.person_id for one in called if one.answer == "reached"), 0)
    who = desk.person(going) if going else None
    said = f"{who.name} {desk.phone_of(who.id)}" if who is not None else "师傅"
    words = f"紧急 {job.urgent}\n{job.title}\n{wall(job.sent_at or desk.now, desk)} 派出，5 分钟了还没到。\n请打电话问：{said}"
    options = (Option("改派", tokens.of_action("dispatch", job.id, job.rev)),)
    if to := dispatch.at_desk(desk, job):
        desk.tell(to, Prompt(words, options), lane=LANE, key=f"{KIND}:{job.id}:not_there:{to}")


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
