"""Introduction cards in versions, who was told of and who opened which; exhibitions (A-3.4.1, A-3.3.3)."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Date, Integer, String, Table, Text, UniqueConstraint, false

from storage.tables.base import Instant, key, metadata, to

card = Table(  # a version is never changed by the next
    "card",
    metadata,
    key(),
    Column("topic", String(20), nullable=False),
    Column("version", Integer, nullable=False),
    Column("name", String(80), nullable=False),  # 2026 年 11 月版
    Column("text", Text, nullable=False),
    Column("blobs", JSON, nullable=False),
    Column("since", Date, nullable=False),
    to("person", "by_id"),
    Column("at", Instant, nullable=False),
    UniqueConstraint("topic", "version"),
)
card_read = Table(
    "card_read",
    metadata,
    key(),
    to("card", "card_id"),
    to("person", "person_id", index=True),
    Column("told_at", Instant),  # with the morning card, once
    Column("opened_at", Instant),
    UniqueConstraint("card_id", "person_id"),
)
exhibition = Table(
    "exhibition",
    metadata,
    key(),
    Column("name", String(80), nullable=False),
    Column("place", String(120), nullable=False),
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False, index=True),
    Column("note", String(200), nullable=False, server_default=""),
    Column("dropped", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("name", "first"),
)
