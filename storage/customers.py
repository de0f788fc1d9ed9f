"""Customers, their contacts and whose they are; found by name, nickname, pinyin and initials (A-3.1.2, A-3.3.7)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, Integer, bindparam, func, insert, literal, or_, select, update
from sqlalchemy import case as when

from conversations.firm import Customer, Found
from rules.customers import core, may_be_same
from storage import search
from storage.names import keys
from storage.people import in_force
from storage.prepared import Query
from storage.reach import Reach, owned, owned_one
from storage.tables import case, contact, customer, owner, paper, person
from storage.upsert import both, on

WIDTHS = (240, 60)
_DISTRICT = re.compile("(?:^(?:上海|北京|天津|重庆)?|[省市州])([^省市州区县]{1,6}?(?:新区|区|县))")
NARROWED = 400
_PATTERNS = ("p0", "p1", "p2", "p3", "p4", "p5")


class _Contact(NamedTuple):
    id: int
    name: str
    post: str
    phone: str


class _Line(NamedTuple):
    id: int
    name: str
    nickname: str
    district: str
    pinyin: str
    initials: str


_owner = (
    select(owner.c.person_id)
    .where(owner.c.customer_id == customer.c.id, in_force(owner))
    .order_by(owner.c.id.desc())
    .limit(1)
    .correlate(customer)
    .scalar_subquery()
)
_columns = (
    customer.c.id,
    customer.c.name,
    customer.c.nickname,
    customer.c.local,
    customer.c.address,
    customer.c.district,
    customer.c.source,
    customer.c.spend_fen,
    _owner.label("owner_id"),
)
_one = select(*_columns).where(customer.c.id == bindparam("customer"))
_one_seen = {False: Query(_one.where(owned_one(customer.c.id)), Customer), True: Query(_one, Customer)}  # True: by who sees everybody's
_contacts = Query(
    select(contact.c.id, contact.c.name, contact.c.post, contact.c.phone)
    .where(contact.c.customer_id == bindparam("customer"))
    .order_by(contact.c.id),
    _Contact,
)

# Whom one goes to today comes first, then whom one saw last.
_today = (
    select(func.min(case.c.at))
    .where(
        case.c.customer_id == customer.c.id,
        case.c.kind == "appointment",
        case.c.day == bindparam("today"),
        case.c.state == "planned",
        case.c.person_id == bindparam("me"),
    )
    .correlate(customer)
    .scalar_subquery()
)
_touched = (
    select(func.coalesce(func.max(paper.c.id), 0))
    .where(paper.c.customer_id == customer.c.id, paper.c.person_id == bindparam("me"))
    .correlate(customer)
    .scalar_subquery()
)
_lines = select(customer.c.id, customer.c.name, customer.c.nickname, customer.c.district, customer.c.pinyin, customer.c.initials)
_ranked = _lines.order_by(when((_today.is_(None), 1), else_=0), _today, _touched.desc(), customer.c.id)
_one_page = _ranked.limit(bindparam("limit", type_=Integer)).offset(bindparam("offset", type_=Integer))
_page = {False: Query(_one_page.where(owned(customer.c.id)), _Line), True: Query(_one_page, _Line)}
_all_owned = Query(_ranked.where(owned(customer.c.id)), _Line)
_pair = {
    pattern: or_(*(func.lower(column).like(bindparam(pattern), escape="/") for column in (customer.c.name, customer.c.nickname)))
    for pattern in _PATTERNS
}
_hits = sum((when((pair, 1), else_=0) for pair in _pair.values()), start=literal(0))
_spelt = or_(*(column.like(bindparam("anywhere"), escape="/") for column in (customer.c.pinyin, customer.c.initials)))
_narrowed = Query(_lines.where(or_(_spelt, *_pair.values())).order_by(_hits.desc(), _touched.desc(), customer.c.id).limit(NARROWED), _Line)
_alike = (
    select(customer.c.id, customer.c.name, customer.c.nickname, person.c.name.label("whose"))
    .select_from(customer)
    .outerjoin(person, person.c.id == _owner)
    .where(or_(*_pair.values()))
    .order_by(_hits.desc(), customer.c.id)
    .limit(NARROWED)
)
_add = both(customer, lambda into: into.on_conflict_do_nothing(index_elements=["name"]).returning(customer.c.id))
_named = Query(select(*_columns).where(customer.c.name == bindparam("name")), Customer)
_own = insert(owner)
_add_contact = insert(contact)
_same_contact = select(contact.c.id, contact.c.post, contact.c.phone).where(
    contact.c.customer_id == bindparam("customer"), contact.c.name == bindparam("name")
)
_end = update(owner).where(owner.c.customer_id == bindparam("customer"), owner.c.until.is_(None)).values(until=bindparam("last"))


def one(conn: Connection, id: int, reach: Reach, today: date) -> Customer | None:
    """None also when it is out of reach."""
    found = _one_seen[reach.everybody].first(conn, {"customer": id, "today": today, **reach.values()})
    return None if found is None else _whole(conn, found)


def label(conn: Connection, id: int, reach: Reach, today: date) -> str:
    found = _one_seen[reach.everybody].first(conn, {"customer": id, "today": today, **reach.values()})
    return "" if found is None else found.short


def find(conn: Connection, query: str, reach: Reach, me: int, today: date, offset: int, limit: int) -> list[Found]:
    """Within reach, best first. The owners' index narrows for a rep or a team, parts of the name for the whole firm."""
    asked = {"me": me, "today": today, **reach.values()}
    if not search.wanted(query):
        return [_found(row) for row in _page[reach.everybody].all(conn, asked | {"limit": limit, "offset": offset})]
    if reach.everybody:
        asked |= search.patterns(query, _PATTERNS)
    rows = (_narrowed if reach.everybody else _all_owned).all(conn, asked)
    best = search.best(query, [search.Line(row, (row.name, row.nickname), row.pinyin, row.initials) for row in rows])
    return [_found(row) for row in best[offset : offset + limit]]


def similar(conn: Connection, name: str, today: date) -> list[Found]:
    """Of the whole firm: name and whose, nothing else."""
    if not core(name):
        return []
    rows = conn.execute(_alike, {"today": today, **search.patterns(core(name), _PATTERNS)}).all()
    same = [row for row in rows if may_be_same(name, row.name) or (row.nickname and may_be_same(name, row.nickname))]
    return [Found(row.id, row.name, row.whose or "") for row in same[:6]]


def contacts(conn: Connection, customer_id: int) -> list[_Contact]:
    return _contacts.all(conn, {"customer": customer_id})


def add(conn: Connection, owner_id: int, today: date, values: Mapping[str, Any]) -> tuple[Customer, bool]:
    """New, owned from today; or the one of the same name and False."""
    name, nickname = values["name"], values.get("nickname", "")
    row = dict(values) | keys(nickname, core(name), name, widths=WIDTHS) | {"since": today}
    row["district"] = row.get("district") or district_of(row.get("address", ""))
    made = conn.execute(on(conn, _add), row).scalar()
    if made is not None:
        conn.execute(_own, {"customer_id": made, "person_id": owner_id, "since": today})
    return _whole(conn, _named.one(conn, {"name": name, "today": today})), made is not None


def add_contact(conn: Connection, customer_id: int, name: str, post: str, phone: str) -> int:
    """The id; the same name once, with what is newly known of them."""
    known = conn.execute(_same_contact, {"customer": customer_id, "name": name}).first()
    if known is None:
        row = {"customer_id": customer_id, "name": name, "post": post, "phone": phone}
        return int(conn.execute(_add_contact.returning(contact.c.id), row).scalar_one())
    conn.execute(update(contact).where(contact.c.id == known.id).values(post=post or known.post, phone=phone or known.phone))
    return int(known.id)


def give(conn: Connection, customer_id: int, person_id: int, today: date) -> None:
    """Another owner from today; the days before stay the former one's."""
    conn.execute(_end, {"customer": customer_id, "last": date.fromordinal(today.toordinal() - 1)})
    conn.execute(_own, {"customer_id": customer_id, "person_id": person_id, "since": today})


def district_of(address: str) -> str:
    """上海市徐汇区漕溪路 1 号 → 徐汇区."""
    found = _DISTRICT.search(address)
    return found.group(1) if found else ""


def _found(row: _Line) -> Found:
    return Found(row.id, row.nickname or row.name, row.name if row.nickname else row.district)


def _whole(conn: Connection, found: Customer) -> Customer:
    people = tuple((name, post, phone) for _, name, post, phone in contacts(conn, found.id))
    return replace(found, contacts=people)
