"""服务站和片区: the number tenants know, and whose flats are of which area (C-2, C-3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from bot.web.office.frame import ADMIN, Office, Page, number, said, text, texts
from conversations.desk import NotAllowed
from rules import cells
from rules.errors import RuleBroken
from storage.world import World

LIST = "/office/stations"


async def listed(office: Office, request: Request) -> Response:
    return await _shown(office, request, {}, {})


async def put(office: Office, request: Request) -> Response:
    """A station or an area, new or changed."""
    form = await office.form(request)
    typed: dict[str, Any] = {name: text(form, name, 80) for name in ("what", "id", "name", "phone", "station")}
    typed["phone"] = text(form, "phone", 40)
    typed["estates"] = texts(form, "estates")
    errors = {}
    if not typed["name"]:
        errors["name"] = "请写名称。"
    try:
        typed["phone"] = cells.telephone(typed["phone"]) if typed["phone"] else ""
    except cells.Faulty as faulty:
        errors[f"phone-{id}" if (id := number(typed["id"])) else "phone"] = str(faulty)
    if typed["what"] == "area" and not number(typed["station"]):
        errors["station"] = "请选属于哪个服务站。"
    if not errors:
        try:
            return office.back(LIST, await office.write(request, lambda world: _put(world, typed)))
        except (NotAllowed, RuleBroken) as refused:
            errors[""] = said(refused)
    return await _shown(office, request, typed, errors)


def _put(world: World, typed: Mapping[str, Any]) -> str:
    name, id = typed["name"], number(typed["id"])
    if typed["what"] == "station":
        world.put_station(name, typed["phone"], id)
        return f"{name}{'改好了' if id else '加好了'}。"
    if number(typed["station"]) not in {one.id for one in world.stations()}:
        raise NotAllowed("请选属于哪个服务站。")
    world.put_area(name, number(typed["station"]), typed["estates"], id)
    return f"{name}{'改好了' if id else '加好了'}。"


async def _shown(office: Office, request: Request, typed: Mapping[str, Any], errors: Mapping[str, str]) -> Response:
    def ask(world: World) -> dict[str, Any]:
        areas = world.station_areas()
        taken = {estate for one in areas for estate in one.estates}
        known = world.estates()
        return {
            "stations": world.stations(),
            "areas": areas,
            "estates": sorted({*known, *taken}),
            "loose": [one for one in known if one not in taken],
        }

    values = await office.read(request, ask)
    return office.page(request, "office/stations.html", status=422 if errors else 200, typed=typed, errors=errors, **values)


PAGES: tuple[Page, ...] = (
    Page(LIST, "服务站和片区", listed, ADMIN, group="维修"),
    Page(f"{LIST}/put", "改服务站", put, ADMIN, ("POST",)),
)
