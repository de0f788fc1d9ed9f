"""house_rules, tenant: what everybody at a station taps and writes (B-8, C-6.1)."""

from __future__ import annotations

from conversations import houserules, turns
from conversations.actions.outdated import Outdated, number
from conversations.desk import Desk
from conversations.forms.repairs.outcome import TenantOutcome
from conversations.types import Prompt, Said


def show_rules(desk: Desk, said: Said) -> None:
    desk.say(houserules.card(desk, desk.house_rules()))


def house_rules(desk: Desk, said: Said, id: str) -> None:
    """One tap, once a version."""
    new = desk.confirm_house_rules(number(id))
    desk.say(Prompt("好，记下了。要再看，写「管理制度」。" if new else "您已经确认过了。"))


def tenant(desk: Desk, said: Said, id: str) -> None:
    found = desk.case(number(id))
    if found is None:
        raise Outdated("这一条不归您办。")
    if found.state != "open":
        raise Outdated(f"这一条已经结了：{found.data.get('outcome', '')}")
    turns.begin(desk, said, TenantOutcome, case=found.id, case_rev=found.rev)
