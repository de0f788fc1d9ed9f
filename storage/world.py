"""A person's desk over one open transaction: every write asks the policy and is in the log (A-1.3, A-3.3.6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from conversations import handins
from conversations.desk import Desk, NotAllowed, StaleCase
from conversations.firm import Case, Customer, Paper
from conversations.types import Session
from rules import objects
from rules.errors import RuleBroken
from rules.people import Action, Subject
from storage import cases, customers, papers, sessions, staff
from storage.codec import canonical
from storage.exports import Exports
from storage.figuring import Figuring
from storage.greeting import Greetings
from storage.handing import Handing
from storage.imports import Imports
from storage.keeping import Keeping
from storage.lists import Lists
from storage.office import Officing
from storage.pursuing import Pursuing
from storage.repairs.holding import Holding
from storage.settingup import SettingUp
from storage.sighting import Sighting
from storage.staffing import NOT_YOURS
from storage.undelivered import Undelivered

NOT_YOUR_CUSTOMER = "这家客户不在您名下，请问部门主管。"
GONE = "这一项已经不在了。"
WITHDRAWN = "这条记录已经撤回了，改的没有存。要的话再发一句重新记。"
SIGNED = "已经有人签收，不能撤回了。可以改正，改了什么会告诉签收的人。"


class World(Officing, Exports, SettingUp, Greetings, Undelivered, Holding, Pursuing, Handing, Figuring, Sighting, Keeping, Imports, Lists):
    """Reads by View, speaks by Voice, sees to the staff by Staffing."""

    _open: Session | None = None
    _open_read = False

    # --- papers -----------------------------------------------------------------------------------------

    def file(
        self,
        form: str,
        version: int,
        answers: Mapping[str, Any],
        *,
        customer: int | None = None,
        case: int | None = None,
        session: int | None = None,
        said_at: datetime | None = None,
        blobs: Sequence[str] = (),
        grade: str = "declared",
    ) -> Paper:
        self._may("file_paper", Subject(owner=self.me.id))
        self._check_customer(customer)
        if case:
            cases.lock(self._conn, self._case(case).id)
        said = said_at or self._now
        row = {
            "form": form,
            "version": version,
            "person_id": self.me.id,
            "session_id": session or None,
            "customer_id": customer,
            "case_id": case,
            "answers": answers,
            "day": said.astimezone(self._zone).date(),
            "said_at": said,
            "grade": grade,
        }
        filed = papers.file(self._conn, row, blobs, self._now)
        self._log("file", f"paper:{filed.id}", filed.number, canonical(answers))
        return filed

    def amend(self, paper: int, answers: Mapping[str, Any], *, customer: int | None = None) -> Paper:
        """`customer` when it was another one after all."""
        old = self._own_paper(paper)
        if old.state == "withdrawn":
            raise NotAllowed(WITHDRAWN)
        self._check_customer(customer)
        new = papers.amend(self._conn, old, answers, customer or old.customer_id, self.me.id, self._now)
        self._log("amend", f"paper:{paper}", str(new.rev), canonical(answers))
        return new

    def withdraw(self, paper: int) -> Paper:
        old = self._own_paper(paper)
        if old.grade == "countersigned" or handins.signed(self, old):
            raise NotAllowed(SIGNED)
        if old.state == "withdrawn":
            return old
        self._log("withdraw", f"paper:{paper}", old.number)
        return papers.set_state(self._conn, paper, "withdrawn")

    def grade(self, paper: int, grade: str) -> None:
        found = self._paper(paper)
        action: Action = "countersign_call" if grade == "countersigned" else "correct_paper"
        if action == "correct_paper" or not self._receives(found.person_id, found.day):
            self._may(action, self._of(found.person_id, makers=True))
        self._log("grade", f"paper:{paper}", grade)
        papers.set_grade(self._conn, paper, grade)

    def attach(self, paper: int, sha256: str) -> int:
        self._own_paper(paper)
        self._log("attach", f"paper:{paper}", sha256)
        return papers.attach(self._conn, paper, sha256, self._now)

    def detach(self, paper: int, sha256: str) -> None:
        self._own_paper(paper)
        self._log("detach", f"paper:{paper}", sha256)
        papers.detach(self._conn, paper, sha256)

    # --- cases ------------------------------------------------------------------------------------------

    def open_case(
        self,
        kind: str,
        state: str,
        *,
        key: str = "",
        person: int | None = None,
        customer: int | None = None,
        paper: int | None = None,
        day: date | None = None,
        at: datetime | None = None,
        **data: Any,
    ) -> Case:
        try:
            objects.require(kind, customer=customer, day=day or at, paper=paper, person=person or self.me.id)
        except RuleBroken as broken:
            raise NotAllowed(broken.text) from broken
        self._check_customer(customer)
        row = {
            "kind": kind,
            "state": state,
            "key": key,
            "person_id": person or self.me.id,
            "customer_id": customer,
            "paper_id": paper,
            "day": day or (at.astimezone(self._zone).date() if at else None),
            "at": at,
            "data": data,
        }
        opened, new = cases.open_(self._conn, row, self.me.id, self._now)
        if new:
            self._log("open", f"case:{opened.id}", kind, state)
        return opened

    def move(self, case: int, rev: int | None, action: str, state: str, *, at: datetime | None = None, closed: bool = False, **data: Any) -> Case:
        changes: dict[str, Any] = {"state": state} | ({"at": at} if at else {}) | ({"closed_at": self._now} if closed else {})
        return self._moved(case, rev, action, changes, data)

    def hand_case(self, case: int, person: int) -> Case:
        to = self.person(person)
        if to is None or to.left:
            raise NotAllowed(GONE)
        return self._moved(case, None, "hand", {"person_id": person}, {"former": self._case(case).person_id, "heir": person})

    def _moved(self, id: int, rev: int | None, action: str, changes: Mapping[str, Any], data: Mapping[str, Any]) -> Case:
        cases.lock(self._conn, id)
        old = self._case(id)
        if old.day is not None and (at := changes.get("at")):
            changes = {**changes, "day": at.astimezone(self._zone).date()}  # an appointment put off stands on the other day's list
        moved = cases.move(self._conn, old, action, self.me.id, self._now, data, **changes) if rev in (None, old.rev) else None
        if moved is None:
            raise StaleCase(cases.last_event(self._conn, id))
        self._log(action, f"case:{id}", moved.state, canonical(data))
        return moved

    # --- customers --------------------------------------------------------------------------------------

    def add_customer(
        self, name: str, *, local: bool, source: str = "", nickname: str = "", address: str = "", spend_fen: int | None = None, district: str = ""
    ) -> Customer:
        self._may("add_customer", Subject(owner=self.me.id))
        values = {"name": name.strip(), "local": local, "source": source, "nickname": nickname.strip(), "address": address}
        made, new = customers.add(self._conn, self.me.id, self.today, values | {"spend_fen": spend_fen, "district": district})
        if new:
            self._log("add", f"customer:{made.id}", name)
        elif self.customer(made.id) is None:
            whose = self.person(made.owner_id) if made.owner_id else None
            raise NotAllowed(f"{name}已经在册" + (f"，由{whose.name}负责。" if whose else "，请问部门主管。"))
        return made

    def add_contact(self, customer: int, name: str, post: str = "", phone: str = "") -> None:
        self._check_customer(customer)
        id = customers.add_contact(self._conn, customer, name, post, phone)
        self._log("add", f"contact:{id}", name, post, phone)

    def give_customer(self, customer: int, person: int) -> None:
        """To another rep, from today, with what is open of it."""
        found, to = self.customer(customer), self.person(person)
        if found is None or to is None or to.left:
            raise NotAllowed(NOT_YOUR_CUSTOMER)
        self._may("give_customer", self._of(found.owner_id or 0))
        self._log("give", f"customer:{customer}", to.account)
        customers.give(self._conn, customer, person, self.today)
        self.hand_matters(found.owner_id or 0, customer, person)

    # --- sessions and words -----------------------------------------------------------------------------

    def open_session(self) -> Session | None:
        """Read once, until something is saved."""
        if not self._open_read:
            self._open, self._open_read = sessions.open_one(self._conn, self.me.id), True
        return self._open

    def session(self, id: int) -> Session | None:
        return self._open if self._open is not None and self._open.id == id else sessions.one(self._conn, self.me.id, id)

    def paused_sessions(self) -> Sequence[Session]:
        return sessions.paused(self._conn, self.me.id)

    def save(self, session: Session) -> Session:
        known = self._open if self._open is not None and self._open.id == session.id else None
        saved, was = sessions.save(self._conn, self.me.id, session, self._inbox_id, self._now, known)
        self._open, self._open_read = (saved, True) if saved.state == "open" else (None, False)
        if was != saved.state:  # each answer stands in answer_log
            self._log(saved.state, f"session:{saved.id}", saved.form)
        return saved

    def keep_words(self, text: str, blob: str = "") -> int:
        id = sessions.keep_words(self._conn, self.me.id, text, blob, self._now)
        self._log("keep", f"words:{id}", text, blob)
        return id

    def kept_words(self, id: int) -> str:
        return sessions.kept_words(self._conn, self.me.id, id)

    def kept_file(self, id: int) -> str:
        return sessions.kept_file(self._conn, self.me.id, id)

    # --- oneself -----------------------------------------------------------------------

    def mark_greeted(self) -> None:
        self._log("greeted", f"person:{self.me.id}")
        staff.mark_greeted(self._conn, self.me.id, self._now)
        self.__dict__.pop("_self", None)

    def mute(self, until: datetime | None) -> None:
        self._log("mute", f"person:{self.me.id}", until.isoformat() if until else "")
        staff.mute(self._conn, self._talk(), until)

    def audit(self, verb: str, subject: str, detail: str = "") -> None:
        self._log(verb, subject, detail)

    # --- what may be done -------------------------------------------------------------------------------

    def _check_customer(self, id: int | None) -> None:
        if id is not None and self.customer(id) is None:
            raise NotAllowed(NOT_YOUR_CUSTOMER)

    def _case(self, id: int) -> Case:
        found = self.case(id)
        if found is None:
            raise NotAllowed(NOT_YOURS)
        return found

    def _paper(self, id: int) -> Paper:
        found = self.paper(id)
        if found is None:
            raise NotAllowed(NOT_YOURS)
        return found

    def _own_paper(self, id: int) -> Paper:
        """Locked, for its author to change."""
        papers.one(self._conn, id, lock=True)
        found = self._paper(id)
        self._may("correct_paper", Subject(owner=found.person_id))
        return found


if TYPE_CHECKING:
    _: type[Desk] = World
