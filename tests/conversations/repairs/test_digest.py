"""The morning page of the area manager and the station master: only what is open, exceptions first (C-3.1, C-4.6)."""

from __future__ import annotations

from datetime import date

import pytest

from bot import demo_station
from conversations.digests import evening
from conversations.digests.page import LINES, SIGNS
from conversations.repairs import dispatch, outside, visit
from conversations.types import Prompt
from storage import websessions
from storage.database import Database
from storage.repairs import stations
from tests.conversations.repairs.test_customer import agreed, content, through
from tests.conversations.repairs.test_evening import NEXT, clock, closed, public
from tests.conversations.repairs.test_technician import FANG, GAO, WANG, job, sent
from tests.conversations.talk import DAY, Talk, labels

TIAN = "田站长"


@pytest.fixture
def firm(database: Database) -> Talk:
    talk = Talk(database)
    talk.at("09:05")
    for name in (*(one.name for one in demo_station.HANDS), "林经理"):
        account = talk.person(name).account
        database.write_now(lambda conn, name=name, account=account: websessions.settle(conn, talk.ids[name], account))
    return talk


def morning(firm: Talk, who: str = GAO) -> Prompt:
    firm.at("09:00", NEXT)
    found = firm.desk(who, lambda desk: evening.compose(desk, DAY))
    assert found is not None
    assert len(found.text.splitlines()) <= LINES
    assert len(found.text) <= SIGNS
    return found


def test_a_quiet_day_is_figures_only(firm: Talk) -> None:
    public(firm)
    for tap, who in (("交给客服", WANG), ("全部收下", FANG)):
        if who == WANG:
            firm.says(WANG, "交单")
        firm.taps(who, tap)
    firm.says(FANG, "对单")
    firm.taps(FANG, "归档")
    assert morning(firm).text == (
        "东区 11 月 24 日：今天没有要您处理的事。\n报修 1，完成 1，接单 0 分钟，到场 0 分钟，一次修好 100%，返工 0%，收费疑问 0，超时 0，求助 0。"
    )


def test_who_has_no_repairs_hears_nothing(firm: Talk) -> None:
    firm.at("09:00", NEXT)
    assert firm.desk(GAO, lambda desk: evening.compose(desk, DAY)) is None


def test_safety_and_money_come_first(firm: Talk) -> None:
    closed(firm)  # paper and cash stay in his hands
    firm.at("09:30")
    id = sent(firm, where="阳光苑1201", what="跑水了", urgent="跑水", phone="13800001201")
    firm.at("09:42")
    firm.taps(WANG, "马上去")
    firm.desk(WANG, lambda desk: visit.arrive(desk, desk.job(id), None))  # type: ignore[arg-type]
    lines = morning(firm).text.splitlines()
    assert lines[1] == "1 紧急 1124-02 阳光苑1201（王师傅） 跑水：09:30 派出，12 分钟才到"
    assert lines[2] == "2 王师傅 手里还有 1 张单、钱 35 元没交客服"


def test_what_waits_for_a_decision_is_decided_on_the_page(firm: Talk) -> None:
    id = agreed(firm)
    firm.desk(WANG, lambda desk: visit.unmet(desk, desk.job(id), "缺配件"))  # type: ignore[arg-type]
    page = morning(firm)
    assert "没修好：缺配件，等您定" in page.text
    assert {"到此为止 1124-01", "再去一趟"} <= set(labels([page]))
    assert "等片区经理定" in morning(firm, TIAN).text


def test_the_comparison_says_what_is_open(firm: Talk) -> None:
    public(firm)
    firm.at("17:40")
    firm.says(FANG, "对单")
    firm.taps(FANG, "明天补")
    firm.taps(FANG, "归档")
    assert "11 月 24 日对单：缺单 1 张（1124-01）" in morning(firm).text


def test_asking_who_still_has_it(firm: Talk) -> None:
    closed(firm)
    clock(firm, "09:00", NEXT)
    assert sum("东区 11 月 24 日" in one.text for one in firm.prompts(GAO)) == 1
    firm.taps(GAO, "问王师傅")
    assert "高经理问：\n1 张单、钱 35 元\n还没交客服，\n今天请交一下。" in firm.last(WANG).text
    assert firm.last(GAO).text.startswith("已问王师傅，请等回话。")


def test_one_digest_a_day_across_all_roles(firm: Talk) -> None:
    """A manager who also sees to an area has it all on the evening's page."""
    id = content(firm)
    through(firm, "sign", lambda desk, here: outside.doubted(desk, here))
    assert job(firm, id).state == "fee_pending"
    boss = "林经理"
    firm.database.write_now(lambda conn: stations.give_role(conn, firm.ids[boss], "area_manager", date(2026, 1, 1)))
    clock(firm, "09:10", DAY)
    firm.at("18:20")
    page = firm.desk(boss, lambda desk: evening.compose(desk, DAY))
    assert page is not None
    assert page.text.splitlines()[1].startswith("1 1124-01 阳光苑502（王师傅） 刘女士对收费有疑问 35.00 元")
    assert "报修 1" in page.text
    clock(firm, "18:20", DAY)
    assert len([one for one in firm.prompts(boss) if "对收费有疑问 35.00 元" in one.text]) == 1


def test_help_is_counted_and_costs_nothing(firm: Talk) -> None:
    id = sent(firm)
    firm.taps(WANG, "接单")
    firm.desk(WANG, lambda desk: visit.support(desk, desk.job(id)))  # type: ignore[arg-type]
    firm.desk(FANG, lambda desk: dispatch.tell_desk(desk, desk.job(id), "知道了"))  # type: ignore[arg-type]
    found = firm.desk(GAO, lambda desk: desk.repair_figures(DAY, DAY))
    assert (found.jobs, found.supported, found.late, found.reworked) == (1, 1, 0, 0)


def test_ratings_and_rework_are_counted_by_the_database(firm: Talk) -> None:
    id = closed(firm)
    firm.desk(FANG, lambda desk: desk.note_job(id, "rate", rating=4))
    found = firm.desk(GAO, lambda desk: desk.repair_figures(DAY, DAY))
    assert (found.closed, found.first_time, found.rated, found.stars) == (1, 1, 1, 4.0)
    west = firm.desk("唐经理", lambda desk: desk.repair_figures(DAY, DAY))
    assert (west.jobs, west.rated) == (0, 0)
