"""客户意见: what customers complained of, what came of it, how many a rep has (A-3.1.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from bot.web.answers import Problem
from bot.web.office.frame import ALL_ROLES, Office, Page, said, text
from conversations import complaining
from conversations.desk import NotAllowed
from conversations.firm import Case
from conversations.lookup import Lookup
from rules import complaints
from rules.errors import RuleBroken
from storage.world import World

LIST = "/office/complaints"
SUPERIORS = frozenset({"supervisor", "manager"})
GONE = "没找到这条意见，可能已经不归您看。"


@dataclass(frozen=True, slots=True)
class Row:
    id: int
    customer: str
    rep: str
    what: str
    about: str
    state: str
    outcome: str
    at: datetime | None
    by: str
    late: bool


async def listed(office: Office, request: Request) -> Response:
    state = request.query_params.get("state", "")
    first = office.today.replace(month=1, day=1)

    def ask(world: World) -> tuple[list[Row], list[tuple[str, int, int]]]:
        found = world.complaints(states=(state,) if state in complaints.STATES else (), limit=500)
        counts = world.complaint_counts(first, office.today).items()
        reps = [(who.name if (who := world.person(person)) else "", made, still) for person, (made, still) in counts]
        return [row(world, case) for case in found], sorted(reps, key=lambda one: -one[1])

    rows, reps = await office.read(request, ask)
    return office.page(request, "office/complaints.html", rows=rows, reps=reps, state=state, states=complaints.STATES, first=first)


def row(look: Lookup, case: Case) -> Row:
    rep, by = look.person(case.person_id), look.person(int(case.data.get("by") or 0))
    days = int(look.setting("complaint_days", complaints.COMPLAINT_DAYS))
    late = case.state == "open" and complaints.waits_too_long(case.opened_at, look.now, days)
    about, outcome = complaints.ABOUT.get(str(case.data.get("about")), ""), str(case.data.get("outcome") or "")
    return Row(
        case.id,
        complaining.customer(case),
        rep.name if rep else "",
        str(case.data.get("what", "")),
        about,
        complaints.STATES[case.state],
        outcome,
        case.opened_at,
        by.name if by else "",
        late,
    )


async def one(office: Office, request: Request) -> Response:
    id = int(request.path_params["id"])
    problem, words, what = "", "", "note"
    if request.method == "POST":
        form = await office.form(request)
        what, words = text(form, "what", 10), text(form, "words", 600)
        try:
            await office.write(request, lambda world: _answer(world, id, what, words))
        except (NotAllowed, RuleBroken) as refused:
            problem = said(refused)
        else:
            return office.back(f"{LIST}/{id}" if what == "note" else LIST, "补充好了。" if what == "note" else "这条结了，记的人和市场员会收到。")

    def ask(world: World) -> tuple[Row, list[str], bool] | None:
        case = next((one for one in world.complaints(limit=2000) if one.id == id), None)
        if case is None:
            return None
        mine = case.state == "open" and bool(world.me.roles & SUPERIORS) and case.person_id != world.me.id
        return row(world, case), complaining.told(world, case), mine

    found = await office.read(request, ask)
    if found is None:
        raise Problem(404, GONE)
    return office.page(
        request,
        "office/complaint.html",
        status=422 if problem else 200,
        row=found[0],
        lines=found[1],
        may_close=found[2],
        outcomes=[*complaints.OUTCOMES.items(), ("note", "先补充情况，还没处理好")],
        what=what,
        problem=problem,
        words=words,
    )


def _answer(world: World, id: int, what: str, words: str) -> None:
    if not words:
        raise NotAllowed("请写一句怎么处理的。")
    if what not in ("note", *complaints.OUTCOMES):
        raise NotAllowed("请选处理得怎样。")
    case = world.answer_complaint(id, what, words)
    (complaining.noted if what == "note" else complaining.closed)(world, case)


PAGES: tuple[Page, ...] = (
    Page(LIST, "客户意见", listed, ALL_ROLES, group="客户"),
    Page(f"{LIST}/{{id:int}}", "客户意见", one, ALL_ROLES, ("GET", "POST")),
)
