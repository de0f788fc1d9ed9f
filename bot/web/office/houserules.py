"""办公环境及员工行为管理制度: the version in force, who has confirmed it and who has not (C-4.1.1, C-6.1)."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from bot.web.office.frame import Office, Page, day, said, text
from conversations import houserules
from conversations.desk import NotAllowed
from conversations.spoken import clock_words
from rules.errors import RuleBroken
from storage.world import World

LIST = "/office/house-rules"
SEES = frozenset({"admin", "station_master", "area_manager", "asset_management"})
KEEPS = frozenset({"admin", "station_master", "area_manager"})


async def listed(office: Office, request: Request) -> Response:
    return await _shown(office, request, {"since": office.today.isoformat()}, {})


async def add(office: Office, request: Request) -> Response:
    form = await office.form(request)
    typed = {"name": text(form, "name", 80), "since": text(form, "since", 10), "words": text(form, "words", 20_000)}
    since, errors = day(typed["since"]), dict[str, str]()
    if not typed["name"]:
        errors["name"] = "请写版本名称，例如：2026 年 12 月版。"
    if not typed["words"]:
        errors["words"] = "请把制度的内容粘贴进来。"
    if since is None:
        errors["since"] = "请选从哪天起用。"
    if not errors and since is not None:

        def do(world: World) -> str:
            made = world.add_house_rules(typed["name"], typed["words"], since)
            if since > world.today:
                return "存好了，到那天早上发给大家确认。"
            return f"存好了，已发给 {houserules.published(world, made)} 位同事确认。"

        try:
            return office.back(LIST, await office.write(request, do))
        except (NotAllowed, RuleBroken) as refused:
            errors[""] = said(refused)
    return await _shown(office, request, typed, errors)


async def remind(office: Office, request: Request) -> Response:
    await office.form(request)

    def do(world: World) -> str:
        rules = world.house_rules()
        if rules is None:
            raise NotAllowed(houserules.NONE)
        left = [person for person, at in world.house_rules_read(rules.id).items() if at is None and person != world.me.id]
        return f"催了 {houserules.remind(world, rules, left, world.today.isoformat())} 位。一天只催一次。"

    return office.back(LIST, await office.write(request, do))


async def _shown(office: Office, request: Request, typed: dict[str, Any], errors: dict[str, str]) -> Response:
    def ask(world: World) -> dict[str, Any]:
        rules = world.house_rules()
        read = world.house_rules_read(rules.id) if rules is not None else {}
        names = {person: who.name for person in read if (who := world.person(person)) is not None}
        done = [(names[person], clock_words(at, world)) for person, at in read.items() if at is not None and person in names]
        left = [names[person] for person, at in read.items() if at is None and person in names]
        return {"rules": rules, "done": done, "left": left}

    values = await office.read(request, ask)
    may = bool(office.me(request).roles & KEEPS)
    return office.page(request, "office/house_rules.html", status=422 if errors else 200, typed=typed, errors=errors, may_keep=may, **values)


PAGES: tuple[Page, ...] = (
    Page(LIST, "管理制度", listed, SEES, group="维修"),
    Page(f"{LIST}/add", "新版管理制度", add, KEEPS, ("POST",)),
    Page(f"{LIST}/remind", "催确认", remind, KEEPS, ("POST",)),
)
