"""Units, prices, media, positions, issues, running contracts; imports and what they changed; a person's telephone and first day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _key() -> sa.Column[int]:
    return sa.Column("id", ID, autoincrement=True, nullable=False)


def _words(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), server_default="", nullable=False)


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def _index(table: str, column: str) -> None:
    op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def upgrade() -> None:
    op.add_column("person", _words("phone", 40))
    op.add_column("person", sa.Column("joined_on", sa.Date(), nullable=True))
    _units_and_prices()
    _media()
    _contracts()
    _imports()


def _units_and_prices() -> None:
    op.create_table(
        "unit",
        _key(),
        sa.Column("estate", sa.String(length=80), nullable=False),
        _words("building", 40),
        sa.Column("room", sa.String(length=40), nullable=False),
        _words("station", 80),
        _words("address", 200),
        _words("tenant", 80),
        _words("phone", 40),
        sa.Column("let_from", sa.Date(), nullable=True),
        sa.Column("let_until", sa.Date(), nullable=True),
        _words("note", 200),
        _words("pinyin", 160),
        _words("initials", 40),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("estate", "building", "room", name=op.f("uq_unit_estate_building_room")),
    )
    op.create_table(
        "price",
        _key(),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("item", sa.String(length=120), nullable=False),
        _words("per", 20),
        sa.Column("fen", sa.BigInteger(), nullable=False),
        _words("note", 200),
        sa.Column("since", sa.Date(), nullable=False),
        _words("pinyin", 240),
        _words("initials", 60),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price")),
        sa.UniqueConstraint("version", "code", name=op.f("uq_price_version_code")),
    )
    _index("price", "since")


def _media() -> None:
    op.create_table(
        "medium",
        _key(),
        sa.Column("name", sa.String(length=120), nullable=False),
        _words("short", 60),
        _words("kind", 20),
        _words("note", 200),
        _words("pinyin", 240),
        _words("initials", 60),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_medium")),
        sa.UniqueConstraint("name", name=op.f("uq_medium_name")),
    )
    op.create_table(
        "position",
        _key(),
        sa.Column("medium_id", ID, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        _words("size", 60),
        sa.Column("fen", sa.BigInteger(), nullable=True),
        _words("per", 20),
        _words("note", 200),
        _words("pinyin", 240),
        _words("initials", 60),
        _to("position", "medium_id", "medium"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_position")),
        sa.UniqueConstraint("medium_id", "name", name=op.f("uq_position_medium_id_name")),
    )
    op.create_table(
        "issue",
        _key(),
        sa.Column("medium_id", ID, nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=True),
        sa.Column("publishes_on", sa.Date(), nullable=True),
        sa.Column("deliver_by", sa.Date(), nullable=True),
        _words("note", 200),
        _to("issue", "medium_id", "medium"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue")),
        sa.UniqueConstraint("medium_id", "number", name=op.f("uq_issue_medium_id_number")),
    )
    _index("issue", "deliver_by")


def _contracts() -> None:
    op.create_table(
        "running_contract",
        _key(),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("customer_id", ID, nullable=False),
        sa.Column("medium_id", ID, nullable=True),
        _words("position", 80),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("fen", sa.BigInteger(), nullable=True),
        sa.Column("open_fen", sa.BigInteger(), nullable=True),
        _words("note", 200),
        _to("running_contract", "customer_id", "customer"),
        _to("running_contract", "medium_id", "medium"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_running_contract")),
        sa.UniqueConstraint("number", name=op.f("uq_running_contract_number")),
    )
    _index("running_contract", "customer_id")
    _index("running_contract", "until")


def _imports() -> None:
    op.create_table(
        "import_run",
        _key(),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("total", sa.Integer(), server_default="0", nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        _to("import_run", "by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
    )
    _index("import_run", "at")
    op.create_table(
        "import_change",
        _key(),
        sa.Column("run_id", ID, nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("undone", sa.Boolean(), server_default=sa.false(), nullable=False),
        _words("kept_why", 80),
        _to("import_change", "run_id", "import_run"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_change")),
    )
    _index("import_change", "run_id")
