"""The engine as a person meets it: every prompt by plain typed text, a restart between any two messages."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from conversations import engine
from conversations.firm import Found
from conversations.form import Form
from conversations.questions import Choose, Day, Lines, Text, not_past
from conversations.types import LATER, STRUCK, Point, Session, TooNew
from tests.conversations.firm import NOON, Everything, Firm, Newcomer, Remark, Visit, photo, said, voice
from tests.conversations.phone import Phone, stored

FULL = {"customer": {"id": 1, "label": "华东精密"}, "met": "王经理", "talked": "续约", "need": STRUCK, "photos": STRUCK}


def visit(**answers: Any) -> Phone:
    """A visit with everything answered, at the review."""
    return Phone(Visit, answers={**FULL, **answers})


def test_a_visit_from_the_first_question_to_the_paper() -> None:
    phone = Phone(Visit)
    phone.says("hdjm", "王经理", "续约", "降价", "周五")
    phone.sends(photo(1))
    phone.says("完")
    assert phone.hears == ("请核对《走访表》：\n客户：华东精密\n见了谁：王经理\n谈了什么：续约\n需求：降价\n答复日：11月27日（周五）\n现场照片：1 张")
    phone.says("对，存下")
    assert phone.session.state == "filed"
    assert phone.turn.say == ()
    assert phone.answers == {
        "customer": {"id": 1, "label": "华东精密"},
        "met": "王经理",
        "talked": "续约",
        "need": "降价",
        "reply_by": "2026-11-27",
        "photos": {"photos": [{"sha256": photo(1).sha256}], "done": True},
    }


@pytest.mark.parametrize("typed", ["2", "２", "第2个", "报价", "报价。"])
def test_number_and_label_answer_like_a_tap(typed: str) -> None:
    phone = Phone(Visit, answers={"customer": FULL["customer"], "met": "王经理"})
    phone.says(typed)
    assert phone.answers["talked"] == "报价"


def test_value_answers_too() -> None:
    phone = Phone(Newcomer, answers={"name": "新光电子"})
    phone.says("away")
    assert phone.answers["local"] == "away"


def test_a_number_that_may_be_a_button_or_the_answer_is_asked() -> None:
    phone = Phone(Visit, answers={"customer": FULL["customer"]})
    assert phone.labels == ["以后补", "上一问"]
    assert phone.says("2") == "「2」就是答案，对吗？"
    assert "met" not in phone.answers
    phone.says("对")
    assert phone.answers["met"] == "2"


def test_a_long_answer_is_kept_whole_and_shown_in_part() -> None:
    phone = visit(talked="谈" * 900)
    assert f"谈了什么：{'谈' * 100}…（共 900 字）" in phone.hears
    phone.says("存下")
    assert phone.answers["talked"] == "谈" * 900


# --- back, edit, keep ---------------------------------------------------------------------------------------


def test_back_shows_what_is_there_and_keeps_it() -> None:
    phone = Phone(Visit)
    phone.says("华东精密", "王经理", "上一问")
    assert phone.hears == "见了谁？什么职务？\n现在是：王经理"
    phone.says("不改")
    assert phone.hears == "谈了什么？"
    assert phone.answers["met"] == "王经理"


def test_back_at_the_first_question() -> None:
    assert Phone(Visit).says("返回").startswith("这已经是第一问。\n拜访了哪家客户？")


def test_back_from_the_review() -> None:
    assert visit().says("返回").startswith("请拍现场照片")


def test_editing_one_answer_keeps_the_others() -> None:
    phone = visit()
    assert phone.says("改一处") == "改哪一处？"
    assert phone.labels == ["客户：华东精密", "见了谁：王经理", "谈了什么：续约", "需求：/", "现场照片：/", "不改了"]
    phone.says("谈了什么", "报价")
    assert phone.hears.startswith("请核对《走访表》")
    assert phone.answers == {**FULL, "talked": "报价"}


@pytest.mark.parametrize("typed", ["改谈了什么", "修改第3问", "改3", "改 谈了"])
def test_edit_by_name_or_number(typed: str) -> None:
    assert visit().says(typed).startswith("谈了什么？\n现在是：续约")


def test_edit_and_answer_in_one_message() -> None:
    phone = visit()
    phone.says("改见了谁 李总")
    assert phone.answers["met"] == "李总"
    assert phone.hears.startswith("请核对")


def test_words_that_begin_like_an_edit_are_an_answer() -> None:
    phone = Phone(Visit, answers={"customer": FULL["customer"], "met": "王经理"})
    phone.says("改合同日期")
    assert phone.answers["talked"] == "改合同日期"


def test_a_wrong_edit_asks_the_question() -> None:
    phone = visit(need="降价", reply_by="2026-11-27")
    assert phone.says("改答复日 昨天") == "11月23日（周一）已经过了，请给今天或以后的日期。\n答应何时答复？\n现在是：11月27日（周五）"
    assert phone.answers["reply_by"] == "2026-11-27"
    assert phone.turn.unread


def test_hidden_answers_are_kept_while_filling_and_gone_from_the_paper() -> None:
    phone = visit(need="降价", reply_by="2026-11-27")
    phone.says("改需求", "没有")
    assert phone.answers["reply_by"] == "2026-11-27"
    assert "答复日" not in phone.hears
    phone.says("改需求", "还是降价")
    assert "答复日：11月27日" in phone.hears
    phone.says("改需求", "/", "存下")
    assert phone.session.state == "filed"
    assert "reply_by" not in phone.answers


# --- strike out, skip, leave for later ----------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["/", "／", "无", "没有", "不适用", "没有。"])
def test_struck_out(typed: str) -> None:
    phone = Phone(Visit, answers={"customer": FULL["customer"], "met": "王经理", "talked": "续约"})
    phone.says(typed)
    assert phone.answers["need"] == STRUCK
    assert Visit(phone.answers).need is None
    assert Visit(phone.answers).struck("need")


def test_struck_out_by_a_tap() -> None:
    phone = Phone(Visit, answers={"customer": FULL["customer"], "met": "王经理", "talked": "续约"})
    phone.taps("没有")
    assert phone.answers["need"] == STRUCK


def test_a_slash_where_none_is_allowed() -> None:
    phone = Phone(Visit, answers={"customer": FULL["customer"], "met": "王经理"})
    assert phone.says("/") == "这一问不能划掉，请答一下；现在答不了可以写「跳过」。\n谈了什么？"
    phone.says("没有")
    assert phone.answers["talked"] == "没有"


def test_nothing_more_does_not_strike_out_the_pictures() -> None:
    phone = visit()
    phone.says("改现场照片")
    phone.sends(photo(1))
    phone.says("没有")
    assert phone.answers["photos"] == {"photos": [{"sha256": photo(1).sha256}], "done": True}


def test_skip_leaves_for_later_what_may_wait() -> None:
    phone = Phone(Visit, answers={"customer": FULL["customer"]})
    phone.says("跳过")
    assert phone.answers["met"] == LATER
    assert Visit(phone.answers).left("met")


def test_a_skipped_question_comes_back_at_the_end() -> None:
    phone = Phone(Visit)
    assert phone.says("跳过").startswith("好，这一问最后再问您。\n见了谁？")
    phone.says("王经理", "续约", "没有", "没有")
    assert phone.hears.startswith("拜访了哪家客户？")
    assert phone.says("跳过").startswith("只剩这一问了")
    assert phone.says("提交").startswith("还差 1 问：客户。")
    phone.says("华东精密")
    assert phone.hears.startswith("请核对")


# --- pause, resume, cancel, help ----------------------------------------------------------------------------


def test_paused_and_taken_up_days_later() -> None:
    phone = Phone(Visit)
    phone.says("华东精密", "先放着")
    assert phone.session.state == "paused"
    assert phone.hears == "华东精密的《走访表》先放着了，写「继续」就接着填。"
    assert phone.prompts[-1].options[0].token == "a.resume.7"
    phone.firm.now += timedelta(days=5)
    assert phone.comes_back() == "接着填华东精密的《走访表》。\n见了谁？什么职务？"
    phone.says("王经理")
    assert phone.answers == {"customer": FULL["customer"], "met": "王经理"}


def test_cancelled_and_still_there() -> None:
    phone = Phone(Visit)
    phone.says("华东精密", "取消")
    assert (phone.session.state, phone.hears) == ("cancelled", "《走访表》取消了。填过的还留着。")
    assert phone.says("王经理") == "《走访表》已经取消了，填过的还留着。"
    assert phone.turn.unread
    assert phone.comes_back().endswith("见了谁？什么职务？")


def test_help_says_what_is_left_and_asks_again() -> None:
    phone = Phone(Visit)
    before = phone.session
    assert phone.says("帮助").startswith("《走访表》还差 5 问。可以写：上一问、改一处、没有（或 /）、跳过、先放着、取消。\n拜访了哪家客户？")
    assert phone.session == before


def test_progress_only_from_four_questions_up() -> None:
    assert Phone(Visit).prompts[-1].step == (1, 5)
    assert Phone(Newcomer).prompts[-1].step is None
    assert visit().prompts[-1].step is None


# --- taps -----------------------------------------------------------------------------------------------------


def test_a_tap_on_an_old_prompt_changes_nothing_and_says_so() -> None:
    phone = Phone(Visit)
    phone.taps("华东精密")
    before = phone.session
    assert phone.taps("恒达影音", of=0) == "这张卡片已经处理过了。现在问的是：\n见了谁？什么职务？"
    assert phone.session == before


def test_a_double_tap_changes_nothing() -> None:
    phone = visit()
    phone.taps("对，存下")
    before = phone.session
    assert phone.taps("对，存下", of=0) == "《走访表》已经存下了，这张卡片不用再点。"
    assert phone.session == before


@pytest.mark.parametrize("token", ["s8.1.1", "s7.0.1", "s7.2.1", "a.today", "nonsense", "s7.x.1"])
def test_a_tap_of_something_else(token: str) -> None:
    phone = Phone(Visit)
    before = phone.session
    assert phone.sends_tap(token).startswith("这张卡片已经处理过了。")
    assert phone.session == before


@pytest.mark.parametrize("value", ["999", "_yes", "_strike", "_file.x", "_e.met", "_later", "_nonsense", "new2", "page", "9" * 30])
def test_a_forged_value_changes_nothing(value: str) -> None:
    phone = Phone(Visit)
    before = phone.session
    phone.sends_tap(f"s7.{before.no}.{value}")
    assert phone.session == before


def test_a_repeated_prompt_carries_the_same_number() -> None:
    phone = Phone(Visit, answers={**FULL, "need": "降价"})
    first = phone.prompts[-1].ref
    phone.says("2月31日")
    assert phone.prompts[-1].ref == first == "s7.1"
    phone.taps("明天", of=0)
    assert phone.answers["reply_by"] == "2026-11-25"


# --- filing ---------------------------------------------------------------------------------------------------


def test_every_check_again_when_it_is_filed() -> None:
    phone = visit(need="降价", reply_by="2026-11-24")
    phone.firm.now += timedelta(days=2)
    assert phone.says("存下").startswith("11月24日（周二）已经过了，请给今天或以后的日期。\n答应何时答复？")
    assert phone.session.state == "open"
    phone.says("周五", "存下")
    assert phone.session.state == "filed"


def test_a_customer_taken_away_since() -> None:
    phone = visit()
    phone.firm.hidden = {1}
    assert phone.says("存下").startswith("「华东精密」已不在您的名单里，请另选一个。")


def test_check_all_names_the_first_that_is_wrong() -> None:
    session = replace(engine.fresh(Visit, answers={"customer": FULL["customer"], "met": "王"}), at="talked")
    assert engine.check_all(Visit, session, Firm(), NOON) == ("talked", "这一问还没答完。")
    assert not engine.file_ready(Visit, session, Firm(), NOON)
    assert engine.file_ready(Visit, replace(session, answers=FULL), Firm(), NOON)


def test_struck_out_where_it_no_longer_may_be() -> None:
    session = engine.fresh(Visit, answers={**FULL, "talked": STRUCK})
    assert engine.check_all(Visit, session, Firm(), NOON) == ("talked", "这一问现在要填。")


def test_filed_with_its_last_answer() -> None:
    phone = Phone(Remark)
    phone.says("请补王经理的职务")
    assert (phone.session.state, phone.answers) == ("filed", {"why": "请补王经理的职务"})


def test_file_before_the_end_says_what_is_missing() -> None:
    phone = Phone(Visit, answers={"customer": FULL["customer"], "met": "王", "talked": "续约"})
    assert phone.says("提交") == "还差 2 问：需求、现场照片。\n客户有什么需求？"


# --- begun by one message -----------------------------------------------------------------------------------


def test_what_may_wait_waits() -> None:
    phone = Phone(Visit, brief=True, answers={"customer": FULL["customer"], "talked": "续约"})
    assert phone.hears == "记成这样，对吗？\n华东精密｜续约"
    assert phone.labels == ["对，存下", "改一处", "不是拜访"]
    phone.says("1")
    assert phone.session.state == "filed"
    assert phone.answers == {"customer": FULL["customer"], "met": LATER, "talked": "续约", "need": LATER, "photos": LATER}


def test_what_may_not_wait_is_asked() -> None:
    assert Phone(Visit, brief=True, answers={"talked": "续约"}).hears.startswith("拜访了哪家客户？")


def test_not_a_visit() -> None:
    phone = Phone(Visit, brief=True, answers={"customer": FULL["customer"], "talked": "续约"})
    assert phone.taps("不是拜访") == "好，没有存，原话还留着。"
    assert phone.session.state == "cancelled"


def test_a_reading_that_was_ambiguous_is_asked_first() -> None:
    draft = {"at": "reply_by", "raw": "2026-12-05", "why": "是12月5日（周六）吗？"}
    phone = Phone(Visit, brief=True, answers={"customer": FULL["customer"], "talked": "续约", "need": "降价"}, draft=draft)
    assert (phone.hears, phone.labels) == ("是12月5日（周六）吗？", ["对", "不是，重答"])
    phone.says("对")
    assert phone.answers["reply_by"] == "2026-12-05"


def test_an_impossible_answer_is_asked_again() -> None:
    answers = {"customer": FULL["customer"], "talked": "续约", "need": "降价", "reply_by": "2026-11-20"}
    phone = Phone(Visit, brief=True, answers=answers)
    assert phone.hears.startswith("11月20日（周五）已经过了")
    assert phone.answers == answers


def test_a_record_heard_late_is_judged_by_its_own_time() -> None:
    answers = {"customer": FULL["customer"], "talked": "续约", "need": "降价", "reply_by": "2026-11-23"}
    phone = Phone(Visit, brief=True, answers=answers, said_at=NOON - timedelta(days=1))
    assert phone.hears.startswith("记成这样，对吗？")
    phone.says("对")
    assert phone.session.state == "filed"


def test_pictures_with_the_card_go_into_it() -> None:
    phone = Phone(Visit, brief=True, answers={"customer": FULL["customer"], "talked": "续约"})
    phone.sends(photo(1), photo(2))
    assert phone.hears == "照片放进「现场照片」了（2 张）。\n记成这样，对吗？\n华东精密｜续约｜2 张"
    phone.taps("对，存下", of=0)
    assert Visit(phone.answers).photos == (photo(1).sha256, photo(2).sha256)


# --- corrections, trials, children --------------------------------------------------------------------------


def test_a_correction_begins_with_what_to_change() -> None:
    phone = Phone(Visit, answers=FULL, paper=5)
    assert phone.hears == "改哪一处？"
    phone.says("见了谁", "李总")
    assert phone.labels[0] == "对，改成这样"
    phone.says("对")
    assert (phone.session.state, phone.session.paper, phone.answers["met"]) == ("filed", 5, "李总")


def test_a_correction_given_up_leaves_the_paper() -> None:
    phone = Phone(Visit, answers=FULL, paper=5, brief=True)
    assert phone.says("不改了").startswith("记成这样，对吗？")
    assert phone.labels == ["对，改成这样", "改一处"]
    assert phone.says("取消") == "好，《走访表》没有改，还是原来那样。"


def test_a_correction_asks_what_was_left_for_later() -> None:
    phone = Phone(Visit, answers={**FULL, "met": LATER}, paper=5)
    assert phone.hears == "见了谁？什么职务？"
    phone.says("王经理")
    assert phone.hears.startswith("请核对")


def test_a_correction_is_judged_by_its_own_day() -> None:
    phone = Phone(Visit, answers={**FULL, "need": "降价", "reply_by": "2026-11-20"}, paper=5, said_at=NOON - timedelta(days=7))
    phone.says("见了谁", "李总", "对")
    assert phone.session.state == "filed"


def test_nothing_kept_of_a_trial() -> None:
    phone = Phone(Visit, answers=FULL, trial=True)
    assert phone.says("存下") == "试好了，什么都没有留下。真记的时候，这一步就存下了。"
    assert (phone.session.state, phone.answers) == ("filed", {})
    phone = Phone(Visit, answers=FULL, trial=True)
    assert phone.says("取消") == "试完了，什么都没有留下。"
    assert phone.answers == {}


def test_a_new_customer_in_the_middle_of_a_visit() -> None:
    phone = Phone(Visit)
    assert phone.says("新光电子").startswith("没找到「新光电子」。请换个写法再找，或登记成新的。")
    phone.taps("登记「新光电子」")
    assert (phone.session.state, phone.turn.child, phone.turn.words) == ("waiting", "Newcomer", "新光电子")
    child = Phone(Newcomer, answers=engine.child_of(phone.turn, Newcomer).answers, parent=7)
    assert child.hears == "在本地吗？"
    child.says("本地", "存下")
    turn = engine.answer_child(Visit, phone.session, Found(20, "客户20"), phone.firm)
    assert turn.say[0].text == "已登记：客户20。\n见了谁？什么职务？"
    assert (turn.session.state, turn.session.answers["customer"]) == ("open", {"id": 20, "label": "客户20"})
    gone = engine.answer_child(Visit, phone.session, Found(99, "新光电子"), phone.firm)
    assert gone.say[0].text.startswith("「新光电子」已不在您的名单里，请另选一个。\n拜访了哪家客户？")


def test_a_name_like_one_the_firm_has_is_asked() -> None:
    phone = Phone(Newcomer, answers={"name": "东方印务"})
    assert phone.hears == "公司里好像有「东方印务」了，还要登记吗？"
    assert phone.answers == {}
    phone.says("不是")
    assert phone.hears == "好，请再答一次。\n客户叫什么？"
    phone.says("东方新印", "好")
    assert phone.answers == {"name": "东方新印"}


def test_a_child_opens_no_child_and_its_end_is_silent() -> None:
    phone = Phone(Visit, parent=3)
    assert not [label for label in phone.labels if "新" in label]
    phone.says("取消")
    assert (phone.session.state, phone.turn.say) == ("cancelled", ())


# --- things sent while something else is asked --------------------------------------------------------------


def test_a_picture_while_words_are_asked_goes_where_pictures_go() -> None:
    phone = Phone(Visit, answers={"customer": FULL["customer"]})
    phone.sends(photo(1), text="门头")
    assert phone.hears == "照片放进「现场照片」了（1 张）。\n见了谁？什么职务？"
    assert phone.answers["photos"] == {"photos": [{"sha256": photo(1).sha256, "words": "门头"}], "done": False}
    phone.says("王经理", "续约", "没有")
    assert phone.hears == "已收 1 张。还可以再发，发完请点「完」。"


def test_a_picture_after_the_end_of_the_album() -> None:
    phone = visit(photos={"photos": [{"sha256": photo(1).sha256}], "done": True})
    phone.sends(photo(2))
    assert "现场照片：2 张" in phone.hears
    phone.says("存下")
    assert phone.session.state == "filed"


def test_a_picture_where_there_is_no_room_is_kept() -> None:
    phone = Phone(Newcomer)
    assert phone.sends(photo(1)) == "照片已留着，这一问用不上。\n客户叫什么？"
    assert phone.turn.unread


def test_a_voice_answers_any_words() -> None:
    phone = Phone(Visit, answers={"customer": FULL["customer"]})
    phone.sends(voice(8))
    assert phone.hears == "语音已留存。想让文字也在，请按键盘上的话筒说一遍。\n谈了什么？"
    assert phone.answers["met"] == {"voice": voice(8).sha256}
    paper = Visit(phone.answers, phone.firm, NOON)
    assert (paper.met, paper.blobs()) == ("（语音）", (voice(8).sha256,))


def test_a_voice_where_a_tap_is_wanted_is_kept() -> None:
    phone = Phone(Newcomer, answers={"name": "新光"})
    assert phone.sends(voice(8)) == "语音已留着，这一问用不上。\n在本地吗？"
    assert phone.turn.unread


def test_a_place_never_asked_for_is_taken_when_sent() -> None:
    phone = Phone(Everything)
    assert "在哪儿" not in str([step.question.label for step in engine.Filling(Everything, phone.session, phone.firm, NOON).tops])
    phone.sends(place=Point(31.2, 121.5, "南京西路"))
    assert phone.hears.startswith("位置放进「在哪儿」了（南京西路）。\n怎样联系的？")
    assert Everything(phone.answers, phone.firm, NOON).where == Point(31.2, 121.5, "南京西路")


def test_a_broken_picture_is_said_in_its_own_words() -> None:
    phone = Phone(Visit, answers={"customer": FULL["customer"]})
    assert phone.sends(photo(1, broken="这张照片打不开")).startswith("这张照片打不开")
    assert phone.turn.unread
    assert "photos" not in phone.answers


# --- deploys --------------------------------------------------------------------------------------------------


class Older(Form, title="表", version=1):
    who_met = Text("见了谁？")
    day = Choose("哪天？", ["今天", "明天"])


class Newer(Form, title="表", version=2):
    met = Text("见了谁？", was=("who_met",))
    why = Text("为什么？")
    day = Day("哪一天？", check=not_past)

    @classmethod
    def upgrade(cls, answers: Any, since: int) -> Any:
        return {name: raw for name, raw in answers.items() if name != "day"}


def carried(phone: Phone) -> Session:
    return replace(stored(phone.session), form="Newer")


def test_a_reply_still_counts_after_a_deploy() -> None:
    phone = Phone(Older)
    turn = engine.advance(Newer, carried(phone), said("王经理"), phone.firm)
    assert (turn.session.version, turn.session.at, dict(turn.session.answers)) == (2, "why", {"met": "王经理"})


def test_a_tap_is_asked_again_after_a_deploy() -> None:
    phone = Phone(Older)
    phone.says("王经理")
    turn = engine.advance(Newer, carried(phone), said(tap=phone.option("明天").token), phone.firm)
    assert turn.say[0].text.startswith("表改过了，请再答一次。\n哪一天？")
    assert dict(turn.session.answers) == {"met": "王经理"}


def test_answers_are_renamed_and_new_questions_follow() -> None:
    phone = Phone(Older)
    phone.says("王经理", "明天", "先放着")
    turn = engine.resume(Newer, carried(phone), phone.firm)
    assert dict(turn.session.answers) == {"met": "王经理"}
    assert turn.say[0].text.endswith("为什么？")


def test_a_correction_of_a_paper_filed_by_an_older_form() -> None:
    session = engine.fresh(Newer, version=1, answers={"who_met": "王经理", "day": "明天"}, paper=5)
    turn = engine.begin(Newer, session, Firm())
    assert (turn.session.version, turn.session.at, dict(turn.session.answers)) == (2, "why", {"met": "王经理"})


def test_renames_reach_into_rows() -> None:
    class Row(Form, title="行"):
        name = Text("姓名？", was=("called",))

    class Sheet(Form, title="表", version=2):
        people = Lines("谁？", Row, was=("contacts",))

    session = Session("Sheet", 1, {"contacts": {"rows": [{"called": "王"}], "done": False}}, id=7, at="contacts.0.called", no=3)
    turn = engine.advance(Sheet, session, said("小王"), Firm())
    assert dict(turn.session.answers) == {"people": {"rows": [{"name": "小王"}], "done": False}}


def test_a_question_that_is_gone() -> None:
    phone = Phone(Older)
    turn = engine.advance(Newer, replace(carried(phone), at="weather"), said("晴"), phone.firm)
    assert turn.say[0].text.startswith("表改过了，刚才那一问不用答了。\n见了谁？")
    assert turn.unread


def test_a_session_of_newer_code_is_left_alone() -> None:
    session = replace(engine.fresh(Older), version=9)
    for call in (lambda: engine.advance(Older, session, said("王"), Firm()), lambda: engine.resume(Older, session, Firm())):
        with pytest.raises(TooNew):
            call()


def test_names_that_are_taken() -> None:
    with pytest.raises(TypeError, match=r"Bad\.now"):

        class Bad(Form, title="坏"):
            now = Text("现在？")
