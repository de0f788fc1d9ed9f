"""Customers, their contacts, and whose they are."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Date, String, Table

from storage.tables.base import key, metadata, to

customer = Table(
    "customer",
    metadata,
    key(),
    Column("name", String(120), nullable=False, unique=True),
    Column("nickname", String(60), nullable=False, server_default=""),
    Column("pinyin", String(240), nullable=False, server_default=""),
    Column("initials", String(60), nullable=False, server_default="", index=True),
    Column("local", Boolean, nullable=False),
    Column("address", String(200), nullable=False, server_default=""),
    Column("district", String(40), nullable=False, server_default=""),
    Column("source", String(40), nullable=False, server_default=""),
    Column("spend_fen", BigInteger),
    Column("since", Date, nullable=False),
)
contact = Table(
    "contact",
    metadata,
    key(),
    to("customer", "customer_id", index=True),
    Column("name", String(60), nullable=False),
    Column("post", String(60), nullable=False, server_default=""),
    Column("phone", String(40), nullable=False, server_default=""),
)
owner = Table(
    "owner",
    metadata,
    key(),
    to("customer", "customer_id", index=True),
    to("person", "person_id", index=True),
    Column("since", Date, nullable=False),
    Column("until", Date),
)
