"""What a web page shows of the past beside the prompts of webbox.py: what was said here, older prompts, who may see a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, Text, bindparam, cast, select, text

from storage.shown import SHOWN, ShownRow, shown_row
from storage.tables import blob, inbox, outbox


@dataclass(frozen=True, slots=True)
class SaidRow:
    """One inbound message as it was kept."""

    id: int
    key: str
    said_at: datetime
    received_at: datetime
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FileNote:
    mime: str
    facts: Mapping[str, Any]


_web = text("inbox.channel = 'web'")  # word for word the condition of ix_inbox_web
_said: Select[Any] = select(inbox.c.id, inbox.c.event_key, inbox.c.said_at, inbox.c.received_at, inbox.c.body).where(
    _web, inbox.c.address_id == bindparam("address"), inbox.c.state != "quarantined"
)
_said_since = _said.where(inbox.c.id > bindparam("after")).order_by(inbox.c.id).limit(bindparam("limit"))
_said_latest = _said.order_by(inbox.c.id.desc()).limit(bindparam("limit"))
_said_before = _said_latest.where(inbox.c.id < bindparam("before"))
_prompts_before = (
    select(*SHOWN)
    .where(outbox.c.address_id == bindparam("address"), outbox.c.sent_at.is_not(None), outbox.c.id < bindparam("before"))
    .order_by(outbox.c.id.desc())
    .limit(bindparam("limit"))
)
# JSON as text: a hash in quotes occurs in a body only where this file is meant, and both databases can look for it.
_said_file = select(inbox.c.id).where(_web, inbox.c.address_id == bindparam("address"), cast(inbox.c.body, Text).like(bindparam("said"))).limit(1)
_shown_file = select(outbox.c.id).where(outbox.c.address_id == bindparam("address"), cast(outbox.c.body, Text).like(bindparam("shown"))).limit(1)
_notes = select(blob.c.sha256, blob.c.mime, blob.c.facts).where(blob.c.sha256.in_(bindparam("shas", expanding=True)))


def said_since(conn: Connection, address_id: int, after: int, limit: int) -> list[SaidRow]:
    """Oldest first: what another browser of the same person said meanwhile."""
    return [SaidRow(*row) for row in conn.execute(_said_since, {"address": address_id, "after": after, "limit": limit})]


def said_latest(conn: Connection, address_id: int, limit: int) -> list[SaidRow]:
    rows = conn.execute(_said_latest, {"address": address_id, "limit": limit}).all()
    return [SaidRow(*row) for row in reversed(rows)]


def said_before(conn: Connection, address_id: int, before: int, limit: int) -> list[SaidRow]:
    rows = conn.execute(_said_before, {"address": address_id, "before": before, "limit": limit}).all()
    return [SaidRow(*row) for row in reversed(rows)]


def prompts_before(conn: Connection, address_id: int, before: int, limit: int) -> list[ShownRow]:
    rows = conn.execute(_prompts_before, {"address": address_id, "before": before, "limit": limit}).mappings().all()
    return [shown_row(row) for row in reversed(rows)]


def may_see(conn: Connection, address_id: int, entry: str) -> bool:
    """The file was sent from this address, or shown to it: as it is, or only as a record's picture."""
    asked = {"address": address_id, "said": f'%"blob:{entry}"%', "shown": f'%"{entry}"%'}
    return conn.execute(_said_file, asked).first() is not None or conn.execute(_shown_file, asked).first() is not None


def notes(conn: Connection, shas: Iterable[str]) -> Mapping[str, FileNote]:
    """What is known of these files."""
    wanted: Sequence[str] = list(dict.fromkeys(shas))
    if not wanted:
        return {}
    return {row.sha256: FileNote(row.mime, row.facts) for row in conn.execute(_notes, {"shas": wanted})}
