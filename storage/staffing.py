"""What a person's desk does to the staff: leave and deputies, invitations, roles, leaving the firm (A-1.3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from conversations.desk import NotAllowed
from conversations.firm import Found, Invited, Person
from rules import people as policy
from rules.people import ROLES, Subject
from storage import blobs, invitations, people, staff
from storage.invitations import Ways
from storage.staff import Listed
from storage.tables import case, owner
from storage.voice import Voice

NOT_YOURS = "这一项不归您办，请问部门主管。"
GONE = "这位同事已经不在公司了。"
ALONE = "您是唯一的系统管理员，断开以后就没有人能进来了。请先给另一位同事这个角色，再请他来办。"
IN_TEAMS = ("rep", "supervisor")  # roles that mean nothing without a team
_OPEN = ("planned", "open", "parked", "asked", "answered", "proposed")
_NO_WORK = ("touch", "relation", "complaint", "page", "statement")  # goes with the customer, or stays where it is
_owned = select(func.count()).select_from(owner)
_waiting = select(func.count()).select_from(case)


class Staffing(Voice):
    """`ways` is how links look from outside; without it there are only the eight digits and a bare path."""

    def __init__(
        self,
        conn: Connection,
        *,
        person_id: int,
        now: datetime,
        zone: ZoneInfo,
        ways: Ways | None = None,
        **rest: Any,
    ) -> None:
        super().__init__(conn, person_id=person_id, now=now, zone=zone, **rest)
        self._ways = ways

    # --- reads ------------------------------------------------------------------------------------------
    def teams(self) -> Sequence[Found]:
        return [Found(id, name) for id, name in sorted(people.team_names(self._conn).items())]

    def colleagues(self, name: str) -> Sequence[Person]:
        return people.named(self._conn, name, self.today)

    def own_roles(self, person: int) -> Sequence[tuple[str, int]]:
        return people.own_roles(self._conn, person, self.today)

    def may_invite(self, role: str, team: str, person: int = 0) -> bool:
        who = self.person(person) if person else None
        unit = self._team(team)
        if who is not None and unit in (0, who.team_id):
            unit = who.team_id or 0
        elif who is not None:
            unit = 0  # of one team, invited to another: the admin's to do
        return not self.me.left and policy.may_invite(self.standing, role, unit, person, who.roles if who is not None else ())

    # --- leave ------------------------------------------------------------------------------------------
    def take_leave(self, person: int, since: date, until: date, kind: str = "leave") -> None:
        self._may("excuse", self._of(person, makers=True))
        self._log("leave", f"person:{person}", f"{since}–{until}", kind)
        staff.take_leave(self._conn, person, since, until, kind)

    def stand_in(self, person: int, for_: int, since: date, until: date) -> None:
        who = self.person(person)
        if who is None or who.left or person == for_:
            raise NotAllowed(GONE)
        self._may("stand_in", self._of(for_))
        self._log("stand_in", f"person:{person}", f"{for_}:{since}–{until}")
        staff.no_stand_in(self._conn, for_, since, until)
        staff.stand_in(self._conn, person, for_, since, until)

    # --- coming and going -------------------------------------------------------------------------------
    def invite(self, name: str, role: str, team: str, asked: datetime) -> Invited:
        known = self.colleagues(name)
        if len(known) > 1:
            raise NotAllowed(f"有 {len(known)} 位{name}，请管理员在服务器上邀请，写明账号。")
        id = known[0].id if known else 0
        if role not in ROLES or not self.may_invite(role, team, id):
            raise NotAllowed(NOT_YOURS)
        if not id:
            id = staff.add(self._conn, Listed("", name, team))
        if invitations.made_since(self._conn, id, self.me.id, asked):
            raise NotAllowed(f"{name}的邀请刚才已经发给您了，看上面那条。要新的，再写一次「邀请 {name}」。")
        if not any(role == held for held, _ in self.own_roles(id)):
            self._give(id, role, team, self.today, None)
        return self._invited(id, role, team)

    def give_role(self, person: int, role: str, team: str, since: date, until: date | None = None) -> None:
        self._may("set_rules", self._of(person))
        who = self.person(person)
        if who is None or who.left or role not in ROLES:
            raise NotAllowed(GONE)
        self._give(person, role, team, since, until)

    def end_role(self, person: int, role: str, last: date) -> None:
        self._may("set_rules", self._of(person))
        if role == "admin" and last <= self.today and not [one for one in self.people("admin") if one.id != person]:
            raise NotAllowed("公司至少要有一位系统管理员，请先给另一位同事这个角色。")
        self._log("end_role", f"person:{person}", role, last.isoformat())
        staff.end_role(self._conn, person, role, last)

    def dismiss(self, person: int) -> tuple[int, int]:
        who = self.person(person)
        self._may("dismiss", self._of(person))
        if who is None or person == self.me.id:
            raise NotAllowed("自己的离职，请另一位管理员来办。")
        staff.leaves(self._conn, person, self.me.account, self._now, self.today)
        owned = self._conn.execute(_owned.where(owner.c.person_id == person, owner.c.until.is_(None))).scalar_one()
        waiting = self._conn.execute(
            _waiting.where(case.c.person_id == person, case.c.closed_at.is_(None), case.c.state.in_(_OPEN), case.c.kind.not_in(_NO_WORK))
        ).scalar_one()
        return int(owned), int(waiting)

    def cut_off(self, person: int) -> None:
        self._may("set_rules", self._of(person))
        if person == self.me.id and not [one for one in self.people("admin") if one.id != person]:
            raise NotAllowed(ALONE)
        self._log("cut_off", f"person:{person}")
        staff.cut_off(self._conn, person, self._now)

    # --- oneself ----------------------------------------------------------------------------------------
    def login_link(self) -> str:
        self._log("login_link", f"person:{self.me.id}")
        return self._links(invitations.login(self._conn, self.me.id, self._now))[0][1]

    def show_as(self, cards: str) -> None:
        self._log("show_as", f"person:{self.me.id}", cards)
        staff.show_as(self._conn, self.me.id, cards)

    # --- inside -----------------------------------------------------------------------------------------
    def _invited(self, id: int, *details: str) -> Invited:
        token, code = invitations.invite(self._conn, id, self.me.id, self._now)
        self._log("invite", f"person:{id}", *details)
        links = self._links(token)
        return Invited(id, code, links, self._picture(links[0][1]) if self._ways else "")

    def _give(self, person: int, role: str, team: str, since: date, until: date | None) -> None:
        team_id = staff.add_team(self._conn, team) if team and role in (*IN_TEAMS, "manager") else 0
        self._log("give_role", f"person:{person}", role, team, f"{since}–{until or ''}")
        staff.give_role(self._conn, person, role, since, until, team_id=team_id)

    def _of(self, person: int, *, makers: bool = False) -> Subject:
        whose: Person | None = self.person(person)
        team = whose.team_id or 0 if whose is not None else 0
        return Subject(owner=person, unit=team, makers=frozenset((person,) if makers else ()))

    def _team(self, name: str) -> int:
        return next((id for id, known in people.team_names(self._conn).items() if known == name), 0)

    def _links(self, token: str) -> Sequence[tuple[str, str]]:
        return self._ways.links(token) if self._ways is not None else [("网页", f"/chat#in={token}")]

    def _picture(self, link: str) -> str:
        if self._ways is None:
            return ""
        made = self._ways.picture(link)
        blobs.note(self._conn, made.sha256, made.mime, made.size, {"kind": "photo"}, self._now)
        return made.sha256
