"""What a person's desk does about prospects and complaints (A-3.3.7, A-3.1.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Integer, Select, bindparam, select, update

from conversations.desk import NotAllowed
from conversations.firm import Case, Customer, Person
from rules import complaints as complaint_rule
from rules import objects
from rules import prospects as prospect_rule
from rules.customers import SOURCES
from rules.errors import RuleBroken
from rules.people import Action, Subject
from storage import cases, customers
from storage.codec import canonical
from storage.prepared import Query
from storage.reach import Reach
from storage.tables import case, customer
from storage.voice import Voice

GONE = "这一项已经不在了。"
OTHERS = "{name}已经在册，由{who}负责。要转给别人，请先在客户负责人里改。"
_everything = Reach(everybody=True)
_columns = cases.COLUMNS
_of = case.c.person_id.in_(bindparam("people", expanding=True))
_state = case.c.state.in_(bindparam("states", expanding=True))
_learn = update(customer).where(customer.c.id == bindparam("row"))


def _list(kind: str, *, everybody: bool, newest: bool) -> Query[Case]:
    found: Select[Any] = select(*_columns).where(case.c.kind == kind, _state)
    found = found if everybody else found.where(_of)
    order = (case.c.id.desc(),) if newest else (case.c.day.nulls_last(), case.c.id)
    return Query(found.order_by(*order).limit(bindparam("limit", type_=Integer)), Case)


_prospects = {wide: _list("prospect", everybody=wide, newest=False) for wide in (False, True)}
_complaints = {wide: _list("complaint", everybody=wide, newest=True) for wide in (False, True)}
_counted = (
    select(case.c.person_id, case.c.state, case.c.data)
    .where(case.c.kind == "complaint", case.c.day.between(bindparam("first"), bindparam("last")))
    .order_by(case.c.id)
)


class Pursuing(Voice):
    """A rep sees their own, a superior the team's, the admin all."""

    # --- prospects --------------------------------------------------------------------------------------
    def name_prospect(self, rep: int, name: str, due: date, facts: Sequence[str], *, local: bool = True, source: str = "其他") -> Case:
        whose = self.person(rep)
        if whose is None or whose.left or "rep" not in whose.roles:
            raise NotAllowed("请选一位在岗的市场员。")
        self._may("name_prospect", self._subject(rep))
        name = name.strip()
        if not 2 <= len(name) <= 120 or source not in SOURCES:
            raise NotAllowed("请写客户全称，2 到 120 个字。")
        chosen = _by_rule(prospect_rule.check_facts, facts)
        _by_rule(prospect_rule.check_due, due, self.today)
        found = self._given(whose, name, local, source)
        key = f"prospect:{found.id}"
        former = cases.known(self._conn, key)
        if former is not None and former.state == "open":
            raise NotAllowed(f"{found.short}的调查还没做完，不用再派。")
        at = self.calendar.at(due, self.hours_on(whose.id, due)[1])
        if former is not None:
            known = {fact: told for fact, told in former.data.get("found", {}).items() if fact in chosen}
            return self._change(
                former,
                "name",
                {"state": "open", "person_id": rep, "day": due, "at": at, "closed_at": None},
                facts=list(chosen),
                found=known,
                by=self.me.id,
            )
        row: dict[str, Any] = {"kind": "prospect", "state": "open", "key": key, "person_id": rep, "customer_id": found.id, "paper_id": None}
        row |= {"day": due, "at": at, "data": {"facts": list(chosen), "found": {}, "by": self.me.id}}
        opened, _ = cases.open_(self._conn, row, self.me.id, self._now)
        self._log("name", f"case:{opened.id}", f"person:{rep}", canonical(list(chosen)))
        return opened

    def prospects(self, *, person: int | None = None, states: Sequence[str] = ("open",), limit: int = 200) -> Sequence[Case]:
        return self._those(_prospects, "see_prospects", person, states or ("open", "done", "dropped"), limit)

    def pass_prospect(self, case: int, person: int) -> Case:
        old, to = self._prospect(case, "pass"), self.person(person)
        if to is None or to.left or "rep" not in to.roles:
            raise NotAllowed("请选一位在岗的市场员。")
        self._may("name_prospect", self._subject(person))
        if old.customer_id:
            self._may("give_customer", self._subject(old.person_id))
            self._log("give", f"customer:{old.customer_id}", to.account)
            customers.give(self._conn, old.customer_id, person, self.today)
            self.hand_matters(old.person_id, old.customer_id, person, but=case)
        return self._change(old, "pass", {"person_id": person}, former=old.person_id)

    def postpone_prospect(self, case: int, due: date) -> Case:
        old = self._prospect(case, "later")
        _by_rule(prospect_rule.check_due, due, self.today)
        at = self.calendar.at(due, self.hours_on(old.person_id, due)[1])
        return self._change(old, "later", {"day": due, "at": at})

    def drop_prospect(self, case: int) -> Case:
        return self._change(self._prospect(case, "drop"), "drop", {"state": "dropped", "closed_at": self._now})

    def prospect_facts(self) -> Sequence[str]:
        return tuple(self.setting("survey_facts", prospect_rule.FACTS))

    def learn(self, customer: int, *, spend_fen: int | None = None, address: str = "") -> None:
        found = self.customer(customer)
        if found is None:
            raise NotAllowed(GONE)
        values: dict[str, Any] = {"spend_fen": spend_fen} if spend_fen is not None else {}
        values |= {"address": address[:200], "district": customers.district_of(address)[:40]} if address else {}
        if values:
            self._log("learn", f"customer:{customer}", canonical(values))
            self._conn.execute(_learn.values(**values), {"row": customer})

    # --- complaints -------------------------------------------------------------------------------------
    def complain(self, customer: int, what: str, *, about: str, paper: int | None = None, **data: object) -> Case:
        self._may("complain", Subject(owner=self.me.id))
        known = self.any_customer(customer)
        if known is None or about not in complaint_rule.ABOUT:
            raise NotAllowed(GONE)
        objects.require("complaint", customer=customer)
        whose = known[1].id if known[1] is not None else self.me.id
        row: dict[str, Any] = {"kind": "complaint", "state": "open", "key": f"complaint:paper:{paper}" if paper else "", "person_id": whose}
        row |= {"customer_id": customer, "paper_id": paper, "day": self.today, "at": self._due_by()}
        row |= {"data": {"what": what, "about": about, "by": self.me.id, "name": known[0].short, "notes": [], **data}}
        opened, new = cases.open_(self._conn, row, self.me.id, self._now)
        if new:
            self._log("complain", f"case:{opened.id}", canonical({"what": what, "about": about}))
        elif opened.state == "open":
            return self._change(opened, "correct", {}, **{"what": what, "about": about, **data})
        return opened

    def answer_complaint(self, case: int, action: str, words: str) -> Case:
        cases.lock(self._conn, case)
        old = self._found(case, "complaint", "see_complaints")
        reporter = int(old.data.get("by") or 0)
        if action != "note":
            self._may("close_complaint", Subject(owner=old.person_id, unit=self._unit(old.person_id), makers=frozenset({old.person_id})))
        above = {self.me.id} if self._superior(old.person_id) else set()
        step = _by_rule(lambda: complaint_rule.move(old.state, action, by=self.me.id, owner=old.person_id, reporter=reporter, superiors=above))
        if action == "note":
            note = {"by": self.me.id, "at": self._now.isoformat(), "words": words}
            return self._change(old, action, {}, notes=[*old.data.get("notes", []), note])
        return self._change(old, action, {"state": step.after, "closed_at": self._now}, outcome=words, closed_by=self.me.id)

    def complaints(self, *, person: int | None = None, states: Sequence[str] = (), limit: int = 200) -> Sequence[Case]:
        return self._those(_complaints, "see_complaints", person, states or tuple(complaint_rule.STATES), limit)

    def complaint_counts(self, first: date, last: date) -> Mapping[int, tuple[int, int]]:
        seen, counts = self._reach("see_complaints"), dict[int, tuple[int, int]]()
        for row in self._conn.execute(_counted, {"first": first, "last": last}):
            if seen.has(row.person_id) and complaint_rule.counts(str(row.data.get("about", ""))):
                made, still = counts.get(row.person_id, (0, 0))
                counts[row.person_id] = (made + 1, still + (row.state == "open"))
        return counts

    def any_customer(self, id: int) -> tuple[Customer, Person | None] | None:
        found = customers.one(self._conn, id, _everything, self.today)
        if found is None:
            return None
        bare = Customer(found.id, found.name, found.nickname, found.local, "", "", "", None, found.owner_id)
        return bare, self.person(found.owner_id) if found.owner_id else None

    def _due_by(self) -> datetime:
        """When a complaint has lain too long and stands in the digest."""
        days = int(self.setting("complaint_days", complaint_rule.COMPLAINT_DAYS))
        return self.calendar.at(self.calendar.add_working_days(self.today, max(days, 1)), "12:00")

    # --- inside -----------------------------------------------------------------------------------------
    def _given(self, rep: Person, name: str, local: bool, source: str) -> Customer:
        """The customer of that name as the rep's: entered now, nobody's so far, or theirs already."""
        values = {"name": name, "local": local, "source": source}
        made, new = customers.add(self._conn, rep.id, self.today, values)
        if new:
            self._log("add", f"customer:{made.id}", name)
        elif made.owner_id is None:
            self._log("give", f"customer:{made.id}", rep.account)
            customers.give(self._conn, made.id, rep.id, self.today)
        elif made.owner_id != rep.id:
            other = self.person(made.owner_id)
            raise NotAllowed(OTHERS.format(name=name, who=other.name if other is not None else "别人"))
        return made

    def _prospect(self, id: int, action: str) -> Case:
        cases.lock(self._conn, id)
        old = self._found(id, "prospect", "see_prospects")
        self._may("name_prospect", self._subject(old.person_id))
        _by_rule(lambda: prospect_rule.move(old.state, action, by=self.me.id, owner=0, superiors={self.me.id}))
        return old

    def _found(self, id: int, kind: str, action: Action) -> Case:
        found = cases.any_one(self._conn, id)
        if found is None or found.kind != kind or not (self._reach(action).has(found.person_id) or found.data.get("by") == self.me.id):
            raise NotAllowed(GONE)
        return found

    def _those(self, lists: Mapping[bool, Query[Case]], action: Action, person: int | None, states: Sequence[str], limit: int) -> Sequence[Case]:
        whose = self._reach(action)
        if person is not None:
            if not whose.has(person):
                return ()
            whose = Reach(people=frozenset({person}))
        asked: dict[str, Any] = {"states": list(states), "limit": limit}
        return lists[whose.everybody].all(self._conn, asked if whose.everybody else asked | {"people": sorted(whose.people)})

    def _change(self, old: Case, action: str, changes: Mapping[str, Any], **data: Any) -> Case:
        moved = cases.move(self._conn, old, action, self.me.id, self._now, data, **changes)
        if moved is None:
            raise NotAllowed("刚才有人改过，请再看一眼。")
        self._log(action, f"case:{old.id}", moved.state, canonical(data))
        return moved

    def _superior(self, person: int) -> bool:
        try:
            self._may("close_complaint", Subject(owner=person, unit=self._unit(person), makers=frozenset({person})))
        except NotAllowed:
            return False
        return True

    def _unit(self, person: int) -> int:
        whose = self.person(person)
        return whose.team_id or 0 if whose is not None else 0

    def _subject(self, person: int) -> Subject:
        return Subject(owner=person, unit=self._unit(person))


def _by_rule(ask: Any, *args: Any) -> Any:
    """A rule's refusal in the desk's words."""
    try:
        return ask(*args)
    except RuleBroken as broken:
        raise NotAllowed(broken.text) from broken
