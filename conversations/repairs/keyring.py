"""Keys of vacant flats without a job: handed out by the desk, taken by the technician, back in the evening (C-4.6)."""

from __future__ import annotations

from conversations import tokens
from conversations.desk import Desk, NotAllowed
from conversations.desks.repairs import Thing
from conversations.desks.stations import Spot
from conversations.firm import Person
from conversations.repairs import evening
from conversations.repairs.keys import KIND
from conversations.spoken import clock_words
from conversations.types import Option, Prompt

SHOWN = 8


def hand_out(desk: Desk, spot: Spot, to: Person) -> Thing:
    """The key of a flat is one thing for good, with a job or without: whoever has it is known before it goes on."""
    if spot.place != "vacant" or spot.unit is None:
        raise NotAllowed(f"{spot.short}有人住，不用发钥匙。")
    key = desk.new_thing(KIND, f"key-{spot.unit.id}", f"{spot.short} 钥匙", 1)
    if key.to_id or key.holder != desk.me.id:
        raise NotAllowed(f"{spot.short}的钥匙现在在{_name(desk, key.to_id or key.holder)}那里。")
    given = desk.give_thing(key.id, to.id)
    taken = Option("收到", tokens.of_action("take_papers", desk.me.id), main=True)
    lacking = Option("没拿到", tokens.of_action("refuse_thing", key.id))
    desk.tell(to.id, Prompt(f"{spot.short}的钥匙，\n{desk.me.name}交给您了。\n用完晚上交回客服。", (taken, lacking)))
    return given


def card(desk: Desk) -> Prompt:
    """Which keys are out, and with whom."""
    out = [one for one in desk.holdings() if one.kind == KIND]
    lines = [f"{one.what}：{_where(desk, one)}" for one in out[:SHOWN]]
    more = f"\n……共 {len(out)} 把" if len(out) > SHOWN else ""
    give = (Option("发钥匙", tokens.of_action("key_out"), main=True),) if "service_desk" in desk.me.roles else ()
    mine = (Option("交给客服", tokens.of_action("hand_papers"), main=True),) if not give and evening.held(desk) else ()
    return Prompt("钥匙都在哪里：\n" + "\n".join(lines) + more if out else "还没有发过钥匙。", give or mine)


def _where(desk: Desk, one: Thing) -> str:
    if one.to_id:
        at = f"，{clock_words(one.given_at, desk)}" if one.given_at else ""
        return f"{_name(desk, one.holder)}交给{_name(desk, one.to_id)}，等点收{at}"
    return _name(desk, one.holder)


def _name(desk: Desk, id: int) -> str:
    who = desk.person(id)
    return who.name if who is not None else "同事"
