"""数据: figures by team and person over any days, each line down to its proof, funnel, yield by source, as Excel (A-2.1, A-3.0, A-3.1.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from bot.web.answers import Problem
from bot.web.office.frame import Office, Page, day, number, said, text
from conversations import daylog, exhibits, figures, statements
from conversations.desk import NotAllowed, StaleCase
from conversations.desks.figures import Line, Source
from conversations.firm import Found, Person
from conversations.matters import about
from conversations.spoken import day_of_month
from conversations.statements import Waiting
from papers.bookwriter import Book, Head
from rules.errors import RuleBroken
from rules.evidence import Grade
from rules.figures import BLOCKS, BY_KEY, MEASURES, Stage, Tally, proven, total
from rules.statements import bounds
from storage.world import World

HERE, EXCEL = "/office/figures", "/office/figures.xlsx"
SUPERIORS = frozenset({"supervisor", "manager"})
LONGEST = 366  # days of one look
PAGE = 50
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
GONE = "没找到这条记录，可能不归您看。"
NOBODY = Person(0, "", "", frozenset(), None, "", "", False)


@dataclass(frozen=True, slots=True)
class Asked:
    """The days and people looked at, as they stand in the address."""

    first: date
    last: date
    team: int
    person: int
    problem: str = ""

    @property
    def query(self) -> str:
        return urlencode({"from": self.first, "to": self.last, "team": self.team, "person": self.person})

    def chosen(self, people: Sequence[Person]) -> list[Person]:
        return [who for who in people if self.team in (0, who.team_id) and self.person in (0, who.id)]


def asked(office: Office, request: Request) -> Asked:
    """This month unless days are named; days the wrong way round, or too many, are said and mended."""
    params, today = request.query_params, office.today
    first, last = day(params.get("from", "")) or today.replace(day=1), day(params.get("to", "")) or today
    problem = ""
    if first > last:
        first, last, problem = last, first, "开始的日子在后面，已经对调。"
    if (last - first).days >= LONGEST:
        first, problem = last - timedelta(days=LONGEST - 1), "一次最多看一年，已从后往前取一年。"
    return Asked(first, last, number(params.get("team", "")), number(params.get("person", "")), problem)


@dataclass(frozen=True, slots=True)
class Month:
    """A month's statements that wait for the manager, in words (A-3.3.6c)."""

    key: str
    name: str
    ready: Sequence[str]
    objected: Sequence[str]


@dataclass(frozen=True, slots=True)
class Sheet:
    people: Sequence[Person]  # whom one may choose from
    teams: Sequence[Found]
    chosen: Sequence[Person]
    tallies: dict[int, dict[str, Tally]]
    together: dict[str, Tally]
    stages: Sequence[Stage]
    sources: Sequence[Source]
    waiting: Sequence[Month]


def _sheet(world: World, ask: Asked) -> Sheet:
    people = figures.team_of(world)
    chosen = ask.chosen(people)
    ids = [who.id for who in chosen]
    tallies = {id: dict(one) for id, one in world.tallies(ids, ask.first, ask.last).items()}
    teams = [team for team in world.teams() if any(who.team_id == team.id for who in people)]
    stages, sources = world.funnel(ids, ask.first, ask.last), world.sources(ids, ask.first, ask.last)
    return Sheet(people, teams, chosen, tallies, total(tallies.values()), stages, sources, [_month(world, one) for one in statements.waiting(world)])


def _month(world: World, one: Waiting) -> Month:
    first = bounds(one.month)[0]
    ready, objected = ([world.label("colleagues", case.person_id) for case in cases] for cases in (one.ready, one.objected))
    return Month(one.month, f"{first.year} 年 {first.month} 月", ready, objected)


async def approve(office: Office, request: Request) -> Response:
    """Every statement of the month that nobody objected to, as in the chat."""
    month = text(await office.form(request), "month")
    try:
        bounds(month)
    except ValueError:
        raise Problem(404, GONE) from None
    try:
        done = await office.write(request, lambda world: statements.approved(world, month).text)
    except (NotAllowed, RuleBroken, StaleCase) as refused:
        done = "刚才有人改过，请再看一眼。" if isinstance(refused, StaleCase) else said(refused)
    return office.back(HERE, done)


async def shown(office: Office, request: Request) -> Response:
    ask = asked(office, request)
    sheet = await office.read(request, lambda world: _sheet(world, ask))
    widest = max((stage.customers for stage in sheet.stages), default=0) or 1
    return office.page(
        request,
        "office/figures.html",
        ask=ask,
        sheet=sheet,
        measures=MEASURES,
        blocks=BLOCKS,
        widest=widest,
        nothing=Tally(),
    )


async def excel(office: Office, request: Request) -> Response:
    """The same table, the funnel and the sources; a name that looks like a formula stays a name."""
    ask = asked(office, request)
    sheet = await office.read(request, lambda world: _sheet(world, ask))
    out = BytesIO()
    with Book(out) as book:
        heads = [Head("姓名"), *(Head(one.label, 12, "number", note=one.how) for one in MEASURES)]
        rows = [[who.name, *(sheet.tallies.get(who.id, {}).get(one.key, Tally()).counted for one in MEASURES)] for who in sheet.chosen]
        book.sheet("数据", heads, rows)
        book.sheet("漏斗", [Head("步骤"), Head("客户", 12, "number")], [[stage.label, stage.customers] for stage in sheet.stages])
        sources = [[one.name, one.entered, one.reached, one.signed] for one in sheet.sources]
        heads = [Head("来源"), Head("登记的新客户", 12, "number"), Head("谈过且有凭证", 16, "number"), Head("有合同", 12, "number")]
        book.sheet("渠道", heads, sources)
    name = f"figures-{ask.first:%Y%m%d}-{ask.last:%Y%m%d}.xlsx"
    return Response(out.getvalue(), media_type=SHEET, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@dataclass(frozen=True, slots=True)
class Told:
    """One record in the list."""

    line: Line
    words: str
    customer: str


async def lines(office: Office, request: Request) -> Response:
    """The records behind one figure of one person."""
    ask, key = asked(office, request), request.query_params.get("measure", "")
    page = max(number(request.query_params.get("page", "1")), 1)
    if key not in BY_KEY or not ask.person:
        raise Problem(404, GONE)

    def read(world: World) -> tuple[Person, Tally, list[Told]]:
        if not any(who.id == ask.person for who in figures.team_of(world)):
            return NOBODY, Tally(), []
        found = world.figure_lines(key, ask.person, ask.first, ask.last, (page - 1) * PAGE, PAGE + 1)
        tally = world.tallies([ask.person], ask.first, ask.last).get(ask.person, {}).get(key, Tally())
        return world.person(ask.person) or NOBODY, tally, [_told(world, one) for one in found]

    who, tally, rows = await office.read(request, read)
    if not who.id:
        raise Problem(404, GONE)
    more = len(rows) > PAGE
    url = f"{HERE}/lines?{ask.query}&measure={key}"
    return office.page(
        request, "office/figure_lines.html", ask=ask, who=who, measure=BY_KEY[key], tally=tally, rows=rows[:PAGE], page_no=page, more=more, url=url
    )


def _told(world: World, line: Line) -> Told:
    customer = world.label("customers", line.customer) if line.customer else ""
    if line.what == "paper":
        paper = world.paper(line.id)
        return Told(line, daylog.line(world, paper) if paper is not None else "", customer)
    case = world.case(line.id)
    if case is None:
        return Told(line, "", customer)
    return Told(line, f"{day_of_month(case.day)}的日志" if case.kind == "daylog" and case.day else about(world, case), customer)


@dataclass(frozen=True, slots=True)
class Proof:
    """One record, how well it is shown, and its files."""

    title: str
    words: str
    grade: str
    counts: bool
    files: Sequence[str]
    moves: Sequence[tuple[str, str]]


async def record(office: Office, request: Request) -> Response:
    what, id = str(request.path_params["what"]), int(request.path_params["id"])
    found = await office.read(request, lambda world: _paper(world, id) if what == "paper" else _case(world, id))
    if found is None:
        raise Problem(404, GONE)
    return office.page(request, "office/figure_record.html", proof=found, id=id)


def _paper(world: World, id: int) -> Proof | None:
    paper = world.paper(id)
    if paper is None:
        return None
    files = [sha for sha in paper.blobs if world.blob_kind(sha) == "photo"]
    filed = [(f"{world.calendar.local(paper.filed_at):%Y-%m-%d %H:%M}", "存下")]
    return Proof(paper.number, daylog.line(world, paper), Grade(paper.grade).label, proven(paper.grade), files, filed)


def _case(world: World, id: int) -> Proof | None:
    case = world.case(id)
    if case is None:
        return None
    moves = []
    for event in world.case_events(id):
        who = world.person(event.by_id) if event.by_id else None
        move = figures.moved(event.action, log=case.kind == "daylog")
        moves.append((f"{world.calendar.local(event.at):%Y-%m-%d %H:%M}", f"{who.name if who else '系统'} {move}"))
    record = int(case.data.get("record") or 0) or case.paper_id
    paper = _paper(world, record) if record else None
    title = f"{day_of_month(case.day)}的工作日志" if case.kind == "daylog" and case.day else about(world, case)
    return Proof(title, paper.words if paper else "", paper.grade if paper else "", paper is not None and paper.counts, (), moves)


async def file(office: Office, request: Request) -> Response:
    """A record's picture with time, place, person and number under it."""
    id, sha = int(request.path_params["id"]), str(request.path_params["sha"])
    paper = await office.read(request, lambda world: world.paper(id))
    if paper is None or sha not in paper.blobs:
        raise Problem(404, GONE)
    stamped, mime = await office.app.stamps.shown(exhibits.stamped(sha, id))
    headers = {"Content-Security-Policy": "default-src 'none'; sandbox"}
    return FileResponse(office.app.blobs.path(stamped), media_type=mime if mime.startswith("image/") else "application/octet-stream", headers=headers)


PAGES: tuple[Page, ...] = (
    Page(HERE, "数据", shown, SUPERIORS, group="数据"),
    Page(EXCEL, "数据（Excel）", excel, SUPERIORS),
    Page(f"{HERE}/approve", "核准月数据单", approve, frozenset({"manager"}), ("POST",)),
    Page(f"{HERE}/lines", "数据里的记录", lines, SUPERIORS),
    Page(f"{HERE}/record/{{what}}/{{id:int}}", "记录", record, SUPERIORS),
    Page(f"{HERE}/file/{{id:int}}/{{sha}}", "照片", file, SUPERIORS),
)
