"""What may be asked of what changes hands, and what a station's days add up to (C-1, C-4.6)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from conversations.desks.repairs import Thing
from conversations.firm import Case, Person


@dataclass(frozen=True, slots=True)
class Passage:
    """One way from hand to hand, taken, refused or still open; `difference` is what was counted less what was said."""

    id: int
    thing_id: int
    giver: int
    receiver: int
    given_at: datetime
    taken_at: datetime | None
    ended_at: datetime | None
    counted: int | None
    difference: int | None
    refused: str
    batch: str

    @property
    def open(self) -> bool:
        return self.ended_at is None


@dataclass(frozen=True, slots=True)
class RepairFigures:
    """Of the jobs of some days: counts, and minutes on the average; None where there is nothing to average."""

    jobs: int = 0
    closed: int = 0
    urgent: int = 0
    response: float | None = None  # dispatch to acceptance
    arrival: float | None = None  # dispatch to arrival
    first_time: int = 0  # closed without going back to work
    reworked: int = 0
    disputed: int = 0
    supported: int = 0  # asked for help: shown, never a penalty (C-4.2.2)
    late: int = 0  # not there in time: five minutes of an emergency, else the appointment
    rated: int = 0
    stars: float | None = None


class Custody(Protocol):
    """Papers are seen by whom their jobs concern; everything in somebody's hands by the desk."""

    def papers_of(self, jobs: Collection[int]) -> Sequence[Thing]: ...
    def loose_papers(self) -> Sequence[Thing]:
        """Not filed yet, and of no request."""
        ...

    def waiting_papers(self) -> Sequence[Thing]:
        """Of a request, and not filed yet."""
        ...

    def passages(self, things: Collection[int]) -> Sequence[Passage]:
        """Oldest first."""
        ...

    def history(self, kind: str = "", *, differing: bool = False, before: int | None = None, limit: int = 50) -> Sequence[tuple[Thing, Passage]]:
        """Newest first; only those that were counted otherwise, if so asked. `before` is a passage's id."""
        ...

    def holdings(self) -> Sequence[Thing]:
        """Everything in somebody's hands."""
        ...

    def write_off_thing(self, id: int, why: str) -> Thing:
        """Lost, and written anew elsewhere: nobody holds it any more."""
        ...

    def own_station(self) -> int:
        """0 for who works for all of them."""
        ...

    def own_areas(self) -> Sequence[str]:
        """Names; empty for who works for all of them."""
        ...

    def over_area(self, area: int | None, role: str = "area_manager") -> Sequence[Person]:
        """Whose area it is, at work or not; those of all areas last."""
        ...

    def reconciliation(self, day: date) -> Case | None:
        """The day's comparison, whoever of the desk began it."""
        ...

    def repair_figures(self, first: date, last: date) -> RepairFigures: ...
