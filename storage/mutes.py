"""Muted topics: set, asked, ended with the list of what was held back (A-1.2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, or_, select

from storage.tables import due, mute
from storage.upsert import both, on

MUTED = "muted"  # the outcome of a reminder that was not said
SHOWN = 30
_put = both(
    mute,
    lambda into: into.on_conflict_do_update(index_elements=["person_id", "topic"], set_={"until": into.excluded.until}),
)
_of = select(mute.c.topic, mute.c.until).where(
    mute.c.person_id == bindparam("person"), or_(mute.c.until.is_(None), mute.c.until > bindparam("now", type_=mute.c.until.type))
)
_since = select(mute.c.since).where(mute.c.person_id == bindparam("person"), mute.c.topic == bindparam("about"))
_end = delete(mute).where(mute.c.person_id == bindparam("person"), mute.c.topic == bindparam("about"))
_held = (
    select(due.c.kind, due.c.at)
    .where(due.c.person_id == bindparam("person"), due.c.outcome == bindparam("said"), due.c.done_at >= bindparam("begun", type_=due.c.done_at.type))
    .order_by(due.c.at)
)


def put(conn: Connection, person: int, topic: str, until: datetime | None, now: datetime) -> None:
    """Longer or shorter than before; one that ran out begins anew."""
    if topic not in of(conn, person, now):
        conn.execute(_end, {"person": person, "about": topic})
    conn.execute(on(conn, _put), {"person_id": person, "topic": topic, "since": now, "until": until})


def of(conn: Connection, person: int, now: datetime) -> dict[str, datetime | None]:
    return {row.topic: row.until for row in conn.execute(_of, {"person": person, "now": now})}


def end(conn: Connection, person: int, topic: str) -> Sequence[tuple[str, datetime]]:
    """Kind and time of everything held back since it was muted, of whatever topic: the caller knows which kinds are meant."""
    since = conn.execute(_since, {"person": person, "about": topic}).scalar()
    if since is None:
        return ()
    conn.execute(_end, {"person": person, "about": topic})
    return [(row.kind, row.at) for row in conn.execute(_held, {"person": person, "said": MUTED, "begun": since})][-SHOWN:]
