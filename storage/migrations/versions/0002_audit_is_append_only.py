"""The log refuses to be changed; rebuilding the table in batch mode on SQLite would drop these triggers."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MESSAGE = "the audit log is append-only"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(f"create trigger audit_no_{verb} before {verb} on audit begin select raise(abort, '{MESSAGE}'); end")
        return
    op.execute(f"create function audit_refuse() returns trigger language plpgsql as $$ begin raise exception '{MESSAGE}'; end $$")
    for verb in ("update", "delete"):
        op.execute(f"create trigger audit_no_{verb} before {verb} on audit for each row execute function audit_refuse()")
    op.execute("create trigger audit_no_truncate before truncate on audit for each statement execute function audit_refuse()")
