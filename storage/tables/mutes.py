"""What a person does not want to be reminded of, and for how long."""

from __future__ import annotations

from sqlalchemy import Column, String, Table, UniqueConstraint

from storage.tables.base import Instant, key, metadata, to

mute = Table(
    "mute",
    metadata,
    key(),
    to("person", "person_id"),
    Column("topic", String(24), nullable=False),
    Column("since", Instant, nullable=False),
    Column("until", Instant),  # null = until said otherwise
    UniqueConstraint("person_id", "topic"),
)
