"""A person's own working hours, from a day on: what was done before keeps the hours it was done under (A-1.2, A-3.3.6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select

from conversations.desk import NotAllowed
from rules.people import Subject
from storage import people
from storage.ruling import HOLDS, HOURS, PAST, Ruling
from storage.staffing import GONE
from storage.tables import own_hours
from storage.upsert import both, on

_put = both(
    own_hours,
    lambda into: into.on_conflict_do_update(index_elements=["person_id", "since"], set_={name: into.excluded[name] for name in HOURS}),
)
_BACKWARDS = "下班要在上班之后。"
_HALF = "上班和下班两个都要写，或者两个都空着。"
_SAME = "从那天起本来就是这个时间，不用改。"


@dataclass(frozen=True, slots=True)
class Hours:
    """From a day on; "" for the firm's."""

    since: date
    opens: str
    closes: str


class Workhours(Ruling):
    def hours_coming(self, id: int) -> Sequence[Hours]:
        if not self._reach("see_staff").has(id):
            return ()
        rows = select(own_hours.c.since, own_hours.c.opens, own_hours.c.closes).where(own_hours.c.person_id == id, own_hours.c.since > self.today)
        return [Hours(*row) for row in self._conn.execute(rows.order_by(own_hours.c.since))]

    def set_hours(self, id: int, opens: str, closes: str, since: date) -> None:
        """Both "" for the firm's."""
        self._may("set_rules", Subject())
        who = self.person(id)
        if who is None or who.left:
            raise NotAllowed(GONE)
        if since < self.today:
            raise NotAllowed(PAST)
        if bool(opens) != bool(closes):
            raise NotAllowed(_HALF)
        if opens and opens >= closes:
            raise NotAllowed(_BACKWARDS)
        if people.hours_of(self._conn, [id], since)[id] == (opens, closes):
            raise NotAllowed(_SAME)
        self._log("hours", f"person:{id}", since.isoformat(), opens, closes)
        self._conn.execute(on(self._conn, _put), {"person_id": id, "since": since, "opens": opens, "closes": closes})

    def withdraw_hours(self, id: int, since: date) -> None:
        self._may("set_rules", Subject())
        if since <= self.today:
            raise NotAllowed(HOLDS)
        self._log("withdraw", f"person:{id}", since.isoformat())
        self._conn.execute(delete(own_hours).where(own_hours.c.person_id == id, own_hours.c.since == since))
