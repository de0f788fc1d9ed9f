"""The desk's comparison of the day's papers with the register: only what does not match, each with a reason, then filed (C-4.6c, C-4.6d)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from conversations import tokens
from conversations.desk import Desk
from conversations.desks.repairs import Thing
from conversations.firm import Case
from conversations.repairs import dispatch
from conversations.repairs.job import Job
from conversations.spoken import day_of_month
from conversations.types import Option, Prompt
from rules import money
from rules.repairs.reconciliation import WORDS, Compared, Handed, Registered, listed_on, reconcile

KIND = "reconciliation"
WAITING = ("fee_pending", "unsigned", "unmet")
MANY = 500
SHOWN = 6
BACK = timedelta(days=31)  # how long a paper that did not come is looked for
REASONS = {"later": "明天补", "lost": "单丢了，已补写", "same": "核对过，没问题", "area": "请片区经理定"}
UNDECIDED = ("later", "area")  # given, but not the end of it
_SIGNED = re.compile(r"单号 (?P<number>[\d-]+)，(?P<address>.+?)。")
_CHARGED = re.compile(r"收费 (?P<sum>[\d,.]+) 元")


@dataclass(frozen=True, slots=True)
class Day:
    """A day's comparison: every line, the jobs behind them, what was decided so far."""

    day: date
    lines: Sequence[Compared]
    jobs: Mapping[str, Job]
    state: str = "open"
    archive: str = ""
    reasons: Mapping[str, str] = field(default_factory=dict)

    @property
    def matched(self) -> int:
        return sum(not one.open for one in self.lines)

    @property
    def waiting(self) -> list[Compared]:
        """Not matched, and no reason given yet."""
        return [one for one in self.lines if one.open and key_of(one) not in self.reasons]

    @property
    def undecided(self) -> list[Compared]:
        """What a manager still has to know of: no reason, or one that only puts it off."""
        puts_off = {REASONS[name] for name in UNDECIDED}
        return [one for one in self.lines if one.open and self.reasons.get(key_of(one), REASONS["later"]) in puts_off]


def of(desk: Desk, day: date) -> Day:
    """Every job that is on that day's list, and every paper the desk holds of it."""
    stands = desk.reconciliation(day)
    kept: Mapping[str, Any] = stands.data if stands is not None else {}
    jobs = listed(desk, day)
    papers = [one for one in desk.papers_of([job.id for job in jobs]) if _with_desk(desk, one)]
    known = {job.id: job for job in jobs}
    handed = [_handed(desk, known[one.case_id], one.number) for one in papers if one.case_id in known]
    handed += [_handed(desk, job, "") for job in jobs if job.state in ("unsigned", "unmet")]  # there, but nobody signed
    loose = [one for one in desk.loose_papers() if _with_desk(desk, one)] if stands is None or stands.state != "filed" else []
    strays = [Handed(one.number, "", one.what, desk.now) for one in loose]
    lines = [_noted(one, kept.get("differs", {})) for one in reconcile([_registered(job) for job in jobs], [*handed, *strays])]
    return Day(
        day,
        lines,
        {job.number: job for job in jobs},
        stands.state if stands is not None else "open",
        str(kept.get("archive", "")),
        kept.get("reasons", {}),
    )


def listed(desk: Desk, day: date) -> list[Job]:
    """Ended by that day's hand-over, whenever they were taken down; what waits for a decision stays on its own day."""
    before = desk.calendar.previous_working_day(day)
    closed = desk.jobs(states=("closed",), closed_since=desk.calendar.at(before, "00:00"), limit=MANY)
    days = _days(desk, closed)
    on_time = [job for job in closed if days[job.id] == day]
    return sorted([*on_time, *_carried(desk, day, before), *desk.jobs(states=WAITING, day=day, limit=MANY)], key=lambda job: job.id)


def _carried(desk: Desk, day: date, before: date) -> list[Job]:
    """Of days that are filed already, with a paper that came or is still to come."""
    if day > desk.calendar.day_of(desk.now):
        return []
    ended = [desk.job(one.case_id) for one in desk.waiting_papers() if one.case_id]
    jobs = [job for job in ended if job is not None and job.closed_at is not None and job.closed_at > desk.now - BACK]
    days = _days(desk, jobs)
    filed = {own: (stands := desk.reconciliation(own)) is not None and stands.state == "filed" for own in set(days.values()) if own < day}
    return [job for job in jobs if filed.get(days[job.id])]


def _days(desk: Desk, jobs: Sequence[Job]) -> dict[int, date]:
    """On whose day's list each is: by when it ended, and when its paper was handed over."""
    papers = {one.id: one.case_id for one in desk.papers_of([job.id for job in jobs])}
    given: dict[int | None, datetime] = {}
    for one in desk.passages(papers):
        given[papers[one.thing_id]] = one.given_at
    days = {}
    for job in jobs:
        ended = job.closed_at or desk.now
        _, closes = desk.hours_on(job.technician_id, desk.calendar.day_of(ended))
        days[job.id] = listed_on(ended, given.get(job.id), desk.calendar, closes)
    return days


def card(desk: Desk, day: date) -> Prompt:
    now = of(desk, day)
    if now.state == "filed":
        return Prompt(f"{day_of_month(day)}的单已归档：{now.archive}。")
    if not now.lines:
        return Prompt(f"{day_of_month(day)}没有要对的单。")
    waiting = now.waiting
    explained = len(now.lines) - now.matched - len(waiting)
    rest = f"，要看 {len(waiting)} 张：" if waiting else f"，另 {explained} 张写了原因，可以归档。" if explained else "，都对上了。"
    text = f"{day_of_month(day)}对单：相符 {now.matched} 张{rest}"
    text += "".join(f"\n{said(one)}" for one in waiting[:SHOWN])
    text += f"\n……另外 {len(waiting) - SHOWN} 张" if len(waiting) > SHOWN else ""
    if not waiting:
        return Prompt(text, (Option("归档", tokens.of_action("file_papers", f"{day:%Y%m%d}"), main=True),))
    first = waiting[0]
    text += f"\n先看 {first.number or first.paper}："
    options = [Option(label, tokens.of_action("settle_paper", f"{day:%Y%m%d}", key_of(first), why)) for why, label in REASONS.items()]
    return Prompt(text, tuple(options))


def said(one: Compared) -> str:
    """1124-07 缺单; of what differs, how."""
    return f"{one.number or one.paper} {WORDS[one.finding]}{f'（{one.notes[0]}）' if one.notes else ''}"


def settle(desk: Desk, day: date, key: str, why: str) -> Prompt:
    """One line, with its reason; who and when stand in the case, and whom it concerns is told."""
    case = _case(desk, day)
    now = of(desk, day)
    one = next((line for line in now.lines if key_of(line) == key), None)
    if case.state == "filed" or one is None or why not in REASONS:
        return card(desk, day)
    desk.move(case.id, None, "reason", "open", reasons={**case.data.get("reasons", {}), key: REASONS[why]})
    job = now.jobs.get(one.number)
    if job is not None:
        _follow(desk, job, one, why)
    return card(desk, day)


def _follow(desk: Desk, job: Job, one: Compared, why: str) -> None:
    """The technician brings it tomorrow, the manager decides, or what is lost is in nobody's hands any more."""
    if why == "later" and job.technician_id:
        desk.tell(job.technician_id, Prompt(f"{job.title}\n{WORDS[one.finding]}，请明天补给{desk.me.name}。"), key=f"{KIND}:{job.id}:later")
    if why == "area":
        dispatch.tell_area(desk, job, Prompt(f"对单时{said(one)}，请看一下，答复{desk.me.name}。"), f"{KIND}:{job.id}:area")
    if why == "lost":
        for paper in desk.papers_of([job.id]):
            desk.write_off_thing(paper.id, REASONS["lost"])


def differs(desk: Desk, paper: Thing, words: str) -> None:
    """What the desk read on a paper original that is not what the register says."""
    job = desk.job(paper.case_id) if paper.case_id else None
    day = _days(desk, [job])[job.id] if job is not None and job.closed_at else desk.calendar.day_of(desk.now)
    case = _case(desk, day)
    desk.move(case.id, None, "differs", case.state, differs={**case.data.get("differs", {}), _key(paper.number): words})


def file(desk: Desk, day: date) -> Prompt:
    """Everything the desk holds of the day is closed under one archive number (C-4.6d)."""
    case, now = _case(desk, day), of(desk, day)
    if case.state == "filed" or now.waiting:
        return card(desk, day)
    number = f"{day:%Y%m%d}-{desk.own_station() or 1:02d}"
    ids = [job.id for job in now.jobs.values()]
    papers = [one for one in (*desk.papers_of(ids), *desk.loose_papers()) if one.holder_kind == "person" and not one.to_id and _with_desk(desk, one)]
    for one in papers:
        desk.archive_thing(one.id, number)
    desk.move(case.id, None, "file", "filed", closed=True, archive=number)
    return Prompt(f"{day_of_month(day)}的单归档了，共 {len(papers)} 张，档号 {number}。")


def found_of(desk: Desk, job: Job, paper: Thing) -> Compared:
    """A digital paper against its line of the register, before anybody takes it."""
    return reconcile([_registered(job)], [_handed(desk, job, paper.number)])[0]


def key_of(one: Compared) -> str:
    return _key(one.paper or one.number)


def _key(number: str) -> str:
    """As it stands in a button."""
    return re.sub(r"[^\w-]", "_", number)[:24]


def _case(desk: Desk, day: date) -> Case:
    station = desk.own_station()
    key = f"{KIND}:{day}{f':{station}' if station else ''}"
    return desk.reconciliation(day) or desk.open_case(KIND, "open", key=key, day=day)


def _with_desk(desk: Desk, one: Thing) -> bool:
    """Filed already, or in the hands of somebody of the desk; one that was lost is in nobody's."""
    who = desk.person(one.holder) if one.holder_kind == "person" else None
    return (one.holder_kind == "closed" and one.archive != REASONS["lost"]) or (who is not None and "service_desk" in who.roles)


def _registered(job: Job) -> Registered:
    return Registered(job.number, job.address, job.opened_at, _charged(job))


def _handed(desk: Desk, job: Job, paper: str) -> Handed:
    """As the customer signed it, word for word; one that nobody signed is as the technician left it."""
    signed = next((one for one in reversed(desk.agreements(job.id)) if one["kind"] == "signature"), None)
    at = datetime.fromisoformat(str(job.data["signed_at"])) if job.data.get("signed_at") else job.closed_at or job.opened_at
    if signed is None:
        return Handed(paper, job.number, job.address, at, _charged(job), bool(job.data.get("signed_at")))
    content = str(signed["content"])
    head, price = _SIGNED.search(content), _CHARGED.search(content)
    fen = money.read(price["sum"]) if price else None
    return Handed(paper, job.number, head["address"] if head else job.address, at, fen)


def _charged(job: Job) -> int | None:
    return job.agreed.total if job.paid and job.agreed else None


def _noted(one: Compared, differing: Mapping[str, str]) -> Compared:
    note = differing.get(key_of(one))
    return replace(one, finding="differs", notes=(note,)) if note and one.finding in ("matched", "unsigned") else one
