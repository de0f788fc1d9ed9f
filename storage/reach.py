"""Whose papers and customers a person sees, as rules the database can apply: own, the team's, everybody's (rules/people.py)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, Boolean, ColumnElement, Connection, bindparam, exists, or_, select, union_all

from rules.people import POLICY, Action, Standing
from storage import people
from storage.tables import case, owner


@dataclass(frozen=True, slots=True)
class Reach:
    everybody: bool = False
    people: frozenset[int] = frozenset()

    def has(self, person: int) -> bool:
        return self.everybody or person in self.people

    def values(self) -> dict[str, object]:
        """For statements with `within` or `owned`."""
        return {"everybody": self.everybody, "people": sorted(self.people)}


def of(conn: Connection, who: Standing, action: Action) -> Reach:
    reaches = POLICY[action]
    whose: set[int] = set()
    teams: set[int] = set()
    for grant in who.grants:
        reach = reaches.get(grant.role)
        if reach is None:
            continue
        if reach == "firm" or (reach == "unit" and grant.scope == people.FIRM):
            return Reach(everybody=True)
        whose |= {who.id, grant.stands_for} - {0}
        if reach == "unit" and grant.scope == people.TEAM:
            teams.add(grant.scope_id)
    return Reach(people=frozenset(whose) | people.members(conn, teams))


_everybody = bindparam("everybody", type_=Boolean())
_people: BindParameter[Any] = bindparam("people", expanding=True)
# Whoever was handed an appointment or a promise sees the customer until it is done.
_mine = select(owner.c.customer_id).where(people.in_force(owner), owner.c.person_id.in_(_people))
_handed = select(case.c.customer_id).where(case.c.person_id.in_(_people), case.c.kind.in_(("appointment", "promise")), case.c.closed_at.is_(None))
_owned = union_all(_mine, _handed)


def owned(customer_id: ColumnElement[int]) -> ColumnElement[bool]:
    """The customer is, :today, with somebody within a reach that is not everybody's: with "or everybody" no index would be used."""
    return customer_id.in_(_owned)


def owned_one(customer_id: ColumnElement[int]) -> ColumnElement[bool]:
    """The same of one customer, by their own owners: not by everything within reach."""
    return or_(*(exists(one.where(one.selected_columns[0] == customer_id)) for one in (_mine, _handed)))


def within(person_id: ColumnElement[int], customer_id: ColumnElement[int]) -> ColumnElement[bool]:
    """It is theirs, or it is about a customer of theirs: the timeline stays with the customer."""
    return or_(_everybody, person_id.in_(_people), customer_id.in_(_owned))
