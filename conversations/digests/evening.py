"""One page an evening over all of a person's roles; what was answered on it is gone from it (A-3.3.6b, A-4.4.6b)."""

from __future__ import annotations

from datetime import date

from conversations import owedlogs
from conversations.desk import Desk
from conversations.digests import exceptions, repairs, week
from conversations.digests.page import Item, page
from conversations.firm import Case, Person
from conversations.owedlogs import Standings
from conversations.types import Prompt

PATIENCE = 2  # days without a log before it is the manager's matter; the first is the supervisor's


def compose(desk: Desk, day: date, lead: str = "") -> Prompt | None:
    """None for who has nobody and nothing to look after; repairs stand on the same page, first."""
    stations = bool(desk.me.roles & repairs.ROLES)
    managed = owedlogs.reps_under(desk, desk.me.id, "manager") if "manager" in desk.me.roles else []
    own = owedlogs.reps_under(desk, desk.me.id, "supervisor") if "supervisor" in desk.me.roles or managed else []
    reps = list(dict.fromkeys([*managed, *own]))
    if not reps:
        return _of_repairs(desk, day, lead) if stations else None
    logs = Standings(desk, [who.id for who in reps], day)
    answered = _answered(desk, day)
    every = [*(repairs.items(desk, day) if stations else ()), *_items(desk, day, own, managed, logs)]
    items = [item for item in every if not item.answered(answered)]
    tail, picture = week.of(desk, reps, day) if not lead else ("", ())
    counted = (*exceptions.figures(desk, reps, day, logs), *(repairs.short_figures(desk, day) if stations else ()))
    prompt = page(day, items, counted, team=exceptions.team(desk, reps), lead=lead, tail=tail)
    return Prompt(prompt.text, prompt.options, attach=picture)


def _of_repairs(desk: Desk, day: date, lead: str) -> Prompt | None:
    """For an area manager or a station master without reps: what is open this morning."""
    answered = _answered(desk, day)
    items = [item for item in repairs.items(desk, day) if not item.answered(answered)]
    if not items and not lead and not repairs.busy(desk, day):
        return None
    return page(day, items, repairs.figures(desk, day), team=repairs.heading(desk), details=False, lead=lead)


def _items(desk: Desk, day: date, own: list[Person], managed: list[Person], logs: Standings) -> list[Item]:
    theirs = {who.id for who in own}
    others = [who for who in managed if who.id not in theirs]
    return [
        *exceptions.requests(desk),
        *exceptions.needs(desk),
        *exceptions.promises(desk, own, desk.now),
        *exceptions.promises(desk, others, desk.calendar.at(day, "00:00")),  # of today's the supervisor hears first
        *exceptions.overdue(desk, [*own, *others]),
        *exceptions.missing(desk, own, day, logs),
        *exceptions.missing(desk, others, day, logs, PATIENCE),
        *exceptions.unreceived(desk),
        *exceptions.stamps(desk, [*own, *others], day),
        *exceptions.statements(desk, own, approves=False),
        *exceptions.statements(desk, managed, approves=True),
        *exceptions.accounts(desk, day),
    ]


def key(desk: Desk, day: date) -> str:
    return f"page:{desk.me.id}:{day.isoformat()}"


def card(desk: Desk, day: date) -> str:
    """All states of one evening's page are one message, where the channel can change it."""
    return f"card:digest:{desk.me.id}:{day}"


def _answered(desk: Desk, day: date) -> frozenset[str]:
    case = desk.case_by_key(key(desk, day))
    return frozenset(case.data.get("taps", ())) if case is not None else frozenset()


def answer(desk: Desk, day: date, token: str) -> Case:
    """Remembered, so that the rest of the page can be said without it."""
    case = desk.open_case("page", "open", key=key(desk, day), day=day)
    return desk.move(case.id, None, "answer", "open", taps=sorted({*case.data.get("taps", ()), token}))
