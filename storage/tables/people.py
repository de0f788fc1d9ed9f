"""Who works here, and where they are reached."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, ForeignKey, Integer, String, Table, UniqueConstraint, false

from storage.tables.base import Id, Instant, key, metadata, to

team = Table("team", metadata, key(), Column("name", String(80), nullable=False, unique=True))
person = Table(
    "person",
    metadata,
    key(),
    Column("account", String(64), nullable=False, unique=True),  # WeCom userid, lower case; the imported list's key
    Column("account_made", Boolean, nullable=False, server_default=false()),  # ours, from the name: nobody is called so in WeCom
    Column("name", String(80), nullable=False),
    Column("pinyin", String(160), nullable=False, server_default=""),
    Column("initials", String(40), nullable=False, server_default=""),
    Column("language", String(12), nullable=False, server_default="zh-CN"),
    Column("opens", String(5), nullable=False, server_default="09:00"),  # "": the firm's
    Column("closes", String(5), nullable=False, server_default="18:00"),
    to("team", "team_id", null=True),
    Column("phone", String(40), nullable=False, server_default=""),
    Column("joined_on", Date),
    Column("cards", String(8), nullable=False, server_default="cards"),  # cards | text
    Column("greeted_at", Instant),  # has confirmed who they are and read what is recorded
    Column("left_on", Date),
)
own_hours = Table(  # from a day on; before the first of them what stands in person
    "own_hours",
    metadata,
    key(),
    to("person", "person_id"),
    Column("since", Date, nullable=False),
    Column("opens", String(5), nullable=False),  # "": the firm's
    Column("closes", String(5), nullable=False),
    UniqueConstraint("person_id", "since"),
)
role = Table(
    "role",
    metadata,
    key(),
    to("person", "person_id", index=True),
    Column("role", String(32), nullable=False),
    Column("scope", String(12), nullable=False, server_default="firm"),  # firm | team | station | area
    Column("scope_id", Id, nullable=False, server_default="0"),
    Column("since", Date, nullable=False),
    Column("until", Date),
)
deputy = Table(  # stands in for somebody on leave
    "deputy",
    metadata,
    key(),
    to("person", "person_id", index=True),
    to("person", "for_id", index=True),
    Column("since", Date, nullable=False),
    Column("until", Date, nullable=False),
)
leave = Table(
    "leave",
    metadata,
    key(),
    to("person", "person_id", index=True),
    Column("since", Date, nullable=False),
    Column("until", Date, nullable=False),
    Column("kind", String(16), nullable=False, server_default="leave"),  # leave | rest
)
talk = Table(  # everything one person says and hears, whatever the channel: the lock
    "talk",
    metadata,
    key(),
    Column("person_id", Id, ForeignKey("person.id"), unique=True),
    Column("muted_until", Instant),
    Column("polite_at", Instant),  # an unknown person had the one polite answer then
)
address = Table(
    "address",
    metadata,
    key(),
    Column("channel", String(16), nullable=False),
    Column("external_id", String(128), nullable=False),
    to("talk", "talk_id", index=True),
    Column("heard_at", Instant),  # last spoke from here; replies and pushes go to the newest living one
    Column("dead_at", Instant),  # the platform refuses it for good
    Column("dead_why", String(200), nullable=False, server_default=""),
    UniqueConstraint("channel", "external_id"),
)
invitation = Table(
    "invitation",
    metadata,
    key(),
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
    key(),
    Column("token_hash", String(64), nullable=False, unique=True),
    to("address", "address_id", index=True),
    Column("since", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("revoked_at", Instant),
)
