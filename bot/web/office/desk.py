"""报修台: a call taken with the keyboard alone, half-typed ones kept; every open job beside it (ZC-QR-030, C-4.5.1, C-5.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from bot.web.answers import as_json
from bot.web.office.desk_board import DESK, SEES, board, read_aloud
from bot.web.office.frame import Office, Page, said, text
from conversations.actions import deskwords
from conversations.desk import NotAllowed
from conversations.desks.stations import Spot
from conversations.repairs import consent, dispatch, grievances, intake, taking
from conversations.spoken import clock_words
from conversations.types import Unclear
from rules.errors import RuleBroken
from rules.repairs import jobs, register
from storage.world import World

HOME = "/office/desk"
FIELDS = ("phone", "place", "spot", "what", "when", "caller")
SHOUTED_BY_HAND = "急修"
_PLACES = {"home": "入户", "public": "公共部位", "vacant": "空置"}
WHERE = "没找到这个地方，不在公司管的房屋名单里。请核对小区、楼号、房号；真是我们的房子，请资产管理部加进名单。"


@dataclass(slots=True)
class Typed:
    """The call as it was typed; nothing of it is lost by a mistake."""

    phone: str = ""
    place: str = ""
    spot: str = ""
    what: str = ""
    when: str = ""
    caller: str = ""
    urgent: str = ""


@dataclass(slots=True)
class Answer:
    """What became of a call: taken, or what is still to be said."""

    notice: str = ""
    number: str = ""
    aloud: str = ""
    link: str = ""
    problem: str = ""
    at: str = ""  # the field it is about
    twin: str = ""
    spots: list[Mapping[str, str]] = field(default_factory=list)


async def show(office: Office, request: Request, typed: Typed | None = None, answer: Answer | None = None, status: int = 200) -> Response:
    asked = request.query_params.get("q", "").strip()[:60]

    def ask(world: World) -> dict[str, Any]:
        found = [read_aloud(world, job) for job in deskwords.jobs_of(world, asked)[:8]] if asked else []
        values: dict[str, Any] = {"groups": board(world), "found": found, "asked": asked, "may_take": bool(world.me.roles & DESK)}
        waiting = world.tenant_complaints()
        return values | {"waiting": len(waiting), "overdue": sum(grievances.waits_too_long(world, one) for one in waiting)}

    values = await office.read(request, ask)
    return office.page(request, "office/desk.html", status=status, typed=typed or Typed(phone=asked), answer=answer or Answer(), **values)


async def look(office: Office, request: Request) -> Response:
    """While it is typed: who rings, what is open there, what the words are taken for."""
    given = {name: request.query_params.get(name, "").strip()[:200] for name in FIELDS}

    def ask(world: World) -> dict[str, Any]:
        spots = _spots(world, given)
        chosen = world.spot(given["spot"]) if given["spot"] else spots[0] if len(spots) == 1 else None
        words = chosen.label if chosen is not None and chosen.unit is None else given["phone"] or given["place"]
        near = world.jobs(unit=chosen.unit.id, limit=6) if chosen is not None and chosen.unit is not None else deskwords.jobs_of(world, words)
        told = [asdict(read_aloud(world, job)) for job in sorted(near, key=lambda job: (job.state in jobs.ENDED, -job.id))[:4]]
        shouted = jobs.urgent(given["what"], world.setting("emergency_words", jobs.SHOUTED))
        trade = jobs.TRADES[register.trade(given["what"])] if given["what"] else ""
        at, problem = _when(world, given["when"])
        twin = world.still_open(chosen.key, given["phone"], given["what"]) if chosen is not None and given["what"] else None
        same = f"{twin.number} {twin.what}，{intake.aloud(world, twin)}" if twin is not None else ""
        heard = {"trade": trade, "urgent": shouted, "at": clock_words(at, world) if at else "", "problem": problem, "twin": same}
        return {"spots": [_shown(one) for one in spots], "jobs": told, **heard}

    return as_json(await office.read(request, ask))


async def take(office: Office, request: Request) -> Response:
    form = await office.form(request)
    typed = Typed(**{name: text(form, name) for name in FIELDS}, urgent=text(form, "urgent", 4))
    sure, complaint = bool(text(form, "sure", 4)), text(form, "kind", 12) == "complaint"
    try:
        answer = await office.write(request, lambda world: _complained(world, typed) if complaint else _taken(world, typed, sure))
    except (NotAllowed, RuleBroken) as refused:
        answer = Answer(problem=said(refused))
    status = 200 if answer.notice else 422
    if "application/json" in request.headers.get("accept", ""):
        return as_json(asdict(answer), status)
    return await show(office, request, Typed() if answer.notice else typed, answer, status)


def _taken(world: World, typed: Typed, sure: bool) -> Answer:
    if not typed.what:
        return Answer(problem="请写什么坏了。", at="what")
    here, answer = _where(world, typed)
    if here is None:
        return answer
    at, problem = _when(world, typed.when)
    if problem:
        return Answer(problem=problem, at="when")
    shouted = world.setting("emergency_words", jobs.SHOUTED)
    urgent = SHOUTED_BY_HAND if typed.urgent and not jobs.urgent(typed.what, shouted) else ""
    call = intake.call(here, typed.what, phone=typed.phone, caller=typed.caller, at=at, urgent=urgent, shouted=shouted)
    twin = None if sure else dispatch.similar(world, call)
    if twin is not None:
        return Answer(twin=f"{twin.number} {twin.what}，{intake.aloud(world, twin)}", problem="这户报过同一件事，还没修完。", at="what")
    job = taking.take(world, call)
    rung = f"紧急 {job.urgent}，{len(job.asked)} 位师傅已通知" if job.urgent else f"可以说：“{intake.aloud(world, job)}”"
    trade = "" if job.urgent or job.trade == "other" else f"（{jobs.TRADES[job.trade]}）"
    return Answer(f"{job.number} {job.where} 登记好了{trade}。{rung}", job.number, intake.aloud(world, job), consent.progress(world, job))


def _complained(world: World, typed: Typed) -> Answer:
    """One line; the place may be left out."""
    if not typed.what:
        return Answer(problem="请写租户说了什么。", at="what")
    here, answer = _where(world, typed) if typed.spot or typed.place or typed.phone else (None, Answer())
    if here is None and answer.spots:
        return answer
    grievances.open_(world, typed.what, spot=here.key if here else "", caller=typed.caller, phone=typed.phone)
    return Answer("意见记下了，片区经理和站长会看到。", aloud="已经转给负责人，会尽快给您答复。")


def _where(world: World, typed: Typed) -> tuple[Spot | None, Answer]:
    """The place, or what to ask: which of several, or that it is none of ours (C-2)."""
    if typed.spot and (found := world.spot(typed.spot)) is not None:
        return found, Answer()
    spots = _spots(world, {"phone": typed.phone, "place": typed.place})
    if len(spots) == 1:
        return spots[0], Answer()
    if spots:
        return None, Answer(problem="有好几处，请选一处。", at="place", spots=[_shown(one) for one in spots])
    unknown = "名单里没有这个电话，请写哪一户。" if typed.phone else "请写电话，或写哪一户。"
    return None, Answer(problem=WHERE if typed.place else unknown, at="place")


def _spots(world: World, given: Mapping[str, str]) -> Sequence[Spot]:
    """What was typed as a place counts; else the telephone tells."""
    place, phone = given.get("place", ""), given.get("phone", "")
    if place:
        return world.spots(place)
    return world.spots(phone) if len(phone) >= 4 else ()


def _shown(one: Spot) -> Mapping[str, str]:
    flat = one.unit
    who = " ".join(part for part in (flat.tenant, flat.phone) if part) if flat else ""
    return {"key": one.key, "label": one.label, "short": one.short, "who": who or _PLACES[one.place], "caller": flat.tenant if flat else ""}


def _when(world: World, typed: str) -> tuple[datetime | None, str]:
    try:
        return intake.when(world, typed, world.now), ""
    except Unclear as unclear:
        return None, str(unclear)


PAGES: tuple[Page, ...] = (
    Page(HOME, "报修台", show, SEES, group="维修"),
    Page(f"{HOME}/look", "查来电", look, SEES),
    Page(f"{HOME}/take", "登记报修", take, DESK, ("POST",)),
)
