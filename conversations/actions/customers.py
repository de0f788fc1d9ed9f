"""find: a customer's timeline (A-3.3.7B)."""

from __future__ import annotations

from conversations import timeline
from conversations.actions.outdated import Outdated, number
from conversations.desk import Desk
from conversations.types import Said


def find(desk: Desk, said: Said, id: str, before: str = "0") -> None:
    customer = desk.customer(number(id))
    if customer is None:
        raise Outdated("这家客户不在您名下，请问部门主管。")
    desk.say(timeline.of(desk, customer, number(before) or None))
