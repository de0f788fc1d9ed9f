"""Whose customers are whose, handed over from a day on, with their history (A-1.3, A-3.3.5)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from bot.web.answers import Problem
from bot.web.office.frame import ALL_ROLES, Office, Page, day, number, said, text, texts
from conversations import tokens
from conversations.desk import NotAllowed
from conversations.spoken import day_of_month
from conversations.types import Option, Prompt
from rules.errors import RuleBroken
from storage.passing import heirs
from storage.world import World

ROWS = 50
NAMED = 12


async def listed(office: Office, request: Request) -> Response:
    return await _shown(office, request, {}, {})


async def hand_over(office: Office, request: Request) -> Response:
    """Chosen on the list; shown once more before it is done."""
    form = await office.form(request)
    ids = [id for one in texts(form, "id") if (id := number(one))]
    typed: dict[str, Any] = {"ids": ids, "to": text(form, "to"), "since": text(form, "since")}
    since, to = day(typed["since"]) if typed["since"] else office.today, number(typed["to"])
    errors: dict[str, str] = {}
    if not ids:
        errors["list"] = "还没有选客户：请在名单里打勾。"
    if not to:
        errors["to"] = "请选接手的人。"
    if since is None or since < office.today:
        errors["since"] = "请选今天或以后的一天。"
    if errors or since is None:
        return await _shown(office, request, typed, errors)
    try:
        if text(form, "sure") == "1":
            return office.back("/office/owners", await office.write(request, lambda world: _pass(world, ids, to, since)))
        chosen = await office.read(request, lambda world: _chosen(world, ids, to))
    except (NotAllowed, RuleBroken) as refused:
        return await _shown(office, request, typed, {"": said(refused)})
    return office.page(request, "office/owners_sure.html", **chosen, ids=ids, to=to, since=since)


async def history(office: Office, request: Request) -> Response:
    name, lines = await office.read(request, lambda world: world.ownership(request.path_params["id"]))
    if not name:
        raise Problem(404, "没有找到这家客户。")
    return office.page(request, "office/owner.html", name=name, lines=lines)


def _chosen(world: World, ids: list[int], to: int) -> dict[str, Any]:
    heir = world.person(to)
    mine = [one for one in world.owned(limit=10**6) if one.id in set(ids)]
    if heir is None or len(mine) != len(set(ids)):
        raise NotAllowed("名单变了，请重新选一次。")
    open_ = sum(1 for who in {one.owner_id for one in mine if one.owner_id} for each in world.matters(who) if each.customer_id in set(ids))
    return {"customers": mine, "heir": heir, "open": open_}


def _pass(world: World, ids: list[int], to: int, since: Any) -> str:
    chosen = _chosen(world, ids, to)
    moved = world.pass_customers(ids, to, since)
    names = [one.name for one in chosen["customers"]]
    what = "、".join(names[:NAMED]) + (f"等 {len(names)} 家" if len(names) > NAMED else "")
    when = "从今天起" if since == world.today else f"从 {day_of_month(since)}起"
    open_ = f"，连同没办完的事 {moved} 件" if moved else ""
    open_ += "，到那天还没办完的事也一起转" if since > world.today and chosen["open"] > moved else ""
    see = Option("今天", tokens.of_action("today"), main=True)
    if to != world.me.id:
        world.tell(to, Prompt(f"{world.me.name}请您接手客户：{what}，{when}{open_}。写「查 客户名」看往来。", (see,)))
    for former in {one.owner_id for one in chosen["customers"] if one.owner_id} - {to, world.me.id}:
        theirs = [one.name for one in chosen["customers"] if one.owner_id == former]
        gone = "、".join(theirs[:NAMED]) + (f"等 {len(theirs)} 家" if len(theirs) > NAMED else "")
        world.tell(former, Prompt(f"{world.me.name}把{gone}转给{chosen['heir'].name}了，{when}。您做过的记录都留着。"))
    return f"{len(names)} 家客户转给{chosen['heir'].name}，{when}{open_}。"


async def _shown(office: Office, request: Request, typed: dict[str, Any], errors: dict[str, str]) -> Response:
    asked = request.query_params
    query, page = asked.get("q", "")[:40], max(number(asked.get("page", "")), 1)
    who = number(asked["who"]) if asked.get("who", "").isdecimal() else None

    def ask(world: World) -> dict[str, Any]:
        found = world.owned(who, query, (page - 1) * ROWS, ROWS + 1)
        counts = world.owned_counts()
        names = {one.id: one.name for one in [*world.staff_cards(), *world.staff_cards(left=True)]}
        owners = [(id, f"{names.get(id, '已离职')} · {counts[id]} 家") for id in sorted(counts) if id]
        owners += [(0, f"没有人负责 · {counts[0]} 家")] if counts.get(0) else []
        return {"customers": found[:ROWS], "more": len(found) > ROWS, "owners": owners, "heirs": heirs(world, 0)}

    values = await office.read(request, ask)
    around = {"query": query, "who": "" if who is None else who, "page": page, "errors": errors}
    blank = {"ids": [], "to": "", "since": (office.today + timedelta(days=1)).isoformat() if typed else office.today.isoformat()}
    return office.page(request, "office/owners.html", status=422 if errors else 200, **values, **around, typed={**blank, **typed})


PAGES = (
    Page("/office/owners", "客户归属", listed, ALL_ROLES, group="客户"),
    Page("/office/owners/pass", "转交客户", hand_over, ALL_ROLES, ("POST",)),
    Page("/office/owners/{id:int}", "谁负责过", history, ALL_ROLES),
)
