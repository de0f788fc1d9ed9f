"""Days, times and amounts as people type them: big tables, refusals in words, and anything at all."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations import phrases
from conversations.phrases import NoSuchAmount, NoSuchDay, NoSuchTime
from conversations.types import Unclear
from rules.calendar import Calendar

CALENDAR = Calendar()
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=CALENDAR.zone)  # a Tuesday
SURE, ASK = False, True
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(lambda at: at.replace(tzinfo=CALENDAR.zone, second=0, microsecond=0))  # noqa: DTZ001


def day(text: str, now: datetime = NOW) -> tuple[str, bool] | None:
    found = phrases.read_day(text, now, CALENDAR)
    return None if found is None else (f"{found.value:%m-%d}" if found.value.year == now.year else f"{found.value}", found.ambiguous)


def moment(text: str, now: datetime = NOW) -> tuple[str, bool] | None:
    found = phrases.read_moment(text, now, CALENDAR)
    return None if found is None else (f"{CALENDAR.local(found.value):%m-%d %H:%M}", found.ambiguous)


def amount(text: str) -> tuple[int, bool] | None:
    found = phrases.read_amount(text)
    return None if found is None else (found.value, found.ambiguous)


DAYS = {
    "今天": ("11-24", SURE),
    "今日": ("11-24", SURE),
    "明天": ("11-25", SURE),
    "明儿": ("11-25", SURE),
    "后天": ("11-26", SURE),
    "大后天": ("11-27", SURE),
    "昨天": ("11-23", SURE),
    "前天": ("11-22", SURE),
    "大前天": ("11-21", SURE),
    "三天后": ("11-27", SURE),
    "3天之后": ("11-27", SURE),
    "再过三天": ("11-27", SURE),
    "过两天": ("11-26", SURE),
    "三天内": ("11-27", SURE),
    "十天后": ("12-04", SURE),
    "三天前": ("11-21", SURE),
    "两周后": ("12-08", SURE),
    "一个星期后": ("12-01", SURE),
    "两个礼拜內": ("12-08", SURE),
    "一个月后": ("12-24", SURE),
    "半个月后": ("12-09", ASK),
    "一年后": ("2027-11-24", SURE),
    "3个工作日内": ("11-27", SURE),
    "五个工作日后": ("12-01", SURE),
    "周五": ("11-27", SURE),
    "週五": ("11-27", SURE),
    "周5": ("11-27", SURE),
    "周一": ("11-30", SURE),
    "周二": ("11-24", ASK),
    "星期天": ("11-29", SURE),
    "礼拜三": ("11-25", SURE),
    "这周五": ("11-27", SURE),
    "这个星期四": ("11-26", SURE),
    "本周一": ("11-23", ASK),
    "下周二": ("12-01", SURE),
    "下个星期五": ("12-04", SURE),
    "下下周三": ("12-09", SURE),
    "上周五": ("11-20", SURE),
    "下周": ("12-04", ASK),
    "本周内": ("11-27", SURE),
    "下周之内": ("12-04", SURE),
    "周末": ("11-28", ASK),
    "月底": ("11-30", SURE),
    "这个月底": ("11-30", SURE),
    "月末": ("11-30", SURE),
    "月底前": ("11-30", SURE),
    "下月底": ("12-31", SURE),
    "月初": ("12-01", ASK),
    "下月初": ("12-01", SURE),
    "下个月初": ("12-01", SURE),
    "12月底": ("12-31", SURE),
    "十二月中旬": ("12-15", ASK),
    "1月初": ("2027-01-01", SURE),
    "这个月内": ("11-30", SURE),
    "年底": ("12-31", SURE),
    "元旦": ("2027-01-01", SURE),
    "国庆节前": ("2027-10-01", SURE),
    "11月30日": ("11-30", SURE),
    "11月30号": ("11-30", SURE),
    "11月30": ("11-30", SURE),
    "１１月３０日": ("11-30", SURE),
    "十一月三十日": ("11-30", SURE),
    "11-30": ("11-30", SURE),
    "11/30": ("11-30", SURE),
    "11.30": ("11-30", ASK),
    "2026-11-30": ("11-30", SURE),
    "2026/11/30": ("11-30", SURE),
    "2026.11.30": ("11-30", SURE),
    "2026年11月30日": ("11-30", SURE),
    "26年12月1日": ("12-01", SURE),
    "20261130": ("11-30", SURE),
    "二〇二六年十一月三十日": ("11-30", SURE),
    "11月30日（周一）": ("11-30", SURE),
    "11月30日 星期二": ("11-30", ASK),
    "明年1月5号": ("2027-01-05", SURE),
    "1月5日": ("2027-01-05", SURE),
    "11月20日": ("11-20", SURE),
    "9月1日": ("09-01", ASK),
    "30号": ("11-30", SURE),
    "5号": ("12-05", SURE),
    "20号": ("12-20", ASK),
    "下月5号": ("12-05", SURE),
    "本月28日": ("11-28", SURE),
    "30日前": ("11-30", SURE),
    "3日内": ("11-27", SURE),
    "周五前吧": ("11-27", SURE),
    "最晚下周二给他答复": ("12-01", SURE),
    "争取明天": ("11-25", SURE),
    "他说周五再谈": ("11-27", ASK),
    "明天或者后天": ("11-25", ASK),
}
NO_DAYS = (
    *("", "续约", "尽快", "13812345678", "90/100", "降5%", "9.5折", "3号楼", "谈了三天", "第二天", "周到", "周三次", "1:1"),
    *("🙂", "1042", "3-5万", "12345678"),
)


@pytest.mark.parametrize("text", DAYS)
def test_days(text: str) -> None:
    assert day(text) == DAYS[text]


@pytest.mark.parametrize("text", NO_DAYS)
def test_what_is_no_day(text: str) -> None:
    assert day(text) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2月31日", "2月没有31日，请再写一次，例如 2月28日。"),
        ("2/31", "2月没有31日，请再写一次，例如 2月28日。"),
        ("二月三十号", "2月没有30日，请再写一次，例如 2月28日。"),
        ("2027-02-29", "2月没有29日，请再写一次，例如 2月28日。"),
        ("31号", "11月没有31号，请再写一次，例如 11月30日。"),
        ("11月31", "11月没有31日，请再写一次，例如 11月30日。"),
        ("13月5日", "一年只有 1 到 12 月，请再写一次，例如 11月30日。"),
        ("2月31日下午3点", "2月没有31日，请再写一次，例如 2月28日。"),
    ],
)
def test_days_that_do_not_exist(text: str, says: str) -> None:
    for read in (phrases.read_day, phrases.read_moment):
        with pytest.raises(NoSuchDay) as refused:
            read(text, NOW, CALENDAR)
        assert str(refused.value) == says
        assert isinstance(refused.value, Unclear)


def test_the_year_turns() -> None:
    december = datetime(2026, 12, 30, 9, 0, tzinfo=CALENDAR.zone)
    assert day("1月2日", december) == ("2027-01-02", SURE)
    assert day("下周一", december) == ("2027-01-04", SURE)
    assert day("月初", december) == ("2027-01-01", ASK)
    assert day("下月5号", december) == ("2027-01-05", SURE)
    january = datetime(2027, 1, 5, 9, 0, tzinfo=CALENDAR.zone)
    assert day("12月30日", january) == ("2026-12-30", ASK)
    assert day("一个月后", datetime(2027, 1, 31, 9, 0, tzinfo=CALENDAR.zone)) == ("02-28", ASK)
    assert day("2月29日", datetime(2027, 12, 1, 9, 0, tzinfo=CALENDAR.zone)) == ("2028-02-29", SURE)


def test_the_week_s_ends() -> None:
    sunday, friday = datetime(2026, 11, 29, 9, 0, tzinfo=CALENDAR.zone), datetime(2026, 11, 27, 9, 0, tzinfo=CALENDAR.zone)
    assert day("下周二", sunday) == ("12-01", ASK)
    assert day("这周日", sunday) == ("11-29", SURE)
    assert day("周二", friday) == ("12-01", SURE)
    assert day("本周内", sunday) == ("11-29", ASK)
    golden = datetime(2026, 9, 29, 9, 0, tzinfo=CALENDAR.zone)
    assert day("本周内", golden) == ("09-30", SURE)  # the holiday begins on Thursday
    assert day("3个工作日后", golden) == ("10-09", SURE)
    assert day("月底", datetime(2026, 10, 20, 9, 0, tzinfo=CALENDAR.zone)) == ("10-31", ASK)  # a Saturday


MOMENTS = {
    "明天下午三点": ("11-25 15:00", SURE),
    "明天 下午 3 点": ("11-25 15:00", SURE),
    "明天下午3點半": ("11-25 15:30", SURE),
    "明早8点": ("11-25 08:00", SURE),
    "后天上午9点半": ("11-26 09:30", SURE),
    "周五18:00前": ("11-27 18:00", SURE),
    "周五下午五点之前": ("11-27 17:00", SURE),
    "下周三下午三点半": ("12-02 15:30", SURE),
    "11月30日（周一）下午2点": ("11-30 14:00", SURE),
    "11月30日9点": ("11-30 09:00", SURE),
    "11-30 14:00": ("11-30 14:00", SURE),
    "2026-11-30 14:00": ("11-30 14:00", SURE),
    "14:00明天": ("11-25 14:00", SURE),
    "10:20": ("11-24 10:20", SURE),
    "10：20": ("11-24 10:20", SURE),
    "18:00": ("11-24 18:00", SURE),
    "18点前": ("11-24 18:00", SURE),
    "两点半": ("11-24 14:30", SURE),
    "2:30": ("11-24 14:30", SURE),
    "三点": ("11-24 15:00", SURE),
    "三点一刻": ("11-24 15:15", SURE),
    "三点二十": ("11-24 15:20", SURE),
    "三点零五分": ("11-24 15:05", SURE),
    "差一刻三点": ("11-24 14:45", SURE),
    "差五分三点": ("11-24 14:55", SURE),
    "十一点": ("11-24 11:00", SURE),
    "十二点": ("11-24 12:00", SURE),
    "12:30": ("11-24 12:30", SURE),
    "中午1点": ("11-24 13:00", SURE),
    "下午2点整": ("11-24 14:00", SURE),
    "今晚8点": ("11-24 20:00", SURE),
    "晚上9点": ("11-24 21:00", SURE),
    "晚上12点": ("11-25 00:00", ASK),
    "24点": ("11-25 00:00", SURE),
    "明天24:00": ("11-26 00:00", SURE),
    "8点": ("11-24 20:00", ASK),
    "7点": ("11-24 19:00", ASK),
    "9点": ("11-25 09:00", ASK),
    "9.30": ("11-24 09:30", ASK),
    "下班前": ("11-24 18:00", SURE),
    "周五下班前": ("11-27 18:00", SURE),
    "明天上班": ("11-25 09:00", SURE),
    "明天上午": ("11-25 12:00", ASK),
    "明天中午": ("11-25 12:00", ASK),
    "下午": ("11-24 18:00", ASK),
    "明晚": ("11-25 20:00", ASK),
    "半小时后": ("11-24 10:30", SURE),
    "两小时后": ("11-24 12:00", SURE),
    "两个小时内": ("11-24 12:00", SURE),
    "一个半小时后": ("11-24 11:30", SURE),
    "1.5小时后": ("11-24 11:30", SURE),
    "20分钟后": ("11-24 10:20", SURE),
    "一刻钟后": ("11-24 10:15", SURE),
    "20分钟前": ("11-24 09:40", SURE),
    "刚才": ("11-24 10:00", SURE),
    "周五": ("11-27 18:00", SURE),
    "月底": ("11-30 18:00", SURE),
    "三天后": ("11-27 18:00", SURE),
    "周五下午五点给他答复": ("11-27 17:00", SURE),
    "我周五去，他下周二回来": ("11-27 18:00", ASK),
}


@pytest.mark.parametrize("text", MOMENTS)
def test_moments(text: str) -> None:
    assert moment(text) == MOMENTS[text]


@pytest.mark.parametrize("text", ["25点", "10:75", "明天30点", "下午13:99"])
def test_times_that_do_not_exist(text: str) -> None:
    with pytest.raises(NoSuchTime, match="没有这个时间，请再写一次，例如 下午3点半 或 15:30。"):
        phrases.read_moment(text, NOW, CALENDAR)


@pytest.mark.parametrize("text", ["", "续约", "谈了两点意见", "三点建议", "电话 13812345678", "1:1", "🙂", "随时", "小时候"])
def test_what_is_no_moment(text: str) -> None:
    assert moment(text) is None


def test_only_a_day_is_the_end_of_its_work() -> None:
    found = phrases.read_moment("周五", NOW, CALENDAR, closes="17:30")
    assert found is not None
    assert found.whole_day
    assert CALENDAR.local(found.value).strftime("%H:%M") == "17:30"
    exact = phrases.read_moment("周五17:30", NOW, CALENDAR)
    assert exact is not None
    assert not exact.whole_day


def test_working_hours_decide_which_half_of_the_day() -> None:
    early, late = (
        phrases.read_moment("明天8点", NOW, CALENDAR, opens=opens, closes=closes) for opens, closes in (("08:00", "17:00"), ("13:00", "22:00"))
    )
    assert early is not None
    assert late is not None
    assert (CALENDAR.local(early.value).hour, early.ambiguous, CALENDAR.local(late.value).hour, late.ambiguous) == (8, False, 20, False)


@pytest.mark.parametrize(
    ("text", "expected", "used"),
    [
        ("拜访 华东精密 王经理 谈续约 想降5% 答应周五18:00前答复", "11-27 18:00", "周五18:00"),
        ("下周二回复报价", "12-01 18:00", "下周二"),
        ("上周寄的样刊收到了，明天下午3点再去", "11-25 15:00", "明天下午3点"),
        ("客户下周去展会，答应周四给报价", "11-26 18:00", "周四"),
        ("合同12月31日到期，周五前给方案", "11-27 18:00", "周五"),
        ("今天前答复", "11-24 18:00", "今天"),
        ("半小时后再打", "11-24 10:30", "半小时后"),
        ("约了14:00见面", "11-24 14:00", "14:00"),
    ],
)
def test_the_moment_promised_in_a_sentence(text: str, expected: str, used: str) -> None:
    found = phrases.find_moment(text, NOW, CALENDAR)
    assert found is not None
    assert f"{CALENDAR.local(found.value):%m-%d %H:%M}" == expected
    assert text[slice(*found.span)] == used


@pytest.mark.parametrize(
    "text",
    [
        "谈了两点意见",
        "昨天打过电话",
        "降3点",
        "电话 13812345678",
        "2月31日答复",
        "报价3200 比例1:1",
        "占1/3",
        "今天拜访华东，谈续约",
        "上周五送过书",
        "",
    ],
)
def test_sentences_without_a_promise(text: str) -> None:
    assert phrases.find_moment(text, NOW, CALENDAR) is None


@pytest.mark.parametrize(
    ("text", "expected", "ambiguous", "rest"),
    [
        ("10:20 拜访华东", "11-24 10:20", ASK, "拜访华东"),  # in twenty minutes
        ("09:30拜访 恒达", "11-24 09:30", SURE, "拜访 恒达"),
        ("上午9点半，拜访华东", "11-24 09:30", SURE, "拜访华东"),
        ("昨天下午三点 拜访恒达", "11-23 15:00", SURE, "拜访恒达"),
        ("今天9点拜访", "11-24 09:00", SURE, "拜访"),
        (" 9点 拜访", "11-24 09:00", SURE, "拜访"),
        ("8:50打电话", "11-24 08:50", SURE, "打电话"),
        ("刚才拜访了华东", "11-24 10:00", SURE, "拜访了华东"),
        ("昨天 拜访华东", "11-23 18:00", SURE, "拜访华东"),
    ],
)
def test_the_time_a_record_begins_with(text: str, expected: str, ambiguous: bool, rest: str) -> None:
    found = phrases.leading_time(text, NOW, CALENDAR)
    assert found is not None
    assert (f"{CALENDAR.local(found.value):%m-%d %H:%M}", found.ambiguous, text[found.span[1] :]) == (expected, ambiguous, rest)


@pytest.mark.parametrize("text", ["拜访华东 10:20", "周五前答复", "18:00前答复", "2月31日 拜访", "续约", "", "25点 拜访"])
def test_records_that_begin_with_no_time(text: str) -> None:
    assert phrases.leading_time(text, NOW, CALENDAR) is None


AMOUNTS = {
    "3200": (320000, SURE),
    "3,200元": (320000, SURE),
    "３，２００": (320000, SURE),
    "¥85.50": (8550, SURE),
    "￥85.5": (8550, SURE),
    "RMB3200": (320000, SURE),
    "现金3200": (320000, SURE),
    "3200块钱": (320000, SURE),
    "一万二": (1200000, SURE),
    "一万二千": (1200000, SURE),
    "一万零二": (1000200, SURE),
    "1万2": (1200000, SURE),
    "1.2万": (1200000, SURE),
    "一点二万": (1200000, SURE),
    "1.25万元": (1250000, SURE),
    "3千5": (350000, SURE),
    "三千五": (350000, SURE),
    "两千八": (280000, SURE),
    "三万五千": (3500000, SURE),
    "两万零五百元": (2050000, SURE),
    "二百块": (20000, SURE),
    "二百五": (25000, SURE),
    "一百零五": (10500, SURE),
    "一百二十五": (12500, SURE),
    "十五万": (15000000, SURE),
    "十块": (1000, SURE),
    "壹万贰仟元整": (1200000, SURE),
    "捌拾伍元整": (8500, SURE),
    "三块五": (350, SURE),
    "15块8": (1580, SURE),
    "15块80": (1580, SURE),
    "15元05": (1505, SURE),
    "12元5角3分": (1253, SURE),
    "三块零五分": (305, SURE),
    "五毛": (50, SURE),
    "8分": (8, SURE),
    "0": (0, SURE),
    "三二零零": (320000, ASK),
    "三千左右": (300000, ASK),
    "大概 3200": (320000, ASK),
    "三百多": (30000, ASK),
    "华东给了3200": (320000, ASK),
}


@pytest.mark.parametrize("text", AMOUNTS)
def test_amounts(text: str) -> None:
    assert amount(text) == AMOUNTS[text]


@pytest.mark.parametrize("text", ["", "没有", "续约", "🙂", "abc", "元"])
def test_what_is_no_amount(text: str) -> None:
    assert amount(text) is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("12abc", "金额里有字母或外币符号，看不准是多少。"),
        ("3k", "金额里有字母或外币符号，看不准是多少。"),
        ("$300", "金额里有字母或外币符号，看不准是多少。"),
        ("3.200", "看不准是多少钱，金额最多写到分。"),
        ("3,20", "看不准是多少钱，金额最多写到分。"),
        ("1.23456789万", "看不准是多少钱，金额最多写到分。"),
        ("100000000000000", "看不准是多少钱，金额最多写到分。"),
        ("-100", "金额不能是负数。"),
        ("几百", "要一个确切的数。"),
        ("三四百", "要一个确切的数。"),
        ("10-20万", "要一个确切的数。"),
        ("付了3200，还差800", "这里有两个数，看不准是哪个。"),
    ],
)
def test_amounts_that_cannot_be(text: str, why: str) -> None:
    with pytest.raises(NoSuchAmount) as refused:
        phrases.read_amount(text)
    assert str(refused.value) == why + "请只写数字，例如 3200、85.50 或 三千二。"


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("收款 3,200元", 320000),
        ("收了3200 现金", 320000),
        ("广告费一万二", 1200000),
        ("拜访 华东 收款3200", 320000),
        ("送书3本", None),
        ("合同2份 电话13812345678", None),
        ("收款3200元 还差800元", None),
        ("谈续约", None),
    ],
)
def test_the_amount_in_a_sentence(text: str, fen: int | None) -> None:
    found = phrases.find_amount(text)
    assert (found.value if found else None) == fen


@given(st.integers(1, 10**13))
def test_any_fen_is_read_as_written(fen: int) -> None:
    from rules import money

    for text in (money.exact(fen), money.capitals(fen), f"{fen // 100}.{fen % 100:02d}元"):
        assert amount(text) == (fen, SURE), text


@given(moments, moments)
def test_a_full_date_and_time_is_read_as_written(now: datetime, at: datetime) -> None:
    for text in (f"{at:%Y-%m-%d %H:%M}", f"{at.year}年{at.month}月{at.day}日{at.hour:02d}:{at.minute:02d}"):
        found = phrases.read_moment(text, now, CALENDAR)
        assert found is not None, text
        assert (CALENDAR.local(found.value), found.ambiguous, found.span) == (at, False, (0, len(text)))


@given(moments, st.integers(0, 60))
def test_so_many_days_on(now: datetime, days: int) -> None:
    found = phrases.read_day(f"{days}天后", now, CALENDAR)
    assert found is not None
    assert found.value == now.date() + timedelta(days=days)


@given(moments, st.sampled_from("一二三四五六日"))
def test_a_weekday_lies_within_a_week(now: datetime, sign: str) -> None:
    here, following = phrases.read_day(f"周{sign}", now, CALENDAR), phrases.read_day(f"下周{sign}", now, CALENDAR)
    assert here is not None
    assert following is not None
    assert 0 <= (here.value - now.date()).days < 7
    assert here.value.weekday() == following.value.weekday() == "一二三四五六日".index(sign)
    assert following.value.isocalendar().week != now.date().isocalendar().week


PIECES = st.sampled_from(
    "今明后大下周月日号点半底初 前天一二三十百千万两0123456789:.-/年元块角分上午下晚小时钟后内¥,个工作".replace(" ", "") + " ，。a"
)


@given(st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=20).map("".join)), moments)
def test_whatever_is_typed(text: str, now: datetime) -> None:
    """A reading within the text, None, or a refusal in Chinese that says what to type; nothing else."""
    readers = (phrases.read_day, phrases.read_moment, phrases.find_moment, phrases.leading_time)
    for read in (*((lambda text, read=read: read(text, now, CALENDAR)) for read in readers), phrases.read_amount, phrases.find_amount):
        try:
            found = read(text)
        except Unclear as refused:
            assert "请" in str(refused)  # noqa: PT017
            continue
        if found is not None:
            assert 0 <= found.span[0] < found.span[1] <= len(text)


@pytest.mark.parametrize("text", ["一" * 10_000, "1" * 10_000, "周" * 10_000, "点" * 10_000, "下午" * 5_000, "1," * 5_000, "3天" * 3_000])
def test_ten_thousand_signs(text: str) -> None:
    for read in (phrases.find_moment, phrases.leading_time):
        assert read(text, NOW, CALENDAR) is None or len(text) == 10_000
    assert phrases.find_amount(text) is None


def test_the_day_is_the_speaker_s() -> None:
    """明天 is the day after it was said, on the firm's clock (00:30 in Shanghai is still yesterday in UTC)."""
    late = datetime(2026, 11, 24, 0, 30, tzinfo=CALENDAR.zone)
    found = phrases.read_day("明天", late, CALENDAR)
    assert found is not None
    assert found.value == date(2026, 11, 25)
