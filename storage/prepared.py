"""Statements of the step's path: written in Core, compiled once, run on the driver's own connection (adr 0004)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import CompoundSelect, Connection, Dialect, Select, UpdateBase
from sqlalchemy.exc import DBAPIError

T = TypeVar("T")
Statement = Select[Any] | CompoundSelect[Any] | UpdateBase
Values = Mapping[str, Any]
Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Ready:
    """One spelling: the SQL, its fixed parameters, and where each of the caller's goes; places are numbers or names, as the driver has it."""

    sql: str
    fixed: Any
    plain: Sequence[tuple[Any, str]]
    converted: Sequence[tuple[Any, str, Convert]]
    listed: Sequence[tuple[Any, str, int, Convert]]
    cells: Sequence[tuple[int, Convert]]

    def bound(self, values: Values) -> Any:
        bound = self.fixed.copy()
        for place, name in self.plain:
            bound[place] = values[name]
        for place, name, convert in self.converted:
            bound[place] = convert(values[name])
        for place, name, nth, element in self.listed:
            bound[place] = element(values[name][nth])
        return bound


class _Prepared:
    """A statement, or one for each dialect. An IN-list is spelt once for each length that comes up."""

    def __init__(self, statement: Statement | Mapping[str, Statement]) -> None:
        self._statement = statement
        self._lists: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._ready: dict[tuple[Any, ...], _Ready] = {}

    def _for(self, conn: Connection, values: Values) -> _Ready:
        shape = (conn.dialect.name, *values)
        lists = self._lists.get(shape)
        if lists is not None:
            ready = self._ready.get((*shape, *[len(values[name]) for name in lists]) if lists else shape)
            if ready is not None:
                return ready
        return self._compiled(conn.dialect, shape, values)

    def _compiled(self, dialect: Dialect, shape: tuple[str, ...], values: Values) -> _Ready:
        statement = self._statement[dialect.name] if isinstance(self._statement, Mapping) else self._statement
        compiled: Any = statement.compile(dialect=dialect, column_keys=list(values))
        state = compiled.construct_expanded_state(values)
        lists = tuple(name for name, bind in compiled.binds.items() if bind.expanding and bind.required)
        elements = {one: (name, nth) for name, ones in state.parameter_expansion.items() for nth, one in enumerate(ones)}
        fixed: Any = [None] * len(state.positiontup) if compiled.positional else {}
        plain, converted, listed = [], [], []
        for place, name in enumerate(state.positiontup) if compiled.positional else zip(state.parameters, state.parameters, strict=True):
            source, nth = elements.get(name, (name, -1))
            convert = compiled.binds[source].type.dialect_impl(dialect).bind_processor(dialect)
            if source not in values:
                fixed[place] = convert(state.parameters[name]) if convert else state.parameters[name]
            elif nth >= 0:
                listed.append((place, source, nth, convert or scalar))
            elif convert:
                converted.append((place, source, convert))
            else:
                plain.append((place, source))
        ready = _Ready(state.statement, fixed, plain, converted, listed, _cells(statement, dialect))
        self._lists[shape] = lists
        self._ready[(*shape, *[len(values[name]) for name in lists])] = ready
        return ready


class Query(_Prepared, Generic[T]):
    """Answers rows (also those a write returns), each made `into` something of its columns in order."""

    def __init__(self, statement: Statement | Mapping[str, Statement], into: Callable[..., T]) -> None:
        super().__init__(statement)
        self._into = into

    def all(self, conn: Connection, values: Values) -> list[T]:
        ready = self._for(conn, values)
        rows = run(conn, ready.sql, ready.bound(values)).fetchall()
        if rows and ready.cells:
            rows = [list(row) for row in rows]
            for row in rows:
                for at, convert in ready.cells:
                    row[at] = convert(row[at])
        into = self._into
        return [into(*row) for row in rows]

    def first(self, conn: Connection, values: Values) -> T | None:
        found = self.all(conn, values)
        return found[0] if found else None

    def one(self, conn: Connection, values: Values) -> T:
        (found,) = self.all(conn, values)
        return found


class Command(_Prepared):
    """Answers how many rows it changed."""

    def run(self, conn: Connection, values: Values) -> int:
        ready = self._for(conn, values)
        return int(run(conn, ready.sql, ready.bound(values)).rowcount)

    def many(self, conn: Connection, rows: Sequence[Values]) -> None:
        """Rows of the same columns."""
        for row in rows:
            self.run(conn, row)


def scalar(value: Any) -> Any:
    """`into` for statements of one column."""
    return value


def run(conn: Connection, sql: str, bound: Any = ()) -> Any:
    """The driver's cursor. Its errors come as SQLAlchemy's, so that conflicts and lost connections are told apart as ever."""
    if not conn.in_transaction():
        conn.begin()
    raw: Any = conn.connection.dbapi_connection
    try:
        return raw.execute(sql, bound)
    except _errors(conn) as error:
        raise _translated(conn, sql, error) from error


def _errors(conn: Connection) -> type[Exception]:
    errors: type[Exception] = conn.dialect.loaded_dbapi.Error
    return errors


def _translated(conn: Connection, sql: str, error: Exception) -> BaseException:
    dialect = conn.dialect
    lost = dialect.is_disconnect(error, conn.connection.dbapi_connection, None)  # type: ignore[arg-type]
    translated = DBAPIError.instance(sql, None, error, _errors(conn), hide_parameters=True, connection_invalidated=lost, dialect=dialect)
    if lost:
        conn.invalidate(error)
    return translated


def _cells(statement: Any, dialect: Dialect) -> list[tuple[int, Convert]]:
    """Which columns of a row are not yet what they shall be."""
    found = [(at, column.type.dialect_impl(dialect).result_processor(dialect, None)) for at, column in enumerate(statement.exported_columns)]
    return [(at, convert) for at, convert in found if convert is not None]
