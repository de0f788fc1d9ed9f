"""The words of the menus, whatever is being asked; a customer by name alone (A-1.5)."""

from __future__ import annotations

import pytest

from tests.conversations.talk import Talk, labels, text

LI = "李强"


def open_form(firm: Talk) -> tuple[str, dict[str, object]]:
    session = firm.desk(LI, lambda desk: desk.open_session())
    return (session.form, dict(session.answers)) if session else ("", {})


def test_find_without_a_name_offers_the_recent_ones(firm: Talk) -> None:
    heard = firm.says(LI, "查客户")
    assert "查哪一家？" in text(heard)
    assert "华东精密" in labels(heard)
    assert "上海华东精密仪器有限公司｜本地" in text(firm.taps(LI, "华东精密"))


@pytest.mark.parametrize(
    ("word", "heard"),
    [
        ("今天", "今天 9 家"),
        ("记拜访", "拜访了哪家客户？"),
        ("记电话", "和哪家客户通的电话？"),
        ("新客户", "客户全称？"),
        ("写日志", "今天还没有记录"),
        ("查客户", "查哪一家？"),
        ("怎么做", "想看哪一条"),
        ("帮助", "《新客户登记》"),
        ("菜单", "直接写一句最快"),
        ("继续", "接着填《新客户登记》"),
    ],
)
def test_a_word_of_the_menu_is_no_name_of_a_customer(firm: Talk, word: str, heard: str) -> None:
    firm.says(LI, "新客户")
    assert heard in text(firm.says(LI, word))
    assert open_form(firm)[1] == {}


@pytest.mark.parametrize(("word", "heard"), [("记电话", "和哪家客户通的电话？"), ("新客户", "客户全称？"), ("今天", "今天 9 家")])
def test_a_word_of_the_menu_where_a_customer_is_picked(firm: Talk, word: str, heard: str) -> None:
    firm.says(LI, "拜访")
    assert heard in text(firm.says(LI, word))


def test_today_and_tomorrow_stay_answers_to_when(firm: Talk) -> None:
    firm.says(LI, "约客户")
    firm.says(LI, "恒达影音")
    assert "11月25日" in text(firm.says(LI, "明天"))


def test_the_beginning_of_a_name_shows_the_only_customer(firm: Talk) -> None:
    assert "上海恒达影音设备有限公司" in text(firm.says(LI, "恒达"))
    assert "上海恒达影音设备有限公司" in text(firm.says(LI, "hdyy"))


def test_the_beginning_of_several_names_asks(firm: Talk) -> None:
    heard = firm.says(LI, "华")
    assert "没看懂" in text(heard)
    assert "「光」" not in text(firm.says(LI, "今天天气不错"))


# --- whose customer it is -----------------------------------------------------------------------------------


def test_a_name_one_sign_off_that_the_firm_has_is_not_taken_for_ones_own(firm: Talk) -> None:
    heard = firm.says(LI, "拜访 华东精工 李经理 谈续约")
    assert "您名下没有「华东精工」" in text(heard)
    assert "赵磊" in text(heard)
    assert "customer" not in open_form(firm)[1]
    assert "您名下没有「华东精工」" in text(firm.says(LI, "华东精工"))  # picked by hand


def test_looking_up_somebody_elses_customer_one_sign_off(firm: Talk) -> None:
    heard = firm.says(LI, "查 华东精工")
    assert "由赵磊负责" in text(heard)


def test_a_slip_of_the_finger_is_still_read(firm: Talk) -> None:
    assert "华东精密｜见了王经理" in text(firm.says(LI, "拜访 华东精蜜 王经理 谈续约"))


# --- each their own work ------------------------------------------------------------------------------------


def test_how_to_is_of_ones_own_work(firm: Talk) -> None:
    sales, station = labels(firm.says(LI, "怎么做")), labels(firm.says("王师傅", "怎么做"))
    assert "送书" in sales
    assert "送书" not in station
    assert {"上门", "收费的维修", "急修", "下班交单"} <= set(station)
    assert "求助不扣分" in text(firm.says("王师傅", "不会修怎么办"))
    assert "不用争" in text(firm.taps("王师傅", "客户嫌贵"))


def test_the_menu_leads_to_ones_own_work(firm: Talk) -> None:
    assert labels(firm.says("王师傅", "菜单")) == ["我的单"]
    assert "现在没有您的单" in text(firm.taps("王师傅", "我的单"))
    assert "办公、" in text(firm.says("陈主管", "菜单"))
    assert "写「办公」打开管理页面" in text(firm.says("小吴", "菜单"))
    assert text(firm.says("小方", "今天")) == "现在没有开着的单。"
