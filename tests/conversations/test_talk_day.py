"""Greeting, the day, looking things up, leave, small talk, and what is not understood."""

from __future__ import annotations

import pytest

from tests.conversations.talk import DAY, Talk, labels, text

LI, ZHAO, CHEN = "李强", "赵磊", "陈主管"


def test_the_first_greeting_once(firm: Talk) -> None:
    heard = firm.says(ZHAO, "你好")
    assert text(heard) == (
        "赵磊，您好。我是跑街，帮您记拜访、写日志、催事情。位置只在您发送时记录，不跟踪。直接发一句话就行，例如：拜访 华东精密 王经理 谈续约。\n"
        "您名下现有客户：龙腾显示、华东精工。"
    )
    assert labels(heard) == ["试一次，不留记录", "今天", "这不是我"]
    assert "我是跑街" not in text(firm.says(ZHAO, "你好"))


def test_a_first_message_is_not_lost(firm: Talk) -> None:
    heard = firm.says(ZHAO, "拜访 龙腾显示 丁经理 谈续约")
    assert "我是跑街" in heard[0].text
    assert "龙腾显示｜见了丁经理" in heard[1].text


def test_a_trial_keeps_nothing(firm: Talk) -> None:
    firm.says(ZHAO, "你好")
    assert "我就这样记" in text(firm.taps(ZHAO, "试一次，不留记录"))
    assert "什么都没有留下" in text(firm.taps(ZHAO, "对，存下"))
    assert firm.papers(ZHAO) == []


def test_the_trial_takes_ones_own_sentence(firm: Talk) -> None:
    firm.says(ZHAO, "你好")
    firm.taps(ZHAO, "试一次，不留记录")
    heard = firm.says(ZHAO, "拜访 大华音响 李总 想看样刊")
    assert "您这句会这样记" in text(heard)
    assert "大华音响｜见了李总｜想看样刊" in text(heard)
    assert "什么都没有留下" in text(firm.says(ZHAO, "对"))
    assert firm.papers(ZHAO) == []


def test_a_trial_ends_when_something_else_begins(firm: Talk) -> None:
    firm.says(ZHAO, "你好")
    firm.taps(ZHAO, "试一次，不留记录")
    assert "新客户登记" in [prompt.title for prompt in firm.says(ZHAO, "新客户 上海明珠舞美有限公司")]
    firm.says(ZHAO, "取消")
    assert "没有放着没填完的" in text(firm.says(ZHAO, "继续"))


def test_a_trial_left_open_long_ago_does_not_swallow_a_real_visit(firm: Talk) -> None:
    firm.says(ZHAO, "你好")
    firm.taps(ZHAO, "试一次，不留记录")
    firm.at("10:00")
    assert "会这样记" not in text(firm.says(ZHAO, "拜访 龙腾显示 丁经理 介绍版位"))
    firm.says(ZHAO, "对")
    assert len(firm.papers(ZHAO)) == 1


def test_this_is_not_me(firm: Talk) -> None:
    firm.says(ZHAO, "你好")
    assert "打扰您了" in text(firm.taps(ZHAO, "这不是我"))
    assert "不是赵磊" in firm.last("小吴").text


def test_today(firm: Talk) -> None:
    heard = firm.says(LI, "今天")
    assert "今天 9 家：" in text(heard)
    assert "① 09:30 华东精密，续约，剩 12 天" in text(heard)
    assert "要带：合同 2 份、书 6 本、报价单、名片。" in text(heard)
    assert "今天要答复：张总的报价，18:00 前。" in text(heard)
    assert "同一片：徐汇区①②③" in text(heard)
    assert labels(heard) == ["路上出发", "改顺序", "改约", "看日志"]


def test_on_the_road(firm: Talk) -> None:
    firm.says(LI, "今天")
    heard = firm.taps(LI, "路上出发")
    assert "下一家：09:30 华东精密" in text(heard)
    assert "漕溪北路 88 号" in text(heard)
    assert "拜访" not in text(heard)
    assert "见了谁" in text(firm.taps(LI, "记这家"))


def test_another_order(firm: Talk) -> None:
    firm.says(LI, "今天")
    firm.taps(LI, "改顺序")
    assert "① 13:45 东方视讯" in text(firm.taps(LI, "东方视讯"))


def test_find(firm: Talk) -> None:
    firm.says(LI, "拜访 华东精密 王经理 谈续约")
    firm.says(LI, "对")
    heard = firm.says(LI, "查 华东")
    assert "上海华东精密仪器有限公司｜本地" in text(heard)
    assert "王经理 广告负责人 021-55510101" in text(heard)
    assert "年广告费约 120,000 元" in text(heard)
    assert "11 月 24 日 见了王经理｜谈续约" in text(heard)


def test_find_several_and_none(firm: Talk) -> None:
    assert len(labels(firm.says(LI, "查 上海"))) == 6
    assert "没找到「月球」" in text(firm.says(LI, "查 月球"))
    heard = firm.says(LI, "查 锦绣舞台")
    assert "由张敏负责" in text(heard)
    assert "021-" not in text(heard)


def test_a_supervisor_sees_the_team(firm: Talk) -> None:
    firm.says(LI, "拜访 华东精密 王经理 谈续约")
    firm.says(LI, "对")
    heard = firm.says(CHEN, "查 华东精密")
    assert "李强负责" in text(heard)
    assert "李强 见了王经理" in text(heard)


def test_a_bare_name_shows_the_customer(firm: Talk) -> None:
    heard = firm.says(LI, "恒达影音")
    assert "上海恒达影音设备有限公司" in text(heard)
    assert "记拜访" in labels(heard)


@pytest.mark.parametrize(
    ("asked", "words"), [("日志怎么做", "下班前"), ("客户要降价怎么办", "先不答应"), ("怎么做", "想看哪一条"), ("外地客户怎么做", "打电话")]
)
def test_how(firm: Talk, asked: str, words: str) -> None:
    assert words in text(firm.says(LI, asked))


def test_how_does_not_disturb_the_open_form(firm: Talk) -> None:
    firm.says(LI, "拜访 华东精密")
    firm.says(LI, "查 恒达影音")
    firm.says(LI, "日志怎么做")
    firm.says(LI, "王经理谈续约")
    session = firm.desk(LI, lambda desk: desk.open_session())
    assert session is not None
    assert "王经理谈续约" in session.answers.values()


def test_leave_is_asked_for_and_granted(firm: Talk) -> None:
    assert "请假：明天（11 月 25 日），对吗？" in text(firm.says(LI, "明天请假"))
    assert "已告诉陈主管" in text(firm.taps(LI, "对，去请假"))
    assert "李强想请假：明天（11 月 25 日）。" in firm.last(CHEN).text
    assert "李强明天（11 月 25 日）请假，不催日志" in text(firm.taps(CHEN, "同意"))
    assert "陈主管同意您明天（11 月 25 日）请假" in firm.last(LI).text
    assert firm.desk(LI, lambda desk: desk.on_leave(desk.me.id, DAY.replace(day=25)))


def test_leave_refused_and_spans(firm: Talk) -> None:
    assert "请假：后天（11 月 26 日）到11 月 27 日（周五）" in text(firm.says(LI, "请假 11月26日到11月27日"))
    firm.taps(LI, "对，去请假")
    firm.taps(CHEN, "不同意")
    assert "没有同意" in firm.last(LI).text
    assert labels(firm.says(LI, "请假")) == ["今天", "明天", "后天"]


def test_leave_tells_of_appointments(firm: Talk) -> None:
    firm.says(LI, "今天请假")
    firm.taps(LI, "对，去请假")
    assert "那天约了 9 家：华东精密、" in firm.last(CHEN).text


@pytest.mark.parametrize(("said", "heard"), [("谢谢", "不客气。"), ("好的", "好的。"), ("下班了", "您忙。")])
def test_small_talk(firm: Talk, said: str, heard: str) -> None:
    assert text(firm.says(LI, said)) == heard


def test_not_understood_is_kept_and_offered(firm: Talk) -> None:
    heard = firm.says(LI, "王经理说下周再看，先放一放")
    assert text(heard) == "没看懂这句，但已留着。您是想："
    assert labels(heard) == ["记拜访", "记电话", "问主管"]
    heard = firm.taps(LI, "记电话")
    assert "和哪家客户通的电话？" in text(heard)
    session = firm.desk(LI, lambda desk: desk.open_session())
    assert session is not None
    assert session.answers["met"] == "王经理"


def test_ask_the_supervisor(firm: Talk) -> None:
    firm.says(LI, "封底明年还有没有空")
    firm.taps(LI, "问主管")
    assert "李强问您：「封底明年还有没有空」" in firm.last(CHEN).text


def test_a_number_answers_the_newest_card(firm: Talk) -> None:
    firm.says(LI, "今天")
    assert "下一家" in text(firm.says(LI, "1"))


def test_a_number_without_a_card(firm: Talk) -> None:
    assert "对不上现在的卡片" in text(firm.says(LI, "7"))


def test_a_card_by_its_number(firm: Talk) -> None:
    firm.says(LI, "今天")
    firm.says(LI, "谢谢")
    number = firm.desk(LI, lambda desk: desk.last_prompt())
    assert number is not None
    assert "没找到编号 99999" in text(firm.says(LI, "接 99999"))
    assert "下一家" in text(firm.says(LI, "接 1"))


def test_a_card_by_its_number_while_a_form_is_open(firm: Talk) -> None:
    """A bare number is the form's; and what only looks like a card's number is an answer."""
    firm.says(LI, "拜访 华东精密 王经理 谈续约")
    (shown,) = firm.says(LI, "怎么做")
    number = firm.number(LI)
    second = firm.says(LI, f"接 {number} 2")
    assert text(second) == text(firm.token(LI, shown.options[1].token))
    firm.says(LI, "继续")
    assert "改哪一处" in text(firm.says(LI, "2"))
    assert "没找到编号" not in text(firm.says(LI, "接 99999"))


@pytest.mark.parametrize(
    "token",
    ["", "x", "a.", "a.fly", "a.hand.x.y", "a.hand.99999.1", "a.day.99999999", "s9.9._file", "a.resume.5", "a.photo.1.into.1", "a.start.Form"],
)
def test_any_old_button_is_answered_politely(firm: Talk, token: str) -> None:
    heard = firm.token(LI, token) if token else firm.says(LI, "？？")
    assert heard
    assert "错误" not in text(heard)


@pytest.mark.parametrize("said", ["😀", "x" * 10_000, "拜访 " * 500, "\n\n", "2月31日 拜访 华东精密 谈续约", "拜访", "查", "接 12", "/"])
def test_any_text_is_answered(firm: Talk, said: str) -> None:
    heard = firm.says(LI, said)
    assert heard or not said.strip()


def test_menus_by_role(firm: Talk) -> None:
    assert "记拜访" in labels(firm.says(LI, "菜单"))
    assert labels(firm.says(CHEN, "菜单")) == ["今天"]
    assert "现在没有要您办的" in text(firm.says("周姐", "菜单"))


def test_a_form_of_another_role(firm: Talk) -> None:
    assert "由市场员填写" in text(firm.token(CHEN, "a.start.CustomerVisit"))


def test_muted_for_two_hours(firm: Talk) -> None:
    assert "10:25 前不提醒您" in text(firm.says(LI, "别提醒"))
    assert "照常提醒" in text(firm.says(LI, "恢复提醒"))


def test_paused_and_resumed(firm: Talk) -> None:
    firm.says(LI, "拜访 华东精密")
    firm.says(LI, "先放着")
    assert "接着填华东精密的《客户走访表》" in text(firm.says(LI, "继续"))


def test_leave_that_was_granted_is_not_refused_by_the_same_card(firm: Talk) -> None:
    firm.says(LI, "明天请假")
    firm.taps(LI, "对，去请假")
    firm.taps("陈主管", "同意")
    count = len(firm.prompts(LI))
    assert "的假已经同意了" in text(firm.taps("陈主管", "不同意"))
    assert len(firm.prompts(LI)) == count
