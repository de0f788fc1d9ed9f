"""INSERT … ON CONFLICT is spelt by two dialects; a statement is built for both, once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, Executable, Table
from sqlalchemy.dialects import postgresql, sqlite

Both = Mapping[str, Executable]


def both(table: Table, build: Callable[[Any], Executable]) -> Both:
    return {"sqlite": build(sqlite.insert(table)), "postgresql": build(postgresql.insert(table))}


def on(conn: Connection, statements: Both) -> Any:
    return statements[conn.dialect.name]
