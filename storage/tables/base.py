"""The one MetaData, and the kinds of column every table has."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Column, DateTime, Dialect, ForeignKey, Index, Integer, MetaData, TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
Id = BigInteger().with_variant(Integer, "sqlite")


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant; naive values are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any] | None:
        return _as_text if dialect.name == "sqlite" else super().bind_processor(dialect)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else _utc(value)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("naive datetime")
    return value.astimezone(UTC)


def _as_text(value: datetime | None) -> str | None:
    """As SQLAlchemy writes it on SQLite, in a third of the time."""
    return None if value is None else _utc(value).replace(tzinfo=None).isoformat(" ", "microseconds")


def key() -> Column[int]:
    return Column("id", Id, primary_key=True, autoincrement=True)


def to(table: str, name: str, *, null: bool = False, index: bool = False) -> Column[int]:
    return Column(name, Id, ForeignKey(f"{table}.id"), nullable=null, index=index)


def partial(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index over the rows of a condition. The migrations make it; named by dialect here, PostgreSQL's would be loaded on every small machine."""
    return Index(name, *columns, unique=unique, info={"where": where})
