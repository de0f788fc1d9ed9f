"""What each kind of question understands, shows and refuses: the exact words, and nothing lost."""

from __future__ import annotations

from typing import Any

import pytest

from conversations.form import Form
from conversations.questions import (
    Amount,
    Choose,
    Confirm,
    Count,
    Day,
    Lines,
    Moment,
    Photo,
    Photos,
    Pick,
    Place,
    Question,
    Text,
    not_future,
    not_past,
)
from conversations.types import Blob, Point
from tests.conversations.firm import Contact, Firm, photo, voice
from tests.conversations.phone import Phone


def asking(question: Question[Any], firm: Firm | None = None, **fields: Any) -> Phone:
    """A form of this question and another behind it."""
    form = type("Sheet", (Form,), {"it": question, "then": Choose("还有呢？", ["甲", "乙"])}, title="表")
    question.__set_name__(form, "it")
    return Phone(form, firm, **fields)


def read(phone: Phone) -> Any:
    return phone.form(phone.answers, phone.firm, phone.firm.now).it  # type: ignore[attr-defined]


# --- words ----------------------------------------------------------------------------------------------------


def test_ten_thousand_characters_are_refused_and_kept() -> None:
    phone = asking(Text("谈了什么？"))
    assert phone.says("字" * 10_000) == "这段有 10,000 个字，一次最多 2,000 个字。请挑要紧的分几句写，原文已留着。\n谈了什么？"
    assert phone.turn.unread
    assert phone.answers == {}


@pytest.mark.parametrize("typed", ["😀", "👍👍", "……", "!!"])
def test_emoji_only(typed: str) -> None:
    phone = asking(Text("谈了什么？"))
    assert phone.says(typed) == "只收到表情或符号。请用几个字回答，也可以发语音。\n谈了什么？"
    assert phone.turn.unread


def test_words_with_emoji_are_words() -> None:
    phone = asking(Text("谈了什么？"))
    phone.says("续约👍")
    assert read(phone) == "续约👍"


def test_voice_with_the_words_the_platform_heard() -> None:
    phone = asking(Text("谈了什么？"))
    phone.sends(voice(8), text="谈续约")
    assert (phone.hears, read(phone)) == ("还有呢？", "谈续约")


@pytest.mark.parametrize(("typed", "value"), [("上门", "visit"), ("上", "visit"), ("visit", "visit"), ("打了电话", "call"), ("2", "call")])
def test_choose(typed: str, value: str) -> None:
    phone = asking(Choose("怎样联系的？", {"visit": "上门", "call": "电话"}))
    phone.says(typed)
    assert read(phone) == value


@pytest.mark.parametrize("typed", ["写信", "3", "上门或电话"])
def test_choose_something_else(typed: str) -> None:
    phone = asking(Choose("怎样联系的？", {"visit": "上门", "call": "电话"}))
    assert phone.says(typed) == "请选一个：上门、电话。\n怎样联系的？"


# --- a long list ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["华东精密", "华东", "hdjm", "HDJM", "huadong", "1"])
def test_pick_by_name_pinyin_initials_or_number(typed: str) -> None:
    phone = asking(Pick("哪家？", "customers"))
    phone.says(typed)
    assert (read(phone).id, read(phone).label) == (1, "华东精密")


def test_pick_says_what_it_found() -> None:
    assert asking(Pick("哪家？", "customers")).says("hdjm") == "是华东精密。\n还有呢？"


def test_pick_out_of_several() -> None:
    phone = asking(Pick("哪家？", "customers"))
    assert phone.says("恒达").startswith("「恒达」有好几个，是哪一个？")
    assert phone.labels == ["恒达影音", "恒达地产", "看全部"]
    phone.says("2")
    assert read(phone).label == "恒达地产"


def test_pick_by_pages() -> None:
    phone = asking(Pick("哪家？", "customers"))
    assert phone.labels == ["华东精密", "恒达影音", "恒达地产", "客户04", "客户05", "客户06", "下一页"]
    phone.says("下一页")
    assert phone.labels == [*(f"客户{n:02d}" for n in range(7, 13)), "上一页", "下一页"]
    phone.taps("下一页", of=0)  # a double tap stays on the page
    assert phone.labels[0] == "客户07"
    phone.says("2")
    assert read(phone).label == "客户08"


def test_a_button_of_an_earlier_page_still_counts() -> None:
    phone = asking(Pick("哪家？", "customers"))
    phone.says("下一页")
    phone.taps("恒达影音", of=0)
    assert read(phone).label == "恒达影音"


def test_somebody_elses_customer() -> None:
    phone = asking(Pick("哪家？", "customers"))
    heard = "您名下没有「东方」。公司里有：东方印务（张敏的客户）。要用的话请先问主管。\n哪家？\n点一个，或直接写名称、简称、拼音首字母。"
    assert phone.says("东方") == heard
    assert phone.sends_tap(f"s7.{phone.session.no}.99").startswith("这个不在您的名单里，请另选一个。")
    assert phone.answers == {}


def test_pick_nothing_found() -> None:
    phone = asking(Pick("哪家？", "customers"))
    assert phone.says("没有这家").startswith("没找到「没有这家」。请换个写法再找，或点「看全部」。")
    assert len(phone.says("看全部").splitlines()) == 2
    assert phone.labels[0] == "华东精密"


def test_a_list_made_from_an_earlier_answer() -> None:
    asked: list[str] = []

    class Recording(Firm):
        def label(self, source: str, id: int) -> str:
            asked.append(source)
            return super().label(source, id)

    phone = asking(Pick("哪位？", lambda p: "contacts:12"), Recording())
    phone.taps("华东精密")
    assert set(asked) == {"contacts:12"}


# --- time and money -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("明天", "2026-11-25"),
        ("周五", "2026-11-27"),
        ("月底", "2026-11-30"),
        ("三天后", "2026-11-27"),
        ("12月1日", "2026-12-01"),
        ("1", "2026-11-24"),
    ],
)
def test_day(typed: str, day: str) -> None:
    phone = asking(Day("哪一天？"))
    phone.says(typed)
    if phone.session.draft:
        phone.says("对")
    assert read(phone).isoformat() == day


def test_day_by_a_tap_of_the_day_it_was_offered() -> None:
    phone = asking(Day("哪一天？"))
    assert phone.labels == ["今天（11月24日）", "明天（11月25日）", "后天（11月26日）"]
    phone.firm.now = phone.firm.now.replace(day=25)
    phone.taps("明天")
    assert read(phone).isoformat() == "2026-11-25"


def test_the_31st_of_february() -> None:
    phone = asking(Day("哪一天？"))
    assert phone.says("2月31日") == "2月没有31日，请再写一次，例如 2月28日。\n哪一天？"
    assert phone.turn.unread


def test_no_day_at_all() -> None:
    assert asking(Day("哪一天？")).says("尽快吧") == "没看出是哪一天。请写日期，例如：明天、周五、11月27日。\n哪一天？"


def test_past_and_future() -> None:
    phone = asking(Day("哪一天？", check=not_past))
    assert phone.says("昨天") == "11月23日（周一）已经过了，请给今天或以后的日期。\n哪一天？"
    phone = asking(Day("哪一天？", check=not_future))
    assert phone.says("明天") == "明天（11月25日）还没到，请给今天或以前的日期。\n哪一天？"
    phone = asking(Moment("几点？", check=not_past))
    assert phone.says("今天上午9点") == "今天（11月24日）09:00已经过了，请给现在以后的时间。\n几点？"


def test_a_day_that_may_be_another_is_echoed() -> None:
    phone = asking(Day("哪一天？"))
    heard = phone.says("明天或者后天")
    assert (heard, phone.labels) == ("是明天（11月25日）吗？", ["对", "不是，重答"])
    assert phone.answers == {}
    phone.says("后天")  # another answer instead of yes or no
    assert read(phone).isoformat() == "2026-11-26"


def test_moment_is_kept_in_utc_and_shown_here() -> None:
    phone = asking(Moment("几点？"))
    assert phone.says("明天下午三点") == "是明天（11月25日）15:00。\n还有呢？"
    assert phone.answers["it"] == "2026-11-25T07:00:00+00:00"


@pytest.mark.parametrize(("typed", "fen"), [("3200", 320000), ("3千5", 350000), ("一万二", 1200000), ("85.50元", 8550), ("3,200", 320000)])
def test_amount(typed: str, fen: int) -> None:
    phone = asking(Amount("多少钱？"))
    phone.says(typed)
    if phone.session.draft:
        phone.says("对")
    assert read(phone) == fen


@pytest.mark.parametrize("typed", ["32o0", "abc", "很多", "0", "-5"])
def test_amount_that_is_none(typed: str) -> None:
    phone = asking(Amount("多少钱？"))
    heard = phone.says(typed)
    assert "例如 3200" in heard
    assert heard.endswith("\n多少钱？")
    assert phone.answers == {}
    assert phone.turn.unread


def test_amount_too_large_and_doubtful() -> None:
    doubt = "超过一万元，没写错吧？"
    phone = asking(Amount("多少钱？", at_most=10_000_000, warn=lambda value, p: doubt if value > 1_000_000 else ""))
    assert phone.says("2000000").startswith("2,000,000 元超过了 100,000 元，请核对一下再写。")
    assert phone.says("20000") == doubt
    phone.taps("对")
    assert read(phone) == 2_000_000


# --- pictures and places --------------------------------------------------------------------------------------


def test_an_album_comes_as_separate_messages() -> None:
    phone = asking(Photos("请拍照片", at_most=3))
    phone.sends(photo(1), photo(2))
    refs = {prompt.ref for prompt in phone.prompts}
    assert refs == {"s7.1"}  # the same number: any of the buttons ends it
    assert phone.turn.coalesce == "s7.1+"
    assert phone.hears == "已收 2 张。还可以再发，发完请点「完」。"
    phone.sends(photo(2))  # delivered twice
    assert phone.hears.startswith("已收 2 张。")
    phone.sends(photo(3))
    assert phone.hears == "已收 3 张。发完请点「完」。"
    assert phone.sends(photo(4)).startswith("最多 3 张，这一张没有放进去，已另外留着。")
    assert phone.turn.unread
    phone.taps("完", of=1)
    assert read(phone) == tuple(photo(n).sha256 for n in (1, 2, 3))


@pytest.mark.parametrize("typed", ["完", "好了", "没有了", "1"])
def test_pictures_end_by_a_word(typed: str) -> None:
    phone = asking(Photos("请拍照片"))
    phone.sends(photo(1))
    assert phone.says(typed) == "还有呢？"


def test_pictures_that_are_none() -> None:
    phone = asking(Photos("请拍照片", at_least=2))
    assert phone.says("等一下") == "请拍照片发来，可以一次发几张。\n请拍照片（至少 2 张，最多 9 张）"
    assert phone.says("完").startswith("请先拍照片发来。")
    phone.sends(photo(1))
    assert phone.says("完").startswith("至少要 2 张，还差 1 张。")
    assert phone.sends(Blob("f" * 64, "video/mp4", 9, kind="video")).startswith("视频已留着，这一问用不上。")
    assert phone.sends(photo(9, broken="这张照片打不开。")).startswith("这张照片打不开。")
    assert phone.session.answers["it"]["done"] is False


def test_the_last_picture_may_be_taken_away() -> None:
    phone = asking(Photos("请拍照片"))
    phone.sends(photo(1), photo(2))
    phone.taps("去掉最后一张")
    phone.taps("去掉最后一张", of=-2)  # a double tap
    assert [one["sha256"] for one in phone.answers["it"]["photos"]] == [photo(1).sha256]


@pytest.mark.parametrize("slip", ["没有", "以后补"])
def test_an_older_button_does_not_throw_pictures_away(slip: str) -> None:
    phone = asking(Photos("请拍照片", may_strike=True, may_wait=True))
    phone.sends(photo(1))
    assert phone.taps(slip, of=0) == "请先回答这一问。\n已收 1 张。还可以再发，发完请点「完」。"
    assert len(phone.answers["it"]["photos"]) == 1


def test_a_blurred_picture_of_an_album_counts_and_is_said() -> None:
    phone = asking(Photos("请拍照片"))
    assert phone.sends(photo(1, advice="有点糊，请再拍一张")).startswith("有点糊，请再拍一张（也可以就用这张）\n已收 1 张。")


def test_a_blurred_picture_may_be_insisted_on() -> None:
    phone = asking(Photo("请拍名片"))
    assert phone.sends(photo(1, advice="公章有点糊，请靠近再拍一张。")) == "公章有点糊，请靠近再拍一张。"
    assert (phone.labels, phone.prompts[-1].attach) == (["就用这张", "不是，重答"], (photo(1).sha256,))
    phone.taps("就用这张")
    assert read(phone) == photo(1).sha256


def test_a_blurred_picture_may_be_sent_again() -> None:
    phone = asking(Photo("请拍名片"))
    phone.sends(photo(1, advice="有点糊"), photo(2))
    assert read(phone) == photo(2).sha256


def test_place_from_the_phone_or_in_words() -> None:
    phone = asking(Place("请发送位置"))
    phone.sends(place=Point(31.2, 121.5, "南京西路 1 号"))
    assert read(phone) == Point(31.2, 121.5, "南京西路 1 号")
    phone = asking(Place("请发送位置"))
    phone.says("南京西路 1 号")
    assert read(phone) == "南京西路 1 号"


# --- ticks and lines ------------------------------------------------------------------------------------------


def test_every_item_is_ticked() -> None:
    phone = asking(Confirm("包里有：", {"book": "样书", "card": "名片"}))
    assert phone.labels == ["○ 样书", "○ 名片", "全部"]
    phone.taps("样书")
    phone.taps("样书", of=0)  # a double tap does not take it back
    assert phone.labels == ["✓ 样书", "○ 名片", "全部"]
    assert phone.says("都带").startswith("请逐项点，或写「全部」：样书、名片。")
    phone.says("名片")
    assert read(phone) == ("book", "card")


def test_all_at_once_or_some() -> None:
    phone = asking(Confirm("包里有：", ["样书", "名片"]))
    phone.says("全部")
    assert read(phone) == ("样书", "名片")
    phone = asking(Confirm("带了：", ["雨伞", "电脑"], all_of=False))
    phone.says("雨伞", "完")
    assert read(phone) == ("雨伞",)


def test_items_that_depend_on_the_paper() -> None:
    phone = asking(Confirm("包里有：", lambda p: {"1": p.look.me.name, "2": "名片"}, all_of=False))
    assert phone.labels == ["○ 李强", "○ 名片", "全部"]
    phone.says("李强", "完")
    assert read(phone) == ("1",)


@pytest.mark.parametrize(("typed", "count"), [("3", 3), ("三本", 3), ("两 本", 2), ("送了 12 本", 12)])
def test_count(typed: str, count: int) -> None:
    phone = asking(Count("几本？", "本"))
    phone.says(typed)
    assert read(phone) == count


@pytest.mark.parametrize(("typed", "why"), [("很多", "请写几本"), ("1.5", "请写几本"), ("0", "1 到 99"), ("100", "1 到 99"), ("-1", "请写几本")])
def test_count_that_is_none(typed: str, why: str) -> None:
    phone = asking(Count("几本？", "本"))
    assert why in phone.says(typed)
    assert phone.answers == {}


def test_a_tick_is_taken_back_by_its_button() -> None:
    phone = asking(Confirm("包里有：", ["样书", "名片"]))
    phone.taps("样书")
    phone.taps("样书")
    assert phone.answers["it"] == {"ticked": [], "done": False}


def test_lines_are_added_changed_and_taken_away() -> None:
    phone = asking(Lines("有哪些联系人？", Contact, label="联系人"))
    assert phone.labels == ["加一个"]
    phone.says("加", "王经理", "能", "138", "再加一个", "小李", "不能")
    assert phone.hears == "联系人已记 2 个：\n1. 王经理｜138\n2. 小李\n还有吗？（写「删 1」去掉第 1 个，「改 1」改第 1 个）"
    assert phone.says("改 2") == "姓名？\n现在是：小李"
    phone.says("李会计", "完")
    assert [(row.name, row.boss, row.phone) for row in read(phone)] == [("王经理", "yes", "138"), ("李会计", "no", None)]
    phone.says("改联系人", "删 1", "完")
    assert [row.name for row in read(phone)] == ["李会计"]


def test_a_row_begun_by_mistake() -> None:
    phone = asking(Lines("有哪些联系人？", Contact))
    phone.says("加", "王经理")
    assert phone.says("不加了") == "好，这个不要了。\n有哪些联系人？"
    assert phone.answers["it"]["rows"] == []


def test_back_inside_a_row_keeps_it() -> None:
    phone = asking(Lines("有哪些联系人？", Contact))
    phone.says("加", "王经理", "上一问")
    assert phone.hears == "姓名？\n现在是：王经理"
    assert phone.says("不改") == "能拍板吗？"


def test_no_lines_where_none_are_needed() -> None:
    phone = asking(Lines("有哪些联系人？", Contact, may_strike=True))
    phone.says("没有")
    assert read(phone) is None


def test_what_is_hidden_in_a_row_is_pruned() -> None:
    phone = asking(Lines("有哪些联系人？", Contact))
    phone.says("加", "王经理", "能", "138", "改 1", "不改", "不能", "完", "甲", "对")
    assert phone.session.state == "filed"
    assert phone.answers["it"]["rows"] == [{"name": "王经理", "boss": "no"}]
