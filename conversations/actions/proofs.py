"""see: the photographs and voice messages of a day's log, of a customer's timeline, of one record (A-2.1, A-4.4.1)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from conversations import daylog, exhibits, timeline, tokens
from conversations.actions.logs import BOSSES
from conversations.actions.outdated import Outdated, number
from conversations.actions.outdated import day as day_of
from conversations.desk import Desk
from conversations.firm import Paper
from conversations.followups import compact
from conversations.spoken import day_of_month, wall
from conversations.types import Option, Prompt, Said

AT_ONCE = 9  # files: more would fill the telephone, and a platform's minute


def see(desk: Desk, said: Said, what: str, id: str, person: str = "0", seen: str = "0") -> None:
    """Whole records, each with its line; the rest is one tap away."""
    show = {"log": _log, "find": _customer, "paper": _record}.get(what)
    if show is None:
        raise Outdated
    show(desk, id, number(person), number(seen))


def _log(desk: Desk, which: str, person: int, seen: int) -> None:
    day, whose = day_of(which), desk.person(person)
    if whose is None or (whose.id != desk.me.id and not desk.me.roles & BOSSES):
        raise Outdated("这份日志不归您看，请问部门主管。")
    rows = daylog.shown(desk, whose.id, day)
    _say(desk, rows, seen, lambda one: f"{wall(one.said_at, desk)} {daylog.line(desk, one)}", ("log", compact(day), whose.id))


def _customer(desk: Desk, id: str, before: int, seen: int) -> None:
    customer = desk.customer(number(id))
    if customer is None:
        raise Outdated("这家客户不在您名下，请问部门主管。")
    rows = timeline.page(desk, customer, before or None)[: timeline.PAGE]
    _say(desk, rows, seen, lambda one: f"{day_of_month(one.day)} {daylog.line(desk, one)}", ("find", customer.id, before))


def _record(desk: Desk, id: str, person: int, seen: int) -> None:
    paper = desk.paper(number(id))
    if paper is None:
        raise Outdated("这条记录不归您看，请问部门主管。")
    _say(desk, [paper], 0, lambda one: daylog.line(desk, one), ("paper", paper.id, 0))


def _say(desk: Desk, rows: Sequence[Paper], seen: int, line: Callable[[Paper], str], again: tuple[object, ...]) -> None:
    """`seen` counts the records gone through before; the last message offers the rest."""
    left = rows[seen:]
    chosen = exhibits.page(desk, left, AT_ONCE)
    if not chosen:
        raise Outdated("没有别的照片了。" if seen else "这里没有照片。")
    behind = seen + left.index(chosen[-1][0]) + 1
    more = any(exhibits.of(desk, one) for one in rows[behind:])
    for nth, (paper, files) in enumerate(chosen, 1):
        rest = (Option("接着看", tokens.of_action("see", *again, behind)),) if more and nth == len(chosen) else ()
        desk.say(Prompt(line(paper), rest, attach=files))
