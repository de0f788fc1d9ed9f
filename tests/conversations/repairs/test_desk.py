"""The desk in chat: a call in one line, the same one twice, whom to send, how it stands; nobody accepts, and running late (C-4.5.1)."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from conversations.repairs import intake, taking
from conversations.repairs.job import Job
from conversations.types import Prompt
from scheduler.reminders import house_rules, job_time, job_unaccepted
from storage import settings
from storage.database import Database
from storage.due import DueRow
from storage.tables import due
from storage.world import World
from tests.conversations.talk import CALENDAR, DAY, Talk, labels, text

FANG, WANG, LI, GAO, TIAN = "小方", "王师傅", "李师傅", "高经理", "田站长"
CALL = "报修 阳光苑3号楼502 厨房漏水 13800000502"


@pytest.fixture
def firm(database: Database) -> Talk:
    talk = Talk(database)
    talk.at("09:05")
    return talk


def newest(firm: Talk, who: str = FANG) -> Job:
    return firm.desk(who, lambda desk: desk.jobs(limit=1)[0])


def set_to(firm: Talk, name: str, value: object) -> None:
    firm.database.write_now(lambda conn: settings.put(conn, name, value, DAY))


def reminded(firm: Talk, module: object, kind: str, nth: int = -1) -> Prompt | None:
    """What the newest reminder of a kind says, at its own time."""
    rows = firm.database.write_now(lambda conn: [*conn.execute(select(due).where(due.c.kind == kind).order_by(due.c.at, due.c.id))])
    row = rows[nth]
    firm.now = max(firm.now, row.at)
    who = next(name for name, id in firm.ids.items() if id == row.person_id)
    made = DueRow(row.id, row.kind, row.key, row.at, row.person_id, row.case_id, row.args)
    return firm.desk(who, lambda desk: module.speak(desk, made))  # type: ignore[attr-defined]


def test_a_call_in_one_line_is_filed_with_one_tap_and_sent_with_one(firm: Talk) -> None:
    heard = firm.says(FANG, CALL)
    assert "阳光苑 3 号楼 502｜厨房漏水" in text(heard)
    assert labels(heard)[0] == "对，存下"
    told = firm.taps(FANG, "对，存下")
    assert "登记好了 【1124-01 阳光苑502】\n厨房漏水" in text(told)
    assert "/p/" in text(told)
    assert labels(told)[:2] == ["王师傅（手上 0 张）", "李师傅（手上 0 张）"]
    job = newest(firm)
    assert (job.trade, job.phone, job.caller, job.place, job.area_id is not None) == ("water", "13800000502", "刘女士", "home", True)
    assert "已派给王师傅" in text(firm.taps(FANG, "王师傅（手上 0 张）"))
    assert "接单" in labels([firm.last(WANG)])


@pytest.mark.parametrize(
    ("words", "card"),
    [
        ("阳光苑3号楼502 水龙头漏水", "阳光苑 3 号楼 502｜水龙头漏水"),
        ("跑水了 阳光苑3号楼502", "阳光苑 3 号楼 502｜跑水了"),
        ("有人困在电梯里了，阳光苑3号楼", "有人困在电梯里了"),
        ("阳光苑9号楼502 漏水", "没找到是哪里"),
    ],
)
def test_a_call_written_without_the_word_is_one(firm: Talk, words: str, card: str) -> None:
    assert card in text(firm.says(FANG, words))


def test_an_emergency_is_taken_whatever_is_being_filled_in(firm: Talk) -> None:
    firm.says(FANG, CALL)
    heard = text(firm.says(FANG, "跑水了 阳光苑3号楼301"))
    assert "前一张《报修登记》先放着了" in heard
    assert "阳光苑 3 号楼 301｜跑水了" in heard
    firm.taps(FANG, "对，存下")
    assert newest(firm).urgent == "跑水"
    assert "厨房漏水" in text(firm.says(FANG, "继续"))
    firm.taps(FANG, "对，存下")
    assert newest(firm).what == "厨房漏水"


def test_with_nobody_at_work_there_is_whom_to_ring_and_whom_to_send(firm: Talk) -> None:
    firm.at("06:30")
    firm.says(FANG, CALL)
    told = firm.taps(FANG, "对，存下")
    assert "现在没有师傅在班，请打给片区经理高经理 13900000004。" in text(told)
    assert labels(told) == ["派给不在班的"]
    assert "王师傅（不在班）" in labels(firm.taps(FANG, "派给不在班的"))


def test_what_is_no_call_stays_what_it_was(firm: Talk) -> None:
    assert "没看懂" in text(firm.says(FANG, "下午开会"))
    assert "没看懂" in text(firm.says(FANG, "阳光苑的会改到下午"))
    assert "没看懂" in text(firm.says(WANG, "跑水了 阳光苑3号楼502")) or not firm.desk(FANG, lambda desk: desk.jobs(limit=1))


def test_looked_up_without_words_the_open_ones_are_listed(firm: Talk) -> None:
    firm.says(FANG, CALL)
    firm.taps(FANG, "对，存下")
    assert "1124-01" in text(firm.says(FANG, "查单"))
    assert "1124-01" in text(firm.says(TIAN, "查单"))
    assert "没有您的单" in text(firm.says(WANG, "查单"))


@pytest.mark.parametrize(
    ("words", "what", "where", "clock"),
    [
        ("报修 春江里1-102 黄阿姨 插座没电", "插座没电", "春江里102", ""),
        ("报修：13800001201 明天上午10点 换锁芯", "换锁芯", "阳光苑1201", "11-25 10:00"),
        ("报修 阳光苑 5号楼 1201 马桶堵了，今天下午三点", "马桶堵了", "阳光苑1201", "11-24 15:00"),
    ],
)
def test_in_any_order(firm: Talk, words: str, what: str, where: str, clock: str) -> None:
    firm.says(FANG, words)
    firm.taps(FANG, "对，存下")
    job = newest(firm)
    assert (job.what, job.where) == (what, where)
    assert (f"{CALENDAR.local(job.at):%m-%d %H:%M}" if job.at else "") == clock


def test_the_same_thing_twice_is_asked_about(firm: Talk) -> None:
    firm.says(FANG, CALL)
    firm.taps(FANG, "对，存下")
    heard = firm.says(FANG, "报修 阳光苑3号楼502 厨房又漏水 13800000502")
    assert "这里报过了：1124-01 厨房漏水" in text(heard)


def test_what_is_not_the_firms_is_said(firm: Talk) -> None:
    heard = firm.says(FANG, "报修 紫金花园3号楼502 漏水")
    assert "没找到是哪里" in text(heard)
    assert firm.desk(FANG, lambda desk: len(desk.jobs(limit=5))) == 0


def test_an_emergency_rings_the_shift_in_the_same_second(firm: Talk) -> None:
    firm.says(FANG, "报修 阳光苑3号楼502 厨房跑水 13800000502")
    firm.taps(FANG, "对，存下")
    assert "紧急 跑水" in firm.last(WANG).text
    assert "紧急 跑水" in firm.last(LI).text


def test_others_register_nothing(firm: Talk) -> None:
    firm.says(WANG, CALL)
    firm.says("李强", CALL)
    assert firm.desk(FANG, lambda desk: len(desk.jobs(limit=5))) == 0


def test_searching_gives_a_sentence_to_read_aloud(firm: Talk) -> None:
    firm.says(FANG, CALL)
    firm.taps(FANG, "对，存下")
    firm.taps(FANG, "王师傅（手上 0 张）")
    firm.taps(WANG, "接单")
    for words in ("查单 13800000502", "单子 1124-01", "查单 阳光苑3-502", "派单 1124-01"):
        assert "王师傅 09:05 接单，预计 09:30 到。" in text(firm.says(FANG, words))
    assert "没有「13999999999」的报修" in text(firm.says(FANG, "查单 13999999999"))
    assert "【1124-01 阳光苑502】" in text(firm.says(FANG, "单子"))
    assert "没有等着派的单" in text(firm.says(FANG, "派单"))


@pytest.mark.parametrize(("how", "asked"), [("suggest", []), ("assign", [WANG]), ("offer", [WANG, LI])])
def test_sent_as_the_firm_has_set_it(firm: Talk, how: str, asked: list[str]) -> None:
    set_to(firm, "dispatch_how", how)
    firm.says(FANG, CALL)
    firm.taps(FANG, "对，存下")
    assert newest(firm).asked == {firm.ids[name] for name in asked}


def test_whom_to_send_is_the_freest_then_who_knows_the_trade(firm: Talk) -> None:
    firm.says(FANG, CALL)
    firm.taps(FANG, "对，存下")
    firm.taps(FANG, "王师傅（手上 0 张）")
    firm.taps(WANG, "接单")
    firm.says(FANG, "报修 阳光苑5-1201 插座没电")
    assert labels(firm.taps(FANG, "对，存下"))[0] == "李师傅（手上 0 张）"


def test_not_accepted_chased_then_offered_then_with_the_area_manager(firm: Talk) -> None:
    firm.says(FANG, CALL)
    firm.taps(FANG, "对，存下")
    firm.taps(FANG, "王师傅（手上 0 张）")
    first = reminded(firm, job_unaccepted, "job_unaccepted")
    assert first is not None
    assert "王师傅还没接单。已催一次。" in first.text
    assert "催一下，请接单" in firm.last(WANG).text
    second = reminded(firm, job_unaccepted, "job_unaccepted")
    assert second is not None
    assert "已发给在班的师傅" in second.text
    assert newest(firm).asked == {firm.ids[WANG], firm.ids[LI]}
    third = reminded(firm, job_unaccepted, "job_unaccepted")
    assert third is not None
    assert "已报片区经理" in third.text
    assert "没有师傅接单" in firm.last(GAO).text


def test_accepted_in_time_nothing_is_said(firm: Talk) -> None:
    firm.says(FANG, CALL)
    firm.taps(FANG, "对，存下")
    firm.taps(FANG, "王师傅（手上 0 张）")
    firm.taps(WANG, "接单")
    assert reminded(firm, job_unaccepted, "job_unaccepted") is None


def test_past_the_appointment_the_desk_rings_the_tenant(firm: Talk) -> None:
    firm.says(FANG, CALL + " 今天上午11点")
    firm.taps(FANG, "对，存下")
    firm.taps(FANG, "王师傅（手上 0 张）")
    firm.taps(WANG, "接单")
    late = reminded(firm, job_time, "job_time")
    assert late is not None
    assert "约了 11:00，王师傅还没到。请问 13900000001，再给客户说一声：刘女士 13800000502" in late.text
    job = newest(firm)
    assert job.data["late_at"]
    assert firm.desk(FANG, lambda desk: intake.late(desk, job)) == "过了约定 10 分钟"


def test_a_technician_who_will_be_late_says_so_with_one_tap(firm: Talk) -> None:
    firm.says(FANG, CALL + " 今天上午11点")
    firm.taps(FANG, "对，存下")
    firm.taps(FANG, "王师傅（手上 0 张）")
    firm.taps(WANG, "接单")
    firm.taps(WANG, "其他")
    firm.taps(WANG, "要晚到")
    assert "王师傅要晚到，预计 11:30。请给客户说一声：刘女士 13800000502" in firm.last(FANG).text
    assert "要晚一点，预计 11:30 到" in text(firm.says(FANG, "查单 1124-01"))


def test_a_tenants_complaint_goes_to_who_answers_for_it(firm: Talk) -> None:
    firm.says(FANG, "租户投诉 阳光苑3号楼502 师傅在屋里抽烟")
    assert "租户意见：师傅在屋里抽烟\n阳光苑 3 号楼 502 刘女士 13800000502" in firm.last(TIAN).text
    firm.taps(TIAN, "写结果")
    assert "这条结了" in text(firm.says(TIAN, "上门道歉，租户接受了"))
    assert firm.desk(FANG, lambda desk: desk.tenant_complaints(("closed",))[0].data["outcome"]) == "上门道歉，租户接受了"
    assert "已经结了" in text(firm.taps(TIAN, "写结果"))


def test_the_house_rules_are_confirmed_with_one_tap(firm: Talk) -> None:
    def put(desk: World) -> int:
        return desk.add_house_rules("2026 年 11 月版", "不抽烟。", desk.today).id

    firm.desk(GAO, put)
    shown = firm.says(WANG, "管理制度")
    assert "不抽烟" in text(shown)
    assert "记下了" in text(firm.taps(WANG, "看过了，照做"))
    assert "确认过了" in text(firm.says(WANG, "管理制度"))


def test_cancelled_everybody_asked_hears_why(firm: Talk) -> None:
    firm.says(FANG, CALL)
    firm.taps(FANG, "对，存下")
    firm.taps(FANG, "王师傅（手上 0 张）")
    job = newest(firm)
    firm.desk(FANG, lambda desk: taking.cancel(desk, job, job.rev, "租户说不修了"))
    assert "这张取消了：租户说不修了" in firm.last(WANG).text
    assert house_rules.KIND == "house_rules"
