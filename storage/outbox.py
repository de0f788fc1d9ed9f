"""What is to be said: per talk and lane in order, to the newest living address, sent by whoever holds the lease."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, bindparam, case, delete, exists, func, or_, select, text, update

from conversations.types import Prompt
from storage.codec import prompt_of
from storage.prepared import Command, Query, scalar
from storage.tables import address, inbox, outbox, person, session, talk
from storage.upsert import both

WEB = "web"  # the channel that is pulled: sent means ready for the page, fetched_at that the page has it
LANES = ("emergency", "reply", "reminder", "digest")
NO_ADDRESS = "no address"
URGENT_LEASE = 5.0  # seconds


@dataclass(frozen=True, slots=True)
class OutboxRow:
    id: int
    talk_id: int
    person_id: int | None
    address_id: int
    external_id: str
    lane: str
    prompt: Prompt
    ref: str
    pushed: bool
    attempts: int  # this one included
    cards: str
    epoch: int
    created_at: datetime
    counts: bool = False  # may take the place of the message before (已收 2 张)


def _outbox_row(
    id: int, talk: int, person: int | None, address: int, external: str, lane: str, body: Mapping[str, Any], busy: bool, *rest: Any
) -> OutboxRow:
    prompt = prompt_of(body)
    if busy and not prompt.ref and any(option.token for option in prompt.options):
        prompt = replace(prompt, number=id)
    return OutboxRow(id, talk, person, address, external, lane, prompt, *rest)


UNSENT = and_(outbox.c.sent_at.is_(None), outbox.c.dead_at.is_(None))  # the condition of ix_outbox_waiting
_open = text("inbox.state in ('fetch','ready')")  # word for word the condition of ix_inbox_open
_unleased = or_(outbox.c.lease_until.is_(None), outbox.c.lease_until <= bindparam("now"))
_explicit = address.alias("explicit")
_newest = address.alias("newest")
_goes_to = func.coalesce(
    select(_explicit.c.id)
    .where(_explicit.c.id == outbox.c.address_id, _explicit.c.talk_id == outbox.c.talk_id, _explicit.c.dead_at.is_(None))
    .scalar_subquery(),
    select(_newest.c.id)
    .where(_newest.c.talk_id == outbox.c.talk_id, _newest.c.dead_at.is_(None))
    .order_by(_newest.c.heard_at.desc().nulls_last(), _newest.c.id.desc())
    .limit(1)
    .scalar_subquery(),
)

_coalesce = Query(
    update(outbox)
    .where(UNSENT, _unleased, outbox.c.talk_id == bindparam("talk"), outbox.c.lane == bindparam("which"), outbox.c.coalesce_key == bindparam("same"))
    .values(body=bindparam("text"), ref=bindparam("about"))
    .returning(outbox.c.id),
    scalar,
)
_put = Query(both(outbox, lambda into: into.on_conflict_do_nothing(index_elements=["dedupe_key"]).returning(outbox.c.id)), scalar)
_known = Query(select(outbox.c.id).where(outbox.c.dedupe_key == bindparam("dedupe")), scalar)

# The confirmation of an album waits for the pictures that are still to be counted: then it is one message.
_more_comes = and_(
    outbox.c.coalesce_key.is_not(None),
    exists().where(_open, inbox.c.talk_id == outbox.c.talk_id, or_(inbox.c.state == "ready", inbox.c.fetch_by > bindparam("now"))),
)

# A row put for later does not hold up its lane. One that was tried and waits for its next try does, and so does one that
# was put for at once by a replica whose clock is a little ahead: else the next answer, from another replica, overtakes it.
_holds = or_(outbox.c.not_before <= bindparam("now"), outbox.c.not_before == outbox.c.created_at, outbox.c.attempts > 0)
_heads = (
    select(func.min(outbox.c.id).label("id"))
    .where(UNSENT, outbox.c.lane.in_(bindparam("lanes", expanding=True)), _holds)
    .group_by(outbox.c.talk_id, outbox.c.lane, case((outbox.c.lane == LANES[0], outbox.c.id), else_=0))  # no emergency waits behind another
    .subquery("heads")
)
_busy = select(session.c.id).where(session.c.person_id == talk.c.person_id, session.c.state == "open").exists()
_rank = case({lane: place for place, lane in enumerate(LANES)}, value=outbox.c.lane, else_=len(LANES))
_claim = Query(
    select(
        outbox.c.id,
        outbox.c.talk_id,
        talk.c.person_id,
        address.c.id.label("address_id"),
        address.c.external_id,
        outbox.c.lane,
        outbox.c.body,
        _busy.label("busy"),
        outbox.c.ref,
        outbox.c.pushed,
        (outbox.c.attempts + 1).label("attempt"),
        func.coalesce(person.c.cards, "cards").label("cards"),
        bindparam("epoch", type_=outbox.c.lease_epoch.type).label("epoch"),
        outbox.c.created_at,
        outbox.c.coalesce_key.is_not(None).label("counts"),
    )
    .join(_heads, _heads.c.id == outbox.c.id)
    .join(talk, talk.c.id == outbox.c.talk_id)
    .outerjoin(person, person.c.id == talk.c.person_id)
    .join(address, address.c.id == _goes_to)
    .where(
        UNSENT,
        _unleased,
        outbox.c.not_before <= bindparam("now"),
        ~_more_comes,
        outbox.c.lease_epoch <= bindparam("epoch"),
        address.c.channel == bindparam("channel"),
    )
    .order_by(_rank, outbox.c.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True, of=outbox),
    _outbox_row,
)
_wanting = Query(
    select(address.c.channel)
    .select_from(outbox)
    .join(address, address.c.id == _goes_to)
    .where(UNSENT, _unleased, outbox.c.not_before <= bindparam("now"))
    .distinct(),
    scalar,
)
_lease = Command(
    update(outbox)
    .where(outbox.c.id.in_(bindparam("ids", expanding=True)))
    .values(lease_until=bindparam("until"), lease_epoch=bindparam("epoch"), attempts=outbox.c.attempts + 1)
)
_mine = and_(outbox.c.id == bindparam("row"), outbox.c.lease_epoch == bindparam("epoch"), outbox.c.sent_at.is_(None))
_was_pulled = select(address.c.id).where(address.c.id == bindparam("to"), address.c.channel == WEB).exists()
_now = bindparam("now", type_=outbox.c.sent_at.type)
_sent = Command(
    update(outbox)
    .where(_mine)
    .values(
        sent_at=_now,
        remote_id=bindparam("remote"),
        address_id=bindparam("to"),
        lease_until=None,
        error="",
        fetched_at=case((_was_pulled, None), else_=_now),
    )
)
_retry = update(outbox).where(outbox.c.id == bindparam("row"), UNSENT).values(not_before=bindparam("later"), error=bindparam("why"), lease_until=None)
RETRY_MINE = _retry.where(outbox.c.lease_epoch == bindparam("epoch"))
_park = update(outbox).where(outbox.c.id == bindparam("row"), UNSENT).values(dead_at=bindparam("now"), error=bindparam("why"), lease_until=None)
_unpark = (
    update(outbox).where(outbox.c.id == bindparam("row"), outbox.c.dead_at.is_not(None)).values(dead_at=None, attempts=0, lease_until=None, error="")
)
_dead = update(address).where(address.c.id == bindparam("row")).values(dead_at=bindparam("now"), dead_why=bindparam("why"))
_its_talk = select(address.c.talk_id).where(address.c.id == bindparam("row")).scalar_subquery()
_alive = select(_newest.c.id).where(_newest.c.talk_id == outbox.c.talk_id, _newest.c.dead_at.is_(None)).exists()
_homeless = update(outbox).where(UNSENT, outbox.c.talk_id == _its_talk, ~_alive).values(dead_at=bindparam("now"), error=NO_ADDRESS, lease_until=None)


def put(
    conn: Connection,
    talk_id: int,
    lane: str,
    body: Mapping[str, Any],
    *,
    now: datetime,
    address_id: int | None = None,
    ref: str = "",
    pushed: bool = False,
    dedupe_key: str | None = None,
    coalesce_key: str | None = None,
    not_before: datetime | None = None,
) -> int:
    """Queue a prompt (`prompt_json`). 0: the dedupe key exists. Same coalesce key, not yet on its way: the body is replaced."""
    if dedupe_key and _known.first(conn, {"dedupe": dedupe_key}):
        return 0
    if coalesce_key:
        same = {"talk": talk_id, "which": lane, "same": coalesce_key, "text": body, "about": ref, "now": now}
        replaced = _coalesce.first(conn, same)
        if replaced is not None:
            return int(replaced)
    row = {
        "talk_id": talk_id,
        "lane": lane,
        "body": body,
        "created_at": now,
        "address_id": address_id,
        "ref": ref,
        "pushed": pushed,
        "dedupe_key": dedupe_key or None,
        "coalesce_key": coalesce_key or None,
        "not_before": not_before or now,
    }
    return int(_put.first(conn, row) or 0)


def known(conn: Connection, dedupe_key: str) -> bool:
    return _known.first(conn, {"dedupe": dedupe_key}) is not None


def recall(conn: Connection, dedupe_key: str, body: Mapping[str, Any] | None = None) -> bool:
    """Not said after all, or said as `body`: only what nobody has tried to send yet."""
    row = (outbox.c.dedupe_key == dedupe_key) & (outbox.c.attempts == 0) & outbox.c.sent_at.is_(None)
    return bool(conn.execute(delete(outbox).where(row) if body is None else update(outbox).where(row).values(body=body)).rowcount)


def wanting(conn: Connection, now: datetime) -> list[str]:
    """Channels by which something may go now: worth a claim. An idle server asks this, and writes nothing."""
    return _wanting.all(conn, {"now": now})


def claim(
    conn: Connection,
    channel: str,
    now: datetime,
    lease_seconds: float,
    holder_epoch: int,
    limit: int,
    lanes: Sequence[str] = LANES,
    *,
    put_by: datetime | None = None,
) -> list[OutboxRow]:
    """The oldest due row per talk and lane that goes to this channel, emergencies first; ours until the lease ends.

    An emergency's lease is short: a replica that stopped in the middle keeps it from nobody for long. `put_by`: only what waits since then.
    """
    asked = {"channel": channel, "now": now, "epoch": holder_epoch, "limit": limit, "lanes": list(lanes)}
    rows = [row for row in _claim.all(conn, asked) if put_by is None or row.created_at <= put_by]
    urgent = [row.id for row in rows if row.lane == LANES[0]]
    others = [row.id for row in rows if row.lane != LANES[0]]
    for ids, seconds in ((urgent, min(URGENT_LEASE, lease_seconds)), (others, lease_seconds)):
        if ids:
            _lease.run(conn, {"ids": ids, "until": now + timedelta(seconds=seconds), "epoch": holder_epoch})
    return rows


def sent(conn: Connection, id: int, epoch: int, remote_id: str, address_id: int, now: datetime) -> bool:
    """False when a later holder has taken the row over."""
    done = {"row": id, "epoch": epoch, "remote": remote_id, "to": address_id, "now": now}
    return bool(_sent.run(conn, done))


def retry(conn: Connection, id: int, not_before: datetime, error: str, epoch: int | None = None) -> bool:
    """Try again from `not_before`; later rows of the talk and lane wait behind it."""
    again = {"row": id, "later": not_before, "why": error}
    if epoch is None:
        return bool(conn.execute(_retry, again).rowcount)
    return bool(conn.execute(RETRY_MINE, again | {"epoch": epoch}).rowcount)


def address_dead(conn: Connection, address_id: int, why: str, now: datetime) -> int:
    """The talk's rows go to its next living address; how many were parked because there is none."""
    conn.execute(_dead, {"row": address_id, "why": why[:200], "now": now})
    return int(conn.execute(_homeless, {"row": address_id, "now": now}).rowcount)


def park(conn: Connection, id: int, error: str, now: datetime) -> bool:
    return bool(conn.execute(_park, {"row": id, "why": error, "now": now}).rowcount)


def unpark(conn: Connection, id: int) -> bool:
    return bool(conn.execute(_unpark, {"row": id}).rowcount)
