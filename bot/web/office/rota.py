"""值班表: who is on call at night and on rest days, beside the ordinary hours (C-3.3, C-4.5.1a)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from bot.web.office.frame import Office, Page, day, number, said, text
from conversations.desk import NotAllowed
from conversations.spoken import day_of_month
from conversations.types import Prompt
from rules.errors import RuleBroken
from rules.people import ROLES
from storage.world import World

LIST = "/office/rota"
KEEPS = frozenset({"asset_management", "area_manager", "admin"})
ON_CALL = ("technician", "service_desk", "area_manager")
AHEAD = timedelta(days=31)
SPANS = {"night": ("夜班", time(18), time(9)), "day": ("白天", time(9), time(18)), "whole": ("整天", time(9), time(9))}


async def listed(office: Office, request: Request) -> Response:
    return await _shown(office, request, {"since": office.today.isoformat(), "span": "night", "role": "technician"}, {})


async def add(office: Office, request: Request) -> Response:
    form = await office.form(request)
    typed = {name: text(form, name) for name in ("person", "role", "area", "since", "until", "span")}
    errors = _wrong(typed, office.today)
    if not errors:
        try:
            return office.back(LIST, await office.write(request, lambda world: _put(world, office, typed)))
        except (NotAllowed, RuleBroken) as refused:
            errors[""] = said(refused)
    return await _shown(office, request, typed, errors)


async def end(office: Office, request: Request) -> Response:
    form = await office.form(request)

    def do(world: World) -> str:
        gone = world.end_duty(number(text(form, "id")))
        if gone.person_id != world.me.id:
            world.tell(gone.person_id, Prompt(f"{world.me.name}取消了您的值班：{_words(office, gone.since, gone.until)}。"))
        return f"{gone.name}的值班取消了。"

    try:
        return office.back(LIST, await office.write(request, do))
    except (NotAllowed, RuleBroken) as refused:
        return await _shown(office, request, {}, {"": said(refused)})


def _put(world: World, office: Office, typed: Mapping[str, str]) -> str:
    """A shift a day; a night ends on the next morning."""
    who, role, area = world.person(number(typed["person"])), typed["role"], number(typed["area"]) or None
    first, last = day(typed["since"]), day(typed["until"] or typed["since"])
    if who is None or who.left or first is None or last is None:
        raise NotAllowed("请选一位同事和日子。")
    if role not in who.roles:
        raise NotAllowed(f"{who.name}不是{ROLES[role]}，请另选，或先在同事页加上这个职务。")
    _, begins, ends = SPANS[typed["span"]]
    for n in range((last - first).days + 1):
        one = first + timedelta(days=n)
        since = datetime.combine(one, begins, office.zone)
        until = datetime.combine(one + timedelta(days=ends <= begins), ends, office.zone)
        world.put_duty(who.id, role, since, until, area)
    told = f"{day_of_month(first)}{f'到 {day_of_month(last)}' if last != first else ''}{SPANS[typed['span']][0]}"
    if who.id != world.me.id:
        world.tell(who.id, Prompt(f"{world.me.name}给您排了值班：{told}，{begins:%H:%M} 到{'第二天 ' if ends <= begins else ' '}{ends:%H:%M}。"))
    return f"{who.name}值班：{told}。"


def _wrong(typed: Mapping[str, str], today: date) -> dict[str, str]:
    errors = {}
    since, until = day(typed["since"]), day(typed["until"] or typed["since"])
    if not number(typed["person"]):
        errors["person"] = "请选一位同事。"
    if typed["role"] not in ON_CALL:
        errors["role"] = "请选按什么值班。"
    if typed["span"] not in SPANS:
        errors["span"] = "请选哪一段。"
    if since is None:
        errors["since"] = "请选开始的日子。"
    elif since < today:
        errors["since"] = "这一天已经过了，请选今天或以后的日子。"
    if since is not None and (until is None or not timedelta(0) <= until - since <= AHEAD):
        errors["until"] = "最后一天不能早于第一天，一次最多排一个月。"
    return errors


async def _shown(office: Office, request: Request, typed: Mapping[str, Any], errors: Mapping[str, str]) -> Response:
    def ask(world: World) -> dict[str, Any]:
        found = world.duties(world.now - timedelta(hours=12), world.now + AHEAD)
        rows = [(one, _words(office, one.since, one.until), one.since <= world.now < one.until) for one in found]
        people = [who for role in ON_CALL for who in world.people(role)]
        named = {who.id: who.name for who in people}
        return {
            "rows": rows,
            "people": [("", "请选"), *named.items()],
            "areas": [("", "全部"), *((one.id, one.name) for one in world.station_areas())],
        }

    values = await office.read(request, ask)
    values |= {"roles": [(role, ROLES[role]) for role in ON_CALL], "spans": [(key, f"{words}") for key, (words, _, _) in SPANS.items()]}
    return office.page(request, "office/rota.html", status=422 if errors else 200, typed=typed, errors=errors, titles=ROLES, **values)


def _words(office: Office, since: datetime, until: datetime) -> str:
    a, b = since.astimezone(office.zone), until.astimezone(office.zone)
    later = "" if a.date() == b.date() else "第二天 " if (b.date() - a.date()).days == 1 else f"{day_of_month(b.date())} "
    return f"{day_of_month(a.date())}（周{'一二三四五六日'[a.weekday()]}）{a:%H:%M} 到 {later}{b:%H:%M}"


PAGES: tuple[Page, ...] = (
    Page(LIST, "值班表", listed, KEEPS, group="维修"),
    Page(f"{LIST}/add", "排值班", add, KEEPS, ("POST",)),
    Page(f"{LIST}/end", "取消值班", end, KEEPS, ("POST",)),
)
