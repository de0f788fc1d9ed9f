"""The staff as the office sees and changes them: cards, teams, roles with their days, who is away (A-1.3, A-3.3.6b)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete, func, insert, or_, select, update

from conversations.desk import NotAllowed
from conversations.firm import Invited
from rules.people import ROLES, Subject
from storage import people, staff
from storage.names import keys, plain
from storage.reach import Reach
from storage.staffing import GONE, IN_TEAMS, NOT_YOURS
from storage.tables import address, area, deputy, leave, person, role, station, talk, team
from storage.workhours import Workhours

LAST_ADMIN = "公司至少要有一位系统管理员，请先给另一位同事这个角色。"
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Held:
    """A role from a day until a day; `where` in words, "" for the whole firm."""

    id: int
    role: str
    scope: str
    scope_id: int
    where: str
    since: date
    until: date | None

    @property
    def title(self) -> str:
        return f"{ROLES.get(self.role, self.role)}{f'（{self.where}）' if self.where else ''}"


@dataclass(frozen=True, slots=True)
class Card:
    """Somebody of the staff."""

    id: int
    account: str  # "": we made one up
    name: str
    team_id: int | None
    team: str
    opens: str
    closes: str
    phone: str
    greeted: bool
    left_on: date | None
    roles: tuple[Held, ...]  # in force or still to come
    channels: tuple[str, ...]

    def titles(self, today: date) -> str:
        return "、".join(dict.fromkeys(one.title for one in self.roles if one.since <= today))


@dataclass(frozen=True, slots=True)
class Away:
    id: int
    person_id: int
    name: str
    since: date
    until: date
    kind: str


@dataclass(frozen=True, slots=True)
class StandIn:
    id: int
    person: str
    for_id: int
    stands_for: str
    since: date
    until: date


@dataclass(frozen=True, slots=True)
class TeamCard:
    id: int
    name: str
    people: int

    @property
    def pair(self) -> tuple[str, str]:
        return str(self.id), self.name


class Roster(Workhours):
    """Whom one may not see is not there."""

    # --- reads ------------------------------------------------------------------------------------------
    def staff_cards(self, query: str = "", team_id: int = 0, *, left: bool = False) -> Sequence[Card]:
        """Of those one sees, by team and name; `query` is a name, pinyin, initials, account or telephone."""
        gone = (person.c.left_on.is_not(None)) & (person.c.left_on <= self.today)
        rows = self._conn.execute(select(person).where(gone if left else ~func.coalesce(gone, False)).order_by(person.c.id)).all()
        seen = self._reach("see_staff")
        wanted = plain(query) if query.strip() else ""
        rows = [row for row in rows if seen.has(row.id) and team_id in (0, row.team_id) and (not wanted or _matches(wanted, row))]
        made = self._cards(rows)
        return sorted(made, key=lambda one: (one.team == "", one.team, one.id))

    def staff_card(self, id: int) -> Card | None:
        row = self._conn.execute(select(person).where(person.c.id == id)).first()
        return self._cards([row])[0] if row is not None and self._reach("see_staff").has(id) else None

    def team_cards(self) -> Sequence[TeamCard]:
        here = or_(person.c.left_on.is_(None), person.c.left_on > self.today)
        counted = select(team.c.id, team.c.name, func.count(person.c.id)).outerjoin(person, (person.c.team_id == team.c.id) & here)
        return [TeamCard(*row) for row in self._conn.execute(counted.group_by(team.c.id, team.c.name).order_by(team.c.id))]

    def scopes(self) -> Sequence[tuple[str, str]]:
        """Where a role may hold: (team:3, 市场一部)."""
        found = [("firm:0", "整个公司")]
        for kind, table in (("team", team), ("station", station), ("area", area)):
            rows = self._conn.execute(select(table.c.id, table.c.name).order_by(table.c.id))
            found += [(f"{kind}:{row.id}", row.name) for row in rows]
        return found

    def away(self, first: date, last: date) -> Sequence[Away]:
        """Leave and rest days that touch the span, of those one sees."""
        rows = select(leave.c.id, leave.c.person_id, person.c.name, leave.c.since, leave.c.until, leave.c.kind).join(
            person, person.c.id == leave.c.person_id
        )
        found = self._conn.execute(rows.where(leave.c.since <= last, leave.c.until >= first).order_by(leave.c.since, leave.c.id))
        seen: Reach = self._reach("see_staff")
        return [Away(*row) for row in found if seen.has(row.person_id)]

    def stand_ins(self, first: date) -> Sequence[StandIn]:
        other = person.alias("other")
        rows = (
            select(deputy.c.id, person.c.name, deputy.c.for_id, other.c.name.label("whose"), deputy.c.since, deputy.c.until)
            .join(person, person.c.id == deputy.c.person_id)
            .join(other, other.c.id == deputy.c.for_id)
            .where(deputy.c.until >= first, deputy.c.until >= deputy.c.since)
            .order_by(deputy.c.since, deputy.c.id)
        )
        seen = self._reach("see_staff")
        return [StandIn(*row) for row in self._conn.execute(rows) if seen.has(row.for_id)]

    # --- cards ------------------------------------------------------------------------------------------
    def add_person(self, name: str, *, account: str = "", team_id: int = 0, opens: str = "", closes: str = "", phone: str = "") -> int:
        self._may("set_rules", Subject())
        wanted = self._free(account, 0)
        id = staff.add(self._conn, staff.Listed(wanted, name, people.team_names(self._conn).get(team_id, ""), opens, closes))
        self._conn.execute(update(person).where(person.c.id == id).values(phone=phone, joined_on=self.today))
        self._log("add", f"person:{id}", name, wanted)
        return id

    def change_person(self, id: int, *, name: str, team_id: int, phone: str, account: str = "") -> None:
        """Without an account the present one stays."""
        self._may("set_rules", Subject())
        who = self.person(id)
        if who is None or who.left:
            raise NotAllowed(GONE)
        given = name[1:] if len(name) > 2 else ""
        spelt = keys(name, given, surname=True, widths=staff.WIDTHS) if name != who.name else {}
        values: dict[str, Any] = {"name": name, "team_id": team_id or None, "phone": phone} | spelt
        if wanted := self._free(account, id):
            values |= {"account": wanted, "account_made": False}
        self._log("change", f"person:{id}", name, str(team_id), wanted)
        self._conn.execute(update(person).where(person.c.id == id).values(values))

    def _free(self, account: str, id: int) -> str:
        """As WeCom has it; nobody else's, also of those who left."""
        wanted = account.strip().lower()
        if wanted and not staff.ACCOUNT.fullmatch(wanted):
            raise NotAllowed(staff.NO_ACCOUNT)
        taken = people.by_account(self._conn, wanted, self.today) if wanted else None
        if taken is not None and taken.id != id:
            raise NotAllowed(f"账号 {wanted} 已经是{taken.name}的，请核对。")
        return wanted

    # --- roles ------------------------------------------------------------------------------------------
    def grant(self, id: int, what: str, scope: str, scope_id: int, since: date, until: date | None) -> None:
        self._may("set_rules", Subject())
        who = self.person(id)
        if who is None or who.left:
            raise NotAllowed(GONE)
        if what in IN_TEAMS and (scope != "team" or not scope_id):
            raise NotAllowed(f"{ROLES[what]}要选一个部门。")
        if what not in ROLES or f"{scope}:{scope_id}" not in dict(self.scopes()):
            raise NotAllowed("请选一个角色，和它管哪里。")
        if until is not None and until < since:
            raise NotAllowed("结束的日子不能早于开始的日子。")
        row = {"person_id": id, "role": what, "scope": scope, "scope_id": scope_id}
        same = select(role.c.id).where(*(role.c[name] == value for name, value in row.items()), role.c.since <= since)
        if self._conn.execute(same.where(or_(role.c.until.is_(None), role.c.until >= (until or since)))).first() is not None:
            raise NotAllowed(f"这个角色{who.name}已经有了。")
        self._log("give_role", f"person:{id}", what, f"{scope}:{scope_id}", f"{since}–{until or ''}")
        self._conn.execute(insert(role), row | {"since": since, "until": until})

    def end_grant(self, grant: int, last: date) -> None:
        """In force until `last`, that day included; yesterday or before: not any more."""
        self._may("set_rules", Subject())
        found = self._conn.execute(select(role).where(role.c.id == grant)).first()
        if found is None:
            raise NotAllowed("这个角色已经不在了。")
        if found.role == "admin" and not self._other_admin(found.person_id, last):
            raise NotAllowed(LAST_ADMIN)
        self._log("end_role", f"person:{found.person_id}", found.role, last.isoformat())
        self._conn.execute(update(role).where(role.c.id == grant).values(until=max(last, found.since - _DAY)))

    def _other_admin(self, id: int, last: date) -> bool:
        """Somebody else is admin without end, and is not leaving."""
        lasting = role.c.until.is_(None) | (role.c.until > max(last, self.today))
        rows = select(role.c.id).join(person, person.c.id == role.c.person_id)
        rows = rows.where(role.c.role == "admin", role.c.person_id != id, lasting, role.c.since <= max(last + _DAY, self.today))
        return self._conn.execute(rows.where(person.c.left_on.is_(None))).first() is not None

    # --- teams ------------------------------------------------------------------------------------------
    def put_team(self, id: int, name: str) -> None:
        """0: a new one."""
        self._may("set_rules", Subject())
        if any(one.name == name and one.id != id for one in self.team_cards()):
            raise NotAllowed(f"已经有「{name}」了。")
        self._log("team", f"team:{id}", name)
        self._conn.execute(update(team).where(team.c.id == id).values(name=name) if id else insert(team).values(name=name))

    def drop_team(self, id: int) -> None:
        self._may("set_rules", Subject())
        used = self._conn.execute(select(person.c.name).where(person.c.team_id == id).limit(3)).scalars().all()
        held = self._conn.execute(select(role.c.id).where(role.c.scope == "team", role.c.scope_id == id).limit(1)).first()
        if used or held:
            who = f"{'、'.join(used)}等人还在这个部门（离职的也算）" if used else "还有角色写着这个部门"
            raise NotAllowed(f"{who}，不能删。可以改名。")
        self._log("drop", f"team:{id}")
        self._conn.execute(delete(team).where(team.c.id == id))

    # --- days off ---------------------------------------------------------------------------------------
    def end_leave(self, id: int) -> None:
        """What is still to come of it is worked; days that are over stay as they were."""
        found = self._conn.execute(select(leave).where(leave.c.id == id)).first()
        if found is None or found.until < self.today:
            raise NotAllowed("这几天已经过去，不能再改。")
        self._may("excuse", self._of(found.person_id, makers=True))
        self._log("end_leave", f"person:{found.person_id}", f"{found.since}–{found.until}")
        if found.since >= self.today:
            self._conn.execute(delete(leave).where(leave.c.id == id))
        else:
            self._conn.execute(update(leave).where(leave.c.id == id).values(until=self.today - _DAY))

    def end_stand_in(self, id: int) -> None:
        found = self._conn.execute(select(deputy).where(deputy.c.id == id)).first()
        if found is None or found.until < self.today:
            raise NotAllowed("这几天已经过去，不能再改。")
        self._may("stand_in", self._of(found.for_id))
        self._log("end_stand_in", f"person:{found.person_id}", f"{found.for_id}:{found.since}–{found.until}")
        self._conn.execute(update(deputy).where(deputy.c.id == id).values(until=max(self.today, found.since) - _DAY))

    # --- invitations ------------------------------------------------------------------------------------
    def invite_person(self, id: int) -> Invited:
        """A new way in for somebody who is on the list: code, links, picture."""
        who = self.person(id)
        if who is None or who.left or not who.roles:
            raise NotAllowed(GONE if who is None or who.left else f"{who.name}还没有角色，请先加一个。")
        if not self.may_invite(next(iter(who.roles)), people.team_names(self._conn).get(who.team_id or 0, ""), id):
            raise NotAllowed(NOT_YOURS)
        return self._invited(id, ",".join(sorted(who.roles)))

    # --- inside -----------------------------------------------------------------------------------------
    def _cards(self, rows: Sequence[Any]) -> list[Card]:
        teams = people.team_names(self._conn)
        where = {key: name for key, name in self.scopes() if key != "firm:0"}
        ids = [row.id for row in rows]
        held: dict[int, list[Held]] = {}
        lasting = or_(role.c.until.is_(None), role.c.until >= self.today)
        for one in self._conn.execute(select(role).where(role.c.person_id.in_(ids), lasting).order_by(role.c.since, role.c.id)):
            line = Held(one.id, one.role, one.scope, one.scope_id, where.get(f"{one.scope}:{one.scope_id}", ""), one.since, one.until)
            held.setdefault(one.person_id, []).append(line)
        hours = people.hours_of(self._conn, ids, self.today)
        reached: dict[int, list[str]] = {}
        living = select(talk.c.person_id, address.c.channel).join(talk, talk.c.id == address.c.talk_id).where(address.c.dead_at.is_(None))
        for one in self._conn.execute(living.where(talk.c.person_id.in_(ids), address.c.heard_at.is_not(None))):
            reached.setdefault(one.person_id, []).append(one.channel)
        return [
            Card(
                row.id,
                "" if row.account_made else row.account,
                row.name,
                row.team_id,
                teams.get(row.team_id or 0, ""),
                *hours[row.id],
                row.phone,
                row.greeted_at is not None,
                row.left_on,
                tuple(held.get(row.id, ())),
                tuple(sorted(set(reached.get(row.id, ())))),
            )
            for row in rows
        ]


def _matches(wanted: str, row: Any) -> bool:
    return any(wanted in plain(text) for text in (row.name, row.pinyin, row.initials, row.account, row.phone))
