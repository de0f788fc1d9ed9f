"""A fault reported from outside: registered like every call, the desk hears of it, with what it may be the same as (C-4.5.1a, C-5.1)."""

from __future__ import annotations

from conversations import tokens
from conversations.desk import Desk
from conversations.firm import Person
from conversations.repairs import cards, dispatch, emergency
from conversations.repairs.job import Call, Job
from conversations.types import Option, Prompt


def take(desk: Desk, call: Call, where: str, twin: Job | None) -> Job:
    """An emergency rings at once; anything else goes when the desk sends somebody (C-4.5.1a), however the firm sends its own calls on."""
    job = dispatch.register(desk, call)
    _told(desk, job, where, twin)
    return emergency.alarm(desk, job) if job.urgent else job


def again(desk: Desk, twin: Job, call: Call, where: str, key: str) -> None:
    """The same thing once more: nothing new is registered, and whoever is at the desk hears that somebody waits."""
    words = f"住户在{where}又扫码报：{call.what}" + (f"\n电话 {call.phone}" if call.phone != twin.phone else "")
    options = (cards.button("看全部", twin, "show"),)
    for who in _there(desk, twin)[:1]:
        desk.tell(who.id, Prompt(f"{twin.title}\n{words}", options), lane=emergency.LANE if twin.urgent else "reply", key=f"reported:{key}:{who.id}")


def _told(desk: Desk, job: Job, where: str, twin: Job | None) -> None:
    perhaps = f"\n可能和 {twin.number} 是同一件。" if twin is not None else ""
    if job.place == "home" and not job.unit_id:
        perhaps += "\n名单里没有这一户，请打电话核对房号。"
    options = (Option("派单", tokens.of_action("dispatch", job.id, job.rev), main=True), cards.button("看全部", job, "show"))
    for who in _there(desk, job)[:1]:
        desk.tell(who.id, Prompt(f"{job.title}\n住户在{where}扫码报修。\n{cards.facts(desk, job)}{perhaps}", () if job.urgent else options))


def _there(desk: Desk, job: Job) -> list[Person]:
    """Whoever is at the desk; with nobody there, the area manager."""
    there = list(desk.on_shift("service_desk", desk.now, job.area_id)) or list(desk.on_shift("area_manager", desk.now, job.area_id))
    return there or list(desk.people("service_desk")) or list(desk.people("area_manager"))
