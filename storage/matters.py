"""What is still open of somebody's, and how it goes to a colleague with its reminders (A-1.3, A-3.2.1, A-3.3.5)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, or_, select, update

from rules.calendar import Calendar
from storage import cases
from storage.tables import case, case_event, customer, due, owner

MATTERS: Mapping[str, str] = {
    "appointment": "约好的拜访",
    "promise": "答应客户的事",
    "request": "客户要求",
    "need": "外地客户的需求",
    "prospect": "客户调查",
    "delivery": "要送的书",
    "meeting": "展会上要见的客户",
    "touch": "下次联系",
}
_IDLE = ("met",)  # a touch that was kept waits for its next day: nothing is owed


_OPEN = (case.c.closed_at.is_(None), case.c.kind.in_(MATTERS), case.c.state.not_in(_IDLE))
MADE_UP = timedelta(days=7)  # a hand-over that took effect while nothing ran is made up for


@dataclass(frozen=True, slots=True)
class Matter:
    id: int
    kind: str
    customer_id: int | None
    customer: str
    day: date | None
    at: datetime | None

    @property
    def words(self) -> str:
        return MATTERS[self.kind]


def _open(person: int) -> tuple[Any, ...]:
    return case.c.person_id == person, *_OPEN


def open_of(conn: Connection, person: int, customer_id: int = 0) -> Sequence[Matter]:
    """Somebody's, of one customer or of all; oldest first."""
    rows = (
        select(case.c.id, case.c.kind, case.c.customer_id, customer.c.nickname, customer.c.name, case.c.day, case.c.at)
        .outerjoin(customer, customer.c.id == case.c.customer_id)
        .where(*_open(person))
        .order_by(case.c.at.nulls_last(), case.c.id)
    )
    rows = rows.where(case.c.customer_id == customer_id) if customer_id else rows
    return [Matter(row.id, row.kind, row.customer_id, row.nickname or row.name or "", row.day, row.at) for row in conn.execute(rows)]


def count_of(conn: Connection, person: int, customers: Collection[int]) -> int:
    """How many of theirs would go along with these customers."""
    return int(conn.execute(select(func.count()).where(*_open(person), case.c.customer_id.in_(sorted(customers)))).scalar_one())


def left_behind(conn: Connection, today: date, calendar: Calendar) -> list[tuple[int, int]]:
    """Matters that were open when a customer became somebody else's on a day set before, and by whose they are now to be done.

    Not what was handed on since that day: the colleague may have been asked to finish it."""
    now, before = owner.alias("now"), owner.alias("before")
    rows = (
        select(case.c.id, case.c.opened_at, now.c.person_id, now.c.since, before.c.until, func.max(case_event.c.at).label("handed"))
        .join(now, (now.c.customer_id == case.c.customer_id) & (now.c.person_id != case.c.person_id))
        .join(before, (before.c.customer_id == case.c.customer_id) & (before.c.person_id == case.c.person_id))
        .outerjoin(case_event, (case_event.c.case_id == case.c.id) & (case_event.c.action == "hand"))
        .where(
            *_OPEN, now.c.since.between(today - MADE_UP, today), or_(now.c.until.is_(None), now.c.until >= today), before.c.since <= before.c.until
        )
        .group_by(case.c.id, case.c.opened_at, now.c.person_id, now.c.since, before.c.until)
        .order_by(case.c.id)
    )
    found = []
    for id, opened, heir, since, until, handed in conn.execute(rows):
        begins = calendar.at(since, "00:00")
        if until + timedelta(days=1) == since and opened < begins and (handed is None or handed < begins):
            found.append((int(id), int(heir)))
    return found


def hand(conn: Connection, id: int, to: int, by: int, now: datetime) -> bool:
    """With its reminders; False when there is nothing to hand over any more."""
    cases.lock(conn, id)
    old = cases.stand(conn, id)
    if old.closed_at is not None or old.person_id == to:
        return False
    cases.move(conn, old, "hand", by, now, {"former": old.person_id, "heir": to}, person_id=to)
    owed = (due.c.case_id == id) & (due.c.person_id == old.person_id) & due.c.done_at.is_(None)
    for row in conn.execute(select(due.c.id, due.c.key).where(owed)).all():
        key = f"{row.key.removesuffix(f':{old.person_id}')}:{to}"
        conn.execute(update(due).where(due.c.id == row.id).values(person_id=to, key=key))
    return True
