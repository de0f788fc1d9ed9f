"""A month of random work by four reps, their supervisors and a manager; everything through the desk."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy import Connection

from conversations import daylog, deliveries, followups, surveys
from conversations.desk import NotAllowed
from conversations.firm import Found, Paper
from rules.calendar import Calendar
from storage.database import Database
from storage.world import World
from tests.storage.firm import Firm

FIRST, LAST = date(2026, 11, 2), date(2026, 11, 30)
REPS = {"li": "chen", "zhang": "chen", "zhao": "sun", "qian": "sun"}
CALENDAR = Calendar()


class Month:
    """One transaction a day; the clock only goes forward."""

    def __init__(self, database: Database, firm: Firm, seed: int, customers: int = 3) -> None:
        self._database, self._firm, self._dice, self._many = database, firm, Random(seed), customers
        self._customers: dict[str, list[int]] = {}
        self._papers: dict[str, list[Paper]] = {rep: [] for rep in REPS}
        self._names: dict[int, str] = {}

    def work(self) -> None:
        self._database.write_now(self._begin)
        for day in CALENDAR.working_days(FIRST, LAST):
            self._database.write_now(lambda conn, day=day: self._day(conn, day))  # type: ignore[misc]

    def _desk(self, conn: Connection, account: str, at: datetime) -> World:
        return self._firm.desk(conn, account, at)

    def _begin(self, conn: Connection) -> None:
        for rep in REPS:
            desk = self._desk(conn, rep, CALENDAR.at(FIRST, "08:00"))
            desk.mark_greeted()
            made = [desk.add_customer(f"{rep}的第{n}家公司", local=True, source="行业杂志") for n in range(self._many)]
            self._customers[rep] = [one.id for one in made]
            self._names |= {one.id: one.name for one in made}

    def _day(self, conn: Connection, day: date) -> None:
        now = CALENDAR.at(day, "09:00")
        self._ahead(conn, day)
        for _ in range(self._dice.randrange(12, 24)):
            now += timedelta(minutes=self._dice.randrange(5, 25))
            rep = self._dice.choice(list(REPS))
            act = self._dice.choice([
                self._visit, self._visit, self._visit, self._call, self._call, self._customer, self._keep, self._tell, self._withdraw,
                self._photo, self._book, self._book, self._survey, self._complain,
            ])  # fmt: skip
            act(self._desk(conn, rep, now), rep, now)
        for rep, chief in REPS.items():
            if self._dice.random() < 0.8:
                self._hand_in(conn, rep, chief, day)

    def _visit(self, desk: World, rep: str, now: datetime) -> None:
        self._talk(desk, rep, now, "CustomerVisit", photo=self._dice.random() < 0.4)

    def _call(self, desk: World, rep: str, now: datetime) -> None:
        self._talk(desk, rep, now, "PhoneCall", photo=False)

    def _talk(self, desk: World, rep: str, now: datetime, form: str, *, photo: bool) -> None:
        customer = self._dice.choice(self._customers[rep])
        answers: dict[str, object] = {"customer": {"id": customer, "label": "客户"}, "talked": "续约"}
        promised = now + timedelta(hours=self._dice.choice((2, 30, 60)))
        if self._dice.random() < 0.5:
            answers["reply_by"] = promised.isoformat()
        if photo:
            answers["photos"] = {"photos": [{"sha256": "a" * 64}]}
        made = desk.file(form, 1, answers, customer=customer, grade="evidenced" if photo else "declared")
        self._papers[rep].append(made)
        about = Found(customer, "客户")
        if "reply_by" in answers:
            followups.owe(desk, f"promise:paper:{made.id}", about, promised, "报价", paper=made.id)
        elif self._dice.random() < 0.4:
            self._request(desk, followups.park(desk, f"request:paper:{made.id}", about, "想降 5%", paper=made.id).id)

    def _request(self, desk: World, case: int) -> None:
        asked = desk.case(case)
        if asked is not None:
            followups.ask(desk, asked)

    def _customer(self, desk: World, rep: str, now: datetime) -> None:
        if self._dice.random() < 0.3:
            made = desk.add_customer(f"{rep} {now:%m%d%H%M} 新公司", local=True, source="朋友介绍")
            self._papers[rep].append(desk.file("NewCustomer", 1, {"name": made.name}, customer=made.id))

    def _keep(self, desk: World, rep: str, now: datetime) -> None:
        for case in desk.cases("promise", person=desk.me.id, states=("open",), limit=2):
            desk.move(case.id, case.rev, "keep", "kept", closed=True)

    def _tell(self, desk: World, rep: str, now: datetime) -> None:
        """The manager answers what waits; what is answered is told, in time or not."""
        manager = self._desk(desk._conn, "lin", now)
        for case in manager.cases("request", states=("asked",), limit=2):
            followups.answered(manager, case, None, "可以")
        for case in desk.cases("request", person=desk.me.id, states=("answered",), limit=1):
            desk.move(case.id, case.rev, "tell", "told", closed=True)

    def _ahead(self, conn: Connection, day: date) -> None:
        """What superiors put before reps: books of the next issue, customers to be surveyed."""
        rep = self._dice.choice(list(REPS))
        now, customer = CALENDAR.at(day, "08:40"), self._dice.choice(self._customers[rep])
        manager, chief = self._desk(conn, "lin", now), self._desk(conn, REPS[rep], now)
        if self._dice.random() < 0.5:
            issue = manager.put_issue("视听技术", f"{day:%m%d} 期", deliver_by=CALENDAR.next_working_day(day))
            chief.plan_delivery(issue, customer, self._dice.randrange(1, 4))
        if self._dice.random() < 0.5:
            try:
                chief.name_prospect(self._firm.people[rep], self._names[customer], LAST + timedelta(days=9), ("决策人",))
            except NotAllowed:
                return

    def _book(self, desk: World, rep: str, now: datetime) -> None:
        """With a photograph of the receipt or without, a planned one or one of its own; some come back."""
        customer = self._dice.choice(self._customers[rep])
        answers: dict[str, object] = {"customer": {"id": customer, "label": "客户"}, "copies": 3, "signed": "孙经理"}
        photo = self._dice.random() < 0.6
        if photo:
            answers["photos"] = {"photos": [{"sha256": "c" * 64}]}
        made = desk.file("BookDelivery", 1, answers, customer=customer, grade="evidenced" if photo else "declared")
        deliveries.settle(desk, made, customer, issue=0, copies=3, given=(), receipt=self._dice.random() < 0.8, signed="孙经理")
        if self._dice.random() < 0.2:
            desk.withdraw(made.id)
            deliveries.undone(desk, made)
        self._papers[rep].append(made)

    def _survey(self, desk: World, rep: str, now: datetime) -> None:
        for case in desk.prospects(person=desk.me.id, limit=1):
            told = {"决策人": {"value": "吴经理"}}
            made = desk.file("ProspectSurvey", 1, {"facts": {"customer": case.customer_id, "told": told}}, customer=case.customer_id, case=case.id)
            surveys.fill(desk, case.id, told, made)

    def _complain(self, desk: World, rep: str, now: datetime) -> None:
        """Noted by finance, about whoever has the customer."""
        if self._dice.random() < 0.5:
            return
        customer, about = self._dice.choice(self._customers[rep]), self._dice.choice(("rep", "paper"))
        finance = self._desk(desk._conn, "zhou", now)
        made = finance.file("Complaint", 1, {"customer": {"id": customer, "label": "客户"}, "what": "送书晚了", "about": about})
        finance.complain(customer, "送书晚了", about=about, paper=made.id)

    def _withdraw(self, desk: World, rep: str, now: datetime) -> None:
        if self._papers[rep] and self._dice.random() < 0.5:
            try:
                gone = desk.withdraw(self._dice.choice(self._papers[rep]).id)
                if gone.form == "BookDelivery":
                    deliveries.undone(desk, gone)
            except NotAllowed:
                return

    def _photo(self, desk: World, rep: str, now: datetime) -> None:
        """A photograph that comes later makes a statement a proven record."""
        visits = [one for one in self._papers[rep] if one.form == "CustomerVisit"]
        if visits and (paper := desk.paper(visits[-1].id)) is not None and paper.state == "filed" and paper.grade == "declared":
            desk.attach(paper.id, "b" * 64)
            desk.grade(paper.id, "evidenced")

    def _hand_in(self, conn: Connection, rep: str, chief: str, day: date) -> None:
        """In the evening or the morning after; received mostly."""
        late = self._dice.random() < 0.2
        at = CALENDAR.at(CALENDAR.next_working_day(day), "08:30") if late else CALENDAR.at(day, "17:40")
        desk = self._desk(conn, rep, at)
        if not daylog.papers(desk, desk.me.id, day):
            return
        daylog.draft(desk, day)
        case = desk.case_by_key(daylog.key(desk.me.id, day))
        if case is None or case.state != "draft":
            return
        daylog.handed(desk, case, case.rev)
        moved = desk.case(case.id)
        if moved is not None and self._dice.random() < 0.8:
            daylog.received(self._desk(conn, chief, at + timedelta(minutes=10)), moved, moved.rev)
