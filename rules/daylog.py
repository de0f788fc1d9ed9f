"""工作日志: it writes itself from the day's records, is handed in, received or returned (A-3.3.6a, A-3.3.6b)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from rules.steps import Step, step, take

STEPS = (
    step("hand", "draft", "handed", "owner", "A-3.3.6b"),
    step("withdraw", "handed", "draft", "owner", "A-3.3.6a"),
    step("receive", "handed", "received", "receiver", "A-3.3.6b", closes=True),
    step("return", "handed", "draft", "receiver", "A-3.3.6a"),
    step("pass", "handed", "handed", "receiver", "A-1.3"),
)
Standing = Literal["received", "handed", "leave", "missing", "not_due"]


def move(state: str, action: str, *, by: int, owner: int, receivers: Collection[int]) -> Step:
    """Nobody receives their own log, whatever their roles."""
    parts = {"owner"} if by == owner else {"receiver"} if by in receivers else set()
    return take(STEPS, state, action, parts)


def standing(state: str, *, on_leave: bool, due: bool) -> Standing:
    """How one person's log of one day stands; leave and rest days owe none, what was handed in all the same counts (A-3.3.6b)."""
    if state == "received":
        return "received"
    if state == "handed":
        return "handed"
    if on_leave:
        return "leave"
    return "missing" if due else "not_due"


@dataclass(frozen=True, slots=True)
class Entry:
    """One record of the day as the log counts it; `open` are the questions left for later."""

    form: str
    paper: int
    customer: str
    words: str = ""
    open: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """What the log still wants: which paper, which question."""

    paper: int
    customer: str
    question: str


@dataclass(frozen=True, slots=True)
class Log:
    """The day in figures and what is missing from it."""

    day: date
    visits: int = 0
    calls: int = 0
    books: int = 0
    receipts: int = 0
    customers: int = 0
    others: int = 0
    gaps: tuple[Gap, ...] = field(default=())

    @property
    def empty(self) -> bool:
        return not (self.visits or self.calls or self.books or self.customers or self.others)

    def figures(self) -> str:
        """拜访 8 家，电话 3 个，送书 2 家，收款 1 笔: nothing that is nought."""
        parts = (
            (self.visits, "拜访 {} 家"),
            (self.calls, "电话 {} 个"),
            (self.books, "送书 {} 家"),
            (self.receipts, "收款 {} 笔"),
            (self.customers, "新客户 {} 家"),
            (self.others, "其他 {} 件"),
        )
        return "，".join(words.format(count) for count, words in parts if count)


def compose(day: date, entries: Iterable[Entry], kinds: Mapping[str, str]) -> Log:
    """The log of these records; `kinds` tells a visit from a call by the form's name (A-3.3.6a)."""
    rows = list(entries)
    visits = [row for row in rows if kinds.get(row.form) == "visit"]
    return Log(
        day,
        visits=len(visits),
        calls=sum(kinds.get(row.form) == "call" for row in rows),
        books=len({row.customer for row in rows if kinds.get(row.form) == "delivery" or (row in visits and "送书" in row.words)}),
        receipts=sum("收款" in row.words for row in visits),
        customers=sum(kinds.get(row.form) == "customer" for row in rows),
        others=sum(kinds.get(row.form) not in ("visit", "call", "customer", "delivery") for row in rows),
        gaps=tuple(Gap(row.paper, row.customer, question) for row in reversed(rows) for question in row.open),
    )
