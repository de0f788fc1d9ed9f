"""A fault reported from outside: the desk hears of it, with what it may be the same as (C-4.5.1a, C-5.1)."""

from __future__ import annotations

from conversations import tokens
from conversations.desk import Desk
from conversations.repairs import cards
from conversations.repairs.job import Job
from conversations.types import Option, Prompt


def told(desk: Desk, job: Job, where: str, twin: Job | None) -> None:
    """Whoever is at the desk; with nobody there, the area manager."""
    there = list(desk.on_shift("service_desk", desk.now, job.area_id)) or list(desk.on_shift("area_manager", desk.now, job.area_id))
    there = there or list(desk.people("service_desk")) or list(desk.people("area_manager"))
    perhaps = f"\n可能和 {twin.number} 是同一件。" if twin is not None else ""
    options = (Option("派单", tokens.of_action("dispatch", job.id, job.rev), main=True), cards.button("看全部", job, "show"))
    for who in there[:1]:
        desk.tell(who.id, Prompt(f"{job.title}\n住户在{where}扫码报修。\n{cards.facts(desk, job)}{perhaps}", () if job.urgent else options))
