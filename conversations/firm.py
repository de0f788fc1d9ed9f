"""What the firm is made of, as forms and conversations see it: people, customers, papers, cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


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
    local: bool = True


@dataclass(frozen=True, slots=True)
class Invited:
    """A colleague's way in: links by channel, eight digits, a picture of the link to scan ("" when there is none)."""

    person: int
    code: str
    links: Sequence[tuple[str, str]]
    picture: str = ""
