"""Days with times of day: 明天下午三点, 周五18:00前, 半小时后, and the "10:20" a record begins with (A-3.3.6a, A-3.3.7A)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from conversations.phrases.clock import CLOCK, PERIOD, Wall, read_clock, read_period
from conversations.phrases.days import FILLER, LONGEST, find_days
from conversations.phrases.numerals import SMALL, whole
from conversations.phrases.reading import NoSuchDay, NoSuchTime, Reading, fold
from rules.calendar import Calendar

OPENS, CLOSES = "09:00", "18:00"
_BETWEEN = re.compile(r"[\s,的]*")
_SPAN = re.compile(
    rf"(?:再?过)?(?<![\d.一二三四五六七八九十点])(?P<n>\d+(?:\.5)?|{SMALL}|半)\s*(?P<half>个半)?个?(?P<unit>小时|钟头|分钟|刻钟)(?P<more>半)?(?:之|以)?(?P<side>后|内|前)"
)
_NOW = re.compile(r"马上|立刻|立即|现在|刚才|刚刚")
_PROMISE = re.compile(r"答应|承诺|说好|答复|回复|回话|回电|之?前|以前|再|约[好在了]|给(?:他|她|我|客户|对方|报价|方案)|报价给|寄出|交给")
_FIGURES = re.compile(r"\d{1,2}[\-/.]\d{1,2}")
_MEANT = re.compile(r"\s*(?:之前|以前|前|左右|钟|整|答复|回复|给|交)")
_GAP = re.compile(r"[\s,，。:：、]*")
_DEADLINE = re.compile(r"^[\s:,，。]*(?:前|之前|以前|左右|答复|回复)")


@dataclass(frozen=True, slots=True)
class _Part:
    start: int
    end: int
    day: date | None = None
    wall: Wall | None = None
    ambiguous: bool = False


def read_moment(text: str, now_local: datetime, calendar: Calendar, *, opens: str = OPENS, closes: str = CLOSES) -> Reading[datetime] | None:
    """The instant (UTC) somebody answered with; raises NoSuchDay, NoSuchTime. Only a day: the end of its work, `whole_day`."""
    dotted = _dotted(text, now_local, calendar)
    found = [dotted] if dotted else list(find_moments(text, now_local, calendar, opens=opens, closes=closes))
    if not found:
        return None
    first, folded = found[0], fold(text)
    rest = folded[: first.span[0]] + folded[first.span[1] :]
    return Reading(first.value, first.ambiguous or not FILLER.fullmatch(rest), first.span, first.whole_day)


def find_moment(text: str, now_local: datetime, calendar: Calendar, *, opens: str = OPENS, closes: str = CLOSES) -> Reading[datetime] | None:
    """The moment promised in a sentence: what is still to come, beside a word of promise if there is one. Impossible ones are left alone."""
    try:
        found = list(find_moments(text, now_local, calendar, opens=opens, closes=closes, firm=True))
    except (NoSuchDay, NoSuchTime):
        return None
    today = calendar.day_of(now_local)
    promised = [one for one in found if _PROMISE.search(text[max(0, one.span[0] - 4) : one.span[1] + 6]) and calendar.day_of(one.value) >= today]
    coming = [one for one in found if one.value >= now_local and not (one.whole_day and calendar.day_of(one.value) == today)]
    best = [one for one in promised if one in coming] or [one for one in promised if one.whole_day] or coming
    return best[-1] if best else None


def leading_time(text: str, now_local: datetime, calendar: Calendar, *, opens: str = OPENS, closes: str = CLOSES) -> Reading[datetime] | None:
    """When a record says it happened: "10:20 拜访…", "昨天下午三点 拜访…". The last such time; one still to come is shown for a tap."""
    start = len(text) - len(text.lstrip())
    try:
        found = next(find_moments(text[: start + 40], now_local, calendar, opens=opens, closes=closes, firm=True, past=True), None)
    except (NoSuchDay, NoSuchTime):
        return None
    if found is None or found.span[0] != start:
        return None
    gap = _GAP.match(text, found.span[1])
    end = gap.end() if gap else found.span[1]
    if _DEADLINE.match(text[found.span[1] :]):
        return None
    return Reading(found.value, found.ambiguous or found.value > now_local, (start, end), found.whole_day)


def find_moments(
    text: str,
    now_local: datetime,
    calendar: Calendar,
    *,
    opens: str = OPENS,
    closes: str = CLOSES,
    firm: bool = False,
    past: bool = False,
) -> Iterator[Reading[datetime]]:
    """Every moment in the text. `firm`: in the middle of a sentence, a bare 两点 is none. `past`: what happened rather than what will."""
    folded = fold(text[:LONGEST])
    work = time.fromisoformat(opens), time.fromisoformat(closes)
    now = calendar.local(now_local)
    spans = [*_relative(folded, now)]
    parts = sorted([*_days(folded, now, calendar), *_clocks(folded, *work)], key=lambda part: (part.start, -part.end))
    parts = [part for part in parts if not any(a < part.end and part.start < b for _, (a, b) in spans)]
    found = [Reading(value, False, span) for value, span in spans]
    index = 0
    while index < len(parts):
        part, following = parts[index], parts[index + 1] if index + 1 < len(parts) else None
        index += 1
        if following is not None and (part.day is None) != (following.day is None) and _BETWEEN.fullmatch(folded, part.end, following.start):
            part, index = _joined(part, following), index + 1
        if firm and not _stands(part, folded):
            continue
        found.append(_moment(part, now, calendar, work[1], past))
    yield from sorted(found, key=lambda one: one.span)


def _days(text: str, now: datetime, calendar: Calendar) -> Iterator[_Part]:
    for found in find_days(text, now, calendar):
        if not re.match(r"\s*[:点时]", text[found.span[1] :]):
            yield _Part(*found.span, day=found.value, ambiguous=found.ambiguous)


def _clocks(text: str, opens: time, closes: time) -> Iterator[_Part]:
    taken = []
    for match in CLOCK.finditer(text):
        taken.append(match.span())
        yield _Part(*match.span(), wall=read_clock(match, opens, closes))
    for match in PERIOD.finditer(text):
        if not any(a < match.end() and match.start() < b for a, b in taken):
            yield _Part(*match.span(), wall=read_period(match["period"], opens, closes))


def _relative(text: str, now: datetime) -> Iterator[tuple[datetime, tuple[int, int]]]:
    """半小时后, 一个半小时后, 20分钟前, 现在."""
    for match in _SPAN.finditer(text):
        count = 0.5 if match["n"] == "半" else float(match["n"]) if "." in match["n"] else whole(match["n"])
        if count is None or count > 10_000:
            continue
        minutes = int((count + (0.5 if match["half"] or match["more"] else 0)) * {"分钟": 1, "刻钟": 15}.get(match["unit"], 60))
        yield now + timedelta(minutes=-minutes if match["side"] == "前" else minutes), match.span()
    for match in _NOW.finditer(text):
        yield now, match.span()


def _joined(one: _Part, other: _Part) -> _Part:
    return _Part(one.start, other.end, one.day or other.day, one.wall or other.wall, one.ambiguous or other.ambiguous)


def _stands(part: _Part, text: str) -> bool:
    """In a sentence a bare 两点 or 1/3 is a time only at its beginning, or with 前 and the like behind it."""
    weak = part.wall is not None and not part.wall.firm if part.day is None else _FIGURES.fullmatch(text, part.start, part.end) is not None
    return not weak or not text[: part.start].strip() or _MEANT.match(text, part.end) is not None


def _moment(part: _Part, now: datetime, calendar: Calendar, closes: time, past: bool) -> Reading[datetime]:
    span, day = (part.start, part.end), part.day
    if part.wall is None:
        return Reading(calendar.at(day or now.date(), closes), part.ambiguous, span, whole_day=True)
    wall, ambiguous = part.wall, part.ambiguous or part.wall.ambiguous
    if day is not None:
        return Reading(calendar.at(day + timedelta(days=wall.next_day), wall.at), ambiguous, span)
    today = calendar.at(now.date() + timedelta(days=wall.next_day), wall.at)
    twin = calendar.at(now.date(), wall.other) if wall.other is not None else None
    if past:
        return Reading(today, ambiguous and not (twin is not None and today <= now < twin), span)
    if today >= now:
        return Reading(today, ambiguous, span)
    if twin is not None and twin >= now:
        return Reading(twin, True, span)
    return Reading(calendar.at(now.date() + timedelta(days=1), wall.at), True, span)


def _dotted(text: str, now_local: datetime, calendar: Calendar) -> Reading[datetime] | None:
    """A whole answer "9.30" to the question when: a time, shown for a tap."""
    match = re.fullmatch(r"\s*(\d{1,2})[.。](\d{2})\s*", fold(text))
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        return None
    return Reading(calendar.at(calendar.day_of(now_local), time(int(match[1]), int(match[2]))), True, match.span())
