"""What may be asked of and done about stations: flats, areas, the rota, the house rules, tenants' complaints (B-8, C-2, C-3, C-6.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from conversations.desks.handouts import Card
from conversations.desks.repairs import PriceList, Station
from conversations.firm import Case
from conversations.holdings import Unit
from conversations.repairs.job import Job
from rules.repairs.quotations import Price


@dataclass(frozen=True, slots=True)
class Area:
    id: int
    name: str
    station_id: int
    station: str
    estates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shift:
    """Somebody on the rota, besides the ordinary hours."""

    id: int
    person_id: int
    name: str
    role: str
    area_id: int
    area: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class PriceVersion:
    version: str
    since: date
    lines: int
    current: bool


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a repair is: a flat, or the common parts of a building (`unit` None)."""

    label: str  # 阳光苑 3 号楼 502
    short: str  # 阳光苑502
    estate: str
    building: str
    unit: Unit | None
    area_id: int | None
    station_id: int

    @property
    def key(self) -> str:
        return str(self.unit.id) if self.unit else f"{self.estate}|{self.building}"

    @property
    def place(self) -> str:
        return "public" if self.unit is None else "home" if self.unit.tenant else "vacant"


class StationLookup(Protocol):
    def spot(self, key: str) -> Spot | None:
        """By its key; None when the place is not on the firm's list (C-2)."""
        ...

    def spots(self, words: str, limit: int = 8) -> Sequence[Spot]:
        """Flats whose number, tenant or telephone the words name; buildings when no flat is meant."""
        ...

    def job(self, id: int) -> Job | None: ...
    def station(self, id: int) -> Station | None:
        """0: the firm's only one."""
        ...

    def still_open(self, key: str, phone: str, what: str) -> Job | None:
        """The same place and thing reported before and not done."""
        ...

    def price_list(self) -> PriceList:
        """In force today; empty when the firm has none yet."""
        ...


class Stations(StationLookup, Protocol):
    """Every write is checked by the policy and stands in the audit log."""

    def station_areas(self) -> Sequence[Area]: ...
    def put_station(self, name: str, phone: str, id: int = 0) -> int: ...
    def put_area(self, name: str, station: int, estates: Sequence[str], id: int = 0) -> int: ...
    def estates(self) -> Sequence[str]:
        """Those with flats on the list."""
        ...

    def houses(self, estate: str = "") -> Sequence[Spot]:
        """Every building of theirs, or of one estate, as a whole."""
        ...

    def codes(self) -> Mapping[str, tuple[str, str]]:
        """Those that were printed, each with the estate and building it leads to."""
        ...

    def hand_out_codes(self, houses: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], str]:
        """The code of each, kept for as long as it hangs there (C-4.5.1)."""
        ...

    def lead_code(self, code: str, estate: str, building: str) -> None:
        """To the building as the list calls it now."""
        ...

    def duties(self, since: datetime, until: datetime) -> Sequence[Shift]: ...
    def end_duty(self, id: int) -> Shift: ...
    def price_versions(self) -> Sequence[PriceVersion]: ...
    def add_prices(self, version: str, since: date, lines: Sequence[Price]) -> int:
        """The next version, whole; those before stay as they are."""
        ...

    def house_rules(self) -> Card | None:
        """《办公环境及员工行为管理制度》 as it holds today (C-4.1.1)."""
        ...

    def add_house_rules(self, name: str, text: str, since: date) -> Card: ...
    def confirm_house_rules(self, id: int) -> bool:
        """Read and to be kept to, once a version; False when it was confirmed before (C-6.1)."""
        ...

    def house_rules_read(self, id: int) -> Mapping[int, datetime | None]:
        """Who works at the stations, and when they confirmed."""
        ...

    def tenant_complaint(self, what: str, *, spot: str = "", caller: str = "", phone: str = "", job: int = 0) -> Case:
        """One line of what a tenant is not content with (B-8, C-4.2.1)."""
        ...

    def tenant_complaints(self, states: Sequence[str] = ("open",), limit: int = 100) -> Sequence[Case]: ...
    def close_tenant_complaint(self, id: int, outcome: str) -> Case:
        """With what the tenant says of it."""
        ...
