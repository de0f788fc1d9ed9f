"""Platforms set up in the browser: what holds of each, its sealed secrets, and a revision that every replica compares."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select, update

from storage import outbox
from storage.prepared import Query
from storage.tables import address, channel
from storage.tables import outbox as queue
from storage.upsert import both, on

REMOVED = "channel removed"


class Stored(NamedTuple):
    """`plain` holds no secret; `sealed` is "" where nothing was entered."""

    name: str
    rev: int
    active: bool
    plain: Mapping[str, Any]
    sealed: str
    changed_at: datetime | None
    verified_at: datetime | None


_every = Query(
    select(channel.c.name, channel.c.rev, channel.c.active, channel.c.plain, channel.c.sealed, channel.c.changed_at, channel.c.verified_at).order_by(
        channel.c.name
    ),
    Stored,
)
_put = both(
    channel,
    lambda into: into.on_conflict_do_update(
        index_elements=["name"],
        set_={name: into.excluded[name] for name in ("active", "plain", "sealed", "changed_at", "verified_at")} | {"rev": channel.c.rev + 1},
    ),
)
_seen = both(channel, lambda into: into.on_conflict_do_update(index_elements=["name"], set_={"verified_at": into.excluded.verified_at}))
_active = (
    update(channel).where(channel.c.name == bindparam("which")).values(active=bindparam("on"), rev=channel.c.rev + 1, changed_at=bindparam("at"))
)
_addresses = select(address.c.id).where(address.c.channel == bindparam("which"), address.c.dead_at.is_(None)).order_by(address.c.id)
_talks = select(address.c.talk_id).where(address.c.channel == bindparam("which"), address.c.dead_why == REMOVED)
_requeue = (
    update(queue)
    .where(queue.c.sent_at.is_(None), queue.c.dead_at.is_not(None), queue.c.error == outbox.NO_ADDRESS, queue.c.talk_id.in_(_talks))
    .values(dead_at=None, attempts=0, lease_until=None, error="")
)
_revive = update(address).where(address.c.channel == bindparam("which"), address.c.dead_why == REMOVED).values(dead_at=None, dead_why="")


def every(conn: Connection) -> dict[str, Stored]:
    """By name, those removed included."""
    return {row.name: row for row in _every.all(conn, {})}


def put(
    conn: Connection, name: str, plain: Mapping[str, Any], sealed: str, now: datetime, *, verified: datetime | None = None, active: bool = True
) -> None:
    """Whoever was reached by it before is again, and hears what was waiting."""
    row = {"name": name, "rev": 1, "active": active, "plain": dict(plain), "sealed": sealed, "changed_at": now, "verified_at": verified}
    conn.execute(on(conn, _put), row)
    conn.execute(_requeue, {"which": name})
    conn.execute(_revive, {"which": name})


def set_active(conn: Connection, name: str, active: bool, now: datetime) -> None:
    """Off: nothing is sent, what waits goes on waiting; what comes in is still kept."""
    conn.execute(_active, {"which": name, "on": active, "at": now})


def remove(conn: Connection, name: str, now: datetime) -> None:
    """Its secrets are gone, and what waits goes to each person's next address or is parked until there is one."""
    row = {"name": name, "rev": 1, "active": False, "plain": {}, "sealed": "", "changed_at": now, "verified_at": None}
    conn.execute(on(conn, _put), row)
    for id in conn.execute(_addresses, {"which": name}).scalars().all():
        outbox.address_dead(conn, id, REMOVED, now)


def seen(conn: Connection, name: str, now: datetime) -> None:
    """The platform has reached our callback. No change of settings: the revision stays."""
    row = {"name": name, "rev": 0, "active": False, "plain": {}, "sealed": "", "changed_at": None, "verified_at": now}
    conn.execute(on(conn, _seen), row)
