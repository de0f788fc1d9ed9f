"""Who set what when: the settings themselves stand in `setting`, this is how they came to be so."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Date, String, Table

from storage.tables.base import Instant, key, metadata, to

setting_change = Table(
    "setting_change",
    metadata,
    key(),
    Column("name", String(60), nullable=False, index=True),
    Column("since", Date, nullable=False),
    Column("value", JSON, nullable=False),
    Column("withdrawn", Boolean, nullable=False),  # a change taken back before it held
    to("person", "by_id"),
    Column("at", Instant, nullable=False),
)
