"""点收和对单: the evening's papers, money and keys taken by the desk, and what does not match settled and filed, in the browser (C-4.6)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from starlette.requests import Request
from starlette.responses import Response

from bot.web.answers import Problem
from bot.web.office.frame import Office, Page, day, number, said, text
from conversations.desk import NotAllowed
from conversations.desks.repairs import Thing
from conversations.repairs import evening, reconcile
from conversations.spoken import day_of_month
from rules import money
from rules.errors import RuleBroken
from storage.world import World

DESK = frozenset({"service_desk"})
CUSTODY, REGISTER = "/office/custody", "/office/register"
GONE = "这一批已经处理过了。"


@dataclass(frozen=True, slots=True)
class Item:
    """Something to be looked at before it is taken."""

    id: int
    words: str
    fen: int | None  # of money


@dataclass(frozen=True, slots=True)
class Batch:
    """What one colleague hands over to whoever looks at the page."""

    giver: int
    name: str
    counted: str
    matching: int
    items: Sequence[Item]


def batches(world: World) -> list[Batch]:
    offered: dict[int, list[Thing]] = {}
    for one in world.things(offered_to=world.me.id):
        if one.to_id == world.me.id:
            offered.setdefault(one.holder, []).append(one)
    return [_batch(world, giver, things) for giver, things in offered.items()]


def _batch(world: World, giver: int, things: Sequence[Thing]) -> Batch:
    look = evening.to_count(world, things)
    who = world.person(giver)
    items = [Item(one.id, evening.said(world, one), one.amount if one.kind in evening.MONEY else None) for one in look]
    return Batch(giver, who.name if who is not None else "", evening.counted(things), len(things) - len(look), items)


async def take(office: Office, request: Request) -> Response:
    form = await office.form(request)
    giver = number(text(form, "giver"))
    return office.back(CUSTODY, await office.write(request, lambda world: evening.take_all(world, giver).text))


async def refuse(office: Office, request: Request) -> Response:
    form = await office.form(request)
    id = number(text(form, "id"))
    return office.back(CUSTODY, await office.write(request, lambda world: evening.refuse(world, id).text))


async def count(office: Office, request: Request) -> Response:
    """Money that is not what was said."""
    form = await office.form(request)
    id, amount = number(text(form, "id")), money.read(text(form, "amount", 20))

    def do(world: World) -> str:
        found = next((one for one in world.things(offered_to=world.me.id) if one.id == id and one.kind in evening.MONEY), None)
        if found is None:
            return GONE
        if amount is None:
            raise NotAllowed("请写数下来是多少，例如 3200 或 85.50。")
        evening.count(world, found, amount)
        return f"按您数的 {money.short(amount)} 记下了，差数也告诉对方了。"

    return office.back(CUSTODY, await _tried(office, request, do))


async def settle(office: Office, request: Request) -> Response:
    form = await office.form(request)
    on, key, why = _day(text(form, "day")), text(form, "key", 40), text(form, "why", 20)

    def do(world: World) -> str:
        if why not in reconcile.REASONS:
            raise NotAllowed("请选怎么处理。")
        reconcile.settle(world, on, key, why)
        return "记下了。"

    return office.back(f"{REGISTER}?day={on}#compare", await _tried(office, request, do))


async def file(office: Office, request: Request) -> Response:
    form = await office.form(request)
    on = _day(text(form, "day"))

    def do(world: World) -> str:
        if reconcile.of(world, on).waiting:
            raise NotAllowed(f"{day_of_month(on)}还有对不上的，请先选怎么处理。")
        return reconcile.file(world, on).text

    return office.back(f"{REGISTER}?day={on}#compare", await _tried(office, request, do))


async def _tried(office: Office, request: Request, do: Callable[[World], str]) -> str:
    """What was done, or why not; the page it goes back to shows either."""
    try:
        return await office.write(request, do)
    except (NotAllowed, RuleBroken) as refused:
        return said(refused)


def _day(given: str) -> date:
    found = day(given)
    if found is None:
        raise Problem(400, "日期不完整，请从报修记录表那一页再点一次。")
    return found


PAGES: tuple[Page, ...] = (
    Page(f"{CUSTODY}/take", "点收", take, DESK, ("POST",)),
    Page(f"{CUSTODY}/refuse", "没收到", refuse, DESK, ("POST",)),
    Page(f"{CUSTODY}/count", "数目不对", count, DESK, ("POST",)),
    Page(f"{REGISTER}/settle", "对单", settle, DESK, ("POST",)),
    Page(f"{REGISTER}/file", "归档", file, DESK, ("POST",)),
)
