"""The list of people: known again by account, telephone or name; roles and teams are added, never taken away (A-1.3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, select

from rules.lists import PEOPLE
from rules.people import ROLES
from storage import people, staff
from storage.intake import Coming, Entry, Verdict, differences
from storage.names import keys
from storage.recorder import Recorder
from storage.tables import own_hours, person, role, talk, team

_KEYS = {label: key for key, label in ROLES.items()}
_FIELDS = ("name", "phone", "opens", "closes", "joined_on")
_HOURS = ("opens", "closes")
_TEAMLESS = "{}要写部门。请在“部门”一列写上，例如 市场一部。"
_LEFT = "{}已经离职。要重新来上班，请先在人员页里办回来。"
_BACKWARDS = "下班要在上班之后，请核对。"
_TWO = "手机号是{}的，账号是{}的。请核对是哪一位。"
_OTHER_PHONE = "已经有一位{}，手机号是{}。是同一个人，请先在人员页里改手机号；不是同一个人，请写上企业微信账号。"
_SEVERAL = "有 {} 位{}，分不清是哪一位。请写手机号或企业微信账号。"


@dataclass(frozen=True, slots=True)
class Known:
    """Everybody, looked up three ways; who left stays in."""

    by_account: Mapping[str, Mapping[str, Any]]
    by_phone: Mapping[str, Mapping[str, Any]]
    by_name: Mapping[str, Sequence[Mapping[str, Any]]]

    def called(self, words: str) -> list[Mapping[str, Any]]:
        """The people somebody may mean who writes a name, a telephone or an account; only those here."""
        found = self.by_account.get(words.lower()) or self.by_phone.get(words)
        return [one for one in ([found] if found else self.by_name.get(words, ())) if one["left_on"] is None]


def everybody(conn: Connection, today: date) -> Known:
    roles: dict[int, list[str]] = defaultdict(list)
    for row in conn.execute(select(role.c.person_id, role.c.role).where(people.in_force(role)).order_by(role.c.id), {"today": today}):
        label = ROLES.get(row.role, "")
        if label and label not in roles[row.person_id]:
            roles[row.person_id].append(label)
    hours = [people.own(name).label(f"own_{name}") for name in _HOURS]
    listed = select(person, team.c.name.label("team"), *hours).outerjoin(team, team.c.id == person.c.team_id).order_by(person.c.id)
    staffed = []
    for each in conn.execute(listed, {"today": today}).mappings():
        own = {name: each[f"own_{name}"] for name in _HOURS}
        staffed.append(dict(each) | {"roles": tuple(roles[each["id"]]), "team": each["team"] or ""} | own)
    named: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for one in staffed:
        named[one["name"]].append(one)
    return Known({one["account"]: one for one in staffed}, {one["phone"]: one for one in staffed if one["phone"]}, named)


class People:
    def verdicts(self, conn: Connection, entries: Sequence[Entry], today: date, coming: Coming) -> list[Verdict]:
        known = everybody(conn, today)
        return [self._verdict(entry, known) for entry in entries]

    def put(self, conn: Connection, to: Recorder, verdict: Verdict, today: date) -> None:
        values, before = dict(verdict.entry.values), verdict.known
        team_id = _team(conn, to, values["team"]) if values.get("team") else None
        if before is None:
            id = self._join(conn, to, values, verdict, team_id)
        else:
            id = int(before["id"])
            changed = {name: values[name] for name in _FIELDS if name in values and values[name] != before[name]}
            if "name" in changed:
                changed |= self.spell(values)
            if values.get("account", before["account"]) != before["account"]:
                changed |= {"account": values["account"], "account_made": False}
            if team_id is not None and team_id != before["team_id"]:
                changed["team_id"] = team_id
            own = {name: changed.pop(name) for name in _HOURS if name in changed}
            if changed:
                to.change(person, id, before, changed, f"person:{id}", verdict.label)
            if own:
                _from_today(conn, to, before, own, today, verdict.label)
        self._give(conn, to, id, values, team_id or (before or {}).get("team_id") or 0, today)

    def spell(self, values: Mapping[str, Any]) -> Mapping[str, str]:
        name = str(values["name"])
        return keys(name, name[1:] if len(name) > 2 else "", surname=True, widths=staff.WIDTHS)

    def _verdict(self, entry: Entry, known: Known) -> Verdict:
        values = dict(entry.values)
        if "account" in values:
            values["account"] = values["account"].lower()
        entry = replace(entry, values=values)
        before, column, why = _meant(values, known)
        if not why and before is not None and before["left_on"] is not None:
            column, why = "name", _LEFT.format(before["name"])
        held = (before or {}).get("roles", ())
        wanted = values.get("roles", ())
        placed = values.get("team") or (before or {}).get("team")
        if not why and not placed and (needy := [one for one in wanted if _KEYS[one] in _IN_TEAMS]):
            column, why = "team", _TEAMLESS.format(needy[0])
        if not why and values.get("account") and not staff.ACCOUNT.fullmatch(str(values["account"])):
            column, why = "account", staff.NO_ACCOUNT
        if not why and "" < str(values.get("closes", "")) <= str(values.get("opens", "")):
            column, why = "closes", _BACKWARDS
        label = str(values["name"])
        if why:
            return Verdict(entry, "faulty", label, wrong=((column, why),))
        if before is None:
            return Verdict(entry, "new", label)
        differs = differences(PEOPLE, before, values, (*_FIELDS, "team"))
        if values.get("account", before["account"]) != before["account"]:
            differs += (("企业微信账号", "" if before["account_made"] else before["account"], values["account"]),)
        if more := tuple(one for one in wanted if one not in held):
            differs += (("角色", "、".join(held), "、".join((*held, *more))),)
        return Verdict(entry, "changed" if differs else "same", label, differs, known=before)

    def _join(self, conn: Connection, to: Recorder, values: Mapping[str, Any], verdict: Verdict, team_id: int | None) -> int:
        account = values.get("account", "")
        row = {"opens": "", "closes": ""} | {name: values[name] for name in _FIELDS if name in values}
        row |= {
            "account": account or staff.free_account(conn, values["name"]),
            "account_made": not account,
            "team_id": team_id,
            "greeted_at": None,
            "left_on": None,
        }
        id = to.add(person, row | dict(verdict.entry.spelt), label=verdict.label)
        to.add(talk, {"person_id": id}, f"person:{id}")
        return id

    def _give(self, conn: Connection, to: Recorder, id: int, values: Mapping[str, Any], team_id: int, today: date) -> None:
        held = {row.role for row in conn.execute(_held, {"who": id, "today": today})}
        for label in values.get("roles", ()):
            name = _KEYS[label]
            if name not in held:
                scope = team_id if name in _IN_TEAMS else 0
                row = {"person_id": id, "role": name, "scope": "team" if scope else "firm", "scope_id": scope, "since": today, "until": None}
                to.add(role, row, f"person:{id}", str(values["name"]))


def _from_today(conn: Connection, to: Recorder, before: Mapping[str, Any], own: Mapping[str, Any], today: date, label: str) -> None:
    """Days that are over keep their hours."""
    id, subject = int(before["id"]), f"person:{before['id']}"
    there = conn.execute(select(own_hours).where(own_hours.c.person_id == id, own_hours.c.since == today)).mappings().first()
    if there is not None:
        to.change(own_hours, there["id"], dict(there), own, subject, label)
    else:
        to.add(own_hours, {"person_id": id, "since": today, **{name: before[name] for name in _HOURS}, **own}, subject, label)


_IN_TEAMS = ("rep", "supervisor")
_held = select(role.c.role).where(role.c.person_id == bindparam("who"), people.in_force(role))
_team_of = select(team.c.id).where(team.c.name == bindparam("called"))


def _team(conn: Connection, to: Recorder, name: str) -> int:
    found = conn.execute(_team_of, {"called": name}).scalar()
    return int(found) if found is not None else to.add(team, {"name": name}, label=name)


def _meant(values: Mapping[str, Any], known: Known) -> tuple[Mapping[str, Any] | None, str, str]:
    """Who it is, or nobody yet; column and reason when that is not clear."""
    name, phone, account = values["name"], values.get("phone", ""), values.get("account", "")
    by_account, by_phone = known.by_account.get(account), known.by_phone.get(phone)
    if by_account and by_phone and by_account["id"] != by_phone["id"]:
        return None, "account", _TWO.format(by_phone["name"], by_account["name"])
    if by_account or by_phone:
        return by_account or by_phone, "", ""
    if account:
        return None, "", ""  # a new account is a new colleague, whoever else has the name
    named = [one for one in known.by_name.get(name, ()) if one["left_on"] is None]
    if len(named) > 1:
        return None, "name", _SEVERAL.format(len(named), name)
    if named and phone and named[0]["phone"]:
        return None, "phone", _OTHER_PHONE.format(name, named[0]["phone"])
    return (named[0], "", "") if named else (None, "", "")
