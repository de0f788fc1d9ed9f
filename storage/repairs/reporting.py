"""A tenant's own report behind a building's code: registered for the desk, and nothing else may be done (C-4.5.1, C-5.1)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, and_, select

from conversations.holdings import Unit
from conversations.repairs import intake
from conversations.repairs.job import Call
from rules.repairs.jobs import SHOUTED, Mover
from storage import audit
from storage.repairs import codes, stations
from storage.repairs.desk import RepairsDesk
from storage.repairs.jobs import Sight
from storage.tables import station, unit
from storage.world import World

TAKERS = ("service_desk", "area_manager", "station_master")
_LAST = re.compile(r"([0-9A-Za-z]+)\s*(?:室|号|房)?$")


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


def building_of(conn: Connection, name: str) -> Building | None:
    """By the code on its wall, or its name however it is spaced; None for what is neither handed out nor on the list."""
    wanted = "".join(name.split())
    house = codes.led(conn, wanted) or _listed(conn, wanted)
    if house is None:
        return None
    estate, building = house
    area_id, station_id = stations.area_of(conn, estate)
    known = list(conn.execute(select(station.c.id, station.c.name, station.c.phone)))
    here = next((row for row in known if row.id == station_id), known[0] if len(known) == 1 else None)
    words = (here.name, here.phone) if here is not None else ("", "")
    return Building(f"{estate} {building}".strip(), estate, building, station_id, area_id, *words)


def _listed(conn: Connection, wanted: str) -> tuple[str, str] | None:
    for estate, building in conn.execute(select(unit.c.estate, unit.c.building).distinct()):
        if wanted in ("".join(f"{estate}{building}".split()), codes.short(estate, building)):
            return estate, building
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
        """As the desk writes it down; whoever says it is at home is, whatever the list knows of the flat."""
        room, public = "".join(typed["room"].split()), typed["place"] == "public"
        flat = None if public else self._flat_in(building, room)
        spot = self._flat(flat) if flat is not None else self._common(building.estate, building.building)
        shouted = self.setting("emergency_words", SHOUTED)
        call = intake.call(spot, typed["what"], phone=typed["phone"], caller=typed["name"], shouted=shouted)
        if public:
            return replace(call, where=f"{spot.short}{room}", address=f"{building.name} {room}")
        if flat is None:
            call = replace(call, where=f"{building.estate}{room}", address=f"{building.name} {room}")
        return replace(call, place="home")

    def _flat_in(self, building: Building, room: str) -> Unit | None:
        """502, 502室 and 3号楼502 are the same flat."""
        last = _LAST.search(room)
        for called in dict.fromkeys((room, last[1] if last else room)):
            found = self._units(and_(unit.c.estate == building.estate, unit.c.building == building.building, unit.c.room == called), 1)
            if found:
                return found[0]
        return None

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
