"""The day's papers against the register: what matches, what is missing, what is too many, what differs (C-4.6c)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from rules import money
from rules.calendar import Calendar

Finding = Literal["matched", "missing", "extra", "differs", "unsigned"]
WORDS: Mapping[Finding, str] = {"matched": "相符", "missing": "缺单", "extra": "多单", "differs": "不一致", "unsigned": "没签名"}


@dataclass(frozen=True, slots=True)
class Registered:
    """A line of 《报修记录表》 (ZC-QR-030)."""

    number: str
    address: str
    at: datetime
    fen: int | None = None  # agreed with the customer; None where nothing is charged


@dataclass(frozen=True, slots=True)
class Handed:
    """A 009 or 010 as handed over."""

    paper: str
    number: str  # of the request it answers, "" when it names none
    address: str
    at: datetime
    fen: int | None = None
    signed: bool = True


@dataclass(frozen=True, slots=True)
class Compared:
    finding: Finding
    number: str
    paper: str = ""
    notes: tuple[str, ...] = ()

    @property
    def open(self) -> bool:
        return self.finding != "matched"


HAND_OVER = timedelta(minutes=30)  # before one's own end of work (C-4.6a)


def listed_on(ended: datetime, handed: datetime | None, calendar: Calendar, closes: str) -> date:
    """The day whose papers it is among: ended after the hand-over it goes on the next working day's list, unless it was handed over all the same."""
    day = calendar.day_of(ended)
    if calendar.is_working_day(day):
        if ended <= calendar.at(day, closes) - HAND_OVER or (handed is not None and calendar.day_of(handed) == day):
            return day
        return calendar.add_working_days(day, 1)
    return calendar.add_working_days(day, 0)


def reconcile(register: Sequence[Registered], handed: Sequence[Handed]) -> tuple[Compared, ...]:
    """One line a request, then the papers that belong to none; a second paper of the same request is one too many."""
    by_number: dict[str, list[Handed]] = {}
    for paper in handed:
        by_number.setdefault(paper.number, []).append(paper)
    found: list[Compared] = []
    known = {one.number for one in register}
    for one in register:
        papers = by_number.get(one.number, [])
        if not papers:
            found.append(Compared("missing", one.number))
            continue
        found.append(_compared(one, papers[0]))
        found += [Compared("extra", one.number, paper.paper, ("同一张报修有两张单",)) for paper in papers[1:]]
    strays = [paper for paper in handed if paper.number not in known]
    found += [Compared("extra", paper.number, paper.paper, ("报修记录表里没有这一单",)) for paper in strays]
    return tuple(found)


def _compared(one: Registered, paper: Handed) -> Compared:
    notes = []
    if _plain(one.address) != _plain(paper.address):
        notes.append(f"地址：登记 {one.address}，单上 {paper.address}")
    if paper.at < one.at:
        notes.append("时间：修的时间早于报修")
    if (one.fen or 0) != (paper.fen or 0):
        notes.append(f"金额：登记 {money.exact(one.fen or 0)}，单上 {money.exact(paper.fen or 0)}")
    if notes:
        return Compared("differs", one.number, paper.paper, tuple(notes))
    return Compared("matched" if paper.signed else "unsigned", one.number, paper.paper)


def _plain(address: str) -> str:
    return "".join(address.split()).translate(str.maketrans("０１２３４５６７８９－", "0123456789-"))
