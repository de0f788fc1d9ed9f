"""own_hours: a person's own working hours, each from a day on; what stood in person before holds until the first. ix_case_open: what is open of a kind."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "own_hours",
        sa.Column("id", _id, autoincrement=True, nullable=False),
        sa.Column("person_id", _id, nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("opens", sa.String(5), nullable=False),
        sa.Column("closes", sa.String(5), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_own_hours_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_hours")),
        sa.UniqueConstraint("person_id", "since", name=op.f("uq_own_hours_person_id_since")),
    )
    unended = sa.text("closed_at is null")
    op.create_index("ix_case_open", "case", ["kind", "id"], sqlite_where=unended, postgresql_where=unended)
