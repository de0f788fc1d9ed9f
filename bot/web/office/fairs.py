"""展会: name, place, days; who is to be met, and who was missed (A-3.3.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from starlette.requests import Request
from starlette.responses import Response

from bot.web.office.frame import ALL_ROLES, Office, Page, day, number, said, text
from conversations import exhibitions
from conversations.desk import NotAllowed
from conversations.desks.handouts import Exhibition
from rules.errors import RuleBroken
from storage.world import World

LIST = "/office/exhibitions"
BACK = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Row:
    fair: Exhibition
    planned: str
    met: str
    missed: str


async def listed(office: Office, request: Request) -> Response:
    return await _list(office, request)


async def _list(office: Office, request: Request, given: dict[str, str] | None = None, problem: str = "", status: int = 200) -> Response:
    def ask(world: World) -> list[Row]:
        return [_row(world, fair, office.today) for fair in world.exhibitions(office.today - BACK)]

    rows = await office.read(request, ask)
    return office.page(request, "office/exhibitions.html", status=status, rows=rows, given=given or {}, problem=problem)


def _row(world: World, fair: Exhibition, today: date) -> Row:
    names: dict[str, list[str]] = {"planned": [], "met": []}
    for case in exhibitions.meetings(world, fair.id):
        names[case.state].append(f"{exhibitions.name(world, case)}（{world.label('colleagues', case.person_id)}）")
    planned, met = ("、".join(names[state]) for state in ("planned", "met"))
    return Row(fair, "" if fair.last < today else planned, met, planned if fair.last < today else "")


async def put(office: Office, request: Request) -> Response:
    form = await office.form(request)
    names = ("name", "place", "first", "last", "note")
    given = {name: text(form, name) for name in names}
    first, last, id = day(given["first"]), day(given["last"]), number(text(form, "id", 16))
    try:
        if first is None or last is None:
            raise NotAllowed("请选开始和结束的日期。")
        await office.write(request, lambda world: world.put_exhibition(given["name"], given["place"], first, last, given["note"], id))
    except (NotAllowed, RuleBroken) as refused:
        return await _list(office, request, given | {"id": str(id or "")}, said(refused), 422)
    return office.back(LIST, "存好了。市场员写「展会」就能排要见的客户。")


async def drop(office: Office, request: Request) -> Response:
    form = await office.form(request)
    await office.write(request, lambda world: world.drop_exhibition(number(text(form, "id", 16))))
    return office.back(LIST, "取消了，不再提醒。")


PAGES: tuple[Page, ...] = (
    Page(LIST, "展会", listed, ALL_ROLES, group="资料"),
    Page(f"{LIST}/put", "登记展会", put, ALL_ROLES, ("POST",)),
    Page(f"{LIST}/drop", "取消展会", drop, ALL_ROLES, ("POST",)),
)
