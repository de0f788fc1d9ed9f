"""Things and who holds them: one holder each, changed only when the other side takes it (A-8.3c, C-4.6)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, insert, select, update

from conversations.desks.repairs import Thing
from rules.custody import Handover, Holder
from rules.custody import Thing as Rule
from storage.tables import handover, thing
from storage.upsert import both, on

_open = and_(handover.c.thing_id == thing.c.id, handover.c.ended_at.is_(None))
_columns = (
    thing.c.id,
    thing.c.rev,
    thing.c.kind,
    thing.c.number,
    thing.c.what,
    thing.c.amount,
    thing.c.case_id,
    thing.c.holder_kind,
    thing.c.holder,
    func.coalesce(handover.c.receiver, 0),
    handover.c.given_at,
    func.coalesce(handover.c.batch, ""),
    thing.c.archive,
)
_all = select(*_columns).outerjoin(handover, _open)
_new = both(thing, lambda into: into.on_conflict_do_nothing(index_elements=["kind", "number"]).returning(thing.c.id))
_ended = update(handover).where(handover.c.ended_at.is_(None))


def one(conn: Connection, id: int, *, lock: bool = False) -> Thing | None:
    if lock:
        conn.execute(select(thing.c.id).where(thing.c.id == id).with_for_update())
    row = conn.execute(_all.where(thing.c.id == id)).first()
    return Thing(*row) if row is not None else None


def some(conn: Connection, *conditions: ColumnElement[bool]) -> list[Thing]:
    return [_thing(row) for row in conn.execute(_all.where(*conditions).order_by(thing.c.id))]


def held_by(person: int) -> ColumnElement[bool]:
    return and_(thing.c.holder_kind == "person", thing.c.holder == person)


def offered_to(person: int) -> ColumnElement[bool]:
    return and_(handover.c.receiver_kind == "person", handover.c.receiver == person)


def of_case(id: int) -> ColumnElement[bool]:
    return thing.c.case_id == id


def of_kind(kind: str) -> ColumnElement[bool]:
    return thing.c.kind == kind


def add(conn: Connection, kind: str, number: str, what: str, amount: int, holder: int, case_id: int | None) -> tuple[Thing, bool]:
    """New; or the one of that kind and number, and False."""
    row = {"kind": kind, "number": number, "what": what[:200], "amount": amount, "case_id": case_id, "holder_kind": "person", "holder": holder}
    made = conn.execute(on(conn, _new), row).scalar()
    where = thing.c.id == made if made else and_(thing.c.kind == kind, thing.c.number == number)
    return _thing(conn.execute(_all.where(where)).one()), bool(made)


def rule(held: Thing) -> Rule:
    """As the rules look at it."""
    holder = Holder(held.holder_kind, held.holder)
    offered = Handover(holder, Holder("person", held.to_id), held.given_at) if held.to_id and held.given_at else None
    return Rule(held.kind, holder, held.amount, offered)


def offer(conn: Connection, held: Thing, to: int, batch: str, now: datetime) -> None:
    row = {"thing_id": held.id, "giver_kind": held.holder_kind, "giver": held.holder, "receiver_kind": "person", "receiver": to, "batch": batch[:60]}
    conn.execute(insert(handover), row | {"given_at": now})


def end(conn: Connection, held: Thing, now: datetime, refused: str = "") -> None:
    conn.execute(_ended.where(handover.c.thing_id == held.id).values(ended_at=now, refused=refused[:200]))


def taken(conn: Connection, held: Thing, by: int, counted: int, difference: int, now: datetime) -> None:
    done = {"taken_at": now, "ended_at": now, "counted": counted, "difference": difference}
    conn.execute(_ended.where(handover.c.thing_id == held.id).values(done))
    _moved(conn, held, holder_kind="person", holder=by, amount=counted)


def archived(conn: Connection, held: Thing, number: str) -> None:
    _moved(conn, held, holder_kind="closed", holder=0, archive=number[:60])


def _moved(conn: Connection, held: Thing, **values: Any) -> None:
    conn.execute(update(thing).where(thing.c.id == held.id, thing.c.rev == held.rev).values(rev=held.rev + 1, **values))


def _thing(row: Iterable[Any]) -> Thing:
    return Thing(*row)
