"""Pick: one out of a long list, searched by name, nickname, pinyin or initials, a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from conversations.firm import Found
from conversations.lookup import Lookup
from conversations.questions.base import Choice, Heard, Listing, Opens, Outcome, Question, fingerprint
from conversations.types import Said, Session, Unclear
from rules.names import same

if TYPE_CHECKING:
    from conversations.form import Form

PAGE = 6
NEW = "new"


def distinct(one: Found, among: Sequence[Found]) -> str:
    """Its short name, with the full one where two have the same."""
    twins = [other for other in among if other.label == one.label]
    return f"{one.label}（{one.detail}）" if one.detail and len(twins) > 1 else one.label


def others_by_name(look: Lookup, query: str, found: Sequence[Found]) -> bool:
    """Nothing found is written like that, and somebody else's customer is: no slip of the finger, the wrong person's customer."""
    if query.isascii() or any(query in one.label or query in one.detail for one in found):
        return False
    return any(one.id not in {own.id for own in found} for one in look.similar_customers(query))


class Pick(Question[Found]):
    """Stores id and label; `source` is a list's name ("customers") or makes one from the answers so far ("contacts:12")."""

    def __init__(self, ask: Any, source: str | Callable[[Any], str], *, or_new: str = "", **rest: Any) -> None:
        super().__init__(ask, **rest)
        self.source, self.or_new = source, or_new

    def listed(self, paper: Form) -> str:
        return self.source if isinstance(self.source, str) else self.source(paper)

    def text(self, raw: Any, paper: Form) -> str:
        return f"{super().text(raw, paper)}\n点一个，或直接写名称、简称、拼音首字母。"

    def choices(self, raw: Any, paper: Form, session: Session) -> Sequence[Choice]:
        found = paper.look.find(self.listed(paper), session.query, session.page * PAGE, PAGE + 1)
        near = [] if session.query or session.page else self._on_pictures(paper)
        shown = [*near, *(one for one in found[:PAGE] if one.id not in {other.id for other in near})]
        lines = [Choice(str(one.id), distinct(one, shown)) for one in shown]
        if session.page:
            lines.append(Choice(f"page{session.page - 1}", "上一页"))
        if len(found) > PAGE:
            lines.append(Choice(f"page{session.page + 1}", "下一页"))
        if session.query:
            lines.append(Choice("all", "看全部"))
        if self.offers_new(session):
            lines.append(Choice(NEW, f"登记「{session.query[:12]}」" if session.query and not found else "都不是，登记新的"))
        return lines

    def _on_pictures(self, paper: Form) -> list[Found]:
        """Whose name was read on what was photographed already."""
        if self.listed(paper) != "customers":
            return []
        found = [one for name in paper.named() for one in paper.look.find("customers", name, 0, PAGE) if same(one.detail or one.label, name)]
        return list({one.id: one for one in found}.values())

    def offers_new(self, session: Session) -> bool:
        return bool(self.or_new) and not session.parent  # a child opens no child of its own

    def read(self, said: Said, raw: Any, paper: Form, session: Session) -> Outcome:
        query = said.text.strip()
        if not query:
            raise Unclear("请点一个，或写名称。")
        if len(query) > 60:
            raise Unclear("名称太长了，请只写名称或简称。")
        found = paper.look.find(self.listed(paper), query, 0, PAGE + 1)
        exact = [one for one in found if one.label == query]
        if found and not exact and self.listed(paper) == "customers" and others_by_name(paper.look, query, found):
            return Listing(query, text=self.missing(query, paper, session))
        if len(found) == 1 or len(exact) == 1:
            one = (exact or list(found))[0]
            return Heard({"id": one.id, "label": one.label}, note="" if one.label == query else f"是{one.label}。")
        if found:
            return Listing(query, text=f"「{query}」有好几个，是哪一个？")
        return Listing(query, text=self.missing(query, paper, session))

    def missing(self, query: str, paper: Form, session: Session) -> str:
        others = paper.look.similar_customers(query) if self.listed(paper) == "customers" else ()
        if others:
            whose = "、".join(f"{one.label}（{one.detail}）" if one.detail else one.label for one in others[:3])
            return f"您名下没有「{query}」。公司里有：{whose}。要用的话请先问主管。"
        return f"没找到「{query}」。请换个写法再找" + ("，或登记成新的。" if self.offers_new(session) else "，或点「看全部」。")

    def take(self, value: str, raw: Any, paper: Form, session: Session) -> Outcome:
        if value == "all":
            return Listing()
        if value == NEW and self.offers_new(session):
            return Opens(self.or_new, session.query)
        if value.startswith("page") and value[4:].isdecimal() and len(value) < 9:
            return Listing(session.query, int(value[4:]))
        label = paper.look.label(self.listed(paper), int(value)) if value.isdecimal() and len(value) < 19 else ""
        if not label:
            raise Unclear("这个不在您的名单里，请另选一个。")
        return Heard({"id": int(value), "label": label})

    def value(self, raw: Any, paper: Form) -> Found:
        return Found(raw["id"], self.show(raw, paper))

    def show(self, raw: Any, paper: Form) -> str:
        return (raw["id"] and paper.labelled(self.listed(paper), raw["id"])) or str(raw["label"])

    def problem(self, raw: Any, paper: Form) -> str:
        # id 0 is a thing made up in a trial, which keeps nothing
        if raw["id"] and not paper.labelled(self.listed(paper), raw["id"]):
            return f"「{raw['label']}」已不在您的名单里，请另选一个。"
        return super().problem(raw, paper)

    def describe(self) -> dict[str, Any]:
        return super().describe() | {"source": fingerprint(self.source), "or_new": self.or_new}
