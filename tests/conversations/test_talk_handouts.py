"""Books, introduction cards, exhibitions, plans as people meet them in the chat (A-3.2.1, A-3.2.2, A-3.3.3, A-3.4.1, A-3.5.1)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from conversations.firm import Case
from conversations.types import Prompt
from storage import blobs
from tests.conversations.talk import DAY, Talk, labels, text

LI, ZHANG, ZHAO, CHEN, LIN, ZHOU = "李强", "张敏", "赵磊", "陈主管", "林经理", "周姐"


def deliveries(firm: Talk, who: str = LI) -> dict[str, Case]:
    return firm.desk(who, lambda desk: {desk.label("customers", one.customer_id or 0): one for one in desk.cases("delivery", person=desk.me.id)})


@pytest.fixture
def firm(firm: Talk) -> Talk:
    firm.at("10:40")
    return firm


def test_with_everything_and_a_name_it_is_delivered(firm: Talk) -> None:
    firm.says(LI, "送书 恒达影音 3 本 孙经理签收 都给了")
    assert text(firm.says(LI, "对")) == "已存，恒达影音送到了。"
    case = deliveries(firm)["恒达影音"]
    assert (case.state, case.data["signed"], case.data["lacking"], case.closed_at is not None) == ("delivered", "孙经理", [], True)
    appointment = next(one for one in firm.cases(LI, "appointment") if one.data["about"] == "送书 3 本")
    assert appointment.state == "done"


@pytest.mark.parametrize(
    ("words", "lacking"),
    [
        ("送书 恒达影音 3 本 都给了", ["签收"]),
        ("送书 恒达影音 3 本 孙经理签收 业务说明没带", ["业务说明"]),
        ("送书 恒达影音 2 本 孙经理签收 都给了", ["书 1 本"]),
    ],
)
def test_whatever_is_missing_keeps_it_open(firm: Talk, words: str, lacking: list[str]) -> None:
    firm.says(LI, words)
    heard = firm.says(LI, "对")
    assert "还差：" + "、".join(lacking) in text(heard)
    assert "补上" in labels(heard)
    case = deliveries(firm)["恒达影音"]
    assert (case.state, case.data["lacking"], case.closed_at) == ("part", lacking, None)


def test_corrected_it_is_open_again(firm: Talk) -> None:
    firm.says(LI, "送书 恒达影音 3 本 孙经理签收 都给了")
    firm.says(LI, "对")
    firm.says(LI, "改上一条")
    firm.says(LI, "本数")
    firm.says(LI, "1 本")
    firm.says(LI, "对")
    case = deliveries(firm)["恒达影音"]
    assert (case.state, case.data["lacking"], case.closed_at) == ("part", ["书 2 本"], None)


def test_withdrawn_it_is_owed_again_and_the_receipt_goes_with_it(firm: Talk) -> None:
    firm.says(LI, "送书 恒达影音 3 本 孙经理签收 都给了")
    firm.says(LI, "对")
    firm.says(LI, "撤回")
    firm.taps(LI, "撤回这条")
    case = deliveries(firm)["恒达影音"]
    assert (case.state, case.data["signed"], case.closed_at) == ("planned", "", None)
    assert "恒达影音 3 本" in text(firm.says(LI, "送书"))


def test_two_issues_for_one_customer_ask_which(firm: Talk) -> None:
    def another(desk: object) -> None:
        issue = desk.put_issue("视听技术", "增刊", deliver_by=DAY + timedelta(days=9))  # type: ignore[attr-defined]
        customer = desk.find("customers", "恒达影音")[0].id  # type: ignore[attr-defined]
        desk.plan_delivery(issue, customer, 1)  # type: ignore[attr-defined]

    firm.desk(CHEN, another)
    heard = firm.says(LI, "送书 恒达影音 1 本 孙经理签收 都给了")
    assert "送的是哪一期" in text(heard)
    assert labels(heard)[:2] == ["视听技术 2026 年第 12 期", "视听技术 增刊"]
    firm.taps(LI, "视听技术 增刊")
    assert "送到了" in text(firm.says(LI, "对"))
    states = sorted((case.data["label"], case.state) for case in firm.cases(LI, "delivery") if case.data["copies"] != 2)
    assert states == [("视听技术 2026 年第 12 期", "planned"), ("视听技术 增刊", "delivered")]


def test_a_card_of_before_says_so(firm: Talk) -> None:
    firm.says(LI, "送书")
    firm.taps(LI, "恒达影音")
    firm.says(LI, "送书 恒达影音 3 本 孙经理签收 都给了")
    firm.says(LI, "对")
    assert "已经送到了" in text(firm.taps(LI, "送到了"))


def test_somebody_else_s_delivery_is_not_mine(firm: Talk) -> None:
    case = deliveries(firm)["恒达影音"]
    assert "不归您" in text(firm.token(ZHANG, f"a.delivery.{case.id}.{case.rev}.done"))
    assert "由市场员记" in text(firm.says(ZHOU, "送书"))


def test_a_visit_in_which_books_were_handed_over_offers_the_receipt(firm: Talk) -> None:
    firm.says(LI, "拜访 恒达影音 孙经理 送书3本")
    heard = firm.says(LI, "对")
    assert "记签收" in labels(heard)
    assert "书里一起交给客户的有哪些" in text(firm.taps(LI, "记签收"))


def test_the_log_counts_a_customer_once(firm: Talk) -> None:
    firm.says(LI, "拜访 恒达影音 孙经理 送书3本")
    firm.says(LI, "对")
    firm.says(LI, "送书 恒达影音 3 本 孙经理签收 都给了")
    firm.says(LI, "对")
    assert "拜访 1 家，送书 1 家" in text(firm.says(LI, "日志"))


def test_a_new_version_while_a_delivery_is_being_noted(firm: Talk) -> None:
    firm.says(LI, "记送书")
    firm.says(LI, "恒达影音")
    firm.says(LI, "3")
    firm.desk(LIN, lambda desk: desk.add_introduction("letter", "急改版", "新的", (), DAY))
    firm.taps(LI, "全部")
    assert "急改版" in text(firm.says(LI, "孙经理"))
    firm.says(LI, "对")
    assert deliveries(firm)["恒达影音"].state == "delivered"


def test_looking_something_up_disturbs_no_form(firm: Talk) -> None:
    firm.says(LI, "写方案")
    firm.says(LI, "天籁音响")
    firm.says(LI, "推新产品")
    firm.says(LI, "工程商")
    assert "封二" in text(firm.says(LI, "介绍 版位"))
    assert "预算" in text(firm.says(LI, "封二一期"))


def test_a_visit_at_a_running_exhibition_and_withdrawn(firm: Talk) -> None:
    fair = firm.desk(LIN, lambda desk: desk.put_exhibition("北京展", "北京", DAY, DAY + timedelta(days=2)))
    firm.says(LI, "展会")
    firm.taps(LI, "北京展见谁")
    firm.taps(LI, "○ 声威电子")
    firm.says(LI, "拜访 声威电子 黄小姐 看样刊")
    assert "北京展上见的" in text(firm.taps(LI, "展会上见的"))
    firm.says(LI, "对")
    assert [case.state for case in firm.cases(LI, "meeting")] == ["met"]
    customer = firm.cases(LI, "meeting")[0].customer_id
    firm.token(LI, f"a.meet.{fair.id}.{customer}.0")
    assert [case.state for case in firm.cases(LI, "meeting")] == ["met"]  # met is met
    firm.says(LI, "撤回")
    firm.taps(LI, "撤回这条")
    assert [case.state for case in firm.cases(LI, "meeting")] == ["planned"]


def test_an_exhibition_that_is_gone(firm: Talk) -> None:
    fair = firm.desk(LIN, lambda desk: desk.put_exhibition("北京展", "北京", DAY, DAY))
    firm.desk(LIN, lambda desk: desk.drop_exhibition(fair.id))
    assert "不在名单里" in text(firm.token(LI, f"a.fair.{fair.id}.0"))
    assert "不在名单里" in text(firm.token(LI, f"a.meet.{fair.id}.1.0"))


def test_a_plan_of_somebody_else_is_not_shown(firm: Talk) -> None:
    for said in ("写方案", "天籁音响", "推新产品", "工程商", "封二一期", "没有", "没有", "没有", "对"):
        firm.says(LI, said)
    paper = firm.papers(LI, "PromotionPlan")[0]
    assert "不归您看" in text(firm.token(ZHANG, f"a.plan.{paper.id}"))
    heard = text(firm.token(LI, f"a.plan.{paper.id}"))
    assert heard == "上海天籁音响有限公司宣传策划方案\n目的：推新产品\n对象：工程商\n媒体和版位：封二一期"


# --- the plan on paper (A-3.5.1) ------------------------------------------------------------------------------


def planned(firm: Talk, customer: str = "天籁音响", aim: str = "推新产品") -> list[Prompt]:
    firm.says(LI, "写方案")
    for words in (customer, aim, "工程商", "期刊封二一期", "3万", "没有", "没有"):
        firm.says(LI, words)
    return firm.taps(LI, "对，存下")


def test_a_plan_is_a_paper_that_can_be_handed_on(firm: Talk) -> None:
    firm.at("10:00")
    stored = planned(firm)
    assert "PDF 可以直接转给客户" in text(stored)
    preview, pdf = stored[0].attach
    kinds = firm.desk(LI, lambda desk: [blobs.noted(desk._conn, sha) for sha in (preview, pdf)])
    assert [one.mime for one in kinds if one] == ["image/png", "application/pdf"]
    spec = kinds[1].facts["sheet"]  # type: ignore[union-attr]
    assert spec["layout"] == "plan"
    assert spec["data"]["customer"] == "上海天籁音响有限公司"
    assert spec["data"]["fields"] == [["目的", "推新产品"], ["对象", "工程商"], ["媒体和版位", "期刊封二一期"], ["预算", "30,000 元"]]
    assert kinds[1].facts["alt"] == "上海天籁音响有限公司宣传策划方案"  # type: ignore[union-attr]
    assert firm.taps(LI, "给客户看的文字")[0].attach == (preview, pdf)


def test_it_is_found_again(firm: Talk) -> None:
    firm.at("10:00")
    assert labels(firm.says(LI, "方案")) == ["写方案"]
    assert "还没有给天籁音响写过宣传方案" in text(firm.says(LI, "方案 天籁音响"))
    assert labels(firm.says(LI, "方案 天籁音响")) == ["写宣传方案"]
    planned(firm)
    firm.later(days=1)
    for who, button in ((LI, ["改方案"]), (CHEN, [])):
        found = firm.says(who, "方案 天籁音响")
        assert "上海天籁音响有限公司宣传策划方案\n目的：推新产品" in text(found)
        assert (labels(found), len(found[0].attach)) == (button, 2)
        assert "看方案" in labels(firm.says(who, "查 天籁音响"))
        assert "宣传方案：昨天写的" in firm.last(who).text
    assert "1. 天籁音响，昨天，李强写" in text(firm.says(CHEN, "方案"))
    assert firm.taps(CHEN, "看天籁音响")[0].attach
    paper = firm.papers(LI, "PromotionPlan")[0]
    assert "不归您看" in text(firm.token(ZHANG, f"a.plan.{paper.id}"))


def test_a_character_that_cannot_be_printed_is_named_and_the_words_still_go(firm: Talk) -> None:
    firm.at("10:00")
    stored = planned(firm, aim="推新产品 \U0001f389")
    assert "PDF 先不做" in text(stored)
    assert stored[0].attach == ()
    assert "目的：推新产品" in text(firm.taps(LI, "给客户看的文字"))


def test_who_has_nothing_to_do_with_customers_is_told_so(firm: Talk) -> None:
    """Not that there are no exhibitions and no cards: there are."""
    for words in ("展会", "介绍", "介绍 版位"):
        assert "市场部用的" in text(firm.says("小方", words)), words


def test_books_given_over_are_kept_as_such(firm: Talk) -> None:
    firm.says(LI, "送了恒达影音3本书，孙经理收下，都给了")
    assert text(firm.says(LI, "对")) == "已存，恒达影音送到了。"
    assert deliveries(firm)["恒达影音"].data["signed"] == "孙经理"


@pytest.mark.parametrize("words", ["去恒达影音送了3本书，孙经理收下", "恒达影音 孙经理 书送到了", "拜访 恒达影音 孙经理 送书3本"])
def test_a_visit_that_tells_of_a_book_offers_the_receipt(firm: Talk, words: str) -> None:
    firm.says(LI, words)
    assert "记签收" in labels(firm.says(LI, "对"))


def test_what_is_late_by_its_name(firm: Talk) -> None:
    assert "要送的书 2 家" in text(firm.says(LI, "送书晚了的"))
