"""Lines of the firm's lists as forms and conversations see them: flats, prices, media, positions, issues, running contracts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Unit:
    id: int
    estate: str
    building: str
    room: str
    station: str
    address: str
    tenant: str
    phone: str
    let_from: date | None
    let_until: date | None
    note: str

    @property
    def label(self) -> str:
        return " ".join(part for part in (self.estate, self.building, self.room) if part)


@dataclass(frozen=True, slots=True)
class Price:
    id: int
    version: str
    code: str
    item: str
    per: str
    fen: int
    note: str
    since: date


@dataclass(frozen=True, slots=True)
class Medium:
    id: int
    name: str
    short: str
    kind: str
    note: str


@dataclass(frozen=True, slots=True)
class Position:
    id: int
    medium_id: int
    medium: str
    name: str
    size: str
    fen: int | None
    per: str
    note: str


@dataclass(frozen=True, slots=True)
class Issue:
    id: int
    medium_id: int
    medium: str
    number: str
    closes_on: date | None
    publishes_on: date | None
    deliver_by: date | None
    note: str


@dataclass(frozen=True, slots=True)
class RunningContract:
    id: int
    number: str
    customer_id: int
    customer: str
    medium: str
    position: str
    since: date | None
    until: date
    fen: int | None
    open_fen: int | None
    note: str
