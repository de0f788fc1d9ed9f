"""《办公环境及员工行为管理制度》: shown as it holds, confirmed with one tap, once a version (C-4.1.1, C-6.1)."""

from __future__ import annotations

from conversations import tokens
from conversations.desk import Desk
from conversations.desks.handouts import Card
from conversations.spoken import clock_words, day_of_month
from conversations.types import Option, Prompt

TITLE = "办公环境及员工行为管理制度"
NONE = "管理制度还没有放进来，请先问站长。"


def card(desk: Desk, rules: Card | None, lead: str = "") -> Prompt:
    if rules is None:
        return Prompt(NONE)
    read = desk.house_rules_read(rules.id).get(desk.me.id)
    head = f"《{TITLE}》{rules.name}，{day_of_month(rules.since)}起。"
    lines = [lead, head, rules.text, f"您 {clock_words(read, desk)} 确认过了。" if read else ""]
    options = () if read else (Option("看过了，照做", tokens.of_action("house_rules", rules.id), main=True),)
    return Prompt("\n".join(line for line in lines if line), options)


def published(desk: Desk, rules: Card) -> int:
    """Everybody at the stations hears of it; how many."""
    return remind(desk, rules, [person for person in desk.house_rules_read(rules.id) if person != desk.me.id], "new")


def remind(desk: Desk, rules: Card, people: list[int], nth: str) -> int:
    """Those who have not confirmed, once for each asking."""
    confirm = Option("看过了，照做", tokens.of_action("house_rules", rules.id), main=True)
    text = f"《{TITLE}》{rules.name}，请看一下，点一下确认。\n{rules.text}"
    return sum(bool(desk.tell(person, Prompt(text, (confirm,)), key=f"house_rules:{rules.id}:{person}:{nth}")) for person in people)
