"""Excel in: templates, the dry run with every faulty cell named, then what is right goes in; history, and back again."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.background import BackgroundTask
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from bot.intake import Asked, Intake, Looked
from bot.web.answers import Problem
from bot.web.office.frame import ADMIN, Office, Page, number
from conversations.desk import NotAllowed
from conversations.desks.imports import ImportRun
from papers import listfile
from papers.workbook import LARGEST, TOO_LARGE, Unreadable
from rules.lists import FILES, LISTS, TITLES
from storage.errors import Closed, Unavailable

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HISTORY = 20
SHOWN = 30
_NO_FILE = "还没有选文件。请先点“选择文件”。"
_GONE = "没有这次导入。请重新上传文件。"
_NOTHING = "没有可以导入的行。请改好再传。"
_UNDER_WAY: dict[int, asyncio.Task[None]] = {}  # imports this process is at; broken off, they can be gone on with


async def start(office: Office, request: Request) -> Response:
    """The six lists, a place for a file, and what was brought in before."""
    if request.method == "POST":
        return await _upload(office, request)
    return await _begin(office, request)


async def _begin(office: Office, request: Request, error: str = "", status: int = 200) -> Response:
    before = number(request.query_params.get("before", ""))
    runs = await office.read(request, lambda world: world.imports(HISTORY + 1, before))
    older = runs[HISTORY - 1].id if len(runs) > HISTORY else 0
    return office.page(request, "office/imports.html", status=status, titles=TITLES, runs=runs[:HISTORY], older=older, error=error, words=_words)


async def _upload(office: Office, request: Request) -> Response:
    form = await office.form(request, files=True)
    try:
        file = form.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            return await _begin(office, request, _NO_FILE, 400)
        if (file.size or 0) > LARGEST:
            return await _begin(office, request, TOO_LARGE, 400)
        name, data = file.filename[-120:], await file.read()
    finally:
        await form.close()
    await office.read(request, lambda world: world.imports(1))  # may they at all?
    intake = _intake(office, request)
    sha = await intake.keep(data)
    try:
        looked = await intake.look(sha, name, {})
    except Unreadable as error:
        return await _begin(office, request, str(error), 400)
    run = await intake.begin(looked, {})
    return office.back(f"/office/imports/{run}")


async def check(office: Office, request: Request) -> Response:
    """The dry run; a POST says what a heading means, or which list a sheet is."""
    run = await _run(office, request)
    if run.state != "checked":
        return office.back(f"/office/imports/{run.id}/done")
    intake = _intake(office, request)
    if request.method == "POST":
        asked = _said(await office.form(request))
        looked = await _looked(intake, run, asked)
        again = await intake.begin(looked, asked)
        return office.back(f"/office/imports/{again}")
    looked = await _looked(intake, run, run.asked)
    return office.page(request, "office/import_check.html", run=run, looked=looked, lists=LISTS, shown=SHOWN, sheets=[*_sheets(looked)])


async def go(office: Office, request: Request) -> Response:
    """〔导入没有问题的 138 行〕: begun here, the page that follows says how far it is."""
    await office.form(request)
    run, intake = await _run(office, request), _intake(office, request)
    if run.state not in ("checked", "running"):
        return office.back(f"/office/imports/{run.id}/done")
    if not run.total:
        return office.back(f"/office/imports/{run.id}", _NOTHING)
    if run.id not in _UNDER_WAY:
        _keep(run.id, _carried_out(intake, run.id))
        await asyncio.wait([_UNDER_WAY[run.id]], timeout=1.5)  # a short one is over before the page is there
    return office.back(f"/office/imports/{run.id}/done")


async def done(office: Office, request: Request) -> Response:
    """How far it is, then what came of it. Without script the page looks again by itself."""
    run = await _run(office, request)
    at_work = run.id in _UNDER_WAY and run.state in ("running", "undoing")  # what is over is not looked at again
    kept = await office.read(request, lambda world: world.import_lines(run.id, kept=True))
    new = await office.read(request, lambda world: world.imported_people(run.id)) if run.counts.get("people") else ()
    answer = office.page(
        request,
        "office/import_done.html",
        run=run,
        at_work=at_work,
        kept=kept,
        people=new,
        words=_words,
        titles={name: one.title for name, one in LISTS.items()},
    )
    if at_work:
        answer.headers["Refresh"] = "2"
    return answer


async def undo(office: Office, request: Request) -> Response:
    await office.form(request)
    run, intake = await _run(office, request), _intake(office, request)
    if run.id not in _UNDER_WAY:
        await office.write(request, lambda world: world.import_undo(run.id))  # what is not allowed is said here
        _keep(run.id, _taken_back(intake, run.id))
        await asyncio.wait([_UNDER_WAY[run.id]], timeout=1.5)
    return office.back(f"/office/imports/{run.id}/done")


async def marked(office: Office, request: Request) -> Response:
    """The file back with the faulty cells red."""
    run = await _run(office, request)
    looked = await _looked(_intake(office, request), run, run.asked)
    target = _temporary()
    await asyncio.to_thread(looked.marked, target)
    return _file(target, f"请改红色的格 {Path(run.file).stem}.xlsx")


async def original(office: Office, request: Request) -> Response:
    run = await _run(office, request)
    path = office.app.blobs.path(run.sha256)
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(Path(run.file).name)}"}
    return FileResponse(path, media_type="application/octet-stream", headers=headers)


async def template(office: Office, request: Request) -> Response:
    name = request.path_params["name"]
    if name not in FILES:
        raise Problem(404, "没有这张表。")
    made = BytesIO()
    await asyncio.to_thread(listfile.template, made, FILES[name])
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(TITLES[name])}.xlsx"}
    return Response(made.getvalue(), media_type=XLSX, headers=headers)


def _said(form: Any) -> Asked:
    """list.<nth>, column.<nth>.<place> beside sheet.<nth>."""
    asked: dict[str, dict[str, Any]] = {}
    for key, sheet in form.multi_items():
        if isinstance(sheet, str) and key.startswith("sheet."):
            nth = key.removeprefix("sheet.")
            columns = {name.rsplit(".", 1)[1]: value for name, value in form.multi_items() if name.startswith(f"column.{nth}.") and value}
            asked[sheet] = {"list": form.get(f"list.{nth}", ""), "columns": columns}
    return asked


def _sheets(looked: Looked) -> list[Mapping[str, Any]]:
    """As the page shows them: faults by cell, in the order of rows."""
    shown: list[Mapping[str, Any]] = []
    for one in looked.checked:
        columns = {at: name for name, at in one.found.columns.items()}
        faults = [(row, _letters(at), why) for row, wrong in sorted(one.faults.items()) for at, why in sorted(wrong.items())]
        shown.append({"one": one, "faults": faults, "columns": columns})
    return shown


def _letters(at: int) -> str:
    """0 → A, 26 → AA, as Excel names columns."""
    name = ""
    while at >= 0:
        name, at = chr(65 + at % 26) + name, at // 26 - 1
    return name


_STATES = {"checked": "还没有导入", "running": "正在导入", "done": "已导入", "undoing": "正在撤回", "undone": "已撤回"}


def _words(run: ImportRun) -> str:
    return _STATES[run.state]


def _intake(office: Office, request: Request) -> Intake:
    return Intake(office.app.database, office.app.blobs, office.app.clock, office.zone, office.me(request).id, "office")


async def _run(office: Office, request: Request) -> ImportRun:
    id = request.path_params["id"]
    run = await office.read(request, lambda world: world.import_run(id))
    if run is None:
        raise Problem(404, _GONE)
    return run


async def _looked(intake: Intake, run: ImportRun, asked: Asked) -> Looked:
    try:
        return await intake.look(run.sha256, run.file, asked)
    except (Unreadable, OSError) as error:
        raise Problem(410, str(error) if isinstance(error, Unreadable) else _GONE) from error


def _keep(run: int, work: Any) -> None:
    task = asyncio.create_task(work)
    _UNDER_WAY[run] = task
    task.add_done_callback(lambda _: _UNDER_WAY.pop(run, None))


async def _carried_out(intake: Intake, run: int) -> None:
    try:
        await intake.carry_out(run)
    except (Unavailable, Closed, NotAllowed, Unreadable, OSError):
        return  # the page offers to go on with it


async def _taken_back(intake: Intake, run: int) -> None:
    try:
        await intake.undo(run)
    except (Unavailable, Closed, NotAllowed):
        return


def _temporary() -> Path:
    with tempfile.NamedTemporaryFile(prefix="paojie-", suffix=".xlsx", delete=False) as file:
        return Path(file.name)


def _file(path: Path, name: str) -> Response:
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return FileResponse(path, media_type=XLSX, headers=headers, background=BackgroundTask(path.unlink, missing_ok=True))


PAGES = (
    Page("/office/imports", "Excel 导入", start, ADMIN, ("GET", "POST"), "数据"),
    Page("/office/imports/template/{name}", "模板", template, ADMIN),
    Page("/office/imports/{id:int}", "核对", check, ADMIN, ("GET", "POST")),
    Page("/office/imports/{id:int}/go", "导入", go, ADMIN, ("POST",)),
    Page("/office/imports/{id:int}/done", "导入结果", done, ADMIN),
    Page("/office/imports/{id:int}/undo", "撤回", undo, ADMIN, ("POST",)),
    Page("/office/imports/{id:int}/marked", "标红的文件", marked, ADMIN),
    Page("/office/imports/{id:int}/file", "原来的文件", original, ADMIN),
)
