"""What a form or a conversation may ask of the firm (Lookup) and do to it (Desk); storage/world.py answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from conversations.types import Prompt, Session
from rules.calendar import Calendar


class StaleCase(Exception):
    """Somebody moved the case first; `event` says who did what when."""

    def __init__(self, event: CaseEvent | None) -> None:
        super().__init__("stale case")
        self.event = event


class NotAllowed(Exception):
    """The person's roles or ownership do not reach this; the text says so politely."""


@dataclass(frozen=True, slots=True)
class Person:
    id: int
    account: str
    name: str
    roles: frozenset[str]  # in force today, deputyships included
    team_id: int | None
    opens: str  # "09:00", local
    closes: str
    greeted: bool
    left: bool = False
    cards: str = "cards"


@dataclass(frozen=True, slots=True)
class Found:
    """One line of a list to pick from."""

    id: int
    label: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Customer:
    id: int
    name: str
    nickname: str
    local: bool
    address: str
    district: str
    source: str
    spend_fen: int | None
    owner_id: int | None
    contacts: tuple[tuple[str, str, str], ...] = ()  # name, post, phone

    @property
    def short(self) -> str:
        return self.nickname or self.name


@dataclass(frozen=True, slots=True)
class Paper:
    id: int
    number: str
    form: str
    version: int
    person_id: int
    customer_id: int | None
    case_id: int | None
    answers: Mapping[str, Any]
    day: date  # local day it belongs to
    said_at: datetime
    filed_at: datetime
    grade: str
    state: str
    rev: int
    blobs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    id: int
    kind: str
    state: str
    rev: int
    person_id: int
    customer_id: int | None
    paper_id: int | None
    day: date | None
    at: datetime | None
    data: Mapping[str, Any] = field(default_factory=dict)
    opened_at: datetime | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CaseEvent:
    action: str
    state: str
    by_id: int | None
    at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Touch:
    """When somebody last spoke to a customer, and when that is planned next."""

    customer_id: int
    label: str
    last: date
    coming: date | None = None


@dataclass(frozen=True, slots=True)
class Invited:
    """A colleague's way in: links by channel, eight digits, a picture of the link to scan ("" when there is none)."""

    person: int
    code: str
    links: Sequence[tuple[str, str]]
    picture: str = ""


class Lookup(Protocol):
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

    def setting(self, name: str, default: Any) -> Any: ...
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


class Desk(Lookup, Protocol):
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
    def take_leave(self, person: int, since: date, until: date, kind: str = "leave") -> None: ...
    def stand_in(self, person: int, for_: int, since: date, until: date) -> None:
        """For those days nobody else stands in for them."""
        ...

    def invite(self, name: str, role: str, team: str, asked: datetime) -> Invited:
        """Somebody new, or the colleague of that name. NotAllowed also when it was done since the card of `asked`."""
        ...

    def give_role(self, person: int, role: str, team: str, since: date, until: date | None = None) -> None: ...
    def end_role(self, person: int, role: str, last: date) -> None: ...
    def dismiss(self, person: int) -> tuple[int, int]:
        """Left the firm: every action ends at once. How many customers and open matters are theirs still."""
        ...

    def cut_off(self, person: int) -> None:
        """Every phone and browser of the person is a stranger's again; they need a new invitation."""
        ...

    def give_customer(self, customer: int, person: int) -> None:
        """To another rep, from today."""
        ...

    def login_link(self) -> str:
        """For the speaker, ten minutes, once."""
        ...

    def show_as(self, cards: str) -> None:
        """cards | text"""
        ...
