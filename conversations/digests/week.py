"""The week before on its first working day, the month on its last: one sentence and one picture (A-2.2, A-3.3.6b)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from conversations import daylog
from conversations.desk import Desk
from conversations.firm import Person
from conversations.spoken import WEEK, day_of_month

MOST = 10  # people on one picture; of more, the teams
Counts = Mapping[tuple[int, date, str], int]
VISITS = tuple(form for form, kind in daylog.KINDS.items() if kind == "visit")


def of(desk: Desk, reps: Sequence[Person], day: date) -> tuple[str, tuple[str, ...]]:
    """The sentence for the page's last line, and the picture to hang on it; nothing on other days."""
    said = month(desk, reps, day) if day == desk.calendar.last_working_day_of_month(day) else ""
    if desk.calendar.add_working_days(_monday(day), 0) != day:
        return said, ()
    monday = _monday(day) - timedelta(days=7)
    counts = desk.daily([who.id for who in reps], monday - timedelta(days=7), monday + timedelta(days=6), VISITS)
    this, before = (_within(counts, start, start + timedelta(days=6)) for start in (monday, monday - timedelta(days=7)))
    if not this and not before:
        return said, ()
    words, picture = drawn(desk, reps, monday, counts)
    return said or f"上周拜访 {this}（前一周 {before}），{words}", (picture,) if picture else ()


def month(desk: Desk, reps: Sequence[Person], day: date) -> str:
    first = day.replace(day=1)
    last = first - timedelta(days=1)
    counts = desk.daily([who.id for who in reps], last.replace(day=1), day, VISITS)
    this, before = _within(counts, first, day), _within(counts, last.replace(day=1), last)
    return f"本月拜访 {this}（上月 {before}），写「漏斗」「渠道」看全月。" if this or before else ""


def drawn(desk: Desk, reps: Sequence[Person], monday: date, counts: Counts) -> tuple[str, str]:
    """What the picture says, in words, and the picture; a team a row where the people are many."""
    days = [day for n in range(7) if desk.calendar.is_working_day(day := monday + timedelta(days=n)) or _on(counts, day)]
    if not days:
        return "", ""
    away = desk.logs([who.id for who in reps], days[0], days[-1]).away
    rows = _people(reps, days, counts, away) if len(reps) <= MOST else _teams(desk, reps, days, counts)
    totals = sorted(((sum(value or 0 for value in values), name) for name, values in rows), key=lambda one: -one[0])
    words = "最多 {1} {0} 次".format(*totals[0]) + ("，最少 {1} {0} 次。".format(*totals[-1]) if len(totals) > 1 else "。")
    span = f"{day_of_month(days[0])}到 {day_of_month(days[-1])}"
    spec = {
        "kind": "week",
        "title": "一周走访",
        "days": [f"周{WEEK[day.weekday()]}" for day in days],
        "rows": [[name, list(values)] for name, values in rows],
        "note": f"{span}；数字是走访次数" + ("，休是请假" if any(value is None for _, values in rows for value in values) else ""),
    }
    told = "；".join(f"{name} {'、'.join('休' if value is None else str(value) for value in values)}" for name, values in rows)
    return words, desk.chart(spec, f"一周走访（{span}）：{told}")


Rows = list[tuple[str, list[int | None]]]


def _people(reps: Sequence[Person], days: Sequence[date], counts: Counts, away: frozenset[tuple[int, date]]) -> Rows:
    made = {who.id: [_of({who.id}, counts, day) for day in days] for who in reps}
    return [(who.name, [None if not n and (who.id, day) in away else n for n, day in zip(made[who.id], days, strict=True)]) for who in reps]


def _teams(desk: Desk, reps: Sequence[Person], days: Sequence[date], counts: Counts) -> Rows:
    theirs = {team.label: {who.id for who in reps if who.team_id == team.id} for team in desk.teams()}
    return [(name, [_of(ids, counts, day) for day in days]) for name, ids in theirs.items() if ids]


def _of(ids: set[int], counts: Counts, day: date) -> int:
    return sum(count for (person, on, _), count in counts.items() if on == day and person in ids)


def _on(counts: Counts, day: date) -> int:
    return sum(count for (_, on, _), count in counts.items() if on == day)


def _within(counts: Counts, first: date, last: date) -> int:
    return sum(count for (_, on, _), count in counts.items() if first <= on <= last)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
