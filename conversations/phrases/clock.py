"""Times of day as people type them: 下午三点, 两点半, 18:00, 上午9点半, 差一刻三点, 下班前."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time

from conversations.phrases.numerals import whole
from conversations.phrases.reading import NoSuchTime

_PERIODS = r"(?:早上|早晨|清晨|上午|中午|下午|傍晚|晚上|夜里|半夜|凌晨|午后|早|晚)"
_HOUR = r"(?:\d{1,2}|二?十[一二三四五六七八九]?|[零一二两三四五六七八九])"
_MINUTE = r"(?:[0-5]?\d|[二三四五]?十[一二三四五六七八九]?|零?[一二三四五六七八九])"
# 谈了两点意见, 降了3点 and 三点建议 are no times of day.
_NO_TIME = r"(?!\s*(?:意见|建议|要求|问题|内容|想法|希望|共识|原因|理由|需求|顾虑|好处|[左右]?百分|折|\d|%))"
CLOCK = re.compile(
    rf"(?:(?P<period>{_PERIODS})\s*)?(?:"
    r"(?P<h24>(?<![\d:.])\d{1,2})\s*:\s*(?P<m24>\d{2})(?!\d|:\d\d\d)(?::\d\d)?"
    rf"|差\s*(?P<short>一刻|{_MINUTE}分?)钟?\s*(?:到|就)?\s*(?P<short_of>{_HOUR})\s*(?:点|时)钟?"
    rf"|(?<![\d.第])(?P<hour>{_HOUR})\s*(?:点钟?|时(?![间候代]))(?P<rest>\s*(?:半|一刻|三刻|整|{_MINUTE}\s*分(?!钟[前后内]|之)|(?:[0-5]\d|[二三四五]?十[一二三四五六七八九]?|零[一二三四五六七八九])(?!\s*[个多%万千百块元\d])))?{_NO_TIME}"
    r"|(?P<closing>下班(?:之?前|以前|时|后)?)|(?P<opening>一?上班(?:时|前|后)?)|(?P<noon>午饭?[前后])"
    r")"
)  # fmt: skip
PERIOD = re.compile(r"(?P<period>早上|早晨|清晨|上午|中午|下午|傍晚|晚上|午后|(?<=[天日昨今明])[早晚])(?![餐饭班会])")
_MORNING = ("早", "清晨", "上午", "凌晨", "半夜", "夜里")


@dataclass(frozen=True, slots=True)
class Wall:
    """A time on the wall; `next_day` past midnight; `other` is the twelve hours' twin when either may be meant."""

    at: time
    ambiguous: bool = False
    next_day: bool = False
    other: time | None = None
    firm: bool = True  # cannot be anything but a time of day, even in the middle of a sentence


def read_clock(match: re.Match[str], opens: time, closes: time) -> Wall:
    """The time a match of CLOCK stands for."""
    period = match["period"] or ""
    if match["closing"]:
        return Wall(closes, ambiguous=match["closing"].endswith("后"))
    if match["opening"]:
        return Wall(opens)
    if match["noon"]:
        return Wall(time(12) if match["noon"].endswith("前") else time(13, 30), ambiguous=True)
    hour, minute, firm = _figures(match)
    if not (0 <= hour < 24 or (hour == 24 and not minute)) or not 0 <= minute < 60:
        raise NoSuchTime("没有这个时间，请再写一次，例如 下午3点半 或 15:30。")
    firm = firm or bool(period)
    if hour == 24:
        return Wall(time(0), next_day=True, firm=firm)
    if period:
        return _in_period(period, hour, minute)
    if hour > 12 or hour == 0 or (match["h24"] or "").startswith("0"):
        return Wall(time(hour, minute), firm=firm)
    return _working(hour, minute, opens, closes, firm)


def read_period(period: str, opens: time, closes: time) -> Wall:
    """明天上午, 下午: by its end; which hour is shown for a tap."""
    if "晚" in period and period != "傍晚":
        return Wall(time(20), ambiguous=True)
    if period.endswith("午") and not period.startswith("下"):
        return Wall(time(12), ambiguous=True)
    if period in ("下午", "傍晚", "午后"):
        return Wall(closes, ambiguous=True)
    return Wall(opens, ambiguous=True)


def part_of_day(text: str) -> str:
    """上午 of 昨天上午; "" when an hour is said, or no part of a day."""
    found = None if CLOCK.search(text) else PERIOD.search(text)
    return found["period"] if found else ""


def begins(period: str, opens: time) -> time:
    """When a part of the day begins; what is meant by it and not yet begun is still to come."""
    starts = {"中": time(11, 30), "下": time(12), "午": time(12), "傍": time(16, 30), "晚": time(17)}
    return starts.get(period[0], opens)


def _figures(match: re.Match[str]) -> tuple[int, int, bool]:
    if match["h24"]:
        return int(match["h24"]), int(match["m24"]), True
    if match["short"]:
        less = match["short"].rstrip("分")
        minutes = (whole(match["short_of"]) or 24) * 60 - (15 if less == "一刻" else whole(less) or 0)
        return minutes // 60, minutes % 60, True
    rest = (match["rest"] or "").strip()
    named = {"": 0, "整": 0, "半": 30, "一刻": 15, "三刻": 45}.get(rest)
    hour, minute = whole(match["hour"]), named if named is not None else whole(rest.rstrip("分 "))
    return 99 if hour is None else hour, 99 if minute is None else minute, bool(rest) or match[0].endswith("钟")


def _in_period(period: str, hour: int, minute: int) -> Wall:
    at = time(hour, minute)
    if hour > 12 or hour == 0:
        return Wall(at)
    if period in ("晚上", "晚", "夜里", "半夜") and (hour == 12 or hour < 5):
        return Wall(time(hour % 12, minute), ambiguous=True, next_day=True)
    if period == "中午":
        return Wall(time(hour + 12, minute) if hour < 4 else at)
    if period.startswith(_MORNING):
        return Wall(time(0, minute) if hour == 12 and period == "凌晨" else at)
    if hour == 12:
        return Wall(at, ambiguous=True)
    return Wall(time(hour + 12, minute))


def _working(hour: int, minute: int, opens: time, closes: time, firm: bool) -> Wall:
    """No period said: the one within working hours. 两点半 → 14:30; when both or neither fit, either may be meant."""
    early, late = time(hour % 12 if hour != 12 else 12, minute), time(hour % 12 + 12, minute)
    if hour == 12:
        return Wall(late, firm=firm)
    early_fits, late_fits = opens <= early <= closes, opens <= late <= closes
    if early_fits != late_fits:
        return Wall(early if early_fits else late, firm=firm)
    return Wall(early, ambiguous=True, other=late, firm=firm)
