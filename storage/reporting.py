"""A tenant's own report behind a building's code: registered for the desk, and nothing else may be done (C-4.5.1, C-5.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from conversations.repairs.job import Call
from rules.repairs.jobs import Mover
from storage import audit, stations
from storage.jobs import Sight
from storage.repairs.desk import RepairsDesk
from storage.tables import station, unit
from storage.world import World

TAKERS = ("service_desk", "area_manager", "station_master")


@dataclass(frozen=True, slots=True)
class Building:
    """阳光苑 3 号楼, with the station that looks after it and the number its tenants know."""

    name: str
    estate: str
    building: str
    station_id: int
    area_id: int | None
    station: str
    phone: str


def buildings(conn: Connection) -> list[str]:
    """Those of the firm's list of flats."""
    found = select(unit.c.estate, unit.c.building).distinct().order_by(unit.c.estate, unit.c.building)
    return [f"{estate} {building}".strip() for estate, building in conn.execute(found)]


def building_of(conn: Connection, name: str) -> Building | None:
    """However it is spaced; None outside the list."""
    wanted = "".join(name.split())
    for estate, building in conn.execute(select(unit.c.estate, unit.c.building).distinct()):
        if "".join(f"{estate}{building}".split()) == wanted:
            area_id, station_id = stations.area_of(conn, estate)
            known = list(conn.execute(select(station.c.id, station.c.name, station.c.phone)))
            here = next((row for row in known if row.id == station_id), known[0] if len(known) == 1 else None)
            words = (here.name, here.phone) if here is not None else ("", "")
            return Building(f"{estate} {building}".strip(), estate, building, station_id, area_id, *words)
    return None


class Reporting(World):
    """Stands in for whoever is at the desk now; the log names the building's code."""

    def __init__(self, conn: Connection, building: Building, *, now: datetime, zone: ZoneInfo, **rest: Any) -> None:
        looking = RepairsDesk(conn, person_id=0, now=now, zone=zone)
        there = [who.id for role in TAKERS for who in (*looking.on_shift(role, now, building.area_id), *looking.people(role))]
        self.taken_by = there[0] if there else 0
        super().__init__(conn, person_id=self.taken_by, now=now, zone=zone, via="qr", **rest)
        self._house = building

    def call(self, building: Building, typed: Mapping[str, str]) -> Call:
        """What was typed, and the flat when it is in the list."""
        room = "".join(typed["room"].split())
        at = (unit.c.estate == building.estate, unit.c.building == building.building, unit.c.room == room)
        flat = self._conn.execute(select(unit.c.id, unit.c.tenant, unit.c.address).where(*at)).first()
        public = typed["place"] == "public"
        return Call(
            typed["what"],
            f"{building.estate}{room}",
            place="public" if public else "home",
            caller=typed["name"] or (flat.tenant if flat is not None and not public else ""),
            phone=typed["phone"],
            address=f"{building.name} {room}",
            unit_id=flat.id if flat is not None and not public else None,
            area_id=building.area_id,
            station_id=self._one_station(building),
        )

    def _one_station(self, building: Building) -> int:
        """0 where the firm has one."""
        return building.station_id if len(self.stations()) > 1 else 0

    def _may_take_call(self) -> None:
        """Whoever lives there may say what is broken."""

    def _sight(self) -> Sight:
        return Sight(0, everybody=True)

    def _mover(self) -> Mover:
        """The desk's standing order for emergencies: everybody on shift is told at once (C-4.5.1c)."""
        return Mover(self._person_id, frozenset({"service_desk"}))

    def _log(self, verb: str, subject: str, *details: str | bytes) -> None:
        detail = "\n".join(part.decode() if isinstance(part, bytes) else part for part in details)
        audit.append(self._conn, [audit.Entry(f"qr:{self._house.name}", self._via, verb, subject, detail)], self._now)
