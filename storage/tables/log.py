"""The append-only log."""

from __future__ import annotations

from sqlalchemy import Column, String, Table

from storage.tables.base import Id, Instant, metadata

audit = Table(  # append-only, hash-chained; salted digests only, so that erasure keeps the chain
    "audit",
    metadata,
    Column("seq", Id, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("who", String(60), nullable=False),
    Column("via", String(16), nullable=False),
    Column("verb", String(40), nullable=False),
    Column("subject", String(80), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("prev", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)
audit_salt = Table(
    "audit_salt",
    metadata,
    Column("seq", Id, primary_key=True, autoincrement=False),
    Column("salt", String(32), nullable=False),
)
