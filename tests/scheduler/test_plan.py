"""What a day owes, put down once, on both databases."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from rules.calendar import FIRM_ZONE, Calendar
from scheduler.plan import plan
from scheduler.tick import tick
from storage import due, settings, staff
from storage.database import Connection, Database
from storage.due import DueRow
from tests.storage.firm import TODAY, Firm, in_firm

CALENDAR = Calendar()
MIDNIGHT = CALENDAR.at(TODAY, "00:00")
END = timedelta(days=1)


@pytest.fixture
def firm(database: Database) -> Firm:
    return in_firm(database)


def planned(database: Database, day: date = TODAY, now: datetime = MIDNIGHT) -> list[DueRow]:
    database.write_now(lambda conn: plan(conn, now, FIRM_ZONE, day))
    return database.read_now(lambda conn: due.upcoming(conn, CALENDAR.bounds(day)[1]))


def of(rows: list[DueRow], firm: Firm, account: str) -> list[tuple[str, str]]:
    return [(row.kind, f"{CALENDAR.local(row.at):%H:%M}") for row in rows if row.person_id == firm.people[account]]


def test_a_working_day(database: Database, firm: Firm) -> None:
    rows = planned(database)
    assert of(rows, firm, "li") == [("morning", "08:40"), ("log_due", "17:00"), ("log_due", "17:45"), ("log_missing", "18:00")]
    assert of(rows, firm, "chen") == [("log_missing", "18:00"), ("digest", "18:20")]
    assert of(rows, firm, "lin") == [("digest", "18:20")]
    assert of(rows, firm, "zhou") == of(rows, firm, "wu") == []
    assert len(rows) == 4 * 4 + 2 * 2 + 1


def test_again_and_again(database: Database, firm: Firm) -> None:
    first = planned(database)
    assert planned(database) == first
    database.write_now(lambda conn: [due.done(conn, row.id, "said", MIDNIGHT) for row in first])
    assert planned(database) == []


def test_nothing_on_a_day_of_rest(database: Database, firm: Firm) -> None:
    assert planned(database, date(2026, 11, 28)) == []
    assert planned(database, date(2026, 10, 1), CALENDAR.at(date(2026, 10, 1), "00:00")) == []


def test_a_day_the_admin_made_a_working_day(database: Database, firm: Firm) -> None:
    database.write_now(lambda conn: settings.amend_day(conn, date(2026, 11, 28), True, "盘点"))
    assert len(planned(database, date(2026, 11, 28))) == 21


def test_leave_owes_nothing(database: Database, firm: Firm) -> None:
    def away(conn: Connection) -> None:
        for account in ("li", "zhang", "chen"):
            staff.take_leave(conn, firm.people[account], TODAY, TODAY, "leave")

    database.write_now(away)
    rows = planned(database)
    assert of(rows, firm, "li") == of(rows, firm, "zhang") == of(rows, firm, "chen") == []
    assert len(of(rows, firm, "zhao")) == 4


def test_own_hours(database: Database, firm: Firm) -> None:
    database.write_now(lambda conn: staff.add(conn, staff.Listed("late", "夜班", "一部", opens="12:00", closes="20:00")))
    who = database.read_now(lambda conn: firm.desk(conn, "lin").people())
    late = next(one for one in who if one.account == "late")
    database.write_now(lambda conn: staff.give_role(conn, late.id, "rep", TODAY, team_id=firm.teams["一部"]))
    firm.people["late"] = late.id
    rows = planned(database)
    assert of(rows, firm, "late") == [("morning", "11:40"), ("log_due", "19:00"), ("log_due", "19:45"), ("log_missing", "20:00")]
    assert of(rows, firm, "chen") == [("log_missing", "18:00"), ("digest", "18:20"), ("log_missing", "20:00")]


def test_a_firm_that_begins_at_noon_owes_no_morning_card(database: Database, firm: Firm) -> None:
    rows = planned(database, now=CALENDAR.at(TODAY, "12:30"))
    assert of(rows, firm, "li") == [("log_due", "17:00"), ("log_due", "17:45"), ("log_missing", "18:00")]


def test_nobody_has_left_nor_not_been_greeted(database: Database, firm: Firm) -> None:
    """Whoever has not said who they are hears nothing but the greeting."""
    planned(database)
    assert database.write_now(lambda conn: tick(conn, CALENDAR.at(TODAY, "08:40"), FIRM_ZONE)) == 0
    assert all(row.kind != "morning" for row in database.read_now(lambda conn: due.upcoming(conn, MIDNIGHT + END)))
