"""What people say about themselves, and what there is for those who neither visit nor receive (A-1.3, A-1.5)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from storage import invitations, staff, websessions
from storage.database import Connection
from tests.conversations.talk import DAY, Talk, labels, text

LI, ZHAO, CHEN, LIN, WU, ZHOU = "李强", "赵磊", "陈主管", "林经理", "小吴", "周姐"


@pytest.mark.parametrize("words", ["网页版", "电脑上用"])
def test_a_link_to_log_in_with_for_ten_minutes_and_once(firm_on_either: Talk, words: str) -> None:
    firm = firm_on_either
    token = re.search(r"#in=([\w-]{43})$", text(firm.says(LI, words)))
    other = re.search(r"#in=([\w-]{43})$", text(firm.says(LI, words)))
    assert token is not None
    assert other is not None

    def used(conn: Connection, token: str) -> int | None:
        assert invitations.redeem_token(conn, token, firm.now) is None, "a browser's, and no other device's"
        invited = invitations.redeem_token(conn, token, firm.now, web=True)
        return invited.person_id if invited else None

    firm.later(minutes=9, seconds=59)
    assert [firm.database.write_now(lambda conn: used(conn, token[1])) for _ in range(2)] == [firm.ids[LI], None]
    firm.later(seconds=1)
    assert firm.database.write_now(lambda conn: used(conn, other[1])) is None


def test_no_link_after_leaving(firm: Talk) -> None:
    token = re.search(r"#in=([\w-]{43})$", text(firm.says(LI, "网页版")))
    assert token is not None
    firm.database.write_now(lambda conn: staff.leaves(conn, firm.ids[LI], "wu", firm.now, DAY))
    assert firm.database.write_now(lambda conn: invitations.redeem_token(conn, token[1], firm.now, web=True)) is None
    assert "停用" in text(firm.says(LI, "网页版"))


def test_cards_or_text_by_a_word(firm: Talk) -> None:
    assert "用文字" in text(firm.says(LI, "用文字"))
    assert firm.person(LI).cards == "text"
    firm.says(LI, "用卡片")
    assert firm.person(LI).cards == "cards"


def test_not_me_can_be_taken_back(firm: Talk) -> None:
    assert "点错了就回「是我」" in text(firm.says(LI, "这不是我"))
    assert labels([firm.last(WU)]) == ["断开这些设备", "核对过，没问题"]
    assert "好的，李强。" in text(firm.says(LI, "是我"))
    assert "又说是本人" in firm.last(WU).text
    count = len(firm.prompts(WU))
    firm.says(LI, "是我")
    assert len(firm.prompts(WU)) == count
    firm.later(minutes=5)
    firm.says(LI, "不是我")
    assert "说自己不是李强" in firm.last(WU).text


def test_the_admin_cuts_the_devices_off(firm: Talk) -> None:
    firm.database.write_now(lambda conn: websessions.begin(conn, firm.ids[LI], "cookie", firm.now, firm.now + timedelta(days=9), DAY))
    firm.says(LI, "这不是我")
    assert "邀请 李强" in text(firm.taps(WU, "断开这些设备"))
    assert firm.database.read_now(lambda conn: websessions.by_token(conn, "cookie", firm.now, DAY)) is None


@pytest.mark.parametrize("who", [WU, ZHOU])
@pytest.mark.parametrize("words", ["今天", "明天", "日志", "菜单", "谁没交"])
def test_who_neither_visits_nor_receives_is_shown_what_there_is(firm: Talk, who: str, words: str) -> None:
    said = text(firm.says(who, words))
    assert ("邀请 王芳 市场员" if who == WU else "有了会发给您") in said
    assert not re.search("约|交日志|补记", said)
    assert firm.cases(who, "daylog") == []


@pytest.mark.parametrize("who", [WU, ZHOU])
def test_customers_are_not_theirs_to_see(firm: Talk, who: str) -> None:
    said = text(firm.says(who, "查 华东精密"))
    assert said == "客户资料由负责的市场员和主管查看。上海华东精密仪器有限公司由李强负责，请找李强。"
    assert "公司里没找到" in text(firm.says(who, "查 不存在"))


@pytest.mark.parametrize("who", [ZHAO, CHEN, LIN, ZHOU, WU])
def test_the_first_message_says_what_is_recorded(firm: Talk, who: str) -> None:
    firm.database.write_now(lambda conn: staff.cut_off(conn, firm.ids[who], firm.now))
    first = firm.says(who, "你好")
    assert "位置只在您发送时记录，不跟踪" in text(first)
    assert "这不是我" in labels(first)
