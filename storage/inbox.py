"""What was said, kept before it is acknowledged: once each, oldest first per talk, nothing dropped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Select, and_, bindparam, case, func, insert, or_, select, text, update

from storage.codec import canonical, digest
from storage.prepared import Command, Query, scalar
from storage.tables import address, inbox, outbox, talk
from storage.upsert import both, on

ATTEMPTS = 5
FETCH_LEASE = timedelta(seconds=60)
LONGEST_KEY = 119  # leaves room for # and eight digits of a quarantined copy


@dataclass(frozen=True, slots=True)
class Received:
    """What became of an event; `id` is the row kept for it, of the copy when quarantined."""

    id: int
    new: bool
    quarantined: bool
    talk_id: int


@dataclass(frozen=True, slots=True)
class InboxRow:
    id: int
    channel: str
    key: str
    talk_id: int
    address_id: int
    person_id: int | None
    said_at: datetime
    received_at: datetime
    body: Mapping[str, Any]
    state: str  # "fetch" here means: its picture did not come in time
    blob: Mapping[str, Any] | None
    attempts: int
    fetch_by: datetime | None
    error: str
    handled_at: datetime | None = None  # its words were handled before its picture came


class _Address(NamedTuple):
    id: int
    talk_id: int


class _Kept(NamedTuple):
    id: int
    body_hash: str
    talk_id: int


_open = text("inbox.state in ('fetch','ready')")  # word for word the condition of ix_inbox_open
_find_address = Query(
    select(address.c.id, address.c.talk_id).where(address.c.channel == bindparam("channel"), address.c.external_id == bindparam("sender")), _Address
)
_new_talk = insert(talk).returning(talk.c.id)
_new_address = both(address, lambda into: into.on_conflict_do_nothing().returning(address.c.id))
_keep = Query(both(inbox, lambda into: into.on_conflict_do_nothing().returning(inbox.c.id)), scalar)
_kept = Query(
    select(inbox.c.id, inbox.c.body_hash, inbox.c.talk_id).where(
        inbox.c.channel == bindparam("channel"), inbox.c.event_key == bindparam("event_key")
    ),
    _Kept,
)
_rows = select(
    inbox.c.id,
    inbox.c.channel,
    inbox.c.event_key.label("key"),
    inbox.c.talk_id,
    inbox.c.address_id,
    talk.c.person_id,
    inbox.c.said_at,
    inbox.c.received_at,
    inbox.c.body,
    inbox.c.state,
    inbox.c.blob,
    inbox.c.attempts,
    inbox.c.fetch_by,
    inbox.c.error,
    inbox.c.handled_at,
).join(talk, talk.c.id == inbox.c.talk_id)

_heads = select(func.min(inbox.c.id)).where(_open).group_by(inbox.c.talk_id)
_may_go = and_(inbox.c.id.in_(_heads), or_(inbox.c.state == "ready", inbox.c.fetch_by <= bindparam("now")))
_next = Query(_rows.where(_may_go).order_by(inbox.c.id).limit(bindparam("limit")), InboxRow)
_wanted_talks = select(inbox.c.talk_id).where(_may_go).order_by(inbox.c.id).limit(bindparam("window"))
# FOR NO KEY UPDATE: a plain FOR UPDATE would make receiving (whose foreign key shares the talk's key) wait for handling.
_claim_talks = Query(
    select(talk.c.id)
    .where(talk.c.id.in_(_wanted_talks))
    .order_by(talk.c.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True, key_share=True),
    scalar,
)
_next_of = Query(_rows.where(_may_go, inbox.c.talk_id.in_(bindparam("talks", expanding=True))).order_by(inbox.c.id), InboxRow)
_lock_talk = select(talk.c.id).where(talk.c.id == bindparam("talk")).with_for_update(key_share=True)

_fetchable = Query(
    select(inbox.c.id)
    .where(text("inbox.state in ('fetch','late')"), or_(inbox.c.lease_until.is_(None), inbox.c.lease_until <= bindparam("now")))
    .order_by(inbox.c.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True, key_share=True),
    scalar,
)
_lease = update(inbox).where(inbox.c.id.in_(bindparam("ids", expanding=True))).values(lease_until=bindparam("until"))
_fetch_by = select(func.min(inbox.c.fetch_by)).where(_open, text("inbox.state = 'fetch'"), inbox.c.fetch_by > bindparam("now"))
_hurry = update(inbox).where(inbox.c.id == bindparam("row")).values(fetch_by=bindparam("now"), lease_until=None)
_rows_of: Select[Any] = _rows.where(inbox.c.id.in_(bindparam("ids", expanding=True))).order_by(inbox.c.id)
_ready = (
    update(inbox)
    .where(inbox.c.id == bindparam("row"), inbox.c.state.in_(("fetch", "late")))
    .values(state="ready", blob=bindparam("found"), error=bindparam("why"), lease_until=None)
)
_late = update(inbox).where(inbox.c.id == bindparam("row")).values(blob=bindparam("found"))
_goes_on = update(inbox).where(inbox.c.id == bindparam("row"), inbox.c.state == "fetch").values(state="late", handled_at=bindparam("now"))
_handled = Command(
    update(inbox).where(inbox.c.id == bindparam("row"), inbox.c.state.in_(("fetch", "ready"))).values(state="handled", handled_at=bindparam("now"))
)
_failed = (
    update(inbox)
    .where(inbox.c.id == bindparam("row"))
    .values(
        attempts=inbox.c.attempts + 1,
        error=bindparam("why"),
        handled_at=case((inbox.c.attempts + 1 >= ATTEMPTS, bindparam("now", type_=inbox.c.handled_at.type)), else_=inbox.c.handled_at),
        state=case((inbox.c.attempts + 1 >= ATTEMPTS, "parked"), else_=inbox.c.state),
    )
    .returning(inbox.c.attempts)
)
_hear = Command(
    update(address)
    .where(address.c.id == bindparam("row"), or_(address.c.heard_at.is_(None), address.c.heard_at < bindparam("at")))
    .values(heard_at=bindparam("at"), dead_at=None, dead_why="")
)
_in_state: Select[Any] = _rows.where(inbox.c.state == bindparam("state")).order_by(inbox.c.id)
_unpark = update(inbox).where(inbox.c.id == bindparam("row"), inbox.c.state == "parked").values(state="ready", attempts=0, handled_at=None)
_waiting = select(func.count(), func.min(inbox.c.received_at)).where(_open)


def put(
    conn: Connection,
    channel: str,
    event_json: Mapping[str, Any],
    *,
    key: str,
    sender: str,
    said_at: datetime,
    received_at: datetime,
    needs_fetch: bool = False,
    fetch_by: datetime | None = None,
) -> Received:
    """Keep the event once. The same key with another body: the first stays, the other is kept aside."""
    address_id, talk_id = address_of(conn, channel, sender)
    hashed = digest(canonical(event_json))
    row = {
        "channel": channel,
        "event_key": key if len(key) <= LONGEST_KEY else f"sha256:{digest(key)}",
        "body_hash": hashed,
        "talk_id": talk_id,
        "address_id": address_id,
        "said_at": said_at,
        "received_at": received_at,
        "body": event_json,
        "state": "fetch" if needs_fetch else "ready",
        "fetch_by": fetch_by if needs_fetch else None,
    }
    new = _keep.first(conn, row)
    if new is not None:
        return Received(new, True, False, talk_id)
    its_key = {"channel": channel, "event_key": row["event_key"]}
    first = _kept.one(conn, its_key)
    if first.body_hash == hashed:
        return Received(first.id, False, False, first.talk_id)
    row |= {"event_key": f"{row['event_key']}#{hashed[:8]}", "state": "quarantined", "fetch_by": None}
    aside = _keep.first(conn, row)
    return Received(aside or _kept.one(conn, its_key | {"event_key": row["event_key"]}).id, aside is not None, True, talk_id)


def address_of(conn: Connection, channel: str, sender: str) -> _Address:
    """As it is, or new and nobody's."""
    who = {"channel": channel, "sender": sender}
    found = _find_address.first(conn, who)
    if found is not None:
        return found
    talk_id = conn.execute(_new_talk, {"person_id": None}).scalar_one()
    made = conn.execute(on(conn, _new_address), {"channel": channel, "external_id": sender, "talk_id": talk_id}).scalar()
    if made is not None:
        return _Address(made, talk_id)
    conn.execute(talk.delete().where(talk.c.id == talk_id))
    return _find_address.one(conn, who)


def to_fetch(conn: Connection, now: datetime, limit: int, lease: timedelta = FETCH_LEASE) -> list[InboxRow]:
    """Rows whose file nobody is fetching; they are ours until the lease ends."""
    ids = _fetchable.all(conn, {"now": now, "limit": limit})
    if not ids:
        return []
    conn.execute(_lease, {"ids": ids, "until": now + lease})
    return _inbox_rows(conn.execute(_rows_of, {"ids": ids}).all())


def fetched(conn: Connection, id: int, blob_json: Mapping[str, Any] | None, error: str = "") -> bool:
    """The row may be handled. False: it came too late and was handled without; the blob is noted all the same."""
    if conn.execute(_ready, {"row": id, "found": blob_json, "why": error}).rowcount:
        return True
    if blob_json is not None:
        conn.execute(_late, {"row": id, "found": blob_json})
    return False


def hurry(conn: Connection, id: int, now: datetime) -> None:
    """Handled first, fetched after: whose it is decides whether the file is wanted."""
    conn.execute(_hurry, {"row": id, "now": now})


def fetch_later(conn: Connection, id: int, until: datetime) -> None:
    """Nobody tries before then."""
    conn.execute(_lease, {"ids": [id], "until": until})


def next_fetch_by(conn: Connection, now: datetime) -> datetime | None:
    """When the next row goes on without its file."""
    return conn.execute(_fetch_by, {"now": now}).scalar()


def next_ready(conn: Connection, now: datetime, limit: int = 32) -> list[InboxRow]:
    """The oldest open row of each talk, unless it still waits for its file. On PostgreSQL the talks are locked until COMMIT."""
    if conn.dialect.name == "sqlite":
        return _next.all(conn, {"now": now, "limit": limit})
    talks = _claim_talks.all(conn, {"now": now, "limit": limit, "window": limit * 4})
    return _next_of.all(conn, {"now": now, "talks": talks}) if talks else []


def lock_talk(conn: Connection, talk_id: int) -> None:
    """For writes to a person's talk that no inbox row led to."""
    conn.execute(_lock_talk, {"talk": talk_id})


def handled(conn: Connection, id: int, now: datetime) -> bool:
    """False when somebody else already did."""
    return bool(_handled.run(conn, {"row": id, "now": now}))


def goes_on(conn: Connection, id: int, now: datetime) -> bool:
    """Its words are handled; its file is still wanted, and opens the row once more."""
    return bool(conn.execute(_goes_on, {"row": id, "now": now}).rowcount)


def failed(conn: Connection, id: int, error: str, now: datetime) -> int:
    """Attempts so far; at ATTEMPTS the row is parked and later ones of the talk go on."""
    return int(conn.execute(_failed, {"row": id, "why": error, "now": now}).scalar_one())


def row(conn: Connection, id: int) -> InboxRow | None:
    found = _inbox_rows(conn.execute(_rows_of, {"ids": [id]}).all())
    return found[0] if found else None


def parked(conn: Connection) -> list[InboxRow]:
    return _inbox_rows(conn.execute(_in_state, {"state": "parked"}).all())


def quarantined(conn: Connection) -> list[InboxRow]:
    return _inbox_rows(conn.execute(_in_state, {"state": "quarantined"}).all())


def unpark(conn: Connection, id: int) -> bool:
    return bool(conn.execute(_unpark, {"row": id}).rowcount)


def waiting(conn: Connection) -> int:
    return int(conn.execute(_waiting).one()[0])


def backlog(conn: Connection, now: datetime) -> timedelta:
    """How long the oldest open row has been waiting."""
    oldest = conn.execute(_waiting).one()[1]
    return now - oldest if oldest is not None else timedelta(0)


def heard(conn: Connection, address_id: int, at: datetime) -> None:
    """Somebody spoke from here: the address lives, and answers go to it."""
    _hear.run(conn, {"row": address_id, "at": at})


def rebind(conn: Connection, address_id: int, talk_id: int) -> None:
    """The address now belongs to this talk; what it said and was not yet handled, and what waits for it, goes along."""
    conn.execute(update(address).where(address.c.id == address_id).values(talk_id=talk_id))
    conn.execute(update(inbox).where(_open, inbox.c.address_id == address_id).values(talk_id=talk_id))
    unsent = and_(outbox.c.sent_at.is_(None), outbox.c.dead_at.is_(None), outbox.c.address_id == address_id)
    conn.execute(update(outbox).where(unsent).values(talk_id=talk_id))


def _inbox_rows(rows: Sequence[Row[Any]]) -> list[InboxRow]:
    return [InboxRow(**row._mapping) for row in rows]
