"""What is owed at a time: planned once, moved while unsaid, claimed by one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, select, update

from storage.prepared import Query, scalar
from storage.tables import due
from storage.upsert import both


@dataclass(frozen=True, slots=True)
class DueRow:
    id: int
    kind: str
    full_key: str  # kind:key
    at: datetime
    person_id: int
    case_id: int | None
    args: Mapping[str, Any]

    @property
    def key(self) -> str:
        return self.full_key.removeprefix(f"{self.kind}:")


_put = Query(
    both(
        due,
        lambda into: into.on_conflict_do_update(
            index_elements=["key"],
            set_={name: into.excluded[name] for name in ("at", "person_id", "case_id", "args")},
            where=due.c.done_at.is_(None),
        ).returning(due.c.id),
    ),
    scalar,
)
_forget = delete(due).where(due.c.key == bindparam("full_key"), due.c.done_at.is_(None))
_rows = select(due.c.id, due.c.kind, due.c.key, due.c.at, due.c.person_id, due.c.case_id, due.c.args).where(due.c.done_at.is_(None))
_upcoming = _rows.where(due.c.at <= bindparam("until")).order_by(due.c.at, due.c.id)
_claim = Query(_upcoming.limit(bindparam("limit")).with_for_update(skip_locked=True), DueRow)
_of_kinds = due.c.kind.in_(bindparam("kinds", expanding=True))
_claim_kinds = Query(_upcoming.where(_of_kinds).limit(bindparam("limit")).with_for_update(skip_locked=True), DueRow)
_waits = select(due.c.id).where(due.c.done_at.is_(None), due.c.at <= bindparam("until"), _of_kinds).limit(1)
_done = update(due).where(due.c.id == bindparam("row"), due.c.done_at.is_(None)).values(done_at=bindparam("now"), outcome=bindparam("what"))
_next = select(func.min(due.c.at)).where(due.c.done_at.is_(None))
_next_of_all: Query[datetime | None] = Query(_next, scalar)
_next_after = _next.where(due.c.at > bindparam("after"))


def put(conn: Connection, kind: str, key: str, at: datetime, person_id: int, case_id: int | None, args: Mapping[str, Any]) -> bool:
    """Plan it, or move it while unsaid. False: it was already said and stays so."""
    row = {"kind": kind, "key": f"{kind}:{key}", "at": at, "person_id": person_id, "case_id": case_id or None, "args": args}
    return _put.first(conn, row) is not None


def forget(conn: Connection, kind: str, key: str) -> bool:
    return bool(conn.execute(_forget, {"full_key": f"{kind}:{key}"}).rowcount)


def claim(conn: Connection, now: datetime, limit: int, kinds: Collection[str] = ()) -> list[DueRow]:
    """What is due, of these kinds or of all, oldest first; ours until COMMIT, so call `done` in the same unit."""
    if kinds:
        return _claim_kinds.all(conn, {"until": now, "limit": limit, "kinds": sorted(kinds)})
    return _claim.all(conn, {"until": now, "limit": limit})


def waits(conn: Connection, now: datetime, kinds: Collection[str]) -> bool:
    """Something of these kinds is due: worth a claim."""
    return conn.execute(_waits, {"until": now, "kinds": sorted(kinds)}).first() is not None


def done(conn: Connection, id: int, outcome: str, now: datetime) -> bool:
    """said | moot | dropped | merged; False when it was done already."""
    return bool(conn.execute(_done, {"row": id, "now": now, "what": outcome}).rowcount)


def next_at(conn: Connection) -> datetime | None:
    return _next_of_all.first(conn, {})


def next_after(conn: Connection, after: datetime) -> datetime | None:
    return conn.execute(_next_after, {"after": after}).scalar()


def upcoming(conn: Connection, until: datetime) -> list[DueRow]:
    return [DueRow(*row) for row in conn.execute(_upcoming, {"until": until})]
