"""Count: how many of a thing, as people write it: 3, 三本, 3 本."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from conversations.phrases.numerals import whole
from conversations.questions.base import Heard, Outcome, Question
from conversations.types import Said, Session, Unclear

if TYPE_CHECKING:
    from conversations.form import Form

_SAID = re.compile(r"(?:共|一共|送了?|给了?)?\s*(?P<count>\d{1,6}|[零一二两三四五六七八九十百]{1,6})\s*")


class Count(Question[int]):
    digits = True

    def __init__(self, ask: Any, unit: str, *, at_most: int = 99, **rest: Any) -> None:
        super().__init__(ask, **rest)
        self.unit, self.at_most = unit, at_most

    def read(self, said: Said, raw: Any, paper: Form, session: Session) -> Outcome:
        found = _SAID.fullmatch(said.text.strip().removesuffix(self.unit))
        count = whole(found["count"]) if found else None
        if count is None:
            raise Unclear(f"请写几{self.unit}，例如：3。")
        return Heard(count)

    def take(self, value: str, raw: Any, paper: Form, session: Session) -> Outcome:
        raise Unclear(f"请写几{self.unit}，例如：3。")

    def value(self, raw: Any, paper: Form) -> int:
        return int(raw)

    def show(self, raw: Any, paper: Form) -> str:
        return f"{raw} {self.unit}"

    def problem(self, raw: Any, paper: Form) -> str:
        if not 1 <= raw <= self.at_most:
            return f"要在 1 到 {self.at_most} {self.unit}之间，请再写一次。"
        return super().problem(raw, paper)

    def describe(self) -> dict[str, Any]:
        return super().describe() | {"unit": self.unit, "at_most": self.at_most}
