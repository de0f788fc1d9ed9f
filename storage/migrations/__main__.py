"""python -m storage.migrations 0002 "what changes": writes the revision from the difference to tables.py."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import make_url

from storage import migrations, sqlite


def main(revision: str, message: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        engine = sqlite.migration_engine(make_url(f"sqlite:///{Path(folder) / 'new.db'}"))
        migrations.upgrade(engine)
        with engine.begin() as conn:
            command.revision(migrations.config(conn), message, autogenerate=True, rev_id=revision)
        engine.dispose()


if __name__ == "__main__":
    main(*sys.argv[1:])
