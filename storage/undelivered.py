"""What could not be sent or handled, for whoever keeps the system: whose it is and why, never what it says; one more try (A-1.3)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select, update

from rules.people import Subject
from storage import inbox, outbox, posting
from storage.channels import REMOVED
from storage.shown import DROPPED
from storage.staffing import Staffing
from storage.tables import address, person, talk
from storage.tables import inbox as received
from storage.tables import outbox as queue

MANY = 200
_any = address.alias("any")
_newest = select(func.max(_any.c.id)).where(_any.c.talk_id == queue.c.talk_id).scalar_subquery()
_unsent = (
    select(
        queue.c.id,
        func.coalesce(person.c.name, address.c.external_id, "").label("whose"),
        func.coalesce(address.c.channel, "").label("channel"),
        queue.c.lane,
        queue.c.created_at,
        queue.c.error,
        func.coalesce(address.c.dead_why, "").label("dead_why"),
    )
    .join(talk, talk.c.id == queue.c.talk_id)
    .outerjoin(person, person.c.id == talk.c.person_id)
    .outerjoin(address, address.c.id == func.coalesce(queue.c.address_id, _newest))
    .where(queue.c.sent_at.is_(None), queue.c.dead_at.is_not(None), queue.c.error != DROPPED)
    .order_by(queue.c.id.desc())
    .limit(MANY)
)
_unhandled = (
    select(
        received.c.id,
        func.coalesce(person.c.name, address.c.external_id).label("whose"),
        received.c.channel,
        received.c.state,
        received.c.said_at,
    )
    .join(talk, talk.c.id == received.c.talk_id)
    .join(address, address.c.id == received.c.address_id)
    .outerjoin(person, person.c.id == talk.c.person_id)
    .where(received.c.state.in_(("parked", "quarantined")))
    .order_by(received.c.id.desc())
    .limit(MANY)
)
_revive = (
    update(address)
    .where(address.c.talk_id == select(queue.c.talk_id).where(queue.c.id == bindparam("row")).scalar_subquery(), address.c.dead_why != REMOVED)
    .values(dead_at=None, dead_why="")
)
_drop = update(queue).where(queue.c.id == bindparam("row"), queue.c.sent_at.is_(None), queue.c.dead_at.is_not(None)).values(error=DROPPED)
_put_away = update(received).where(received.c.id == bindparam("row"), received.c.state.in_(("parked", "quarantined"))).values(state="handled")


@dataclass(frozen=True, slots=True)
class Unsent:
    """`why` as the platform's refusal was left behind; "" when there is nowhere to send it to."""

    id: int
    whose: str
    channel: str
    lane: str
    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Unhandled:
    """`twice`: the same number with other words, which is never handled."""

    id: int
    whose: str
    channel: str
    twice: bool
    at: datetime


class Undelivered(Staffing):
    """The admin's. Each try and each putting away is in the log."""

    def unsent(self) -> Sequence[Unsent]:
        self._may("set_rules", Subject())
        rows = self._conn.execute(_unsent)
        return [Unsent(row.id, row.whose, row.channel, row.lane, row.created_at, _why(row.error, row.dead_why)) for row in rows]

    def unhandled(self) -> Sequence[Unhandled]:
        self._may("set_rules", Subject())
        return [Unhandled(row.id, row.whose, row.channel, row.state == "quarantined", row.said_at) for row in self._conn.execute(_unhandled)]

    def send_again(self, ids: Collection[int]) -> int:
        """An address the platform refused is tried once more: the admin says that it is mended."""
        self._may("set_rules", Subject())
        done = 0
        for id in ids:
            self._conn.execute(_revive, {"row": id})
            done += outbox.unpark(self._conn, id)
            self._log("send_again", f"outbox:{id}")
        return done

    def send_no_more(self, ids: Collection[int]) -> int:
        self._may("set_rules", Subject())
        for id in ids:
            self._log("send_no_more", f"outbox:{id}")
        return sum(self._conn.execute(_drop, {"row": id}).rowcount for id in ids)

    def handle_again(self, ids: Collection[int]) -> int:
        self._may("set_rules", Subject())
        for id in ids:
            self._log("handle_again", f"inbox:{id}")
        return sum(inbox.unpark(self._conn, id) for id in ids)

    def put_away(self, ids: Collection[int]) -> int:
        """Seen; it stays kept, and stands in no list any more."""
        self._may("set_rules", Subject())
        for id in ids:
            self._log("put_away", f"inbox:{id}")
        return sum(self._conn.execute(_put_away, {"row": id}).rowcount for id in ids)


def _why(error: str, dead_why: str) -> str:
    if error == outbox.NO_ADDRESS:
        return "" if dead_why == REMOVED else dead_why
    return posting.reason(error or "")
