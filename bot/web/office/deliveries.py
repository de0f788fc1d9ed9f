"""期刊和送书: issues with their delivery dates, deliveries planned for a rep's customers or a list, what is late (A-3.2.1)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from starlette.requests import Request
from starlette.responses import Response

from bot.web.answers import Problem
from bot.web.office.frame import ALL_ROLES, Office, Page, day, number, said, text
from conversations import deliveries
from conversations.desk import NotAllowed
from conversations.firm import Case, Found
from conversations.holdings import Issue
from rules.deliveries import OPEN, due_on
from rules.deliveries import late as days_late
from rules.errors import RuleBroken
from storage.world import World

LIST = "/office/issues"
SUPERIORS = frozenset({"supervisor", "manager"})
LINES, SIGNS, SHOWN = 300, 20_000, 100
STATES = {"planned": "没送", "part": "没齐", "delivered": "送到", "dropped": "不送了"}
GONE = "没找到这一期。"
_COPIES = re.compile(r"(?P<name>.+?)[\s,，\t]*(?P<copies>\d{1,4})?\s*本?\s*")


@dataclass(frozen=True, slots=True)
class Row:
    id: int
    rep: str
    customer: str
    copies: int
    due: date | None
    state: str
    late: int
    lacking: str
    reason: str


async def listed(office: Office, request: Request) -> Response:
    return await _list(office, request)


async def _list(office: Office, request: Request, given: dict[str, str] | None = None, problem: str = "", status: int = 200) -> Response:
    def ask(world: World) -> tuple[Sequence[Issue], list[Row], int]:
        open_ones = world.cases("delivery", states=OPEN, until=world.now, limit=500)
        rows = sorted((row for case in open_ones if (row := _row(world, case)).late), key=lambda row: -row.late)
        return world.issues("", SHOWN), rows, int(world.setting("delivery_days"))

    found, late, days = await office.read(request, ask)
    return office.page(
        request,
        "office/issues.html",
        status=status,
        issues=list(reversed(found)),
        days=days,
        late=late[:SHOWN],
        more=len(late) - SHOWN,
        given=given or {},
        problem=problem,
    )


async def put(office: Office, request: Request) -> Response:
    form = await office.form(request)
    names = ("medium", "number", "closes_on", "publishes_on", "deliver_by")
    given = {name: text(form, name, 120) for name in names}
    id = number(text(form, "id", 16))
    closes, publishes, deliver = (day(given[name]) for name in names[2:])
    try:
        if deliver is None and publishes is None:
            raise NotAllowed("请写出刊日期或送到日期，送书要按它来催。")
        made = await office.write(
            request,
            lambda world: world.put_issue(given["medium"], given["number"], deliver_by=deliver, closes_on=closes, publishes_on=publishes, id=id),
        )
    except (NotAllowed, RuleBroken) as refused:
        return await _list(office, request, given | {"id": str(id or "")}, said(refused), 422)
    return office.back(f"{LIST}/{made}", "存好了，没送的书按新的日期催。" if id else "这一期登记好了，下面可以排送书。")


async def one(office: Office, request: Request) -> Response:
    return await _one(office, request)


async def _one(office: Office, request: Request, lines: str = "", rep: int = 0, problems: Sequence[str] = (), status: int = 200) -> Response:
    id = int(request.path_params["id"])

    def ask(world: World) -> tuple[Issue, date | None, list[Row], Sequence[Found]] | None:
        issue = world.issue(id)
        if issue is None:
            return None
        every = [case for case in world.cases("delivery", limit=2000) if case.data.get("issue") == id]
        due = due_on(issue.deliver_by, issue.publishes_on, world.calendar, int(world.setting("delivery_days", 3)))
        return issue, due, [_row(world, case) for case in every], world.find("reps", "", 0, 200)

    found = await office.read(request, ask)
    if found is None:
        raise Problem(404, GONE)
    issue, due, rows, reps = found
    options = [("", "请选择"), *((one.id, one.label) for one in reps)]
    may = bool(office.me(request).roles & SUPERIORS)
    return office.page(
        request,
        "office/issue.html",
        status=status,
        issue=issue,
        due=due,
        rows=rows,
        reps=options,
        may_plan=may,
        lines=lines,
        rep=rep,
        problems=problems,
        count=sum(row.state == STATES["delivered"] for row in rows),
    )


async def plan(office: Office, request: Request) -> Response:
    """All customers of one rep, or a list of names with copies; what cannot be planned stays in the form with the reason."""
    form = await office.form(request)
    id, lines, rep, copies = int(request.path_params["id"]), text(form, "lines", SIGNS), number(text(form, "rep")), number(text(form, "copies")) or 1

    def do(world: World) -> tuple[int, list[str], list[str]]:
        made, left, problems = 0, list[str](), list[str]()
        for line, customer, count in _wanted(world, lines, rep, copies):
            try:
                if not customer:
                    raise NotAllowed("没找到这家客户，或不归您管。")
                world.plan_delivery(id, customer, count)
                made += 1
            except (NotAllowed, RuleBroken) as refused:
                left.append(line)
                problems.append(f"{line}：{said(refused)}")
        return made, left, problems

    if not lines and not rep:
        return await _one(office, request, lines, rep, ["请选市场员，或写客户，一行一家。"], 422)
    made, left, problems = await office.write(request, do)
    if problems:
        head = [f"排好 {made} 家，下面这些没有排："] if made else []
        return await _one(office, request, "\n".join(left), rep, [*head, *problems], 422)
    return office.back(f"{LIST}/{id}", f"排好了 {made} 家，到期前一天和当天会在早上提醒。")


def _wanted(world: World, lines: str, rep: int, copies: int) -> list[tuple[str, int, int]]:
    """恒达影音 3: line, customer's id (0: not found or several), copies."""
    wanted: list[tuple[str, int, int]] = []
    if rep:
        wanted += [(touch.label, touch.customer_id, copies) for touch in world.touches(rep) if touch.local]
    for line in [one.strip() for one in lines.split("\n") if one.strip()][:LINES]:
        parts = _COPIES.fullmatch(line)
        name, count = (parts["name"].strip(), int(parts["copies"] or copies)) if parts else (line, copies)
        near = world.find("customers", name[:60], 0, 6)
        exact = [one for one in near if name in (one.label, one.detail)] or list(near)
        wanted.append((line, exact[0].id if len(exact) == 1 else 0, count))
    return wanted


async def drop(office: Office, request: Request) -> Response:
    form = await office.form(request)
    id, case = int(request.path_params["id"]), number(text(form, "case"))
    await office.write(request, lambda world: world.drop_delivery(case))
    return office.back(f"{LIST}/{id}", "这家这一期不送了，记录还留着。")


def _row(world: World, case: Case) -> Row:
    rep = world.person(case.person_id)
    reasons = [f"{each['day']}：{each['why']}" for each in case.data.get("reasons", ())]
    late = days_late(case.day, world.today, case.state)
    lacking = "、".join(str(one) for one in case.data.get("lacking", ())) if case.state == "part" else ""
    name = world.label("customers", case.customer_id or 0) or deliveries.what(world, case)
    copies = int(case.data.get("copies", 1))
    return Row(case.id, rep.name if rep else "", name, copies, case.day, STATES.get(case.state, ""), late, lacking, "；".join(reasons))


PAGES: tuple[Page, ...] = (
    Page(LIST, "期刊和送书", listed, ALL_ROLES, group="资料"),
    Page(f"{LIST}/put", "登记一期", put, ALL_ROLES, ("POST",)),
    Page(f"{LIST}/{{id:int}}", "一期的送书", one, ALL_ROLES),
    Page(f"{LIST}/{{id:int}}/plan", "排送书", plan, SUPERIORS, ("POST",)),
    Page(f"{LIST}/{{id:int}}/drop", "不送了", drop, SUPERIORS, ("POST",)),
)
