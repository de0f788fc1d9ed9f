"""Who is off when: a month at a glance, leave and rest days put in and taken out, who stands in (A-1.3, A-3.3.6b)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from bot.web.office.frame import ALL_ROLES, Office, Page, Undo, day, number, said, text, texts
from conversations.desk import NotAllowed
from conversations.spoken import day_of_month
from conversations.types import Prompt
from rules.errors import RuleBroken
from storage.world import World

KINDS = (("leave", "请假"), ("rest", "轮休"))
WEEKDAYS = (("0", "周一"), ("1", "周二"), ("2", "周三"), ("3", "周四"), ("4", "周五"), ("5", "周六"), ("6", "周日"))
LONGEST = 366


@dataclass(frozen=True, slots=True)
class Line:
    """A colleague's month: for each day "", rest (nobody works), leave or off (a rest day of one's own)."""

    id: int
    name: str
    days: Sequence[tuple[str, str]]


async def month(office: Office, request: Request) -> Response:
    return await _shown(office, request, {}, {})


async def add(office: Office, request: Request) -> Response:
    form = await office.form(request)
    typed: dict[str, Any] = {name: text(form, name) for name in ("person", "since", "until", "kind", "deputy")}
    typed["weekdays"] = texts(form, "weekdays")
    since, until = day(typed["since"]), day(typed["until"] or typed["since"])
    errors = _wrong(typed, since, until)
    if not errors and since and until:
        try:
            notice, ids = await office.write(request, lambda world: _take(world, typed, since, until))
            undo = Undo("/office/leave/end", {"id": ",".join(str(id) for id in ids)}) if ids else None
            return office.back(f"/office/leave?month={since:%Y-%m}", notice, undo)
        except (NotAllowed, RuleBroken) as refused:
            errors[""] = said(refused)
    return await _shown(office, request, typed, errors)


async def end(office: Office, request: Request) -> Response:
    form = await office.form(request)
    ids = [id for one in text(form, "id", 4000).split(",") if (id := number(one))]

    def do(world: World) -> str:
        whose = {one.id: one for one in world.away(world.today, date.max)}
        for id in ids:
            world.end_leave(id)
        for who in {whose[id].person_id for id in ids if id in whose} - {world.me.id}:
            world.tell(who, Prompt(f"{world.me.name}取消了您的休假，请写「今天」看看安排。"))
        return "已经取消，照常上班。"

    notice = await office.write(request, do)
    return office.back("/office/leave", notice)


async def end_deputy(office: Office, request: Request) -> Response:
    form = await office.form(request)
    await office.write(request, lambda world: world.end_stand_in(number(text(form, "id"))))
    return office.back("/office/leave", "不再代办了。")


def _take(world: World, typed: Mapping[str, Any], since: date, until: date) -> tuple[str, list[int]]:
    who = world.person(number(typed["person"]))
    if who is None or who.left:
        raise NotAllowed("请选一位同事。")
    before = {one.id for one in world.away(since, until)}
    wanted = {int(one) for one in typed["weekdays"]}
    if wanted:
        days = [since + timedelta(days=n) for n in range((until - since).days + 1)]
        chosen = [one for one in days if one.weekday() in wanted]
        for one in chosen:
            world.take_leave(who.id, one, one, typed["kind"])
    else:
        world.take_leave(who.id, since, until, typed["kind"])
    span = _span(since, until)
    title = dict(KINDS)[typed["kind"]]
    told = f"{span}，每{'、'.join(dict(WEEKDAYS)[str(one)] for one in sorted(wanted))}" if wanted else span
    if (other := number(typed["deputy"])) and (stands := world.person(other)) is not None:
        world.stand_in(other, who.id, since, until)
        world.tell(other, Prompt(f"{who.name} {span}{title}，由您代签日志和电话记录、代批请假，到时会发给您。"))
        told += f"，由{stands.name}代"
    if who.id != world.me.id:
        world.tell(who.id, Prompt(f"{world.me.name}给您记了{title}：{told}。这几天不提醒日志。"))
    return f"{who.name}{title}：{told}。", [one.id for one in world.away(since, until) if one.id not in before]


def _wrong(typed: Mapping[str, Any], since: date | None, until: date | None) -> dict[str, str]:
    errors = {}
    if not number(typed["person"]):
        errors["person"] = "请选一位同事。"
    if since is None:
        errors["since"] = "请选开始的日子。"
    if until is None:
        errors["until"] = "请从日历里选最后一天。"
    elif since is not None and until < since:
        errors["until"] = "最后一天不能早于第一天。"
    elif since is not None and (until - since).days >= LONGEST:
        errors["until"] = "一次最多一年，请分几次加。"
    if typed["kind"] not in dict(KINDS):
        errors["kind"] = "请选请假或轮休。"
    if any(one not in dict(WEEKDAYS) for one in typed["weekdays"]):
        errors["weekdays"] = "请重新选周几。"
    return errors


async def _shown(office: Office, request: Request, typed: Mapping[str, Any], errors: Mapping[str, str]) -> Response:
    first = _month(request.query_params.get("month", "")) or office.today.replace(day=1)
    last = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    team = number(request.query_params.get("team", ""))

    def ask(world: World) -> dict[str, Any]:
        days = [first + timedelta(days=n) for n in range(last.day)]
        works = {one: world.calendar.is_working_day(one) for one in days}
        away = world.away(first, last)
        cards = world.staff_cards("", team)
        taken = {(one.person_id, that): one.kind for one in away for that in days if one.since <= that <= one.until}
        lines = [Line(who.id, who.name, [_cell(taken.get((who.id, that), ""), works[that]) for that in days]) for who in cards]
        values = {"days": [(one, works[one], "一二三四五六日"[one.weekday()]) for one in days], "lines": lines, "teams": world.team_cards()}
        everybody = [(who.id, f"{who.name}{f'（{who.team}）' if who.team else ''}") for who in world.staff_cards()]
        coming = world.away(world.today, world.today + timedelta(days=LONGEST))
        return values | {"everybody": everybody, "coming": coming, "stand_ins": world.stand_ins(world.today)}

    values = await office.read(request, ask)
    around = {"first": first, "before": first - timedelta(days=1), "after": last + timedelta(days=1), "team": team}
    blank = {"person": "", "since": "", "until": "", "kind": "leave", "deputy": "", "weekdays": []}
    more = {"typed": {**blank, **typed}, "errors": errors, "kinds": KINDS, "weekdays": WEEKDAYS}
    return office.page(request, "office/leave.html", status=422 if errors else 200, **values, **around, **more)


def _cell(kind: str, works: bool) -> tuple[str, str]:
    """Class and sign."""
    if kind:
        return ("leave", "假") if kind == "leave" else ("shift", "休")
    return ("", "") if works else ("rest", "")


def _month(given: str) -> date | None:
    return day(f"{given}-01") if len(given) == 7 and "2000" <= given[:4] <= "2100" else None


def _span(since: date, until: date) -> str:
    return day_of_month(since) if since == until else f"{day_of_month(since)}到 {day_of_month(until)}"


PAGES = (
    Page("/office/leave", "请假和轮休", month, ALL_ROLES, group="人员"),
    Page("/office/leave/add", "加请假", add, ALL_ROLES, ("POST",)),
    Page("/office/leave/end", "取消休假", end, ALL_ROLES, ("POST",)),
    Page("/office/leave/deputy/end", "取消代办", end_deputy, ALL_ROLES, ("POST",)),
)
