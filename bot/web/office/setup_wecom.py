"""The WeCom step: what to enter, what to copy into its console, and whether it has come to check us; each with what to do."""

from __future__ import annotations

import base64
import re
import secrets
import string
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from bot.vault import VaultError
from bot.web.answers import Problem
from bot.web.office.frame import ADMIN, Office, Page, said, text
from bot.web.office.setup_channels import fragment, keep, known, locked, opened, platform_ticks, refuse_fixed, standing, stored, tried
from bot.web.office.setup_steps import HOME, Tick, given, refuse_demo, step_page
from bot.web.webhooks import WECOM
from conversations.desk import NotAllowed
from storage.channels import Stored

NAME = "wecom"
PATH = f"{HOME}/{NAME}"
_ALPHABET = string.ascii_letters + string.digits
_FIELDS = {  # a platform's refusal: beside which field it stands
    "40001": "secret",
    "40013": "corp_id",
    "40056": "agent_id",
    "301002": "secret",
}


async def show(office: Office, request: Request) -> Response:
    refuse_demo(office)
    if request.method == "POST":
        return await _save(office, request)
    row = await stored(office, request, NAME)
    if request.query_params.get("check"):
        await standing(office, NAME, anew=True)
    plain = row.plain if row is not None else {}
    return await _page(office, request, row, typed={"corp_id": plain.get("corp_id", ""), "agent_id": plain.get("agent_id", "")})


async def _save(office: Office, request: Request) -> Response:
    refuse_fixed(office, NAME)
    form = await office.form(request)
    typed = {"corp_id": text(form, "corp_id", 64), "agent_id": text(form, "agent_id", 16)}
    secret, row = text(form, "secret", 200), await stored(office, request, NAME)
    try:
        kept = opened(office, row)
    except VaultError as closed:
        if not secret:
            return await _page(office, request, row, status=409, typed=typed, errors=locked(closed))
        kept = {}  # what cannot be opened is entered anew
    errors = _missing(typed, secret or kept.get("secret", ""))
    if not errors:
        values = {"token": made_token(), "aes_key": made_aes_key()} | kept | ({"secret": secret} if secret else {})
        looked = await tried(office, NAME, typed, values)
        if looked.trouble is not None and looked.trouble.ours:
            errors = {_FIELDS.get(looked.trouble.code, ""): str(looked.trouble)}
        else:
            errors = await _kept(office, request, row, typed, values)
    if errors:
        return await _page(office, request, row, status=422, typed=typed, errors=errors)
    return office.back(PATH, "存好了。请看下面每一行打上勾没有。")


async def _kept(office: Office, request: Request, row: Stored | None, typed: dict[str, str], values: dict[str, str]) -> dict[str, str]:
    """The callback stays checked while it is the same callback of the same firm."""
    same = row is not None and row.plain.get("corp_id") == typed["corp_id"] and values["token"] in opened_or_none(office, row)
    former = {"former": True} if "former_token" in values else {}
    try:
        await keep(office, request, row, NAME, typed | former, values, verified=row.verified_at if row is not None and same else None)
    except NotAllowed as refused:
        return {"": said(refused)}
    except VaultError as closed:
        return locked(closed)
    return {}


def opened_or_none(office: Office, row: Stored) -> list[str]:
    try:
        return list(opened(office, row).values())
    except VaultError:
        return []


async def again(office: Office, request: Request) -> Response:
    """New values for the callback; the former ones are good until the platform has come with the new ones."""
    refuse_fixed(office, NAME)
    await office.form(request)
    row = await stored(office, request, NAME)
    if row is None or not row.sealed:
        raise Problem(409, "还没有填应用的三项，请先填。")
    try:
        now = opened(office, row)
        fresh = {"token": made_token(), "aes_key": made_aes_key(), "former_token": now["token"], "former_aes_key": now["aes_key"]}
        plain = {name: value for name, value in row.plain.items() if name != "tails"} | {"former": True}
        await keep(office, request, row, NAME, plain, {**now, **fresh})
    except VaultError as closed:
        return await _page(office, request, row, status=409, typed=dict(row.plain), errors=locked(closed))
    return office.back(PATH, "换好了。请把新的两项填到企业微信后台，旧的在那之前还能用。")


async def _page(office: Office, request: Request, row: Stored | None, *, status: int = 200, typed: dict[str, str], **values: Any) -> Response:
    on = row is not None and bool(row.sealed)
    copies: list[tuple[str, str, str]] = []
    if row is not None and on and row.verified_at is None and not values.get("errors"):
        try:
            shown = opened(office, row)
            copies = [("url", "URL", f"{office.settings.public_url}{WECOM}"), ("cb_token", "Token", shown["token"])]
            copies.append(("cb_key", "EncodingAESKey", shown["aes_key"]))
        except VaultError as closed:
            values["errors"] = locked(closed)
    fixed, ticks = given(office, NAME), _ticks(office, row, known(office, NAME))
    here = {"fixed": fixed, "row": row, "on": on, "copies": copies, "ticks": ticks, "typed": typed, "live": f"{PATH}/ticks"}
    here |= {"reachable": office.settings.url.startswith("https://"), "address": office.settings.public_url}
    unasked = await office.read(request, lambda world: sum(one.state in ("new", "failed") for one in world.greetings()))
    return await step_page(office, request, NAME, status=status, unasked=unasked, **(here | values))


async def ticks(office: Office, request: Request) -> Response:
    refuse_demo(office)
    row = await stored(office, request, NAME)
    return fragment(office, request, _ticks(office, row, await standing(office, NAME)))


def _ticks(office: Office, row: Stored | None, now: Any) -> list[Tick]:
    if office.app.channels.get(NAME) is None:
        return []
    found = platform_ticks(now, "应用的三项对，企业微信认得这台服务器。")
    if row is not None and row.verified_at is not None:
        return [*found, Tick(True, "企业微信来验证过回调网址。")]
    return [*found, Tick(None, "企业微信还没有来验证。", "在后台填好 URL、Token、EncodingAESKey，点“保存”，这里会自己打上勾。")]


def _missing(typed: dict[str, str], secret: str) -> dict[str, str]:
    errors = {}
    if not re.fullmatch(r"[A-Za-z0-9_-]{6,64}", typed["corp_id"]):
        errors["corp_id"] = "企业 ID 是一串字母和数字，多半以 ww 开头。"
    if not (typed["agent_id"].isascii() and typed["agent_id"].isdecimal()):
        errors["agent_id"] = "AgentId 是一串数字，例如 1000002。"
    if not secret or not secret.isascii() or " " in secret:
        errors["secret"] = "请把 Secret 整行粘贴过来。"
    return errors


def made_token() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(32))


def made_aes_key() -> str:
    """32 random bytes that come out as letters and digits only, which is what WeCom's page takes."""
    while True:
        key = base64.b64encode(secrets.token_bytes(32)).decode().rstrip("=")
        if key.isalnum():
            return key


PAGES = (
    Page(PATH, "企业微信", show, ADMIN, ("GET", "POST")),
    Page(f"{PATH}/again", "换 Token", again, ADMIN, ("POST",)),
    Page(f"{PATH}/ticks", "检查", ticks, ADMIN),
)
