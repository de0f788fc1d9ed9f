"""What came in, what goes out, the files, and who holds which lease."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint, text

from storage.tables.base import Id, Instant, key, metadata, partial, to

inbox = Table(
    "inbox",
    metadata,
    key(),
    Column("channel", String(16), nullable=False),
    Column("event_key", String(128), nullable=False),
    Column("body_hash", String(64), nullable=False),  # same key with another body is quarantined
    to("talk", "talk_id"),
    to("address", "address_id"),
    Column("said_at", Instant, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("body", JSON, nullable=False),
    Column("state", String(12), nullable=False),  # fetch | late | ready | handled | parked | quarantined
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("fetch_by", Instant),  # holds back later rows of the talk until then
    Column("lease_until", Instant),
    Column("blob", JSON),
    Column("error", Text, nullable=False, server_default=""),
    Column("handled_at", Instant),
    UniqueConstraint("channel", "event_key"),  # an event is one event however often it is delivered
    partial("ix_inbox_fetch", "id", where="state in ('fetch','late')"),
    partial("ix_inbox_open", "talk_id", "id", where="state in ('fetch','ready')"),
    partial("ix_inbox_web", "address_id", "id", where="channel = 'web'"),
)
outbox = Table(
    "outbox",
    metadata,
    key(),
    to("talk", "talk_id"),
    Column("address_id", Id, ForeignKey("address.id")),  # where it must go or went; null = the person's newest living one
    Column("lane", String(12), nullable=False),  # emergency | reply | reminder | digest
    Column("body", JSON, nullable=False),  # Prompt
    Column("ref", String(40), nullable=False, server_default=""),
    Column("pushed", Boolean, nullable=False, server_default=text("false")),  # nobody asked for it just now
    Column("dedupe_key", String(200), unique=True),
    Column("coalesce_key", String(120)),
    Column("created_at", Instant, nullable=False),
    Column("not_before", Instant, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("lease_until", Instant),
    Column("lease_epoch", Integer, nullable=False, server_default="0"),
    Column("sent_at", Instant),
    Column("fetched_at", Instant),  # web chat: the page has it; elsewhere the same as sent_at
    Column("remote_id", String(200), nullable=False, server_default=""),
    Column("dead_at", Instant),
    Column("error", Text, nullable=False, server_default=""),
    partial("ix_outbox_waiting", "talk_id", "lane", "id", where="sent_at is null and dead_at is null"),
    Index("ix_outbox_talk", "talk_id", "id"),
    Index("ix_outbox_address", "address_id", "id"),
    partial("ix_outbox_unfetched", "sent_at", where="sent_at is not null and fetched_at is null"),
)
lease = Table(
    "lease",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("holder", String(80), nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("until", Instant, nullable=False),
)
blob = Table(
    "blob",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("mime", String(80), nullable=False),
    Column("size", Integer, nullable=False),
    Column("facts", JSON, nullable=False),
    Column("at", Instant, nullable=False),
)
