"""Lines: a small form repeated, a row at a time: add, done."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from conversations.questions.base import Choice, Goes, Heard, Outcome, Question
from conversations.questions.pictures import ENDS
from conversations.types import Said, Session, Unclear

if TYPE_CHECKING:
    from conversations.form import Form

ADDS = ("加", "再加", "加一个", "再加一个", "添加", "还有", "有")
_NTH = re.compile(r"(改|删|删除|去掉)\s*第?\s*(\d{1,3})\s*[个条行位笔]?")


class Lines(Question["tuple[Form, ...]"]):
    """Raw is {"rows": [answers of the small form], "done"}; its questions are asked in place (path contacts.0.name)."""

    grows = True

    def __init__(self, ask: Any, row: type[Form], *, at_least: int = 1, at_most: int = 50, **rest: Any) -> None:
        super().__init__(ask, **rest)
        self.row, self.at_least, self.at_most = row, at_least, at_most

    def rows(self, raw: Any, paper: Form) -> tuple[Form, ...]:
        return tuple(self.row(one, paper.look, paper.now) for one in raw["rows"]) if isinstance(raw, dict) and "rows" in raw else ()

    def text(self, raw: Any, paper: Form) -> str:
        rows = self.rows(raw, paper)
        if not rows:
            return super().text(raw, paper)
        listed = "\n".join(f"{n}. {row.in_one_line()}" for n, row in enumerate(rows, 1))
        return f"{self.label}已记 {len(rows)} 个：\n{listed}\n还有吗？（写「删 1」去掉第 1 个，「改 1」改第 1 个）"

    def choices(self, raw: Any, paper: Form, session: Session) -> Sequence[Choice]:
        count = len(self.rows(raw, paper))
        add = [Choice(f"add{count}", "再加一个" if count else "加一个", main=not count)] if count < self.at_most else []
        return add + ([Choice("done", "完", main=True)] if count >= self.at_least and count else [])

    def read(self, said: Said, raw: Any, paper: Form, session: Session) -> Outcome:
        text, rows = said.text.strip(), list(raw["rows"]) if raw else []
        if text in ADDS:
            return self.take(f"add{len(rows)}", raw, paper, session)
        if text in ENDS:
            return self.take("done", raw, paper, session)
        found = _NTH.fullmatch(text)
        said_rows = [self.row.in_words(line) for line in text.split("\n") if line.strip()] if found is None else []
        if said_rows and all(said_rows) and len(rows) + len(said_rows) <= self.at_most:
            return Heard({"rows": [*rows, *said_rows], "done": False})
        if found is None or not 1 <= int(found[2]) <= len(rows):
            raise Unclear("请点「加一个」或「完」；要改第 1 个写「改 1」，去掉写「删 1」。" if rows else "请点「加一个」开始写。")
        nth = int(found[2]) - 1
        return self.take(f"edit{nth}" if found[1] == "改" else f"drop{nth}", raw, paper, session)

    def take(self, value: str, raw: Any, paper: Form, session: Session) -> Outcome:
        rows = list(raw["rows"]) if raw else []
        if value == f"add{len(rows)}" and len(rows) < self.at_most:
            return Heard({"rows": [*rows, {}], "done": False})
        if value == "done" and rows and len(rows) >= self.at_least:
            return Heard({"rows": rows, "done": True})
        verb, nth = value[:4], value[4:]
        if verb == "drop" and nth.isdecimal() and int(nth) < len(rows):
            return Heard({"rows": rows[: int(nth)] + rows[int(nth) + 1 :], "done": False}, note=f"第 {int(nth) + 1} 个去掉了。")
        if verb == "edit" and nth.isdecimal() and int(nth) < len(rows):
            return Goes(int(nth))
        if value == "done":
            raise Unclear(f"至少要 {self.at_least} 个，还差 {self.at_least - len(rows)} 个。")
        raise Unclear(f"最多 {self.at_most} 个。" if len(rows) >= self.at_most else "请点「加一个」或「完」。")

    def value(self, raw: Any, paper: Form) -> tuple[Form, ...]:
        return self.rows(raw, paper)

    def show(self, raw: Any, paper: Form) -> str:
        return "；".join(row.in_one_line() for row in self.rows(raw, paper))

    def is_open(self, raw: Any) -> bool:
        return not raw["done"]

    def ended(self, raw: Any) -> Any:
        return raw | {"done": True} if len(raw["rows"]) >= self.at_least else None

    def problem(self, raw: Any, paper: Form) -> str:
        missing = self.at_least - len(raw["rows"])
        return f"至少要 {self.at_least} 个，还差 {missing} 个。" if missing > 0 and raw["done"] else super().problem(raw, paper)

    def blobs(self, raw: Any) -> tuple[str, ...]:
        return tuple(blob for one in raw["rows"] for blob in self.row(one).blobs())

    def describe(self) -> dict[str, Any]:
        return super().describe() | {"row": self.row.describe(), "at_least": self.at_least, "at_most": self.at_most}
