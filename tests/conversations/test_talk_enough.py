"""One photograph is enough, and a sentence that was no answer is kept, said and offered (A-3.3.6a)."""

from __future__ import annotations

import pytest

from tests.conversations.talk import Talk, labels, text

LI = "李强"


def guided(firm: Talk) -> None:
    firm.says(LI, "拜访")  # 1
    firm.says(LI, "hdjm")  # 2
    firm.says(LI, "王经理")  # 3
    firm.taps(LI, "续约")  # 4
    firm.taps(LI, "没有")  # 5: no need


def test_guided_with_one_photograph_in_seven(firm: Talk) -> None:
    guided(firm)
    heard = firm.sends(LI, "a1")  # 6
    assert "照片收到了，共 1 张" in text(heard)
    assert "请核对《客户走访表》" in text(heard)
    assert "对，存下" in labels(heard)
    assert "照片 1 张" in text(firm.taps(LI, "对，存下"))  # 7
    assert len(firm.papers(LI)[0].blobs) == 1


def test_further_photographs_still_join(firm: Talk) -> None:
    guided(firm)
    firm.sends(LI, "a1")
    heard = firm.sends(LI, "a2")
    assert "照片收到了，共 2 张" in text(heard)
    assert "请核对《客户走访表》" in text(heard)
    assert "照片 2 张" in text(firm.says(LI, "存下"))
    assert len(firm.papers(LI)[0].blobs) == 2


def test_a_photograph_sent_early_is_not_asked_for_again(firm: Talk) -> None:
    firm.says(LI, "拜访")
    firm.says(LI, "hdjm")
    firm.sends(LI, "a1")
    firm.says(LI, "王经理")
    firm.taps(LI, "续约")
    assert "请核对《客户走访表》" in text(firm.taps(LI, "没有"))


@pytest.mark.parametrize("word", ["对，存下", "存下", "对"])
def test_with_a_photograph_a_word_ends_it(firm: Talk, word: str) -> None:
    firm.says(LI, "拜访 恒达影音 孙经理 送书")
    firm.sends(LI, "a1")
    assert "照片 1 张" in text(firm.says(LI, word))


def test_a_sentence_that_is_no_answer_is_said_to_be_kept_and_goes_in_with_a_tap(firm: Talk) -> None:
    firm.says(LI, "拜访 华东精密 王经理 谈续约")
    heard = firm.says(LI, "他们下个月要搬到新厂房去")
    assert "这句没放进这条，原话已留着。" in text(heard)
    assert labels(heard) == ["对，存下", "改一处", "不是拜访", "加进这条", "另记一条"]
    assert "谈续约，他们下个月要搬到新厂房去" in text(firm.says(LI, "4"))
    firm.says(LI, "对")
    assert firm.papers(LI)[0].answers["talked"] == "谈续约，他们下个月要搬到新厂房去"
    assert "已经存下了" in text(firm.taps(LI, "加进这条"))


def test_or_it_becomes_a_record_of_its_own(firm: Talk) -> None:
    firm.says(LI, "拜访 华东精密 王经理 谈续约")
    firm.says(LI, "他们下个月要搬到新厂房去")
    assert "拜访了哪家客户？" in text(firm.says(LI, "另记一条"))


def test_an_answer_not_understood_is_kept_and_said(firm: Talk) -> None:
    firm.says(LI, "约客户")
    firm.says(LI, "恒达影音")
    heard = firm.says(LI, "等他们老板回来了再说吧")
    assert "原话已留着" in text(heard)
    assert "没看出是什么时候" in text(heard)


# --- a new customer -----------------------------------------------------------------------------------------


def test_contacts_in_one_line_and_no_more(firm: Talk) -> None:
    firm.says(LI, "新客户 上海新月灯具有限公司")
    for answer in ("本地", "行业展会", "没有"):
        firm.says(LI, answer)
    heard = firm.says(LI, "王经理 广告负责人 13800000000")
    assert "王经理｜广告负责人｜13800000000" in text(heard)
    firm.says(LI, "李会计 13900000000")
    heard = firm.says(LI, "没有了")
    assert "一年大约投多少广告费？" in text(heard)
    assert "请核对《新客户登记》" in text(firm.says(LI, "没有了"))
    firm.says(LI, "对")
    heard = firm.says(LI, "查 新月灯具")
    assert "王经理 广告负责人 13800000000；李会计 13900000000" in text(heard)


def test_contacts_several_lines_at_once(firm: Talk) -> None:
    firm.says(LI, "新客户 上海新月灯具有限公司")
    for answer in ("本地", "行业展会", "没有"):
        firm.says(LI, answer)
    heard = firm.says(LI, "王经理 广告负责人 13800000000\n李会计，财务，021-55510102")
    assert "联系人已记 2 个" in text(heard)


def test_a_new_customer_cannot_be_taken_back_and_which_one_is_said(firm: Talk) -> None:
    firm.says(LI, "新客户 上海新月灯具有限公司")
    for answer in ("本地", "行业展会", "没有", "没有", "没有", "对"):
        firm.says(LI, answer)
    assert "上海新月灯具有限公司" in text(firm.says(LI, "撤回"))
    assert "《新客户登记》" in text(firm.says(LI, "改上一条"))


# --- leave --------------------------------------------------------------------------------------------------


def test_leave_in_the_past_is_for_the_supervisor(firm: Talk) -> None:
    heard = firm.says(LI, "昨天请假")
    assert "昨天（11 月 23 日）已经过了" in text(heard)
    assert "记拜访" not in labels(heard)


def test_leave_into_another_year_names_it(firm: Talk) -> None:
    heard = firm.says(LI, "请假 12月30日到明年1月4日")
    assert "2027 年 1 月 4 日" in text(heard)


def test_leave_too_long_says_so(firm: Talk) -> None:
    heard = firm.says(LI, "请假 到明年3月1日")
    assert "最多 60 天" in text(heard)
    assert "没看明白" not in text(heard)
