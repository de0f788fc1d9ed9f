"""Staff as they are on a day: roles in force, who stands in for whom, who supervises, whom one sees (A-1.3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Table, bindparam, literal, or_, select

from conversations.desk import Person
from rules.people import Grant, Standing
from storage.tables import address, deputy, leave, person, role, talk, team

FIRM = "firm"
TEAM = "team"


def in_force(table: Table) -> ColumnElement[bool]:
    """From–until, both days included; :today."""
    today = bindparam("today", type_=table.c.since.type)
    return (table.c.since <= today) & or_(table.c.until.is_(None), table.c.until >= today)


def here(who: Any = person) -> ColumnElement[bool]:
    """Has not left by :today."""
    return or_(who.c.left_on.is_(None), who.c.left_on > bindparam("today", type_=person.c.left_on.type))


_people = select(
    person.c.id,
    person.c.account,
    person.c.name,
    person.c.team_id,
    person.c.opens,
    person.c.closes,
    person.c.greeted_at,
    person.c.left_on,
    person.c.cards,
)
_one = _people.where(person.c.id == bindparam("person"))
_some = _people.where(person.c.id.in_(bindparam("people", expanding=True))).order_by(person.c.id)
_by_account = _people.where(person.c.account == bindparam("account"))
_all = _people.where(here()).order_by(person.c.id)
_own = select(role.c.person_id, role.c.role, role.c.scope, role.c.scope_id, literal(0).label("stands_for")).where(in_force(role))
_lent = (
    select(deputy.c.person_id, role.c.role, role.c.scope, role.c.scope_id, role.c.person_id.label("stands_for"))
    .join(deputy, deputy.c.for_id == role.c.person_id)
    .where(in_force(role), in_force(deputy), deputy.c.person_id != deputy.c.for_id, role.c.role != "admin")
)
_held = _own.union_all(_lent)
_held_by = _own.where(role.c.person_id == bindparam("person")).union_all(_lent.where(deputy.c.person_id == bindparam("person")))
_holders = (
    select(role.c.person_id, role.c.scope)
    .join(person, person.c.id == role.c.person_id)
    .where(
        in_force(role),
        here(),
        role.c.role == bindparam("which"),
        or_(role.c.scope == FIRM, (role.c.scope == TEAM) & (role.c.scope_id == bindparam("team"))),
    )
    .order_by(role.c.scope == FIRM, role.c.person_id)
)
_deputies = select(deputy.c.for_id, deputy.c.person_id).where(in_force(deputy)).order_by(deputy.c.id)
_members = select(person.c.id).where(person.c.team_id.in_(bindparam("teams", expanding=True)))
_away = select(leave.c.person_id).where(leave.c.since <= bindparam("day"), leave.c.until >= bindparam("day"))
_away_one = _away.where(leave.c.person_id == bindparam("person"))
_reachable = select(address.c.id).where(address.c.talk_id == talk.c.id, address.c.dead_at.is_(None)).exists()
_talk_of = select(talk.c.id, talk.c.muted_until, _reachable.label("reachable")).where(talk.c.person_id == bindparam("person"))
_spelt = select(person.c.id, person.c.pinyin, person.c.initials)
_team_names = select(team.c.id, team.c.name)


def one(conn: Connection, id: int, today: date) -> Person | None:
    row = conn.execute(_one, {"person": id}).mappings().first()
    return None if row is None else _person(row, _roles(conn, id, today), today)


def some(conn: Connection, ids: Iterable[int], today: date) -> list[Person]:
    wanted = list(ids)
    return _with_roles(conn, conn.execute(_some, {"people": wanted}).mappings().all(), today) if wanted else []


def by_account(conn: Connection, account: str, today: date) -> Person | None:
    """Accounts are the platform's user ids, which differ in nothing but case."""
    row = conn.execute(_by_account, {"account": account.strip().lower()}).mappings().first()
    return None if row is None else _person(row, _roles(conn, row["id"], today), today)


def everybody(conn: Connection, today: date) -> list[Person]:
    """All who have not left."""
    return _with_roles(conn, conn.execute(_all, {"today": today}).mappings().all(), today)


def standing(conn: Connection, who: Person, today: date) -> Standing:
    """What the policy asks: roles in force with their scopes, those of people stood in for included; none for who left."""
    rows = () if who.left else conn.execute(_held_by, {"person": who.id, "today": today}).all()
    return Standing(who.id, frozenset(Grant(row.role, row.scope, row.scope_id, row.stands_for) for row in rows))


def members(conn: Connection, teams: Iterable[int]) -> frozenset[int]:
    """Those who left belong to their last team, so that their papers can still be read."""
    wanted = list(teams)
    return frozenset(conn.execute(_members, {"teams": wanted}).scalars()) if wanted else frozenset()


def in_charge(conn: Connection, which: str, subject: Person, today: date) -> Person | None:
    """The holder of a role over this person, the team's before the firm's; while on leave, the deputy; never the person themselves."""
    found = conn.execute(_holders, {"which": which, "team": subject.team_id or 0, "today": today}).all()
    holders = list(dict.fromkeys(row.person_id for row in found if row.person_id != subject.id))
    if not holders:
        return None
    away = set(conn.execute(_away, {"day": today}).scalars())
    deputies: dict[int, list[int]] = defaultdict(list)
    if away.intersection(holders):
        for row in conn.execute(_deputies, {"today": today}):
            deputies[row.for_id].append(row.person_id)
    present = (id for holder in holders for id in ([holder] if holder not in away else deputies[holder]))
    for id in present:
        who = one(conn, id, today) if id not in away and id != subject.id else None
        if who is not None and not who.left:
            return who
    return one(conn, holders[0], today)


def on_leave(conn: Connection, id: int, day: date) -> bool:
    return conn.execute(_away_one, {"person": id, "day": day}).first() is not None


def talk_of(conn: Connection, id: int) -> RowMapping | None:
    """Id and muted_until of the person's talk, and whether any address of it lives."""
    return conn.execute(_talk_of, {"person": id}).mappings().first()


def spellings(conn: Connection) -> dict[int, tuple[str, str]]:
    """Pinyin and initials of everybody."""
    return {row.id: (row.pinyin, row.initials) for row in conn.execute(_spelt)}


def team_names(conn: Connection) -> dict[int, str]:
    return {row.id: row.name for row in conn.execute(_team_names)}


def _roles(conn: Connection, id: int, today: date) -> set[str]:
    return {row.role for row in conn.execute(_held_by, {"person": id, "today": today})}


def _with_roles(conn: Connection, rows: Sequence[RowMapping], today: date) -> list[Person]:
    roles: dict[int, set[str]] = {}
    for row in conn.execute(_held, {"today": today}):
        roles.setdefault(row.person_id, set()).add(row.role)
    return [_person(row, roles.get(row["id"], ()), today) for row in rows]


def _person(row: RowMapping, roles: Iterable[str], today: date) -> Person:
    left = row["left_on"] is not None and row["left_on"] <= today
    return Person(
        id=row["id"],
        account=row["account"],
        name=row["name"],
        roles=frozenset(() if left else roles),
        team_id=row["team_id"],
        opens=row["opens"],
        closes=row["closes"],
        greeted=row["greeted_at"] is not None,
        left=left,
        cards=row["cards"],
    )
