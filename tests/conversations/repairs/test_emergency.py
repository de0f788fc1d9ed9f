"""Everybody on shift at once, then backup, area manager and station master at 1, 3 and 5 minutes; telephone calls count (C-4.5.1c)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from conversations.repairs import emergency
from rules.calendar import FIRM_ZONE
from scheduler.tick import tick
from storage.database import Database
from tests.conversations.repairs.test_technician import CALENDAR_DAY, FANG, GAO, LI, WANG, called, job
from tests.conversations.talk import Talk, labels, text

SUN, TIAN = "孙师傅", "田站长"


@pytest.fixture
def firm(database: Database) -> Talk:
    talk = Talk(database)
    talk.at("09:12")
    return talk


def raised(firm: Talk) -> int:
    id = called(firm, what="厨房跑水了")
    firm.desk(FANG, lambda desk: emergency.alarm(desk, desk.job(id)))  # type: ignore[arg-type]
    return id


def minutes(firm: Talk, *steps: int) -> Iterator[int]:
    start = firm.now
    for step in steps:
        firm.now = start + timedelta(minutes=step)
        firm.database.write_now(lambda conn: tick(conn, firm.now, FIRM_ZONE))
        yield step


def told(firm: Talk, who: str) -> bool:
    return any("紧急 跑水" in one.text for one in firm.prompts(who))


def test_the_word_makes_it_an_emergency(firm: Talk) -> None:
    id = raised(firm)
    assert job(firm, id).urgent == "跑水"
    assert [told(firm, who) for who in (WANG, LI, SUN, GAO, TIAN)] == [True, True, False, False, False]
    assert "请打给王师傅：13900000001" in firm.last(FANG).text
    assert labels([firm.last(FANG)]) == ["打通，他去", "没打通，下一位"]


def test_nobody_answers_and_the_whole_ladder_goes_out(firm: Talk) -> None:
    id = raised(firm)
    seen = [tuple(told(firm, who) for who in (SUN, GAO, TIAN)) for _ in minutes(firm, 0, 1, 3, 5)]
    assert seen == [(False, False, False), (True, False, False), (True, True, False), (True, True, True)]
    record = firm.desk(FANG, lambda desk: emergency.record(desk, desk.job(id)))  # type: ignore[arg-type]
    assert record.splitlines()[0].startswith("09:12:00 王师傅")
    assert "田站长" in record


def test_accepted_it_stops_climbing(firm: Talk) -> None:
    raised(firm)
    firm.later(seconds=20)
    firm.taps(WANG, "马上去")
    assert "王师傅 09:12 接了，\n您不用管了" in firm.last(LI).text
    assert [told(firm, GAO) for _ in minutes(firm, 1, 3, 5)] == [False, False, False]


def test_a_telephone_call_counts(firm: Talk) -> None:
    raised(firm)
    assert "请打给李师傅" in text(firm.taps(FANG, "没打通，下一位"))
    assert "李师傅去" in text(firm.taps(FANG, "打通，他去"))
    assert "电话里答应去了" in firm.last(LI).text
    assert [told(firm, GAO) for _ in minutes(firm, 1, 3, 5)] == [False, False, False]


def test_at_two_in_the_night_with_nobody_on_shift(firm: Talk) -> None:
    firm.at("02:00", CALENDAR_DAY)
    raised(firm)
    assert told(firm, WANG)
    assert told(firm, SUN)
    list(minutes(firm, 1, 3, 5))
    assert told(firm, GAO)
    assert told(firm, TIAN)


def test_all_that_was_missed_in_an_outage_goes_out_at_once(firm: Talk) -> None:
    raised(firm)
    list(minutes(firm, 30))
    assert [told(firm, who) for who in (SUN, GAO, TIAN)] == [True, True, True]
