"""What may be done about repairs: the register, a job's steps, links for the customer, things that change hands (C-3 to C-4.6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, Protocol

from conversations.firm import Found, Person
from conversations.repairs.job import Call, Callout, Job
from rules.custody import HolderKind
from rules.repairs.quotations import Price

Purpose = Literal["consent", "sign", "progress"]
Mode = Literal["own", "handover"]


@dataclass(frozen=True, slots=True)
class Station:
    id: int
    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class PriceList:
    """A version of 《有偿维修服务收费价格一览表》; lines by id."""

    version: str
    lines: Mapping[int, Price]


@dataclass(frozen=True, slots=True)
class Thing:
    """What changes hands. `amount` is fen of money, else pieces; `to_id` is whom it is offered to, 0 for nobody."""

    id: int
    rev: int
    kind: str
    number: str
    what: str
    amount: int
    case_id: int | None
    holder_kind: HolderKind
    holder: int
    to_id: int = 0
    given_at: datetime | None = None
    batch: str = ""
    archive: str = ""


class Repairs(Protocol):
    """Who sees which jobs is the policy's: a technician those sent, offered or given to them, the desk and the managers their area's."""

    def job(self, id: int) -> Job | None: ...
    def jobs(
        self,
        *,
        states: Sequence[str] = (),
        technician: int | None = None,
        asked: int | None = None,
        area: int | None = None,
        unit: int | None = None,
        phone: str = "",
        day: date | None = None,
        since: datetime | None = None,
        closed_since: datetime | None = None,
        urgent: bool | None = None,
        limit: int = 50,
        before: int | None = None,
    ) -> Sequence[Job]:
        """Newest first, `before` an id for paging."""
        ...

    def register_job(self, call: Call) -> Job:
        """Numbered per station and day; the desk, the area manager, or whoever reports for a tenant."""
        ...

    def step_job(
        self, id: int, rev: int | None, action: str, *, at: datetime | None = None, columns: Mapping[str, Any] | None = None, **data: Any
    ) -> Job:
        """Asks rules/repairs/jobs.py as oneself. StaleCase, NotAllowed, RuleBroken. `columns`: technician_id, sent_at, arrived_at, paid."""
        ...

    def note_job(self, id: int, action: str, *, columns: Mapping[str, Any] | None = None, **data: Any) -> Job:
        """Something about a job that moves no state: a photograph, a call for support, who was told when."""
        ...

    def callouts(self, job: int) -> Sequence[Callout]: ...
    def call_out(self, job: int, person: int, rung: str, how: str = "message", *, outbox: int = 0) -> Callout:
        """Told now; `outbox` is the message, whose sending is the notice's delivery."""
        ...

    def answer_callout(self, id: int, answer: str, why: str = "") -> None: ...
    def end_callouts(self, job: int) -> Sequence[int]:
        """Nobody is asked any more; whoever still was."""
        ...

    def stations(self) -> Sequence[Station]: ...
    def station(self, id: int) -> Station | None:
        """0: the firm's only one."""
        ...

    def areas(self) -> Sequence[Found]: ...
    def on_shift(self, role: str, at: datetime, area: int | None = None) -> Sequence[Person]:
        """At work by their hours (not on leave), or on the rota; the area's own first, then those of no area."""
        ...

    def phone_of(self, person: int) -> str: ...
    def put_duty(self, person: int, role: str, since: datetime, until: datetime, area: int | None = None) -> None: ...
    def make_link(self, job: int, purpose: Purpose, mode: Mode, content_hash: str, until: datetime) -> tuple[str, str]:
        """The address and the hash of a picture of it to scan ("" without one). Earlier links of the same purpose end."""
        ...

    def end_links(self, job: int, purpose: Purpose) -> None: ...
    def code_of(self, job: int) -> str:
        """A picture to scan that leads back to the record ("" without one); it opens for colleagues only."""
        ...

    def print_out(self, layout: str, data: Mapping[str, Any], pictures: Mapping[str, str], words: str) -> tuple[str, str]:
        """What to attach: the paper (PDF) and its first page as a picture, made when first wanted; the same contents are one file."""
        ...

    def sign_on_paper(self, job: int, photo: str, content: str, content_hash: str, version: str) -> Job:
        """The technician photographed the form the customer signed: the customer's step, on the evidence of the picture."""
        ...

    def attest_job(self, job: int, rev: int | None, content: str, content_hash: str, version: str) -> Job:
        """Signed by oneself, in the role the firm has set for where nobody lives (C-4.5.5a)."""
        ...

    def signature_in(self, photo: str) -> tuple[str, str]:
        """Of the photograph of a signed form: the hash of the signature alone, "" when none was found; and what to say then (C-4.5.5b)."""
        ...

    def agreements(self, job: int) -> Sequence[Mapping[str, Any]]: ...

    def things(self, *, holder: int | None = None, offered_to: int | None = None, kind: str = "", case: int | None = None) -> Sequence[Thing]: ...
    def new_thing(self, kind: str, number: str, what: str, amount: int, *, case: int | None = None, holder: int = 0) -> Thing:
        """Held by oneself unless `holder` is named; the same kind and number: the one there is."""
        ...

    def give_thing(self, id: int, to: int, *, batch: str = "") -> Thing: ...
    def take_back_thing(self, id: int) -> Thing: ...
    def take_thing(self, id: int, counted: int) -> Thing: ...
    def refuse_thing(self, id: int, why: str) -> Thing: ...
    def archive_thing(self, id: int, number: str) -> Thing:
        """Filed for good (C-4.6d)."""
        ...
