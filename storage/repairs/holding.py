"""A person's desk over what is in whose hands, the day's comparison, and the figures of repairs (C-1, C-4.6)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, true

from conversations.desk import NotAllowed
from conversations.desks.custody import Passage, RepairFigures
from conversations.desks.repairs import Thing
from conversations.firm import Case, Found, Person
from storage import cases, custody, people
from storage.repairs import figures, jobs
from storage.repairs.desk import RepairsDesk
from storage.tables import case, handover, job, thing

RECONCILIATION = "reconciliation"
NOT_WITH_US = "先点收，再归档。"
_passages = select(
    handover.c.id,
    handover.c.thing_id,
    handover.c.giver,
    handover.c.receiver,
    handover.c.given_at,
    handover.c.taken_at,
    handover.c.ended_at,
    handover.c.counted,
    handover.c.difference,
    handover.c.refused,
    handover.c.batch,
).order_by(handover.c.id)


class Holding(RepairsDesk):
    def case(self, id: int) -> Case | None:
        """The day's comparison is everybody's who sees the day's jobs."""
        found = super().case(id)
        if found is not None or not id or not self._sees_jobs():
            return found
        stands = cases.any_one(self._conn, id)
        return stands if stands is not None and stands.kind == RECONCILIATION else None

    def reconciliation(self, day: date) -> Case | None:
        return cases.known(self._conn, self.reconciliation_key(day)) if self._sees_jobs() else None

    def reconciliation_key(self, day: date) -> str:
        station = self.own_station()
        return f"{RECONCILIATION}:{day}{f':{station}' if station else ''}"

    # --- what is where ------------------------------------------------------------------------------------
    def papers_of(self, jobs_: Collection[int]) -> Sequence[Thing]:
        if not jobs_:
            return ()
        seen = self._sight().of(select(job.c.case_id).join(case, case.c.id == job.c.case_id).where(job.c.case_id.in_(jobs_)))
        return custody.some(self._conn, custody.of_kind("paper"), thing.c.case_id.in_(seen))

    def loose_papers(self) -> Sequence[Thing]:
        return (
            custody.some(self._conn, custody.of_kind("paper"), thing.c.case_id.is_(None), thing.c.holder_kind == "person")
            if self._sees_papers()
            else ()
        )

    def waiting_papers(self) -> Sequence[Thing]:
        seen = self._sight().of(select(job.c.case_id).join(case, case.c.id == job.c.case_id))
        return custody.some(self._conn, custody.of_kind("paper"), thing.c.case_id.in_(seen), thing.c.holder_kind == "person")

    def holdings(self) -> Sequence[Thing]:
        return custody.some(self._conn, thing.c.holder_kind == "person", self._of_mine())

    def passages(self, things: Collection[int]) -> Sequence[Passage]:
        if not things:
            return ()
        return [_passage(row) for row in self._conn.execute(_passages.where(handover.c.thing_id.in_(things)))]

    def history(self, kind: str = "", *, differing: bool = False, before: int | None = None, limit: int = 50) -> Sequence[tuple[Thing, Passage]]:
        asked: list[ColumnElement[bool]] = [self._of_mine()]
        asked += [thing.c.kind == kind] if kind else []
        asked += [handover.c.difference != 0] if differing else []
        asked += [handover.c.id < before] if before else []
        rows = _passages.order_by(None).join(thing, thing.c.id == handover.c.thing_id).where(*asked).order_by(handover.c.id.desc()).limit(limit)
        found = [_passage(row) for row in self._conn.execute(rows)]
        known = {one.id: one for one in custody.some(self._conn, thing.c.id.in_({one.thing_id for one in found}))} if found else {}
        return [(known[one.thing_id], one) for one in found]

    def archive_thing(self, id: int, number: str) -> Thing:
        """By whoever of the desk: it holds the day's papers together (C-4.6d)."""
        held = self._thing(id)
        whose = self.person(held.holder) if held.holder_kind == "person" else None
        theirs = whose is not None and self._receives_papers() and "service_desk" in whose.roles and not held.to_id
        if whose is None or (whose.id != self.me.id and not theirs):
            raise NotAllowed(NOT_WITH_US)
        custody.archived(self._conn, held, number)
        self._log("archive", f"thing:{id}", number)
        return self._thing(id)

    def write_off_thing(self, id: int, why: str) -> Thing:
        held = self._thing(id)
        if not self._receives_papers() or held.kind != "paper":
            raise NotAllowed("单据由客服来核。")
        if held.holder_kind == "closed":
            return held
        custody.end(self._conn, held, self._now, why)
        custody.archived(self._conn, held, why)
        self._log("write_off", f"thing:{id}", why)
        return self._thing(id)

    # --- who ----------------------------------------------------------------------------------------------
    def own_station(self) -> int:
        sight = self._sight()
        return min(sight.stations) if not sight.everybody and len(sight.stations) == 1 else 0

    def own_areas(self) -> Sequence[str]:
        sight = self._sight()
        return [] if sight.everybody else [one.label for one in self.areas() if one.id in sight.areas]

    def over_area(self, area: int | None, role: str = "area_manager") -> Sequence[Person]:
        scopes = people.scopes(self._conn, role, self.today)
        found: list[tuple[bool, Person]] = []
        for who in self.people(role):
            mine = {id for scope, id in scopes.get(who.id, ()) if scope == "area"}
            if area is None or not mine or area in mine:
                found.append((area not in mine, who))
        return [who for _, who in sorted(found, key=lambda one: (one[0], one[1].id))]

    def find(self, source: str, query: str, offset: int = 0, limit: int = 6) -> Sequence[Found]:
        """Who may let a fee go: the area's manager first, then the other managers and the station masters."""
        if source.startswith("deciders:"):
            area = int(source.partition(":")[2]) or None
            known = {who.id: who for who in (*self.over_area(area), *self.people("area_manager"), *self.people("station_master"))}
            named = [Found(who.id, who.name) for who in known.values() if who.id != self.me.id and query in who.name]
            return named[offset : offset + limit]
        return super().find(source, query, offset, limit)

    def label(self, source: str, id: int) -> str:
        return super().label("colleagues" if source.startswith("deciders:") else source, id)

    def repair_figures(self, first: date, last: date) -> RepairFigures:
        return figures.of(self._conn, self._sight(), first, last, self.calendar.bounds(first)[0], self.calendar.bounds(last)[1], self._now)

    # --- inside -------------------------------------------------------------------------------------------
    def _sees_jobs(self) -> bool:
        sight: jobs.Sight = self._sight()
        return sight.everybody or bool(sight.areas or sight.stations)

    def _sees_papers(self) -> bool:
        return self._receives_papers() or self._sees_jobs()

    def _of_mine(self) -> ColumnElement[bool]:
        """Everything for the desk and whoever sees all; a manager what belongs to their jobs; one's own always."""
        if self._receives_papers() or self._sight().everybody:
            return true()
        own = or_(custody.held_by(self.me.id), thing.c.id.in_(select(handover.c.thing_id).where(_hand(self.me.id))))
        if not self._sees_jobs():
            return own
        seen = self._sight().of(select(job.c.case_id).join(case, case.c.id == job.c.case_id))
        return or_(own, thing.c.case_id.in_(seen))


def _hand(person: int) -> ColumnElement[bool]:
    gave = and_(handover.c.giver_kind == "person", handover.c.giver == person)
    took = and_(handover.c.receiver_kind == "person", handover.c.receiver == person)
    return or_(gave, took)


def _passage(row: Iterable[Any]) -> Passage:
    return Passage(*row)
