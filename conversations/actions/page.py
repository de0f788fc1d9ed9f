"""page, nudge: a button of the evening's page does what it says, and the answer comes back with the rest of the page (A-3.3.6b)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

from conversations import matters, tokens
from conversations.actions.outdated import Outdated, number
from conversations.actions.outdated import day as day_of
from conversations.desk import Desk
from conversations.digests import evening
from conversations.digests.page import asked_back
from conversations.spoken import clock_words, spaced
from conversations.tokens import ActionTap
from conversations.types import Prompt, Said

SUPERIORS = frozenset({"supervisor", "manager"})


class Overheard:
    """The desk, with what would be said kept for the page."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self.prompts = desk, list[tuple[Prompt, str]]()

    def say(self, prompt: Prompt, *, coalesce: str = "") -> int:
        self.prompts.append((prompt, coalesce))
        return 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._desk, name)


def answered(desk: Desk, said: Said, which: str, tap: ActionTap, act: Callable[[Desk, Said, ActionTap], None]) -> None:
    """One sentence of answer goes on top of what is left; what is asked back is said by itself, and its answer comes back here."""
    day, listening, before = day_of(which), Overheard(desk), desk.open_session()
    act(cast(Desk, listening), said, tap)
    session = desk.open_session()
    begun = session if session is not None and (before is None or before.id != session.id) else None
    if begun is not None:
        desk.save(replace(begun, then=f"page.{day:%Y%m%d}"))
    elif session is None and len(listening.prompts) == 1 and not listening.prompts[0][0].options:
        evening.answer(desk, day, tokens.of_action(tap.verb, *tap.args))
        rest = evening.compose(desk, day, lead=listening.prompts[0][0].text)
        if rest is not None:
            desk.say(rest, coalesce=evening.card(desk, day))
            return
    for prompt, coalesce in listening.prompts:
        desk.say(asked_back(day, prompt), coalesce=coalesce)


def nudge(desk: Desk, said: Said, id: str) -> None:
    """问他: a polite word about one late matter, once an hour."""
    case = desk.case(number(id))
    if case is None or case.closed_at is not None or not desk.me.roles & SUPERIORS:
        raise Outdated("这一项已经办完了，或不归您办。")
    whose = desk.person(case.person_id)
    if whose is None or whose.id == desk.me.id:
        raise Outdated
    when = f"，{spaced('原定', clock_words(case.at, desk))}" if case.at else ""
    text = f"{desk.me.name}问：{matters.about(desk, case)}{when}，现在怎么样了？办完请记一句，有困难直接告诉{desk.me.name}。"
    told = desk.tell(whose.id, Prompt(text), key=f"nudge:{desk.me.id}:{case.id}:{desk.now:%Y%m%d%H}")
    desk.audit("nudge", f"case:{case.id}")
    desk.say(Prompt(f"已问{whose.name}，请等回话。" if told else f"刚问过{whose.name}，等等再催。"))
