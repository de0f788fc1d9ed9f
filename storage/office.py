"""A person's desk in the office: the way in, which duties lack people, what a new firm still has to do (A-1.3, A-4.1d)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select

from rules.duties import Holder, Lack, lacking
from rules.people import Grant
from storage import invitations, people
from storage.passing import Passing
from storage.tables import person, role


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who has not come in yet."""

    id: int
    name: str
    invited: bool


class Officing(Passing):
    def office_link(self) -> str:
        self._log("office_link", f"person:{self.me.id}")
        path = f"/office/in/{invitations.login(self._conn, self.me.id, self._now)}"
        return self._ways.at(path) if self._ways is not None else path

    def duties_lacking(self) -> Sequence[Lack]:
        return duties_lacking(self._conn, self.today)

    def not_greeted(self) -> Sequence[Waiting]:
        return [Waiting(one.id, one.name, bool(one.channels)) for one in self.staff_cards() if not one.greeted]


def duties_lacking(conn: Connection, day: date) -> list[Lack]:
    """As the day stands: by roles held in one's own right by who works here."""
    grants: dict[int, set[Grant]] = {}
    for row in conn.execute(select(role.c.person_id, role.c.role, role.c.scope, role.c.scope_id).where(people.in_force(role)), {"today": day}):
        grants.setdefault(row.person_id, set()).add(Grant(row.role, row.scope, row.scope_id))
    here = conn.execute(select(person.c.id, person.c.team_id).where(people.here()), {"today": day}).all()
    holders = [Holder(row.id, frozenset(grants.get(row.id, ())), row.team_id or 0) for row in here]
    return lacking(holders, people.team_names(conn))


def last_held(conn: Connection, lack: Lack, day: date) -> str:
    """When somebody last stopped having such a duty: a gap that opens anew is told anew."""
    ended = conn.execute(select(func.max(role.c.until)).where(role.c.role.in_(lack.roles), role.c.until < day)).scalar()
    return ended.isoformat() if ended is not None else "start"
