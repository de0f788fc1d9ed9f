"""hours: who keeps the firm's has none of their own; accounts: which of them we made up."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("account_made", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute("UPDATE person SET opens = '', closes = '' WHERE opens = '09:00' AND closes = '18:00'")
