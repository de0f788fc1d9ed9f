"""The day log writes itself, goes to the supervisor with one tap, comes back with a remark (A-3.3.6)."""

from __future__ import annotations

from storage import staff
from storage.database import Connection
from tests.conversations.talk import Talk, labels, text

LI, CHEN, LIN = "李强", "陈主管", "林经理"


def visited(firm: Talk) -> None:
    firm.says(LI, "拜访 华东精密 王经理 谈续约\n拜访 恒达影音 送书3本\n电话 声威电子 黄小姐 确认排期")
    firm.taps(LI, "对，都存下")
    firm.at("17:00")


def handed(firm: Talk) -> None:
    visited(firm)
    firm.says(LI, "日志")
    firm.at("17:32")
    firm.taps(LI, "交陈主管")


def test_the_draft_shows_what_is_missing(firm: Talk) -> None:
    visited(firm)
    heard = firm.says(LI, "日志")
    assert text(heard) == "今天的日志写好了：拜访 2 家，电话 1 个，送书 1 家。还差 1 处：恒达影音见了谁？"
    assert labels(heard) == ["补上", "看全文", "交陈主管"]
    assert "见了谁" in text(firm.taps(LI, "补上"))
    heard = firm.says(LI, "孙经理")
    assert text(heard) == "今天的日志写好了：拜访 2 家，电话 1 个，送书 1 家。\n这个月华东精密对我们："
    assert labels(heard) == ["看全文", "交陈主管", "戒备", "接受", "信任"]
    assert labels(firm.taps(LI, "看全文")) == ["交陈主管"]  # the question stands on the other card, with the customer's name


def test_one_tap_hands_it_in(firm: Talk) -> None:
    visited(firm)
    firm.says(LI, "交日志")
    firm.at("17:32")
    heard = firm.taps(LI, "交陈主管")
    assert text(heard) == "17:32 已交陈主管。签收前可以撤回修改。"
    assert labels(heard) == ["撤回修改"]
    got = firm.last(CHEN)
    assert got.text.startswith("李强交来 11 月 24 日工作日志：拜访 2 家，电话 1 个，送书 1 家。")
    assert [one.label for one in got.options] == ["签收", "退回", "看全文", "转交"]


def test_a_second_tap_says_who_did_it_when(firm: Talk) -> None:
    handed(firm)
    assert text(firm.taps(LI, "交陈主管")) == "这张卡片已经处理过了：李强 17:32 已交。"
    assert len(firm.prompts(CHEN)) == 1


def test_receipt_countersigns(firm: Talk) -> None:
    handed(firm)
    firm.at("18:05")
    assert text(firm.taps(CHEN, "签收")) == "已签收李强 11 月 24 日的日志。"
    assert firm.last(LI).text == "陈主管 18:05 已签收您 11 月 24 日的日志。"
    assert {paper.grade for paper in firm.papers(LI)} == {"countersigned"}
    assert "陈主管 18:05 已签收" in text(firm.taps(LI, "撤回修改"))


def test_withdrawn_before_receipt(firm: Talk) -> None:
    handed(firm)
    assert "今天的日志写好了" in text(firm.taps(LI, "撤回修改"))
    assert "李强撤回了 11 月 24 日的日志" in firm.last(CHEN).text
    assert "李强 17:32 已撤回" in text(firm.taps(CHEN, "签收"))
    assert firm.cases(LI, "daylog")[0].state == "draft"


def test_returned_with_a_remark(firm: Talk) -> None:
    handed(firm)
    assert "请写一句要改什么" in text(firm.taps(CHEN, "退回"))
    assert "已退回" in text(firm.says(CHEN, "恒达影音没写见了谁"))
    got = firm.last(LI)
    assert "陈主管退回了您 11 月 24 日的日志：恒达影音没写见了谁。" in got.text
    assert "今天的日志写好了" in text(firm.taps(LI, "看日志"))
    firm.taps(LI, "交陈主管")
    assert firm.cases(LI, "daylog")[0].state == "handed"


def test_returned_too_late(firm: Talk) -> None:
    handed(firm)
    firm.taps(CHEN, "退回")
    firm.taps(LI, "撤回修改")
    assert "李强 17:32 已撤回" in text(firm.says(CHEN, "没写清"))
    assert firm.cases(LI, "daylog")[0].state == "draft"


def test_the_whole_text(firm: Talk) -> None:
    handed(firm)
    heard = firm.taps(CHEN, "看全文")
    assert "李强 11 月 24 日工作日志" in text(heard)
    assert "华东精密｜见了王经理｜谈续约" in text(heard)
    assert "（待补见了谁）" in text(heard)
    assert labels(heard) == ["签收", "退回"]


def test_passed_to_the_manager(firm: Talk) -> None:
    handed(firm)
    assert labels(firm.taps(CHEN, "转交")) == [LIN]
    assert text(firm.taps(CHEN, LIN)) == "已转给林经理。"
    assert "签收" in [one.label for one in firm.last(LIN).options]
    firm.taps(LIN, "签收")
    assert firm.cases(LI, "daylog")[0].state == "received"


def test_a_correction_after_receipt_is_told(firm: Talk) -> None:
    handed(firm)
    firm.taps(CHEN, "签收")
    paper = next(one for one in firm.papers(LI) if one.answers["met"] == {"later": True})
    firm.token(LI, f"a.fix.{paper.id}")
    firm.says(LI, "孙经理")
    firm.says(LI, "对")
    assert firm.last(CHEN).text == "李强改了 11 月 24 日的记录（恒达影音）：见了谁：孙经理（原来没填）。"


def test_who_is_missing(firm: Talk) -> None:
    handed(firm)
    firm.at("18:10")
    heard = firm.says(CHEN, "谁没交")
    assert "已交待签：李强" in text(heard)
    assert "未交：张敏" in text(heard)
    assert "赵磊" not in text(heard)  # has not begun yet
    assert "催张敏" in labels(heard)


def test_chased_once(firm: Talk) -> None:
    firm.at("18:10")
    firm.says(CHEN, "今天")
    assert "已问张敏" in text(firm.taps(CHEN, "催张敏"))
    assert "陈主管问：今天的日志还没收到" in firm.last("张敏").text
    assert "刚问过张敏" in text(firm.taps(CHEN, "催张敏"))
    assert len(firm.prompts("张敏")) == 1


def test_counted_as_leave(firm: Talk) -> None:
    firm.at("18:20")
    token = f"a.excuse.{firm.ids['张敏']}.20261124"
    assert "按请假算" in text(firm.token(LIN, token))
    assert "请假或休息：张敏" in text(firm.says(CHEN, "今天"))
    assert "那天的日志不用交" in firm.last("张敏").text


def test_nobody_excuses_themselves(firm: Talk) -> None:
    assert "请问部门主管" in text(firm.token(LI, f"a.excuse.{firm.ids[LI]}.20261124")) or "别人来定" in firm.last(LI).text
    assert not firm.desk(LI, lambda desk: desk.on_leave(desk.me.id, desk.today))


def test_a_rep_cannot_receive(firm: Talk) -> None:
    handed(firm)
    token = firm.option(CHEN, "签收").token
    assert "别人来做" in text(firm.token(LI, token))
    firm.token("张敏", token)
    assert firm.cases(LI, "daylog")[0].state == "handed"


def test_an_empty_day(firm: Talk) -> None:
    heard = firm.says(LI, "日志")
    assert "还没有记录" in text(heard)
    firm.taps(LI, "交陈主管")
    assert "没有记录" in firm.last(CHEN).text


def test_a_record_after_handing_in(firm: Talk) -> None:
    handed(firm)
    firm.says(LI, "拜访 天籁音响 张总 报价")
    heard = firm.says(LI, "对")
    assert "这一条不在里面" in text(heard)
    firm.taps(LI, "撤回修改")
    firm.taps(LI, "交陈主管")
    assert "拜访 3 家" in firm.last(CHEN).text


def test_a_record_after_receipt(firm: Talk) -> None:
    handed(firm)
    firm.taps(CHEN, "签收")
    firm.says(LI, "拜访 天籁音响 张总 报价")
    assert "11 月 24 日的日志已签收，这一条不在里面，可以补交。" in text(firm.says(LI, "对"))
    assert text(firm.taps(LI, "补交陈主管")) == "17:32 已补交 1 条，给陈主管。签收前可以撤回修改。"
    got = firm.last(CHEN)
    assert got.text.startswith("李强补交 11 月 24 日工作日志：拜访 1 家。")
    assert text(firm.taps(CHEN, "签收")) == "已签收李强 11 月 24 日补交的记录。"
    assert {paper.grade for paper in firm.papers(LI)} == {"countersigned"}
    assert text(firm.says(LI, "日志")) == "今天的日志已签收：拜访 3 家，电话 1 个，送书 1 家。"


def test_only_what_was_handed_in_is_shown_and_signed(firm: Talk) -> None:
    handed(firm)
    firm.says(LI, "拜访 天籁音响 张总 报价")
    firm.says(LI, "对")
    seen = text(firm.taps(CHEN, "看全文"))
    assert "工作日志：拜访 2 家，电话 1 个" in seen
    assert "报价" not in seen
    assert "交后另记 1 条，不在里面，还没交来。" in seen
    assert text(firm.taps(CHEN, "签收")) == "已签收李强 11 月 24 日的日志。后来记的或改过的 1 条不在里面，等他补交。"
    assert [paper.grade for paper in firm.papers(LI)] == ["countersigned"] * 3 + ["declared"]
    got = firm.last(LI)
    assert got.text == "陈主管 17:32 已签收您 11 月 24 日的日志。后来记的或改过的 1 条不在里面，可以补交。"
    assert "后来记的或改过的还没交：拜访 1 家。" in text(firm.taps(LI, "去补交"))
    firm.taps(LI, "补交陈主管")
    whole = text(firm.taps(CHEN, "看全文"))
    assert "补交：拜访 1 家" in whole
    firm.taps(CHEN, "签收")
    assert {paper.grade for paper in firm.papers(LI)} == {"countersigned"}


def test_the_owner_sees_what_is_not_in_it(firm: Talk) -> None:
    handed(firm)
    firm.says(LI, "拜访 天籁音响 张总 报价")
    firm.says(LI, "对")
    heard = text(firm.token(LI, f"a.log.20261124.{firm.ids[LI]}"))
    assert "交后另记 1 条，不在里面：" in heard
    assert "天籁音响｜见了张总｜报价" in heard
    assert "另有 1 条不在里面，要补进去请撤回再交。" in text(firm.says(LI, "日志"))


def test_what_was_changed_since_is_not_signed_by_that_receipt(firm: Talk) -> None:
    handed(firm)
    paper = next(one for one in firm.papers(LI) if one.answers["met"] == {"later": True})
    firm.token(LI, f"a.fix.{paper.id}")
    firm.says(LI, "孙经理")
    assert "改过的这一条不在里面" in text(firm.says(LI, "对"))
    assert "（交后改过）" in text(firm.token(CHEN, f"a.log.20261124.{firm.ids[LI]}"))
    firm.taps(CHEN, "签收")
    assert sorted(one.grade for one in firm.papers(LI)) == ["countersigned", "countersigned", "declared"]
    firm.taps(LI, "去补交")
    firm.taps(LI, "补交陈主管")
    firm.taps(CHEN, "签收")
    assert {one.grade for one in firm.papers(LI)} == {"countersigned"}


def test_a_record_changed_after_receipt_is_signed_no_more_and_stays(firm: Talk) -> None:
    handed(firm)
    firm.taps(CHEN, "签收")
    paper = next(one for one in firm.papers(LI) if one.answers["met"] == {"later": True})
    firm.token(LI, f"a.fix.{paper.id}")
    firm.says(LI, "孙经理")
    assert "改过的这一条不在里面，可以补交。" in text(firm.says(LI, "对"))
    assert next(one.grade for one in firm.papers(LI) if one.id == paper.id) == "declared"
    assert "已经有人签收，不能撤回了" in text(firm.token(LI, f"a.undo.{paper.id}.yes"))


def test_nothing_more_to_hand_in(firm: Talk) -> None:
    handed(firm)
    firm.taps(CHEN, "签收")
    firm.says(LI, "拜访 天籁音响 张总 报价")
    firm.says(LI, "对")
    (added,) = [one for one in firm.papers(LI) if one.grade == "declared"]
    firm.token(LI, f"a.undo.{added.id}.yes")
    assert text(firm.taps(LI, "补交陈主管")) == "没有要补交的了，日志已经签收。"


def test_a_correction_to_what_was_never_handed_in_is_told_nobody(firm: Talk) -> None:
    handed(firm)
    firm.says(LI, "拜访 天籁音响 报价")
    firm.says(LI, "对")
    count = len(firm.prompts(CHEN))
    firm.token(LI, f"a.fix.{firm.papers(LI)[-1].id}")
    firm.says(LI, "张总")
    firm.says(LI, "对")
    assert len(firm.prompts(CHEN)) == count


def test_a_stale_card_shows_the_newer_one(firm: Talk) -> None:
    handed(firm)
    firm.taps(LI, "撤回修改")
    firm.says(LI, "拜访 天籁音响 张总 报价")
    firm.says(LI, "对")
    firm.says(LI, "日志")
    firm.at("17:40")
    firm.taps(LI, "交陈主管")
    heard = firm.taps(CHEN, "签收", of=2)
    assert text(heard).startswith("这张卡片已经处理过了：李强 17:40 改过又交了，请看这张新的。\n李强交来 11 月 24 日工作日志：拜访 3 家")
    assert firm.cases(LI, "daylog")[0].state == "handed"
    assert "已签收" in text(firm.taps(CHEN, "签收"))
    assert "陈主管 17:40 已签收" in text(firm.taps(CHEN, "签收", of=3))


def test_a_supplement_passed_to_another_team_comes_with_its_records(firm: Talk) -> None:
    handed(firm)
    firm.taps(CHEN, "签收")
    firm.says(LI, "拜访 天籁音响 张总 报价")
    firm.says(LI, "对")
    firm.taps(LI, "补交陈主管")
    firm.taps(CHEN, "转交")
    firm.taps(CHEN, LIN)
    assert "补交 11 月 24 日工作日志" in firm.last(LIN).text
    assert "已签收" in text(firm.taps(LIN, "签收"))


def test_what_is_still_parked_is_in_the_draft(firm: Talk) -> None:
    firm.says(LI, "先记 华东精密 想要封底")
    firm.says(LI, "对")
    visited_other = firm.says(LI, "拜访 恒达影音 孙经理 送书")
    assert visited_other
    firm.says(LI, "对")
    heard = firm.says(LI, "日志")
    assert "有 1 件客户要求还没转经理" in text(heard)
    assert "已转林经理" in text(firm.taps(LI, "转经理"))


def test_nobody_to_receive_it_is_told_to_the_admin(firm: Talk) -> None:
    today = firm.now.date()

    def both_leave(conn: Connection) -> None:
        for who in ("陈主管", "林经理"):
            staff.leaves(conn, firm.ids[who], "wu", firm.now, today)

    firm.database.write_now(both_leave)
    firm.says(LI, "日志")
    assert "我已告诉管理员" in text(firm.taps(LI, "交日志"))
    assert "李强交了 11 月 24 日的日志，但还没有主管能签收" in firm.last("小吴").text


def test_a_supplement_is_returned_and_withdrawn_like_a_log(firm_on_either: Talk) -> None:
    firm = firm_on_either
    handed(firm)
    firm.taps(CHEN, "签收")
    firm.says(LI, "拜访 天籁音响 张总 报价")
    firm.says(LI, "对")
    firm.taps(LI, "补交陈主管")
    firm.taps(CHEN, "退回")
    firm.says(CHEN, "报价写清楚")
    assert "陈主管退回了您 11 月 24 日补交的记录：报价写清楚。" in firm.last(LI).text
    firm.taps(LI, "看日志")
    firm.taps(LI, "补交陈主管")
    firm.taps(LI, "撤回修改")
    assert firm.last(CHEN).text == "李强撤回了 11 月 24 日补交的记录，改好再交给您。"
    firm.taps(LI, "补交陈主管")
    firm.taps(CHEN, "签收")
    assert {paper.grade for paper in firm.papers(LI)} == {"countersigned"}
