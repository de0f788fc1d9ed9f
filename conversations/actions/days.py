"""today, day, route, order: the day by place and time (A-1.2, A-7.2.4)."""

from __future__ import annotations

from datetime import date

from conversations import dayplan, tokens
from conversations.actions.outdated import day as day_of
from conversations.actions.outdated import number
from conversations.desk import Case, Desk
from conversations.followups import compact
from conversations.spoken import wall
from conversations.types import Option, Prompt, Said


def today(desk: Desk, said: Said) -> None:
    desk.say(dayplan.of(desk, desk.calendar.day_of(desk.now)))


def day(desk: Desk, said: Said, which: str) -> None:
    desk.say(dayplan.of(desk, day_of(which)))


def route(desk: Desk, said: Said) -> None:
    """The next place to go, with its address and whom to see."""
    planned = _open(desk, desk.calendar.day_of(desk.now))
    if not planned:
        desk.say(Prompt("今天约好的都去过了。"))
        return
    desk.say(next_stop(desk, planned[0], len(planned)))


def next_stop(desk: Desk, case: Case, left: int) -> Prompt:
    customer = desk.customer(case.customer_id) if case.customer_id else None
    if customer is None:
        return Prompt("这家客户已经不在您名下了，看看下一家。", (Option("今天", tokens.of_action("today")),))
    lines = [f"下一家：{f'{wall(case.at, desk)} ' if case.at else ''}{customer.short}{'，' + case.data['about'] if case.data.get('about') else ''}"]
    lines += [customer.address] if customer.address else []
    lines += ["；".join(" ".join(part for part in contact if part) for contact in customer.contacts[:2])] if customer.contacts else []
    lines += [f"带上{'、'.join(case.data['bring'])}。"] if case.data.get("bring") else []
    lines += [f"今天还有 {left} 家。到了或谈完，发一句话就行。"]
    start = Option("记这家", tokens.of_action("start", "CustomerVisit", customer.id), main=True)
    return Prompt("\n".join(lines), (start, Option("看往来", tokens.of_action("find", customer.id))))


def order(desk: Desk, said: Said, which: str, first: str = "0") -> None:
    """One tap brings a customer to the front; the others keep their order."""
    local = day_of(which)
    planned = _open(desk, local)
    chosen = number(first)
    if chosen in {one.id for one in planned}:
        for nth, case in enumerate(sorted(planned, key=lambda one: one.id != chosen), 1):
            desk.move(case.id, None, "order", case.state, order=nth)
        desk.say(dayplan.of(desk, local))
        return
    if len(planned) < 2:
        desk.say(Prompt("只剩一家了，不用排。" if planned else "没有要去的了。"))
        return
    options = tuple(Option(desk.label("customers", one.customer_id or 0), tokens.of_action("order", compact(local), one.id)) for one in planned[:12])
    desk.say(Prompt("先去哪一家？", options))


def _open(desk: Desk, local: date) -> list[Case]:
    return [one for one in dayplan.appointments(desk, desk.me.id, local) if one.state == "planned"]
