"""The lists as they go out: row by row, with the headings they come in by, as far as one may take them (A-1.3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from rules.lists import List
from rules.people import ROLES
from storage.people import hours_of, in_force
from storage.reach import owned
from storage.staffing import Staffing
from storage.tables import contact, customer, issue, medium, owner, person, position, price, role, running_contract, team, unit

PAGE = 500
Rows = Iterator[Mapping[str, Any]]
_owned_by = select(owner.c.person_id).where(in_force(owner)).order_by(owner.c.id.desc()).limit(1)


class ListsOut(Staffing):
    """Read a page at a time."""

    def _rows(self, one: List) -> Rows:
        by_name: Mapping[str, Callable[[], Rows]] = {"people": self._people, "customers": self._customers, "contracts": self._contracts}
        if one.name in by_name:
            return by_name[one.name]()
        named = {"units": unit, "prices": price, "media": medium}
        if one.name in named:
            return (dict(row) for row in self._paged(select(named[one.name]), named[one.name].c.id))
        table = position if one.name == "positions" else issue
        listed = select(table, medium.c.name.label("medium")).join(medium, medium.c.id == table.c.medium_id)
        return (dict(row) for row in self._paged(listed, table.c.id))

    def _people(self) -> Rows:
        reach = self._reach("export_lists")
        listed = select(person, team.c.name.label("team")).outerjoin(team, team.c.id == person.c.team_id)
        listed = listed.where(or_(person.c.left_on.is_(None), person.c.left_on > self.today))
        twice = select(person.c.name).group_by(person.c.name).having(func.count() > 1)
        namesakes = set(self._conn.execute(twice).scalars())  # known again by what we made up for them
        for row in self._paged(listed if reach.everybody else listed.where(person.c.id.in_(sorted(reach.people))), person.c.id):
            account = "" if row["account_made"] and row["name"] not in namesakes else row["account"]
            held = self._conn.execute(
                select(role.c.role).where(role.c.person_id == row["id"], in_force(role)).order_by(role.c.id), {"today": self.today}
            )
            opens, closes = hours_of(self._conn, [row["id"]], self.today)[row["id"]]
            own = {"account": account, "opens": opens, "closes": closes}
            yield {**row, **own, "roles": tuple(dict.fromkeys(ROLES[name] for name in held.scalars() if name in ROLES))}

    def _customers(self) -> Rows:
        names = {row.id: row for row in self._conn.execute(select(person.c.id, person.c.name, person.c.account))}
        twice = [row.name for row in names.values()]
        for row in self._paged(self._of_theirs(select(customer), customer.c.id), customer.c.id):
            owned_by = self._conn.execute(_owned_by.where(owner.c.customer_id == row["id"]), {"today": self.today}).scalar()
            whose = names.get(owned_by)
            called = "" if whose is None else whose.account if twice.count(whose.name) > 1 else whose.name
            known = {**row, "local": "本地" if row["local"] else "外地", "owner": called}
            contacts = self._conn.execute(select(contact).where(contact.c.customer_id == row["id"]).order_by(contact.c.id)).all()
            for nth, one in enumerate(contacts):
                more = {"contact": one.name, "post": one.post, "phone": one.phone}
                yield {**known, **more} if nth == 0 else {"name": row["name"], **more}
            if not contacts:
                yield known

    def _contracts(self) -> Rows:
        listed = (
            select(running_contract, customer.c.name.label("customer"), medium.c.name.label("medium"))
            .join(customer, customer.c.id == running_contract.c.customer_id)
            .outerjoin(medium, medium.c.id == running_contract.c.medium_id)
        )
        return (dict(row) for row in self._paged(self._of_theirs(listed, running_contract.c.customer_id), running_contract.c.id))

    def _of_theirs(self, listed: Select[Any], customer_id: ColumnElement[int]) -> Select[Any]:
        reach = self._reach("export_lists")
        return listed if reach.everybody else listed.where(owned(customer_id)).params(people=sorted(reach.people), today=self.today)

    def _paged(self, listed: Select[Any], id: ColumnElement[int]) -> Rows:
        last = 0
        while True:
            rows = self._conn.execute(listed.where(id > last).order_by(id).limit(PAGE)).mappings().all()
            yield from rows  # type: ignore[misc]
            if len(rows) < PAGE:
                return
            last = int(rows[-1]["id"])
