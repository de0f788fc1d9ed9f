"""The month's statement: filed once, kept as filed, what changed since told once on the next; objected, answered, approved by the right ones."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from conversations import statements
from conversations.desk import NotAllowed, StaleCase
from conversations.firm import Case
from rules.calendar import Calendar
from rules.figures import counted
from scheduler.plan import owed_on, plan
from scheduler.tick import tick
from storage import audit
from storage.database import Connection, Database
from storage.tables import outbox
from tests.storage.firm import Firm, found

CALENDAR = Calendar()
DEC, JAN = CALENDAR.at(date(2026, 12, 3), "09:30"), CALENDAR.at(date(2027, 1, 4), "09:30")


@pytest.fixture
def firm(database: Database) -> Firm:
    return database.write_now(found)


def visit(conn: Connection, firm: Firm, day: date, grade: str = "evidenced") -> int:
    desk = firm.desk(conn, "li", CALENDAR.at(day, "11:00"))
    return desk.file("CustomerVisit", 1, {"talked": "续约"}, grade=grade).id


def issued(conn: Connection, firm: Firm, at: datetime, month: str) -> Case:
    case = statements.issued(firm.desk(conn, "li", at), month)
    assert case is not None
    return case


def test_as_filed_and_what_changed_since_on_the_next(database: Database, firm: Firm) -> None:
    def unit(conn: Connection) -> None:
        first = visit(conn, firm, date(2026, 11, 10))
        visit(conn, firm, date(2026, 11, 11))
        late = visit(conn, firm, date(2026, 11, 12), "declared")
        november = issued(conn, firm, DEC, "2026-11")
        assert counted(statements.filed(november))["visits"] == 2
        desk = firm.desk(conn, "li", DEC + timedelta(days=1))
        desk.withdraw(first)
        firm.desk(conn, "chen", DEC + timedelta(days=1)).grade(late, "countersigned")
        visit(conn, firm, date(2026, 12, 8))
        desk.withdraw(visit(conn, firm, date(2026, 12, 9)))
        assert counted(statements.filed(issued(conn, firm, DEC, "2026-11")))["visits"] == 2  # the same numbers, whatever became of the papers
        assert "后来有变" not in statements.text(issued(conn, firm, JAN, "2026-12"))  # one went, one came

    database.write_now(unit)


def test_a_difference_is_told_once(database: Database, firm: Firm) -> None:
    def unit(conn: Connection) -> None:
        gone = visit(conn, firm, date(2026, 11, 10))
        visit(conn, firm, date(2026, 11, 11))
        issued(conn, firm, DEC, "2026-11")
        firm.desk(conn, "li", DEC).withdraw(gone)
        visit(conn, firm, date(2026, 12, 8))
        december = issued(conn, firm, JAN, "2026-12")
        assert statements.text(december).splitlines()[-1] == "11 月后来有变：走访 2 → 1。"
        january = CALENDAR.at(date(2027, 2, 3), "09:30")
        visit(conn, firm, date(2027, 1, 8))
        assert "后来有变" not in statements.text(issued(conn, firm, january, "2027-01"))

    database.write_now(unit)


def test_nothing_to_state(database: Database, firm: Firm) -> None:
    assert database.write_now(lambda conn: statements.issued(firm.desk(conn, "li", DEC), "2026-11")) is None


def test_by_whom_and_once(database: Database, firm: Firm) -> None:
    def unit(conn: Connection) -> None:
        visit(conn, firm, date(2026, 11, 10))
        case = issued(conn, firm, DEC, "2026-11")
        for account, action in (("zhang", "object"), ("sun", "keep"), ("chen", "approve"), ("li", "approve"), ("zhou", "approve"), ("wu", "approve")):
            with pytest.raises(NotAllowed):
                firm.desk(conn, account, DEC).move_statement(case.id, None, action)
        objected = firm.desk(conn, "li", DEC).move_statement(case.id, case.rev, "object")
        with pytest.raises(NotAllowed, match="往前走"):
            firm.desk(conn, "lin", DEC).move_statement(case.id, None, "approve")
        with pytest.raises(StaleCase):
            firm.desk(conn, "chen", DEC).move_statement(case.id, case.rev, "keep")
        kept = firm.desk(conn, "chen", DEC).move_statement(case.id, objected.rev, "keep")
        done = firm.desk(conn, "lin", DEC).move_statement(case.id, kept.rev, "approve")
        assert (done.state, done.closed_at) == ("approved", DEC)
        with pytest.raises(NotAllowed):
            firm.desk(conn, "lin", DEC).move_statement(case.id, None, "approve")

    database.write_now(unit)
    assert database.read_now(audit.verify) is None


def test_planned_on_the_set_day_and_for_who_was_away_the_day_after(database: Database, firm: Firm) -> None:
    def unit(conn: Connection) -> None:
        visit(conn, firm, date(2026, 11, 10))
        for account in ("li", "zhang"):
            firm.desk(conn, account, DEC).mark_greeted()
        firm.desk(conn, "chen", DEC).take_leave(firm.people["li"], date(2026, 12, 3), date(2026, 12, 3))
        for day in (date(2026, 12, 2), date(2026, 12, 3), date(2026, 12, 4)):
            plan(conn, CALENDAR.at(day, "00:10"), CALENDAR.zone, day)
            tick(conn, CALENDAR.at(day, "09:31"), CALENDAR.zone)
        said = [row for row in _said(conn) if "数据单" in row["text"] + row["title"]]
        assert len(said) == 1
        assert "付出：走访 1 次" in said[0]["text"]

    database.write_now(unit)


def _said(conn: Connection) -> list[dict[str, Any]]:
    return [dict(row.body) for row in conn.execute(outbox.select().order_by(outbox.c.id))]


def test_of_who_left_during_the_month_to_the_manager(database: Database, firm: Firm) -> None:
    def unit(conn: Connection) -> None:
        visit(conn, firm, date(2026, 11, 10))
        for account in ("li", "zhang", "lin"):
            firm.desk(conn, account, DEC).mark_greeted()
        left = CALENDAR.at(date(2026, 11, 20), "15:00")
        firm.desk(conn, "wu", left).dismiss(firm.people["li"])
        for day in (date(2026, 12, 2), date(2026, 12, 3), date(2026, 12, 4)):
            plan(conn, CALENDAR.at(day, "00:10"), CALENDAR.zone, day)
            tick(conn, CALENDAR.at(day, "09:31"), CALENDAR.zone)
        told, digest = [row for row in _said(conn) if "数据单" in row["text"]]
        assert "11 月的数据单 1 份等您核准" in digest["text"]
        assert told["text"].startswith("李强已离职，数据单请您核准。\n11 月数据单：")
        assert "走访 1 次" in told["text"]
        manager = firm.desk(conn, "lin", DEC)
        (case,) = manager.cases("statement")
        (waiting,) = statements.waiting(manager)
        assert [one.id for one in waiting.ready] == [case.id]
        assert statements.waiting(firm.desk(conn, "chen", DEC)) == []
        with pytest.raises(NotAllowed):
            firm.desk(conn, "chen", DEC).move_statement(case.id, None, "approve")
        assert statements.passed(manager, case, case.rev).text == "已核准李强 11 月的数据单，已归档。"
        assert statements.waiting(manager) == []

    database.write_now(unit)
    assert database.read_now(audit.verify) is None


def test_who_left_on_the_first_of_the_next_month_and_who_left_long_ago(database: Database, firm: Firm) -> None:
    def unit(conn: Connection) -> None:
        visit(conn, firm, date(2026, 11, 10))
        for account in ("li", "zhang", "lin"):
            firm.desk(conn, account, DEC).mark_greeted()
        firm.desk(conn, "wu", CALENDAR.at(date(2026, 10, 30), "15:00")).dismiss(firm.people["zhang"])
        firm.desk(conn, "wu", CALENDAR.at(date(2026, 12, 1), "15:00")).dismiss(firm.people["li"])
        owed = [one for one in owed_on(conn, CALENDAR.zone, date(2026, 12, 3)) if one.kind == "statement"]
        assert [(one.person, one.args) for one in owed] == [(firm.people["lin"], {"month": "2026-11", "of": firm.people["li"]})]

    database.write_now(unit)


def test_approved_all_together(database: Database, firm: Firm) -> None:
    def unit(conn: Connection) -> None:
        for account in ("li", "chen", "lin"):
            firm.desk(conn, account, DEC).mark_greeted()
        visit(conn, firm, date(2026, 11, 10))
        case = issued(conn, firm, DEC, "2026-11")
        manager = firm.desk(conn, "lin", DEC)
        assert statements.approved(manager, "2026-11").text == "已核准 1 份。"
        assert statements.approved(manager, "2026-11").text == "没有等您核准的了。"
        assert manager.case(case.id).state == "approved"  # type: ignore[union-attr]

    database.write_now(unit)
