"""INSERT … ON CONFLICT is spelt by two dialects; a statement is built for both, once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, Table, UpdateBase
from sqlalchemy.dialects import postgresql, sqlite

Both = Mapping[str, UpdateBase]


def both(table: Table, build: Callable[[Any], UpdateBase]) -> Both:
    return {"sqlite": build(sqlite.insert(table)), "postgresql": build(postgresql.insert(table))}


def on(conn: Connection, statements: Both) -> Any:
    return statements[conn.dialect.name]
