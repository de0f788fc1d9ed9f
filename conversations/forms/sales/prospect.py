"""指派潜在客户 (A-3.3.7)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from conversations import surveys
from conversations.desk import Desk, NotAllowed
from conversations.form import Form
from conversations.questions import Choose, Day, Pick, Text, not_past
from conversations.types import Prompt

ALL, MOST = "全部", 10


def names(text: str) -> list[str]:
    """Several, a line each or with 、 between them."""
    return list(dict.fromkeys(one.strip() for one in re.split(r"[\n、，,；;]+", text) if one.strip()))


def whole(text: Any, paper: Form) -> str:
    listed = names(str(text))
    if not listed or any(not 2 <= len(one) <= 120 for one in listed):
        return "请写客户全称，每家 2 到 120 个字，几家用顿号隔开。"
    return f"一次最多 {MOST} 家，多的请到办公页面一起派。" if len(listed) > MOST else ""


class NameProspect(Form, title="指派潜在客户", version=1, who=("supervisor", "manager")):
    """Whom a rep is to go after, what to find out and by when (A-3.3.7)."""

    rep = Pick("派给哪位市场员？", "reps", label="市场员")
    customers = Text("哪几家客户？写全称，几家用顿号隔开。", label="客户", check=whole)
    where = Choose("本地还是外地？", {"local": "本地", "away": "外地"}, label="本地/外地")
    due = Day("什么时候前做完调查？", label="完成日期", offer=(7, 14, 30), check=not_past)
    facts = Text("要了解哪些？点「全部」，或写几项，用顿号隔开。", label="资料", offer=(ALL,))

    refused: Sequence[str] = ()

    def filed(self, desk: Desk) -> None:
        if not (self.rep and self.customers and self.due) or (self.record and self.record.rev > 1):
            return
        wanted = desk.prospect_facts() if (self.facts or ALL) == ALL else names(self.facts or "")
        made, self.refused = [], list[str]()
        for one in names(self.customers):
            try:
                made.append(desk.name_prospect(self.rep.id, one, self.due, wanted, local=self.where != "away"))
            except NotAllowed as refusal:
                self.refused.append(str(refusal))
        surveys.named(desk, made)

    def stored(self, desk: Desk) -> Prompt:
        if self.refused:
            return Prompt("\n".join([*self.refused, f"其余的已派给{self.rep.label if self.rep else '市场员'}。写「潜在客户」看进度。"]))
        return Prompt(f"已派给{self.rep.label if self.rep else '市场员'}，做完了告诉您。写「潜在客户」看进度。")
