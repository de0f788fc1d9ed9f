"""What one person sees of the firm over one open transaction: conversations.desk.Lookup; somebody else's is not found (A-1.3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from conversations import handins
from conversations.firm import Case, CaseEvent, Customer, Found, Paper, Person, Touch
from rules import deliveries
from rules.calendar import Calendar
from rules.people import Action, Standing, titles
from rules.settings import default as default_of
from storage import blobs, cases, customers, papers, people, reach, search, settings
from storage.names import keys
from storage.reach import Reach
from storage.touches import touches


class View:
    """Reads only; asks the database once for who the person is and whom they reach."""

    def __init__(self, conn: Connection, *, person_id: int, now: datetime, zone: ZoneInfo) -> None:
        self._conn = conn
        self._person_id = person_id
        self._now = now
        self._zone = zone
        self._reaches: dict[Action, Reach] = {}
        self._settings: dict[str, Any] = {}

    @property
    def now(self) -> datetime:
        return self._now

    @cached_property
    def today(self) -> date:
        return self._now.astimezone(self._zone).date()

    @cached_property
    def calendar(self) -> Calendar:
        return Calendar(self._zone, settings.exceptions(self._conn))

    @cached_property
    def _self(self) -> tuple[Person, Standing]:
        found = people.with_standing(self._conn, self._person_id, self.today)
        if found is None:
            raise LookupError("person")
        return found

    @property
    def me(self) -> Person:
        return self._self[0]

    @property
    def standing(self) -> Standing:
        return self._self[1]

    def find(self, source: str, query: str, offset: int = 0, limit: int = 6) -> Sequence[Found]:
        kind, _, of = source.partition(":")
        if kind == "customers":
            return customers.find(self._conn, query, self._reach("see_customer"), self.me.id, self.today, offset, limit)
        if kind == "firm":  # anybody's customer, by name alone: what a complaint is about
            own = customers.find(self._conn, query, self._reach("see_customer"), self.me.id, self.today, 0, limit + offset)
            other = [one for one in self.similar_customers(query) if one.id not in {mine.id for mine in own}] if search.wanted(query) else []
            return [*own, *other][offset : offset + limit]
        if kind == "deliveries":  # of one customer, still to be made
            open_ones = self.cases("delivery", customer=int(of), states=deliveries.OPEN, limit=50) if of.isdecimal() else ()
            return [Found(one.id, str(one.data.get("label") or "没有期号的")) for one in open_ones][offset : offset + limit]
        if kind == "reps":  # those whose customers one sees
            team = [who for who in self.people("rep") if self._reach("see_customer").has(who.id) and who.id != self.me.id]
            line = [search.Line(Found(who.id, who.name), (who.name, who.account), "", "") for who in team]
            return (search.best(query, line) if search.wanted(query) else [one.what for one in line])[offset : offset + limit]
        found = self._contacts(of) if kind == "contacts" else self._colleagues() if kind == "colleagues" else []
        chosen = search.best(query, found) if search.wanted(query) else [line.what for line in found]
        return chosen[offset : offset + limit]

    def label(self, source: str, id: int) -> str:
        kind, _, of = source.partition(":")
        if kind == "customers":
            return customers.label(self._conn, id, self._reach("see_customer"), self.today)
        if kind == "firm":
            return customers.label(self._conn, id, Reach(everybody=True), self.today)
        if kind == "contacts":
            return next((line.what.label for line in self._contacts(of) if line.what.id == id), "")
        if kind == "deliveries":
            case = self.case(id)
            return str(case.data.get("label") or "没有期号的") if case is not None and case.kind == "delivery" else ""
        who = self.person(id) if kind in ("colleagues", "reps") else None
        return who.name if who is not None else ""

    def similar_customers(self, name: str) -> Sequence[Found]:
        return customers.similar(self._conn, name, self.today)

    def customer(self, id: int) -> Customer | None:
        return customers.one(self._conn, id, self._reach("see_customer"), self.today)

    def touches(self, person: int) -> Sequence[Touch]:
        return touches(self._conn, person, self.today) if self._reach("see_customer").has(person) else ()

    def setting(self, name: str, default: Any = None) -> Any:
        """As it holds today; without a default, what rules/settings.py says."""
        if name not in self._settings:
            self._settings[name] = settings.value(self._conn, name, self.today, settings.MISSING)
        value = self._settings[name]
        if value is not settings.MISSING:
            return value
        return default_of(name) if default is None else default

    def papers(
        self,
        *,
        person: int | None = None,
        day: date | None = None,
        customer: int | None = None,
        forms: Sequence[str] = (),
        limit: int = 50,
        before: int | None = None,
    ) -> Sequence[Paper]:
        asked = {"person": person, "day": day, "customer": customer, "forms": tuple(forms), "before": before}
        everything = person is not None and day is not None and self._receives(person, day)
        return papers.some(self._conn, Reach(everybody=True) if everything else self._reach("see_paper"), self.today, limit, asked)

    def paper(self, id: int) -> Paper | None:
        found = papers.one(self._conn, id)
        return found if found is not None and self._sees(found) else None

    def cases(
        self,
        kind: str,
        *,
        person: int | None = None,
        customer: int | None = None,
        states: Sequence[str] = (),
        day: date | None = None,
        until: datetime | None = None,
        limit: int = 50,
    ) -> Sequence[Case]:
        asked = {"kind": kind, "person": person, "customer": customer, "states": tuple(states), "day": day, "until": until}
        return cases.some(self._conn, self._reach("see_paper"), self.me.id, self.today, limit, asked)

    def case(self, id: int) -> Case | None:
        return cases.one(self._conn, id, self._reach("see_paper"), self.me.id, self.today)

    def case_by_key(self, key: str) -> Case | None:
        return cases.by_key(self._conn, key, self._reach("see_paper"), self.me.id, self.today)

    def case_events(self, id: int) -> Sequence[CaseEvent]:
        return cases.events(self._conn, id) if self.case(id) is not None else ()

    def person(self, id: int) -> Person | None:
        return self.me if id == self._person_id else people.one(self._conn, id, self.today)

    def hours_on(self, id: int, day: date) -> tuple[str, str]:
        who = people.one(self._conn, id, day)
        return (who.opens, who.closes) if who is not None else (str(self.setting("opens")), str(self.setting("closes")))

    def people(self, role: str = "", team: int | None = None) -> Sequence[Person]:
        everybody = people.everybody(self._conn, self.today)
        return [who for who in everybody if (not role or role in who.roles) and team in (None, who.team_id)]

    def supervisor_of(self, person: int) -> Person | None:
        return self._in_charge("supervisor", person)

    def manager_of(self, person: int) -> Person | None:
        return self._in_charge("manager", person)

    def on_leave(self, person: int, day: date) -> bool:
        return not self.calendar.is_working_day(day) or people.on_leave(self._conn, person, day)

    def blob_kind(self, sha256: str) -> str:
        noted = blobs.noted(self._conn, sha256)
        if noted is None:
            return ""
        kinds = {"image": "photo", "audio": "voice", "video": "video"}
        return str(noted.facts.get("kind") or kinds.get(noted.mime.partition("/")[0], "file"))

    def _reach(self, action: Action) -> Reach:
        if action not in self._reaches:
            self._reaches[action] = reach.of(self._conn, self.standing, action)
        return self._reaches[action]

    def _sees(self, paper: Paper) -> bool:
        if self._reach("see_paper").has(paper.person_id) or self._receives(paper.person_id, paper.day):
            return True
        return paper.customer_id is not None and self.customer(paper.customer_id) is not None

    def _receives(self, person: int, day: date) -> bool:
        """The day's log was passed on to me, from another team: what it is made of comes with it."""
        if person == self.me.id or self._reach("see_paper").has(person):
            return False
        return any(cases.is_receiver(self._conn, key, self.me.id) for key in handins.keys(person, day))

    def _in_charge(self, role: str, person: int) -> Person | None:
        subject = self.person(person)
        return None if subject is None else people.in_charge(self._conn, role, subject, self.today)

    def _colleagues(self) -> list[search.Line[Found]]:
        teams = people.team_names(self._conn)
        others = [who for who in people.everybody(self._conn, self.today) if who.id != self.me.id]
        spelt = people.spellings(self._conn)
        return [
            search.Line(Found(who.id, who.name, teams.get(who.team_id or 0, "") or titles(who.roles)), (who.name, who.account), *spelt[who.id])
            for who in others
        ]

    def _contacts(self, of: str) -> list[search.Line[Found]]:
        if not of.isdecimal() or self.customer(int(of)) is None:
            return []
        lines = []
        for id, name, post, phone in customers.contacts(self._conn, int(of)):
            spelt = keys(name, surname=True, widths=customers.WIDTHS)
            lines.append(search.Line(Found(id, name, post or phone), (name, post), spelt["pinyin"], spelt["initials"]))
        return lines
