"""What goes to customers: introduction cards, books with their enclosures, exhibitions (A-3.4.1, A-3.2.1, A-3.2.2, A-3.3.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from conversations.firm import Case


@dataclass(frozen=True, slots=True)
class Card:
    """One version of what is explained to customers."""

    id: int
    topic: str
    version: int
    name: str
    text: str
    blobs: tuple[str, ...]
    since: date
    by_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Exhibition:
    id: int
    name: str
    place: str
    first: date
    last: date
    note: str = ""
    dropped: bool = False


class HandoutLookup(Protocol):
    """What forms read while they are filled in."""

    def introductions(self, topic: str = "", *, current: bool = True) -> Sequence[Card]:
        """One a topic, in the order of the topics; `current` False: every version, newest first."""
        ...

    def introduction(self, id: int) -> Card | None: ...
    def exhibitions(self, since: date | None = None) -> Sequence[Exhibition]:
        """Those not over on `since` (today), the earliest first; called off ones are left out."""
        ...

    def exhibition(self, id: int) -> Exhibition | None: ...


class Handouts(Protocol):
    """Every write is checked by the policy and stands in the audit log."""

    def add_introduction(self, topic: str, name: str, text: str, blobs: Sequence[str], since: date) -> Card:
        """The next version; the ones before stay."""
        ...

    def open_introduction(self, id: int) -> None:
        """The speaker has it on the screen."""
        ...

    def unseen_introductions(self) -> Sequence[Card]:
        """In force, and the speaker neither opened them nor was told of them."""
        ...

    def told_introductions(self, ids: Sequence[int]) -> None: ...
    def introduction_reads(self, id: int) -> Mapping[int, datetime | None]:
        """By rep one is responsible for: when it was opened, None for not yet."""
        ...

    def put_issue(
        self, medium: str, number: str, *, deliver_by: date | None, closes_on: date | None = None, publishes_on: date | None = None, id: int = 0
    ) -> int:
        """A new one, or the one of that id; open deliveries move to its new day."""
        ...

    def plan_delivery(self, issue: int, customer: int, copies: int) -> Case:
        """Once an issue and customer; again: the copies are changed."""
        ...

    def drop_delivery(self, case: int) -> Case:
        """This customer gets none of this issue; a superior's decision."""
        ...

    def reopen(self, case: int, action: str, state: str, **data: Any) -> Case:
        """One's own delivery, meeting or appointment, when the paper that closed it does not count any more."""
        ...

    def put_exhibition(self, name: str, place: str, first: date, last: date, note: str = "", id: int = 0) -> Exhibition: ...
    def drop_exhibition(self, id: int) -> None: ...
