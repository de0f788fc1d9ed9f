"""touch, stage, track: when next, how it stands, the tracking table (A-3.3.4, A-3.3.5, A-3.3.7B)."""

from __future__ import annotations

from dataclasses import replace

from conversations import daylog, keeping, tokens, tracking, turns
from conversations.actions.outdated import Outdated, number
from conversations.desk import Desk
from conversations.firm import Customer
from conversations.forms.sales.touch import NextTouch
from conversations.types import Option, Prompt, Said
from rules import relations, touches

RECENT = 5


def _own(desk: Desk, id: str) -> Customer:
    found = desk.customer(number(id))
    if found is None or found.owner_id != desk.me.id:
        raise Outdated("这家客户不在您名下，请问部门主管。")
    return found


def touch(desk: Desk, said: Said, id: str, choice: str) -> None:
    """一周后, 两周后, 下月, 自己定."""
    customer = _own(desk, id)
    if choice == "own":
        turns.begin(desk, said, NextTouch, answers={"customer": {"id": customer.id, "label": customer.short}})
        return
    if choice not in touches.CHOICES:
        raise Outdated
    desk.say(keeping.set_(desk, customer, touches.day_for(choice, desk.calendar.day_of(desk.now), desk.calendar)))


def stage(desk: Desk, said: Said, id: str, chosen: str = "", then: str = "") -> None:
    """戒备, 接受, 信任; without one: the row to choose from. Tapped on the evening's log, the log comes back."""
    customer = _own(desk, id)
    if chosen:
        if chosen not in relations.STAGES:
            raise Outdated
        noted = keeping.staged(desk, customer, chosen)
        log = daylog.draft(desk, desk.calendar.day_of(desk.now)) if then == "log" else None
        desk.say(replace(log, text=f"{noted.text}\n{log.text}") if log is not None else noted)
        return
    now = keeping.stage(desk, customer.id)
    row = tuple(Option(label, tokens.of_action("stage", customer.id, one)) for one, label in relations.STAGES.items())
    desk.say(Prompt(f"{customer.short}现在对我们：{f'（上次记的是{now}）' if now else ''}", row))


def relation(desk: Desk, said: Said) -> None:
    """关系: the customers spoken to last, each with its stage."""
    spoken = [one.customer_id for one in desk.papers(person=desk.me.id, forms=keeping.SPOKEN, limit=4 * RECENT)]
    placed = [one.customer_id for one in desk.cases("relation", person=desk.me.id, states=relations.ORDER, limit=RECENT)]
    known = dict.fromkeys([*(id for id in (*spoken, *placed) if id), *(found.id for found in desk.find("customers", "", 0, RECENT))])
    recent = [one for id in known if (one := desk.customer(id)) and one.owner_id == desk.me.id][:RECENT]
    if not recent:
        desk.say(Prompt("您名下还没有客户。"))
        return
    lines = [f"{one.short}：{keeping.stage(desk, one.id) or '还没记'}" for one in recent]
    options = tuple(Option(one.short, tokens.of_action("stage", one.id)) for one in recent)
    desk.say(Prompt("\n".join(["和客户的关系，点一家来改，也可以写「关系 华东精密 信任」：", *lines]), options))


def track(desk: Desk, said: Said, person: str = "0", page: str = "0") -> None:
    """跟踪表: one's own customers; a superior's reps."""
    id = number(person)
    whose = desk.person(id) if id else desk.me
    if whose is None or (whose.id != desk.me.id and not desk.me.roles & {"supervisor", "manager"}):
        raise Outdated("这份跟踪表不归您看，请问部门主管。")
    boss = not id and "rep" not in desk.me.roles and desk.me.roles & {"supervisor", "manager"}
    desk.say(tracking.of_team(desk, number(page)) if boss else tracking.of(desk, whose, number(page)))
