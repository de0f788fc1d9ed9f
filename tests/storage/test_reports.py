"""Figures as the database counts them, against a second count from the audit chain; each line opens; funnel and yield."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Connection

from rules.calendar import Calendar
from rules.figures import Tally
from storage import audit, reports
from storage.database import Database
from tests.storage.firm import Firm, found
from tests.storage.month import FIRST, LAST, REPS, Month
from tests.storage.recount import recount

CALENDAR = Calendar()
KEYS = ("visits", "calls", "new_customers", "logs", "promises", "requests")
NOW = CALENDAR.at(date(2026, 12, 3), "09:30")


@pytest.fixture
def firm(database: Database) -> Firm:
    return database.write_now(found)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_month_recounted_from_the_audit_chain(database: Database, firm: Firm, seed: int) -> None:
    """Whatever the month was, both ways come to the same numbers (A-2.1)."""
    Month(database, firm, seed).work()

    def both(conn: Connection) -> None:
        assert audit.verify(conn) is None
        for first, last in ((date(2026, 11, 1), date(2026, 11, 30)), (date(2026, 11, 9), date(2026, 11, 15))):
            ours = reports.tallies(conn, None, first, last, CALENDAR)
            theirs = recount(conn, first, last)
            for account in REPS:
                mine = ours.get(firm.people[account], {})
                assert {key: mine.get(key, Tally()).counted for key in KEYS} == {key: theirs[account][key] for key in KEYS}, account
        whole = recount(conn, FIRST, LAST)
        assert all(sum(one[key] for one in whole.values()) for key in KEYS), whole  # nothing was compared with nothing

    database.read_now(both)
