"""Claimed once, asked again, held back, merged, late or not at all; on both databases."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from conversations.desk import Desk
from conversations.types import Prompt
from rules.calendar import FIRM_ZONE, Calendar
from scheduler import kinds
from scheduler.plan import plan
from scheduler.reminders import promise
from scheduler.tick import tick
from storage import due, people, settings, shown, staff
from storage.database import Connection, Database
from storage.due import DueRow
from storage.shown import ShownRow
from tests.storage.firm import TODAY, Firm, in_firm

CALENDAR = Calendar()
TOMORROW = date(2026, 11, 25)


def at(clock: str, day: date = TODAY) -> datetime:
    return CALENDAR.at(day, clock)


@pytest.fixture
def firm(database: Database) -> Firm:
    firm = in_firm(database)
    database.write_now(lambda conn: [staff.mark_greeted(conn, id, at("07:00")) for id in firm.people.values()])
    return firm


def speak(database: Database, now: datetime) -> int:
    return database.write_now(lambda conn: tick(conn, now, FIRM_ZONE))


def said(database: Database, firm: Firm, account: str) -> list[ShownRow]:
    def read(conn: Connection) -> list[ShownRow]:
        talk = people.talk_of(conn, firm.people[account])
        assert talk is not None
        rows = [shown.shown(conn, talk.id, id) for id in range(1, 60)]
        return [row for row in rows if row is not None]

    return database.read_now(read)


def outcomes(database: Database) -> list[tuple[str, str]]:
    from sqlalchemy import text

    query = text("select kind, outcome from due where done_at is not null order by id")
    return database.read_now(lambda conn: [(row.kind, row.outcome) for row in conn.execute(query)])


def promised(database: Database, firm: Firm, remind: datetime, by: datetime, account: str = "li") -> int:
    def unit(conn: Connection) -> int:
        desk = firm.desk(conn, account, at("08:00"))
        case = desk.open_case("promise", "open", customer=firm.customers[account], at=by, what="报价")
        desk.remind("promise", str(case.id), remind, case=case.id)
        return case.id

    return database.write_now(unit)


def test_a_normal_day(database: Database, firm: Firm) -> None:
    """At most six messages nobody asked for; the log handed in ends them."""
    database.write_now(lambda conn: plan(conn, at("00:00"), FIRM_ZONE, TODAY))
    promised(database, firm, at("17:00"), at("18:00"))
    clocks = [f"{hour:02d}:{minute:02d}" for hour in range(7, 22) for minute in (0, 20, 40, 45)]
    counts = {clock: count for clock in sorted(clocks) if (count := speak(database, at(clock)))}
    assert counts == {"08:40": 4, "10:00": 3, "17:00": 5, "17:45": 4, "18:00": 6, "18:20": 3}
    mine = said(database, firm, "li")
    assert [row.lane for row in mine] == ["reminder"] * 4
    assert all(row.pushed for row in mine)
    assert mine[0].prompt.text.startswith("早，")
    assert mine[1].prompt.text == "答应客户的：li客户的报价，18:00 前答复。\n\n今天还没有记录。有漏记的现在补，没有就这样交。"
    assert [option.label for option in mine[1].prompt.options] == ["已答复", "晚一点", "补记拜访", "交陈主管"]
    assert said(database, firm, "chen")[-1].lane == "digest"
    assert outcomes(database).count(("log_due", "merged")) == 1
    assert speak(database, at("21:00")) == 0


def test_what_is_kept_is_not_said(database: Database, firm: Firm) -> None:
    case = promised(database, firm, at("17:00"), at("18:00"))
    database.write_now(lambda conn: firm.desk(conn, "li").move(case, None, "keep", "kept", closed=True))
    assert speak(database, at("17:00")) == 0
    assert said(database, firm, "li") == []
    assert outcomes(database) == [("promise", "moot")]


def test_said_once_however_often_it_ticks(database: Database, firm: Firm, connect: Callable[[], Database]) -> None:
    for minute in range(10):
        promised(database, firm, at(f"10:{minute:02d}"), at("18:00"))
    counts: list[int] = []
    threads = [threading.Thread(target=lambda replica=replica: counts.append(speak(replica, at("11:00")))) for replica in (database, connect())]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sum(counts) == 10
    assert speak(database, at("11:00")) == 0


class TestAfterAnOutage:
    def test_promises_always_and_marked_late(self, database: Database, firm: Firm) -> None:
        promised(database, firm, at("10:00"), at("18:00", TOMORROW))
        assert speak(database, at("09:30", TOMORROW)) == 1
        (row,) = said(database, firm, "li")
        assert row.prompt.text == "（本该昨天 10:00 提醒您，晚了一些）答应客户的：li客户的报价，18:00 前答复。"

    def test_a_digest_the_newest_only(self, database: Database, firm: Firm) -> None:
        for day in (date(2026, 11, 23), TODAY):
            database.write_now(lambda conn, day=day: plan(conn, at("00:00", day), FIRM_ZONE, day))
        speak(database, at("09:30", TOMORROW))
        (row,) = said(database, firm, "lin")
        assert "11 月 24 日：" in row.prompt.text
        assert outcomes(database).count(("digest", "dropped")) == 3

    def test_nudges_whose_moment_has_passed_not_at_all(self, database: Database, firm: Firm) -> None:
        database.write_now(lambda conn: plan(conn, at("00:00"), FIRM_ZONE, TODAY))
        assert speak(database, at("17:50")) == 4 + 3, "the duties that lack people are told all the same"
        assert [row.prompt.text[:9] for row in said(database, firm, "li")] == ["18:00 下班，"]
        assert outcomes(database).count(("morning", "dropped")) == 4


class TestPeace:
    def test_at_night_a_promise_waits_for_the_morning(self, database: Database, firm: Firm) -> None:
        promised(database, firm, at("22:00"), at("09:00", TOMORROW))
        assert speak(database, at("22:00")) == 0
        assert database.read_now(due.next_at) == at("07:30", TOMORROW)
        assert speak(database, at("07:30", TOMORROW)) == 1

    def test_the_firm_s_own_hours(self, database: Database, firm: Firm) -> None:
        database.write_now(lambda conn: settings.put(conn, "quiet_hours", "12:00-13:30", TODAY))
        promised(database, firm, at("12:15"), at("18:00"))
        assert speak(database, at("12:15")) == 0
        assert speak(database, at("13:30")) == 1

    def test_a_nudge_that_would_come_too_late_is_dropped(self, database: Database, firm: Firm) -> None:
        database.write_now(lambda conn: plan(conn, at("00:00"), FIRM_ZONE, TODAY))
        database.write_now(lambda conn: staff.mute(conn, talk_id(conn, firm, "li"), at("17:30")))
        speak(database, at("17:00"))
        assert said(database, firm, "li") == []
        assert speak(database, at("17:45")) == 4
        assert len(said(database, firm, "li")) == 1


def talk_id(conn: Connection, firm: Firm, account: str) -> int:
    talk = people.talk_of(conn, firm.people[account])
    assert talk is not None
    return int(talk.id)


class TestTrouble:
    def test_one_that_fails_takes_nobody_along(self, database: Database, firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
        """Its half-done writes are rolled back, the next tick tries again, and after a day it is given up."""
        bad = promised(database, firm, at("10:00"), at("18:00"))
        good = promised(database, firm, at("10:00"), at("18:00"), "zhang")

        def fails(desk: Desk, row: DueRow) -> Prompt | None:
            if row.case_id == bad:
                desk.audit("half", "done")
                raise RuntimeError("a bug")
            return promise.speak(desk, row)

        broken: Any = type("Broken", (), {**vars(promise), "speak": staticmethod(fails)})
        monkeypatch.setitem(kinds.BY_KIND, "promise", broken)
        assert good
        assert speak(database, at("10:00")) == 1
        assert speak(database, at("10:01")) == 0
        assert outcomes(database) == [("promise", "said")]
        monkeypatch.setitem(kinds.BY_KIND, "promise", promise)
        assert speak(database, at("10:02")) == 1
        assert len(said(database, firm, "li")) == 1

    def test_given_up_after_a_day(self, database: Database, firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
        promised(database, firm, at("10:00"), at("18:00"))
        monkeypatch.setattr(promise, "speak", lambda desk, row: 1 / 0)
        assert speak(database, at("11:00", TOMORROW)) == 0
        assert outcomes(database) == [("promise", "dropped")]

    def test_a_kind_of_newer_code_is_left_to_a_newer_replica(self, database: Database, firm: Firm) -> None:
        database.write_now(lambda conn: due.put(conn, "renewal", "1", at("10:00"), firm.people["li"], None, {}))
        assert speak(database, at("10:00")) == 0
        assert database.read_now(due.next_at) == at("10:00")
        assert speak(database, at("10:00", TOMORROW) + timedelta(minutes=1)) == 0
        assert outcomes(database) == [("renewal", "dropped")]

    def test_who_has_left_hears_nothing(self, database: Database, firm: Firm) -> None:
        promised(database, firm, at("10:00"), at("18:00"))
        database.write_now(lambda conn: staff.leaves(conn, firm.people["li"], "wu", at("08:30"), TODAY))
        assert speak(database, at("10:00")) == 0
        assert outcomes(database) == [("promise", "moot")]


def test_on_leave_the_supervisor_hears_of_the_promise(database: Database, firm: Firm) -> None:
    promised(database, firm, at("10:00"), at("18:00"))
    database.write_now(lambda conn: staff.take_leave(conn, firm.people["li"], TODAY, TODAY, "leave"))
    assert speak(database, at("10:00")) == 0
    assert speak(database, at("10:01")) == 1
    (row,) = said(database, firm, "chen")
    assert row.prompt.text.startswith("李强不在，答应客户的：")


def test_silent_customers_stand_in_the_morning_card(database: Database, firm: Firm) -> None:
    later = date(2026, 12, 9)

    def unit(conn: Connection) -> None:
        desk = firm.desk(conn, "li", at("10:00", later - timedelta(days=1)))
        fresh = desk.add_customer("上海新近有限公司", local=True)
        desk.file("CustomerVisit", 1, {}, customer=fresh.id)
        plan(conn, at("00:00", later), FIRM_ZONE, later)

    database.write_now(unit)
    speak(database, at("08:40", later))
    (row,) = said(database, firm, "li")
    assert row.prompt.text.splitlines()[-1] == "好久没联系：li客户 15 天。"
