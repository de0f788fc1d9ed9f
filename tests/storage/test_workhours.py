"""A person's own hours hold from their day on: days before keep theirs, reminders move from that day (A-1.2, A-3.3.6)."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, update

from conversations import keeping
from conversations.desk import NotAllowed
from rules.calendar import FIRM_ZONE
from scheduler.plan import owed_on
from storage import audit, people
from storage.database import Database
from storage.tables import person
from tests import office_files
from tests.bot.test_intake import Bench
from tests.storage.firm import NOW, TODAY, Firm, in_firm

FROM = date(2026, 12, 1)
BEFORE = FROM - timedelta(days=1)


@pytest.fixture
def firm(database: Database) -> Firm:
    return in_firm(database)


def own(conn: Connection, firm: Firm, day: date) -> tuple[str, str]:
    who = people.one(conn, firm.people["li"], day)
    return (who.opens, who.closes) if who else ("", "")


def reminded(conn: Connection, firm: Firm, day: date) -> set[str]:
    """Clock times of the day's reminders to her."""
    return {f"{one.kind} {one.at.astimezone(FIRM_ZONE):%H:%M}" for one in owed_on(conn, FIRM_ZONE, day) if one.person == firm.people["li"]}


def test_from_the_day_on(database: Database, firm: Firm) -> None:
    li = firm.people["li"]
    database.write_now(lambda conn: firm.desk(conn, "wu").set_hours(li, "08:00", "17:00", FROM))

    def look(conn: Connection) -> None:
        assert own(conn, firm, TODAY) == own(conn, firm, BEFORE) == ("09:00", "18:00")
        assert own(conn, firm, FROM) == own(conn, firm, FROM + timedelta(days=300)) == ("08:00", "17:00")
        assert {"morning 08:40", "log_missing 18:00"} <= reminded(conn, firm, BEFORE)
        assert {"morning 07:40", "log_missing 17:00"} <= reminded(conn, firm, FROM)
        desk = firm.desk(conn, "li", now=NOW + timedelta(days=30))
        assert (desk.me.closes, desk.hours_on(li, BEFORE), desk.hours_on(li, FROM)) == ("17:00", ("09:00", "18:00"), ("08:00", "17:00"))
        assert [(one.since, one.opens) for one in firm.desk(conn, "wu").hours_coming(li)] == [(FROM, "08:00")]

    database.read_now(look)


def test_what_is_set_for_a_later_day_has_the_hours_of_that_day(database: Database, firm: Firm) -> None:
    li, mine = firm.people["li"], firm.customers["li"]
    database.write_now(lambda conn: firm.desk(conn, "wu").set_hours(li, "08:00", "17:00", FROM))

    def set_(conn: Connection) -> list[str]:
        desk = firm.desk(conn, "li")
        customer, found = desk.customer(mine), []
        for day in (TODAY + timedelta(days=1), FROM):
            if customer is not None:
                keeping.set_(desk, customer, day)
            (touch,) = desk.cases("touch", customer=mine)
            found.append(f"{touch.at.astimezone(FIRM_ZONE):%m-%d %H:%M}" if touch.at else "")
        return found

    assert database.write_now(set_) == ["11-25 09:00", "12-01 08:00"]


def test_back_to_the_firm_s_and_changed_before_it_began(database: Database, firm: Firm) -> None:
    li, later = firm.people["li"], FROM + timedelta(days=7)

    def twice(conn: Connection) -> None:
        desk = firm.desk(conn, "wu")
        desk.set_hours(li, "08:00", "17:00", FROM)
        desk.set_hours(li, "10:00", "19:00", FROM)
        desk.set_hours(li, "", "", later)
        desk.set_rule("closes", "17:30", later)

    database.write_now(twice)
    assert database.read_now(lambda conn: own(conn, firm, FROM)) == ("10:00", "19:00")
    assert database.read_now(lambda conn: own(conn, firm, later)) == ("09:00", "17:30")
    database.write_now(lambda conn: firm.desk(conn, "wu").withdraw_hours(li, later))
    assert database.read_now(lambda conn: own(conn, firm, later)) == ("10:00", "19:00")
    assert database.read_now(audit.verify) is None


def test_what_cannot_be(database: Database, firm: Firm) -> None:
    li = firm.people["li"]
    for account, opens, closes, since in (
        ("wu", "08:00", "17:00", TODAY - timedelta(days=1)),
        ("wu", "17:00", "08:00", FROM),
        ("wu", "17:00", "", FROM),
        ("wu", "", "", FROM),
        ("chen", "08:00", "17:00", FROM),
        ("li", "08:00", "17:00", FROM),
    ):
        with pytest.raises(NotAllowed):
            database.write_now(lambda conn, row=(account, opens, closes, since): firm.desk(conn, row[0]).set_hours(li, *row[1:]))
    database.write_now(lambda conn: firm.desk(conn, "wu").set_hours(li, "08:00", "17:00", TODAY))
    with pytest.raises(NotAllowed, match="已经生效"):
        database.write_now(lambda conn: firm.desk(conn, "wu").withdraw_hours(li, TODAY))


async def test_a_list_changes_them_from_today(database: Database, tmp_path: Path) -> None:
    bench = Bench(database, tmp_path)
    keep = update(person).where(person.c.account == "li").values(opens="08:30", closes="17:30")
    bench.database.write_now(lambda conn: conn.execute(keep).rowcount)
    file = office_files.book(("人员", [["姓名", "上班", "下班"], ["李强", "10:00", "19:00"]]))
    run = await bench.bring(file)
    assert bench.database.read_now(lambda conn: own(conn, bench.firm, TODAY - timedelta(days=1))) == ("08:30", "17:30")
    assert bench.database.read_now(lambda conn: own(conn, bench.firm, TODAY)) == ("10:00", "19:00")
    assert (await bench.look(file)).count("same") == 1
    again = await bench.bring(office_files.book(("人员", [["姓名", "上班", "下班"], ["李强", "10:00", "20:00"]])))
    assert bench.database.read_now(lambda conn: own(conn, bench.firm, TODAY)) == ("10:00", "20:00")
    assert await bench.intake.undo(again) == []
    assert await bench.intake.undo(run) == []
    assert bench.database.read_now(lambda conn: own(conn, bench.firm, TODAY)) == ("08:30", "17:30")
