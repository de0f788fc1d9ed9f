"""Excel out: every list and record a person may take, by period; made row by row, noted in the log."""

from __future__ import annotations

import asyncio
from urllib.parse import quote

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from bot.web.answers import Problem
from bot.web.office.frame import ALL_ROLES, Office, Page, day
from bot.web.office.imports import XLSX, _temporary
from conversations.desk import NotAllowed

_BACKWARDS = "“到”在“从”之前，请改一下日期。"


async def show(office: Office, request: Request) -> Response:
    found = await office.read(request, lambda world: world.exports())
    return office.page(request, "office/exports.html", exports=found)


async def take(office: Office, request: Request) -> Response:
    name = request.path_params["name"]
    since, until = day(request.query_params.get("since", "")), day(request.query_params.get("until", ""))
    if since and until and until < since:
        raise Problem(400, _BACKWARDS)
    found = await office.read(request, lambda world: {one.name: one for one in world.exports()})
    if name not in found:
        raise Problem(403, "这一份不归您导出。要的话，请找系统管理员。")
    target = await asyncio.to_thread(_temporary)
    try:
        rows = await office.read(request, lambda world: world.export(name, target, since, until))
        await office.write(request, lambda world: world.exported(name, rows))
    except (NotAllowed, OSError):
        target.unlink(missing_ok=True)
        raise
    span = "".join(f" {label}{at}" for label, at in (("从", since), ("到", until)) if at)
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(f'{found[name].title}{span} {office.today}.xlsx')}"}
    return FileResponse(target, media_type=XLSX, headers=headers, background=BackgroundTask(target.unlink, missing_ok=True))


PAGES = (
    Page("/office/exports", "Excel 导出", show, ALL_ROLES, group="数据"),
    Page("/office/exports/{name}", "导出", take, ALL_ROLES),
)
