"""新版介绍, 登记展会 (A-3.4.1, A-3.3.3)."""

from __future__ import annotations

from datetime import date
from typing import Any

from conversations.desk import Desk
from conversations.form import Form
from conversations.questions import Choose, Day, Files, Text
from conversations.spoken import day_words, spaced
from conversations.types import Prompt
from rules.exhibitions import LONGEST as LASTS
from rules.introductions import LONGEST, NAME, TOPICS

KEEPERS = ("manager", "supervisor", "admin")


def ahead(day: Any, paper: Form) -> str:
    return "" if day >= paper.today else "用过的版本不改，请给今天或以后的日期。"


def begins(first: Any, paper: Form) -> str:
    """It may be on already."""
    return "" if (paper.today - first).days <= LASTS else "这个展会早就结束了，请看一下日期。"


def ends(last: Any, paper: Form) -> str:
    first = getattr(paper, "first", None)
    if isinstance(first, date) and last < first:
        return "结束不能早于开始，请再写一次。"
    if isinstance(first, date) and (last - first).days > LASTS:
        return f"一个展会最长 {LASTS} 天，请看一下日期。"
    return "" if last >= paper.today else "结束的展会不用登记，请给今天或以后的日期。"


class CardVersion(Form, title="新版介绍", version=1, who=KEEPERS):
    """The next version of one topic; reps hear of it once, with the morning card, and the old one stays (A-3.4.1)."""

    topic = Choose("哪一项介绍？", TOPICS, label="哪一项")
    name = Text("这一版叫什么？例如：2026 年 12 月版", label="版本", at_most=NAME)
    text = Text("内容怎么写？市场员会整段转给客户。", label="内容", at_most=LONGEST)
    files = Files("要附图片或 PDF 吗？", label="附件", may_strike=True)
    since = Day("从哪天起用？", label="启用", check=ahead)

    def filed(self, desk: Desk) -> None:
        if self.topic and self.name and self.text and self.since and self.record and self.record.rev == 1:
            desk.add_introduction(self.topic, self.name, self.text, self.files or (), self.since)

    def stored(self, desk: Desk) -> Prompt:
        since = day_words(self.since, desk) if self.since else ""
        return Prompt(f"放好了，{spaced('从', since)}起用。市场员会在早上的卡片里看到，谁看过写「谁看了介绍」。")


class ExhibitionEntry(Form, title="登记展会", version=1, who=KEEPERS):
    """Name, place, days (A-3.3.3)."""

    name = Text("展会叫什么？", label="名称", at_most=80)
    place = Text("在哪里？", label="地点", at_most=120)
    first = Day("哪天开始？", label="开始", check=begins)
    last = Day("哪天结束？", label="结束", check=ends)

    def filed(self, desk: Desk) -> None:
        if self.name and self.place and self.first and self.last:
            desk.put_exhibition(self.name, self.place, self.first, self.last)

    def stored(self, desk: Desk) -> Prompt:
        return Prompt(f"登记好了：{self.name}。市场员写「展会」就能排要见的客户，开始前会提醒。")
