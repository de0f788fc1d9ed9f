"""租户意见: what tenants are not content with, since when, what came of it (B-8, C-4.2.1)."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from bot.web.office.frame import Office, Page, number, said, text
from conversations.desk import NotAllowed
from conversations.firm import Case
from conversations.repairs import grievances
from conversations.spoken import clock_words
from rules.errors import RuleBroken
from storage.world import World

LIST = "/office/tenants"
SEES = frozenset({"service_desk", "area_manager", "station_master", "property_manager"})
CLOSES = frozenset({"area_manager", "station_master"})
STATES = {"open": "待处理", "closed": "结了"}


@dataclass(frozen=True, slots=True)
class Row:
    id: int
    what: str
    who: str
    at: str
    by: str
    late: bool
    outcome: str


async def listed(office: Office, request: Request, problem: str = "", words: str = "", which: int = 0) -> Response:
    state = request.query_params.get("state", "open")
    state = state if state in STATES else "open"
    rows = await office.read(request, lambda world: [_row(world, case) for case in world.tenant_complaints((state,), 200)])
    may = bool(office.me(request).roles & CLOSES) and state == "open"
    more = {"problem": problem, "words": words, "which": which, "may_close": may}
    return office.page(request, "office/tenants.html", status=422 if problem else 200, rows=rows, state=state, states=STATES, **more)


async def close(office: Office, request: Request) -> Response:
    form = await office.form(request)
    id, words = number(text(form, "id", 20)), text(form, "words", 600)
    try:
        await office.write(request, lambda world: world.close_tenant_complaint(id, words))
    except (NotAllowed, RuleBroken) as refused:
        return await listed(office, request, said(refused), words, id)
    return office.back(LIST, "这条结了。")


def _row(world: World, case: Case) -> Row:
    data, by = case.data, world.person(int(case.data.get("by") or 0))
    who = " ".join(part for part in (str(data.get(name) or "") for name in ("where", "caller", "phone")) if part)
    at = clock_words(case.opened_at, world) if case.opened_at else ""
    late = grievances.waits_too_long(world, case)
    return Row(case.id, str(data.get("what", "")), who, at, by.name if by else "", late, str(data.get("outcome", "")))


PAGES: tuple[Page, ...] = (
    Page(LIST, "租户意见", listed, SEES, group="维修"),
    Page(f"{LIST}/close", "结租户意见", close, CLOSES, ("POST",)),
)
