"""What a form or a conversation may ask of the firm; reads only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Protocol

from conversations.desks.handouts import HandoutLookup
from conversations.desks.sight import SightLookup
from conversations.desks.stations import StationLookup
from conversations.firm import Case, CaseEvent, Customer, Found, Paper, Person, Touch
from rules.calendar import Calendar


class Lookup(HandoutLookup, StationLookup, SightLookup, Protocol):
    """Reads only. What a person may not see is not found."""

    @property
    def now(self) -> datetime: ...
    @property
    def calendar(self) -> Calendar: ...
    @property
    def me(self) -> Person: ...

    def find(self, source: str, query: str, offset: int = 0, limit: int = 6) -> Sequence[Found]:
        """Lines of a list ("customers", "colleagues", "contacts:12") by name, nickname, pinyin or initials; best first."""
        ...

    def label(self, source: str, id: int) -> str: ...
    def similar_customers(self, name: str) -> Sequence[Found]:
        """Customers of the whole firm whose name may be the same one: label and whose they are, nothing else."""
        ...

    def customer(self, id: int) -> Customer | None:
        """None also when it is somebody else's: a rep sees own customers, a supervisor the team's."""
        ...

    def touches(self, person: int) -> Sequence[Touch]:
        """Of every customer the person owns (A-3.3.5)."""
        ...

    def setting(self, name: str, default: Any = None) -> Any:
        """As it holds today; without a default, what rules/settings.py says."""
        ...

    def papers(
        self,
        *,
        person: int | None = None,
        day: date | None = None,
        customer: int | None = None,
        forms: Sequence[str] = (),
        limit: int = 50,
        before: int | None = None,
    ) -> Sequence[Paper]:
        """Filed papers, newest first, `before` an id for paging."""
        ...

    def paper(self, id: int) -> Paper | None: ...
    def cases(
        self,
        kind: str,
        *,
        person: int | None = None,
        customer: int | None = None,
        states: Sequence[str] = (),
        day: date | None = None,
        until: datetime | None = None,
        limit: int = 50,
    ) -> Sequence[Case]:
        """Oldest first by `at`, then id."""
        ...

    def case(self, id: int) -> Case | None: ...
    def case_by_key(self, key: str) -> Case | None: ...
    def case_events(self, id: int) -> Sequence[CaseEvent]: ...
    def person(self, id: int) -> Person | None: ...
    def people(self, role: str = "", team: int | None = None) -> Sequence[Person]: ...
    def supervisor_of(self, person: int) -> Person | None:
        """The supervisor of the person's team, or the deputy; never the person themselves."""
        ...

    def manager_of(self, person: int) -> Person | None: ...
    def teams(self) -> Sequence[Found]: ...
    def colleagues(self, name: str) -> Sequence[Person]:
        """Who is called exactly so and has not left, oneself included."""
        ...

    def own_roles(self, person: int) -> Sequence[tuple[str, int]]:
        """Roles held today in one's own right, each with its team (0: the firm's)."""
        ...

    def may_invite(self, role: str, team: str, person: int = 0) -> bool: ...
    def on_leave(self, person: int, day: date) -> bool:
        """Leave, a rest day or no working day at all."""
        ...

    def blob_kind(self, sha256: str) -> str: ...
