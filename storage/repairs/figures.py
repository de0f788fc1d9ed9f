"""What a station's jobs of some days add up to, counted by the database (C-1, C-4.5)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Float, and_, cast, exists, func, select
from sqlalchemy import case as when
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.functions import FunctionElement

from conversations.desks.custody import RepairFigures
from rules.repairs.emergencies import ARRIVE_WITHIN
from rules.repairs.register import LATE_AFTER
from storage.repairs.jobs import Sight
from storage.tables import case, case_event, job

REWORK = ("rework", "redo")  # a trial that failed on the spot is part of the visit


class minutes_between(FunctionElement[float]):
    """From the first instant to the second; both databases have the same thing under other names."""

    type = Float()
    inherit_cache = True
    name = "minutes_between"


@compiles(minutes_between, "sqlite")
def _on_sqlite(element: FunctionElement[float], compiler: SQLCompiler, **kw: Any) -> str:
    first, second = (compiler.process(one, **kw) for one in element.clauses)
    return f"((julianday({second}) - julianday({first})) * 1440.0)"


@compiles(minutes_between, "postgresql")
def _on_postgresql(element: FunctionElement[float], compiler: SQLCompiler, **kw: Any) -> str:
    first, second = (compiler.process(one, **kw) for one in element.clauses)
    return f"(extract(epoch from ({second} - {first})) / 60.0)"


def of(conn: Connection, sight: Sight, first: date, last: date, begins: datetime, ends: datetime, now: datetime) -> RepairFigures:
    """By the day they were registered; ratings by when they were given, which may be days later."""
    done, back = case.c.state == "closed", _had(*REWORK)
    waited, arrived = minutes_between(job.c.sent_at, job.c.accepted_at), minutes_between(job.c.sent_at, job.c.arrived_at)
    asked = select(
        func.count(),
        _sum(done),
        _sum(job.c.urgent != ""),
        func.avg(waited),
        func.avg(arrived),
        _sum(and_(done, ~back)),
        _sum(back),
        _sum(_had("dispute")),
        _sum(_had("support")),
        _sum(_late(now)),
    ).select_from(job.join(case, case.c.id == job.c.case_id))
    row = conn.execute(sight.of(asked.where(job.c.day.between(first, last), case.c.state != "cancelled"))).one()
    rated = select(func.count(), func.avg(cast(case_event.c.data["rating"].as_integer(), Float)))
    rated = rated.select_from(case_event.join(case, case.c.id == case_event.c.case_id).join(job, job.c.case_id == case.c.id))
    stars = conn.execute(sight.of(rated.where(case_event.c.action == "rate", case_event.c.at >= begins, case_event.c.at < ends))).one()
    jobs, closed, urgent, response, arrival, *rest = row
    first_time, reworked, disputed, supported, late = map(_number, rest)
    return RepairFigures(
        _number(jobs),
        _number(closed),
        _number(urgent),
        _mean(response),
        _mean(arrival),
        first_time,
        reworked,
        disputed,
        supported,
        late,
        _number(stars[0]),
        _mean(stars[1]),
    )


def _had(*actions: str) -> ColumnElement[bool]:
    return exists().where(case_event.c.case_id == job.c.case_id, case_event.c.action.in_(actions)).correlate(job)


def _late(now: datetime) -> ColumnElement[bool]:
    """Five minutes for an emergency from the dispatch, ten past an appointment; still under way counts by now."""
    there = func.coalesce(job.c.arrived_at, func.coalesce(case.c.closed_at, now))
    urgent = and_(job.c.urgent != "", job.c.sent_at.is_not(None), minutes_between(job.c.sent_at, there) > ARRIVE_WITHIN.total_seconds() / 60)
    agreed = and_(job.c.urgent == "", case.c.at.is_not(None), minutes_between(case.c.at, there) > LATE_AFTER.total_seconds() / 60)
    return when((urgent, True), (agreed, True), else_=False)


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(when((condition, 1), else_=0)), 0)


def _number(value: Any) -> int:
    return int(value or 0)


def _mean(value: Any) -> float | None:
    return None if value is None else round(float(value), 1)
