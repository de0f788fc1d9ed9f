"""Confirm: each item of a list is ticked, one by one or all at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from conversations.questions.base import Choice, Heard, Outcome, Question, fingerprint, ordered
from conversations.questions.pictures import ENDS
from conversations.types import Said, Session, Unclear

if TYPE_CHECKING:
    from conversations.form import Form

ALL = ("全部", "都有", "都好了", "都带了", "齐了", "全好")


class Confirm(Question[tuple[str, ...]]):
    """Raw is {"ticked": [...], "done"}; a tap names the item and which way, so that a second tap changes nothing."""

    grows = True

    def __init__(
        self, ask: Any, items: Mapping[str, str] | Sequence[str] | Callable[[Any], Mapping[str, str]], *, all_of: bool = True, **rest: Any
    ) -> None:
        super().__init__(ask, **rest)
        self._items, self.all_of = items if callable(items) else ordered(items), all_of

    def items(self, paper: Form) -> Mapping[str, str]:
        """Of the paper as it stands, where they depend on it."""
        return self._items(paper) if callable(self._items) else self._items

    def choices(self, raw: Any, paper: Form, session: Session) -> Sequence[Choice]:
        ticked, items = raw["ticked"] if raw else [], self.items(paper)
        lines = [Choice(f"{'off' if item in ticked else 'on'}-{item}", f"{'✓' if item in ticked else '○'} {label}") for item, label in items.items()]
        if len(ticked) < len(items):
            lines.append(Choice("all", "全部", main=True))
        if ticked and not self.all_of:
            lines.append(Choice("done", "完"))
        return lines

    def read(self, said: Said, raw: Any, paper: Form, session: Session) -> Outcome:
        text = said.text.strip()
        if text in ALL or (self.all_of and text in ENDS):
            return self.take("all", raw, paper, session)
        if text in ENDS:
            return self.take("done", raw, paper, session)
        items = self.items(paper)
        near = [item for item, label in items.items() if text and (label in text or text in label)]
        if not near:
            raise Unclear(f"请逐项点，或写「全部」：{'、'.join(items.values())}。")
        return self._ticked({*(raw["ticked"] if raw else ()), *near}, items)

    def take(self, value: str, raw: Any, paper: Form, session: Session) -> Outcome:
        ticked, items = set(raw["ticked"]) if raw else set(), self.items(paper)
        way, _, item = value.partition("-")
        if value == "all":
            return self._ticked(set(items), items)
        if value == "done" and ticked and not self.all_of:
            return Heard({"ticked": sorted(ticked), "done": True})
        if way not in ("on", "off") or item not in items:
            raise Unclear(f"还有没点的：{'、'.join(label for item, label in items.items() if item not in ticked)}。")
        return self._ticked(ticked | {item} if way == "on" else ticked - {item}, items)

    def _ticked(self, ticked: set[str], items: Mapping[str, str]) -> Heard:
        kept = [item for item in items if item in ticked]
        return Heard({"ticked": kept, "done": len(kept) == len(items)})

    def value(self, raw: Any, paper: Form) -> tuple[str, ...]:
        return tuple(raw["ticked"])

    def show(self, raw: Any, paper: Form) -> str:
        items = self.items(paper)
        return "、".join(items.get(item, item) for item in raw["ticked"])

    def is_open(self, raw: Any) -> bool:
        return not raw["done"]

    def ended(self, raw: Any) -> Any:
        return raw | {"done": True} if raw["ticked"] and not self.all_of else None

    def problem(self, raw: Any, paper: Form) -> str:
        missing = [label for item, label in self.items(paper).items() if item not in raw["ticked"]]
        if self.all_of and missing and raw["done"]:
            return f"还有没点的：{'、'.join(missing)}。"
        return super().problem(raw, paper)

    def describe(self) -> dict[str, Any]:
        return super().describe() | {"items": fingerprint(self._items), "all_of": self.all_of}
