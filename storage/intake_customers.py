"""The list of customers: known again by name, contacts by theirs, and whose the customer is from today (A-3.1.2, A-3.3.2a, A-3.3.7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, or_, select

from rules.customers import core
from rules.lists import CUSTOMERS
from storage import customers as shelf
from storage.intake import Coming, Entry, Verdict, brackets, differences
from storage.intake_people import Known, everybody
from storage.names import keys
from storage.people import in_force
from storage.recorder import Recorder
from storage.tables import contact, customer, owner

LOCAL = "本地"
NAMELESS = "联系人"
_FIELDS = ("nickname", "source", "address", "district", "spend_fen")
_NOBODY = "人员名单里没有“{}”。请先导入人员，或者改成名单里的姓名。"
_SEVERAL = "有 {} 位{}。请写手机号或企业微信账号。"


@dataclass(frozen=True, slots=True)
class Before:
    """The customer as it is; `row` None when it is new. `owner_id` is who it is to be with."""

    row: Mapping[str, Any] | None
    owned_by: int | None
    contacts: Mapping[str, Mapping[str, Any]]
    owner_id: int | None


@dataclass(frozen=True, slots=True)
class Handed:
    """A customer the list gives to another owner: what is open of it goes along."""

    customer: int
    former: int
    heir: int


def handed(verdict: Verdict) -> Handed | None:
    before = verdict.known
    if not isinstance(before, Before) or before.row is None or not before.owned_by or before.owner_id in (None, before.owned_by):
        return None
    return Handed(int(before.row["id"]), before.owned_by, int(before.owner_id or 0))


class Customers:
    def verdicts(self, conn: Connection, entries: Sequence[Entry], today: date, coming: Coming) -> list[Verdict]:
        names = {spelling for entry in entries for spelling in brackets(entry.values["name"])}
        rows = {row["name"]: dict(row) for row in conn.execute(select(customer).where(customer.c.name.in_(sorted(names)))).mappings()}
        ids = sorted(row["id"] for row in rows.values())
        owners = {row.customer_id: row.person_id for row in _owners(conn, ids, today)}
        contacts: dict[int, dict[str, Mapping[str, Any]]] = defaultdict(dict)
        for row in conn.execute(select(contact).where(contact.c.customer_id.in_(ids)).order_by(contact.c.id)).mappings():
            contacts[row["customer_id"]].setdefault(row["name"], dict(row))
        people = everybody(conn, today)
        return [_verdict(entry, rows, owners, contacts, people, coming.get("people", ())) for entry in entries]

    def put(self, conn: Connection, to: Recorder, verdict: Verdict, today: date) -> None:
        entry, before = verdict.entry, verdict.known
        if before.row is None:
            subject = self._begin(to, verdict, today)
            id = int(subject.removeprefix("customer:"))
        else:
            id, subject = int(before.row["id"]), f"customer:{before.row['id']}"
            self._change(to, verdict, subject)
        if before.owner_id is not None and before.owner_id != before.owned_by:
            for row in _open_owners(conn, id, today) if before.owned_by else ():
                to.change(owner, row["id"], row, {"until": today - timedelta(days=1)}, subject, verdict.label)
            to.add(owner, {"customer_id": id, "person_id": before.owner_id, "since": today, "until": None}, subject, verdict.label)
        for name, values in _contacts(entry).items():
            _put_contact(to, id, name, values, before.contacts.get(name), subject, verdict.label)

    def spell(self, values: Mapping[str, Any]) -> Mapping[str, str]:
        name = str(values["name"])
        return keys(str(values.get("nickname", "")), core(name), name, widths=shelf.WIDTHS)

    def _begin(self, to: Recorder, verdict: Verdict, today: date) -> str:
        values = verdict.entry.values
        row = {name: values[name] for name in _FIELDS if name in values}
        row |= {"name": values["name"], "local": values.get("local", LOCAL) == LOCAL, "since": today}
        row.setdefault("district", shelf.district_of(row.get("address", "")))
        return f"customer:{to.add(customer, row | dict(verdict.entry.spelt), label=verdict.label)}"

    def _change(self, to: Recorder, verdict: Verdict, subject: str) -> None:
        values, row = verdict.entry.values, verdict.known.row
        changed = {name: values[name] for name in _FIELDS if name in values and values[name] != row[name]}
        if "local" in values and (values["local"] == LOCAL) != row["local"]:
            changed["local"] = values["local"] == LOCAL
        if "nickname" in changed:
            changed |= self.spell({**row, **values})
        if changed:
            to.change(customer, row["id"], row, changed, subject, verdict.label)


def _verdict(
    entry: Entry,
    rows: Mapping[str, Mapping[str, Any]],
    owners: Mapping[int, int],
    contacts: Mapping[int, Mapping[str, Mapping[str, Any]]],
    people: Known,
    coming: Collection[str],
) -> Verdict:
    values, label = entry.values, str(entry.values["name"])
    row = next((rows[name] for name in brackets(label) if name in rows), None)
    owner_id, wrong = _owner(values.get("owner", ""), people, coming)
    if wrong:
        return Verdict(entry, "faulty", label, wrong=(("owner", wrong),))
    before = Before(row, owners.get(row["id"]) if row else None, contacts.get(row["id"], {}) if row else {}, owner_id)
    if row is None:
        return Verdict(entry, "new", label, known=before)
    now = dict(row) | {"local": LOCAL if row["local"] else "外地"}
    differs = differences(CUSTOMERS, now, values, (*_FIELDS, "local"))
    if owner_id is not None and owner_id != before.owned_by:
        names = {one["id"]: one["name"] for one in people.by_account.values()}
        differs += (("负责人", names.get(before.owned_by or 0, ""), str(names[owner_id])),)
    for name, said in _contacts(entry).items():
        there = before.contacts.get(name)
        if there is None:
            differs += (("联系人", "", " ".join(part for part in (name, said.get("post", ""), said.get("phone", "")) if part)),)
        else:
            differs += tuple((f"{name}的{what}", there[key], said[key]) for key, what in _OF_CONTACT if key in said and said[key] != there[key])
    return Verdict(entry, "changed" if differs else "same", label, differs, known=before)


_OF_CONTACT = (("post", "职务"), ("phone", "电话"))


def _contacts(entry: Entry) -> dict[str, dict[str, str]]:
    """By name; a telephone without a name is somebody's all the same."""
    found: dict[str, dict[str, str]] = {}
    for values in entry.more:
        if not any(name in values for name in ("contact", "post", "phone")):
            continue
        said = found.setdefault(str(values.get("contact", NAMELESS)), {})
        said |= {name: str(values[name]) for name, _ in _OF_CONTACT if name in values}
    return found


def _put_contact(
    to: Recorder, customer_id: int, name: str, said: Mapping[str, str], there: Mapping[str, Any] | None, subject: str, label: str
) -> None:
    if there is None:
        row = {"customer_id": customer_id, "name": name, "post": said.get("post", ""), "phone": said.get("phone", "")}
        to.add(contact, row, subject, label)
    elif changed := {key: value for key, value in said.items() if value != there[key]}:
        to.change(contact, there["id"], there, changed, subject, label)


def _owner(words: str, people: Known, coming: Collection[str]) -> tuple[int | None, str]:
    """The person's id, or what is wrong; of a dry run also who comes in the same file."""
    if not words:
        return None, ""
    found = people.called(words)
    if len(found) == 1:
        return int(found[0]["id"]), ""
    if not found and words in coming:
        return None, ""
    return None, _SEVERAL.format(len(found), words) if found else _NOBODY.format(words)


def _owners(conn: Connection, ids: Sequence[int], today: date) -> Sequence[Any]:
    asked = select(owner.c.customer_id, owner.c.person_id).where(owner.c.customer_id.in_(ids), in_force(owner)).order_by(owner.c.id)
    return conn.execute(asked, {"today": today}).all()


def _open_owners(conn: Connection, id: int, today: date) -> Sequence[Mapping[str, Any]]:
    """Whose it is today, and whose it was to be from a later day on."""
    lasting = (owner.c.customer_id == id) & or_(owner.c.until.is_(None), owner.c.until >= today)
    return [dict(row) for row in conn.execute(select(owner).where(lasting)).mappings()]
