"""Facts: a list of things to find out, a value or 不清楚 with its reason, over as many sittings as it takes (A-3.3.7)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from conversations.questions.base import Choice, Heard, Outcome, Question
from conversations.types import Said, Session, Unclear

if TYPE_CHECKING:
    from conversations.form import Form

REASONS = ("客户不肯说", "还没见到负责人", "联系不上")
LONGEST = 300
_UNKNOWN = re.compile(
    r"(?:还|暂时|都)?(?:不清楚|不知道|没问到|问不到|不了解|没打听到)(?:[，,：:（(\s]*(?:因为|原因是?)?\s*(?P<why>.*?))?[）)。]?", re.DOTALL
)
_NAMED = re.compile(r"\s*(?P<fact>[^：:]{2,20}?)\s*[：:]\s*(?P<value>.+)", re.DOTALL)

Told = Mapping[str, Mapping[str, str]]


class Facts(Question[Told]):
    """Begun with what is asked: {"asked": [...], "told": {fact: {"value"} or {"unknown"}}, "offers", "at", "why", "done"}."""

    digits = True
    offers = True

    def __init__(self, ask: Any, facts: Sequence[str], **rest: Any) -> None:
        super().__init__(ask, **rest)
        self.facts = tuple(facts)

    def _begun(self, raw: Any) -> Any:
        return raw or begun(self.facts, {})

    def text(self, raw: Any, paper: Form) -> str:
        raw = self._begun(raw)
        at, left = _at(raw), _left(raw)
        if not left:
            return f"{len(raw['asked'])} 项都有了。要改哪一项？"
        if raw["why"]:
            return f"「{at}」为什么不清楚？点一个，或写一句。"
        heard = f"\n走访时说过：{raw['offers'][at]}" if at in raw["offers"] else ""
        several = f"可以一次写几项，每项一行，例如：{at}：……" if len(left) > 1 and not raw["told"] else ""
        return f"{at}？（还差 {len(left)} 项）{several}{heard}"

    def choices(self, raw: Any, paper: Form, session: Session) -> Sequence[Choice]:
        raw = self._begun(raw)
        left = _left(raw)
        if not left:
            return [Choice(f"redo-{nth}", fact) for nth, fact in enumerate(raw["asked"])]
        if raw["why"]:
            return [*(Choice(f"why-{nth}", reason) for nth, reason in enumerate(REASONS)), Choice("ask", "又清楚了")]
        lines = [Choice("offer", "就填走访时说的", main=True)] if _at(raw) in raw["offers"] else []
        lines.append(Choice("unknown", "不清楚"))
        lines += [Choice("next", "先问下一项")] if len(left) > 1 else []
        return lines + ([Choice("done", "先填到这里")] if raw["told"] else [])

    def read(self, said: Said, raw: Any, paper: Form, session: Session) -> Outcome:
        raw, text = self._begun(raw), said.text.strip()
        if said.blob is not None or not text:
            raise Unclear("请用几个字回答这一项。")
        if not any(unicodedata.category(sign)[0] in "LN" for sign in text):
            raise Unclear("只收到表情或符号。请用几个字回答这一项，不清楚就点「不清楚」。")
        if len(text) > LONGEST * 4:
            raise Unclear(f"太长了，每项请用 {LONGEST} 个字以内，原文已留着。")
        told, at = _several(raw, text), _at(raw)
        if not told and raw["why"]:
            told = {at: {"unknown": text[:LONGEST]}}
        elif not told and (unknown := _UNKNOWN.fullmatch(text)):
            why = (unknown["why"] or "").strip(" ，,。")
            if not why:
                return Heard(raw | {"why": True})
            told = {at: {"unknown": why[:LONGEST]}}
        elif not told and not at:
            raise Unclear("请点要改的那一项。")
        elif not told:
            if len(text) > LONGEST:
                raise Unclear(f"太长了，这一项请用 {LONGEST} 个字以内，原文已留着。")
            told = {at: {"value": text}}
        return _told(raw, told)

    def take(self, value: str, raw: Any, paper: Form, session: Session) -> Outcome:
        raw = self._begun(raw)
        at, (verb, _, nth) = _at(raw), value.partition("-")
        if verb == "redo" and nth.isdecimal() and int(nth) < len(raw["asked"]):
            again = raw["asked"][int(nth)]
            return Heard(raw | {"told": {fact: one for fact, one in raw["told"].items() if fact != again}, "at": again, "why": False, "done": False})
        if verb == "why" and nth.isdecimal() and int(nth) < len(REASONS) and raw["why"]:
            return _told(raw, {at: {"unknown": REASONS[int(nth)]}})
        if value == "offer" and at in raw["offers"]:
            return _told(raw, {at: {"value": raw["offers"][at]}})
        if value in ("unknown", "ask") and at:
            return Heard(raw | {"why": value == "unknown"})
        if value == "next" and at:
            left = _left(raw)
            return Heard(raw | {"at": left[(left.index(at) + 1) % len(left)], "why": False})
        if value == "done" and raw["told"]:
            return Heard(raw | {"done": True, "why": False})
        raise Unclear("请先填一项；不清楚的点「不清楚」。")

    def value(self, raw: Any, paper: Form) -> Told:
        return dict(raw["told"])

    def show(self, raw: Any, paper: Form) -> str:
        return "；".join(f"{fact} {one.get('value') or '不清楚（' + one['unknown'] + '）'}" for fact, one in raw["told"].items())

    def is_open(self, raw: Any) -> bool:
        return not raw["done"] and bool(_left(raw))

    def ended(self, raw: Any) -> Any:
        return raw | {"done": True, "why": False} if raw["told"] else None

    def describe(self) -> dict[str, Any]:
        return super().describe() | {"facts": list(self.facts)}

    def problem(self, raw: Any, paper: Form) -> str:
        empty = next((fact for fact, one in raw["told"].items() if not (one.get("value") or one.get("unknown"))), "")
        return f"「{empty}」还空着，不清楚的请写原因。" if empty else super().problem(raw, paper)


def begun(asked: Sequence[str], offers: Mapping[str, str], customer: int = 0, name: str = "") -> dict[str, Any]:
    """What the question starts from: whom it is about stands in it, and is not asked again."""
    return {"customer": customer, "name": name, "asked": list(asked), "told": {}, "offers": dict(offers), "at": "", "why": False, "done": False}


def _left(raw: Any) -> list[str]:
    return [fact for fact in raw["asked"] if fact not in raw["told"]]


def _at(raw: Any) -> str:
    left = _left(raw)
    return raw["at"] if left and raw["at"] in left else left[0] if left else ""


def _told(raw: Any, told: Told) -> Heard:
    note = f"记下 {len(told)} 项。" if len(told) > 1 else ""
    return Heard(raw | {"told": {**raw["told"], **told}, "at": "", "why": False, "done": False}, note=note)


def _several(raw: Any, text: str) -> dict[str, dict[str, str]]:
    """主要产品：功放、音箱, a line each; {} when it is not written like that."""
    found: dict[str, dict[str, str]] = {}
    for line in re.split(r"[\n；;]+", text):
        named = _NAMED.fullmatch(line)
        fact = next((one for one in raw["asked"] if named and one == named["fact"].strip()), "")
        if not fact or named is None:
            return {}
        unknown = _UNKNOWN.fullmatch(named["value"].strip())
        if unknown and not (unknown["why"] or "").strip():
            return {}
        found[fact] = {"unknown": unknown["why"].strip()[:LONGEST]} if unknown else {"value": named["value"].strip()[:LONGEST]}
    return found
