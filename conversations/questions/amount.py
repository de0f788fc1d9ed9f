"""Amount: money in whole fen, typed as people type it (3200, 3千5, 一万二)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conversations import phrases
from conversations.questions.base import Heard, Outcome, Question
from conversations.types import Said, Session, Unclear
from rules import money

if TYPE_CHECKING:
    from conversations.form import Form


class Amount(Question[int]):
    digits = True

    def __init__(self, ask: Any, *, at_most: int = money.LARGEST, zero: bool = False, **rest: Any) -> None:
        super().__init__(ask, **rest)
        self.at_most, self.zero = at_most, zero

    def read(self, said: Said, raw: Any, paper: Form, session: Session) -> Outcome:
        text = said.text.strip()
        reading = phrases.read_amount(text) if len(text) <= 60 else None
        if reading is None:
            raise Unclear(f"「{text[:20]}」看不出是多少钱。请写数字，例如 3200 或 3200.50，单位是元。")
        return Heard(reading.value, why=f"是 {money.short(reading.value)}吗？" if reading.ambiguous else "")

    def take(self, value: str, raw: Any, paper: Form, session: Session) -> Outcome:
        raise Unclear("请写数字，例如 3200 或 3200.50，单位是元。")

    def value(self, raw: Any, paper: Form) -> int:
        return int(raw)

    def show(self, raw: Any, paper: Form) -> str:
        return money.short(int(raw))

    def problem(self, raw: Any, paper: Form) -> str:
        if raw < 0 or (raw == 0 and not self.zero):
            return "金额要大于零，请再写一次，例如 3200 或 85.50。"
        if raw > self.at_most:
            return f"{money.short(raw)}超过了 {money.short(self.at_most)}，请核对一下再写。"
        return super().problem(raw, paper)

    def describe(self) -> dict[str, Any]:
        return super().describe() | {"at_most": self.at_most, "zero": self.zero}
