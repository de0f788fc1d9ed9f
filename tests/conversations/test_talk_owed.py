"""Special requests in silence, to the manager and back; promises kept or moved (A-4.4.6)."""

from __future__ import annotations

from conversations.digests import evening
from tests.conversations.talk import CALENDAR, DAY, Talk, labels, text

LI, LIN = "李强", "林经理"


def asked(firm: Talk) -> None:
    firm.at("10:00")
    firm.says(LI, "拜访 华东精密 王经理 谈续约，想降 5%")
    firm.says(LI, "对")


def test_silent_until_the_visit_is_closed(firm: Talk) -> None:
    firm.at("10:00")
    firm.says(LI, "拜访 华东精密 王经理 谈续约，想降 5%")
    assert firm.prompts(LIN) == []
    heard = firm.says(LI, "对")
    assert "「降价」已转林经理，明天 12:00 前答复" in text(heard)
    got = firm.last(LIN)
    assert got.text == "李强在华东精密：想降 5%。请明天 12:00 前答复。"
    assert [one.label for one in got.options] == ["可以", "不行", "写答复", "转交"]
    assert firm.dues("request_reply") == [CALENDAR.at(DAY.replace(day=25), "12:00")]


def test_answered_back_and_told(firm: Talk) -> None:
    asked(firm)
    firm.at("11:00")
    assert text(firm.taps(LIN, "可以")) == "已答复李强：可以。"
    got = firm.last(LI)
    assert "华东精密：想降 5%。\n林经理答复：可以。请明天 12:00 前告诉客户。" in got.text
    assert text(firm.taps(LI, "已告诉客户")) == "好，这件结了。"
    assert firm.cases(LI, "request")[0].state == "told"
    assert "李强 11:00 已告诉客户" in text(firm.taps(LI, "已告诉客户"))


def test_answered_in_words(firm: Talk) -> None:
    asked(firm)
    assert "请写答复" in text(firm.taps(LIN, "写答复"))
    firm.says(LIN, "最多降 3%，要签两年")
    assert "林经理答复：最多降 3%，要签两年。" in firm.last(LI).text


def test_a_second_answer_says_who_was_first(firm: Talk) -> None:
    asked(firm)
    firm.taps(LIN, "可以")
    assert "林经理 10:00 已答复" in text(firm.taps(LIN, "不行"))


def test_written_too_late(firm: Talk) -> None:
    asked(firm)
    firm.taps(LIN, "写答复")
    firm.taps(LIN, "可以")
    heard = firm.says(LIN, "最多降 3%")
    assert "林经理 10:00 已答复" in text(heard)
    assert "还留着" in text(heard)


def test_parked_by_itself_waits_for_the_visit(firm: Talk) -> None:
    firm.at("10:00")
    firm.says(LI, "先记 华东精密 想要封底")
    heard = firm.says(LI, "对")
    assert "这个我回去问了尽快答复您" in text(heard)
    assert firm.prompts(LIN) == []
    firm.says(LI, "拜访 华东精密 王经理 谈续约")
    assert "「版位」已转林经理" in text(firm.says(LI, "对"))
    assert "想要封底" in firm.last(LIN).text


def test_parked_and_sent_by_a_tap(firm: Talk) -> None:
    firm.says(LI, "先记 华东精密 想要封底")
    firm.says(LI, "对")
    assert "已转林经理" in text(firm.taps(LI, "已离开，转经理"))
    assert "这张卡片已经处理过了" in text(firm.taps(LI, "不用转了"))


def test_a_rep_cannot_answer(firm: Talk) -> None:
    asked(firm)
    assert "别人来做" in text(firm.token(LI, firm.option(LIN, "可以").token))
    assert firm.cases(LI, "request")[0].state == "asked"


def test_a_promise_by_one_line(firm: Talk) -> None:
    heard = firm.says(LI, "答应 恒达影音 周五前给报价")
    assert "恒达影音｜答应报价" in text(heard)
    assert "提前提醒您" in text(firm.says(LI, "对"))
    promise = next(one for one in firm.cases(LI, "promise") if one.data["what"] == "报价" and one.data["to"] == "")
    assert promise.at == CALENDAR.at(DAY.replace(day=27), "18:00")
    assert CALENDAR.at(DAY.replace(day=27), "17:00") in firm.dues("promise")


def test_a_promise_kept(firm: Talk) -> None:
    case = firm.cases(LI, "promise")[0]
    assert text(firm.token(LI, f"a.promise.{case.id}.{case.rev}.kept")) == "好，天籁音响的报价结了。"
    assert firm.cases(LI, "promise")[0].state == "kept"
    assert "已答复客户" in text(firm.token(LI, f"a.promise.{case.id}.{case.rev}.kept"))


def test_a_promise_moved(firm: Talk) -> None:
    case = firm.cases(LI, "promise")[0]
    assert "改到什么时候" in text(firm.token(LI, f"a.promise.{case.id}.{case.rev}.later"))
    assert "改到明天 10:00" in text(firm.says(LI, "明天上午10点"))
    assert firm.cases(LI, "promise")[0].at == CALENDAR.at(DAY.replace(day=25), "10:00")


def test_a_promise_handed_on(firm: Talk) -> None:
    case = firm.cases(LI, "promise")[0]
    assert "张敏" in labels(firm.token("陈主管", f"a.pass.{case.id}.{case.rev}"))
    assert "已转给张敏" in text(firm.taps("陈主管", "张敏"))
    assert "转给您：" in firm.last("张敏").text
    assert [one.id for one in firm.cases("张敏", "promise")] == [case.id]
    assert "好，天籁音响的报价结了。" in text(firm.taps("张敏", "已答复客户"))


def test_what_is_answered_in_a_form_comes_back_on_the_evenings_page(firm: Talk) -> None:
    """The manager's answer to a request, begun from the page: what is left of the page is the answer's card (A-4.4.6b)."""
    asked(firm)
    firm.at("18:20")
    page = firm.desk(LIN, lambda desk: evening.compose(desk, DAY))
    assert page is not None
    token = next(one.token for one in page.options if one.label == "答复华东精密")
    assert "请写答复" in text(firm.token(LIN, token))
    heard = firm.says(LIN, "最多 3%")
    assert len(heard) == 1
    assert heard[0].text.startswith("已答复，市场员告诉客户后就结了。\n")
    assert "11 月 24 日：" in heard[0].text
    assert "华东精密问" not in heard[0].text
    assert "最多 3%" in firm.last(LI).text
