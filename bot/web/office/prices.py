"""有偿维修服务收费价格一览表: every version as it was, and the next one pasted from Excel (C-3.3, C-4.3.2)."""

from __future__ import annotations

import re

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from bot.web.office.frame import Office, Page, day, said, text
from conversations.desk import NotAllowed
from rules import money
from rules.errors import RuleBroken
from rules.repairs.quotations import Price

LIST = "/office/prices"
SEES = frozenset({"asset_management", "area_manager", "service_desk", "station_master", "admin"})
KEEPS = frozenset({"asset_management", "admin"})
MOST = 2000


async def listed(office: Office, request: Request) -> Response:
    asked = request.query_params.get("version", "")[:60]
    return await _shown(office, request, asked, {}, {})


async def add(office: Office, request: Request) -> Response:
    form = await office.form(request)
    typed = {"version": text(form, "version", 60), "since": text(form, "since", 10), "lines": _pasted(form)}
    since, errors = day(typed["since"]), dict[str, str]()
    if not typed["version"]:
        errors["version"] = "请写版本名称，例如：2026 年 12 月版。"
    if since is None:
        errors["since"] = "请选从哪天起用。"
    found, wrong = read(typed["lines"])
    if wrong or not found:
        errors["lines"] = wrong or "请粘贴价格，一行一项：编号、项目、单位、单价。"
    if not errors and since is not None:
        try:
            count = await office.write(request, lambda world: world.add_prices(typed["version"], since, found))
            return office.back(LIST, f"{typed['version']}存好了，{count} 项，从 {since:%Y-%m-%d} 起用。以前的报价仍按当时的版本。")
        except (NotAllowed, RuleBroken) as refused:
            errors[""] = said(refused)
    return await _shown(office, request, "", typed, errors)


def _pasted(form: FormData) -> str:
    """Cells stay apart: what is between them cannot be seen."""
    given = form.get("lines", "")
    lines = given.replace("\t", "  ").splitlines() if isinstance(given, str) else []
    return "\n".join("".join(sign for sign in line if sign.isprintable()) for line in lines)[:200_000]


def read(words: str) -> tuple[list[Price], str]:
    """编号 项目 单位 单价, a line each, as it comes out of Excel; what cannot be read is named."""
    found: list[Price] = []
    for nth, line in enumerate((line for line in words.splitlines() if line.strip()), 1):
        cells = [cell.strip() for cell in re.split(r"\t|[,，]|\s{2,}", line.strip())]
        cells = cells if len(cells) in (3, 4) else line.split()
        cells = [*cells[:2], "", cells[2]] if len(cells) == 3 else cells
        if nth == 1 and not any(sign.isdigit() for sign in line):
            continue  # the headings
        fen = money.read(cells[3]) if len(cells) == 4 else None
        if fen is None or fen <= 0 or not cells[1] or len(cells[0]) > 20 or len(cells[1]) > 120:
            return [], f"第 {nth} 行没看懂：「{line.strip()[:40]}」。一行要有编号、项目、单位、单价，例如：B01 换球阀 个 35.00。"
        found.append(Price(cells[0], cells[1], cells[2], fen))
    return found[:MOST], ""


async def _shown(office: Office, request: Request, asked: str, typed: dict[str, str], errors: dict[str, str]) -> Response:
    versions = await office.read(request, lambda world: world.price_versions())
    chosen = next((one for one in versions if one.version == asked), next((one for one in versions if one.current), None))
    lines = await office.read(request, lambda world: world.prices(limit=MOST, version=chosen.version)) if chosen else ()
    rows = [(one.code, one.item, one.per, money.exact(one.fen), one.note) for one in lines]
    more = {"versions": versions, "chosen": chosen, "rows": rows, "may_keep": bool(office.me(request).roles & KEEPS)}
    return office.page(request, "office/prices.html", status=422 if errors else 200, typed=typed, errors=errors, **more)


PAGES: tuple[Page, ...] = (
    Page(LIST, "维修价目表", listed, SEES, group="维修"),
    Page(f"{LIST}/add", "新版价目表", add, KEEPS, ("POST",)),
)
