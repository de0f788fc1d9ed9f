"""Where something is to be repaired: a flat, or a building's common parts, by the words people use for it (B-8, C-2)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, or_, select, true

from conversations.desk import NotAllowed
from conversations.desks.stations import Spot
from conversations.firm import Found
from conversations.holdings import Unit
from conversations.repairs.job import Call, Job
from rules.repairs import register
from storage.lists import UNITS, fitting
from storage.names import plain
from storage.repairs import stations
from storage.repairs.rota import Rota
from storage.tables import unit

NOT_OURS = "没找到这个地方。请核对小区、楼号、房号，或请资产管理部把它加进房屋名单。"
COMMON = 10**12  # above every flat's number
CANDIDATES = 4000
_PHONE = re.compile(r"\d{7,}")
_PIECES = re.compile(r"\d+|[a-z]+")
_BUILT = re.compile(r"[\da-z\s#-]|号楼|栋|幢|座|单元|室|层|号|楼")
_AFTER = re.compile(r"[\s,，]*(?P<first>\d{1,4}|[a-z])?\s*(?P<built>号楼|栋|幢|座|#|-|号)?\s*(?:\d{1,2}\s*(?:单元|-)\s*)?(?P<room>\d{2,5})?")


class Places(Rota):
    """Only what stands on the firm's list of units is a place of ours."""

    def spot(self, key: str) -> Spot | None:
        if not self._opens("see_units"):
            return None
        if key.isascii() and key.isdecimal() and len(key) < 16:
            found = self._units(unit.c.id == int(key) % COMMON, 1)
            if found and int(key) >= COMMON:
                return self._common(found[0].estate, "" if int(key) >= 2 * COMMON else found[0].building)
            return self._flat(found[0]) if found else None
        estate, _, building = key.partition("|")
        there = unit.c.building == building if building else true()
        known = select(unit.c.id).where(unit.c.estate == estate, there).limit(1)
        return self._common(estate, building) if estate and self._conn.execute(known).first() else None

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
        public = register.part(words)
        if estates and public and not any(_named(asked, one)[0] for one in estates):
            return [self._common(one, "") for one in estates][:limit]
        if estates:
            return self._commons(estates, asked)[:limit]
        if public and asked.startswith(public):  # named first: no estate that is not ours stands before it
            ours = self.estates()
            return [self._common(ours[0], "")] if len(ours) == 1 else self.houses()[:limit]
        loose = fitting(words, unit.c.estate, unit.c.building, unit.c.room, unit.c.tenant, unit.c.phone, unit.c.pinyin, unit.c.initials)
        return [self._flat(one) for one in self._units(loose, limit)]

    def register_job(self, call: Call) -> Job:
        if call.unit_id is not None and not self._units(unit.c.id == call.unit_id, 1):
            raise NotAllowed(NOT_OURS)
        return super().register_job(call)

    def estates(self) -> Sequence[str]:
        return list(self._conn.execute(select(unit.c.estate).distinct().order_by(unit.c.estate)).scalars())

    def houses(self, estate: str = "") -> Sequence[Spot]:
        if not self._opens("see_units"):
            return ()
        rows = select(unit.c.estate, unit.c.building).where(unit.c.building != "", unit.c.estate == estate if estate else true()).distinct()
        return [self._common(*row) for row in self._conn.execute(rows.order_by(unit.c.estate, unit.c.building))]

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
        """A list is chosen from by number: a building's common parts have that of its first flat, above all flats' own; an estate's above those."""
        if one.unit is not None:
            return one.unit.id
        here = select(func.min(unit.c.id)).where(unit.c.estate == one.estate, unit.c.building == one.building if one.building else true())
        return (COMMON if one.building else 2 * COMMON) + int(self._conn.execute(here).scalar_one())

    def _units(self, wanted: ColumnElement[bool], limit: int) -> list[Unit]:
        rows = self._conn.execute(UNITS.where(wanted).order_by(unit.c.estate, unit.c.building, unit.c.room).limit(limit))
        return [Unit(*row) for row in rows]

    def _flat(self, one: Unit) -> Spot:
        area_id, station_id = self._area_of(one.estate)
        return Spot(one.label, f"{one.estate}{one.room or one.building}", one.estate, one.building, one, area_id, station_id)

    def _common(self, estate: str, building: str) -> Spot:
        area_id, station_id = self._area_of(estate)
        label = f"{estate} {building} 公共部位" if building else f"{estate} 公共部位"
        return Spot(label, f"{estate}{building.replace(' ', '')}", estate, building, None, area_id, station_id)

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
