"""Who did what, append-only and hash-chained; details as salted digests, so that erasing a salt keeps the chain (A-4)."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, RowMapping, delete, insert, select, text

from storage.codec import canonical, digest
from storage.prepared import Command, Query
from storage.tables import audit, audit_salt
from storage.writer import at_end

FIRST = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    who: str
    via: str
    verb: str
    subject: str
    detail: str = ""


class Head(NamedTuple):
    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Broken:
    """The first row that is not as it was written."""

    seq: int
    why: str


# An advisory lock and not SELECT … FOR UPDATE: the newest row may not be seen yet, and there is none in an empty log.
_lock = text("select pg_advisory_xact_lock(7262426)")
_head = Query(select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc()).limit(1), Head)
_add = Command(insert(audit))
_salt = Command(insert(audit_salt))
_all = select(audit).order_by(audit.c.seq).execution_options(yield_per=500)
_salts = select(audit_salt.c.salt)


def append(conn: Connection, entries: Sequence[Entry], now: datetime) -> None:
    """Written last before COMMIT, whatever the batch does: the chain's lock is taken after all others and held shortest."""
    at_end(conn, _write, [(entry, now) for entry in entries])


def head(conn: Connection) -> Head:
    """Number and hash of the newest row; noted elsewhere, they show a log cut short."""
    return _head.first(conn, {}) or Head(0, FIRST)


def verify(conn: Connection, at_least: int = 0) -> Broken | None:
    """The first broken row, None when the chain holds. `at_least` is a row number known to have existed."""
    with conn.execute(_all) as rows:
        return broken(rows.mappings(), at_least)


def broken(rows: Iterable[Mapping[str, Any] | RowMapping], at_least: int = 0) -> Broken | None:
    """The same of rows read elsewhere, in order."""
    seq, prev = 0, FIRST
    for row in rows:
        if row["seq"] != seq + 1:
            return Broken(seq + 1, "missing")
        if row["prev"] != prev:
            return Broken(row["seq"], "does not follow the row before")
        if row["hash"] != _hash(row):
            return Broken(row["seq"], "changed")
        seq, prev = row["seq"], row["hash"]
    return Broken(seq + 1, "missing") if seq < at_least else None


def broken_from(rows: Sequence[Mapping[str, Any]]) -> Broken | None:
    """The same of a piece of the log, wherever it begins."""
    for before, row in zip((None, *rows[:-1]), rows, strict=True):
        if row["hash"] != _hash(row):
            return Broken(row["seq"], "changed")
        if before is not None and (row["seq"] != before["seq"] + 1 or row["prev"] != before["hash"]):
            return Broken(row["seq"], "does not follow the row before")
    return None


def matches(conn: Connection, seq: int, detail: str) -> bool:
    """Was this the detail of that row? Never after its salt is erased."""
    salt = conn.execute(_salts.where(audit_salt.c.seq == seq)).scalar()
    kept = conn.execute(select(audit.c.digest).where(audit.c.seq == seq)).scalar()
    return salt is not None and kept == digest(salt, detail)


def erase(conn: Connection, seq: int) -> None:
    conn.execute(delete(audit_salt).where(audit_salt.c.seq == seq))


def _write(conn: Connection, entries: Sequence[tuple[Entry, datetime]]) -> None:
    if not entries:
        return
    if conn.dialect.name == "postgresql":
        conn.execute(_lock)
    seq, prev = head(conn)
    rows: list[dict[str, Any]] = []
    salts: list[dict[str, Any]] = []
    for entry, now in entries:
        seq += 1
        salt = secrets.token_hex(16)
        row = {
            "seq": seq,
            "at": now.astimezone(UTC),
            "who": entry.who[:60],
            "via": entry.via[:16],
            "verb": entry.verb[:40],
            "subject": entry.subject[:80],
            "digest": digest(salt, entry.detail),
            "prev": prev,
        }
        row["hash"] = prev = _hash(row)
        rows.append(row)
        salts.append({"seq": seq, "salt": salt})
    _add.many(conn, rows)
    _salt.many(conn, salts)


def _hash(row: Mapping[str, Any] | RowMapping) -> str:
    content = [row["seq"], row["at"].isoformat(), *(row[name] for name in ("who", "via", "verb", "subject", "digest"))]
    return digest(row["prev"], canonical(content))
