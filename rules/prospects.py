"""A customer named by the department: the facts to gather, value or why not, until the survey is complete (A-3.3.7)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rules.errors import RuleBroken
from rules.steps import Step, step, take

STEPS = (
    step("fill", "open", "open", "owner", "A-3.3.7"),
    step("finish", "open", "done", "owner", "A-3.3.7", closes=True),
    step("pass", "open", "open", "superior", "A-3.3.7"),
    step("later", "open", "open", "superior", "A-3.3.7"),
    step("drop", "open", "dropped", "superior", "A-3.3.7", closes=True),
)
FACTS = ("主营业务", "主要产品", "主要客户", "年广告费", "在用媒体", "决策人", "竞争对手", "参加的展会")  # setting "survey_facts"
SURVEY_DAYS = 14  # setting "survey_days"
MOST_FACTS, LONGEST = 20, 20  # facts of one survey, signs of one name
SPEND, DECIDES, PLACE = "年广告费", "决策人", "地址"
# What is volunteered in a visit and may be a fact: offered, never taken over by itself.
_SIGNS: Mapping[str, re.Pattern[str]] = {
    "主营业务": re.compile("主营|主要做|业务是|专门做|经营"),
    "主要产品": re.compile("产品|生产|代理的"),
    "主要客户": re.compile("(?:他们|主要|大)的?客户|供应给|卖给|销往"),
    "年广告费": re.compile("广告费|广告投入|预算|一年.{0,6}[万元]"),
    "在用媒体": re.compile("媒体|投放|登过|别的杂志|网站|公众号|抖音"),
    "决策人": re.compile("拍板|说了算|决策|负责人|归.{1,6}管"),
    "竞争对手": re.compile("竞争|对手|同行|对家"),
    "参加的展会": re.compile("展会|参展|展览|展位"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """What was found out, or why it could not be."""

    value: str = ""
    unknown: str = ""

    def __str__(self) -> str:
        return self.value or f"不清楚（{self.unknown}）"


def move(state: str, action: str, *, by: int, owner: int, superiors: Iterable[int] = ()) -> Step:
    parts = {"owner"} if by == owner else set()
    return take(STEPS, state, action, parts | ({"superior"} if by in set(superiors) else set()))


def check_facts(facts: Sequence[str]) -> tuple[str, ...]:
    """At least one, each once, short enough for a question."""
    chosen = tuple(dict.fromkeys(fact.strip() for fact in facts if fact.strip()))
    if not chosen:
        raise RuleBroken("A-3.3.7", "请至少选一项要了解的资料。")
    if len(chosen) > MOST_FACTS:
        raise RuleBroken("A-3.3.7", f"一次最多 {MOST_FACTS} 项，请挑要紧的。")
    if long := next((fact for fact in chosen if len(fact) > LONGEST), ""):
        raise RuleBroken("A-3.3.7", f"「{long[:LONGEST]}…」太长，每项请用 {LONGEST} 个字以内。")
    return chosen


def check_due(due: date, today: date) -> date:
    if due < today:
        raise RuleBroken("A-3.3.7", "完成日期要在今天或以后。")
    return due


def check_fact(fact: Fact) -> Fact:
    """No blanks: a value, or 不清楚 with its reason."""
    if not fact.value.strip() and not fact.unknown.strip():
        raise RuleBroken("A-3.3.7", "请写内容；不清楚的写明原因。")
    return fact


def missing(facts: Sequence[str], found: Mapping[str, object]) -> list[str]:
    """In the order they were asked for."""
    return [fact for fact in facts if fact not in found]


def complete(facts: Sequence[str], found: Mapping[str, object]) -> bool:
    return not missing(facts, found)


def volunteered(facts: Sequence[str], words: str) -> dict[str, str]:
    """By fact, the piece of what was said in a visit that may answer it."""
    pieces = [piece.strip() for piece in re.split("[，。；！？,;!?\\s]+", words) if piece.strip()]
    found: dict[str, str] = {}
    for fact in facts:
        sign = _SIGNS.get(fact) or re.compile(re.escape(fact))
        piece = next((one for one in pieces if sign.search(one)), "")
        if piece:
            found[fact] = piece
    return found


def overdue(due: date | None, today: date, state: str) -> int:
    """Days past the date it was to be complete; 0 while there is time, or once it is."""
    return max((today - due).days, 0) if due is not None and state == "open" else 0
