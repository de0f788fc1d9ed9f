"""Migrations and tables say the same, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from storage import migrations
from storage.database import Database
from storage.tables import audit, metadata
from tests.storage.world import NOW


def test_migrations_are_the_tables(database: Database) -> None:
    def difference(conn: Connection) -> list[object]:
        context = MigrationContext.configure(conn, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))

    assert database.read_now(difference) == []


def test_head_is_reached_and_again_changes_nothing(database: Database) -> None:
    assert database.at_head()
    before = database.read_now(lambda conn: sorted(inspect(conn).get_table_names()))
    database.migrate()
    assert database.at_head()
    assert database.read_now(lambda conn: sorted(inspect(conn).get_table_names())) == before


def test_an_empty_file_is_not_at_head(tmp_path: Path) -> None:
    database = Database("sqlite://", tmp_path / "new")
    try:
        assert not database.at_head()
        database.migrate()
        assert database.at_head()
        assert (tmp_path / "new" / "paojie.db").is_file()
    finally:
        database.close()


def test_the_files_are_numbered_as_they_follow() -> None:
    follow = [one.revision for one in ScriptDirectory.from_config(migrations.config()).walk_revisions()]
    assert follow[::-1] == list(migrations._revisions())


@pytest.mark.parametrize("statement", ["update audit set who = 'x'", "delete from audit"])
def test_the_log_refuses_changes(database: Database, statement: str) -> None:
    row = {"seq": 1, "at": NOW, "who": "a", "via": "b", "verb": "c", "subject": "d", "digest": "e", "prev": "f", "hash": "g"}
    database.write_now(lambda conn: conn.execute(audit.insert(), row))
    with pytest.raises(DBAPIError, match="the audit log is append-only"):
        database.write_now(lambda conn: conn.execute(text(statement)))
