"""A rep's, a supervisor's and a manager's whole day, said on both databases."""

from __future__ import annotations

from tests.conversations.talk import DAY, Talk, text

LI, CHEN, LIN = "李强", "陈主管", "林经理"


def test_a_whole_day(firm_on_either: Talk) -> None:
    firm = firm_on_either
    assert "今天 9 家" in text(firm.says(LI, "今天"))
    firm.at("10:05")
    firm.says(LI, "拜访 华东精密 王经理 谈续约，想降 5%，答应周五 18:00 前答复")
    assert "已转林经理" in text(firm.says(LI, "对"))
    firm.later(minutes=3)
    assert "共 1 张" in text(firm.sends(LI, "a1"))
    firm.sends(LI, "a2")
    firm.taps(LIN, "写答复")
    firm.says(LIN, "最多 3%")
    firm.taps(LI, "已告诉客户")
    firm.at("14:05")
    firm.says(LI, "10:40 拜访 恒达影音 送书3本\n11:20 拜访 天籁音响 张总 报价")
    assert "存好 2 条" in text(firm.taps(LI, "对，都存下"))
    firm.says(LI, "声威电子 黄小姐 要排期表，答应明天答复")
    firm.says(LI, "对")
    firm.says(LI, "明天上午10点 拜访 恒达影音 谈续约")
    firm.says(LI, "对")
    firm.says(LI, "后天请假")
    firm.taps(LI, "对，去请假")
    firm.taps(CHEN, "同意")
    firm.at("17:00")
    assert "还差 1 处：恒达影音见了谁？" in text(firm.says(LI, "日志"))
    firm.taps(LI, "补上")
    firm.says(LI, "孙经理")
    firm.taps(LI, "交陈主管")
    firm.taps(CHEN, "退回")
    firm.says(CHEN, "请补照片")
    firm.taps(LI, "看日志")
    firm.taps(LI, "交陈主管")
    firm.taps(CHEN, "签收")
    assert [paper.grade for paper in firm.papers(LI, "CustomerVisit")] == ["countersigned"] * 3
    assert {case.state for case in firm.cases(LI, "request")} == {"told"}
    assert {case.state for case in firm.cases(LI, "need")} == {"asked"}
    assert firm.cases(LI, "daylog")[0].state == "received"
    assert firm.desk(LI, lambda desk: desk.on_leave(desk.me.id, DAY.replace(day=26)))
    assert "见了王经理" in text(firm.says(CHEN, "查 华东精密"))
