"""The firm's name and telephone, and its teams (A-1.3)."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from bot.web.office.frame import ADMIN, Office, Page, number, said, text
from conversations.desk import NotAllowed
from rules.errors import RuleBroken
from rules.settings import SETTINGS
from storage.world import World

FIRM = ("firm_name", "firm_phone")
LONGEST = 30


async def teams(office: Office, request: Request) -> Response:
    errors: dict[str, str] = {}
    typed: dict[str, str] = {}
    if request.method == "POST":
        form = await office.form(request)
        typed = {name: text(form, name) for name in ("what", "id", "name", *FIRM)}
        errors = wrong_firm(typed) if typed["what"] == "firm" else {}
        try:
            if not errors:
                return office.back("/office/teams", await office.write(request, lambda world: _do(world, typed)))
        except (NotAllowed, RuleBroken) as refused:
            where = {"team": "name" if not number(typed["id"]) else f"name-{number(typed['id'])}"}
            errors[where.get(typed["what"], "")] = said(refused)
    found, firm = await office.read(request, lambda world: (world.team_cards(), {name: world.setting(name) for name in FIRM}))
    if typed.get("what") == "firm":
        firm = {name: typed[name] for name in FIRM}
    return office.page(request, "office/teams.html", status=422 if errors else 200, teams=found, firm=firm, typed=typed, errors=errors)


def _do(world: World, typed: dict[str, str]) -> str:
    if typed["what"] == "firm":
        call_firm(world, typed)
        return "公司名称和电话存好了。"
    if typed["what"] == "drop":
        world.drop_team(number(typed["id"]))
        return "部门删掉了。"
    if not typed["name"] or len(typed["name"]) > LONGEST:
        raise NotAllowed(f"请写部门名称，最多 {LONGEST} 个字。")
    world.put_team(number(typed["id"]), typed["name"])
    return "改好了。" if number(typed["id"]) else f"{typed['name']}加好了。"


def wrong_firm(typed: Mapping[str, str]) -> dict[str, str]:
    """What customers see has to be there, and what they are told to ring has to be a number."""
    errors = {} if typed["firm_name"] else {"firm_name": "请写公司的名称。"}
    for name in FIRM:
        try:
            SETTINGS[name].read(typed[name])
        except RuleBroken as broken:
            errors[name] = broken.text
    return errors


def call_firm(world: World, typed: Mapping[str, str]) -> None:
    """Name and telephone from today on, wherever they are written; papers before keep what held then. Raises RuleBroken."""
    for name in FIRM:
        value = SETTINGS[name].read(typed[name])
        if value != world.setting(name):
            world.set_rule(name, value, world.today)


PAGES = (Page("/office/teams", "公司和部门", teams, ADMIN, ("GET", "POST"), group="人员"),)
