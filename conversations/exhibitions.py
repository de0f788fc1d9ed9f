"""Exhibitions: when and where, whom one meets there, who was missed (A-3.3.3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from conversations import paging, tokens
from conversations.desk import Desk, NotAllowed
from conversations.desks.handouts import Exhibition
from conversations.firm import Case, Found, Paper
from conversations.lookup import Lookup
from conversations.spoken import day_of_month, day_words
from conversations.types import Option, Prompt
from rules import exhibitions

SHOWN, LISTED, NAMED, PAGE = 3, 4, 12, 4
BACK = timedelta(days=14)  # one just over is still spoken of
GONE = "这个展会已经不在名单里了，写「展会」看看。"
NONE = "近期没有登记的展会。主管或经理写「登记展会」就能加一个。"
MOST = 200


def days(fair: Exhibition) -> str:
    """12 月 8 日到 11 日."""
    if fair.first == fair.last:
        return day_of_month(fair.first)
    last = f"{fair.last.day} 日" if fair.first.month == fair.last.month else day_of_month(fair.last)
    return f"{day_of_month(fair.first)}到 {last}"


def running(look: Lookup, day: date) -> Exhibition | None:
    """The one that is on; of several the one with a meeting of one's own."""
    on = [one for one in look.exhibitions(day) if one.first <= day <= one.last]
    return next((one for one in on if meetings(look, one.id, look.me.id)), on[0] if on else None)


def meetings(look: Lookup, fair: int, person: int | None = None, states: Sequence[str] = ("planned", "met")) -> list[Case]:
    """Who is to be met at it, and was."""
    return [one for one in look.cases("meeting", person=person, states=states, limit=MOST) if one.data.get("fair") == fair]


def name(look: Lookup, case: Case) -> str:
    return look.label("customers", case.customer_id or 0) or "客户"


def listed(look: Lookup, page: int = 0) -> Prompt:
    """展会: what is coming, with one's own meetings; for who answers for reps, everybody's."""
    found = look.exhibitions()
    mine = look.me.id if "rep" in look.me.roles else None
    new = (Option("登记展会", tokens.of_action("start", "ExhibitionEntry")),) if look.me.roles & {"admin", "manager", "supervisor"} else ()
    if not found:
        return Prompt(NONE, new)
    shown = paging.cut(found, page, LISTED)
    rows = [f"{n}. {one.name}，{days(one)}，{one.place}。{_whom(look, one, mine)}" for n, one in shown]
    options = tuple(Option(f"{one.name}见谁", tokens.of_action("fair", one.id)) for _, one in shown) if mine else ()
    return Prompt("\n".join(["要去的展会：", *rows]), (*options, *paging.turn(found, page, LISTED, "fair", 0), *new))


def _whom(look: Lookup, fair: Exhibition, person: int | None) -> str:
    planned = meetings(look, fair.id, person, ("planned", "met"))
    if not planned:
        return "还没排要见的客户。"
    names = []
    for one in planned:
        whose = "" if person else f"（{look.label('colleagues', one.person_id)}）"
        names.append(f"{name(look, one)}{whose}{' ✓' if one.state == 'met' else ''}")
    return f"要见 {len(planned)} 家：{'、'.join(names[:NAMED])}{' 等' if len(names) > NAMED else ''}。"


def guests(look: Lookup, id: int, page: int = 0) -> Prompt:
    """Own customers, those out of town first; a tap puts them on the list or takes them off."""
    fair = look.exhibition(id)
    if fair is None or fair.dropped:
        return Prompt(GONE)
    planned = {one.customer_id: one.state for one in meetings(look, id, look.me.id)}
    everybody = _guests(look)
    options = []
    for one in everybody[page * PAGE : (page + 1) * PAGE]:
        mark = {"planned": "✓", "met": "见过"}.get(planned.get(one.id, ""), "○")
        options.append(Option(f"{mark} {one.label}", tokens.of_action("meet", id, one.id, page)))
    if page:
        options.append(Option("上一页", tokens.of_action("fair", id, page - 1)))
    if len(everybody) > (page + 1) * PAGE:
        options.append(Option("下一页", tokens.of_action("fair", id, page + 1)))
    text = f"{fair.name}，{days(fair)}，{fair.place}。{_whom(look, fair, look.me.id)}\n点客户加上，再点一次去掉。外地客户排在前面。"
    return Prompt(text, tuple(options))


def _guests(look: Lookup) -> list[Found]:
    own = look.find("customers", "", 0, MOST)
    away = {touch.customer_id for touch in look.touches(look.me.id) if not touch.local}
    return sorted(own, key=lambda one: one.id not in away)


def toggle(desk: Desk, id: int, customer: int) -> None:
    fair = desk.exhibition(id)
    if fair is None or fair.dropped:
        raise NotAllowed(GONE)
    if fair.last < desk.calendar.day_of(desk.now):
        raise NotAllowed(f"{fair.name}已经结束了，见过的请直接记走访。")
    at = desk.calendar.at(fair.last, desk.hours_on(desk.me.id, fair.last)[1])
    key = f"meeting:{id}:{desk.me.id}:{customer}"
    every = meetings(desk, id, desk.me.id, ("planned", "met", "dropped"))
    before = next((one for one in every if one.customer_id == customer), None)
    if before is None:
        desk.open_case("meeting", "planned", key=key, customer=customer, day=fair.last, at=at, fair=id, about=fair.name)
    elif before.state != "met":
        _step(desk, before, "drop" if before.state == "planned" else "plan")


def _step(desk: Desk, case: Case, action: str, **data: Any) -> None:
    step = exhibitions.move(case.state, action, by=desk.me.id, owner=case.person_id)
    if case.closed_at is not None:
        desk.reopen(case.id, action, step.after, **data)
    else:
        desk.move(case.id, None, action, step.after, closed=step.closes, **data)


def met(desk: Desk, record: Paper, customer: int) -> str:
    """A visit at an exhibition: who was on its list has been met. The exhibition's name, "" when none is on."""
    fair = running(desk, record.day)
    if fair is None:
        return ""
    for case in meetings(desk, fair.id, desk.me.id, ("planned",)):
        if case.customer_id == customer:
            _step(desk, case, "meet", record=record.id)
    return fair.name


def made_up(desk: Desk, record: Paper) -> None:
    """A word with who was missed, once the exhibition is over."""
    for case in desk.cases("meeting", person=desk.me.id, customer=record.customer_id, states=("planned",), limit=20):
        if case.day is not None and exhibitions.missed(case.state, case.day, record.day):
            _step(desk, case, "phone", record=record.id)


def unmet(desk: Desk, record: Paper) -> None:
    """The visit or call was withdrawn."""
    for case in desk.cases("meeting", person=desk.me.id, customer=record.customer_id, states=("met", "phoned"), limit=20):
        if case.data.get("record") == record.id:
            _step(desk, case, "undo", record=0)


def lines(look: Lookup, day: date, person: int) -> list[str]:
    """In the morning card: what comes, what is on, and once it is over, who was not met until they are spoken to."""
    said = []
    for fair in look.exhibitions(day - BACK):
        phase = exhibitions.phase(fair.first, fair.last, day, look.calendar, int(look.setting("exhibition_days", exhibitions.BEFORE)))
        planned = [name(look, one) for one in meetings(look, fair.id, person, ("planned",))]
        names = f"{'、'.join(planned[:SHOWN])}{f' 等 {len(planned)} 家' if len(planned) > SHOWN else ''}"
        if phase == "soon":
            whom = f"要见{names}。" if planned else "写「展会」排一下要见谁。"
            said.append(f"展会：{fair.name} {day_words(fair.first, look)}开始，{fair.place}。{whom}")
        elif phase == "running":
            said.append(f"展会：{fair.name} {day_words(day, look)}在{fair.place}。{f'还要见{names}。' if planned else ''}")
        elif phase == "over" and planned:
            said.append(f"展会：{fair.name}结束了，没见到{names}，请打个电话。")
    return said
