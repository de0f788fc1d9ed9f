"""Cases: one key once, moved by revision, every move an event with who and when (A-1.3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Integer, bindparam, insert, or_, select, update

from conversations.firm import Case, CaseEvent
from storage.prepared import Command, Query, scalar
from storage.reach import Reach, within
from storage.tables import case, case_event
from storage.upsert import both

_columns = (
    case.c.id,
    case.c.kind,
    case.c.state,
    case.c.rev,
    case.c.person_id,
    case.c.customer_id,
    case.c.paper_id,
    case.c.day,
    case.c.at,
    case.c.data,
    case.c.opened_at,
    case.c.closed_at,
)
COLUMNS = _columns
# Whoever had a hand in it goes on seeing it (the rep whose request now lies with the manager), and whoever it was passed to.
_had_a_hand = select(case_event.c.id).where(case_event.c.case_id == case.c.id, case_event.c.by_id == bindparam("me")).exists()
_passed_on = or_(*(case.c.data[name].as_integer() == bindparam("me") for name in ("receiver", "manager")))
_concerns = or_(within(case.c.person_id, case.c.customer_id), _had_a_hand, _passed_on)
_all = select(*_columns)
_seen = _all.where(_concerns)
_one = Query(_seen.where(case.c.id == bindparam("case")), Case)
_any = Query(_all.where(case.c.id == bindparam("case")), Case)
_by_key = Query(_seen.where(case.c.key == bindparam("key")), Case)
_key = Query(_all.where(case.c.key == bindparam("key")), Case)
_lock = select(case.c.id).where(case.c.id == bindparam("case")).with_for_update()
_open = Query(both(case, lambda into: into.on_conflict_do_nothing(index_elements=["key"]).returning(case.c.id)), scalar)
_move = Command(
    update(case)
    .where(case.c.id == bindparam("row"), case.c.rev == bindparam("was"))
    .values({name: bindparam(f"new_{name}") for name in ("state", "rev", "day", "at", "data", "closed_at", "person_id", "paper_id")})
)
_log = Command(insert(case_event))
_event_columns = (case_event.c.action, case_event.c.state, case_event.c.by_id, case_event.c.at, case_event.c.data)
_events = select(*_event_columns).where(case_event.c.case_id == bindparam("case")).order_by(case_event.c.rev)
_last = select(*_event_columns).where(case_event.c.case_id == bindparam("case")).order_by(case_event.c.rev.desc()).limit(1)

_CONDITIONS = {
    "kind": case.c.kind == bindparam("kind"),
    "person": case.c.person_id == bindparam("person"),
    "customer": case.c.customer_id == bindparam("customer"),
    "states": case.c.state.in_(bindparam("states", expanding=True)),
    "day": case.c.day == bindparam("day"),
    "until": case.c.at <= bindparam("until"),
    "within": _concerns,
}


@cache
def _list(*conditions: str) -> Query[Case]:
    """One statement for each set of conditions asked for, built once."""
    chosen = (_CONDITIONS[name] for name in conditions)
    return Query(_all.where(*chosen).order_by(case.c.at.nulls_last(), case.c.id).limit(bindparam("limit", type_=Integer)), Case)


def some(conn: Connection, reach: Reach, me: int, today: date, limit: int, asked: Mapping[str, Any]) -> list[Case]:
    """Oldest first by `at`; `asked` by the names of _CONDITIONS."""
    wanted = {name: value for name, value in asked.items() if value is not None and value != ()}
    names = list(wanted)
    if not reach.has(wanted.get("person", 0)):
        names.append("within")
        wanted |= reach.values() | {"today": today, "me": me}
    return _list(*names).all(conn, wanted | {"limit": limit})


def one(conn: Connection, id: int, reach: Reach, me: int, today: date) -> Case | None:
    return _one.first(conn, {"case": id, "me": me, "today": today, **reach.values()})


def by_key(conn: Connection, key: str, reach: Reach, me: int, today: date) -> Case | None:
    return _by_key.first(conn, {"key": key, "me": me, "today": today, **reach.values()})


def any_one(conn: Connection, id: int) -> Case | None:
    """Whoever's it is: the caller asks the policy."""
    return _any.first(conn, {"case": id})


def known(conn: Connection, key: str) -> Case | None:
    """The same, by its key."""
    return _key.first(conn, {"key": key})


def is_receiver(conn: Connection, key: str, me: int) -> bool:
    """The log of that key was handed or passed to me."""
    found = _key.first(conn, {"key": key})
    return found is not None and found.data.get("receiver") == me


def lock(conn: Connection, id: int) -> None:
    """Before numbers are taken: case rows come before counters."""
    conn.execute(_lock, {"case": id})


def open_(conn: Connection, row: Mapping[str, Any], by: int | None, now: datetime) -> tuple[Case, bool]:
    """New; or the one of the same key and False."""
    made = _open.first(conn, {**row, "key": row["key"] or None, "rev": 1, "opened_at": now})
    if made is None:
        return _key.one(conn, {"key": row["key"]}), False
    opened = _any.one(conn, {"case": made})
    _log_event(conn, opened, "open", by, now, row["data"])
    return opened, True


def move(conn: Connection, old: Case, action: str, by: int, now: datetime, data: Mapping[str, Any], **changes: Any) -> Case | None:
    """None: somebody was first. `changes` are columns; `data` is laid over what the case holds and kept in the event."""
    new = {name: getattr(old, name) for name in ("state", "day", "at", "closed_at", "person_id", "paper_id")} | changes
    new |= {"rev": old.rev + 1, "data": {**old.data, **data}}
    if not _move.run(conn, {"row": old.id, "was": old.rev, **{f"new_{name}": value for name, value in new.items()}}):
        return None
    moved = _any.one(conn, {"case": old.id})
    _log_event(conn, moved, action, by, now, data)
    return moved


def events(conn: Connection, id: int) -> list[CaseEvent]:
    return [CaseEvent(*row) for row in conn.execute(_events, {"case": id})]


def stand(conn: Connection, id: int) -> Case:
    """As it is, whoever asks: for code that has its own policy."""
    return _any.one(conn, {"case": id})


def last_event(conn: Connection, id: int) -> CaseEvent | None:
    row = conn.execute(_last, {"case": id}).first()
    return None if row is None else CaseEvent(*row)


def _log_event(conn: Connection, moved: Case, action: str, by: int | None, now: datetime, data: Mapping[str, Any]) -> None:
    row = {"case_id": moved.id, "rev": moved.rev, "action": action, "state": moved.state, "by_id": by, "at": now, "data": data}
    _log.run(conn, row)
