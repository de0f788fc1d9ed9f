"""today, day, route, order: the day by place and time (A-1.2, A-7.2.4)."""

from __future__ import annotations

from datetime import date

from conversations import dayplan, menu, tokens
from conversations.actions import deskwords
from conversations.actions.outdated import day as day_of
from conversations.actions.outdated import number
from conversations.desk import Desk
from conversations.firm import Case
from conversations.followups import compact
from conversations.spoken import clock_words, day_words
from conversations.types import Option, Prompt, Said


def today(desk: Desk, said: Said) -> None:
    _show(desk, desk.calendar.day_of(desk.now))


def day(desk: Desk, said: Said, which: str) -> None:
    _show(desk, day_of(which))


def _show(desk: Desk, local: date) -> None:
    """Who has nobody to visit and nobody's log to receive is shown what there is for them: open repairs, or the menu."""
    if not desk.me.roles.isdisjoint({"rep", "supervisor", "manager"}):
        desk.say(dayplan.of(desk, local))
    elif not desk.me.roles.isdisjoint(deskwords.SEES):
        desk.say(deskwords.listed(desk))
    else:
        desk.say(menu.of(desk, [*desk.paused_sessions()]))


def route(desk: Desk, said: Said, which: str = "") -> None:
    """The next place to go, with its address and whom to see; on another day's card, that day's first."""
    local = day_of(which) if which else desk.calendar.day_of(desk.now)
    planned = _open(desk, local)
    if not planned:
        desk.say(Prompt(f"{day_words(local, desk)}约好的都去过了。"))
        return
    desk.say(next_stop(desk, planned[0], len(planned)))


def next_stop(desk: Desk, case: Case, left: int) -> Prompt:
    customer = desk.customer(case.customer_id) if case.customer_id else None
    if customer is None:
        return Prompt("这家客户已经不在您名下了，看看下一家。", (Option("今天", tokens.of_action("today")),))
    today = case.day in (None, desk.calendar.day_of(desk.now))
    clock = f"{clock_words(case.at, desk)} " if case.at else ""
    about = f"，{case.data['about']}" if case.data.get("about") else ""
    lines = [f"{'下一家' if today else '第一家'}：{clock}{customer.short}{about}"]
    lines += [customer.address] if customer.address else []
    lines += ["；".join(" ".join(part for part in contact if part) for contact in customer.contacts[:2])] if customer.contacts else []
    lines += [f"带上{'、'.join(case.data['bring'])}。"] if case.data.get("bring") else []
    lines += [f"今天还有 {left} 家。到了或谈完，发一句话就行。" if today or case.day is None else f"{day_words(case.day, desk)}共 {left} 家。"]
    start = Option("记这家", tokens.of_action("start", "CustomerVisit", customer.id), main=True)
    change = Option("改约", tokens.of_action("appointment", case.id, case.rev, "show"))
    see = Option("看往来", tokens.of_action("find", customer.id))
    return Prompt("\n".join(lines), (start, see, change) if today else (see, change))


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
