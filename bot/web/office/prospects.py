"""潜在客户: named for reps, many at once; how far every survey is; another date, another rep, never mind (A-3.3.7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from bot.web.answers import Problem
from bot.web.office.frame import ALL_ROLES, Office, Page, day, number, said, text, texts
from conversations import surveys
from conversations.desk import NotAllowed
from conversations.firm import Case, Found
from conversations.lookup import Lookup
from rules import prospects
from rules.errors import RuleBroken
from storage.world import World

SUPERIORS = frozenset({"supervisor", "manager"})
LIST = "/office/prospects"
LINES, SIGNS = 100, 20_000
STATES = {"open": "在做", "done": "做完了", "dropped": "不做了"}
GONE = "没找到这份调查，可能已经不归您看。"


@dataclass(frozen=True, slots=True)
class Row:
    id: int
    rep: str
    customer: str
    due: date | None
    told: int
    asked: int
    missing: str
    late: int
    state: str


@dataclass(slots=True)
class Naming:
    """The form as it was typed; whatever could not be done stays in it."""

    rep: int = 0
    names: str = ""
    where: str = "local"
    due: str = ""
    facts: list[str] = field(default_factory=list)
    more: str = ""
    problems: list[str] = field(default_factory=list)


async def listed(office: Office, request: Request) -> Response:
    state = request.query_params.get("state", "open")

    def ask(world: World) -> tuple[list[Row], list[tuple[str, int, int, int]]]:
        rows = [row(world, case) for case in world.prospects(states=(state,) if state in STATES else ("open",))]
        return rows, coverage(rows)

    rows, reps = await office.read(request, ask)
    may_name = bool(office.me(request).roles & SUPERIORS)
    return office.page(request, "office/prospects.html", rows=rows, reps=reps, state=state, states=STATES, may_name=may_name)


async def new(office: Office, request: Request) -> Response:
    if request.method == "POST":
        return await _named(office, request)
    due = await office.read(request, surveys.due_day)
    return await _form(office, request, Naming(due=due.isoformat()))


async def _form(office: Office, request: Request, given: Naming, status: int = 200) -> Response:
    def ask(world: World) -> tuple[Sequence[Found], Sequence[str]]:
        return world.find("reps", "", 0, 200), world.prospect_facts()

    reps, facts = await office.read(request, ask)
    options = [("", "请选择"), *((one.id, one.label) for one in reps)]
    return office.page(
        request, "office/prospects_new.html", status=status, given=given, reps=options, facts=facts, choices=[(one, one) for one in facts]
    )


async def _named(office: Office, request: Request) -> Response:
    form = await office.form(request)
    given = _given(form)
    if problem := _wrong(given):
        given.problems = [problem]
        return await _form(office, request, given, 422)

    def do(world: World) -> tuple[int, list[str], list[str]]:
        made: list[Case] = []
        left: list[str] = []
        problems: list[str] = []
        reps = {one.label: one.id for one in world.find("reps", "", 0, 200)}
        due, wanted = day(given.due), [*given.facts, *_split(given.more)]
        for line in _split(given.names):
            rep, name = _whose(line, reps, given.rep)
            try:
                if not rep:
                    raise NotAllowed("请选市场员，或在客户前面写市场员的名字。")
                made.append(world.name_prospect(rep, name, due or office.today, wanted, local=given.where != "away"))
            except (NotAllowed, RuleBroken) as refused:
                left.append(line)
                problems.append(f"{line}：{said(refused)}")
        surveys.named(world, made)
        return len(made), left, problems

    count, left, problems = await office.write(request, do)
    if problems:
        given.names, given.problems = "\n".join(left), [*([f"已派 {count} 家，下面这些没有派："] if count else []), *problems]
        return await _form(office, request, given, 422)
    return office.back(LIST, f"派好了 {count} 家，市场员已经收到。")


def _given(form: FormData) -> Naming:
    return Naming(
        number(text(form, "rep")),
        text(form, "names", SIGNS),
        text(form, "where", 10),
        text(form, "due", 10),
        texts(form, "facts")[: prospects.MOST_FACTS],
        text(form, "more", 400),
    )


def _wrong(given: Naming) -> str:
    if not _split(given.names):
        return "请写客户全称，一行一家。"
    if len(_split(given.names)) > LINES:
        return f"一次最多 {LINES} 家，请分几次派。"
    if day(given.due) is None:
        return "请选完成日期。"
    return "" if given.facts or _split(given.more) else "请至少选一项要了解的资料。"


def _split(words: str) -> list[str]:
    parts = words.replace("、", "\n").replace("，", "\n").replace("；", "\n").split("\n")
    return list(dict.fromkeys(one.strip() for one in parts if one.strip()))


def _whose(line: str, reps: dict[str, int], chosen: int) -> tuple[int, str]:
    """李强 上海明珠舞美有限公司: a line may name its own rep."""
    first, _, rest = line.replace("\t", " ").partition(" ")
    return (reps[first], rest.strip()) if first in reps and rest.strip() else (chosen, line)


def row(look: Lookup, case: Case) -> Row:
    facts, told = surveys.facts(case), surveys.found(case)
    late = prospects.overdue(case.day, look.calendar.day_of(look.now), case.state)
    rep = look.person(case.person_id)
    name = surveys.name(look, case)
    return Row(
        case.id, rep.name if rep else "", name, case.day, len(told), len(facts), "、".join(surveys.missing(case)), late, STATES.get(case.state, "")
    )


def coverage(rows: Sequence[Row]) -> list[tuple[str, int, int, int]]:
    """By rep: customers, facts found, facts asked for."""
    reps = dict.fromkeys(one.rep for one in rows)
    mine = {rep: [one for one in rows if one.rep == rep] for rep in reps}
    return [(rep, len(theirs), sum(one.told for one in theirs), sum(one.asked for one in theirs)) for rep, theirs in mine.items()]


async def one(office: Office, request: Request, problem: str = "", status: int = 200) -> Response:
    id = int(request.path_params["id"])

    def ask(world: World) -> tuple[Row, list[tuple[str, str, str]], Sequence[Found]] | None:
        case = next((one for one in world.prospects(states=tuple(STATES)) if one.id == id), None)
        if case is None:
            return None
        told = surveys.found(case)
        facts = [
            (fact, surveys.words(told[fact]) if fact in told else "", str(told[fact].get("day", "")) if fact in told else "")
            for fact in surveys.facts(case)
        ]
        return row(world, case), facts, world.find("reps", "", 0, 200)

    found = await office.read(request, ask)
    if found is None:
        raise Problem(404, GONE)
    may_change = bool(office.me(request).roles & SUPERIORS) and found[0].state == STATES["open"]
    return office.page(
        request,
        "office/prospect.html",
        status=status,
        row=found[0],
        facts=found[1],
        reps=[(one.id, one.label) for one in found[2]],
        may_change=may_change,
        problem=problem,
    )


async def change(office: Office, request: Request) -> Response:
    form = await office.form(request)
    id, what = int(request.path_params["id"]), text(form, "what", 10)

    def do(world: World) -> str:
        if what == "later":
            due = day(text(form, "due", 10))
            if due is None:
                raise NotAllowed("请选新的完成日期。")
            case = world.postpone_prospect(id, due)
            surveys.remind(world, case)
            return "日期改好了。"
        if what == "pass":
            case = world.pass_prospect(id, number(text(form, "rep")))
            surveys.named(world, [case])
            return "已转给另一位市场员，客户也一起转了。"
        if what == "drop":
            world.drop_prospect(id)
            world.forget("prospect", str(id))
            return "这家不用调查了，已填的还留着。"
        raise NotAllowed("没看懂要改什么，请再按一次。")

    try:
        notice = await office.write(request, do)
    except (NotAllowed, RuleBroken) as refused:
        return await one(office, request, said(refused), 422)
    return office.back(f"{LIST}/{id}" if what == "later" else LIST, notice)


PAGES: tuple[Page, ...] = (
    Page(LIST, "潜在客户", listed, ALL_ROLES, group="客户"),
    Page(f"{LIST}/new", "指派潜在客户", new, SUPERIORS, ("GET", "POST")),
    Page(f"{LIST}/{{id:int}}", "客户调查", one, ALL_ROLES),
    Page(f"{LIST}/{{id:int}}/change", "改客户调查", change, SUPERIORS, ("POST",)),
)
