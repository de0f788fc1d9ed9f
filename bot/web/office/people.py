"""The staff: found, added, changed, given roles, cut off (A-1.3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from bot.web.answers import Problem
from bot.web.office.frame import ADMIN, ALL_ROLES, Office, Page, day, number, said, text
from conversations.desk import NotAllowed
from conversations.spoken import day_of_month
from conversations.types import Prompt
from rules import cells
from rules.errors import RuleBroken
from rules.people import ROLES
from rules.settings import SETTINGS
from storage.roster import Card
from storage.world import World

ROWS = 30
NOT_HERE = "名单里没有这位同事。"
GROUP = "人员"
LONGEST_NAME, LONGEST_ACCOUNT, LONGEST_PHONE = 20, 64, 40


async def listed(office: Office, request: Request) -> Response:
    asked = request.query_params
    query, team, left, page = asked.get("q", "")[:40], number(asked.get("team", "")), asked.get("left") == "1", max(number(asked.get("page", "")), 1)
    cards, teams = await office.read(request, lambda world: (world.staff_cards(query, team, left=left), world.team_cards()))
    shown = cards[(page - 1) * ROWS : page * ROWS]
    values: dict[str, Any] = {"cards": shown, "count": len(cards), "teams": teams, "query": query, "team": team, "left": left}
    return office.page(request, "office/people.html", **values, page=page, more=len(cards) > page * ROWS)


async def new(office: Office, request: Request) -> Response:
    """The admin writes a whole card; a superior invites a rep into the team."""
    values: dict[str, str] = {"opens": "", "closes": "", "role": "rep", "scope": "firm:0", "team": "0"}
    errors: dict[str, str] = {}
    if request.method == "POST":
        form = await office.form(request)
        values = _typed(form, ("name", "account", "team", "opens", "closes", "phone", "role"))
        errors = _wrong(values)
        if values["role"] not in ROLES:
            errors["role"] = "请选一个角色。"
        if not errors:
            try:
                id = await office.write(request, lambda world: _add(world, values))
                return office.back(f"/office/people/{id}", f"{values['name']}加好了。下面可以发邀请，让本人进来。")
            except (NotAllowed, RuleBroken) as refused:
                errors[""] = said(refused)
    teams, firm = await office.read(request, lambda world: (world.team_cards(), firm_hours(world)))
    more = {"teams": teams, "roles": [*ROLES.items()], "firm": firm}
    return office.page(request, "office/person_new.html", status=422 if errors else 200, values=values, errors=errors, **more)


def _add(world: World, values: Mapping[str, str]) -> int:
    team = number(values["team"])
    hours = {"opens": values["opens"], "closes": values["closes"]}
    id = world.add_person(values["name"], account=values["account"], team_id=team, phone=values["phone"], **hours)
    scope, scope_id = ("team", team) if values["role"] in ("rep", "supervisor") else ("firm", 0)
    world.grant(id, values["role"], scope, scope_id, world.today, None)
    return id


async def person(office: Office, request: Request) -> Response:
    id, errors, values = request.path_params["id"], {}, None
    if request.method == "POST":
        values = _typed(await office.form(request), _OWN)
        errors = _wrong({"opens": "", "closes": "", **values})
        if not errors:
            changed = {name: values[name] for name in _OWN if name != "team"}
            team = number(values["team"])
            try:
                await office.write(request, lambda world: world.change_person(id, team_id=team, **changed))
                return office.back(f"/office/people/{id}", "改好了。")
            except (NotAllowed, RuleBroken) as refused:
                errors[""] = said(refused)
    return await shown(office, request, id, values, errors)


async def shown(office: Office, request: Request, id: int, values: Mapping[str, str] | None, errors: Mapping[str, str]) -> Response:
    """The card with everything one can do from it."""

    def ask(world: World) -> tuple[Card | None, dict[str, Any]]:
        around = world.away(world.today, world.today + timedelta(days=60))
        more = {"teams": world.team_cards(), "scopes": world.scopes(), "away": [one for one in around if one.person_id == id]}
        more |= {"firm": firm_hours(world), "coming": world.hours_coming(id)}
        return world.staff_card(id), more | {"customers": world.owned_counts().get(id, 0), "matters": len(world.matters(id))}

    card, more = await office.read(request, ask)
    if card is None:
        raise Problem(404, NOT_HERE)
    roles = [(key, title) for key, title in ROLES.items()]
    hours = {"opens": card.opens, "closes": card.closes, "from": (office.today + timedelta(days=1)).isoformat()}
    values = {**_BLANK, **_as_it_is(card), **hours, **(values or {})}
    return office.page(request, "office/person.html", status=422 if errors else 200, card=card, values=values, errors=errors, roles=roles, **more)


_OWN = ("name", "team", "phone", "account")
_BLANK = {"role": "rep", "scope": "firm:0", "since": "", "until": ""}


async def give_role(office: Office, request: Request) -> Response:
    id = request.path_params["id"]
    form = await office.form(request)
    typed = _typed(form, ("role", "scope", "since", "until"))
    scope, _, scope_id = typed["scope"].partition(":")
    since, until = day(typed["since"]) or office.today, day(typed["until"])
    errors: dict[str, str] = {}
    if typed["until"] and until is None:
        errors["until"] = "到哪天为止，请从日历里选一天。"
    if since < office.today:
        errors["since"] = "不能从过去的日子起。"
    if not errors:

        def do(world: World) -> None:
            world.grant(id, typed["role"], scope, number(scope_id), since, until)
            if id != world.me.id:
                what = f"{ROLES[typed['role']]}，{_span(since, until, world.today)}"
                world.tell(id, Prompt(f"{world.me.name}给您加了角色：{what}。写「菜单」看看能做什么。"))

        try:
            await office.write(request, do)
            return office.back(f"/office/people/{id}", "角色加好了。")
        except (NotAllowed, RuleBroken) as refused:
            errors["role"] = said(refused)
    return await shown(office, request, id, typed, errors)


async def end_role(office: Office, request: Request) -> Response:
    id, grant = request.path_params["id"], request.path_params["grant"]
    form = await office.form(request)
    last = day(text(form, "last")) or office.today - timedelta(days=1)

    def do(world: World) -> str:
        card = world.staff_card(id)
        held = next((one for one in card.roles if one.id == grant), None) if card is not None else None
        if card is None or held is None:
            raise NotAllowed("这个角色已经不在了。")
        world.end_grant(grant, max(last, world.today - timedelta(days=1)))
        when = f"到 {day_of_month(last)}为止" if last >= world.today else "从现在起"
        if id != world.me.id:
            world.tell(id, Prompt(f"{when}您不再任{held.title}，有疑问请找{world.me.name}。"))
        return f"{when}{card.name}不再任{held.title}。"

    return office.back(f"/office/people/{id}", await office.write(request, do))


async def cut_off(office: Office, request: Request) -> Response:
    """Asked once more: every phone and browser of theirs is a stranger's afterwards."""
    id = request.path_params["id"]
    if request.method == "POST":
        await office.form(request)
        await office.write(request, lambda world: world.cut_off(id))
        return office.back(f"/office/people/{id}", "手机和网页都断开了。让本人重新进来，请再发一次邀请。")
    card = await office.read(request, lambda world: world.staff_card(id))
    if card is None:
        raise Problem(404, NOT_HERE)
    return office.page(request, "office/person_cut.html", card=card)


def _as_it_is(card: Card) -> dict[str, str]:
    return {"name": card.name, "team": str(card.team_id or 0), "phone": card.phone, "account": card.account}


def firm_hours(world: World) -> str:
    return f"{world.setting('opens')} 到 {world.setting('closes')}"


def _typed(form: FormData, names: tuple[str, ...]) -> dict[str, str]:
    return {name: text(form, name) for name in names}


def _wrong(values: Mapping[str, str]) -> dict[str, str]:
    errors = {}
    if not values["name"]:
        errors["name"] = "请写姓名。"
    elif len(values["name"]) > LONGEST_NAME:
        errors["name"] = f"姓名最多 {LONGEST_NAME} 个字。"
    if len(values.get("account", "")) > LONGEST_ACCOUNT:
        errors["account"] = f"账号最多 {LONGEST_ACCOUNT} 个字。"
    errors |= wrong_hours(values["opens"], values["closes"], needed=False)
    try:
        if values["phone"] and len(cells.telephone(values["phone"])) > LONGEST_PHONE:
            errors["phone"] = "电话太长了。"
    except cells.Faulty as faulty:
        errors["phone"] = str(faulty)
    return errors


def wrong_hours(opens: str, closes: str, *, needed: bool) -> dict[str, str]:
    """What is wrong with a working day; left out, both, it is the firm's."""
    if not (opens or closes or needed):
        return {}
    errors, hours = {}, []
    for name, title, given in (("opens", "上班", opens), ("closes", "下班", closes)):
        try:
            hours.append(SETTINGS[name].read(given))
        except RuleBroken:
            errors[name] = f"{title}时间要写成 09:00 这样。" if given or needed else f"请把{title}时间也写上，或者两个都空着。"
    if len(hours) == 2 and hours[0] >= hours[1]:
        errors["closes"] = "下班要在上班之后。"
    return errors


def _span(since: date, until: date | None, today: date) -> str:
    begins = "从今天起" if since == today else f"从 {day_of_month(since)}起"
    return f"{begins}，到 {day_of_month(until)}为止" if until else begins


PAGES = (
    Page("/office/people", "同事", listed, ALL_ROLES, group=GROUP),
    Page("/office/people/new", "加同事", new, ADMIN, ("GET", "POST")),
    Page("/office/people/{id:int}", "一位同事", person, ALL_ROLES, ("GET", "POST")),
    Page("/office/people/{id:int}/roles", "加角色", give_role, ADMIN, ("POST",)),
    Page("/office/people/{id:int}/roles/{grant:int}/end", "免去角色", end_role, ADMIN, ("POST",)),
    Page("/office/people/{id:int}/cut", "断开设备", cut_off, ADMIN, ("GET", "POST")),
)
