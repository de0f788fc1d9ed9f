"""Stations, areas, rotas; the repair register beside its cases; what the customer agreed to and signed (C-3 to C-5)."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint, text

from storage.tables.base import Id, Instant, key, metadata, partial, to

station = Table(
    "station",
    metadata,
    key(),
    Column("name", String(80), nullable=False, unique=True),
    Column("phone", String(40), nullable=False, server_default=""),  # the number tenants know
)
area = Table(
    "area",
    metadata,
    key(),
    Column("name", String(80), nullable=False, unique=True),
    to("station", "station_id", null=True),
    Column("estates", JSON, nullable=False),  # whose flats are of the area, by name
)
duty = Table(  # who is on call besides the ordinary hours: nights, weekends
    "duty",
    metadata,
    key(),
    to("person", "person_id", index=True),
    Column("role", String(32), nullable=False),
    to("area", "area_id", null=True),
    Column("since", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Index("ix_duty_until", "until"),
)
job = Table(  # 《报修记录表》 ZC-QR-030; state, revision and events are the case's
    "job",
    metadata,
    Column("case_id", Id, ForeignKey("case.id"), primary_key=True, autoincrement=False),
    Column("day", Date, nullable=False),
    Column("nth", Integer, nullable=False),
    Column("station_id", Id, nullable=False, server_default="0"),  # 0: the firm has one
    to("area", "area_id", null=True, index=True),
    Column("unit_id", Id),
    Column("phone", String(40), nullable=False, server_default="", index=True),
    Column("place", String(8), nullable=False),  # home | public | vacant
    Column("trade", String(12), nullable=False, server_default="other"),
    Column("urgent", String(20), nullable=False, server_default=""),  # the word of the emergency list
    Column("paid", Boolean),  # null: seen on the spot
    to("person", "technician_id", null=True, index=True),
    Column("sent_at", Instant),
    Column("accepted_at", Instant),
    Column("arrived_at", Instant),
    UniqueConstraint("station_id", "day", "nth"),  # numbered per station and day
    Index("ix_job_unit", "unit_id", "trade"),
)
callout = Table(  # who was told of a job, or rung up about it, when, and what they answered
    "callout",
    metadata,
    key(),
    to("case", "case_id", index=True),
    to("person", "person_id", index=True),
    Column("rung", String(16), nullable=False),
    Column("how", String(8), nullable=False),  # message | phone
    Column("outbox_id", Id),  # the message: when it was sent is when they were told
    Column("at", Instant, nullable=False),
    Column("answer", String(12), nullable=False, server_default=""),
    Column("why", String(200), nullable=False, server_default=""),
    Column("answered_at", Instant),
    Column("ended_at", Instant),  # not asked any more
)
agreement = Table(  # a customer's consent or signature, with everything that proves it
    "agreement",
    metadata,
    key(),
    to("case", "case_id", index=True),
    Column("kind", String(12), nullable=False),  # consent | not_now | doubt | unhappy | signature
    to("link", "link_id", null=True),
    Column("content", Text, nullable=False),  # exactly what was shown
    Column("content_hash", String(64), nullable=False),
    Column("text_version", String(20), nullable=False),
    Column("name", String(80), nullable=False, server_default=""),
    Column("relation", String(12), nullable=False, server_default=""),  # self | family | household | other
    Column("picture", String(64), nullable=False, server_default=""),  # the blob of the signature
    Column("picture_hash", String(64), nullable=False, server_default=""),
    Column("strokes", JSON),
    Column("facts", JSON, nullable=False),  # address, browser, mode, place, original photograph
    Column("at", Instant, nullable=False),
)
link = Table(  # a one-time way in for somebody outside
    "link",
    metadata,
    key(),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("purpose", String(16), nullable=False),  # consent | sign | progress | report
    Column("mode", String(10), nullable=False, server_default="own"),  # own | handover
    Column("once", Boolean, nullable=False, server_default=text("true")),
    to("case", "case_id", null=True, index=True),
    to("person", "by_id", null=True),
    Column("content_hash", String(64), nullable=False, server_default=""),
    Column("made_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    Column("submission", String(64), nullable=False, server_default=""),  # the page's own id: sent again it is the same answer
    Column("session", String(64), nullable=False, server_default=""),  # handover: the one browser that opened it, as a hash
    Column("opened_at", Instant),
    Column("place", JSON),  # where that was, if the phone said so
)
thing = Table(  # what changes hands
    "thing",
    metadata,
    key(),
    Column("kind", String(12), nullable=False),  # paper | cash | cheque | key | contract
    Column("number", String(60), nullable=False),
    Column("what", String(200), nullable=False, server_default=""),
    Column("amount", BigInteger, nullable=False, server_default="1"),  # fen of money, else pieces
    to("case", "case_id", null=True, index=True),
    Column("holder_kind", String(8), nullable=False),  # person | contact | post | closed
    Column("holder", Id, nullable=False),
    Column("rev", Integer, nullable=False, server_default="1"),
    Column("archive", String(60), nullable=False, server_default=""),
    UniqueConstraint("kind", "number"),
    Index("ix_thing_holder", "holder_kind", "holder"),
)
handover = Table(
    "handover",
    metadata,
    key(),
    to("thing", "thing_id", index=True),
    Column("giver_kind", String(8), nullable=False),
    Column("giver", Id, nullable=False),
    Column("receiver_kind", String(8), nullable=False),
    Column("receiver", Id, nullable=False),
    Column("batch", String(60), nullable=False, server_default=""),
    Column("given_at", Instant, nullable=False),
    Column("taken_at", Instant),
    Column("ended_at", Instant),  # taken, refused or taken back
    Column("counted", BigInteger),
    Column("difference", BigInteger),
    Column("refused", String(200), nullable=False, server_default=""),
    partial("uq_handover_open", "thing_id", where="ended_at is null", unique=True),
    Index("ix_handover_receiver", "receiver_kind", "receiver"),
)
