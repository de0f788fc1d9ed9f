"""The repair register: a job is a case with columns beside it, saved together by revision (C-5.1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Integer, Select, and_, bindparam, func, insert, or_, select, text, update

from conversations.repairs.job import Callout, Job
from rules.repairs.jobs import ENDED
from storage import cases
from storage.prepared import Query
from storage.tables import callout, case, case_event, counter, job, outbox
from storage.upsert import both, on

KIND = "job"
MOVABLE = ("technician_id", "sent_at", "accepted_at", "arrived_at", "paid", "urgent", "unit_id", "area_id", "place", "trade")


@dataclass(frozen=True, slots=True)
class Sight:
    """Whose jobs somebody sees: everybody's, some areas' and stations', and always one's own."""

    me: int
    everybody: bool = False
    areas: frozenset[int] = frozenset()
    stations: frozenset[int] = frozenset()

    def of(self, wanted: Select[Any]) -> Select[Any]:
        """Those of a query over job and case that are seen."""
        return wanted if self.everybody else wanted.where(_SEES).params(self.values())

    def values(self) -> dict[str, Any]:
        return {"me": self.me, "areas": sorted(self.areas), "stations": sorted(self.stations)}


# Whether somebody was told of this one job, or moved it, is looked up for each: not whatever they ever were told of.
_me = bindparam("me", type_=Integer)
_told = select(callout.c.person_id).where(callout.c.case_id == job.c.case_id).correlate(job)
_moved = select(case_event.c.by_id).where(case_event.c.case_id == job.c.case_id).correlate(job)
_SEES = or_(
    job.c.technician_id == _me,
    case.c.person_id == _me,
    job.c.area_id.in_(bindparam("areas", expanding=True)),
    job.c.station_id.in_(bindparam("stations", expanding=True)),
    _me.in_(_told),
    _me.in_(_moved),
)
UNENDED = (case.c.kind == KIND, text('"case".closed_at is null'))  # word for word the condition of ix_case_open


_count = both(
    counter,
    lambda into: into.on_conflict_do_update(index_elements=["form", "scope", "day"], set_={"last": counter.c.last + 1}).returning(counter.c.last),
)
_columns = (
    case.c.id,
    case.c.rev,
    case.c.state,
    job.c.day,
    job.c.nth,
    job.c.station_id,
    job.c.area_id,
    job.c.unit_id,
    job.c.place,
    job.c.trade,
    job.c.urgent,
    job.c.paid,
    func.coalesce(job.c.technician_id, 0),
    job.c.phone,
    job.c.sent_at,
    job.c.accepted_at,
    job.c.arrived_at,
    case.c.opened_at,
    case.c.closed_at,
    case.c.at,
    case.c.person_id,
    case.c.data,
)
_all = select(*_columns).join(case, case.c.id == job.c.case_id)
_asked = Query(
    select(callout.c.case_id, callout.c.person_id).where(
        callout.c.ended_at.is_(None), callout.c.answer.in_(("", "reached", "missed")), callout.c.case_id.in_(bindparam("jobs", expanding=True))
    ),
    lambda *row: row,
)
_any = Query(_all.where(job.c.case_id == bindparam("job")), lambda *row: row)
_seen = Query(_all.where(job.c.case_id == bindparam("job"), _SEES), lambda *row: row)
_callouts = Query(
    select(
        callout.c.id,
        callout.c.person_id,
        callout.c.rung,
        callout.c.how,
        callout.c.at,
        outbox.c.sent_at,
        callout.c.answer,
        callout.c.answered_at,
        callout.c.why,
    )
    .outerjoin(outbox, outbox.c.id == callout.c.outbox_id)
    .where(callout.c.case_id == bindparam("job"))
    .order_by(callout.c.id),
    Callout,
)
_call_out = Query(insert(callout).returning(callout.c.id), lambda id: int(id))


def register(conn: Connection, columns: Mapping[str, Any], data: Mapping[str, Any], by: int, at: datetime | None, now: datetime) -> int:
    """The case's id; the number is the station's next of the day."""
    row = {"kind": KIND, "state": "open", "key": "", "person_id": by, "customer_id": None, "paper_id": None, "day": columns["day"], "at": at}
    opened, _ = cases.open_(conn, row | {"data": data}, by, now)
    nth = conn.execute(on(conn, _count), {"form": KIND, "scope": str(columns["station_id"]), "day": columns["day"], "last": 1}).scalar_one()
    conn.execute(insert(job), {**columns, "case_id": opened.id, "nth": nth})
    return opened.id


def one(conn: Connection, id: int, sight: Sight) -> Job | None:
    rows = _any.all(conn, {"job": id}) if sight.everybody else _seen.all(conn, {"job": id, **sight.values()})
    found = _loaded(conn, rows)
    return found[0] if found else None


def some(conn: Connection, sight: Sight, limit: int, asked: Mapping[str, Any]) -> list[Job]:
    """Newest first; `asked` by the names of _CONDITIONS."""
    wanted: list[Any] = [_CONDITIONS[name](value) for name, value in asked.items() if value is not None and value not in ((), "")]
    if (states := asked.get("states")) and ENDED.isdisjoint(states):
        wanted += UNENDED
    return _loaded(conn, conn.execute(sight.of(_all.where(*wanted)).order_by(case.c.id.desc()).limit(limit)).all())


def of_days(conn: Connection, sight: Sight, first: date, last: date, after: int, limit: int) -> list[Job]:
    """Oldest first, those after that id: a page of many."""
    wanted = sight.of(_all.where(job.c.day.between(first, last), case.c.id > after)).order_by(case.c.id).limit(limit)
    return _loaded(conn, conn.execute(wanted).all())


_CONDITIONS: Mapping[str, Any] = {
    "states": lambda value: case.c.state.in_(tuple(value)),
    "technician": lambda value: job.c.technician_id == value,
    "asked": lambda value: job.c.case_id.in_(select(callout.c.case_id).where(callout.c.person_id == value, callout.c.ended_at.is_(None))),
    "area": lambda value: job.c.area_id == value,
    "unit": lambda value: job.c.unit_id == value,
    "phone": lambda value: job.c.phone == value,
    "day": lambda value: job.c.day == value,
    "since": lambda value: case.c.opened_at >= value,
    "closed_since": lambda value: case.c.closed_at >= value,
    "urgent": lambda value: job.c.urgent != "" if value else job.c.urgent == "",
    "before": lambda value: case.c.id < value,
}


def move(
    conn: Connection, old: Job, action: str, state: str, by: int, now: datetime, data: Mapping[str, Any], columns: Mapping[str, Any], **changes: Any
) -> bool:
    """False: somebody was first."""
    cases.lock(conn, old.id)
    held = cases.stand(conn, old.id)
    if held.rev != old.rev:
        return False
    if cases.move(conn, held, action, by, now, data, state=state, **changes) is None:
        return False
    kept = {name: value for name, value in columns.items() if name in MOVABLE}
    if kept:
        conn.execute(update(job).where(job.c.case_id == old.id).values(kept))
    return True


def call_out(conn: Connection, id: int, person: int, rung: str, how: str, outbox_id: int, now: datetime) -> Callout:
    row = {"case_id": id, "person_id": person, "rung": rung, "how": how, "outbox_id": outbox_id or None, "at": now}
    return Callout(_call_out.one(conn, row), person, rung, how, now)


def callouts(conn: Connection, id: int) -> list[Callout]:
    """In order; told when the platform took the message."""
    return _callouts.all(conn, {"job": id})


def callout_of(conn: Connection, id: int) -> tuple[int, int] | None:
    """Of which job, and to whom."""
    row = conn.execute(select(callout.c.case_id, callout.c.person_id).where(callout.c.id == id)).first()
    return (row[0], row[1]) if row is not None else None


def answer(conn: Connection, id: int, word: str, why: str, now: datetime) -> bool:
    """Once."""
    ended = now if word in ("accepted", "declined") else None  # not reached by telephone: the card may still be answered
    first = and_(callout.c.id == id, callout.c.answer == "")
    return bool(conn.execute(update(callout).where(first).values(answer=word, why=why[:200], answered_at=now, ended_at=ended)).rowcount)


def end_callouts(conn: Connection, id: int, now: datetime) -> list[int]:
    here = and_(callout.c.case_id == id, callout.c.ended_at.is_(None))
    whom = [row[0] for row in conn.execute(select(callout.c.person_id).where(here).order_by(callout.c.id))]
    conn.execute(update(callout).where(here).values(ended_at=now))
    return list(dict.fromkeys(whom))


def _loaded(conn: Connection, rows: Iterable[Any]) -> list[Job]:
    kept: list[tuple[Any, ...]] = [tuple(row) for row in rows]
    asked = _who_is_asked(conn, [row[0] for row in kept])
    made: Callable[..., Job] = Job
    return [made(*row[:-1], asked.get(row[0], frozenset()), row[-1]) for row in kept]


def _who_is_asked(conn: Connection, ids: Collection[int]) -> Mapping[int, frozenset[int]]:
    found: defaultdict[int, set[int]] = defaultdict(set)
    if ids:
        for id, person in _asked.all(conn, {"jobs": list(ids)}):
            found[id].add(person)
    return {id: frozenset(who) for id, who in found.items()}


def today(conn: Connection, day: date) -> list[Job]:
    """The day's register (ZC-QR-030), in order of number."""
    return _loaded(conn, conn.execute(_all.where(job.c.day == day).order_by(job.c.station_id, job.c.nth)).all())
