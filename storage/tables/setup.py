"""Setting up in the browser: the way in of the first admin, and the platforms' settings; secrets are sealed before they come here."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Integer, String, Table, Text, false

from storage.tables.base import Instant, metadata

start_link = Table(
    "start_link",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
)
channel = Table(
    "channel",
    metadata,
    Column("name", String(16), primary_key=True),
    Column("rev", Integer, nullable=False, server_default="0"),  # raised by every change: replicas compare it
    Column("active", Boolean, nullable=False, server_default=false()),
    Column("plain", JSON, nullable=False),  # what is no secret, and the last four of what is
    Column("sealed", Text, nullable=False, server_default=""),
    Column("changed_at", Instant),
    Column("verified_at", Instant),  # the platform has reached our callback with these settings
)
