"""Staff as they are on a day: roles in force, who stands in for whom, who supervises, whom one sees (A-1.3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Table, bindparam, func, literal, or_, select

from conversations.firm import Person
from rules import settings as rules_of
from rules.people import Grant, Standing
from storage.prepared import Query, scalar
from storage.tables import address, deputy, leave, own_hours, person, role, setting, talk, team

FIRM = "firm"
TEAM = "team"
MANAGER = "manager"


def in_force(table: Table) -> ColumnElement[bool]:
    """From–until, both days included; :today."""
    today = bindparam("today", type_=table.c.since.type)
    return (table.c.since <= today) & or_(table.c.until.is_(None), table.c.until >= today)


def here(who: Any = person) -> ColumnElement[bool]:
    """Has not left by :today."""
    return or_(who.c.left_on.is_(None), who.c.left_on > bindparam("today", type_=person.c.left_on.type))


class _Row(NamedTuple):
    id: int
    account: str
    name: str
    team_id: int | None
    opens: str
    closes: str
    greeted_at: datetime | None
    left_on: date | None
    cards: str
    firm_opens: str | None
    firm_closes: str | None


class _Held(NamedTuple):
    person_id: int
    role: str
    scope: str
    scope_id: int
    stands_for: int


class Talk(NamedTuple):
    """A person's talk, and whether any address of it lives."""

    id: int
    muted_until: datetime | None
    reachable: bool


def _firm(name: str) -> Any:
    """What the firm has set for :today."""
    newest = select(setting.c.value).where(setting.c.name == name, setting.c.since <= bindparam("today", type_=setting.c.since.type))
    return newest.order_by(setting.c.since.desc()).limit(1).scalar_subquery()


def own(name: str) -> ColumnElement[str]:
    """opens or closes as it is theirs on :today; "" for the firm's."""
    newest = select(own_hours.c[name]).where(
        own_hours.c.person_id == person.c.id, own_hours.c.since <= bindparam("today", type_=own_hours.c.since.type)
    )
    newest = newest.order_by(own_hours.c.since.desc()).limit(1).correlate(person)
    return func.coalesce(newest.scalar_subquery(), person.c[name])


_people = select(
    person.c.id,
    person.c.account,
    person.c.name,
    person.c.team_id,
    own("opens").label("opens"),
    own("closes").label("closes"),
    person.c.greeted_at,
    person.c.left_on,
    person.c.cards,
    _firm("opens"),
    _firm("closes"),
)
_hours = select(person.c.id, own("opens").label("opens"), own("closes").label("closes")).where(person.c.id.in_(bindparam("people", expanding=True)))
_one = Query(_people.where(person.c.id == bindparam("person")), _Row)
_some = Query(_people.where(person.c.id.in_(bindparam("people", expanding=True))).order_by(person.c.id), _Row)
_by_account = Query(_people.where(person.c.account == bindparam("account")), _Row)
_all = Query(_people.where(here()).order_by(person.c.id), _Row)
_by_name = Query(_people.where(here(), person.c.name == bindparam("name")).order_by(person.c.id), _Row)
_own = select(role.c.person_id, role.c.role, role.c.scope, role.c.scope_id, literal(0).label("stands_for")).where(in_force(role))
_own_of = _own.where(role.c.person_id == bindparam("person")).order_by(role.c.id)
_lent = (
    select(deputy.c.person_id, role.c.role, role.c.scope, role.c.scope_id, role.c.person_id.label("stands_for"))
    .join(deputy, deputy.c.for_id == role.c.person_id)
    .where(in_force(role), in_force(deputy), deputy.c.person_id != deputy.c.for_id, role.c.role != "admin")
)
_held = Query(_own.union_all(_lent), _Held)
_held_by = Query(_own.where(role.c.person_id == bindparam("person")).union_all(_lent.where(deputy.c.person_id == bindparam("person"))), _Held)
_where_held = Query(
    select(role.c.person_id, role.c.scope, role.c.scope_id).where(role.c.role == bindparam("which"), in_force(role)), lambda *where: where
)
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
_members = Query(select(person.c.id).where(person.c.team_id.in_(bindparam("teams", expanding=True))), scalar)
_away = select(leave.c.person_id).where(leave.c.since <= bindparam("day"), leave.c.until >= bindparam("day"))
_away_one = Query(_away.where(leave.c.person_id == bindparam("person")), scalar)
_reachable = select(address.c.id).where(address.c.talk_id == talk.c.id, address.c.dead_at.is_(None)).exists()
_talk_of = Query(select(talk.c.id, talk.c.muted_until, _reachable.label("reachable")).where(talk.c.person_id == bindparam("person")), Talk)
_spelt = select(person.c.id, person.c.pinyin, person.c.initials)
_team_names = select(team.c.id, team.c.name)


def hours_of(conn: Connection, ids: Iterable[int], today: date) -> dict[int, tuple[str, str]]:
    """Their own; "" for the firm's."""
    return {row.id: (row.opens, row.closes) for row in conn.execute(_hours, {"people": list(ids), "today": today})}


def one(conn: Connection, id: int, today: date) -> Person | None:
    row = _one.first(conn, {"person": id, "today": today})
    return None if row is None else _known(conn, row, today)[0]


def left_between(conn: Connection, first: date, last: date) -> list[Person]:
    """Who left in these days, as they were on their last day."""
    found = conn.execute(select(person.c.id, person.c.left_on).where(person.c.left_on.between(first, last)).order_by(person.c.id)).all()
    known = (one(conn, row.id, row.left_on - timedelta(days=1)) for row in found)
    return [who for who in known if who is not None]


def with_standing(conn: Connection, id: int, today: date) -> tuple[Person, Standing] | None:
    """And what the policy asks: roles in force with their scopes, those of people stood in for included; none for who left."""
    row = _one.first(conn, {"person": id, "today": today})
    return None if row is None else _known(conn, row, today)


def some(conn: Connection, ids: Iterable[int], today: date) -> list[Person]:
    wanted = list(ids)
    return _with_roles(conn, _some.all(conn, {"people": wanted, "today": today}), today) if wanted else []


def by_account(conn: Connection, account: str, today: date) -> Person | None:
    """Accounts are the platform's user ids, which differ in nothing but case."""
    row = _by_account.first(conn, {"account": account.strip().lower(), "today": today})
    return None if row is None else _known(conn, row, today)[0]


def everybody(conn: Connection, today: date) -> list[Person]:
    """All who have not left."""
    return _with_roles(conn, _all.all(conn, {"today": today}), today)


def members(conn: Connection, teams: Iterable[int]) -> frozenset[int]:
    """Those who left belong to their last team, so that their papers can still be read."""
    wanted = list(teams)
    return frozenset(_members.all(conn, {"teams": wanted})) if wanted else frozenset()


def in_charge(conn: Connection, which: str, subject: Person, today: date) -> Person | None:
    """The holder of a role over this person, the team's before the firm's; while on leave, the deputy, then the manager.

    Never the person themselves, and never somebody on leave: None when nobody is there. A role nobody holds is not the manager's."""
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
    return None if which == MANAGER else in_charge(conn, MANAGER, subject, today)


def on_leave(conn: Connection, id: int, day: date) -> bool:
    return _away_one.first(conn, {"person": id, "day": day}) is not None


def talk_of(conn: Connection, id: int) -> Talk | None:
    return _talk_of.first(conn, {"person": id})


def spellings(conn: Connection) -> dict[int, tuple[str, str]]:
    """Pinyin and initials of everybody."""
    return {row.id: (row.pinyin, row.initials) for row in conn.execute(_spelt)}


def named(conn: Connection, name: str, today: date) -> list[Person]:
    """Who has not left and is called exactly so."""
    rows = _by_name.all(conn, {"name": name.strip(), "today": today})
    return _with_roles(conn, rows, today) if rows else []


def own_roles(conn: Connection, id: int, today: date) -> list[tuple[str, int]]:
    """Held in one's own right, with the team's id, or 0 for the firm's."""
    return [(row.role, row.scope_id) for row in conn.execute(_own_of, {"person": id, "today": today})]


def scopes(conn: Connection, role_name: str, today: date) -> dict[int, set[tuple[str, int]]]:
    """Where each person holds the role in their own right."""
    found: dict[int, set[tuple[str, int]]] = {}
    for person_id, scope, scope_id in _where_held.all(conn, {"which": role_name, "today": today}):
        found.setdefault(person_id, set()).add((scope, scope_id))
    return found


def team_names(conn: Connection) -> dict[int, str]:
    return {row.id: row.name for row in conn.execute(_team_names)}


def _known(conn: Connection, row: _Row, today: date) -> tuple[Person, Standing]:
    held = [] if _left(row, today) else _held_by.all(conn, {"person": row.id, "today": today})
    grants = frozenset(Grant(one.role, one.scope, one.scope_id, one.stands_for) for one in held)
    return _person(row, {one.role for one in held}, today), Standing(row.id, grants)


def _with_roles(conn: Connection, rows: Sequence[_Row], today: date) -> list[Person]:
    roles: dict[int, set[str]] = {}
    for held in _held.all(conn, {"today": today}):
        roles.setdefault(held.person_id, set()).add(held.role)
    return [_person(row, roles.get(row.id, ()), today) for row in rows]


def _left(row: _Row, today: date) -> bool:
    return row.left_on is not None and row.left_on <= today


def _person(row: _Row, roles: Iterable[str], today: date) -> Person:
    left = _left(row, today)
    return Person(
        id=row.id,
        account=row.account,
        name=row.name,
        roles=frozenset(() if left else roles),
        team_id=row.team_id,
        opens=row.opens or row.firm_opens or rules_of.default("opens"),
        closes=row.closes or row.firm_closes or rules_of.default("closes"),
        greeted=row.greeted_at is not None,
        left=left,
        cards=row.cards,
    )
