"""报修记录表 of a day, the record behind a printed paper, and who holds what: papers, money, keys (C-4.6, C-5)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from bot.web.answers import Problem
from bot.web.office import receiving
from bot.web.office.frame import Office, Page, day, number
from conversations.desks.custody import Passage
from conversations.desks.repairs import Thing
from conversations.repairs import printed, reconcile
from conversations.repairs.job import Job
from papers.bookwriter import Book, Head
from rules import money
from rules.custody import THINGS
from rules.repairs import jobs as rule
from rules.repairs.reconciliation import WORDS
from storage.world import World

SEES = frozenset({"service_desk", "area_manager", "station_master", "property_manager", "asset_management", "admin"})
RECORD = SEES | {"technician"}
REGISTER, CUSTODY, JOBS = "/office/register", "/office/custody", "/office/jobs"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
GONE = "没找到这张单，可能不归您看。"
A_PAGE = 50
MONEY = ("cash", "cheque")
HEADS = ("单号", "报修", "地址", "报修人", "内容", "维修员", "到场", "完成", "收费", "情况")
WIDTHS = (12, 10, 30, 24, 40, 10, 10, 10, 12, 16)


@dataclass(frozen=True, slots=True)
class Held:
    """One thing in somebody's hands, as a line."""

    what: str
    kind: str
    holder: str
    since: datetime | None
    on_way: str
    case_id: int | None


@dataclass(frozen=True, slots=True)
class Passed:
    id: int
    what: str
    giver: str
    receiver: str
    given_at: datetime
    ended_at: datetime | None
    outcome: str
    differs: bool


# --- 报修记录表 -------------------------------------------------------------------------------------------------


async def register(office: Office, request: Request) -> Response:
    on = day(request.query_params.get("day", "")) or office.today

    def ask(world: World) -> dict[str, Any]:
        paper, compared = printed.register(world, on), reconcile.of(world, on)
        jobs = {job.number: job.id for job in world.jobs(day=on, limit=printed.MANY)}
        open_lines = [(reconcile.said(one), compared.reasons.get(key := reconcile.key_of(one), ""), key) for one in compared.lines if one.open]
        return {"paper": paper, "jobs": jobs, "compared": compared, "open_lines": open_lines, "words": WORDS}

    found = await office.read(request, ask)
    found |= {"may_settle": "service_desk" in office.me(request).roles and found["compared"].state != "filed", "reasons": reconcile.REASONS}
    return office.page(request, "office/register.html", day=on, before=on - timedelta(days=1), after=on + timedelta(days=1), heads=HEADS, **found)


async def register_pdf(office: Office, request: Request) -> Response:
    on = _day(office, request)

    def make(world: World) -> tuple[str, tuple[str, ...]]:
        paper = printed.register(world, on)
        return paper.lacking, () if paper.lacking else world.print_out(paper.layout, paper.data, paper.pictures, paper.title)

    lacking, entries = await office.write(request, make)
    return await _pdf(office, lacking, entries, f"报修记录表 {on}.pdf")


async def register_excel(office: Office, request: Request) -> Response:
    """The same lines; a name that looks like a formula stays a name."""
    on = _day(office, request)

    def rows(world: World) -> list[list[Any]]:
        jobs = sorted(world.jobs(day=on, limit=printed.MANY), key=lambda job: (job.station_id, job.nth))
        return [[*printed.line(world, job)[:8], _fen(job), rule.STATES[job.state]] for job in jobs]

    found = await office.read(request, rows)
    data = await asyncio.to_thread(_book, found)
    await office.write(request, lambda world: world.exported("register", len(found)))
    return Response(data, media_type=XLSX, headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(f'报修记录表 {on}.xlsx')}"})


def _book(rows: Sequence[Sequence[Any]]) -> bytes:
    out = BytesIO()
    with Book(out) as book:
        heads = [Head(label, width, "money" if label == "收费" else "text") for label, width in zip(HEADS, WIDTHS, strict=True)]
        book.sheet("报修记录表", heads, rows)
    return out.getvalue()


def _fen(job: Job) -> int | None:
    return job.agreed.total if job.agreed is not None and printed.charged(job) else None


# --- the record behind a paper ----------------------------------------------------------------------------------


async def record(office: Office, request: Request) -> Response:
    """Where the code on a printed paper leads: to colleagues only."""
    id = int(request.path_params["id"])

    def ask(world: World) -> dict[str, Any] | None:
        job = world.job(id)
        if job is None:
            return None
        names = {who.id: who.name for who in world.people()}
        events = [(one.at, names.get(one.by_id or 0, "客户"), one.action) for one in world.case_events(id)]
        agreed = [(one["at"], _KINDS.get(str(one["kind"]), ""), one["name"], one["content"]) for one in world.agreements(id)]
        things = [_held(world, one) for one in world.things(case=id)]
        return {
            "job": job,
            "paper": printed.of_job(world, job, coded=False),
            "events": events,
            "agreed": agreed,
            "things": things,
            "state": rule.STATES[job.state],
        }

    found = await office.read(request, ask)
    if found is None:
        raise Problem(404, GONE)
    return office.page(request, "office/job.html", acts=ACTS, **found)


async def record_pdf(office: Office, request: Request) -> Response:
    id = int(request.path_params["id"])

    def make(world: World) -> tuple[str, tuple[str, ...], str] | None:
        job = world.job(id)
        if job is None:
            return None
        paper = printed.of_job(world, job)
        return paper.lacking, printed.files(world, job), paper.title

    found = await office.write(request, make)
    if found is None:
        raise Problem(404, GONE)
    return await _pdf(office, found[0], found[1], f"{found[2]}.pdf")


async def _pdf(office: Office, lacking: str, entries: Sequence[str], name: str) -> Response:
    if lacking:
        raise Problem(422, printed.unprintable(lacking))
    path = await office.app.stamps.paper(entries)
    if path is None:
        raise Problem(503, "这张单现在印不出来，请过一会儿再试。")
    headers = {"Content-Disposition": f"inline; filename*=UTF-8''{quote(name)}", "Cache-Control": "private, no-store"}
    return FileResponse(path, media_type="application/pdf", headers=headers)


# --- who holds what ---------------------------------------------------------------------------------------------


async def custody(office: Office, request: Request) -> Response:
    kind = request.query_params.get("kind", "")
    kind = kind if kind in THINGS else ""
    differing, before = request.query_params.get("only") == "differences", number(request.query_params.get("before", ""))

    def ask(world: World) -> dict[str, Any]:
        held = [_held(world, one) for one in world.holdings() if not kind or one.kind == kind]
        passed = [_passed(world, *one) for one in world.history(kind, differing=differing, before=before or None, limit=A_PAGE + 1)]
        waiting = receiving.batches(world) if "service_desk" in world.me.roles else []
        ranked = sorted(held, key=lambda one: (one.holder, one.kind, one.what))
        return {"waiting": waiting, "held": ranked, "passed": passed[:A_PAGE], "more": len(passed) > A_PAGE}

    found = await office.read(request, ask)
    return office.page(request, "office/custody.html", kind=kind, kinds=THINGS, differing=differing, before=before, **found)


def _held(world: World, one: Thing) -> Held:
    holder = _name(world, one.holder) if one.holder_kind == "person" else f"已归档 {one.archive}"
    return Held(_what(one), THINGS.get(one.kind, one.kind), holder, one.given_at, _name(world, one.to_id) if one.to_id else "", one.case_id)


def _passed(world: World, one: Thing, way: Passage) -> Passed:
    said = "等点收" if way.open else "已点收" if way.taken_at else "没收到" if way.refused else "收回了"
    if way.taken_at and way.difference:
        more = way.difference > 0
        amount = money.exact(abs(way.difference)) + " 元" if one.kind in MONEY else f"{abs(way.difference)} 件"
        said = f"点收时{'多' if more else '少'} {amount}"
    return Passed(way.id, _what(one), _name(world, way.giver), _name(world, way.receiver), way.given_at, way.ended_at, said, bool(way.difference))


def _what(one: Thing) -> str:
    if one.kind in MONEY:
        return f"{money.exact(one.amount)} 元，{one.number} {one.what}"
    return one.what if one.kind == "key" else f"{one.number} {one.what}".strip()


def _name(world: World, id: int) -> str:
    who = world.person(id)
    return who.name if who is not None else ""


def _day(office: Office, request: Request) -> date:
    found = day(request.query_params.get("day", ""))
    if found is None:
        raise Problem(400, "日期不完整，请从报修记录表那一页再点一次。")
    return found


_KINDS: Mapping[str, str] = {
    "consent": "同意报价",
    "not_now": "先不修",
    "kept": "不改",
    "doubt": "对收费有疑问",
    "unhappy": "还不满意",
    "signature": "签名",
}
ACTS: Mapping[str, str] = {
    "open": "登记",
    "send": "派单",
    "offer": "发给在班的师傅",
    "accept": "接单",
    "decline": "去不了",
    "transfer": "转给同事",
    "book": "约时间",
    "arrive": "到场",
    "nobody": "没人应",
    "find": "查看",
    "start": "开工",
    "quote": "报价",
    "consent": "客户同意",
    "not_now": "客户先不修",
    "finish": "修完",
    "tried": "试好了",
    "failed": "试的时候不行",
    "content": "客户满意",
    "rework": "返工",
    "unmet": "没修好",
    "redo": "再去一趟",
    "settle": "片区经理认可",
    "sign": "客户签名",
    "unsigned": "没签名",
    "pay": "收费",
    "leave": "离开",
    "dispute": "收费有疑问",
    "explained": "已说明",
    "waive": "减免",
    "to_area": "请片区经理定",
    "cancel": "取消",
    "photo": "拍照",
    "support": "求助",
    "trials": "试用",
    "price_shown": "给看价目表",
    "rate": "客户评价",
    "stay": "不改，按原来的做",
    "resume": "还没修完",
    "attest": "签字",
    "helping": "答应支援",
    "late": "要晚到",
    "place": "位置",
    "parts": "配件",
    "payer": "谁付",
    "allowed": "确认同意免收",
    "disowned": "说没有同意免收",
}

PAGES: tuple[Page, ...] = (
    Page(REGISTER, "报修记录表", register, SEES, group="维修"),
    Page(f"{REGISTER}/pdf", "报修记录表", register_pdf, SEES),
    Page(f"{REGISTER}/excel", "报修记录表", register_excel, SEES),
    Page(f"{JOBS}/{{id:int}}", "维修单", record, RECORD),
    Page(f"{JOBS}/{{id:int}}/pdf", "维修单", record_pdf, RECORD),
    Page(CUSTODY, "单据、现金和钥匙", custody, SEES, group="维修"),
)
