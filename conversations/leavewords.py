"""Leave asked for in words: 明天请假, 请假 11月26日到28日 (A-1.3)."""

from __future__ import annotations

import re
from datetime import date, timedelta

from conversations import phrases
from conversations.actions import oneself
from conversations.desk import Desk
from conversations.followups import compact
from conversations.lexicon import LEAVE
from conversations.tokens import of_action
from conversations.types import Option, Prompt, Said, Unclear

_UNTIL = re.compile(r"(?:假|息|休|^)\s*到|[一直]到")


def written(desk: Desk, said: Said) -> bool:
    """明天请假, 请假 11月26日到28日: shown before it is asked for."""
    text = said.text.strip()
    if not LEAVE.search(text) or len(text) > 40 or not desk.me.roles:
        return False
    span = leave_days(desk, said, text)
    if span is None and (gone := _gone_by(desk, said, text)) is not None:
        desk.say(Prompt(f"{oneself.span(desk, gone, gone)}已经过了，不能在这里请。请直接告诉主管，主管那边可以把那天记成请假。"))
        return True
    if span is None:
        if LEAVE.sub("", text).strip(" 。，！!我"):
            return False  # more than the bare wish: a sentence about something else
        today = desk.calendar.day_of(said.at)
        near = [(label, compact(today + timedelta(days=n))) for n, label in enumerate(("今天", "明天", "后天"))]
        desk.say(
            Prompt("请哪天的假？点一个，或写日期，例如：11月26日请假。", tuple(Option(label, of_action("leave", day, day)) for label, day in near))
        )
        return True
    first, last = span
    if (last - first).days > oneself.LONGEST_LEAVE:
        desk.say(Prompt(f"一次最多 {oneself.LONGEST_LEAVE} 天，{oneself.span(desk, first, last)}太长了。请分几次写，或直接和主管商量。"))
        return True
    yes = Option("对，去请假", of_action("leave", compact(first), compact(last)), main=True)
    desk.say(Prompt(f"请假：{oneself.span(desk, first, last)}，对吗？", (yes, Option("不是", of_action("ack", "leave", 0)))))
    return True


def leave_days(desk: Desk, said: Said, text: str) -> tuple[date, date] | None:
    """The first and the last day named, not before today."""
    today = desk.calendar.day_of(said.at)
    try:
        named = [one.value for one in phrases.find_days(text, desk.calendar.local(said.at), desk.calendar)]
    except Unclear:
        return None
    named = [day for day in named if day >= today]
    since = [today] if len(named) == 1 and _UNTIL.search(text) else []
    return (min(named + since), max(named)) if named else None


def _gone_by(desk: Desk, said: Said, text: str) -> date | None:
    """昨天请假, and nothing else in the sentence."""
    try:
        named = [*phrases.find_days(text, desk.calendar.local(said.at), desk.calendar)]
    except Unclear:
        return None
    rest = "".join(sign for nth, sign in enumerate(text) if not any(start <= nth < end for start, end in (one.span for one in named)))
    return named[0].value if named and not LEAVE.sub("", rest).strip(" 。，！!我了想的") else None
