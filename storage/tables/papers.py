"""Forms being filled, papers filed, cases and what happened to them."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Date, ForeignKey, Index, Integer, String, Table, UniqueConstraint

from storage.tables.base import Id, Instant, key, metadata, partial, to

session = Table(
    "session",
    metadata,
    key(),
    to("person", "person_id"),
    Column("form", String(60), nullable=False),
    Column("version", Integer, nullable=False),
    Column("state", String(12), nullable=False),
    Column("body", JSON, nullable=False),  # the rest of conversations.types.Session
    Column("rev", Integer, nullable=False),
    Column("touched_at", Instant, nullable=False),
    Index("ix_session_person", "person_id", "state"),
    partial("uq_session_open", "person_id", where="state = 'open'", unique=True),
)
answer_log = Table(  # who said what when; append only
    "answer_log",
    metadata,
    key(),
    to("session", "session_id", index=True),
    Column("question", String(60), nullable=False),
    Column("value", JSON),
    Column("inbox_id", Id),
    Column("at", Instant, nullable=False),
)
kept_words = Table(  # said and not understood: nothing is thrown away
    "kept_words",
    metadata,
    key(),
    to("person", "person_id", index=True),
    Column("body", JSON, nullable=False),
    Column("at", Instant, nullable=False),
    Column("used_at", Instant),
)
paper = Table(
    "paper",
    metadata,
    key(),
    Column("number", String(40), nullable=False, unique=True),
    Column("form", String(60), nullable=False),
    Column("version", Integer, nullable=False),
    Column("person_id", Id, ForeignKey("person.id"), nullable=False),
    Column("session_id", Id, ForeignKey("session.id"), unique=True),  # one session files one paper
    Column("customer_id", Id, ForeignKey("customer.id")),
    Column("case_id", Id),
    Column("answers", JSON, nullable=False),
    Column("day", Date, nullable=False),
    Column("said_at", Instant, nullable=False),
    Column("filed_at", Instant, nullable=False),
    Column("grade", String(14), nullable=False),  # declared | evidenced | countersigned
    Column("state", String(12), nullable=False),  # filed | withdrawn
    Column("rev", Integer, nullable=False, server_default="1"),
    Index("ix_paper_person_day", "person_id", "day"),
    Index("ix_paper_customer", "customer_id", "id"),
    Index("ix_paper_figures", "form", "day", "person_id", "state", "grade"),  # counting a month reads nothing else
)
paper_version = Table(  # what a corrected paper said before
    "paper_version",
    metadata,
    key(),
    to("paper", "paper_id", index=True),
    Column("rev", Integer, nullable=False),
    Column("answers", JSON, nullable=False),
    Column("by_id", Id, ForeignKey("person.id"), nullable=False),
    Column("at", Instant, nullable=False),
    UniqueConstraint("paper_id", "rev"),
)
paper_blob = Table(
    "paper_blob",
    metadata,
    key(),
    to("paper", "paper_id", index=True),
    Column("sha256", String(64), nullable=False),
    Column("at", Instant, nullable=False),
    UniqueConstraint("paper_id", "sha256"),
)
case = Table(
    "case",
    metadata,
    key(),
    Column("kind", String(24), nullable=False),  # appointment | promise | request | daylog
    Column("key", String(120), unique=True),  # one day log a person and day
    Column("state", String(24), nullable=False),
    Column("rev", Integer, nullable=False),
    Column("person_id", Id, ForeignKey("person.id"), nullable=False),  # whose it is
    Column("customer_id", Id, ForeignKey("customer.id")),
    Column("paper_id", Id, ForeignKey("paper.id")),
    Column("day", Date),
    Column("at", Instant),  # when it is to be done
    Column("data", JSON, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Index("ix_case_person", "person_id", "kind", "state"),
    Index("ix_case_day", "kind", "day"),
    Index("ix_case_customer", "customer_id", "kind"),
    partial("ix_case_open", "kind", "id", where="closed_at is null"),
)
case_event = Table(
    "case_event",
    metadata,
    key(),
    to("case", "case_id", index=True),
    Column("rev", Integer, nullable=False),
    Column("action", String(32), nullable=False),
    Column("state", String(24), nullable=False),
    Column("by_id", Id, ForeignKey("person.id")),
    Column("at", Instant, nullable=False),
    Column("data", JSON, nullable=False),
    UniqueConstraint("case_id", "rev"),  # two people cannot both make the same move
)
