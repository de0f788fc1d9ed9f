"""Stations, their areas and who works there, as they are written (C-3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, insert, select, update

from storage.names import keys
from storage.tables import area, person, price, role, station, unit
from storage.upsert import both, on

_station = both(
    station, lambda into: into.on_conflict_do_update(index_elements=["name"], set_={"phone": into.excluded.phone}).returning(station.c.id)
)
_area = both(
    area,
    lambda into: into.on_conflict_do_update(
        index_elements=["name"], set_={"station_id": into.excluded.station_id, "estates": into.excluded.estates}
    ).returning(area.c.id),
)


def add_station(conn: Connection, name: str, phone: str) -> int:
    """The same name once; the number is the one tenants know."""
    return int(conn.execute(on(conn, _station), {"name": name, "phone": phone}).scalar_one())


def add_area(conn: Connection, name: str, station_id: int, estates: Sequence[str]) -> int:
    return int(conn.execute(on(conn, _area), {"name": name, "station_id": station_id, "estates": list(estates)}).scalar_one())


def area_of(conn: Connection, estate: str) -> tuple[int | None, int]:
    """The area and the station of an estate; (None, 0) when it is in none."""
    for id, station_id, estates in conn.execute(select(area.c.id, area.c.station_id, area.c.estates).order_by(area.c.id)):
        if estate in estates:
            return id, station_id or 0
    return None, 0


def give_role(conn: Connection, person_id: int, name: str, since: date, *, area: int = 0) -> None:
    """For one area, or for all."""
    scope = {"scope": "area", "scope_id": area} if area else {"scope": "firm", "scope_id": 0}
    conn.execute(insert(role), {"person_id": person_id, "role": name, "since": since, **scope})


def set_phone(conn: Connection, person_id: int, phone: str) -> None:
    conn.execute(update(person).where(person.c.id == person_id).values(phone=phone))


def add_unit(conn: Connection, estate: str, building: str, room: str, station_name: str, tenant: str, phone: str) -> None:
    row = {"estate": estate, "building": building, "room": room, "station": station_name, "tenant": tenant, "phone": phone}
    conn.execute(insert(unit), row | {"address": f"{estate} {building} {room}", **keys(estate, widths=(160, 40))})


def add_price(conn: Connection, version: str, code: str, item: str, per: str, fen: int, since: date) -> None:
    row = {"version": version, "code": code, "item": item, "per": per, "fen": fen, "since": since}
    conn.execute(insert(price), row | keys(item, widths=(240, 60)))
