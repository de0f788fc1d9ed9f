"""Days as people type them: 明天, 下周二, 月底, 三天后, 11月30日, 11-30."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from conversations.phrases.numerals import SMALL, whole
from conversations.phrases.reading import NoSuchDay, Reading, fold
from rules.calendar import Calendar

LONGEST = 4000  # signs looked at; more is not a date somebody typed
Read = Callable[[re.Match[str], date, Calendar], tuple[date, bool] | None]

_NEAR = {"大前": -3, "前": -2, "昨": -1, "今": 0, "当": 0, "明": 1, "后": 2, "大后": 3}
_WEEKDAY = {sign: n for n, signs in enumerate(("一1", "二2", "三3", "四4", "五5", "六6", "日天7")) for sign in signs}
_FEASTS = {"元旦": (1, 1), "五一": (5, 1), "国庆": (10, 1), "年底": (12, 31), "年末": (12, 31)}
_WEEK = r"(?:周|星期|礼拜)"


def read_day(text: str, now_local: date, calendar: Calendar) -> Reading[date] | None:
    """The day somebody answered with; raises NoSuchDay. Other words beside it, or a second day, make it ambiguous."""
    found = list(find_days(text, now_local, calendar))
    if not found:
        return None
    first, folded = found[0], fold(text)
    rest = folded[: first.span[0]] + folded[first.span[1] :]
    return Reading(first.value, first.ambiguous or not FILLER.fullmatch(rest), first.span)


def find_days(text: str, now_local: date, calendar: Calendar) -> Iterator[Reading[date]]:
    """Every day named in the text, from left to right; raises NoSuchDay for one that does not exist."""
    today = date(now_local.year, now_local.month, now_local.day)
    folded, at = fold(text[:LONGEST]), 0
    while found := _ANY.search(folded, at):
        at = found.start() + 1
        for pattern, read in RULES:
            match = pattern.match(folded, found.start())
            if match is None:
                continue
            what = read(match, today, calendar)
            if what is not None:
                beside = _ITS_WEEKDAY.match(folded, match.end()) if read is not _weekday else None
                at = beside.end() if beside else match.end()
                differs = beside is not None and what[0].weekday() != _WEEKDAY[beside["weekday"]]
                yield Reading(what[0], what[1] or differs, (match.start(), at))
                break


def _near(match: re.Match[str], today: date, calendar: Calendar) -> tuple[date, bool]:
    return today + timedelta(days=_NEAR[match["near"]]), False


def _ahead(match: re.Match[str], today: date, calendar: Calendar) -> tuple[date, bool] | None:
    """三天后, 两周内, 一个月前, 3个工作日内."""
    half = match["n"] == "半"
    count = 0 if half else whole(match["n"])
    if count is None or count > 3660:
        return None
    back = match["side"].startswith(("前", "以前", "之前")) and not match["over"]
    unit, sign = match["unit"], -1 if back else 1
    if unit == "日" and back:
        return None  # 30日前 is by the 30th
    if unit == "工作日":
        return None if half else (calendar.add_working_days(today, sign * count), False)
    if unit == "年":
        return _month(today, sign * (6 if half else 12 * count))
    if unit == "月":
        return (today + timedelta(days=15 * sign), True) if half else _month(today, sign * count)
    days = 1 if unit in ("天", "日") else 7
    return None if half else (today + timedelta(days=sign * days * count), False)


def _month(today: date, months: int) -> tuple[date, bool] | None:
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    if not 1900 < year < 2200:
        return None
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(today.day, last)), today.day > last


def _weekday(match: re.Match[str], today: date, calendar: Calendar) -> tuple[date, bool]:
    """Weeks begin on Monday. A bare 周二 is the next to come, on a Tuesday it may be today; on a Sunday 下周 may be meant either way."""
    monday, wanted = today - timedelta(days=today.weekday()), _WEEKDAY[match["weekday"]]
    which = match["which"]
    if not which:
        ahead = (wanted - today.weekday()) % 7
        return today + timedelta(days=ahead), not ahead
    weeks = -1 if which.startswith("上") else which.count("下")
    day = monday + timedelta(weeks=weeks, days=wanted)
    return day, (weeks == 0 and day < today) or (weeks > 0 and today.weekday() == 6)


def _week(match: re.Match[str], today: date, calendar: Calendar) -> tuple[date, bool]:
    """本周内, 这周末, 下周: the last working day, Saturday; a bare 下周 is shown for a tap."""
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=match["which"].count("下"))
    if match["end"] == "末":
        return monday + timedelta(days=5), True
    worked = list(calendar.working_days(monday, monday + timedelta(days=6)))
    last = worked[-1] if worked else monday + timedelta(days=6)
    return max(last, today), match["end"] != "内" or last < today


def _weekend(match: re.Match[str], today: date, calendar: Calendar) -> tuple[date, bool]:
    return today + timedelta(days=max(0, 5 - today.weekday())), True


def _part_of_month(match: re.Match[str], today: date, calendar: Calendar) -> tuple[date, bool] | None:
    """月底, 下月初, 12月中旬, 这个月内."""
    which, part, named = match["which"] or "", match["part"], whole(match["month"]) if match["month"] else None
    if match["month"] and (named is None or not 1 <= named <= 12):
        raise NoSuchDay("一年只有 1 到 12 月，请再写一次，例如 11月30日。")
    year, month = today.year, named or today.month
    if named:
        year += 1 if named < today.month else 0
    elif which:
        year, month = _shift(year, month, which.count("下"))
    last = monthrange(year, month)[1]
    number = {"初": 1, "中": 15, "中旬": 15, "上旬": 10}.get(part, last)
    day = date(year, month, number)
    if day < today and not which and not named:
        year, month = _shift(year, month, 1)
        return date(year, month, number), True
    return day, "旬" in part or part == "中" or (number == last and not calendar.is_working_day(day))


def _full(match: re.Match[str], today: date, calendar: Calendar) -> tuple[date, bool] | None:
    year = whole(match["year"]) if match["year"].isdecimal() else _digits(match["year"])
    return None if year is None else (_day(year + 2000 if year < 100 else year, whole(match["month"]), whole(match["day"])), False)


def _month_and_day(match: re.Match[str], today: date, calendar: Calendar) -> tuple[date, bool] | None:
    month, number = whole(match["month"]), whole(match["day"])
    ambiguous = "." in match[0]
    if match["which"]:
        return _day(today.year + {"去": -1, "今": 0, "明": 1, "后": 2}[match["which"]], month, number), ambiguous
    if _is_fraction(match, month, number):
        return None
    return _nearest(today, month, number, ambiguous)


def _number_only(match: re.Match[str], today: date, calendar: Calendar) -> tuple[date, bool] | None:
    """5号, 下月5号: without a month the next one to come."""
    which, number = match["which"] or "", whole(match["day"])
    step = -1 if which.startswith("上") else which.count("下")
    year, month = _shift(today.year, today.month, step)
    day = _day(year, month, number, f"{month}月没有{number}号，请再写一次，例如 {month}月{monthrange(year, month)[1]}日。")
    if which or day >= today:
        return day, False
    year, month = _shift(year, month, 1)
    return _day(year, month, number), (today - day).days <= 10


def _feast(match: re.Match[str], today: date, calendar: Calendar) -> tuple[date, bool]:
    month, number = _FEASTS[match["feast"]]
    day = date(today.year, month, number)
    return (day if day >= today else date(today.year + 1, month, number)), False


def _is_fraction(match: re.Match[str], month: int | None, number: int | None) -> bool:
    """ "1/3", "90/100", "9.5折" in the middle of a sentence are no dates; 2/31 and 13-5 look like a slip."""
    return "月" not in match[0] and (not month or not number or month > 12 or number > 31)


def _nearest(today: date, month: int | None, number: int | None, ambiguous: bool) -> tuple[date, bool]:
    """Of last, this and next year's: the one that fits what people promise; far ahead or well behind is shown for a tap."""
    years = (today.year - 1, today.year, today.year + 1)
    days = [date(year, month or 0, number or 0) for year in years if _exists(year, month, number)]
    if not days:
        return _day(today.year, month, number), ambiguous
    cost = {day: (day - today).days if day >= today else 2 * (today - day).days for day in days}
    day = min(cost, key=lambda one: cost[one])
    behind = (today - day).days
    return day, ambiguous or behind > 31 or behind < -270 or (behind > 0 and day.year != today.year)


def _day(year: int, month: int | None, number: int | None, text: str = "") -> date:
    if month is not None and number is not None and _exists(year, month, number):
        return date(year, month, number)
    if month is None or not 1 <= month <= 12:
        raise NoSuchDay("一年只有 1 到 12 月，请再写一次，例如 11月30日。")
    last = monthrange(year, month)[1] if 1900 < year < 2200 else 28
    raise NoSuchDay(text or f"{month}月没有{number or 0}日，请再写一次，例如 {month}月{last}日。")


def _exists(year: int, month: int | None, number: int | None) -> bool:
    return 1900 < year < 2200 and month is not None and 1 <= month <= 12 and number is not None and 1 <= number <= monthrange(year, month)[1]


def _shift(year: int, month: int, by: int) -> tuple[int, int]:
    years, rest = divmod(month - 1 + by, 12)
    return year + years, rest + 1


def _digits(text: str) -> int | None:
    signs = "零一二三四五六七八九"
    return int("".join(str(signs.index(sign)) for sign in text)) if all(sign in signs for sign in text) else None


_HEAD, _TAIL = r"(?<![\d.,:/\-])", r"(?![\d%])"
_YEAR = r"(?P<year>\d{4}|\d{2}(?=\s*年)|[一二零三四五六七八九]{4}(?=年))"
_D = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_MONTH, _DAY = rf"(?P<month>{_D})", rf"(?P<day>{_D})"
_ALONE = r"(?:(?<=月)|(?<=月\s)|(?<![\d.第月一二三四五六七八九十]))"
_NOT_A_HOUSE = r"(?:号(?![楼店馆线院门厅库机桌])|日(?=前|之前|以前|下午|上午|晚|$))"
_UNIT = r"(?P<unit>工作日|天|日|周|星期|礼拜|月|年)"
_SOURCES: tuple[tuple[str, Read], ...] = (
    (rf"(?P<over>再?过)?(?<![\d.一二三四五六七八九十百第])(?P<n>{SMALL}|半)\s*个?{_UNIT}(?P<side>(?:之|以)?[后内前]|(?(over)|(?!)))", _ahead),
    (r"(?P<near>大前|大后|前|昨|今|当|明|后)(?:天|日|儿|(?=[早晚]))", _near),
    (
        rf"{_HEAD}{_YEAR}\s*[年\-/.]\s*{_MONTH}\s*[月\-/.]\s*{_DAY}(?:\s*[日号]|{_TAIL})",
        _full,
    ),
    (r"(?<!\d)(?P<year>20\d\d)(?P<month>\d\d)(?P<day>\d\d)(?!\d)", _full),
    (rf"{_HEAD}(?:(?P<which>[今明去后])年\s*)?{_MONTH}\s*月\s*{_DAY}(?:\s*[日号]|(?![\d个天]|小时))", _month_and_day),
    (rf"(?P<which>本|这个?|下个?|)(?:{_MONTH}|)月\s*(?:的\s*)?(?P<part>底|末|初|中旬?|上旬|下旬|之?内)", _part_of_month),
    (rf"(?P<which>本|这个?|下下?个?|上个?)?{_WEEK}(?P<weekday>[一二三四五六日天]|[1-7](?!\d))(?![次家]|个[^月])", _weekday),
    (rf"(?P<which>本|这个?|下下?个?){_WEEK}\s*之?(?P<end>内|末|)", _week),
    (r"周末", _weekend),
    (rf"(?P<which>本月|这个?月|下下?个?月|上个?月)?\s*{_ALONE}{_DAY}\s*{_NOT_A_HOUSE}", _number_only),
    (r"(?P<feast>元旦|五一|国庆|年底|年末)节?", _feast),
    (rf"{_HEAD}(?P<which>(?!))?(?P<month>\d{{1,2}})[\-/.](?P<day>\d{{1,2}})(?![\d%折万千百元块./\-]|个?点)", _month_and_day),
)
RULES = tuple((re.compile(source), read) for source, read in _SOURCES)
_ANY = re.compile("|".join(re.sub(r"\?P<\w+>", "?:", source.replace("(?(over)|(?!))", "")) for source, _ in _SOURCES))
_ITS_WEEKDAY = re.compile(rf"\s*[(,]?\s*{_WEEK}(?P<weekday>[一二三四五六日天])\s*\)?")  # 11月30日（周一）
FILLER = re.compile(
    r"(?:[\s,，。.!！~、;；吧呢哦啊了的]|就|在|到|大概|大约|左右|之?前|以前|之?内|为止|给|他|她|您|你|他们|客户|答复|回复|回话|答应|可以|行|好|号|我|争取|最晚|最迟|"
    r"不晚于|截止|截至)*"
)
