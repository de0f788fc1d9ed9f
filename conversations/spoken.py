"""Days and times as we say them: 11 月 24 日, 明天 12:00."""

from __future__ import annotations

from datetime import date, datetime

from conversations.lookup import Lookup

WEEK = "一二三四五六日"
_NEAR = {-1: "昨天", 0: "今天", 1: "明天", 2: "后天"}


def day_of_month(day: date) -> str:
    return f"{day.month} 月 {day.day} 日"


def day_words(day: date, look: Lookup) -> str:
    """今天, 明天, 11 月 27 日（周五）."""
    today = look.calendar.day_of(look.now)
    year = f"{day.year} 年 " if day.year != today.year else ""
    return _NEAR.get((day - today).days) or f"{year}{day_of_month(day)}（周{WEEK[day.weekday()]}）"


def clock_words(instant: datetime, look: Lookup) -> str:
    """18:00 today, otherwise with the day: 明天 12:00."""
    local = look.calendar.local(instant)
    day = day_words(local.date(), look)
    return f"{local:%H:%M}" if day == "今天" else f"{day} {local:%H:%M}".replace("） ", "）")


def spaced(before: str, words: str) -> str:
    """请 18:00, 请明天 12:00: a space only where a figure follows."""
    return f"{before} {words}" if words[:1].isdecimal() else before + words


def wall(instant: datetime, look: Lookup) -> str:
    return f"{look.calendar.local(instant):%H:%M}"
