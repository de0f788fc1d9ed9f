"""The firm's rules as settings: what holds, what is to hold from when, and who said so (A-1.1)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from bot.web.answers import Problem
from bot.web.office.frame import ADMIN, ALL_ROLES, Office, Page, day, said, text
from conversations.desk import NotAllowed
from conversations.spoken import day_of_month
from rules.errors import RuleBroken
from rules.settings import GROUPS, SETTINGS
from storage.world import World


async def listed(office: Office, request: Request) -> Response:
    now, coming = await office.read(request, lambda world: (world.settings_now(), world.settings_coming()))
    groups = [(group, here) for group in GROUPS if (here := [one for one in SETTINGS.values() if one.group == group])]
    return office.page(request, "office/settings.html", groups=groups, present=now, coming=coming)


async def one(office: Office, request: Request) -> Response:
    setting = SETTINGS.get(request.path_params["name"])
    if setting is None:
        raise Problem(404, "没有这一项设置。")
    errors: dict[str, str] = {}
    typed: dict[str, str] | None = None
    if request.method == "POST":
        form = await office.form(request)
        typed = {"value": text(form, "value", 4000), "since": text(form, "since")}
        since = day(typed["since"])
        if since is None:
            errors["since"] = "请选从哪天起生效。"
        try:
            value = setting.read(typed["value"])
            if since is not None:
                await office.write(request, lambda world: world.set_rule(setting.name, value, since))
                return office.back("/office/settings", f"「{setting.label}」从 {day_of_month(since)}起是：{setting.shown(value)}。")
        except RuleBroken as broken:
            errors["value"] = broken.text
        except NotAllowed as refused:
            errors["since" if since is not None and since < office.today else ""] = said(refused)

    def ask(world: World) -> tuple[Any, Any, Any]:
        return world.setting(setting.name), world.settings_coming().get(setting.name, ()), world.setting_history(setting.name)

    present, coming, history = await office.read(request, ask)
    values = typed or {"value": setting.typed(present), "since": (office.today + timedelta(days=1)).isoformat()}
    more = {"present": present, "coming": coming, "history": history}
    return office.page(request, "office/setting.html", status=422 if errors else 200, setting=setting, values=values, errors=errors, **more)


async def withdraw(office: Office, request: Request) -> Response:
    form = await office.form(request)
    name, since = request.path_params["name"], day(text(form, "since"))
    if name not in SETTINGS or since is None:
        raise Problem(404, "没有这一项设置。")
    await office.write(request, lambda world: world.withdraw_rule(name, since))
    return office.back("/office/settings", f"撤回了，「{SETTINGS[name].label}」照旧。")


PAGES = (
    Page("/office/settings", "设置", listed, ALL_ROLES, group="规则"),
    Page("/office/settings/{name}", "一项设置", one, ADMIN, ("GET", "POST")),
    Page("/office/settings/{name}/withdraw", "撤回设置", withdraw, ADMIN, ("POST",)),
)
