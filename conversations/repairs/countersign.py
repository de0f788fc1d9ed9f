"""Who signs where nobody lives when the firm has set that it is staff: asked in the chat, signed as themselves in their role (C-4.5.5a)."""

from __future__ import annotations

from collections.abc import Sequence

from conversations.desk import Desk
from conversations.desks.repairs import Mode
from conversations.firm import Person
from conversations.repairs import cards, consent, dispatch, overview
from conversations.repairs.job import Job
from conversations.types import Prompt
from rules.repairs import jobs as rule

SETTING = "public_signer"
ASKED = 3  # at most, of those who may


def chosen(desk: Desk, job: Job) -> str:
    """As it is set when the work is done: the job keeps it."""
    return "" if job.place == "home" else str(desk.setting(SETTING))


def signers(desk: Desk, job: Job) -> Sequence[Person]:
    """Of the desk whoever is there now; property managers at work first. Never who did the work."""
    if job.signer == "service_desk":
        now = desk.person(dispatch.at_desk(desk, job))
        there = [now] if now is not None and "service_desk" in now.roles else list(desk.people("service_desk"))
    else:
        there = list(desk.on_shift(job.signer, desk.now, job.area_id)) or list(desk.people(job.signer))
    return [who for who in there if who.id != job.technician_id][:ASKED]


def ask(desk: Desk, job: Job) -> Prompt:
    """Each of them gets the card; the technician hears who."""
    who = desk.person(job.technician_id)
    told = [
        one.name
        for one in signers(desk, job)
        if desk.tell(one.id, overview.signing(desk, job, who.name if who else "师傅"), coalesce=f"job:{job.id}:attest")
    ]
    card = cards.card(desk, job)
    if not told:
        return cards.card(desk, job, f"没有{rule.SIGNERS[job.signer]}可以签，\n请打服务站。")
    return Prompt(card.text.replace(f"已请{rule.SIGNERS[job.signer]}签字", f"已请{rule.SIGNERS[job.signer]}{'、'.join(told)}签字"), card.options)


def way(desk: Desk, job: Job, mode: Mode) -> Prompt:
    """Standing beside the technician: on this phone. Elsewhere: in their own chat, not by a link."""
    return consent.sign(desk, job, mode) if mode == "handover" else ask(desk, job)
