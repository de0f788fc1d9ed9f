"""Rules as data: a setting with the day from which it holds, and the days the calendar was amended."""

from __future__ import annotations

from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, bindparam, select

from storage.prepared import Query, scalar
from storage.tables import day_exception, setting
from storage.upsert import both, on

MISSING: Final = object()  # a setting may well be null


class _Day(NamedTuple):
    day: date
    works: bool


_value = Query(
    select(setting.c.value)
    .where(setting.c.name == bindparam("which"), setting.c.since <= bindparam("day"))
    .order_by(setting.c.since.desc())
    .limit(1),
    scalar,
)
_put = both(setting, lambda into: into.on_conflict_do_update(index_elements=["name", "since"], set_={"value": into.excluded.value}))
_days = Query(select(day_exception.c.day, day_exception.c.works), _Day)
_put_day = both(
    day_exception,
    lambda into: into.on_conflict_do_update(index_elements=["day"], set_={name: into.excluded[name] for name in ("works", "source")}),
)


def value(conn: Connection, name: str, day: date, default: Any = None) -> Any:
    """As it holds on that day."""
    found = _value.all(conn, {"which": name, "day": day})
    return found[0] if found else default


def put(conn: Connection, name: str, value: Any, since: date) -> None:
    conn.execute(on(conn, _put), {"name": name, "since": since, "value": value})


def exceptions(conn: Connection) -> dict[date, bool]:
    """Days on which the firm works, or does not, whatever the official calendar says."""
    return dict(_days.all(conn, {}))


def amend_day(conn: Connection, day: date, works: bool, source: str) -> None:
    conn.execute(on(conn, _put_day), {"day": day, "works": works, "source": source[:40]})
