"""A repair job as everybody around it sees it: a line of 《报修记录表》 and where it stands (C-5.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from rules.repairs import jobs
from rules.repairs.jobs import Place
from rules.repairs.quotations import Line, Quotation

ATTESTED_AS: Mapping[str, str] = {"service_desk": "desk", "property_manager": "property"}  # the relation of a signature in a role


@dataclass(frozen=True, slots=True)
class Job:
    """`id` and `rev` are the case's. Pictures are SHA-256 of blobs."""

    id: int
    rev: int
    state: str
    day: date
    nth: int
    station_id: int
    area_id: int | None
    unit_id: int | None
    place: Place
    trade: str
    urgent: str
    paid: bool | None
    technician_id: int
    phone: str
    sent_at: datetime | None
    accepted_at: datetime | None
    arrived_at: datetime | None
    opened_at: datetime
    closed_at: datetime | None
    at: datetime | None  # appointment
    by_id: int  # who took the call
    asked: frozenset[int] = frozenset()  # sent or offered to, unanswered
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def number(self) -> str:
        """1124-07; with several stations the station in front."""
        return f"{f'{self.station_id}-' if self.station_id else ''}{self.day:%m%d}-{self.nth:02d}"

    @property
    def what(self) -> str:
        return str(self.data.get("what", ""))

    @property
    def where(self) -> str:
        """阳光苑502, as one says it."""
        return str(self.data.get("where", ""))

    @property
    def address(self) -> str:
        return str(self.data.get("address", "")) or self.where

    @property
    def caller(self) -> str:
        return str(self.data.get("caller", ""))

    @property
    def findings(self) -> tuple[str, ...]:
        return tuple(self.data.get("findings", ()))

    @property
    def before(self) -> tuple[str, ...]:
        return tuple(self.data.get("before", ()))

    @property
    def after(self) -> tuple[str, ...]:
        return tuple(self.data.get("after", ()))

    @property
    def voices(self) -> tuple[str, ...]:
        """Findings as they were spoken; kept to be played."""
        return tuple(self.data.get("voices", ()))

    @property
    def trials(self) -> tuple[bool, ...]:
        return tuple(self.data.get("trials", ()))

    @property
    def rounds(self) -> int:
        """Of rework, because somebody was not content."""
        return int(self.data.get("rounds", 0))

    @property
    def quotation(self) -> Quotation | None:
        """The newest, agreed or not."""
        return quotation_of(self.number, self.data.get("quotation"))

    @property
    def agreed(self) -> Quotation | None:
        """What the customer last consented to."""
        return quotation_of(self.number, self.data.get("agreed"))

    @property
    def title(self) -> str:
        """On every message: 【1124-07 阳光苑502】."""
        return f"【{self.number} {self.where}】"

    @property
    def original(self) -> str:
        """The photograph of the form that was signed on paper."""
        return str(self.data.get("original", ""))

    @property
    def signer(self) -> str:
        """Who signs where nobody lives, as the firm had set it when the work was done; of rules.repairs.jobs.SIGNERS."""
        return str(self.data.get("signer") or "reporter")

    @property
    def attested(self) -> bool:
        return self.for_rules().attested

    def for_rules(self) -> jobs.Job:
        return jobs.Job(
            self.state,
            self.place,
            self.paid,
            self.technician_id,
            self.asked,
            len(self.findings),
            len(self.before),
            len(self.after),
            str(self.data.get("price_shown", "")),
            self.trials,
            str(self.data.get("disputed_from", "")),
            bool(self.data.get("agreed")),
            self.signer,
        )


def quotation_of(number: str, kept: Any) -> Quotation | None:
    """From what the case holds."""
    if not kept:
        return None
    return Quotation(number, kept["version"], tuple(Line(**line) for line in kept["lines"]))


def kept(quotation: Quotation) -> dict[str, Any]:
    lines = [{"code": one.code, "name": one.name, "unit": one.unit, "count": one.count, "fen": one.fen} for one in quotation.lines]
    return {"version": quotation.version, "lines": lines, "hash": quotation.hash}


@dataclass(frozen=True, slots=True)
class Callout:
    """Somebody was told of a job, or rung up about it: what an emergency's record is made of (C-4.5.1c)."""

    id: int
    person_id: int
    rung: str  # sent | offered | shift | backup | area_manager | station_master
    how: str  # message | phone
    at: datetime
    told_at: datetime | None = None  # delivered to the platform
    answer: str = ""  # accepted | declined | reached | missed
    answered_at: datetime | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """What the desk writes down while the telephone is at the ear (ZC-QR-030)."""

    what: str
    where: str
    place: Place = "home"
    trade: str = "other"
    urgent: str = ""
    paid: bool | None = None
    caller: str = ""
    phone: str = ""
    address: str = ""
    unit_id: int | None = None
    area_id: int | None = None
    station_id: int = 0
    at: datetime | None = None
    blobs: Sequence[str] = ()
