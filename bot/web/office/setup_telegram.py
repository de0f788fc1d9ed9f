"""The Telegram step: one token, looked at before it is kept; how messages come in follows from where we can be reached."""

from __future__ import annotations

import re
import secrets
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from bot.platforms import telegram_mode
from bot.vault import VaultError
from bot.web.office.frame import ADMIN, Office, Page, said, text
from bot.web.office.setup_channels import fragment, keep, known, opened, platform_ticks, refuse_fixed, standing, stored, tried
from bot.web.office.setup_steps import HOME, Tick, given, refuse_demo, step_page
from conversations.desk import NotAllowed
from storage.channels import Stored

NAME = "telegram"
PATH = f"{HOME}/{NAME}"
_TOKEN = re.compile(r"\d{5,15}:[A-Za-z0-9_-]{25,60}")
_HOW = {"webhook": "消息由 Telegram 送到这台服务器（Webhook）。", "polling": "消息由这台服务器自己去取：没有 https 的公网网址也能用。"}


async def show(office: Office, request: Request) -> Response:
    refuse_demo(office)
    if request.method == "POST":
        return await _save(office, request)
    row = await stored(office, request, NAME)
    if request.query_params.get("check"):
        await standing(office, NAME, anew=True)
    return await _page(office, request, row)


async def _save(office: Office, request: Request) -> Response:
    refuse_fixed(office, NAME)
    token = text(await office.form(request), "token", 200)
    row = await stored(office, request, NAME)
    found = _TOKEN.search(token)  # people paste BotFather's whole message
    if found is None:
        return await _page(office, request, row, status=422, errors={"token": "令牌像 123456789:AAF… 这样，请从 @BotFather 的消息里整行复制。"})
    try:
        kept = opened(office, row)
    except VaultError:
        kept = {}  # what cannot be opened is entered anew
    values = {"secret": kept.get("secret") or secrets.token_urlsafe(32), "token": found[0]}
    looked = await tried(office, NAME, {"mode": "polling"}, values)  # asked as one that has no webhook yet
    if looked.trouble is not None and looked.trouble.ours:
        return await _page(office, request, row, status=422, errors={"token": str(looked.trouble)})
    try:
        await keep(office, request, row, NAME, {"bot": looked.name}, values)
    except (NotAllowed, VaultError) as refused:
        told = said(refused) if isinstance(refused, NotAllowed) else str(refused)
        return await _page(office, request, row, status=409, errors={"": told})
    return office.back(PATH, f"存好了，机器人是 @{looked.name}。" if looked.name else "存好了。请看下面每一行打上勾没有。")


async def _page(office: Office, request: Request, row: Stored | None, *, status: int = 200, **values: Any) -> Response:
    on, ticks = row is not None and bool(row.sealed), _ticks(office, known(office, NAME))
    here = {"fixed": given(office, NAME), "row": row, "on": on, "ticks": ticks, "live": f"{PATH}/ticks", "how": _HOW[telegram_mode(office.settings)]}
    return await step_page(office, request, NAME, status=status, **(here | values))


async def ticks(office: Office, request: Request) -> Response:
    refuse_demo(office)
    return fragment(office, request, _ticks(office, await standing(office, NAME)))


def _ticks(office: Office, now: Any) -> list[Tick]:
    channel: Any = office.app.channels.get(NAME)
    if channel is None:
        return []
    return [*platform_ticks(now, "机器人 @{name} 认得这个令牌。"), Tick(True, _HOW.get(getattr(channel, "mode", ""), _HOW["polling"]))]


PAGES = (
    Page(PATH, "Telegram", show, ADMIN, ("GET", "POST")),
    Page(f"{PATH}/ticks", "检查", ticks, ADMIN),
)
