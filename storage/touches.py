"""When somebody last spoke to each of a person's customers, and when next (A-3.3.5)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, bindparam, func, select

from conversations.firm import Touch
from storage.people import in_force
from storage.tables import case, customer, owner, paper

SPOKEN = ("CustomerVisit", "PhoneCall", "NewCustomer")  # an appointment made or a request noted is not yet a word with the customer
_last = (
    select(func.max(paper.c.day))
    .where(paper.c.customer_id == customer.c.id, paper.c.state == "filed", paper.c.form.in_(SPOKEN))
    .correlate(customer)
    .scalar_subquery()
)
_coming = (
    select(func.min(case.c.day))
    .where(
        case.c.customer_id == customer.c.id,
        case.c.kind.in_(("appointment", "promise", "touch")),
        case.c.state != "met",
        case.c.closed_at.is_(None),
        case.c.day >= bindparam("today", type_=case.c.day.type),
    )
    .correlate(customer)
    .scalar_subquery()
)
_touches = (
    select(customer.c.id, customer.c.name, customer.c.nickname, customer.c.since, customer.c.local, _last.label("last"), _coming.label("coming"))
    .join(owner, owner.c.customer_id == customer.c.id)
    .where(owner.c.person_id == bindparam("person"), in_force(owner))
    .order_by(customer.c.id)
)


def touches(conn: Connection, person_id: int, today: date) -> list[Touch]:
    """Of the customers owned today; one never spoken to counts from the day it was entered."""
    rows = conn.execute(_touches, {"person": person_id, "today": today})
    return [Touch(row.id, row.nickname or row.name, row.last or row.since, row.coming, row.local) for row in rows]
