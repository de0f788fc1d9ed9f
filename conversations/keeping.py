"""Keeping in touch: when a customer is spoken to next, how it stands with them (A-3.3.4, A-3.3.5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from conversations import surveys, tokens
from conversations.desk import Desk
from conversations.firm import Case, Customer, Paper
from conversations.lookup import Lookup
from conversations.spoken import day_words
from conversations.types import Option, Prompt
from rules import prospects, relations, touches

SPOKEN = ("CustomerVisit", "PhoneCall")


def touch_key(customer: int) -> str:
    return f"touch:{customer}"


def relation_key(customer: int) -> str:
    return f"relation:{customer}"


def planned(look: Lookup, customer: int) -> date | None:
    """The next day agreed with oneself or with the customer, today or later."""
    today = look.calendar.day_of(look.now)
    touch = look.case_by_key(touch_key(customer))
    days = [touch.day] if touch is not None and touch.state == "planned" else []
    for kind, state in (("appointment", "planned"), ("promise", "open")):
        days += [case.day for case in look.cases(kind, customer=customer, states=(state,), limit=10)]
    return min((day for day in days if day is not None and day >= today), default=None)


def set_(desk: Desk, customer: Customer, day: date) -> Prompt:
    """One date a customer; another one moves it."""
    touches.check_day(day, desk.calendar.day_of(desk.now))
    at = desk.calendar.at(day, desk.hours_on(desk.me.id, day)[0])
    case = desk.open_case("touch", "planned", key=touch_key(customer.id), customer=customer.id, day=day, at=at)
    if case.day != day or case.state != "planned":
        step = touches.move(case.state, "set", by=desk.me.id, owner=customer.owner_id or desk.me.id)
        desk.move(case.id, None, "set", step.after, at=at)
    text = f"好，{day_words(day, desk)}早上提醒您联系{customer.short}。"
    return with_stage(desk, customer, Prompt(text))


def spoken(desk: Desk, paper: Paper) -> None:
    """A visit or a call keeps what was planned for that day or before."""
    touch = desk.case_by_key(touch_key(paper.customer_id)) if paper.form in SPOKEN and paper.customer_id else None
    if touch is not None and touch.state == "planned" and touches.kept(touch.day, paper.day):
        desk.move(touch.id, None, "meet", "met", paper=paper.id)


def offered(desk: Desk, paper: Paper, stored: Prompt) -> Prompt:
    """What hangs on the card that is shown anyway: the next date, how it stands, a survey that is owed."""
    if paper.form not in SPOKEN or paper.rev > 1 or not paper.customer_id or stored.options:
        return stored
    customer = desk.customer(paper.customer_id)
    if customer is None or customer.owner_id != desk.me.id:
        return stored
    stored = _survey(desk, paper, stored)
    if planned(desk, customer.id) is not None:
        return with_stage(desk, customer, stored)
    dates = tuple(Option(label, tokens.of_action("touch", customer.id, choice)) for choice, label in touches.CHOICES.items())
    return replace(stored, text=f"{stored.text}\n下次什么时候联系？", options=(*stored.options, *dates))


def with_stage(desk: Desk, customer: Customer, prompt: Prompt, then: str = "") -> Prompt:
    """Once a month a row more: 戒备, 接受, 信任. Nobody is asked twice, answered or not. `then`: what is shown after the tap."""
    today = desk.calendar.day_of(desk.now)
    case = desk.case_by_key(relation_key(customer.id))
    if case is not None and not relations.may_ask(str(case.data.get("asked", "")), today):
        return prompt
    if case is None:
        desk.open_case("relation", relations.UNKNOWN, key=relation_key(customer.id), customer=customer.id, asked=relations.month(today))
    else:
        desk.move(case.id, None, "ask", case.state, asked=relations.month(today))
    back = (then,) if then else ()
    row = tuple(Option(label, tokens.of_action("stage", customer.id, stage, *back)) for stage, label in relations.STAGES.items())
    return replace(prompt, text=f"{prompt.text}\n这个月{customer.short}对我们：", options=(*prompt.options, *row))


def unasked(look: Lookup, papers: Iterable[Paper]) -> Customer | None:
    """The first of one's own spoken to in these records about whom the month's question has not been put."""
    today = look.calendar.day_of(look.now)
    for paper in papers:
        customer = look.customer(paper.customer_id) if paper.form in SPOKEN and paper.customer_id else None
        if customer is None or customer.owner_id != look.me.id:
            continue
        case = look.case_by_key(relation_key(customer.id))
        if case is None or relations.may_ask(str(case.data.get("asked", "")), today):
            return customer
    return None


def stage(look: Lookup, customer: int) -> str:
    """接受, "" when nobody has said."""
    case = look.case_by_key(relation_key(customer))
    return relations.STAGES.get(case.state, "") if case is not None else ""


def staged(desk: Desk, customer: Customer, chosen: str) -> Prompt:
    """As it is now; a move nearer or further is kept with its day."""
    month = relations.month(desk.calendar.day_of(desk.now))
    key = relation_key(customer.id)
    case = desk.case_by_key(key) or desk.open_case("relation", relations.UNKNOWN, key=key, customer=customer.id, asked=month)
    step = relations.move(case.state, chosen, by=desk.me.id, owner=customer.owner_id or 0)
    before, way = relations.STAGES.get(case.state, ""), relations.direction(case.state, chosen)
    if case.state != chosen or case.data.get("said") != month:
        desk.move(case.id, None, chosen, step.after, asked=month, said=month, before=case.state, way=way)
    after = relations.STAGES[chosen]
    return Prompt(f"记下了，{customer.short}：{f'{before} → {after}' if way else after}。")


def moves(desk: Desk, first: date, last: date) -> list[tuple[Case, int]]:
    """Customers whose stage changed between the days, with the direction: what is reported of the month (A-3.3.4)."""
    found = []
    for case in desk.cases("relation", states=relations.ORDER, limit=500):
        turned = [one for one in desk.case_events(case.id) if one.data.get("way") and first <= desk.calendar.day_of(one.at) <= last]
        if turned:
            found.append((case, sum(int(one.data["way"]) for one in turned)))
    return found


def _survey(desk: Desk, paper: Paper, stored: Prompt) -> Prompt:
    """A survey of this customer goes on; what was said now and may belong in it is named."""
    case = surveys.of_customer(desk, paper.customer_id or 0, desk.me.id)
    if case is None or not (left := surveys.missing(case)):
        return stored
    heard = prospects.volunteered(left, surveys.talk(paper))
    also = f"这次说的可以填：{'、'.join(heard)}。" if heard else ""
    fill = Option("填调查表", tokens.of_action("survey", case.id), main=bool(heard))
    return replace(stored, text=f"{stored.text}\n调查表还差 {len(left)} 项，{surveys.by(desk, case)}。{also}", options=(*stored.options, fill))
