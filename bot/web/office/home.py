"""The way in, the way out, and the first page: what needs you, and what there is (A-1.3, A-1.5)."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.web.answers import Problem
from bot.web.office import desk
from bot.web.office.frame import ALL_ROLES, STATIONS, Office, Page
from bot.web.wire import LoginIn
from storage import invitations, people
from storage.database import Connection
from storage.world import World

_USED = "这个链接不能用了：可能已经用过，或过了 10 分钟。请在聊天里再写一次「办公」。"


async def home(office: Office, request: Request) -> Response:
    roles = office.me(request).roles
    if "service_desk" in roles and not roles & ALL_ROLES:
        return await desk.show(office, request)
    if not roles & ALL_ROLES:
        return office.page(request, "office/home.html", lacks=(), waiting=(), todo=())
    ready = "wecom" in office.app.channels

    def ask(world: World) -> dict[str, Any]:
        greets = ready and "admin" in roles and any(one.state != "sent" for one in world.greetings())
        return {"lacks": world.duties_lacking(), "waiting": world.not_greeted(), "todo": _todo(world), "greets": greets}

    found = await office.read(request, ask)
    if office.app.platforms.trouble and "admin" in roles:
        found["todo"].insert(0, (office.app.platforms.trouble, "/office/setup", "去看"))
    return office.page(request, "office/home.html", **found)


def _todo(world: World) -> list[tuple[str, str, str]]:
    """What a firm still has to say about itself, and what nobody looks after: words, link, the link's words."""
    found = []
    counts = world.owned_counts()
    left = [one for one in world.staff_cards(left=True) if counts.get(one.id)]
    found += [(f"{one.name}已离职，还有客户 {counts[one.id]} 家没有交接。", f"/office/people/{one.id}/gone", "去交接") for one in left]
    if "admin" in world.me.roles:
        lost = len(world.unsent()) + len(world.unhandled())
        if lost:
            found.append((f"有 {lost} 条消息没送到或没处理好。", "/office/undelivered", "去看"))
        if not world.setting("firm_name"):
            found.append(("还没有写公司名称，客户看不到是谁家。", "/office/teams", "去写"))
        if world.calendar.provisional(world.today.year + 1) and world.today.month == 12:
            found.append(
                (f"{world.today.year + 1} 年的放假通知还没有收进来，现在只按周末算。", f"/office/calendar?year={world.today.year + 1}", "看日历")
            )
    return found


async def enter(office: Office, request: Request) -> Response:
    """Opening the link uses nothing up (chats look at links before people do); the button does."""
    token = request.path_params["token"]
    if request.method == "POST":
        office.from_here(request)
        try:
            return await office.door.log_in(request, LoginIn(token=token), lambda _: RedirectResponse("/office", 303))
        except Problem as problem:
            raise Problem(problem.status, _USED if problem.status == 401 else problem.text) from None

    def whose(conn: Connection) -> str:
        id = invitations.whose(conn, token, office.now)
        who = people.one(conn, id, office.today) if id else None
        return who.name if who is not None else ""

    name = await office.app.database.read(whose)
    if not name:
        raise Problem(401, _USED)
    return office.page(request, "office/enter.html", name=name)


async def leave(office: Office, request: Request) -> Response:
    await office.form(request)
    return await office.door.log_out(request, RedirectResponse("/office", 303))


PAGES = (
    Page("/office", "首页", home, ALL_ROLES | STATIONS),
    Page("/office/in/{token}", "进入", enter, frozenset(), ("GET", "POST")),
    Page("/office/out", "退出", leave, ALL_ROLES | STATIONS, ("POST",)),
)
