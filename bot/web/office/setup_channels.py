"""What both platforms' steps share: the stored row and its secrets, saving through the desk, on and off, the live list of ticks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from bot import logs
from bot.channels.answering import Looked
from bot.channels.base import Channel
from bot.checks import Standing, look
from bot.platforms import LABELS, NAMES, built
from bot.vault import VaultError, tail
from bot.web.answers import Problem
from bot.web.office.frame import ADMIN, Office, Page
from bot.web.office.setup_steps import HOME, Tick, given, refuse_demo
from storage.channels import Stored

_FIXED = "这一项写在服务器的设置里（PAOJIE_…），要改请改那里，再重新启动。"
_TOLD = {"off": "先停用了：不再发消息，等着的先留着；收到的照样记下。", "on": "重新启用了，留着的消息现在发出去。", "remove": "删除了。"}


async def stored(office: Office, request: Request, name: str) -> Stored | None:
    """The row where something was entered; None before, and after it was removed."""
    return await office.read(request, lambda world: world.channels().get(name))


def opened(office: Office, row: Stored | None) -> dict[str, str]:
    """Raises VaultError."""
    return office.app.platforms.vault.open(row.sealed) if row is not None else {}


def refuse_fixed(office: Office, name: str) -> None:
    refuse_demo(office)
    if given(office, name):
        raise Problem(403, _FIXED)


async def tried(office: Office, name: str, plain: Mapping[str, Any], secrets: Mapping[str, str]) -> Looked:
    """What the platform says to these settings, before they replace what works. A wrong secret may be another app's right one."""
    logs.also_hide(secrets.values())
    channel = built(name, plain, secrets, office.settings, office.app.clock)
    try:
        return await look(channel)
    finally:
        await channel.close()


async def keep(
    office: Office, request: Request, row: Stored | None, name: str, plain: dict[str, Any], secrets: Mapping[str, str], **rest: Any
) -> None:
    """Sealed, kept through the desk, connected here at once; other replicas see it within a second. Raises NotAllowed, VaultError."""
    logs.also_hide(secrets.values())
    shown = {secret: tail(value) for secret, value in secrets.items() if not secret.startswith("former_")}
    sealed, rev = office.app.platforms.vault.seal(secrets), row.rev if row is not None else 0
    await office.write(request, lambda world: world.set_channel(name, {**plain, "tails": shown}, sealed, rev=rev, **rest))
    await office.app.channels_once()


async def switch(office: Office, request: Request) -> Response:
    name, how = request.path_params["channel"], request.path_params["how"]
    if name not in NAMES or how not in _TOLD:
        raise Problem(404, "没有这一项。")
    refuse_fixed(office, name)
    await office.form(request)
    await office.write(request, lambda world: world.remove_channel(name) if how == "remove" else world.switch_channel(name, how == "on"))
    await office.app.channels_once()
    return office.back(f"{HOME}/{name}", LABELS[name] + _TOLD[how])


async def standing(office: Office, name: str, *, anew: bool = False) -> Standing | None:
    channel: Channel | None = office.app.channels.get(name)
    return await office.app.checks.standing(channel, anew=anew) if channel is not None else None


def known(office: Office, name: str) -> Standing | None:
    """Without asking the platform."""
    channel = office.app.channels.get(name)
    return office.app.checks.known(channel) if channel is not None else None


def platform_ticks(now: Standing | None, works: str) -> list[Tick]:
    """What asking the platform showed; nothing yet while it is asked."""
    if now is None:
        return [Tick(None, "正在检查…")]
    ticks = [Tick(True, works.format(name=now.looked.name))]
    if now.looked.trouble is not None:
        trouble = now.looked.trouble
        ticks = [Tick(False, trouble.words + (f"（{trouble.code}）" if trouble.code else ""), trouble.todo)]
    elif now.menu is not None:
        ticks.append(Tick(False, f"菜单没有放上：{now.menu.words}（{now.menu.code}）", now.menu.todo))
    else:
        ticks.append(Tick(True, "菜单放上了。"))
    if now.looked.clock is not None:
        ticks.append(Tick(False, now.looked.clock.words, now.looked.clock.todo))
    return ticks


def fragment(office: Office, request: Request, ticks: Sequence[Tick]) -> Response:
    return office.page(request, "office/setup_ticks.html", ticks=ticks)


def locked(error: VaultError) -> dict[str, str]:
    return {"": str(error)}


PAGES = (Page(f"{HOME}/{{channel}}/turn/{{how}}", "启用和停用", switch, ADMIN, ("POST",)),)
