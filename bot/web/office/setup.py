"""Set-up, one step a screen: the list, the firm and its teams, the first people; any step can wait (A-1.3)."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from bot.web.answers import Problem
from bot.web.office.frame import ADMIN, Office, Page, said, text
from bot.web.office.setup_steps import BY_NAME, HOME, STEPS, next_path, refuse_demo, states, step_page
from bot.web.office.teams import FIRM, call_firm, wrong_firm
from conversations.desk import NotAllowed
from rules.errors import RuleBroken
from rules.people import ROLES
from storage.world import World

FIRST = ("rep", "supervisor", "manager", "finance", "service_desk", "technician", "station_master", "admin")
_CHOICES = tuple((role, ROLES[role]) for role in FIRST)


async def overview(office: Office, request: Request) -> Response:
    refuse_demo(office)
    found = await office.read(request, lambda world: (states(office, world), world.firm_name()))
    left = next((step for step in STEPS if found[0][step.name] == "open"), None)
    return office.page(request, "office/setup.html", steps=STEPS, states=found[0], firm=found[1], left=left, trouble=office.app.platforms.trouble)


async def skip(office: Office, request: Request) -> Response:
    """And come back to it whenever one likes."""
    refuse_demo(office)
    await office.form(request)
    name = request.path_params["step"]
    if name not in BY_NAME:
        raise Problem(404, "没有这一步。")
    await office.write(request, lambda world: world.step_is(name, "skipped"))
    return office.back(next_path(name), f"「{BY_NAME[name].title}」先跳过了，随时可以回来。")


async def firm(office: Office, request: Request) -> Response:
    def read(world: World) -> tuple[dict[str, str], list[str]]:
        return {name: world.setting(name) for name in FIRM}, [team.label for team in world.teams()]

    refuse_demo(office)
    called, teams = await office.read(request, read)
    if request.method == "GET":
        return await step_page(office, request, "firm", called=called, teams=teams)
    form = await office.form(request)
    called, typed = {name: text(form, name) for name in FIRM}, text(form, "teams", 2000)
    wanted = [one.strip()[:40] for one in typed.replace("、", "\n").replace("，", "\n").splitlines() if one.strip()]

    def write(world: World) -> None:
        call_firm(world, called)
        for one in wanted:
            world.add_team(one)

    errors = wrong_firm(called)
    if not errors:
        try:
            await office.write(request, write)
            return office.back(next_path("firm"), "公司和部门存好了。")
        except (NotAllowed, RuleBroken) as refused:
            errors = {"": said(refused)}
    return await step_page(office, request, "firm", status=422, called=called, typed=typed, teams=teams, errors=errors)


async def people(office: Office, request: Request) -> Response:
    def read(world: World) -> tuple[list[tuple[str, str]], list[str]]:
        return [(one.name, "、".join(ROLES[role] for role in ROLES if role in one.roles)) for one in world.people()], [
            team.label for team in world.teams()
        ]

    refuse_demo(office)
    if request.method == "GET":
        known, teams = await office.read(request, read)
        return await step_page(office, request, "people", known=known, teams=teams, roles=_CHOICES, typed={"role": "rep"}, invited=None)
    form = await office.form(request)
    typed = {name: text(form, name, 80) for name in ("name", "role", "team", "account")}
    name, account = "".join(typed["name"].split()), typed["account"].lower()
    errors, invited = {}, None
    if not name:
        errors["name"] = "请写同事的姓名。"
    else:
        try:
            invited = await office.write(request, lambda world: world.add_colleague(name, typed["role"], typed["team"], account))
            typed = {"role": typed["role"], "team": typed["team"]}
        except (NotAllowed, RuleBroken) as refused:
            errors[""] = said(refused)
    known, teams = await office.read(request, read)
    more = {"known": known, "teams": teams, "roles": _CHOICES, "typed": typed, "invited": invited, "who": name, "errors": errors}
    return await step_page(office, request, "people", status=422 if errors else 200, **more)


PAGES = (
    Page(HOME, "设置向导", overview, ADMIN, group="接入"),
    Page(f"{HOME}/firm", "公司和部门", firm, ADMIN, ("GET", "POST")),
    Page(f"{HOME}/people", "第一批同事", people, ADMIN, ("GET", "POST")),
    Page(f"{HOME}/{{step}}/skip", "跳过", skip, ADMIN, ("POST",)),
)
