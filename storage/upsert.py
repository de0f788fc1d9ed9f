"""INSERT … ON CONFLICT is spelt by two dialects; a statement is built for the one in use, once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import Any

from sqlalchemy import Connection, Table, UpdateBase

DIALECTS = ("sqlite", "postgresql")


class Both(Mapping[str, UpdateBase]):
    """By the dialect's name. The other one is never loaded: a small server should be small."""

    def __init__(self, table: Table, build: Callable[[Any], UpdateBase]) -> None:
        self._table, self._build = table, build
        self._built: dict[str, UpdateBase] = {}

    def __getitem__(self, dialect: str) -> UpdateBase:
        if dialect not in DIALECTS:
            raise KeyError(dialect)
        if dialect not in self._built:
            self._built[dialect] = self._build(import_module(f"sqlalchemy.dialects.{dialect}").insert(self._table))
        return self._built[dialect]

    def __iter__(self) -> Iterator[str]:
        return iter(DIALECTS)

    def __len__(self) -> int:
        return len(DIALECTS)


def both(table: Table, build: Callable[[Any], UpdateBase]) -> Both:
    return Both(table, build)


def on(conn: Connection, statements: Both) -> Any:
    return statements[conn.dialect.name]
