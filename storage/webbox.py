"""The outbox as the web chat pulls it, and the fall-over of prompts that no page fetched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, bindparam, or_, select, update

from storage.outbox import WEB
from storage.shown import SHOWN, ShownRow, shown_row
from storage.tables import address, outbox


@dataclass(frozen=True, slots=True)
class Unfetched:
    id: int
    talk_id: int
    lane: str
    other_address_id: int  # the newest living one elsewhere


_web = address.alias("web")
_other = address.alias("other")
_elsewhere = (
    select(_other.c.id)
    .where(_other.c.talk_id == outbox.c.talk_id, _other.c.dead_at.is_(None), _other.c.channel != WEB)
    .order_by(_other.c.heard_at.desc().nulls_last(), _other.c.id.desc())
    .limit(1)
    .scalar_subquery()
)
_waits = and_(outbox.c.sent_at.is_not(None), outbox.c.fetched_at.is_(None))  # the condition of ix_outbox_unfetched
_unfetched = (
    select(outbox.c.id, outbox.c.talk_id, outbox.c.lane, _elsewhere.label("other_address_id"))
    .join(_web, _web.c.id == outbox.c.address_id)
    .where(
        _waits,
        _web.c.channel == WEB,
        or_(outbox.c.sent_at <= bindparam("before"), and_(outbox.c.lane == "emergency", outbox.c.sent_at <= bindparam("now"))),
        _elsewhere.is_not(None),
    )
    .order_by(outbox.c.id)
)
_reroute = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"), _waits)
    .values(address_id=bindparam("to"), sent_at=None, remote_id="", lease_until=None, attempts=0, error="web prompt not fetched")
)
# Lanes overtake each other, so a row may be sent behind the page's cursor: what it has not fetched always comes along.
_for_web = (
    select(*SHOWN)
    .where(
        outbox.c.address_id == bindparam("address"),
        outbox.c.sent_at.is_not(None),
        or_(outbox.c.id > bindparam("after"), outbox.c.fetched_at.is_(None)),
    )
    .order_by(outbox.c.id)
    .limit(bindparam("limit"))
)
_latest = (
    select(*SHOWN)
    .where(outbox.c.address_id == bindparam("address"), outbox.c.sent_at.is_not(None))
    .order_by(outbox.c.id.desc())
    .limit(bindparam("limit"))
)
_fetched = (
    update(outbox)
    .where(outbox.c.address_id == bindparam("address"), outbox.c.id.in_(bindparam("ids", expanding=True)), _waits)
    .values(fetched_at=bindparam("now"))
)


def unfetched_web(conn: Connection, now: datetime, older_than: timedelta) -> list[Unfetched]:
    """Web prompts no page fetched, of talks that can be reached elsewhere: emergencies at once, others after `older_than`."""
    return [Unfetched(*row) for row in conn.execute(_unfetched, {"now": now, "before": now - older_than})]


def reroute(conn: Connection, id: int, address_id: int) -> bool:
    """Say it again there. False when the page has fetched it after all."""
    return bool(conn.execute(_reroute, {"row": id, "to": address_id}).rowcount)


def for_web(conn: Connection, address_id: int, after: int, limit: int) -> list[ShownRow]:
    """What the page does not have yet, oldest first; a reloaded page begins with `latest`."""
    return [shown_row(row) for row in conn.execute(_for_web, {"address": address_id, "after": after, "limit": limit}).mappings()]


def latest(conn: Connection, address_id: int, limit: int) -> list[ShownRow]:
    """The last prompts shown, oldest first."""
    rows = conn.execute(_latest, {"address": address_id, "limit": limit}).mappings().all()
    return [shown_row(row) for row in reversed(rows)]


def web_fetched(conn: Connection, address_id: int, ids: Sequence[int], now: datetime) -> int:
    """The page has these rows; by id, since one sent meanwhile may have a lower one."""
    return int(conn.execute(_fetched, {"address": address_id, "ids": list(ids), "now": now}).rowcount)
