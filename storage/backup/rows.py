"""Tables as lines of JSON that say the same on SQLite and PostgreSQL, read in one snapshot and written back as they were."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    Table,
    cast,
    collate,
    select,
    text,
)
from sqlalchemy.types import TypeEngine

from storage.codec import canonical, loads
from storage.tables import Instant

OURS = "alembic_version"  # written by the migrations
CHUNK = 500
_KINDS: tuple[tuple[type[TypeEngine[Any]], str], ...] = (  # the first that fits
    (Boolean, "yesno"),
    (DateTime, "instant"),
    (Date, "day"),
    (JSON, "json"),
    (Float, "float"),
    (Integer, "int"),
    (Numeric, "float"),
    (LargeBinary, "bytes"),
    (String, "text"),
)
_TYPES: Mapping[str, TypeEngine[Any]] = {
    "yesno": Boolean(),
    "instant": Instant(),
    "day": Date(),
    "json": String(),  # as it is spelled: null in JSON is not the database's null
    "float": Float(),
    "int": Integer(),
    "bytes": LargeBinary(),
    "text": String(),
}


def tables(conn: Connection) -> list[Table]:
    """As they are in this database, each after those it refers to."""
    found = MetaData()
    found.reflect(conn, resolve_fks=False)
    return [table for table in found.sorted_tables if table.name != OURS]


def columns(table: Table) -> tuple[tuple[str, str], ...]:
    return tuple((str(column.name), _kind(column)) for column in table.columns)


def lines(conn: Connection, table: Table, kinds: Sequence[tuple[str, str]]) -> Iterator[bytes]:
    """A line a row, by key; little in memory however many there are."""
    shadow = Table(table.name, MetaData(), *(Column(name, _TYPES[kind]) for name, kind in kinds))
    raw = conn.dialect.name == "postgresql"
    chosen = [cast(shadow.c[name], String).label(name) if raw and kind == "json" else shadow.c[name] for name, kind in kinds]
    key = [shadow.c[column.name] for column in table.primary_key.columns]
    order = [collate(column, "C") if raw and isinstance(column.type, String) else column for column in key]
    spell = [_SPELL.get(kind) for _, kind in kinds]
    query = select(*chosen).order_by(*order).execution_options(yield_per=CHUNK)
    with conn.execute(query) as rows:
        for row in rows:
            values = [value if value is None or how is None else how(value) for how, value in zip(spell, row, strict=True)]
            yield canonical(values) + b"\n"


def insert(conn: Connection, table: str, kinds: Sequence[tuple[str, str]], found: Iterator[bytes]) -> None:
    """Rows as they were read, numbers and all."""
    sqlite = conn.dialect.name == "sqlite"
    quote = conn.dialect.identifier_preparer.quote
    holes = ", ".join(["?" if sqlite else "%s"] * len(kinds))
    names = ", ".join(quote(name).replace("%", "%%") for name, _ in kinds)
    statement = f"insert into {quote(table)} ({names}) values ({holes})"
    back = [(_TO_SQLITE if sqlite else _TO_POSTGRESQL).get(kind) for _, kind in kinds]
    while chunk := list(islice(found, CHUNK)):
        values = [tuple(_back(how, value) for how, value in zip(back, loads(line), strict=True)) for line in chunk]
        conn.exec_driver_sql(statement, values)


def last_number(conn: Connection, table: Table) -> int | None:
    """The number given last; None where rows are not numbered."""
    key = list(table.primary_key.columns)
    if len(key) != 1 or not isinstance(key[0].type, Integer):
        return None
    newest = conn.execute(select(key[0]).order_by(key[0].desc()).limit(1)).scalar() or 0
    sequence = _sequence(conn, table.name, key[0].name)
    if sequence is None:
        return int(newest)
    value, called = conn.execute(text(f"select last_value, is_called from {sequence}")).one()
    return max(int(newest), int(value) if called else 0)


def go_on(conn: Connection, table: str, column: str, last: int) -> None:
    """The next row gets the next number; SQLite counts from the highest there is."""
    sequence = _sequence(conn, table, column)
    if sequence is not None and last:
        conn.execute(text("select setval(cast(:which as regclass), :last)"), {"which": sequence, "last": last})


def _sequence(conn: Connection, table: str, column: str) -> str | None:
    if conn.dialect.name != "postgresql":
        return None
    quoted = conn.dialect.identifier_preparer.quote(table)
    found: str | None = conn.execute(text("select pg_get_serial_sequence(:what, :which)"), {"what": quoted, "which": column}).scalar()
    return found


def _kind(column: Column[Any]) -> str:
    for type_, kind in _KINDS:
        if isinstance(column.type, type_):
            return kind
    raise TypeError(f"{column.table.name}.{column.name} is {column.type!r}")


def _back(how: Callable[[Any], Any] | None, value: Any) -> Any:
    return value if value is None or how is None else how(value)


def _in_sqlite(value: str) -> str:
    return datetime.fromisoformat(value).replace(tzinfo=None).isoformat(" ", "microseconds")


_SPELL: Mapping[str, Callable[[Any], Any]] = {
    "instant": lambda value: value.isoformat(timespec="microseconds"),
    "day": date.isoformat,
    "bytes": lambda value: base64.b64encode(value).decode(),
}
_TO_SQLITE: Mapping[str, Callable[[Any], Any]] = {"instant": _in_sqlite, "yesno": int, "bytes": base64.b64decode}
_TO_POSTGRESQL: Mapping[str, Callable[[Any], Any]] = {"bytes": base64.b64decode}
