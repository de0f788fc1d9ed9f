"""Migrations and tables say the same, on both databases."""

from __future__ import annotations

import re
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


def test_partial_indexes_hold_the_rows_they_are_for(database: Database) -> None:
    """Word for word: SQLite uses such an index only for a query that says the same."""

    def made(conn: Connection) -> dict[str, str]:
        on_sqlite = conn.dialect.name == "sqlite"
        asked = "select name, sql from sqlite_master where type = 'index'" if on_sqlite else "select indexname, indexdef from pg_indexes"
        return {name: sql or "" for name, sql in conn.execute(text(asked))}

    there = database.read_now(made)
    partial = [one for table in metadata.tables.values() for one in table.indexes if "where" in one.info]
    assert len(partial) == 9
    for index in partial:
        condition = there[str(index.name)].lower().partition(" where ")[2]
        if database.read_now(lambda conn: conn.dialect.name) == "sqlite":
            assert condition.replace(" ", "") == index.info["where"].replace(" ", "")
        else:  # PostgreSQL writes state in ('a','b') as state = ANY (ARRAY['a'…])
            words = set(re.findall(r"\w+", index.info["where"])) - {"in"}
            assert words <= set(re.findall(r"\w+", condition))


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
