"""topic, and 别提醒 早安卡, 静音: what one is not reminded of for a while (A-1.2)."""

from __future__ import annotations

import re

from conversations import topics
from conversations.actions.outdated import Outdated
from conversations.desk import Desk
from conversations.types import Prompt, Said

_WORDS = re.compile(r"(?:先?别(?:再)?提醒|不要(?:再)?提醒|不用(?:再)?提醒|静音|关掉)\s*(?:我)?\s*[:：]?\s*(?P<what>\S.{0,11})")
_BACK = re.compile(r"(?:恢复|重新)(?:提醒)?\s*(?P<what>\S.{0,11})")
REFUSED = "钱款、合同、法律期限和急事不能静音，漏了会误事，请见谅。别的可以写「静音」来选。"


def topic(desk: Desk, said: Said, key: str = "", how: str = "") -> None:
    """The menu, how long, or done."""
    if not key:
        desk.say(topics.menu(desk))
        return
    chosen = topics.BY_KEY.get(key)
    if chosen is None:
        raise Outdated
    if how == "off":
        desk.say(topics.unmuted(desk, chosen) or Prompt(f"好，{chosen.label}照常提醒您。"))
    elif how in {name for name, _ in topics.SPANS}:
        desk.say(topics.muted(desk, chosen, how))
    elif not how:
        desk.say(topics.ask_how_long(chosen))
    else:
        raise Outdated


def show(desk: Desk, said: Said) -> None:
    desk.say(topics.menu(desk))


def back(desk: Desk, said: Said) -> None:
    """恢复提醒: the two hours and every topic."""
    desk.mute(None)
    desk.say(topics.all_unmuted(desk, list(desk.topics_muted())))


def written(desk: Desk, said: Said) -> bool:
    """别提醒 早安卡; only what is a topic, or never one, is taken for it."""
    text = said.text.strip()
    if found := _BACK.fullmatch(text):
        if chosen := topics.named(found["what"]):
            topic(desk, said, chosen.key, "off")
        return chosen is not None
    found = _WORDS.fullmatch(text)
    if found is None:
        return False
    if topics.never(found["what"]):
        desk.say(Prompt(REFUSED))
        return True
    chosen = topics.named(found["what"])
    if chosen is not None:
        topic(desk, said, chosen.key)
    return chosen is not None
