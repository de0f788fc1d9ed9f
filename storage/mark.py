"""Whose database this is: the firm's or the demo's, and how far ahead the demo's clock runs."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from sqlalchemy import Connection, select

from storage.tables import inbox, person, setting
from storage.upsert import both, on

Kind = Literal["firm", "demo"]

_SINCE = date(2000, 1, 1)
_read = select(setting.c.value).where(setting.c.name == "database", setting.c.since == _SINCE)
_write = both(
    setting,
    lambda into: into.on_conflict_do_update(index_elements=["name", "since"], set_={"value": into.excluded.value}),
)
_used = select(person.c.id).limit(1), select(inbox.c.id).limit(1)


def kind(conn: Connection) -> Kind | None:
    """None: new, and whoever serves it first says what it is. One with people in it was never the demo's."""
    value = conn.execute(_read).scalar()
    if value is not None:
        return "demo" if value["kind"] == "demo" else "firm"
    return "firm" if used(conn) else None


def used(conn: Connection) -> bool:
    return any(conn.execute(one).first() for one in _used)


def set_kind(conn: Connection, kind: Kind) -> None:
    conn.execute(on(conn, _write), {"name": "database", "since": _SINCE, "value": {"kind": kind, "ahead": 0.0}})


def ahead(conn: Connection) -> timedelta:
    value = conn.execute(_read).scalar()
    return timedelta(seconds=value["ahead"] if value is not None else 0.0)


def set_ahead(conn: Connection, offset: timedelta) -> None:
    """The demo's alone."""
    conn.execute(on(conn, _write), {"name": "database", "since": _SINCE, "value": {"kind": "demo", "ahead": offset.total_seconds()}})
