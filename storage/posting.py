"""What post asks of the outbox beside claiming: merging what waits, the next address, what a message takes the place of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, bindparam, exists, func, or_, select, update

from conversations.types import Prompt
from storage.codec import prompt_json, prompt_of
from storage.outbox import RETRY_MINE, UNSENT, OutboxRow
from storage.tables import address, inbox, outbox

TOGETHER = timedelta(seconds=3)  # an album arrives within a moment
LATELY = 20_000  # rows looked back through, at most
HELD = "later: "  # how the error of a row begins that has certainly not been sent
MAYBE, REFUSED = "maybe sent: ", "refused: "

_earlier, _before = outbox.alias("earlier"), outbox.alias("before")
_same_key = select(outbox.c.coalesce_key).where(outbox.c.id == bindparam("row")).scalar_subquery()
_last = (
    select(func.max(_before.c.id))
    .where(_before.c.talk_id == bindparam("talk"), _before.c.address_id == bindparam("to"), _before.c.sent_at.is_not(None))
    .scalar_subquery()
)
# A card (coalesce key card:…) is changed in place however old, as long as nothing stands below it: what was said since were taps.
_typed = exists().where(
    inbox.c.talk_id == bindparam("talk"), inbox.c.received_at > _earlier.c.sent_at, func.coalesce(inbox.c.body["tap"].as_string(), "") == ""
)
_still_there = or_(_earlier.c.sent_at > bindparam("since"), and_(_earlier.c.coalesce_key.startswith("card:"), ~_typed))
_replaced = select(_earlier.c.remote_id).where(_earlier.c.id == _last, _earlier.c.coalesce_key == _same_key, _still_there)
_not_before = select(func.min(outbox.c.not_before)).where(UNSENT, outbox.c.not_before > bindparam("now"))
_elsewhere = (
    select(address.c.id)
    .where(address.c.talk_id == bindparam("talk"), address.c.dead_at.is_(None), address.c.id != bindparam("but"))
    .order_by(address.c.heard_at.desc().nulls_last(), address.c.id.desc())
    .limit(1)
)
_readdress = RETRY_MINE.values(address_id=bindparam("to"), lease_epoch=0)  # the other channel counts its senders by itself
_newest = select(outbox.c.body).order_by(outbox.c.id.desc()).limit(bindparam("limit"))
_me = outbox.alias("me")
_behind = (
    select(outbox.c.id, outbox.c.body, outbox.c.address_id)
    .where(
        UNSENT,
        exists().where(_me.c.id == bindparam("row"), _me.c.error.startswith(HELD)),
        outbox.c.talk_id == bindparam("talk"),
        outbox.c.lane == bindparam("which"),
        outbox.c.id > bindparam("row"),
        outbox.c.not_before <= bindparam("now"),
        outbox.c.pushed,
    )
    .order_by(outbox.c.id)
    .limit(bindparam("limit"))
)
_sent_since = (
    select(address.c.external_id, outbox.c.sent_at)
    .join(address, address.c.id == outbox.c.address_id)
    .where(
        outbox.c.id > select(func.max(outbox.c.id)).scalar_subquery() - LATELY,
        address.c.channel == bindparam("channel"),
        outbox.c.sent_at >= bindparam("since"),
    )
    .order_by(outbox.c.sent_at)
)
_merge = update(outbox).where(outbox.c.id == bindparam("row")).values(body=bindparam("text"), ref=bindparam("about"))
_merged = (
    update(outbox)
    .where(outbox.c.id.in_(bindparam("ids", expanding=True)), UNSENT)
    .values(sent_at=bindparam("now"), fetched_at=bindparam("now"), remote_id=bindparam("remote"), lease_until=None)
)


def reason(error: str) -> str:
    """What the platform said, of the error a send left behind."""
    return error.removeprefix(HELD).removeprefix(MAYBE).removeprefix(REFUSED)


def sent_since(conn: Connection, channel: str, since: datetime) -> list[tuple[str, datetime]]:
    """To whom and when, oldest first: what a sender that takes over has to know to keep a platform's pace."""
    return [(row.external_id, row.sent_at) for row in conn.execute(_sent_since, {"channel": channel, "since": since})]


def replaced(conn: Connection, row: OutboxRow) -> str:
    """The platform's id of the last message there when this one only counts on from it (已收 2 张), else "".

    What the person sent in between stands below that message by then: later than a moment it is said anew. A card stays the last one
    while it is only tapped.
    """
    since = row.created_at - TOGETHER
    return conn.execute(_replaced, {"row": row.id, "talk": row.talk_id, "to": row.address_id, "since": since}).scalar() or ""


def newest(conn: Connection, limit: int) -> list[Prompt]:
    """What was last said to anybody, newest first."""
    return [prompt_of(body) for (body,) in conn.execute(_newest, {"limit": limit})]


def readdress(conn: Connection, row: OutboxRow, not_before: datetime, why: str) -> bool:
    """To the talk's next living address, the present one staying alive. False: there is no other."""
    to = conn.execute(_elsewhere, {"talk": row.talk_id, "but": row.address_id}).scalar()
    if to is None:
        return False
    return bool(conn.execute(_readdress, {"row": row.id, "later": not_before, "why": why, "epoch": row.epoch, "to": to}).rowcount)


def behind(conn: Connection, row: OutboxRow, now: datetime, limit: int = 20) -> list[tuple[int, Prompt]]:
    """Pushed rows of the same talk and lane that wait behind one that was held back, in order, up to the first that goes elsewhere."""
    found: list[tuple[int, Prompt]] = []
    for id, body, to in conn.execute(_behind, {"talk": row.talk_id, "which": row.lane, "row": row.id, "now": now, "limit": limit}):
        if to not in (None, row.address_id):
            break
        found.append((id, prompt_of(body)))
    return found


def merge(conn: Connection, into: int, prompt: Prompt, ids: Sequence[int], now: datetime) -> None:
    """One message says what several would have; those others count as sent with it."""
    conn.execute(_merge, {"row": into, "text": prompt_json(prompt), "about": prompt.ref})
    conn.execute(_merged, {"ids": list(ids), "now": now, "remote": f"merged:{into}"})


def next_at(conn: Connection, now: datetime) -> datetime | None:
    """When the next row that was put for later, or waits for its next try, may go."""
    return conn.execute(_not_before, {"now": now}).scalar()
