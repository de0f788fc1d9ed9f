"""One message with everything is the main road; guided is the side road (§5)."""

from __future__ import annotations

import pytest

from conversations.types import LATER, STRUCK
from tests.conversations.talk import DAY, Talk, labels, text

LI = "李强"


def open_form(firm: Talk) -> str:
    session = firm.desk(LI, lambda desk: desk.open_session())
    return session.form if session else ""


def test_a_visit_in_one_message(firm: Talk) -> None:
    heard = firm.says(LI, "拜访 华东精密 王经理 谈续约，想降 5%，答应周五 18:00 前答复")
    assert "记成这样，对吗？" in text(heard)
    assert "华东精密｜见了王经理｜谈续约｜想降 5%｜答应周五 18:00 前答复" in text(heard)
    assert "「降价」先记下，您离开客户后再转经理。" in text(heard)
    assert labels(heard) == ["对，存下", "改一处", "不是拜访"]
    assert firm.prompts("林经理") == []
    heard = firm.taps(LI, "对，存下")
    assert "已存，今天第 1 家。照片可以现在发，也可以晚上补。" in text(heard)
    (paper,) = firm.papers(LI)
    assert paper.answers["met"] == "王经理"
    assert paper.answers["need"] == "想降 5%"
    assert paper.answers["photos"] == LATER
    assert (paper.grade, paper.day) == ("declared", DAY)


def test_the_appointment_is_kept_and_the_promise_owed(firm: Talk) -> None:
    firm.says(LI, "拜访 华东精密 王经理 谈报价，答应周五 18:00 前答复")
    firm.says(LI, "对")
    states = {one.data["about"]: one.state for one in firm.cases(LI, "appointment")}
    assert states["续约，剩 12 天"] == "done"
    assert sorted(states.values()).count("planned") == 8
    assert {one.data["what"] for one in firm.cases(LI, "promise")} == {"报价", "谈报价"}


@pytest.mark.parametrize("confirm", ["对，存下", "对", "1", "好", "存"])
def test_every_way_to_say_yes(firm: Talk, confirm: str) -> None:
    firm.says(LI, "拜访 华东精密 王经理 谈续约")
    assert "已存" in text(firm.says(LI, confirm))
    assert len(firm.papers(LI)) == 1


def test_a_second_tap_files_nothing_twice(firm: Talk) -> None:
    firm.says(LI, "拜访 华东精密 王经理 谈续约")
    firm.taps(LI, "对，存下")
    assert "已经存下了" in text(firm.taps(LI, "对，存下"))
    assert len(firm.papers(LI)) == 1


def test_guided_in_seven(firm: Talk) -> None:
    heard = firm.says(LI, "拜访")  # 1
    assert "拜访了哪家客户？" in text(heard)
    firm.says(LI, "hdjm")  # 2
    firm.says(LI, "王经理")  # 3
    firm.taps(LI, "续约")  # 4
    firm.taps(LI, "没有")  # 5: no need
    heard = firm.taps(LI, "没有")  # 6: no photographs
    assert "请核对《客户走访表》" in text(heard)
    assert "已存，今天第 1 家" in text(firm.taps(LI, "对，存下"))  # 7
    assert firm.papers(LI)[0].answers["need"] == STRUCK


def test_several_records_on_one_card(firm: Talk) -> None:
    heard = firm.says(LI, "拜访 华东精密 王经理 谈续约\n拜访 恒达影音 孙经理 送书3本\n电话 声威电子 黄小姐 确认排期")
    assert "记成这 3 条，对吗？" in text(heard)
    assert "① 华东精密｜见了王经理｜谈续约" in text(heard)
    assert "③ 电话记录｜声威电子" in text(heard)
    heard = firm.taps(LI, "对，都存下")
    assert "存好 3 条" in text(heard)
    assert [paper.form for paper in firm.papers(LI)] == ["CustomerVisit", "CustomerVisit", "PhoneCall"]
    assert "都已经存下了" in text(firm.taps(LI, "对，都存下"))
    assert len(firm.papers(LI)) == 3


def test_of_several_the_unclear_one_is_asked(firm: Talk) -> None:
    heard = firm.says(LI, "拜访 华东精密 王经理 谈续约\n拜访 恒达影音")
    assert "还差一问" in text(heard)
    heard = firm.taps(LI, "对，都存下")
    assert "存好 1 条" in text(heard)
    assert "谈了什么？" in text(heard)
    firm.says(LI, "送书")
    firm.says(LI, "对")
    assert len(firm.papers(LI)) == 2


def test_the_next_record_before_the_first_is_confirmed(firm: Talk) -> None:
    firm.says(LI, "拜访 华东精密 王经理 谈续约")
    heard = firm.says(LI, "拜访 恒达影音 孙经理 送书")
    assert "恒达影音" in text(heard)
    heard = firm.says(LI, "对")
    assert "还有一条没存，请看一下。\n记成这样，对吗？\n华东精密｜见了王经理｜谈续约" in text(heard)
    firm.says(LI, "对")
    assert len(firm.papers(LI)) == 2


def test_late_is_kept_at_its_own_time(firm: Talk) -> None:
    firm.at("14:05")
    heard = firm.says(LI, "拜访 华东精密 王经理 谈续约", at="10:20")
    assert "10:20 的记录 14:05 才收到，按 10:20 记下，不算迟交。" in text(heard)
    firm.says(LI, "对")
    (paper,) = firm.papers(LI)
    assert f"{paper.said_at:%H:%M}" == "02:20"


def test_a_time_written_counts_as_the_time(firm: Talk) -> None:
    firm.at("14:05")
    assert "按 10:20 记下，不算迟交" in text(firm.says(LI, "10:20 拜访 华东精密 王经理 谈续约"))
    firm.says(LI, "对")
    assert f"{firm.papers(LI)[0].said_at:%H:%M}" == "02:20"


def test_an_appointment(firm: Talk) -> None:
    heard = firm.says(LI, "明天上午10点 拜访 恒达影音 送书 3 本")
    assert "恒达影音｜明天 10:00｜送书 3 本" in text(heard)
    heard = firm.says(LI, "对")
    assert "记在明天 10:00 了" in text(heard)
    case = next(one for one in firm.cases(LI, "appointment") if one.data["about"] == "送书 3 本" and one.day != DAY)
    assert case.data["bring"] == ["书 3 本"]


def test_not_a_visit(firm: Talk) -> None:
    firm.says(LI, "华东精密 王经理 谈续约")
    heard = firm.taps(LI, "不是拜访")
    assert "没有存，原话还留着" in text(heard)
    heard = firm.taps(LI, "记电话")
    assert "华东精密｜电话里是王经理｜谈续约" in text(heard)
    firm.says(LI, "对")
    assert [paper.form for paper in firm.papers(LI)] == ["PhoneCall"]


def test_somebody_elses_customer(firm: Talk) -> None:
    heard = firm.says(LI, "拜访 锦绣舞台 马经理 谈续约")
    assert "张敏" in text(heard)
    assert "上海锦绣舞台设备有限公司" in text(heard)
    session = firm.desk(LI, lambda desk: desk.open_session())
    assert session is not None
    assert session.answers["talked"] == "谈续约"


def test_a_customer_of_several_names_is_asked(firm: Talk) -> None:
    heard = firm.says(LI, "拜访 上海 王经理 谈续约")
    assert "是哪一个？" in text(heard)


def test_a_new_customer_within_a_visit(firm: Talk) -> None:
    heard = firm.says(LI, "拜访 上海新月灯具有限公司 刘总 谈合作")
    assert "没找到" in text(heard)
    heard = firm.taps(LI, next(label for label in labels(heard) if label.startswith("登记")))
    assert "先登记一下" in text(heard)
    for answer in ("本地", "行业展会", "没有", "没有", "没有", "对"):
        heard = firm.says(LI, answer)
    assert "已登记：上海新月灯具有限公司" in text(heard)
    heard = firm.says(LI, "对")
    assert "已存，今天第 1 家" in text(heard)
    assert firm.papers(LI, "CustomerVisit")[0].customer_id == firm.papers(LI, "NewCustomer")[0].customer_id


def test_duplicates_are_shown_before_a_customer_is_made(firm: Talk) -> None:
    heard = firm.says(LI, "新客户 上海锦绣舞台有限公司")
    assert "公司里已有相近的：上海锦绣舞台设备有限公司（张敏）" in text(heard)


def test_out_of_town_is_a_call(firm: Talk) -> None:
    heard = firm.says(LI, "声威电子 黄小姐 想要明年的排期表，答应明天下午答复")
    assert "电话里是黄小姐" in text(heard)
    heard = firm.says(LI, "对")
    assert "今天第 1 个电话" in text(heard)
    assert "已转林经理" in text(heard)
    assert "声威电子：想要明年的排期表" in text(firm.prompts("林经理"))


def test_a_correction_tells_what_changed(firm: Talk) -> None:
    firm.says(LI, "拜访 华东精密 王经理 谈续约")
    firm.says(LI, "对")
    heard = firm.says(LI, "改上一条")
    assert "改哪一处？" in text(heard)
    firm.says(LI, "见了谁")
    firm.says(LI, "刘会计")
    heard = firm.says(LI, "对")
    assert "改好了" in text(heard)
    (paper,) = firm.papers(LI)
    assert (paper.answers["met"], paper.rev) == ("刘会计", 2)


def test_taking_a_record_back(firm: Talk) -> None:
    firm.says(LI, "拜访 华东精密 王经理 谈报价，答应周五答复")
    firm.says(LI, "对")
    firm.says(LI, "撤回")
    assert "这条不算数" in text(firm.taps(LI, "撤回这条"))
    assert firm.papers(LI) == []
    assert "已经撤回了" in text(firm.taps(LI, "撤回这条"))


def test_what_a_withdrawn_record_had_done_is_undone_with_it(firm: Talk) -> None:
    firm.says(LI, "拜访 华东精密 王经理 谈续约，想降 5%，答应周五 18:00 前答复")
    firm.says(LI, "对")
    firm.taps("林经理", "写答复")
    firm.says(LI, "改一处")  # a correction is under way
    firm.says(LI, "撤回")
    assert "已告诉林经理不用答复「降价」" in text(firm.taps(LI, "撤回这条"))
    assert "「想降 5%」不用答复了" in firm.last("林经理").text
    assert "已取消" in text(firm.says("林经理", "可以降 3%"))
    assert [one.state for one in firm.cases(LI, "request")] == ["dropped"]
    assert firm.dues("request_reply") == []
    assert {one.state for one in firm.cases(LI, "appointment")} == {"planned"}
    assert "没有放着没填完的" in text(firm.says(LI, "继续"))
    assert firm.papers(LI) == []


def test_pictures_sent_for_a_correction_outlive_the_record(firm: Talk) -> None:
    firm.says(LI, "拜访 华东精密 王经理 谈续约")
    firm.says(LI, "对")
    firm.says(LI, "改一处")
    firm.taps(LI, "不改了")
    firm.sends(LI, "a" * 64)
    firm.says(LI, "撤回")
    assert "1 张照片留着，下一条拜访会带上。" in text(firm.taps(LI, "撤回这条"))
    assert "照片 1 张" in text(firm.says(LI, "拜访 华东精密 王经理 谈续约"))


def test_who_was_met_is_no_name_when_it_was_forgotten(firm: Talk) -> None:
    firm.says(LI, "拜访 曾氏灯光 介绍版位")
    firm.taps(LI, "改一处")
    firm.taps(LI, "见了谁：（未填）")
    assert "见了忘了" not in text(firm.says(LI, "忘了"))
    firm.says(LI, "对")
    assert firm.papers(LI)[0].answers["met"] == LATER
    assert "曾氏灯光见了谁？" in text(firm.says(LI, "日志"))


@pytest.mark.parametrize("word", ["撤销", "删掉刚才的", "记错了"])
def test_wrong_just_now_is_taken_back_or_changed(firm: Talk, word: str) -> None:
    firm.says(LI, "拜访 华东精密 王经理 谈续约")
    firm.says(LI, "对")
    heard = firm.says(LI, word)
    assert "要撤回这条吗？" in text(heard)
    assert labels(heard) == ["撤回这条", "改一处", "不撤"]
    assert "改哪一处？" in text(firm.taps(LI, "改一处"))


@pytest.mark.parametrize("word", ["算了", "不记了", "放弃"])
def test_never_mind_is_a_way_out(firm: Talk, word: str) -> None:
    firm.says(LI, "拜访 华东精密 王经理 谈续约")
    assert "好，没有存，原话还留着" in text(firm.says(LI, word))
    assert open_form(firm) == ""


def test_yes_typed_to_a_card_of_several(firm: Talk) -> None:
    firm.says(LI, "拜访 华东精密 王经理 谈续约\n拜访 恒达影音 孙经理 送书")
    assert "存好 2 条" in text(firm.says(LI, "对"))


def test_a_promise_taken_out_again(firm: Talk) -> None:
    firm.says(LI, "拜访 华东精密 王经理 谈报价，答应周五 18:00 前答复")
    firm.says(LI, "对")
    firm.says(LI, "改上一条")
    firm.says(LI, "答应答复")
    firm.taps(LI, "没有")
    firm.says(LI, "对")
    assert [case.state for case in firm.cases(LI, "promise") if case.data["what"] == "谈报价"] == ["dropped"]


def test_ten_thousand_characters(firm: Talk) -> None:
    heard = firm.says(LI, "拜访 华东精密 王经理 谈续约 " + "很长" * 5000)
    assert "原文已全部留着" in heard[0].text
    assert "记成这样" in heard[1].text


def test_31_february_is_left_in_the_words(firm: Talk) -> None:
    heard = firm.says(LI, "拜访 华东精密 谈续约，答应2月31日答复")
    assert "2月31日" in text(heard)


def test_nothing_to_cancel(firm: Talk) -> None:
    assert "现在没有正在填的" in text(firm.says(LI, "取消"))


def test_an_unknown_customer_before_the_card_is_confirmed(firm: Talk) -> None:
    firm.says(LI, "拜访 华东精密 王经理 谈续约")
    assert "没找到「柏韵」" in text(firm.says(LI, "拜访 柏韵 谈续约"))
    firm.says(LI, "取消")
    assert firm.desk(LI, lambda desk: [one.state for one in desk.paused_sessions()]) == ["paused"]


def test_another_paper_of_the_same_customer_before_the_card_is_confirmed(firm: Talk) -> None:
    firm.says(LI, "拜访 恒达影音 孙经理 送书3本")
    assert "恒达影音｜明天 10:00｜送样刊" in text(firm.says(LI, "约 恒达影音 明天上午10点 送样刊"))
    firm.says(LI, "对")
    assert [paper.form for paper in firm.papers(LI)] == ["Appointment"]
    assert "送书3本" in firm.last(LI).text  # the first is still there
    firm.says(LI, "对")
    assert {paper.form for paper in firm.papers(LI)} == {"Appointment", "CustomerVisit"}


def test_more_about_the_card_itself_is_no_second_record(firm: Talk) -> None:
    firm.says(LI, "拜访 恒达影音 孙经理 送书3本")
    assert "恒达影音｜见了孙经理｜送书3本" in text(firm.says(LI, "恒达影音 孙经理 送书"))
    assert firm.desk(LI, lambda desk: len(desk.paused_sessions())) == 0


def test_a_card_of_several_is_answered_first(firm: Talk) -> None:
    firm.says(LI, "电话 不知道哪家 问价")
    firm.says(LI, "拜访 华东精密 王经理 谈续约\n拜访 恒达影音 孙经理 送书3本")
    assert "存好 2 条" in text(firm.says(LI, "对"))
