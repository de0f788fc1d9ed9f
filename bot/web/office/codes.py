"""报修二维码: a code for every building, printed six to a page, to be cut and put up (C-4.5.1, C-5.1)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from starlette.requests import Request
from starlette.responses import Response

from bot.ways import code
from bot.web.answers import Problem
from bot.web.office.frame import ADMIN, Office, Page, number, text
from conversations.repairs import printed
from papers import fonts
from storage.repairs.codes import of as code_of
from storage.world import World

SEES = frozenset({"service_desk", "area_manager", "station_master", "property_manager", "asset_management", "admin"})
LIST = "/office/codes"
A_PAGE, MOST = 6, 120  # cards
EACH = (1, 2, 3, 6)
NO_ADDRESS = "还没有写公司的网址，现在打出来的码，住户的手机打不开。请系统管理员先在「接入」里写好网址。"


@dataclass(frozen=True, slots=True)
class House:
    """A building, with the number its tenants know."""

    estate: str
    building: str
    station: str
    phone: str
    code: str

    @property
    def name(self) -> str:
        return f"{self.estate} {self.building}".strip()

    @property
    def path(self) -> str:
        return f"/r/{self.code}"


@dataclass(frozen=True, slots=True)
class Stray:
    """A code that hangs somewhere, of a building the list does not name any more."""

    code: str
    name: str


async def show(office: Office, request: Request) -> Response:
    houses, strays = await office.read(request, lambda world: (_houses(world), _strays(world)))
    estates = list(dict.fromkeys(one.estate for one in houses))
    lacking = sorted({one.estate for one in houses if not one.phone})
    warning = "" if _reachable(office) else NO_ADDRESS
    said: dict[str, Any] = {"each": EACH, "a_page": A_PAGE, "lacking": lacking, "warning": warning, "leads": bool(ADMIN & office.me(request).roles)}
    return office.page(request, "office/codes.html", houses=houses, strays=strays, estates=estates, **said)


async def sheets(office: Office, request: Request) -> Response:
    """Of one building, of an estate, or of all."""
    if not _reachable(office):
        raise Problem(422, NO_ADDRESS)
    estate, name = request.query_params.get("estate", ""), request.query_params.get("house", "")
    each = number(request.query_params.get("each", "")) or 1
    houses = [one for one in await office.read(request, _houses) if estate in ("", one.estate) and name in ("", one.name)]
    if not houses:
        raise Problem(404, "没找到这栋楼，可能已经不在房屋名单里。请从「报修二维码」那一页再选。")
    if each not in EACH or len(houses) * each > MOST:
        raise Problem(422, f"一次最多打 {MOST // A_PAGE} 页。请一个小区一个小区打，或每栋少打几张。")
    data, pictures = await asyncio.to_thread(_laid, houses, each, office.settings.public_url)
    if lacking := fonts.missing("".join(f"{one.name}{one.station}{one.phone}" for one in houses)):
        raise Problem(422, printed.unprintable(lacking))
    made = await office.app.stamps.sheet("codes", data, pictures)
    if made.broken:
        raise Problem(503, made.broken)
    await office.write(request, lambda world: world.hand_out_codes([(one.estate, one.building) for one in houses]))
    words = name or estate or "全部"
    headers = {"Content-Disposition": f"inline; filename*=UTF-8''{quote(f'报修二维码 {words}.pdf')}"}
    return Response(made.pdf, media_type="application/pdf", headers=headers)


async def lead(office: Office, request: Request) -> Response:
    """The building has another name now: what hangs there goes on leading to it."""
    form = await office.form(request)
    code, name = text(form, "code", 20), text(form, "house", 200)
    house = next((one for one in await office.read(request, _houses) if one.name == name), None)
    if house is None:
        raise Problem(422, "请选这栋楼现在叫什么。")
    await office.write(request, lambda world: world.lead_code(code, house.estate, house.building))
    return office.back(LIST, f"好，原来贴的码现在是 {house.name}，不用重贴。")


def _strays(world: World) -> list[Stray]:
    listed = {(spot.estate, spot.building) for spot in world.houses()}
    return [Stray(code, " ".join(house).strip()) for code, house in world.codes().items() if house not in listed]


def _houses(world: World) -> list[House]:
    firm, firm_phone = str(world.setting("firm_name") or ""), str(world.setting("firm_phone", "") or "")
    stations = {one.id: one for one in world.stations()}
    found, codes = [], world.codes()
    for spot in world.houses():
        station = stations.get(spot.station_id) or (next(iter(stations.values())) if len(stations) == 1 else None)
        words = (station.name, station.phone or firm_phone) if station is not None else (firm, firm_phone)
        found.append(House(spot.estate, spot.building, *words, code=code_of(codes, (spot.estate, spot.building))))
    return found


def _laid(houses: Sequence[House], each: int, home: str) -> tuple[Mapping[str, Any], Mapping[str, bytes]]:
    """A quarter of a code may be dirty or torn: it hangs in a stairway."""
    pictures = {f"code-{nth}.png": code(f"{home}{one.path}", "q") for nth, one in enumerate(houses)}
    cards = [{"house": one.name, "station": one.station, "phone": one.phone, "code": f"code-{nth}.png"} for nth, one in enumerate(houses)]
    return {"firm": houses[0].station, "site": urlsplit(home).netloc, "cards": [card for card in cards for _ in range(each)]}, pictures


def _reachable(office: Office) -> bool:
    return bool(office.settings.url) or office.app.demo


PAGES: tuple[Page, ...] = (
    Page(LIST, "报修二维码", show, SEES, group="维修"),
    Page(f"{LIST}/pdf", "报修二维码", sheets, SEES),
    Page(f"{LIST}/lead", "码现在是哪栋楼", lead, ADMIN, ("POST",)),
)
