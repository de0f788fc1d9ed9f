"""What a bulk change did to each row, before and after, so that it can go back where nobody touched the row since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from storage.prepared import Query, scalar
from storage.tables import invitation, metadata
from storage.writer import savepoint

Change = tuple[str, int, Mapping[str, Any] | None, Mapping[str, Any]]  # table, id, before, after

TOUCHED = "之后有人改过"
USED = "已经用上了，有别的记录连着它"
GONE = "已经不在了"


class Recorder:
    """Writes and remembers, by subject."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self.changes: dict[str, list[Change]] = defaultdict(list)
        self.labels: dict[str, str] = {}

    def add(self, table: Table, values: Mapping[str, Any], subject: str = "", label: str = "") -> int:
        """The new row's id; without a subject it is one itself."""
        id = int(_insert(table).one(self._conn, values))
        name = subject or f"{table.name}:{id}"
        self.changes[name].append((str(table.name), id, None, plain(values)))
        if label:
            self.labels[name] = label
        return id

    def change(self, table: Table, id: int, before: Mapping[str, Any], values: Mapping[str, Any], subject: str, label: str = "") -> None:
        self._conn.execute(update(table).where(table.c.id == id), dict(values))
        self.changes[subject].append((str(table.name), id, plain({name: before[name] for name in values}), plain(values)))
        if label:
            self.labels[subject] = label


@cache
def _insert(table: Table) -> Query[int]:
    return Query(insert(table).returning(table.c.id), scalar)


@cache
def _row(table: Table) -> Any:
    return select(table).where(table.c.id == bindparam("row"))


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """As JSON keeps it."""
    return {str(name): value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def undo(conn: Connection, changes: Sequence[Change]) -> str:
    """All of one subject or nothing: "" when it is as it was before, else why not."""
    newest: dict[tuple[str, int], dict[str, Any]] = defaultdict(dict)
    for name, id, _, after in changes:
        newest[name, id] |= after
    for (name, id), kept in newest.items():
        row = conn.execute(_row(metadata.tables[name]), {"row": id}).mappings().first()
        if row is None:
            return GONE
        if plain({column: row[column] for column in kept}) != kept:
            return TOUCHED
    try:
        with savepoint(conn):
            for name, id, before, _ in reversed(changes):
                _back(conn, metadata.tables[name], id, before)
    except IntegrityError:
        return USED
    return ""


def _back(conn: Connection, table: Table, id: int, before: Mapping[str, Any] | None) -> None:
    if before is not None:
        conn.execute(update(table).where(table.c.id == id), {name: _lively(table, name, value) for name, value in before.items()})
        return
    if table.name == "person":  # an invitation nobody used does not keep anybody
        conn.execute(delete(invitation).where(invitation.c.person_id == id, invitation.c.used_at.is_(None)))
    conn.execute(delete(table).where(table.c.id == id))


def _lively(table: Table, name: str, value: Any) -> Any:
    kind = table.c[name].type.python_type
    if value is None or kind not in (date, datetime):
        return value
    return kind.fromisoformat(value)
