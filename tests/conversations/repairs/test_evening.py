"""The evening: gaps, one tap to hand over, one to receive, differences kept; then the comparison and the archive (C-4.6)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot import demo_station
from conversations.repairs import evening, outside, printed, reconcile
from rules.calendar import FIRM_ZONE
from scheduler.plan import plan
from scheduler.tick import tick
from storage import websessions
from storage.database import Database
from storage.repairs import stations
from tests.conversations.repairs.test_customer import content, through
from tests.conversations.repairs.test_technician import FANG, GAO, WANG, job, sent
from tests.conversations.talk import DAY, Talk, labels, text


@pytest.fixture
def firm(database: Database) -> Talk:
    talk = Talk(database)
    talk.at("09:05")
    for one in demo_station.HANDS:
        database.write_now(lambda conn, one=one: websessions.settle(conn, talk.ids[one.name], one.account))
    return talk


NEXT = date(2026, 11, 25)


def public(firm: Talk, nth: int = 0, **changed: object) -> int:
    """Short, free, and signed through a link."""
    id = sent(firm, place="public", where="阳光苑楼道", address="阳光苑 3 号楼楼道", what="楼道灯不亮", trade="power", caller="", phone="", **changed)
    for tap in ("接单", "到了"):
        firm.taps(WANG, tap)
    firm.sends(WANG, f"p{nth}")
    firm.taps(WANG, "灯坏了")
    firm.sends(WANG, f"q{nth}")
    firm.taps(WANG, "三次都正常")
    through(firm, "sign", lambda desk, here: outside.signed(desk, here, "老陈"))
    return id


def closed(firm: Talk, how: str = "现金") -> int:
    id = content(firm)
    through(firm, "sign", lambda desk, here: outside.signed(desk, here, "刘女士"))
    firm.taps(WANG, how)
    return id


def clock(firm: Talk, at: str, day: date = DAY) -> None:
    firm.at(at, day)
    firm.database.write_now(lambda conn: plan(conn, firm.now, FIRM_ZONE, day))
    firm.database.write_now(lambda conn: tick(conn, firm.now, FIRM_ZONE))


def test_an_hour_before_the_end_only_what_is_missing_is_said(firm: Talk) -> None:
    closed(firm)
    clock(firm, "17:00")
    before = len(firm.prompts(WANG))
    id = sent(firm, where="阳光苑1201", phone="13800001201")
    firm.taps(WANG, "接单")
    firm.sends(WANG, "c1")
    assert len(firm.prompts(WANG)) > before
    card = firm.desk(WANG, evening.card)
    assert f"没办完的：\n{job(firm, id).number} 已到" in card.text


def test_one_tap_hands_over_and_one_receives(firm: Talk) -> None:
    closed(firm)
    clock(firm, "17:30")
    assert firm.last(WANG).text == "1 张单、钱 35 元。"
    heard = firm.taps(WANG, "交给客服")
    assert "17:30 交给小方了：\n1 张单、钱 35 元。" in text(heard)
    assert "王师傅交来：1 张单、钱 35 元。" in firm.last(FANG).text
    assert labels([firm.last(FANG)])[:2] == ["全部收下", "数目不对 35 元"]
    assert "收下了：1 张单、钱 35 元。" in text(firm.taps(FANG, "全部收下"))
    assert "小方 17:30 点收了" in firm.last(WANG).text
    assert "已经点收过了" in text(firm.taps(FANG, "全部收下"))
    assert "收不回来了" in text(firm.taps(WANG, "收回"))


def test_money_is_taken_as_counted(firm: Talk) -> None:
    closed(firm)
    clock(firm, "17:30")
    firm.taps(WANG, "交给客服")
    firm.taps(FANG, "数目不对 35 元")
    firm.says(FANG, "30")
    assert "比说的少 5 元" in firm.last(WANG).text
    held = firm.desk(FANG, lambda desk: [one.amount for one in desk.things(holder=desk.me.id, kind="cash")])
    assert held == [3000]


def test_before_it_is_received_it_can_come_back(firm: Talk) -> None:
    closed(firm)
    clock(firm, "17:30")
    firm.taps(WANG, "交给客服")
    assert "收回来了" in text(firm.taps(WANG, "收回"))
    assert "已经点收过了" in text(firm.taps(FANG, "全部收下"))


def test_one_that_did_not_come_stays_with_the_giver(firm: Talk) -> None:
    closed(firm)
    clock(firm, "17:30")
    firm.taps(WANG, "交给客服")
    firm.taps(FANG, "有一件没收到")
    firm.taps(FANG, f"没收到 010-{'1124-01'}")
    assert "小方说没收到：\n010-1124-01" in firm.last(WANG).text
    assert {one.kind for one in firm.desk(WANG, evening.held)} == {"paper"}


def test_not_handed_over_at_close_and_the_area_manager_knows(firm: Talk) -> None:
    closed(firm)
    clock(firm, "18:00")
    assert "下班了，还没交：\n1 张单、钱 35 元。" in firm.last(WANG).text
    assert "王师傅还有 1 张单、钱 35 元没交客服" in firm.last(GAO).text


def test_the_desk_compares_and_files(firm: Talk) -> None:
    closed(firm)
    clock(firm, "17:30")
    assert "相符 0 张，要看 1 张" in text(firm.says(FANG, "对单"))
    firm.taps(WANG, "交给客服")
    firm.taps(FANG, "全部收下")
    heard = firm.says(FANG, "对单")
    assert "相符 1 张，都对上了" in text(heard)
    assert "归档了，共 1 张，档号 20261124-01" in text(firm.taps(FANG, "归档"))
    assert "已归档" in text(firm.says(FANG, "对单"))
    assert [one.holder_kind for one in firm.desk(FANG, lambda desk: desk.things(kind="paper"))] == ["closed"]


def test_a_missing_one_needs_a_reason_before_filing(firm: Talk) -> None:
    closed(firm)
    clock(firm, "17:30")
    assert "缺单" in text(firm.says(FANG, "对单"))
    assert "另 1 张写了原因，可以归档" in text(firm.taps(FANG, "明天补"))
    assert "归档了" in text(firm.taps(FANG, "归档"))


def test_only_the_desk_compares(firm: Talk) -> None:
    assert "对单由客服来做" in text(firm.says(WANG, "对单"))


def test_a_digital_paper_is_only_a_number_money_is_counted(firm: Talk) -> None:
    closed(firm)
    public(firm)
    clock(firm, "17:30")
    firm.taps(WANG, "交给客服")
    card = firm.last(FANG)
    assert "电子单 2 张，都和登记对上了。" in card.text
    assert "请点一下：\n钱 35.00 元" in card.text
    assert "单上写的不一样" not in labels([card])


def test_the_register_changed_after_the_signature_and_it_shows(firm: Talk) -> None:
    """The paper is what was signed, word for word; not the record as it is now."""
    id = closed(firm)
    firm.desk(FANG, lambda desk: desk.note_job(id, "correct", address="阳光苑 3 号楼 602"))
    clock(firm, "17:30")
    firm.taps(WANG, "交给客服")
    assert "（和登记对不上）" in firm.last(FANG).text
    firm.taps(FANG, "全部收下")
    assert "不一致（地址：登记 阳光苑 3 号楼 602，单上 阳光苑 3 号楼 502）" in text(firm.says(FANG, "对单"))


def test_a_paper_without_a_request_is_one_too_many(firm: Talk) -> None:
    public(firm)
    firm.says(WANG, "交单")
    firm.taps(WANG, "还有一张纸单")
    assert "2 张单" in text(firm.says(WANG, "3 号楼 401"))
    firm.taps(WANG, "交给客服")
    assert "纸单 3 号楼 401（纸单，报修里没有）" in firm.last(FANG).text
    firm.taps(FANG, "全部收下")
    heard = text(firm.taps(FANG, "对单"))
    assert "纸单 3 号楼 401 多单（报修记录表里没有这一单）" in heard
    assert "另 1 张写了原因，可以归档" in text(firm.taps(FANG, "核对过，没问题"))
    assert "共 2 张" in text(firm.taps(FANG, "归档"))


def test_what_the_paper_says_otherwise_is_kept_in_words(firm: Talk) -> None:
    id = public(firm)
    firm.desk(FANG, lambda desk: desk.note_job(id, "original", original="a" * 64))
    firm.says(WANG, "交单")
    firm.taps(WANG, "交给客服")
    firm.taps(FANG, "单上写的不一样")
    firm.taps(FANG, "009-1124-01")
    firm.taps(FANG, "时间")
    firm.says(FANG, "11 月 23 日")
    firm.taps(FANG, "全部收下")
    assert "不一致（时间：单上写的是 11 月 23 日）" in text(firm.says(FANG, "对单"))
    firm.taps(FANG, "请片区经理定")
    assert "1124-01 不一致（时间：单上写的是 11 月 23 日），请看一下" in firm.last(GAO).text


def test_finished_after_the_hand_over_it_is_on_tomorrow_s_list(firm: Talk) -> None:
    firm.at("17:40")
    public(firm)
    clock(firm, "18:00")
    assert "下班了" not in firm.last(WANG).text
    assert "没有要对的单" in text(firm.says(FANG, "对单"))
    firm.at("10:00", NEXT)
    assert "1124-01 缺单" in text(firm.says(FANG, "对单"))


def test_handed_over_all_the_same_it_is_of_today(firm: Talk) -> None:
    firm.at("17:40")
    public(firm)
    firm.says(WANG, "交单")
    firm.taps(WANG, "交给客服")
    firm.taps(FANG, "全部收下")
    assert "相符 1 张，都对上了" in text(firm.says(FANG, "对单"))
    firm.at("10:00", NEXT)
    assert "没有要对的单" in text(firm.says(FANG, "对单"))


def test_what_is_to_come_tomorrow_is_on_tomorrow_s_list_again(firm: Talk) -> None:
    public(firm)
    clock(firm, "17:30")
    firm.says(FANG, "对单")
    firm.taps(FANG, "明天补")
    assert "缺单，请明天补给小方" in firm.last(WANG).text
    firm.taps(FANG, "归档")
    clock(firm, "10:00", NEXT)
    assert "1124-01 缺单" in text(firm.says(FANG, "对单"))
    firm.says(WANG, "交单")
    firm.taps(WANG, "交给客服")
    firm.taps(FANG, "全部收下")
    firm.says(FANG, "对单")
    assert "共 1 张，档号 20261125-01" in text(firm.taps(FANG, "归档"))


def test_a_lost_paper_is_in_nobody_s_hands(firm: Talk) -> None:
    public(firm)
    clock(firm, "17:30")
    firm.says(FANG, "对单")
    assert "相符 0 张，另 1 张写了原因，可以归档" in text(firm.taps(FANG, "单丢了，已补写"))  # found it is not, nor called so
    assert not firm.desk(WANG, evening.held)
    now = firm.desk(FANG, lambda desk: reconcile.of(desk, DAY))
    assert (now.matched, now.waiting, list(now.reasons.values())) == (0, [], ["单丢了，已补写"])


def test_two_of_the_desk_share_the_day(firm: Talk) -> None:
    """A second colleague sees the same case, goes on with it and files what the first received."""
    public(firm)
    clock(firm, "17:30")
    firm.taps(WANG, "交给客服")
    firm.taps(FANG, "全部收下")
    other = firm.ids["许姐"]
    firm.database.write_now(lambda conn: stations.give_role(conn, other, "service_desk", date(2026, 1, 1)))
    assert "相符 1 张" in text(firm.says("许姐", "对单"))
    assert "归档了" in text(firm.taps("许姐", "归档"))
    assert "已归档" in text(firm.says(FANG, "对单"))


def test_a_technician_cannot_receive_for_the_desk(firm: Talk) -> None:
    closed(firm)
    clock(firm, "17:30")
    firm.taps(WANG, "交给客服")
    heard = firm.token(WANG, f"a.take_papers.{firm.ids[WANG]}")
    assert "已经点收过了" in text(heard)  # nothing is offered to him
    assert {one.to_id for one in firm.desk(WANG, lambda desk: desk.things(holder=desk.me.id))} == {firm.ids[FANG]}


def test_the_escalation_is_said_once(firm: Talk) -> None:
    closed(firm)
    clock(firm, "18:00")
    clock(firm, "18:20")
    assert sum("没交客服" in one.text for one in firm.prompts(GAO)) == 1


def test_a_key_goes_out_and_comes_back(firm: Talk) -> None:
    firm.says(FANG, "发钥匙")
    firm.says(FANG, "301")
    firm.taps(FANG, "王师傅")
    assert "阳光苑301的钥匙，\n小方交给您了。" in firm.last(WANG).text
    assert "等点收" in text(firm.says(FANG, "钥匙"))
    firm.taps(WANG, "收到")
    assert "阳光苑301 钥匙：王师傅" in text(firm.says(FANG, "钥匙"))
    firm.says(FANG, "发钥匙")
    firm.says(FANG, "301")
    assert "钥匙现在在王师傅那里" in text(firm.taps(FANG, "李师傅"))
    clock(firm, "17:30")
    assert "钥匙 1 把" in firm.last(WANG).text
    firm.taps(WANG, "交给客服")
    firm.taps(FANG, "全部收下")
    assert "阳光苑301 钥匙：小方" in text(firm.says(FANG, "钥匙"))


def test_a_flat_that_is_lived_in_has_no_key_with_us(firm: Talk) -> None:
    firm.says(FANG, "发钥匙")
    firm.says(FANG, "502")
    assert "有人住，不用发钥匙" in text(firm.taps(FANG, "王师傅"))


def test_the_register_comes_as_picture_and_file(firm: Talk) -> None:
    closed(firm)
    heard = firm.says(FANG, "报修记录表")
    assert "报修记录表 2026 年 11 月 24 日\n共 1 单，完成 1 单，收费 35.00 元" in text(heard)
    assert len(heard[-1].attach) == 2
    assert "由客服和片区经理来看" in text(firm.says(WANG, "报修记录表"))


def test_the_paper_of_a_closed_job_goes_to_technician_and_desk(firm: Talk) -> None:
    closed(firm)
    assert len(firm.last(WANG).attach) == 2
    assert len(firm.last(FANG).attach) == 2
    assert "修好了，已签名" in firm.last(FANG).text


def test_a_name_that_cannot_be_printed_is_said(firm: Talk) -> None:
    id = content(firm)
    firm.desk(FANG, lambda desk: desk.note_job(id, "correct", caller="刘𠮷"))
    through(firm, "sign", lambda desk, here: outside.signed(desk, here, "刘𠮷"))
    assert "「𠮷」印不出来" in text(firm.taps(WANG, "现金"))
    assert "「𠮷」印不出来" in firm.last(FANG).text
    assert job(firm, id).state == "closed"


def test_free_at_home_on_the_paper_the_firm_has_set(firm: Talk) -> None:
    here = job(firm, sent(firm))
    assert printed.form_of(here) == "009"
    assert printed.form_of(here, "010") == "010"
    assert printed.form_of(replace(here, place="public"), "010") == "009"
    assert printed.form_of(replace(here, paid=True)) == "010"


def test_a_day_without_jobs_has_nothing_to_compare(firm: Talk) -> None:
    (said,) = firm.says(FANG, "对单")
    assert "没有要对的单" in said.text
    assert not said.options
