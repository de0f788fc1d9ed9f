"""Questions answered in words or from a short list: Text, Choose."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from conversations.questions.base import Choice, Heard, Outcome, Question, fingerprint, ordered
from conversations.types import Said, Session, Unclear

if TYPE_CHECKING:
    from conversations.form import Form

VOICE = "（语音）"
SUGGESTED = "suggested"


class Text(Question[str]):
    """Words, or a voice message: kept, playable, an answer like any other."""

    wants = ("text", "voice")
    media = ("voice",)
    digits = True

    def __init__(self, ask: Any, *, offer: Sequence[str] = (), suggest: Callable[[Any], str] | None = None, at_most: int = 2000, **rest: Any) -> None:
        super().__init__(ask, **rest)
        self.offer, self.at_most, self.offers = tuple(offer), at_most, bool(offer) or suggest is not None
        self.suggest = suggest  # what it most likely is: "" when that is not known

    def choices(self, raw: Any, paper: Form, session: Session) -> Sequence[Choice]:
        likely = self.suggest(paper) if self.suggest is not None else ""
        return [*([Choice(SUGGESTED, likely, main=True)] if likely else []), *(Choice(word, word) for word in self.offer)]

    def read(self, said: Said, raw: Any, paper: Form, session: Session) -> Outcome:
        if said.blob is not None and said.blob.kind == "voice":
            words = {"text": said.text.strip()} if said.text.strip() else {}
            return Heard({"voice": said.blob.sha256, **words}, note="语音已留存。想让文字也在，请按键盘上的话筒说一遍。" if not words else "")
        text = said.text.strip()
        if not text:
            raise Unclear("请用一句话回答，也可以发语音。")
        if len(text) > self.at_most:
            raise Unclear(f"这段有 {len(text):,} 个字，一次最多 {self.at_most:,} 个字。请挑要紧的分几句写，原文已留着。")
        if not any(unicodedata.category(c)[0] in "LN" for c in text):
            raise Unclear("只收到表情或符号。请用几个字回答，也可以发语音。")
        return Heard(text)

    def take(self, value: str, raw: Any, paper: Form, session: Session) -> Outcome:
        if value == SUGGESTED and self.suggest is not None and (likely := self.suggest(paper)):
            return Heard(likely)
        if value not in self.offer:
            raise Unclear("请直接写，或点一个现有的选项。")
        return Heard(value)

    def value(self, raw: Any, paper: Form) -> str:
        return raw if isinstance(raw, str) else str(raw.get("text", VOICE))

    def blobs(self, raw: Any) -> tuple[str, ...]:
        return () if isinstance(raw, str) else (raw["voice"],)

    def describe(self) -> dict[str, Any]:
        suggests = {"suggest": fingerprint(self.suggest)} if self.suggest is not None else {}
        return super().describe() | {"offer": list(self.offer), "at_most": self.at_most} | suggests


class Choose(Question[str]):
    """One of a few: {"visit": "上门", "call": "电话"}, or plain words that stand for themselves."""

    def __init__(self, ask: Any, options: Mapping[str, str] | Sequence[str], **rest: Any) -> None:
        super().__init__(ask, **rest)
        self.options = ordered(options)

    def choices(self, raw: Any, paper: Form, session: Session) -> Sequence[Choice]:
        return [Choice(value, label) for value, label in self.options.items()]

    def read(self, said: Said, raw: Any, paper: Form, session: Session) -> Outcome:
        text = said.text.strip()
        near = [value for value, label in self.options.items() if text and (text in label or label in text)]
        if len(near) != 1:
            raise Unclear(f"请选一个：{'、'.join(self.options.values())}。")
        return Heard(near[0])

    def take(self, value: str, raw: Any, paper: Form, session: Session) -> Outcome:
        if value not in self.options:
            raise Unclear(f"请选一个：{'、'.join(self.options.values())}。")
        return Heard(value)

    def value(self, raw: Any, paper: Form) -> str:
        return str(raw)

    def show(self, raw: Any, paper: Form) -> str:
        return self.options.get(raw, str(raw))

    def problem(self, raw: Any, paper: Form) -> str:
        if raw not in self.options:
            return f"请选一个：{'、'.join(self.options.values())}。"
        return super().problem(raw, paper)

    def describe(self) -> dict[str, Any]:
        return super().describe() | {"options": self.options}
