"""Figures, funnel and what a month's statement needs (A-2.1, A-3.0, A-3.1.2); storage/figuring.py answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from conversations.firm import Case
from rules.figures import Stage, Tally


@dataclass(frozen=True, slots=True)
class Line:
    """One record behind a figure; `counts`: it is in it."""

    what: str  # paper | case
    id: int
    customer: int | None
    at: datetime
    counts: bool


@dataclass(frozen=True, slots=True)
class Source:
    """What one channel brought: customers entered, spoken to with proof, and under contract."""

    name: str
    entered: int
    reached: int
    signed: int = 0


@dataclass(frozen=True, slots=True)
class Logs:
    """How people's day logs stand, asked for all at once."""

    states: Mapping[tuple[int, date], str]
    away: frozenset[tuple[int, date]]  # leave; days nobody works are the calendar's
    first: Mapping[int, date]  # of each person's first log


class Figures(Protocol):
    """Whom one may not see is left out."""

    def tallies(self, people: Sequence[int], first: date, last: date) -> Mapping[int, Mapping[str, Tally]]:
        """By person and measure; who has nothing is there with nothing."""
        ...

    def figure_lines(self, measure: str, person: int, first: date, last: date, offset: int = 0, limit: int = 8) -> Sequence[Line]:
        """Newest first."""
        ...

    def daily(self, people: Sequence[int], first: date, last: date, forms: Sequence[str]) -> Mapping[tuple[int, date, str], int]:
        """Filed records a person, day and form, whatever their grade: how the days were, not what is scored."""
        ...

    def logs(self, people: Sequence[int], first: date, last: date) -> Logs: ...
    def funnel(self, people: Sequence[int], first: date, last: date) -> Sequence[Stage]: ...
    def sources(self, people: Sequence[int], first: date, last: date) -> Sequence[Source]: ...
    def issue_statement(self, person: int, month: str, **data: object) -> Case:
        """Once a person and month."""
        ...

    def move_statement(self, case: int, rev: int | None, action: str, **data: object) -> Case:
        """object, recount, keep, approve; the rule decides by whom."""
        ...

    def topics_muted(self) -> Mapping[str, datetime | None]:
        """One's own muted topics and until when; None: until said otherwise."""
        ...

    def mute_topic(self, topic: str, until: datetime | None) -> None: ...
    def unmute_topic(self, topic: str) -> Sequence[tuple[str, datetime]]:
        """What was held back meanwhile: its kind and when."""
        ...

    def chart(self, spec: Mapping[str, object], words: str) -> str:
        """An entry of Prompt.attach: the picture is drawn when it is first shown."""
        ...
