"""The firm's lists that later work reads, and every import with what it changed (lists come in and go out as Excel)."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Boolean, Column, Date, Integer, String, Table, UniqueConstraint, false

from storage.tables.base import Instant, key, metadata, to

unit = Table(  # a flat or shop that is let; the tenant as the list has them now
    "unit",
    metadata,
    key(),
    Column("estate", String(80), nullable=False),  # 阳光苑
    Column("building", String(40), nullable=False, server_default=""),  # 3 号楼
    Column("room", String(40), nullable=False),
    Column("station", String(80), nullable=False, server_default=""),
    Column("address", String(200), nullable=False, server_default=""),
    Column("tenant", String(80), nullable=False, server_default=""),
    Column("phone", String(40), nullable=False, server_default=""),
    Column("let_from", Date),
    Column("let_until", Date),
    Column("note", String(200), nullable=False, server_default=""),
    Column("pinyin", String(160), nullable=False, server_default=""),
    Column("initials", String(40), nullable=False, server_default=""),
    UniqueConstraint("estate", "building", "room"),
)
price = Table(  # 有偿维修服务收费价格一览表; a version is never overwritten by the next
    "price",
    metadata,
    key(),
    Column("version", String(40), nullable=False),  # 2026 年 10 月版
    Column("code", String(40), nullable=False),
    Column("item", String(120), nullable=False),
    Column("per", String(20), nullable=False, server_default=""),  # 个, 米, 次
    Column("fen", BigInteger, nullable=False),
    Column("note", String(200), nullable=False, server_default=""),
    Column("since", Date, nullable=False, index=True),
    Column("pinyin", String(240), nullable=False, server_default=""),
    Column("initials", String(60), nullable=False, server_default=""),
    UniqueConstraint("version", "code"),
)
medium = Table(
    "medium",
    metadata,
    key(),
    Column("name", String(120), nullable=False, unique=True),  # in full
    Column("short", String(60), nullable=False, server_default=""),
    Column("kind", String(20), nullable=False, server_default=""),  # 网站 | 期刊
    Column("note", String(200), nullable=False, server_default=""),
    Column("pinyin", String(240), nullable=False, server_default=""),
    Column("initials", String(60), nullable=False, server_default=""),
)
position = Table(
    "position",
    metadata,
    key(),
    to("medium", "medium_id"),
    Column("name", String(80), nullable=False),  # 封二
    Column("size", String(60), nullable=False, server_default=""),
    Column("fen", BigInteger),
    Column("per", String(20), nullable=False, server_default=""),
    Column("note", String(200), nullable=False, server_default=""),
    Column("pinyin", String(240), nullable=False, server_default=""),
    Column("initials", String(60), nullable=False, server_default=""),
    UniqueConstraint("medium_id", "name"),
)
issue = Table(
    "issue",
    metadata,
    key(),
    to("medium", "medium_id"),
    Column("number", String(40), nullable=False),  # 2026 年第 12 期
    Column("closes_on", Date),
    Column("publishes_on", Date),
    Column("deliver_by", Date, index=True),
    Column("note", String(200), nullable=False, server_default=""),
    UniqueConstraint("medium_id", "number"),
)
running_contract = Table(  # signed before this program came, as the firm's list has them
    "running_contract",
    metadata,
    key(),
    Column("number", String(60), nullable=False, unique=True),
    to("customer", "customer_id", index=True),
    to("medium", "medium_id", null=True),
    Column("position", String(80), nullable=False, server_default=""),
    Column("since", Date),
    Column("until", Date, nullable=False, index=True),
    Column("fen", BigInteger),
    Column("open_fen", BigInteger),
    Column("note", String(200), nullable=False, server_default=""),
)
import_run = Table(
    "import_run",
    metadata,
    key(),
    to("person", "by_id"),
    Column("at", Instant, nullable=False, index=True),
    Column("file", String(200), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("asked", JSON, nullable=False),  # which list each sheet is, which heading means what
    Column("state", String(12), nullable=False),  # checked | running | done | undoing | undone
    Column("counts", JSON, nullable=False),  # by list: new, changed, same, faulty
    Column("done", Integer, nullable=False, server_default="0"),
    Column("total", Integer, nullable=False, server_default="0"),
    Column("ended_at", Instant),
)
import_change = Table(  # what an import did to one customer, person, flat …; undone as one
    "import_change",
    metadata,
    key(),
    to("import_run", "run_id", index=True),
    Column("subject", String(80), nullable=False),
    Column("label", String(200), nullable=False),
    Column("changes", JSON, nullable=False),  # [table, id, before, after]; before null: it was added
    Column("undone", Boolean, nullable=False, server_default=false()),
    Column("kept_why", String(80), nullable=False, server_default=""),
)
