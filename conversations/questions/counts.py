"""Counts: things of a list and how many of each; a tap adds one, so that a short list costs few taps."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from conversations.phrases import numerals
from conversations.questions.base import Choice, Heard, Listing, Outcome, Question
from conversations.questions.pictures import ENDS
from conversations.types import Said, Session, Unclear

if TYPE_CHECKING:
    from conversations.form import Form
    from conversations.lookup import Lookup

# What so many of each come to, in words by id, and what all of them do.
Worth = Callable[["Lookup", Mapping[int, int]], tuple[Mapping[int, str], str]]
PAGE = 6
MOST = 999
_UNIT = "[个只米次套台片根块处项卷把条]"
# 球阀 2, 球阀 x2, 球阀两个: in signs a figure needs its unit, 三角阀 begins with none.
_LINE = re.compile(
    rf"(?P<name>.+?)\s*(?:[×xX*]\s*)?(?:(?P<count>-?\d{{1,6}}(?:\.\d+)?)\s*{_UNIT}?|(?P<said>[一二两三四五六七八九十]{{1,3}})\s*{_UNIT}|{_UNIT})?"
)


class Counts(Question[Mapping[int, int]]):
    """Raw is {"counts": {id: {label, count}}, "done"}; the value is the count by id."""

    grows = True

    def __init__(self, ask: Any, source: str, *, at_most: int = 30, worth: Worth | None = None, **rest: Any) -> None:
        super().__init__(ask, **rest)
        self.source, self.at_most, self.worth = source, at_most, worth

    def text(self, raw: Any, paper: Form) -> str:
        counts = raw["counts"] if raw else {}
        if not counts:
            return f"{super().text(raw, paper)}\n点一下加一个，或写名称和数量，例如：球阀 2。"
        each, total = self.worth(paper.look, self.value(raw, paper)) if self.worth is not None else ({}, "")
        listed = [f"{one['label']} ×{one['count']} {each.get(int(id), '')}".rstrip() for id, one in counts.items()]
        return "\n".join([f"{self.label}：", *listed, *([total] if total else []), "还有吗？去掉写「删 名称」。"])

    def choices(self, raw: Any, paper: Form, session: Session) -> Sequence[Choice]:
        counts = raw["counts"] if raw else {}
        done = [Choice("done", "就这些", main=True)] if counts else []
        found = paper.look.find(self.source, session.query, session.page * PAGE, PAGE + 1)
        lines = [Choice(f"add{one.id}-{_had(raw, one.id)}", f"{one.label} {one.detail}".strip()) for one in found[:PAGE]]
        if session.page:
            lines.append(Choice(f"page{session.page - 1}", "上一页"))
        if len(found) > PAGE:
            lines.append(Choice(f"page{session.page + 1}", "下一页"))
        if session.query:
            lines.append(Choice("all", "看全部"))
        return done + lines

    def read(self, said: Said, raw: Any, paper: Form, session: Session) -> Outcome:
        text = said.text.strip()
        if text in ENDS or text == "就这些":
            return self.take("done", raw, paper, session)
        if text.startswith(("删", "去掉", "不要")):
            return self._without(text.removeprefix("删").removeprefix("去掉").removeprefix("不要").strip(), raw)
        found = _LINE.fullmatch(text) if text and len(text) <= 60 else None
        if found is None:
            raise Unclear("请点一项，或写名称和数量，例如：球阀 2。")
        name, count = found["name"].strip(), found["count"] or _figure(found["said"])
        if count is not None and not (count.isdecimal() and 0 < int(count) <= MOST):
            raise Unclear(f"数量要是 1 到 {MOST} 的整数，请再写一次，例如：{name} 2。")
        near = paper.look.find(self.source, name, 0, PAGE + 1)
        exact = [one for one in near if one.label == name]
        if len(near) == 1 or len(exact) == 1:
            one = (exact or list(near))[0]
            return Heard(self._with(raw, one.id, one.label, int(count or 1), add=False), note=f"{one.label} ×{int(count or 1)}。")
        if near:
            return Listing(name, text=f"「{name}」有好几项，请点一个。")
        return Listing("", text=f"表里没有「{name}」。请换个写法；表里真没有的，请片区经理加进表里。")

    def take(self, value: str, raw: Any, paper: Form, session: Session) -> Outcome:
        if value == "all":
            return Listing()
        if value.startswith("page") and value[4:].isdecimal() and len(value) < 9:
            return Listing(session.query, int(value[4:]))
        if value == "done":
            if not raw or not raw["counts"]:
                raise Unclear("还没有选，请先点一项。")
            return Heard({**raw, "done": True})
        id, _, had = value.removeprefix("add").partition("-")
        label = paper.look.label(self.source, int(id)) if id.isdecimal() and len(id) < 19 else ""
        if not label:
            raise Unclear("这一项不在表里了，请另选一个。")
        if had != str(_had(raw, int(id))):  # tapped twice: it counts once
            return Heard({"counts": dict(raw["counts"]) if raw else {}, "done": False})
        return Heard(self._with(raw, int(id), label, 1, add=True))

    def value(self, raw: Any, paper: Form) -> Mapping[int, int]:
        return {int(id): one["count"] for id, one in raw["counts"].items()}

    def show(self, raw: Any, paper: Form) -> str:
        return "；".join(f"{one['label']} ×{one['count']}" for one in raw["counts"].values())

    def is_open(self, raw: Any) -> bool:
        return not raw["done"]

    def ended(self, raw: Any) -> Any:
        return raw | {"done": True} if raw["counts"] else None

    def describe(self) -> dict[str, Any]:
        return super().describe() | {"source": self.source, "at_most": self.at_most}

    def _with(self, raw: Any, id: int, label: str, count: int, *, add: bool) -> dict[str, Any]:
        counts = dict(raw["counts"]) if raw else {}
        had = counts.get(str(id), {}).get("count", 0)
        if str(id) not in counts and len(counts) >= self.at_most:
            raise Unclear(f"一张最多 {self.at_most} 项，请分开写。")
        counts[str(id)] = {"label": label, "count": min(had + count if add else count, MOST)}
        return {"counts": counts, "done": False}

    def _without(self, name: str, raw: Any) -> Outcome:
        counts = dict(raw["counts"]) if raw else {}
        gone = [id for id, one in counts.items() if name and name in one["label"]]
        if len(gone) != 1:
            raise Unclear(f"没看出要去掉哪一项：{'、'.join(one['label'] for one in counts.values())}。" if counts else "还没有选。")
        note = f"{counts.pop(gone[0])['label']}去掉了。"
        return Heard({"counts": counts, "done": False}, note=note)


def _had(raw: Any, id: int) -> int:
    """How many there are already."""
    return int(raw["counts"].get(str(id), {}).get("count", 0)) if raw else 0


def _figure(said: str | None) -> str | None:
    """两 as in 球阀两个."""
    read = numerals.whole(said) if said else None
    return str(read) if read is not None else None
