"""Every table, once; migrations are compared with this."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
Id = BigInteger().with_variant(Integer, "sqlite")


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant; naive values are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any] | None:
        return _as_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else _utc(value)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("naive datetime")
    return value.astimezone(UTC)


def _as_text(value: datetime | None) -> str | None:
    """As SQLAlchemy writes it on SQLite, in a third of the time."""
    return None if value is None else _utc(value).replace(tzinfo=None).isoformat(" ", "microseconds")


def _id() -> Column[int]:
    return Column("id", Id, primary_key=True, autoincrement=True)


def _to(table: str, name: str, *, null: bool = False, index: bool = False) -> Column[int]:
    return Column(name, Id, ForeignKey(f"{table}.id"), nullable=null, index=index)


# --- people -----------------------------------------------------------------------------------------------
team = Table("team", metadata, _id(), Column("name", String(80), nullable=False, unique=True))
person = Table(
    "person",
    metadata,
    _id(),
    Column("account", String(64), nullable=False, unique=True),  # WeCom userid, lower case; the imported list's key
    Column("name", String(80), nullable=False),
    Column("pinyin", String(160), nullable=False, server_default=""),
    Column("initials", String(40), nullable=False, server_default=""),
    Column("language", String(12), nullable=False, server_default="zh-CN"),
    Column("opens", String(5), nullable=False, server_default="09:00"),
    Column("closes", String(5), nullable=False, server_default="18:00"),
    _to("team", "team_id", null=True),
    Column("cards", String(8), nullable=False, server_default="cards"),  # cards | text
    Column("greeted_at", Instant),  # has confirmed who they are and read what is recorded
    Column("left_on", Date),
)
role = Table(
    "role",
    metadata,
    _id(),
    _to("person", "person_id", index=True),
    Column("role", String(32), nullable=False),
    Column("scope", String(12), nullable=False, server_default="firm"),  # firm | team | station | area
    Column("scope_id", Id, nullable=False, server_default="0"),
    Column("since", Date, nullable=False),
    Column("until", Date),
)
deputy = Table(  # stands in for somebody on leave
    "deputy",
    metadata,
    _id(),
    _to("person", "person_id", index=True),
    _to("person", "for_id", index=True),
    Column("since", Date, nullable=False),
    Column("until", Date, nullable=False),
)
leave = Table(
    "leave",
    metadata,
    _id(),
    _to("person", "person_id", index=True),
    Column("since", Date, nullable=False),
    Column("until", Date, nullable=False),
    Column("kind", String(16), nullable=False, server_default="leave"),  # leave | rest
)
talk = Table(  # everything one person says and hears, whatever the channel: the lock
    "talk",
    metadata,
    _id(),
    Column("person_id", Id, ForeignKey("person.id"), unique=True),
    Column("muted_until", Instant),
    Column("polite_at", Instant),  # an unknown person had the one polite answer then
)
address = Table(
    "address",
    metadata,
    _id(),
    Column("channel", String(16), nullable=False),
    Column("external_id", String(128), nullable=False),
    _to("talk", "talk_id", index=True),
    Column("heard_at", Instant),  # last spoke from here; replies and pushes go to the newest living one
    Column("dead_at", Instant),  # the platform refuses it for good
    Column("dead_why", String(200), nullable=False, server_default=""),
    UniqueConstraint("channel", "external_id"),
)
invitation = Table(
    "invitation",
    metadata,
    _id(),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("code_hash", String(64), nullable=False, index=True),  # of the 8 digits; unique among the open ones by draw
    Column("person_id", Id, ForeignKey("person.id"), nullable=False),
    Column("by_id", Id, ForeignKey("person.id")),
    Column("expires_at", Instant, nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("used_at", Instant),
)
web_session = Table(  # the revocable cookie of the web chat
    "web_session",
    metadata,
    _id(),
    Column("token_hash", String(64), nullable=False, unique=True),
    _to("address", "address_id", index=True),
    Column("since", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("revoked_at", Instant),
)

# --- inbox and outbox -------------------------------------------------------------------------------------
inbox = Table(
    "inbox",
    metadata,
    _id(),
    Column("channel", String(16), nullable=False),
    Column("event_key", String(128), nullable=False),
    Column("body_hash", String(64), nullable=False),  # same key with another body is quarantined
    _to("talk", "talk_id"),
    _to("address", "address_id"),
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
    Index("ix_inbox_fetch", "id", sqlite_where=text("state in ('fetch','late')"), postgresql_where=text("state in ('fetch','late')")),
    Index("ix_inbox_open", "talk_id", "id", sqlite_where=text("state in ('fetch','ready')"), postgresql_where=text("state in ('fetch','ready')")),
    Index("ix_inbox_web", "address_id", "id", sqlite_where=text("channel = 'web'"), postgresql_where=text("channel = 'web'")),
)
outbox = Table(
    "outbox",
    metadata,
    _id(),
    _to("talk", "talk_id"),
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
    Index(
        "ix_outbox_waiting",
        "talk_id",
        "lane",
        "id",
        sqlite_where=text("sent_at is null and dead_at is null"),
        postgresql_where=text("sent_at is null and dead_at is null"),
    ),
    Index("ix_outbox_talk", "talk_id", "id"),
    Index("ix_outbox_address", "address_id", "id"),
    Index(
        "ix_outbox_unfetched",
        "sent_at",
        sqlite_where=text("sent_at is not null and fetched_at is null"),
        postgresql_where=text("sent_at is not null and fetched_at is null"),
    ),
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

# --- forms, papers, cases ---------------------------------------------------------------------------------
session = Table(
    "session",
    metadata,
    _id(),
    _to("person", "person_id"),
    Column("form", String(60), nullable=False),
    Column("version", Integer, nullable=False),
    Column("state", String(12), nullable=False),
    Column("body", JSON, nullable=False),  # the rest of conversations.types.Session
    Column("rev", Integer, nullable=False),
    Column("touched_at", Instant, nullable=False),
    Index("ix_session_person", "person_id", "state"),
    Index("uq_session_open", "person_id", unique=True, sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'")),
)
answer_log = Table(  # who said what when; append only
    "answer_log",
    metadata,
    _id(),
    _to("session", "session_id", index=True),
    Column("question", String(60), nullable=False),
    Column("value", JSON),
    Column("inbox_id", Id),
    Column("at", Instant, nullable=False),
)
kept_words = Table(  # said and not understood: nothing is thrown away
    "kept_words",
    metadata,
    _id(),
    _to("person", "person_id", index=True),
    Column("body", JSON, nullable=False),
    Column("at", Instant, nullable=False),
    Column("used_at", Instant),
)
paper = Table(
    "paper",
    metadata,
    _id(),
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
)
paper_version = Table(  # what a corrected paper said before
    "paper_version",
    metadata,
    _id(),
    _to("paper", "paper_id", index=True),
    Column("rev", Integer, nullable=False),
    Column("answers", JSON, nullable=False),
    Column("by_id", Id, ForeignKey("person.id"), nullable=False),
    Column("at", Instant, nullable=False),
    UniqueConstraint("paper_id", "rev"),
)
paper_blob = Table(
    "paper_blob",
    metadata,
    _id(),
    _to("paper", "paper_id", index=True),
    Column("sha256", String(64), nullable=False),
    Column("at", Instant, nullable=False),
    UniqueConstraint("paper_id", "sha256"),
)
case = Table(
    "case",
    metadata,
    _id(),
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
)
case_event = Table(
    "case_event",
    metadata,
    _id(),
    _to("case", "case_id", index=True),
    Column("rev", Integer, nullable=False),
    Column("action", String(32), nullable=False),
    Column("state", String(24), nullable=False),
    Column("by_id", Id, ForeignKey("person.id")),
    Column("at", Instant, nullable=False),
    Column("data", JSON, nullable=False),
    UniqueConstraint("case_id", "rev"),  # two people cannot both make the same move
)

# --- customers --------------------------------------------------------------------------------------------
customer = Table(
    "customer",
    metadata,
    _id(),
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
    _id(),
    _to("customer", "customer_id", index=True),
    Column("name", String(60), nullable=False),
    Column("post", String(60), nullable=False, server_default=""),
    Column("phone", String(40), nullable=False, server_default=""),
)
owner = Table(
    "owner",
    metadata,
    _id(),
    _to("customer", "customer_id", index=True),
    _to("person", "person_id", index=True),
    Column("since", Date, nullable=False),
    Column("until", Date),
)

# --- time, numbers, log -----------------------------------------------------------------------------------
due = Table(
    "due",
    metadata,
    _id(),
    Column("key", String(200), nullable=False, unique=True),  # rule, subject, date, step, recipient: planned once
    Column("kind", String(40), nullable=False),
    Column("at", Instant, nullable=False),
    Column("person_id", Id, ForeignKey("person.id"), nullable=False),
    Column("case_id", Id),
    Column("args", JSON, nullable=False),
    Column("done_at", Instant),
    Column("outcome", String(16), nullable=False, server_default=""),  # said | moot | dropped | merged
    Index("ix_due_open", "at", sqlite_where=text("done_at is null"), postgresql_where=text("done_at is null")),
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
