"""A person's own working hours, from a day on, as the firm's (A-1.2, A-3.3.6)."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from bot.web.answers import Problem
from bot.web.office import people
from bot.web.office.frame import ADMIN, Office, Page, day, said, text
from conversations.desk import NotAllowed
from conversations.spoken import day_of_month
from conversations.types import Prompt
from rules.errors import RuleBroken
from storage.world import World


async def change(office: Office, request: Request) -> Response:
    id, form = request.path_params["id"], await office.form(request)
    typed = {name: text(form, name) for name in ("opens", "closes", "from")}
    since = day(typed["from"])
    errors = people.wrong_hours(typed["opens"], typed["closes"], needed=False)
    if since is None:
        errors["from"] = "请选从哪天起。"
    if not errors and since is not None:

        def do(world: World) -> str:
            world.set_hours(id, typed["opens"], typed["closes"], since)
            own = f"{typed['opens']} 到 {typed['closes']}" if typed["opens"] else f"按公司的，{people.firm_hours(world)}"
            when = "从今天起" if since == world.today else f"从 {day_of_month(since)}起"
            if id != world.me.id:
                world.tell(id, Prompt(f"{when}您的上下班时间：{own}。早上和下班前的提醒跟着改。"))
            return f"{when}上下班：{own}。"

        try:
            return office.back(f"/office/people/{id}", await office.write(request, do))
        except (NotAllowed, RuleBroken) as refused:
            errors["from"] = said(refused)
    return await people.shown(office, request, id, typed, errors)


async def withdraw(office: Office, request: Request) -> Response:
    id, since = request.path_params["id"], day(text(await office.form(request), "from"))
    if since is None:
        raise Problem(404, "没有这个改动。")

    def do(world: World) -> None:
        if since not in {one.since for one in world.hours_coming(id)}:
            raise Problem(404, "没有这个改动。")
        world.withdraw_hours(id, since)
        if id != world.me.id:
            world.tell(id, Prompt(f"{day_of_month(since)}起改上下班时间的事取消了，照旧。"))

    await office.write(request, do)
    return office.back(f"/office/people/{id}", "撤回了，上下班照旧。")


PAGES = (
    Page("/office/people/{id:int}/hours", "上下班", change, ADMIN, ("POST",)),
    Page("/office/people/{id:int}/hours/withdraw", "撤回上下班", withdraw, ADMIN, ("POST",)),
)
