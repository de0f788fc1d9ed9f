"""今天: the day by time and place, what to bring, what is owed (A-1.1, A-1.2, A-7.2.4)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from conversations import daylog, deliveries, exhibitions, tokens
from conversations.firm import Case
from conversations.followups import compact
from conversations.lookup import Lookup
from conversations.records import MARKS
from conversations.spoken import clock_words, day_words, wall
from conversations.types import Option, Prompt

LINES = 12
_THINGS = re.compile(r"(?P<name>\D+?)\s*(?P<count>\d+)\s*(?P<unit>\D*)")


def appointments(look: Lookup, person: int, day: date) -> Sequence[Case]:
    """In the order they are to be done: the rep's own order, else by the clock."""
    found = [one for one in look.cases("appointment", person=person, day=day, limit=50) if one.state in ("planned", "done")]
    return sorted(found, key=lambda one: (one.data.get("order", 0), one.at or one.opened_at or look.now, one.id))


def of_rep(look: Lookup, day: date) -> Prompt:
    """The whole day on one card, and what to tap next."""
    me = look.me
    planned = appointments(look, me.id, day)
    open_ones = [one for one in planned if one.state == "planned"]
    when = day_words(day, look)
    lines = [f"{when} {len(planned)} 家，还有 {len(open_ones)} 家没去。" if len(open_ones) != len(planned) else f"{when} {len(planned)} 家："]
    if not planned:
        lines = [f"{when}没有约好的客户。写一句就能约，例如：明天上午10点 拜访 恒达 送书。"]
    lines += [line(look, one, nth) for nth, one in enumerate(planned[:LINES])]
    lines += [f"还有 {len(planned) - LINES} 家。"] if len(planned) > LINES else []
    lines += _by_place(look, open_ones, planned)
    lines += _bag(open_ones) + _owed(look, day) + deliveries.lines(look, day, me.id) + exhibitions.lines(look, day, me.id)
    options = [Option("看日志", tokens.of_action("log", compact(day)))]
    if open_ones:
        today = day == look.calendar.day_of(look.now)
        route = tokens.of_action("route") if today else tokens.of_action("route", compact(day))
        order, change = (tokens.of_action(verb, compact(day)) for verb in ("order", "changes"))
        options = [Option("路上出发", route, main=True), Option("改顺序", order), Option("改约", change), *options]
    return Prompt("\n".join(lines), tuple(options))


def line(look: Lookup, case: Case, nth: int) -> str:
    clock = f"{wall(case.at, look)} " if case.at else ""
    about = f"，{case.data['about']}" if case.data.get("about") else ""
    return f"{MARKS[nth]} {clock}{look.label('customers', case.customer_id or 0)}{about}{' ✓' if case.state == 'done' else ''}"


def _by_place(look: Lookup, open_ones: Sequence[Case], planned: Sequence[Case]) -> list[str]:
    """Those in one district together: combine time sensibly (A-7.2.4)."""
    places: dict[str, list[str]] = {}
    for nth, case in enumerate(planned[:LINES]):
        customer = look.customer(case.customer_id) if case.customer_id and case in open_ones else None
        if customer is not None and customer.district:
            places.setdefault(customer.district, []).append(MARKS[nth])
    return ["同一片：" + "；".join(f"{district}{''.join(marks)}" for district, marks in places.items())] if len(places) > 1 else []


def _bag(open_ones: Sequence[Case]) -> list[str]:
    things = bag(thing for case in open_ones for thing in case.data.get("bring", ()))
    return [f"要带：{'、'.join(things)}。"] if things else []


def bag(things: Iterable[str]) -> list[str]:
    """The same thing for several customers is counted together: 书 3 本, 书 3 本 → 书 6 本."""
    counted: dict[tuple[str, str], int] = {}
    for thing in things:
        found = _THINGS.fullmatch(thing.strip())
        name, unit = (found["name"].strip(), found["unit"].strip()) if found else (thing.strip(), "")
        counted[(name, unit)] = counted.get((name, unit), 0) + (int(found["count"]) if found else 0)
    return [f"{name} {count} {unit}".strip() if count else name for (name, unit), count in counted.items()]


def _owed(look: Lookup, day: date) -> list[str]:
    end = look.calendar.bounds(day)[1]
    owed = look.cases("promise", person=look.me.id, states=("open",), until=end, limit=6)
    told = [f"{case.data.get('to') or look.label('customers', case.customer_id or 0)}的{case.data.get('what') or '答复'}" for case in owed]
    times = [f"，{clock_words(case.at, look)} 前" if case.at else "" for case in owed]
    return [f"{day_words(day, look)}要答复：" + "；".join(f"{what}{by}" for what, by in zip(told, times, strict=True)) + "。"] if owed else []


def of_boss(look: Lookup, day: date) -> Prompt:
    """A supervisor's or manager's day: who has handed in, what waits for them."""
    me = look.me
    rows = daylog.standings(look, None if "manager" in me.roles else me.team_id, day)
    words = {"received": "已签收", "handed": "已交待签", "leave": "请假或休息", "missing": "未交", "not_due": "还没到时间"}
    lines = [f"{day_words(day, look)}的日志："]
    for state, label in words.items():
        names = [name for id, name, standing in rows if standing == state and id != me.id]
        lines += [f"{label}：{'、'.join(names)}"] if names else []
    options: list[Option] = []
    for case in look.cases("daylog", states=("handed",), limit=20):
        whose = look.person(case.person_id)
        if case.person_id != me.id and whose is not None and case.day and len(options) < 3:
            options.append(Option(f"看{whose.name}的", tokens.of_action("log", compact(case.day), whose.id)))
    for id, name, standing in rows:
        if standing == "missing" and id != me.id and len(options) < 5:
            options.append(Option(f"催{name}", tokens.of_action("chase", id, compact(day))))
    asked = [one for one in look.cases("request", states=("asked",), limit=20) if one.data.get("manager") == me.id]
    if asked:
        lines.append(f"等您答复的客户要求 {len(asked)} 件。")
        options.append(Option("去答复", tokens.of_action("request", asked[0].id, asked[0].rev, "show")))
    return Prompt("\n".join(lines), tuple(options))


def of(look: Lookup, day: date) -> Prompt:
    """By role: a rep has places to go, the others have people to see to."""
    roles = look.me.roles
    return of_boss(look, day) if roles & {"supervisor", "manager"} and "rep" not in roles else of_rep(look, day)
