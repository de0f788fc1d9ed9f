"""Alembic without an ini file: upgrade to head, ask whether we are there, write the next revision. Loaded only where there is something to do."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, text

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).parent
_LOCK = 7_262_425  # any number, the same on every replica
_FILE = re.compile(r"(\d{4})_\w+\.py")


def config(conn: Connection | None = None) -> Config:
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    made.set_main_option("path_separator", "newline")
    made.attributes["connection"] = conn
    return made


def upgrade(engine: Engine) -> None:
    with engine.begin() as conn:
        if conn.dialect.name == "postgresql":
            conn.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        if not at_head(conn):
            upgrade_on(conn)


def upgrade_on(conn: Connection, revision: str = "head") -> None:
    """The same inside the caller's transaction, as far as `revision`."""
    from alembic import command

    command.upgrade(config(conn), revision)


def at_head(conn: Connection) -> bool:
    return revision(conn) == _revisions()[-1]


def revision(conn: Connection) -> str:
    """Where the database is; "" before the first."""
    if not conn.dialect.has_table(conn, "alembic_version"):
        return ""
    return str(conn.execute(text("select version_num from alembic_version")).scalar() or "")


def knows(revision: str) -> bool:
    return revision in _revisions()


@cache
def _revisions() -> tuple[str, ...]:
    """Read once: they are files of the program, numbered in their order (tests/storage/test_migrations.py)."""
    return tuple(sorted(found[1] for path in (FOLDER / "versions").iterdir() if (found := _FILE.fullmatch(path.name))))
