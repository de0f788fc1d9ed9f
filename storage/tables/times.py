"""What is due, running numbers, settings and amended days."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Date, ForeignKey, Integer, String, Table

from storage.tables.base import Id, Instant, key, metadata, partial

due = Table(
    "due",
    metadata,
    key(),
    Column("key", String(200), nullable=False, unique=True),  # rule, subject, date, step, recipient: planned once
    Column("kind", String(40), nullable=False),
    Column("at", Instant, nullable=False),
    Column("person_id", Id, ForeignKey("person.id"), nullable=False),
    Column("case_id", Id),
    Column("args", JSON, nullable=False),
    Column("done_at", Instant),
    Column("outcome", String(16), nullable=False, server_default=""),  # said | moot | dropped | merged
    partial("ix_due_open", "at", where="done_at is null"),
)
counter = Table(
    "counter",
    metadata,
    Column("form", String(60), primary_key=True),
    Column("scope", String(40), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("last", Integer, nullable=False),
)
setting = Table(
    "setting",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("since", Date, primary_key=True),
    Column("value", JSON, nullable=False),
)
day_exception = Table(  # public holidays and make-up days, amendable
    "day_exception",
    metadata,
    Column("day", Date, primary_key=True),
    Column("works", Boolean, nullable=False),
    Column("source", String(40), nullable=False),
)
