"""Figures per person and month: results and effort apart, counted from proven records and from nothing else (A-2.1, A-2.2, A-2.3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from rules.evidence import Grade

Block = Literal["results", "effort", "apart"]
Proof = Literal["own", "paper", "contact", "second", "none"]
BLOCKS: Mapping[Block, str] = {"results": "成果", "effort": "付出", "apart": "另列，不算成绩"}
PROVEN = tuple(grade.value for grade in Grade if grade.rank >= Grade.EVIDENCED.rank)


@dataclass(frozen=True, slots=True)
class Papers:
    """Records of one form; each counts once, by its own grade, on its own day."""

    form: str


@dataclass(frozen=True, slots=True)
class Matters:
    """Cases of one kind that came to one of these states.

    Shown by the record they ended with, by a proven talk with that customer, or by a second person's move; `in_time`: before it was due.
    """

    kind: str
    states: tuple[str, ...] = ()
    proof: Proof = "paper"
    in_time: bool = False
    by: Literal["closed", "day", "opened"] = "closed"
    about: str = ""  # only those that say they are about this


@dataclass(frozen=True, slots=True)
class Measure:
    """One line of the sheet: what it is called, which records count, and how, in the person's words."""

    key: str
    label: str
    unit: str
    block: Block
    counts: Papers | Matters
    how: str
    short: str  # why a record does not count yet
    clause: str


class Tally(NamedTuple):
    """What counts, and what is there but not shown well enough or not in time."""

    counted: int = 0
    waiting: int = 0

    def words(self, measure: Measure) -> str:
        return f"{measure.label} {self.counted} {measure.unit}" + (f"（另 {self.waiting} {measure.short}）" if self.waiting else "")


MEASURES: tuple[Measure, ...] = (
    Measure(
        "new_customers", "新客户", "家", "results", Papers("NewCustomer"), "登记的新客户，有照片等凭证，或随日志由主管签收。", "还没签收", "A-3.1.2"
    ),
    Measure(
        "surveys",
        "客户调查",
        "家",
        "results",
        Matters("prospect", ("done",), "contact"),
        "部门指定的客户，调查表填完，并有一条算数的走访或电话为证。",
        "还缺凭证",
        "A-3.3.7",
    ),
    Measure(
        "promises",
        "按时答复客户",
        "件",
        "results",
        Matters("promise", ("kept",), "contact", in_time=True),
        "答应客户的事在约定时间前答复，并有一条算数的走访或电话为证。",
        "晚了或缺凭证",
        "A-4.4.6b",
    ),
    Measure(
        "requests",
        "按时回复要求",
        "件",
        "results",
        Matters("request", ("told",), "second", in_time=True),
        "客户的要求经经理答复后，按时告诉了客户。",
        "晚了",
        "A-4.4.6b",
    ),
    Measure("visits", "走访", "次", "effort", Papers("CustomerVisit"), "有照片、位置等凭证，或随日志由主管签收的走访。", "缺凭证、没签收", "A-3.3.3"),
    Measure("calls", "电话", "个", "effort", Papers("PhoneCall"), "随日志由主管签收，或有凭证的电话记录。", "还没签收", "A-3.3.7A"),
    Measure(
        "deliveries",
        "送书送刊",
        "次",
        "effort",
        Matters("delivery", ("delivered",)),
        "送到并有签收凭证的书刊。",
        "缺签收凭证",
        "A-3.2.1",
    ),
    Measure(
        "logs",
        "按时交日志",
        "天",
        "effort",
        Matters("daylog", ("received",), "second", in_time=True, by="day"),
        "当天交、主管签收的日志。",
        "不算",
        "A-3.3.6b",
    ),
    Measure(
        "complaints",
        "客户投诉",
        "件",
        "apart",
        Matters("complaint", (), "none", by="opened", about="rep"),
        "客户对本人工作的投诉件数，只列出，不算成绩。",
        "",
        "A-3.1.1",
    ),
)
BY_KEY: Mapping[str, Measure] = {measure.key: measure for measure in MEASURES}


def of_block(block: Block) -> tuple[Measure, ...]:
    return tuple(measure for measure in MEASURES if measure.block == block)


def proven(grade: str) -> bool:
    """Only evidenced or countersigned records are counted (A-2.1)."""
    return grade in PROVEN


class Change(NamedTuple):
    """A figure of a month that was filed, and what it would be now (a paper withdrawn, corrected or signed since)."""

    key: str
    filed: int
    now: int

    def words(self) -> str:
        return f"{BY_KEY[self.key].label} {self.filed} → {self.now}"


def changes(filed: Mapping[str, int], now: Mapping[str, int]) -> list[Change]:
    """In the sheet's order; a filed statement keeps its numbers, this goes on the next one."""
    pairs = ((measure.key, filed.get(measure.key, 0), now.get(measure.key, 0)) for measure in MEASURES)
    return [Change(key, was, became) for key, was, became in pairs if was != became]


def counted(tallies: Mapping[str, Tally]) -> dict[str, int]:
    return {measure.key: tallies.get(measure.key, Tally()).counted for measure in MEASURES}


def total(several: Iterable[Mapping[str, Tally]]) -> dict[str, Tally]:
    """The sheets of several people together."""
    found: dict[str, Tally] = {}
    for one in several:
        for key, tally in one.items():
            before = found.get(key, Tally())
            found[key] = Tally(before.counted + tally.counted, before.waiting + tally.waiting)
    return found


class Stage(NamedTuple):
    """How many of the customers come that far."""

    label: str
    customers: int


def share(part: int, whole: int) -> str:
    """25%, – of nothing: whole percents, as one says it."""
    return f"{round(100 * part / whole)}%" if whole else "–"
