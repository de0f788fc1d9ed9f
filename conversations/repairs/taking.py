"""A call taken: registered, and sent on its way as the firm has set it; who would suit a job best (C-4.5.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from conversations import tokens
from conversations.desk import Desk
from conversations.firm import Person
from conversations.repairs import cards, consent, dispatch, emergency, intake
from conversations.repairs.job import Call, Job
from conversations.types import Option, Prompt
from rules.repairs import jobs as rule

KNOWN_FOR = timedelta(days=90)
BUSY = ("sent", "accepted", *sorted(rule.ON_SITE))
SHOWN = 3


@dataclass(frozen=True, slots=True)
class Suited:
    """Somebody at work, how much they have in hand, how often they did this trade lately."""

    person: Person
    load: int
    often: int

    @property
    def label(self) -> str:
        return f"{self.person.name}（手上 {self.load} 张）"


def suited(desk: Desk, job: Job) -> Sequence[Suited]:
    """Of those at work in the area, the freest first, then who knows the trade."""
    found = []
    for who in desk.on_shift("technician", desk.now, job.area_id):
        load = len(desk.jobs(technician=who.id, states=BUSY, limit=30)) + len(desk.jobs(asked=who.id, states=("sent",), limit=30))
        done = desk.jobs(technician=who.id, states=("closed",), since=desk.now - KNOWN_FOR, limit=50)
        found.append(Suited(who, load, sum(one.trade == job.trade for one in done)))
    return sorted(found, key=lambda one: (one.load, -one.often))


def take(desk: Desk, call: Call) -> Job:
    """Urgent: everybody at once. Else as the setting says; nobody at work: it stays with the desk."""
    job = dispatch.register(desk, call)
    if job.urgent:
        return emergency.alarm(desk, job)
    how = str(desk.setting("dispatch_how", "suggest"))
    if how == "suggest" or not (there := suited(desk, job)):
        return job
    return dispatch.send(desk, job, there[0].person) if how == "assign" else dispatch.offer(desk, job, [one.person for one in there])


def offer(desk: Desk, job: Job) -> Job:
    """To the shift; nobody there is said, not done."""
    there = [one.person for one in suited(desk, job)]
    return dispatch.offer(desk, job, there) if there else job


def cancel(desk: Desk, job: Job, rev: int, why: str) -> Job:
    """Whoever was on it hears why."""
    ended = desk.step_job(job.id, rev, "cancel", cancelled=why)
    for person in {*desk.end_callouts(job.id), job.technician_id} - {0, desk.me.id}:
        desk.tell(person, Prompt(f"{job.title}\n这张取消了{f'：{why}' if why else ''}，\n您不用去了。"))
    return ended


def chase(desk: Desk, job: Job) -> list[str]:
    """催办: those asked see the card again, whose it is hears that the customer waits; the names."""
    to = sorted(job.asked) if job.state in ("sent", "offered") else [job.technician_id] if job.technician_id else []
    names = []
    for person in to:
        who = desk.person(person)
        lead = f"{desk.me.name}催一下，请接单。" if job.state in ("sent", "offered") else f"{desk.me.name}催一下，客户在等。"
        if who is not None and desk.tell(person, cards.card(desk, job, lead), key=f"chase_job:{job.id}:{desk.now:%Y%m%d%H%M}:{person}"):
            names.append(who.name)
    return names


def taken(desk: Desk, job: Job) -> Prompt:
    """What the desk hears in chat, with the tenant's link to copy and whom it could send."""
    link = consent.progress(desk, job)
    lines = [f"登记好了 {job.title}", job.what, f"给{'租户' if job.place == 'home' else '报修人'}看进度：{link}"]
    options: tuple[Option, ...] = ()
    if job.state == "open":
        there = suited(desk, job)
        lines.append("派给谁？" if there else f"现在没有师傅在班，请打给{_manager(desk, job)}。")
        options = tuple(
            Option(one.label, tokens.of_action("dispatch", job.id, job.rev, one.person.id), main=not nth) for nth, one in enumerate(there[:SHOWN])
        )
        options += (Option("给在班的都发", tokens.of_action("offer_job", job.id, job.rev)),) if len(there) > 1 else ()
        options += () if there else (Option("派给不在班的", tokens.of_action("dispatch", job.id, job.rev, 0, "all")),)
    else:
        lines.append(intake.aloud(desk, job))
    return Prompt("\n".join(lines), options)


def _manager(desk: Desk, job: Job) -> str:
    """With the number to ring, where it is known."""
    who = dispatch.area_manager(desk, job)
    return f"片区经理{who.name} {desk.phone_of(who.id)}".rstrip() if who is not None else "片区经理"
