"""Stations, their areas, and who is on duty in them (C-3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, delete, insert, select, update

from conversations.desk import NotAllowed
from conversations.desks.repairs import Station
from conversations.desks.stations import Area, Shift
from conversations.firm import Found, Person
from rules.people import Subject
from storage import people
from storage.codec import canonical
from storage.prepared import Query, scalar
from storage.repairs import stations
from storage.repairs.register import Register
from storage.tables import area, duty, station
from storage.tables import person as person_table

_shifts = (
    select(duty.c.id, duty.c.person_id, person_table.c.name, duty.c.role, duty.c.area_id, area.c.name, duty.c.since, duty.c.until)
    .join(person_table, person_table.c.id == duty.c.person_id)
    .outerjoin(area, area.c.id == duty.c.area_id)
    .order_by(duty.c.since, duty.c.id)
)
_areas = select(area.c.id, area.c.name, area.c.station_id, station.c.name, area.c.estates).outerjoin(station, station.c.id == area.c.station_id)
_on_duty = Query(
    select(duty.c.person_id, duty.c.area_id).where(
        duty.c.role == bindparam("which"), duty.c.since <= bindparam("at"), duty.c.until > bindparam("at")
    ),
    lambda person, where: (person, where),
)
_phone = Query(select(person_table.c.phone).where(person_table.c.id == bindparam("person")), scalar)


class Rota(Register):
    """Somebody is on shift by the rota, or where it names nobody by working hours and leave."""

    # --- stations and areas -----------------------------------------------------------------------------
    def stations(self) -> Sequence[Station]:
        return [Station(*row) for row in self._conn.execute(select(station.c.id, station.c.name, station.c.phone).order_by(station.c.id))]

    def station(self, id: int) -> Station | None:
        known = self.stations()
        return next((one for one in known if one.id == id), known[0] if not id and len(known) == 1 else None)

    def areas(self) -> Sequence[Found]:
        return [Found(*row) for row in self._conn.execute(select(area.c.id, area.c.name).order_by(area.c.name))]

    def station_areas(self) -> Sequence[Area]:
        rows = self._conn.execute(_areas.order_by(area.c.name))
        return [Area(id, name, home or 0, called or "", tuple(estates)) for id, name, home, called, estates in rows]

    def put_station(self, name: str, phone: str, id: int = 0) -> int:
        self._may("set_stations", Subject())
        twin = self._conn.execute(select(station.c.id).where(station.c.name == name)).scalar()
        if twin is not None and twin != id:
            raise NotAllowed(f"已经有「{name}」了。")
        self._log("station", f"station:{id or 'new'}", name, phone)
        if not id:
            return stations.add_station(self._conn, name, phone)
        if not self._conn.execute(update(station).where(station.c.id == id).values(name=name, phone=phone)).rowcount:
            raise NotAllowed("这个服务站已经不在了。")
        return id

    def put_area(self, name: str, station: int, estates: Sequence[str], id: int = 0) -> int:
        self._may("set_stations", Subject())
        others = [one for one in self.station_areas() if one.id != id]
        if any(one.name == name for one in others):
            raise NotAllowed(f"已经有「{name}」了。")
        taken = next(((estate, one) for one in others for estate in estates if estate in one.estates), None)
        if taken is not None:
            raise NotAllowed(f"{taken[0]}已经归{taken[1].name}，一个小区只归一个片区。")
        self._log("area", f"area:{id or 'new'}", name, str(station), canonical(list(estates)))
        if not id:
            return stations.add_area(self._conn, name, station, estates)
        values = {"name": name, "station_id": station, "estates": list(estates)}
        if not self._conn.execute(update(area).where(area.c.id == id).values(values)).rowcount:
            raise NotAllowed("这个片区已经不在了。")
        return id

    # --- who is on duty ---------------------------------------------------------------------------------
    def on_shift(self, role: str, at: datetime, area: int | None = None) -> Sequence[Person]:
        on_call: dict[int, bool] = {}  # by the rota: for this area by name
        for id, where in self._on_duty(role, at):
            if area is None or where in (None, area):
                on_call[id] = on_call.get(id, False) or where == area
        day = self.calendar.day_of(at)
        here: list[tuple[bool, Person]] = []
        scopes = people.scopes(self._conn, role, day)
        for who in people.everybody(self._conn, day):
            mine = {id for scope, id in scopes.get(who.id, ()) if scope == "area"}
            reaches = area is None or not mine or area in mine
            if who.id in on_call:
                here.append((not on_call[who.id], who))
            elif role in who.roles and reaches and self._at_work(who, at, day):
                here.append((area not in mine, who))
        return [who for _, who in sorted(here, key=lambda one: (one[0], one[1].id))]

    def phone_of(self, person: int) -> str:
        return str(_phone.first(self._conn, {"person": person}) or "")

    def put_duty(self, person: int, role: str, since: datetime, until: datetime, area: int | None = None) -> None:
        self._may("set_duty", Subject(owner=person, unit=area or 0, scope="area"))
        if until <= since or until - since > timedelta(days=31):
            raise NotAllowed("值班要从早到晚写清楚，一次不超过 31 天。")
        self._log("duty", f"person:{person}", f"{role}:{since.isoformat()}–{until.isoformat()}:{area or ''}")
        self._conn.execute(insert(duty), {"person_id": person, "role": role, "area_id": area, "since": since, "until": until})

    def duties(self, since: datetime, until: datetime) -> Sequence[Shift]:
        found = _shifts.where(duty.c.until > since, duty.c.since < until)
        rows = self._conn.execute(found)
        return [Shift(id, who, name, role, area_id or 0, where or "", a, b) for id, who, name, role, area_id, where, a, b in rows]

    def end_duty(self, id: int) -> Shift:
        rows = self._conn.execute(_shifts.where(duty.c.id == id)).first()
        if rows is None:
            raise NotAllowed("这一班已经不在了。")
        found = Shift(rows[0], rows[1], rows[2], rows[3], rows[4] or 0, rows[5] or "", rows[6], rows[7])
        self._may("set_duty", Subject(unit=found.area_id, scope="area"))
        if found.until <= self._now:
            raise NotAllowed("这一班已经过了，留着备查。")
        self._log("end_duty", f"person:{found.person_id}", f"{found.role}:{found.since.isoformat()}–{found.until.isoformat()}")
        if found.since > self._now:
            self._conn.execute(delete(duty).where(duty.c.id == id))
        else:
            self._conn.execute(update(duty).where(duty.c.id == id).values(until=self._now))
        return found

    def _at_work(self, who: Person, at: datetime, day: date) -> bool:
        return self.calendar.at(day, who.opens) <= at < self.calendar.at(day, who.closes) and not self.on_leave(who.id, day)

    def _on_duty(self, role: str, at: datetime) -> list[tuple[int, int | None]]:
        return _on_duty.all(self._conn, {"which": role, "at": at})
