"""What a form or a conversation may do to the firm; storage/world.py answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from conversations.desks.custody import Custody
from conversations.desks.figures import Figures
from conversations.desks.handouts import Handouts
from conversations.desks.lists import Lists
from conversations.desks.office import Office
from conversations.desks.pursuit import Pursuit
from conversations.desks.repairs import Repairs
from conversations.desks.sight import Sight
from conversations.desks.staffing import Staffing
from conversations.desks.stations import Stations
from conversations.firm import Case, CaseEvent, Customer, Paper
from conversations.lookup import Lookup
from conversations.types import Prompt, Session


class StaleCase(Exception):
    """Somebody moved the case first; `event` says who did what when."""

    def __init__(self, event: CaseEvent | None) -> None:
        super().__init__("stale case")
        self.event = event


class NotAllowed(Exception):
    """The person's roles or ownership do not reach this; the text says so politely."""


class Desk(Lookup, Handouts, Staffing, Pursuit, Figures, Lists, Repairs, Custody, Stations, Office, Sight, Protocol):
    """Writes, all inside the one transaction of the message being handled. Every write is in the audit log."""

    def tell(self, person: int, prompt: Prompt, *, lane: str = "reply", key: str = "", pushed: bool = True, coalesce: str = "") -> int:
        """Queue a message; with a `key` at most once ever. Answers the outbox id, 0 when it was there already."""
        ...

    def say(self, prompt: Prompt, *, coalesce: str = "") -> int:
        """Answer the person who is speaking, where they spoke. Same `coalesce` while unsent: the new text replaces the old."""
        ...

    def remind(self, kind: str, key: str, at: datetime, *, person: int | None = None, case: int = 0, **args: Any) -> None:
        """Something owed at an instant; same kind and key: moved, unless it was already said."""
        ...

    def forget(self, kind: str, key: str) -> None: ...

    def file(
        self,
        form: str,
        version: int,
        answers: Mapping[str, Any],
        *,
        customer: int | None = None,
        case: int | None = None,
        session: int | None = None,
        said_at: datetime | None = None,
        blobs: Sequence[str] = (),
        grade: str = "declared",
    ) -> Paper: ...
    def amend(self, paper: int, answers: Mapping[str, Any], *, customer: int | None = None) -> Paper:
        """A new version; the old one stays. `customer` when it was another one after all."""
        ...

    def withdraw(self, paper: int) -> Paper: ...
    def grade(self, paper: int, grade: str) -> None: ...
    def attach(self, paper: int, sha256: str) -> int:
        """How many pictures the paper has now."""
        ...

    def detach(self, paper: int, sha256: str) -> None: ...

    def open_case(
        self,
        kind: str,
        state: str,
        *,
        key: str = "",
        person: int | None = None,
        customer: int | None = None,
        paper: int | None = None,
        day: date | None = None,
        at: datetime | None = None,
        **data: Any,
    ) -> Case:
        """Same non-empty key: the case that is there already."""
        ...

    def move(self, case: int, rev: int | None, action: str, state: str, *, at: datetime | None = None, closed: bool = False, **data: Any) -> Case:
        """Save by revision; raises StaleCase when `rev` is not the present one. `rev` None takes whatever is there."""
        ...

    def hand_case(self, case: int, person: int) -> Case: ...

    def add_customer(
        self, name: str, *, local: bool, source: str = "", nickname: str = "", address: str = "", spend_fen: int | None = None
    ) -> Customer:
        """Owned by the speaker from today."""
        ...

    def add_contact(self, customer: int, name: str, post: str = "", phone: str = "") -> None: ...

    def open_session(self) -> Session | None: ...
    def session(self, id: int) -> Session | None:
        """Own sessions only."""
        ...

    def paused_sessions(self) -> Sequence[Session]: ...
    def save(self, session: Session) -> Session:
        """Insert (id 0) or update by revision; logs the answers that changed. Opening one pauses the one open before."""
        ...

    def keep_words(self, text: str, blob: str = "") -> int: ...
    def kept_words(self, id: int) -> str: ...
    def kept_file(self, id: int) -> str:
        """The hash of what was kept with the words."""
        ...

    def last_prompt(self) -> tuple[Prompt, datetime] | None:
        """The newest prompt with options this person was sent, sessions' own included."""
        ...

    def prompt_of(self, number: int) -> Prompt | None:
        """A card that was shown with a number of its own (接 12)."""
        ...

    def audit(self, verb: str, subject: str, detail: str = "") -> None: ...
    def mark_greeted(self) -> None: ...
    def mute(self, until: datetime | None) -> None: ...
    def give_customer(self, customer: int, person: int) -> None:
        """To another rep, from today."""
        ...

    def login_link(self) -> str:
        """For the speaker, ten minutes, once."""
        ...

    def show_as(self, cards: str) -> None:
        """cards | text"""
        ...
