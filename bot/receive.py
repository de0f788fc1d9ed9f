"""An authenticated event into the inbox: kept, committed, and only then answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from bot.channels.base import Event
from conversations.types import Point
from storage import callers, inbox
from storage.codec import digest
from storage.database import Connection, Database

PICTURE_HOLDS = timedelta(seconds=60)  # later messages of the talk wait at most so long for a picture
CLOCK_SKEW = timedelta(minutes=2)
OLDEST = timedelta(days=7)
_LONGEST = {"text": 20_000, "tap": 200, "album": 100, "callback": 500, "phone": 40}
_LONGEST_SENDER = 120  # of a column of 128


async def receive(database: Database, channel: str, event: Event, now: datetime, zone: ZoneInfo) -> inbox.Received:
    """Answers after COMMIT."""
    event = _bounded(event)
    body = body_of(event)
    said_at = said(event, now)
    waits = event.media is not None

    def unit(conn: Connection) -> inbox.Received:
        received = inbox.put(
            conn,
            channel,
            body,
            key=event.key,
            sender=event.sender,
            said_at=said_at,
            received_at=now,
            needs_fetch=waits,
            fetch_by=now + PICTURE_HOLDS if waits else None,
        )
        if received.quarantined and received.new:
            _report(conn, channel, now, zone)
        return received

    return await database.write(unit, lane="receive", sort_key=f"{channel}:{event.key}")


def said(event: Event, now: datetime) -> datetime:
    """When the person said it: the phone's own time where it can be true, else the platform's, never later than now."""
    at = event.at if event.timed else now
    if event.claimed_at is not None and now - OLDEST <= event.claimed_at <= now + CLOCK_SKEW:
        at = event.claimed_at
    return min(at, now).astimezone(UTC)


def body_of(event: Event) -> dict[str, Any]:
    """Without `at`, which a column holds and which a page sending again may count anew."""
    body = _clean(msgspec.to_builtins(event))
    del body["at"]
    return dict(body)


def event_of(body: Mapping[str, Any], said_at: datetime) -> Event:
    return msgspec.convert({**body, "at": said_at.isoformat()}, Event)


def _bounded(event: Event) -> Event:
    """What no column and no rule can use is cut; a place that was not sent by hand is not kept at all."""
    cut: dict[str, Any] = {name: value[:most] for name, most in _LONGEST.items() if len(value := getattr(event, name)) > most}
    if event.place is not None and (event.kind == "place_report" or not _on_earth(event.place)):
        cut["place"] = None
    sender = event.sender if len(event.sender) <= _LONGEST_SENDER else f"sha256:{digest(_clean(event.sender))}"
    return replace(event, key=_clean(event.key), sender=_clean(sender), **cut)


def _on_earth(place: Point) -> bool:
    return isfinite(place.lat) and isfinite(place.lon) and abs(place.lat) <= 90 and abs(place.lon) <= 180


def _clean(value: Any) -> Any:
    """PostgreSQL keeps neither NUL nor half a surrogate pair."""
    if isinstance(value, str):
        plain = value.isascii() and "\x00" not in value
        return value if plain else value.replace("\x00", "").encode("utf8", "replace").decode("utf8")
    if isinstance(value, dict):
        return {name: _clean(one) for name, one in value.items()}
    return value


def _report(conn: Connection, channel: str, now: datetime, zone: ZoneInfo) -> None:
    """Once a day and channel: whoever sends such things may send many."""
    today = now.astimezone(zone).date()
    note = "收到编号相同、内容不同的消息，第二条没有处理。写「办公」，在「没送到的消息」页可以看到。"
    callers.tell_admins(conn, note, key=f"quarantine:{channel}:{today}", now=now, today=today)
