"""How the last backups went, kept with the firm's data: every replica, page and command reads the same."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from storage.backup.manifest import Manifest
from storage.tables import setting
from storage.upsert import both, on

LEASE = "backup"
OLD = timedelta(hours=24)
_NAME, _SINCE = "backup", date(2000, 1, 1)
_read = select(setting.c.value).where(setting.c.name == _NAME, setting.c.since == _SINCE)
_write = both(
    setting,
    lambda into: into.on_conflict_do_update(index_elements=["name", "since"], set_={"value": into.excluded.value}),
)


@dataclass(frozen=True, slots=True)
class State:
    """`good_at`: when the last whole one was made; `tried_at`, `error`: the last attempt, and in words why it failed."""

    good_at: datetime | None = None
    name: str = ""
    rows: int = 0
    blobs: int = 0
    bytes: int = 0
    absent: int = 0
    tried_at: datetime | None = None
    error: str = ""

    def old(self, now: datetime) -> bool:
        """Nothing good for a day: somebody must look."""
        return self.tried_at is not None and (self.good_at is None or now - self.good_at > OLD)

    def age(self, now: datetime) -> float:
        """Seconds since the last good one; NaN when there was none."""
        return (now - self.good_at).total_seconds() if self.good_at else float("nan")


def read(conn: Connection) -> State:
    value: dict[str, Any] | None = conn.execute(_read).scalar()
    return msgspec.convert(value or {}, State)


def write(conn: Connection, state: State) -> None:
    conn.execute(on(conn, _write), {"name": _NAME, "since": _SINCE, "value": msgspec.to_builtins(state)})


def done(manifest: Manifest, name: str, now: datetime) -> State:
    rows = sum(note.rows for note in manifest.tables.values())
    return State(now, name, rows, manifest.blobs, manifest.bytes, len(manifest.absent), now)


def failed(before: State, error: str, now: datetime) -> State:
    return replace(before, tried_at=now, error=error)
