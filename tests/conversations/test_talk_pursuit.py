"""Surveys, needs, complaints, next dates and stages as they are talked about (A-3.1.1, A-3.3.4, A-3.3.5, A-3.3.7)."""

from __future__ import annotations

from datetime import date

from conversations import keeping
from rules.prospects import FACTS
from tests.conversations.talk import CALENDAR, DAY, Talk, labels, text

LI, ZHANG, CHEN, LIN, ZHOU, WU = "李强", "张敏", "陈主管", "林经理", "周姐", "小吴"


def named(firm: Talk, *facts: str) -> None:
    firm.at("10:00")
    firm.desk(CHEN, lambda desk: desk.name_prospect(firm.ids[LI], "上海明珠舞美有限公司", date(2026, 12, 8), facts or FACTS))


# --- next dates ----------------------------------------------------------------------------------------------


def test_the_next_date_hangs_on_the_card_that_is_shown_anyway(firm: Talk) -> None:
    firm.at("10:00")
    firm.says(LI, "拜访 东方视讯 何小姐 介绍版位")
    heard = firm.says(LI, "对")
    assert len(heard) == 1
    assert labels(heard) == ["一周后", "两周后", "下月", "自己定"]
    assert "12 月 24 日" in text(firm.taps(LI, "下月"))
    assert [case.day for case in firm.cases(LI, "touch")] == [date(2026, 12, 24)]


def test_not_asked_when_something_is_planned(firm: Talk) -> None:
    firm.at("10:00")
    firm.says(LI, "约 东方视讯 后天上午10点 续约")
    firm.says(LI, "对")
    firm.says(LI, "拜访 东方视讯 何小姐 介绍版位")
    assert labels(firm.says(LI, "对")) == ["戒备", "接受", "信任"]


def test_a_record_still_open_comes_first(firm: Talk) -> None:
    firm.at("10:00")
    firm.says(LI, "记拜访")
    firm.says(LI, "恒达影音")
    firm.says(LI, "先放着")
    firm.says(LI, "拜访 东方视讯 何小姐 介绍版位")
    assert labels(firm.says(LI, "对")) == ["接着填"]


def test_a_word_with_the_customer_keeps_the_date(firm: Talk) -> None:
    firm.at("10:00")
    firm.says(LI, "下次 雅声 今天")
    assert [case.state for case in firm.cases(LI, "touch")] == ["planned"]
    firm.says(LI, "电话 雅声 厂长老徐 样刊收到")
    firm.says(LI, "对")
    assert [case.state for case in firm.cases(LI, "touch")] == ["met"]


def test_next_in_one_line(firm: Talk) -> None:
    firm.at("10:00")
    assert "12 月 3 日（周四）早上提醒您联系雅声" in text(firm.says(LI, "下次 雅声 12月3日"))
    assert "12 月 4 日（周五）早上提醒您联系雅声" in text(firm.says(LI, "下次12月4日 雅声"))
    assert len(firm.cases(LI, "touch")) == 1
    assert "没有31日" in text(firm.says(LI, "下次 雅声 2月31日"))
    assert "哪天联系" in text(firm.says(LI, "下次 雅声"))
    firm.says(LI, "取消")
    assert "今天或以后" in text(firm.says(LI, "下次 雅声 昨天"))


def test_next_without_a_name_is_whom_one_spoke_to_last(firm: Talk) -> None:
    firm.at("10:00")
    firm.says(LI, "拜访 乐韵 单经理 看样刊")
    firm.says(LI, "对")
    assert "联系乐韵" in text(firm.says(LI, "下次 12月3日"))


def test_somebody_elses_customer_is_not_touched(firm: Talk) -> None:
    firm.says(LI, "下次 乐韵 12月3日")
    customer = firm.cases(LI, "touch")[0].customer_id
    assert "不在您名下" in text(firm.token(ZHANG, f"a.touch.{customer}.week"))
    assert "不在您名下" in text(firm.token(CHEN, f"a.stage.{customer}.trust"))


# --- how it stands -------------------------------------------------------------------------------------------


def test_nobody_is_asked_twice_a_month_even_if_they_did_not_answer(firm: Talk) -> None:
    firm.at("10:00")
    firm.says(LI, "下次 雅声 12月30日")
    assert labels([firm.last(LI)]) == ["戒备", "接受", "信任"]
    firm.says(LI, "拜访 雅声 厂长老徐 看样刊")
    assert labels(firm.says(LI, "对")) == []
    firm.at("10:00", date(2026, 12, 1))
    firm.says(LI, "拜访 雅声 厂长老徐 看样刊")
    assert labels(firm.says(LI, "对")) == ["戒备", "接受", "信任"]


def test_moves_are_kept_with_their_direction(firm: Talk) -> None:
    firm.at("10:00")
    assert "雅声：戒备" in text(firm.says(LI, "关系 雅声 戒备"))
    assert "雅声：戒备 → 信任" in text(firm.says(LI, "关系 雅声 信任"))
    assert "雅声：信任" in text(firm.says(LI, "关系"))
    moved = firm.desk(CHEN, lambda desk: keeping.moves(desk, DAY, DAY))
    assert [(case.state, way) for case, way in moved] == [("trust", 1)]
    assert firm.desk(CHEN, lambda desk: keeping.moves(desk, date(2026, 12, 1), date(2026, 12, 31))) == []


# --- the tracking table --------------------------------------------------------------------------------------


def test_the_tracking_table_puts_the_silent_first(firm: Talk) -> None:
    firm.at("10:00", date(2026, 12, 10))
    firm.says(LI, "拜访 恒达影音 孙经理 想换内页位置 需要报价")
    firm.says(LI, "对")
    heard = text(firm.says(LI, "跟踪表"))
    assert "本地客户 9 家，该联系的 8 家" in heard
    assert "【16 天没联系】" in heard
    assert "声威电子" not in heard  # out of town
    assert "李强：本地 9 家，该联系的 8 家" in text(firm.says(CHEN, "跟踪表"))
    assert "不归您看" in text(firm.token(ZHANG, f"a.track.{firm.ids[LI]}"))


# --- surveys -------------------------------------------------------------------------------------------------


def test_none_is_a_fact_too(firm: Talk) -> None:
    named(firm, "竞争对手", "决策人")
    firm.says(LI, "调查表")
    firm.taps(LI, "填上海明珠舞美有限公司")
    assert "决策人？" in text(firm.says(LI, "没有"))
    assert "请核对" in text(firm.says(LI, "不清楚，换人了"))
    firm.says(LI, "对")
    found = firm.desk(LI, lambda desk: desk.prospects(states=("done",)))[0].data["found"]
    assert (found["竞争对手"]["value"], found["决策人"]["unknown"]) == ("没有", "换人了")


def test_a_fact_is_done_again_from_the_review(firm: Talk) -> None:
    named(firm, "竞争对手", "决策人")
    firm.says(LI, "潜在客户")
    firm.taps(LI, "填上海明珠舞美有限公司")
    firm.says(LI, "竞争对手：锦绣\n决策人：吴经理")
    assert "2 项都有了。要改哪一项？" in text([*firm.says(LI, "改一处"), *firm.taps(LI, "资料：竞争对手 锦绣；决策人 吴经理")])
    firm.taps(LI, "决策人")
    assert "决策人 丁总" in text(firm.says(LI, "丁总"))
    assert "做完了" in text(firm.says(LI, "对"))
    assert ("丁总", "决策人", "") in firm.desk(LI, lambda desk: desk.customer(desk.prospects(states=("done",))[0].customer_id)).contacts


def test_only_the_rep_fills_it_in(firm: Talk) -> None:
    named(firm)
    id = firm.desk(CHEN, lambda desk: desk.prospects()[0].id)
    assert "还差 8 项" in text(firm.token(CHEN, f"a.survey.{id}"))
    assert "不归您办" in text(firm.token(ZHANG, f"a.survey.{id}"))
    assert "不归您办" in text(firm.token(LI, f"a.ask_survey.{id}"))


def test_a_survey_dropped_meanwhile_is_not_filed(firm: Talk) -> None:
    named(firm, "竞争对手")
    firm.says(LI, "调查表")
    firm.taps(LI, "填上海明珠舞美有限公司")
    firm.says(LI, "锦绣")
    firm.desk(CHEN, lambda desk: desk.drop_prospect(desk.prospects()[0].id))
    assert "您写的还留着" in text(firm.says(LI, "对"))


# --- needs ---------------------------------------------------------------------------------------------------


def need(firm: Talk) -> None:
    firm.at("10:00")
    firm.says(LI, "电话 西湖音视频 吴经理 需要一份全年广告规划")
    firm.says(LI, "对")


def test_a_need_from_out_of_town_is_clocked_on_both_sides(firm: Talk) -> None:
    need(firm)
    assert labels([firm.last(LIN)]) == ["写方案", "转交"]
    assert firm.dues("need_proposal") == [CALENDAR.at(date(2026, 11, 25), "17:00")]
    firm.taps(LIN, "写方案")
    firm.says(LIN, "全年 12 期")
    firm.says(LIN, "没有")
    firm.says(LIN, "对")
    assert firm.dues("need_answer") == [CALENDAR.at(date(2026, 11, 25), "12:00")]
    assert "已写方案" in text(firm.taps(LIN, "写方案"))


def test_a_corrected_call_moves_or_takes_back_the_need(firm: Talk) -> None:
    need(firm)
    firm.says(LI, "改上一条")
    firm.taps(LI, "客户需求：需要一份全年广告规划")
    firm.says(LI, "需要半年的规划")
    firm.says(LI, "对")
    assert "半年的规划" in firm.last(LIN).text
    firm.says(LI, "改上一条")
    firm.taps(LI, "客户需求：需要半年的规划")
    firm.says(LI, "没有")
    firm.says(LI, "对")
    assert [case.state for case in firm.cases(LI, "need")] == ["dropped"]
    assert "不用出方案了" in firm.last(LIN).text


def test_a_special_request_goes_the_short_way(firm: Talk) -> None:
    firm.at("10:00")
    firm.says(LI, "电话 西湖音视频 吴经理 想降5%")
    firm.says(LI, "对")
    assert firm.cases(LI, "need") == []
    assert [case.state for case in firm.cases(LI, "request")] == ["asked"]


def test_a_local_customers_need_is_no_case_for_a_proposal(firm: Talk) -> None:
    firm.at("10:00")
    firm.says(LI, "电话 恒达影音 孙经理 需要一份全年广告规划")
    firm.says(LI, "对")
    assert firm.cases(LI, "need") == []


# --- complaints ----------------------------------------------------------------------------------------------


def test_a_complaint_of_an_unknown_customer_asks_whose(firm: Talk) -> None:
    heard = text(firm.says(ZHOU, "投诉 火星公司 书没收到"))
    assert "哪家客户的意见" in heard
    firm.says(ZHOU, "华东精密")
    firm.taps(ZHOU, "市场员的工作")
    firm.says(ZHOU, "对")
    assert [case.data["what"] for case in firm.cases(LI, "complaint")] == ["火星公司 书没收到"]


def test_a_rep_has_no_way_to_close_their_own(firm: Talk) -> None:
    firm.says(ZHOU, "投诉 华东精密 送书晚了")
    firm.taps(ZHOU, "市场员的工作")
    firm.says(ZHOU, "对")
    id = firm.cases(LI, "complaint")[0].id
    assert "写处理结果" not in labels(firm.token(LI, f"a.complaint.{id}.show"))
    assert "要由别人来做" in text(firm.token(LI, f"a.complaint.{id}.close"))
    assert "不归您办" in text(firm.token(ZHANG, f"a.complaint.{id}.show"))
    assert "还没处理" not in text(firm.says(WU, "投诉"))
    assert "待处理 1 条" in text(firm.says(WU, "投诉"))


# --- somebody leaves -----------------------------------------------------------------------------------------


def test_what_is_open_passes_on_with_the_customers(firm: Talk) -> None:
    named(firm, "竞争对手")
    need(firm)
    firm.taps(LIN, "写方案")
    firm.says(LIN, "全年 12 期")
    firm.says(LIN, "没有")
    firm.says(LIN, "对")
    firm.desk(WU, lambda desk: desk.dismiss(firm.ids[LI]))
    firm.token(CHEN, f"a.handover.{firm.ids[LI]}")
    asked = firm.last(CHEN)
    assert "外地客户需求 1 件，客户调查 1 件" in asked.text
    firm.taps(CHEN, "全部转给张敏")
    assert [case.state for case in firm.cases(ZHANG, "need")] == ["proposed"]
    assert [case.state for case in firm.cases(ZHANG, "prospect")] == ["open"]
    assert firm.desk(ZHANG, lambda desk: desk.customer(desk.prospects()[0].customer_id)) is not None


# --- the stage in the evening ---------------------------------------------------------------------------------


def visited(firm: Talk, *names: str) -> None:
    for name in names:
        firm.later(minutes=5)
        firm.says(LI, f"拜访 {name} 王经理 谈续约")
        firm.taps(LI, "对，存下")


def test_the_month_s_stage_is_one_tap_on_a_log_that_lacks_nothing(firm: Talk) -> None:
    firm.at("16:00")
    visited(firm, "东方视讯", "雅声")
    firm.at("17:00")
    card = firm.says(LI, "日志")
    assert "这个月东方视讯对我们：" in text(card)
    assert labels(card) == ["看全文", "交陈主管", "戒备", "接受", "信任"]
    again = firm.taps(LI, "信任")
    assert text(again).startswith("记下了，东方视讯：信任。\n今天的日志写好了：拜访 2 家。")
    assert "这个月雅声对我们：" in text(again)
    assert "17:00 已交陈主管" in text(firm.taps(LI, "交陈主管"))  # one tap, whatever was left unanswered
    assert "这个月" not in text(firm.says(LI, "日志"))


def test_nobody_is_asked_twice_in_a_month_and_never_when_something_is_missing(firm: Talk) -> None:
    firm.at("16:00")
    firm.says(LI, "拜访 恒达影音 送书3本")
    firm.taps(LI, "对，存下")
    firm.at("17:00")
    assert "这个月" not in text(firm.says(LI, "日志"))  # who was met is missing: that comes first
    firm.taps(LI, "补上")
    assert "这个月恒达影音对我们：" in text(firm.says(LI, "孙经理"))
    assert "这个月" not in text(firm.says(LI, "日志"))
    firm.at("17:00", date(2026, 12, 1))
    visited(firm, "恒达影音")
    assert firm.now.hour == 9  # 17:05 in Shanghai
    assert "这个月恒达影音对我们：" in text(firm.says(LI, "日志"))


def test_neither_by_day_nor_in_yesterdays_log(firm: Talk) -> None:
    firm.at("14:00")
    visited(firm, "雅声")
    assert "这个月" not in text(firm.says(LI, "日志"))
    firm.at("09:00", date(2026, 11, 25))
    assert "这个月" not in text(firm.says(LI, "昨天的日志"))
