"""A person's desk over stations: flats to repair in, areas, the rota, the house rules, tenants' complaints (B-8, C-2, C-3, C-6.1)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, insert, or_, select, true, update

from conversations.desk import NotAllowed
from conversations.desks.handouts import Card
from conversations.desks.stations import Area, PriceVersion, Shift, Spot
from conversations.firm import Case, Found
from conversations.holdings import Unit
from conversations.repairs import dispatch, intake
from conversations.repairs.job import Call, Job
from rules.people import Subject
from rules.repairs.quotations import Price
from storage import cases, people, stations
from storage.codec import canonical
from storage.lists import UNITS, fitting, version_of
from storage.names import plain
from storage.repairing import Repairing
from storage.tables import area, card, card_read, case, duty, person, price, station, unit
from storage.upsert import both, on

RULES, COMPLAINT = "conduct", "tenant_complaint"
AT_STATIONS = ("technician", "service_desk", "area_manager", "station_master", "property_manager")
NOT_OURS = "没找到这个地方。请核对小区、楼号、房号，或请资产管理部把它加进房屋名单。"
COMMON = 10**12  # above every flat's number
CANDIDATES = 4000
_PHONE = re.compile(r"\d{7,}")
_PIECES = re.compile(r"\d+|[a-z]+")
_BUILT = re.compile(r"[\da-z\s#-]|号楼|栋|幢|座|单元|室|层|号|楼")
_AFTER = re.compile(r"[\s,，]*(?P<first>\d{1,4}|[a-z])?\s*(?P<built>号楼|栋|幢|座|#|-|号)?\s*(?:\d{1,2}\s*(?:单元|-)\s*)?(?P<room>\d{2,5})?")
_card_columns = tuple(card.c[name] for name in ("id", "topic", "version", "name", "text", "blobs", "since", "by_id", "at"))
_read = both(card_read, lambda into: into.on_conflict_do_nothing(index_elements=["card_id", "person_id"]))
_shifts = (
    select(duty.c.id, duty.c.person_id, person.c.name, duty.c.role, duty.c.area_id, area.c.name, duty.c.since, duty.c.until)
    .join(person, person.c.id == duty.c.person_id)
    .outerjoin(area, area.c.id == duty.c.area_id)
    .order_by(duty.c.since, duty.c.id)
)
_areas = select(area.c.id, area.c.name, area.c.station_id, station.c.name, area.c.estates).outerjoin(station, station.c.id == area.c.station_id)
_complaints = select(*cases.COLUMNS).where(case.c.kind == COMPLAINT)


class Stationing(Repairing):
    def case(self, id: int) -> Case | None:
        found = super().case(id)
        if found is None and id and self._opens("hear_tenant"):
            row = self._conn.execute(_complaints.where(case.c.id == id)).first()
            return Case(*row) if row is not None else None
        return found

    # --- where ------------------------------------------------------------------------------------------
    def spot(self, key: str) -> Spot | None:
        if not self._opens("see_units"):
            return None
        if key.isascii() and key.isdecimal() and len(key) < 16:
            found = self._units(unit.c.id == int(key) % COMMON, 1)
            if found and int(key) >= COMMON:
                return self._common(found[0].estate, found[0].building)
            return self._flat(found[0]) if found else None
        estate, _, building = key.partition("|")
        known = select(unit.c.id).where(unit.c.estate == estate, unit.c.building == building).limit(1)
        return self._common(estate, building) if building and self._conn.execute(known).first() else None

    def spots(self, words: str, limit: int = 8) -> Sequence[Spot]:
        asked = plain(words)[:200]
        if not asked or not self._opens("see_units"):
            return ()
        phone = _PHONE.search(asked)
        if phone and (rung := self._units(unit.c.phone.contains(phone[0], autoescape=True), limit)):
            return [self._flat(one) for one in rung]
        if asked.isdecimal() and len(asked) >= 4 and (rung := self._units(unit.c.phone.contains(asked, autoescape=True), limit)):
            return [self._flat(one) for one in rung]
        estates = [one for one in self.estates() if plain(one) in asked]
        pieces = [one for one in _PIECES.findall(asked) if len(one) < 7]
        wanted: list[ColumnElement[bool]] = [unit.c.estate.in_(estates), unit.c.tenant.in_(_words(words))]
        wanted += [unit.c.room.in_(pieces)] if pieces and not estates and not _BUILT.sub("", asked) else []
        near = [(_fit(one, asked, pieces), one) for one in self._units(or_(*wanted), CANDIDATES)]
        best = max((score for score, _ in near), default=0)
        flats = [one for score, one in near if score == best and _meant(one, asked, pieces)] if best else []
        if flats:
            return [self._flat(one) for one in flats[:limit]]
        if estates:
            return self._commons(estates, asked)[:limit]
        loose = fitting(words, unit.c.estate, unit.c.building, unit.c.room, unit.c.tenant, unit.c.phone, unit.c.pinyin, unit.c.initials)
        return [self._flat(one) for one in self._units(loose, limit)]

    def still_open(self, key: str, phone: str, what: str) -> Job | None:
        here = self.spot(key)
        return dispatch.similar(self, intake.call(here, what, phone=phone, shouted=())) if here is not None else None

    def register_job(self, call: Call) -> Job:
        if call.unit_id is not None and not self._units(unit.c.id == call.unit_id, 1):
            raise NotAllowed(NOT_OURS)
        return super().register_job(call)

    def estates(self) -> Sequence[str]:
        return list(self._conn.execute(select(unit.c.estate).distinct().order_by(unit.c.estate)).scalars())

    def find(self, source: str, query: str, offset: int = 0, limit: int = 6) -> Sequence[Found]:
        if source == "units":
            found = self.spots(query, offset + limit) if query else [self._flat(one) for one in self._units(true(), offset + limit)]
            return [Found(self._chosen_id(one), one.label, one.unit.tenant if one.unit else "") for one in found[offset : offset + limit]]
        return super().find(source, query, offset, limit)

    def label(self, source: str, id: int) -> str:
        if source == "units":
            found = self.spot(str(id))
            return found.label if found is not None else ""
        return super().label(source, id)

    def _chosen_id(self, one: Spot) -> int:
        """A list is chosen from by number: a building's common parts have that of its first flat, above all flats' own."""
        if one.unit is not None:
            return one.unit.id
        here = select(func.min(unit.c.id)).where(unit.c.estate == one.estate, unit.c.building == one.building)
        return COMMON + int(self._conn.execute(here).scalar_one())

    def _units(self, wanted: ColumnElement[bool], limit: int) -> list[Unit]:
        rows = self._conn.execute(UNITS.where(wanted).order_by(unit.c.estate, unit.c.building, unit.c.room).limit(limit))
        return [Unit(*row) for row in rows]

    def _flat(self, one: Unit) -> Spot:
        area_id, station_id = self._area_of(one.estate)
        return Spot(one.label, f"{one.estate}{one.room or one.building}", one.estate, one.building, one, area_id, station_id)

    def _common(self, estate: str, building: str) -> Spot:
        area_id, station_id = self._area_of(estate)
        return Spot(f"{estate} {building} 公共部位", f"{estate}{building.replace(' ', '')}", estate, building, None, area_id, station_id)

    def _commons(self, estates: Sequence[str], asked: str) -> list[Spot]:
        """Buildings, when no flat is named: one that is not on the list is no building of ours (C-2)."""
        built, room = _named(asked, estates[0])
        if room:
            return []
        rows = select(unit.c.estate, unit.c.building).where(unit.c.estate.in_(estates), unit.c.building != "").distinct()
        found = [tuple(row) for row in self._conn.execute(rows.order_by(unit.c.estate, unit.c.building))]
        named = [one for one in found if not built or built in _PIECES.findall(plain(one[1]))]
        return [self._common(*one) for one in named]

    def _area_of(self, estate: str) -> tuple[int | None, int]:
        """The station stands in a job's number only where there are several."""
        found, home = stations.area_of(self._conn, estate)
        return found, home if len(self.stations()) > 1 else 0

    # --- stations, areas, rota, prices --------------------------------------------------------------------
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

    def price_versions(self) -> Sequence[PriceVersion]:
        if not self._opens("see_prices"):
            return ()
        current = version_of(self._conn, self.today)
        rows = select(price.c.version, func.min(price.c.since), func.count()).group_by(price.c.version).order_by(func.min(price.c.since).desc())
        return [PriceVersion(version, since, lines, version == current) for version, since, lines in self._conn.execute(rows)]

    def add_prices(self, version: str, since: date, lines: Sequence[Price]) -> int:
        self._may("keep_prices", Subject())
        if not version or not lines:
            raise NotAllowed("请写版本名称，并至少写一项价格。")
        if since < self.today:
            raise NotAllowed("启用日期要在今天或以后，用过的版本不改。")
        if any(one.version == version for one in self.price_versions()):
            raise NotAllowed(f"已经有「{version}」了。用过的版本不改，请另起一个名字。")
        if len({one.code for one in lines}) < len(lines):
            raise NotAllowed("有两行编号一样，请核对。")
        for one in lines:
            stations.add_price(self._conn, version, one.code, one.name, one.unit, one.fen, since)
        self._log("prices", f"price:{version}", since.isoformat(), canonical([[one.code, one.name, one.unit, one.fen] for one in lines]))
        return len(lines)

    # --- the house rules ----------------------------------------------------------------------------------
    def house_rules(self) -> Card | None:
        found = select(*_card_columns).where(card.c.topic == RULES, card.c.since <= self.today)
        row = self._conn.execute(found.order_by(card.c.since.desc(), card.c.version.desc()).limit(1)).first()
        return _as_card(row) if row is not None else None

    def add_house_rules(self, name: str, text: str, since: date) -> Card:
        self._may("keep_house_rules", Subject())
        if not name.strip() or not text.strip():
            raise NotAllowed("请写版本名称和内容。")
        if since < self.today:
            raise NotAllowed("启用日期要在今天或以后。")
        last = self._conn.execute(select(func.max(card.c.version)).where(card.c.topic == RULES)).scalar() or 0
        values: dict[str, Any] = {"topic": RULES, "version": last + 1, "name": name.strip()[:80], "text": text.strip(), "blobs": []}
        values |= {"since": since, "by_id": self.me.id, "at": self._now}
        made = self._conn.execute(insert(card).values(**values).returning(*_card_columns)).one()
        self._log("add", f"card:{made[0]}", RULES, name.strip(), text.strip())
        return _as_card(made)

    def confirm_house_rules(self, id: int) -> bool:
        if not self._conn.execute(select(card.c.id).where(card.c.id == id, card.c.topic == RULES)).first():
            raise NotAllowed("这一版已经不在了。")
        self._log("confirm", f"card:{id}")
        self._conn.execute(on(self._conn, _read), {"card_id": id, "person_id": self.me.id, "told_at": None, "opened_at": None})
        mine = card_read.c.card_id == id, card_read.c.person_id == self.me.id, card_read.c.opened_at.is_(None)
        return bool(self._conn.execute(update(card_read).where(*mine).values(opened_at=self._now)).rowcount)

    def house_rules_read(self, id: int) -> Mapping[int, datetime | None]:
        here = [who.id for who in people.everybody(self._conn, self.today) if not who.roles.isdisjoint(AT_STATIONS)]
        if not self._opens("see_house_rules_read"):
            here = [self.me.id]
        rows = select(card_read.c.person_id, card_read.c.opened_at).where(card_read.c.card_id == id)
        read = {row.person_id: row.opened_at for row in self._conn.execute(rows)}
        return {who: read.get(who) for who in here}

    # --- what tenants are not content with ----------------------------------------------------------------
    def tenant_complaint(self, what: str, *, spot: str = "", caller: str = "", phone: str = "", job: int = 0) -> Case:
        self._may("hear_tenant", Subject())
        said = " ".join(what.split())[:600]
        if not said:
            raise NotAllowed("请写一句租户说了什么。")
        here = self.spot(spot) if spot else None
        if spot and here is None:
            raise NotAllowed(NOT_OURS)
        flat = here.unit if here is not None else None
        data: dict[str, Any] = {"what": said, "where": here.label if here else "", "by": self.me.id, "job": job}
        data |= {"caller": caller or (flat.tenant if flat else ""), "phone": phone or (flat.phone if flat else "")}
        data |= {"area": here.area_id if here else None}
        row: dict[str, Any] = {"kind": COMPLAINT, "state": "open", "key": "", "person_id": self.me.id, "customer_id": None, "paper_id": None}
        opened, _ = cases.open_(self._conn, row | {"day": self.today, "at": self._now, "data": data}, self.me.id, self._now)
        self._log("open", f"case:{opened.id}", COMPLAINT, canonical(data))
        return opened

    def tenant_complaints(self, states: Sequence[str] = ("open",), limit: int = 100) -> Sequence[Case]:
        if not self._opens("hear_tenant"):
            return ()
        rows = self._conn.execute(_complaints.where(case.c.state.in_(states)).order_by(case.c.id.desc()).limit(limit))
        return [Case(*row) for row in rows]

    def close_tenant_complaint(self, id: int, outcome: str) -> Case:
        row = self._conn.execute(_complaints.where(case.c.id == id)).first()
        self._may("close_tenant", Subject(makers=frozenset()))
        said = " ".join(outcome.split())[:600]
        if row is None or not said:
            raise NotAllowed("请写一句怎么处理的、租户怎么说。" if row is not None else "这一条已经不在了。")
        found = Case(*row)
        if found.state != "open":
            raise NotAllowed("这一条已经结了。")
        data = {"outcome": said, "closed_by": self.me.id}
        moved = cases.move(self._conn, found, "close", self.me.id, self._now, data, state="closed", closed_at=self._now)
        if moved is None:
            raise NotAllowed("别人刚动过这一条，请再看一下。")
        self._log("close", f"case:{id}", COMPLAINT, said)
        return moved


def unread_rules(conn: Connection, day: date) -> tuple[int, frozenset[int]] | None:
    """The version in force, and who has confirmed it."""
    found = select(card.c.id).where(card.c.topic == RULES, card.c.since <= day).order_by(card.c.since.desc(), card.c.version.desc()).limit(1)
    id = conn.execute(found).scalar()
    if id is None:
        return None
    read = select(card_read.c.person_id).where(card_read.c.card_id == id, card_read.c.opened_at.is_not(None))
    return int(id), frozenset(conn.execute(read).scalars())


def _words(text: str) -> list[str]:
    return [one for one in re.split(r"[\s,，。、;；]+", text) if 2 <= len(one) <= 20][:8]


def _fit(one: Unit, asked: str, pieces: Sequence[str]) -> int:
    """How much of the flat the words name; the building is told by its figure."""
    built, room = _PIECES.findall(plain(one.building)), _PIECES.findall(plain(one.room))
    score = 4 * (plain(one.estate) in asked) + 5 * (bool(one.tenant) and plain(one.tenant) in asked)
    return score + 2 * (bool(built) and set(built) <= set(pieces)) + 3 * (bool(room) and room[-1] in pieces)


def _meant(one: Unit, asked: str, pieces: Sequence[str]) -> bool:
    """A flat, not only its estate or building; a building that was named has to be its own."""
    room, estate = _PIECES.findall(plain(one.room)), plain(one.estate)
    if estate in asked:
        built, _ = _named(asked, one.estate)
        if built and built not in (*_PIECES.findall(plain(one.building)), *room):
            return False
    return (bool(room) and room[-1] in pieces) or (bool(one.tenant) and plain(one.tenant) in asked)


def _named(asked: str, estate: str) -> tuple[str, str]:
    """阳光苑3号楼502 → 3, 502; 阳光苑502 → "", 502; 阳光苑3号楼楼道 → 3, ""."""
    found = _AFTER.match(asked.partition(plain(estate))[2])
    if found is None or not found["first"]:
        return "", ""
    if found["built"] or found["room"]:
        return found["first"], found["room"] or ""
    return ("", found["first"]) if len(found["first"]) > 2 else (found["first"], "")


def _as_card(row: Any) -> Card:
    id, topic, version, name, text, blobs, since, by_id, at = row
    return Card(id, topic, version, name, text, tuple(blobs), since, by_id, at)
