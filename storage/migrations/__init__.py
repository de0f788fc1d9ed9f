"""Alembic without an ini file: upgrade to head, ask whether we are there, write the next revision."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

FOLDER = Path(__file__).parent
_LOCK = 7_262_425  # any number, the same on every replica


def config(conn: Connection | None = None) -> Config:
    made = Config()
    made.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    made.set_main_option("path_separator", "newline")
    made.attributes["connection"] = conn
    return made


def upgrade(engine: Engine) -> None:
    with engine.begin() as conn:
        if conn.dialect.name == "postgresql":
            conn.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        if at_head(conn):
            return
        command.upgrade(config(conn), "head")


def at_head(conn: Connection) -> bool:
    return set(MigrationContext.configure(conn).get_current_heads()) == _heads()


@cache
def _heads() -> set[str]:
    """Read once: they are files of the program."""
    return set(ScriptDirectory.from_config(config()).get_heads())
