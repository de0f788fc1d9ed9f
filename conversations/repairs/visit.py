"""On site, one tap or one photograph at a time: what each does to the job, and what is heard next (C-4.1 to C-4.5)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from conversations.desk import Desk
from conversations.repairs import cards, consent, countersign, dispatch, overview, paying
from conversations.repairs.findings import usual
from conversations.repairs.job import Job
from conversations.spoken import clock_words, wall
from conversations.types import Point, Prompt
from rules import money
from rules.errors import RuleBroken
from rules.repairs import jobs as rule

PHOTOS = 9
LATER = timedelta(minutes=30)
HELP_WITHIN = timedelta(minutes=10)  # then the call for support is repeated
AFTERWARDS = timedelta(minutes=30)  # a photograph this long after a job was closed is still its own


def arrive(desk: Desk, job: Job, rev: int | None, place: Point | None = None) -> Job:
    """Let in: how long it took is known, and only now (C-4.5.1b); where, when the phone said so."""
    where: dict[str, Any] = {"place": {"lat": place.lat, "lon": place.lon, "label": place.label}} if place is not None else {}
    here = desk.step_job(job.id, rev, "arrive", columns={"arrived_at": desk.now}, **where)
    dispatch.tell_desk(desk, here, f"{desk.me.name} {wall(desk.now, desk)} 到了。")
    return here


def stood(desk: Desk, job: Job, place: Point) -> Job:
    return desk.note_job(job.id, "place", place={"lat": place.lat, "lon": place.lon, "label": place.label})


def found(desk: Desk, job: Job, words: str, voice: str = "", rev: int | None = None) -> Job:
    """What was seen, before anything is done about it (C-4.2.3)."""
    spoken: dict[str, Any] = {"voices": _with(job.voices, voice)} if voice else {}
    here = desk.step_job(job.id, rev, "find", findings=[*dict.fromkeys((*job.findings, words))][-PHOTOS:], **spoken)
    return _ready(desk, here)


def _ready(desk: Desk, job: Job) -> Job:
    """Seen and photographed, public and vacant places and what costs nothing need no more to begin."""
    if job.state == "found" and job.before and (job.place != "home" or job.paid is False):
        return desk.step_job(job.id, None, "start", columns={"paid": False})
    return job


def usual_words(job: Job, nth: int) -> str:
    names = usual(job.trade)
    return names[nth - 1] if 0 < nth <= len(names) else ""


def photographed(desk: Desk, job: Job, sha: str) -> Job:
    """A photograph is the step the job waits for: the door, before, after, the signed form."""
    if job.state == "nobody":
        here = desk.note_job(job.id, "photo", door=_with(tuple(job.data.get("door", ())), sha))
        dispatch.tell_desk(desk, here, "门口的照片。", attach=(sha,))
        return here
    if job.state == "accepted":
        job = arrive(desk, job, None)
    if job.state in ("arrived", "found"):
        return _ready(desk, desk.note_job(job.id, "photo", before=_with(job.before, sha)))
    if job.state == "working":
        desk.note_job(job.id, "photo", after=_with(job.after if job.data.get("round_of_after") == job.rounds else (), sha), round_of_after=job.rounds)
        return desk.step_job(job.id, None, "finish")  # a trial that failed stays on record
    if job.state == "content":
        return desk.note_job(job.id, "photo", forms=_with(tuple(job.data.get("forms", ())), sha))  # the signed form, perhaps
    return desk.note_job(job.id, "photo", after=_with(job.after, sha))


def no_form(desk: Desk, job: Job, sha: str) -> Job:
    """Just another picture of the work."""
    forms = [one for one in job.data.get("forms", ()) if one != sha]
    return desk.note_job(job.id, "photo", forms=forms, after=_with(job.after, sha))


def spoken(desk: Desk, job: Job, words: str, voice: str = "") -> Job:
    """Said or written on site: before the work it is what was found, later a remark (C-4.3.2a)."""
    if job.state in ("arrived", "found"):
        return found(desk, job, words or "见语音", voice)
    kept: dict[str, Any] = {"voices": _with(job.voices, voice)} if voice else {}
    remarks = [*job.data.get("remarks", ()), words][-PHOTOS:] if words else list(job.data.get("remarks", ()))
    return desk.note_job(job.id, "remark", remarks=remarks, **kept)


def tried(desk: Desk, job: Job, rev: int | None) -> Job:
    """Three trials, all well; where nobody lives, that is the content of it (C-4.5.4a)."""
    if rev not in (None, job.rev):
        return desk.step_job(job.id, rev, "tried")  # says who was first; nothing is noted before
    desk.note_job(job.id, "trials", trials=[*job.trials, *[True] * rule.TRIALS])
    here = desk.step_job(job.id, None, "tried")
    return here if here.place == "home" else desk.step_job(job.id, None, "content", signer=countersign.chosen(desk, here))


def content(desk: Desk, job: Job, rev: int | None) -> Prompt:
    """Content, and in the same breath the way to sign (C-4.5.5b)."""
    return to_sign(desk, desk.step_job(job.id, rev, "content"))


def to_sign(desk: Desk, job: Job, lead: str = "") -> Prompt:
    """The card with the code to scan on it; where staff sign, they have it in their own chat."""
    if job.attested:
        return countersign.ask(desk, job)
    way, card = consent.sign(desk, job, "own"), cards.card(desk, job, lead)
    return Prompt(f"{card.text}\n{way.text.rpartition(chr(10))[2]}", card.options, attach=way.attach, wants=card.wants)


def failed(desk: Desk, job: Job, rev: int | None) -> Job:
    return desk.step_job(job.id, rev, "failed", trials=[*job.trials, False])


def rework(desk: Desk, job: Job, rev: int | None, why: str = "") -> Job:
    """Back to work until the customer is content; after the second round the area manager knows (C-4.5.4c)."""
    rounds = job.rounds + 1
    here = desk.step_job(job.id, rev, "rework", rounds=rounds, trials=[], unhappy=why)
    desk.end_links(job.id, "sign")  # what was shown is not how it will be left
    who, mine = desk.person(here.technician_id), here.technician_id == desk.me.id
    unhappy = "客户" if mine else desk.me.name
    if not mine:
        desk.tell(here.technician_id, cards.card(desk, here, f"{unhappy}还不满意，请再看一下。"))
    if rule.must_tell_area(rounds):
        there = f"{who.name}在现场，请问一下。" if who is not None else ""
        words = f"{unhappy}第 {rounds} 次不满意{f'：{why}' if why else ''}。{there}"
        dispatch.tell_area(desk, here, Prompt(words), f"rework:{job.id}:{rounds}")
    return here


def support(desk: Desk, job: Job) -> Prompt:
    """Everything known goes to the area manager, who is asked until they answer; it costs nothing (C-4.2.2)."""
    known = cards.whole(desk, job)
    body = known.text.partition("\n")[2]
    here = desk.note_job(job.id, "support", asked_help=desk.now.isoformat(), asked_by=desk.me.id)
    coming = (cards.button("我马上联系", here, "helping", main=True),)
    prompt = Prompt(f"{desk.me.name}请求支援。{desk.phone_of(desk.me.id)}\n{body}", coming, attach=known.attach)
    there = dispatch.tell_area(desk, here, prompt, f"support:{job.id}:{job.rev}")
    if not there:
        station = desk.station(job.station_id)
        return Prompt(f"{job.title}\n片区经理现在没人值班，\n请打服务站\n{station.phone if station else ''}。")
    if who := dispatch.area_manager(desk, here):
        at = desk.now + HELP_WITHIN
        desk.remind("job_support", f"{job.id}:{at.isoformat()}", at, person=who.id, case=job.id, asked=here.data["asked_help"])
    return Prompt(f"{job.title}\n已告诉片区经理，\n照片和情况都发了。\n求助不扣分。")


def asked_for_help(job: Job) -> int:
    """Whoever asked, who may not have taken it on yet."""
    return int(job.data.get("asked_by") or job.technician_id)


def helping(desk: Desk, job: Job) -> Job:
    """Somebody answers: the technician knows who will ring."""
    if desk.me.roles.isdisjoint(overview.DESK | paying.ALLOW):
        raise RuleBroken("C-4.2.2", "这一步由片区经理来做。")
    here = desk.note_job(job.id, "helping", helped_at=desk.now.isoformat(), helped_by=desk.me.id)
    if to := asked_for_help(here):
        phone = desk.phone_of(desk.me.id)
        desk.tell(to, Prompt(f"{job.title}\n{desk.me.name}来帮您，\n马上联系您。{f'{chr(10)}{phone}' if phone else ''}"))
    return here


def unmet(desk: Desk, job: Job, why: str) -> Job:
    """What cannot be met: said, apologised for, and with the area manager (C-4.3.4b)."""
    here = desk.step_job(job.id, None, "unmet", unmet=why)
    _decide(desk, here, f"没修好：{why}。请决定。")
    return here


def unsigned(desk: Desk, job: Job, why: str) -> Job:
    """Absent, or will not sign: the area manager decides (C-4.5.5b)."""
    here = desk.step_job(job.id, None, "unsigned", unsigned=why)
    desk.end_links(job.id, "sign")
    _decide(desk, here, f"没签名：{why}。请决定。")
    return here


def _decide(desk: Desk, job: Job, words: str) -> None:
    """The area manager has everything there is to decide by; with nobody to decide, the desk knows at least."""
    total = f"\n应收 {money.exact(job.agreed.total)} 元" if job.agreed else ""
    prompt = Prompt(f"{words}{total}\n{cards.facts(desk, job)}", overview.decisions(job), attach=(*job.before, *job.after))
    if not dispatch.tell_area(desk, job, prompt):
        dispatch.tell_desk(desk, job, f"{words}没有片区经理可以决定，请在办公页面任命一位。")


def late(desk: Desk, job: Job, rev: int | None, by: timedelta = LATER) -> Job:
    """Half an hour more, or as said: the desk rings the customer, whose page says so too (C-4.5.1b)."""
    if job.state != "accepted" or job.technician_id != desk.me.id:
        raise RuleBroken("C-4.5.1b", "这张单现在不用报晚到。")
    told = job.data.get("late_until")
    said_before = datetime.fromisoformat(str(told)) if told else desk.now
    until = max(desk.now, job.at or desk.now, said_before) + by
    here = desk.note_job(job.id, "late", late_at=desk.now.isoformat(), late_until=until.isoformat())
    dispatch.tell_desk(desk, here, f"{desk.me.name}要晚到，预计 {clock_words(until, desk)}。请给客户说一声：{job.caller} {job.phone}".rstrip("： "))
    return here


def until_words(desk: Desk, job: Job) -> str:
    """What the technician hears: 已告诉客服，预计 15:30 到。"""
    return f"已告诉客服，\n客户的页面也改了，\n预计 {clock_words(datetime.fromisoformat(str(job.data['late_until'])), desk)} 到。"


def nobody(desk: Desk, job: Job, rev: int | None) -> Job:
    """Photograph the door; the desk makes another appointment (C-4.1.2c). Said after 开门了, what was photographed is the door."""
    door = [*job.data.get("door", ()), *job.before]
    here = desk.step_job(job.id, rev, "nobody", columns={"arrived_at": None}, before=[], door=door)
    again = cards.button("改时间", here, "book", main=True)
    phone = f"，电话 {job.phone}" if job.phone else ""
    dispatch.tell_desk(desk, here, f"没人应，请和客户另约时间{phone}。", options=(again,))
    return here


def book(desk: Desk, job: Job, at: datetime) -> Job:
    """Another time; whoever goes is told."""
    here = desk.step_job(job.id, None, "book", at=at)
    dispatch.booked(desk, here)
    if here.by_id != desk.me.id:
        dispatch.tell_desk(desk, here, f"改到 {clock_words(at, desk)}。")
    return here


def dispute(desk: Desk, job: Job, rev: int | None) -> Job:
    """The desk explains by telephone; the technician is free to go (C-4.5.5c)."""
    here = desk.step_job(job.id, rev, "dispute", disputed_from=job.state, disputed_at=desk.now.isoformat(), with_area=False)
    consent.disputed(desk, here)
    return here


def mine(desk: Desk, *states: str) -> list[Job]:
    """The technician's open jobs, those on site first."""
    still = states or tuple(state for state in rule.STATES if state not in rule.ENDED)
    jobs = desk.jobs(technician=desk.me.id, states=still, limit=30)
    return sorted(jobs, key=lambda job: (job.state not in rule.ON_SITE, job.at or job.opened_at, job.id))


def on_site_at(desk: Desk, at: datetime) -> list[Job]:
    """Where the technician was then: from coming in until a while after the end."""
    closed = desk.jobs(technician=desk.me.id, states=("closed", "fee_pending", "given_up"), closed_since=at - AFTERWARDS, limit=30)
    return [job for job in (*mine(desk), *closed) if job.arrived_at and job.arrived_at <= at <= (job.closed_at or desk.now) + AFTERWARDS]


def just_closed(desk: Desk) -> Job | None:
    jobs = desk.jobs(technician=desk.me.id, states=("closed", "fee_pending"), closed_since=desk.now - AFTERWARDS, limit=1)
    return jobs[0] if jobs else None


def _with(shas: tuple[str, ...], sha: str) -> list[str]:
    return [*dict.fromkeys((*shas, sha))][-PHOTOS:]
