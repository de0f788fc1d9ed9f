"""The first admin's page, and the way there from the demo: opening the link uses nothing up, the form does (A-1.3)."""

from __future__ import annotations

import secrets
from pathlib import Path
from urllib.parse import urlsplit

from starlette.background import BackgroundTask
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.templating import Jinja2Templates

from bot.app import App
from bot.founding import OPEN, NotNow
from bot.web.door import STAYS, Door
from bot.web.health import is_here
from storage import starting
from storage.errors import StorageError

HERE = Path(__file__).parent
LONGEST, BODY = 40, 8 * 1024
_LOCAL = ("127.0.0.1", "localhost", "::1")
_USED = "这个链接不能用了：可能已经用过，或过了 24 小时，或公司已经有管理员。"
_AGAIN = "还没有管理员的话，请重新启动跑街（python3 run.py 或 python -m bot serve），会给一个新的链接。有管理员了，请在聊天里写「办公」进来。"
_ELSEWHERE = "这一页不是从这里打开的，没有存下。请重新打开链接。"
_BUSY = "现在有点忙，没有存下，链接还能用。请再按一次。"
_ONLY_HERE = "这一步只能在装跑街的这台电脑上做：请在这台电脑的浏览器里打开演示页。"


def routes(app: App) -> list[BaseRoute]:
    start = Start(app)
    found = [Route("/start/{token}", start.waiting if app.demo else start.page, methods=["GET", "POST"])]
    return [*found, Route("/own", start.found, methods=["POST"])] if app.demo else list(found)


class Start:
    def __init__(self, app: App) -> None:
        self._app = app
        self._door = Door(app)
        self._templates = Jinja2Templates(directory=HERE / "templates")

    # --- the firm's ---------------------------------------------------------------------------------------
    async def page(self, request: Request) -> Response:
        token, now = request.path_params["token"], self._app.clock.now()
        today = self._door.today(now)
        if token == OPEN:
            return RedirectResponse("/chat")
        try:
            if not await self._app.database.read(lambda conn: starting.is_good(conn, token, now, today)):
                return self._show(request, "start_used.html", 410, problem=_USED, todo=_AGAIN)
            return await self._begin(request, token) if request.method == "POST" else self._show(request, "start.html")
        except StorageError:
            return self._show(request, "start.html", 503, errors={"": _BUSY})
        except ClientDisconnect:
            return Response(status_code=400)

    async def _begin(self, request: Request, token: str) -> Response:
        given = await _form(request)
        if given is None or not from_here(request, self._app.settings.url):
            return self._show(request, "start.html", 403, errors={"": _ELSEWHERE})
        firm, name = _words(given, "firm"), _words(given, "name")
        asked = {"firm": (firm, "请写公司的名称。"), "name": (name, "请写您的姓名。")}
        errors = {field: words for field, (value, words) in asked.items() if not value}
        if errors:
            return self._show(request, "start.html", 422, errors=errors, firm=firm, name=name)
        cookie, now = secrets.token_urlsafe(32), self._app.clock.now()
        today = self._door.today(now)
        visitor = await self._app.database.write(lambda conn: starting.begin(conn, token, firm, name, cookie, now, STAYS, today))
        if visitor is None:
            return self._show(request, "start_used.html", 410, problem=_USED, todo=_AGAIN)
        answer = RedirectResponse("/office/setup", 303)
        self._door.let_in(request, answer, cookie)
        return answer

    # --- the demo's ---------------------------------------------------------------------------------------
    async def found(self, request: Request) -> Response:
        """From the demo's page: the firm's database is made, this process serves it, the browser goes on there."""
        founding = self._app.founding
        if founding is None or not is_here(request) or not _asked_here(request) or not from_here(request, ""):
            return self._show(request, "start_used.html", 403, problem=_ONLY_HERE, todo="")
        try:
            path = await founding.begin()
        except NotNow as why:
            return self._show(request, "start_used.html", 409, problem=str(why), todo="", back="/chat/demo")
        answer = self._wait(request, path)
        answer.background = BackgroundTask(founding.go)
        return answer

    async def waiting(self, request: Request) -> Response:
        """The demo still answers: asked again in a moment, the firm does."""
        if self._app.founding is None or not self._app.founding.asked:
            return RedirectResponse("/chat/demo")
        return self._wait(request, request.url.path)

    def _wait(self, request: Request, path: str) -> Response:
        """By then the demo accepts nobody any more, and who comes waits for the firm: no request falls between the two."""
        answer = self._show(request, "start_wait.html", path=path)
        answer.headers["Refresh"] = f"1; url={path}"
        answer.headers["Connection"] = "close"
        return answer

    def _show(self, request: Request, template: str, status: int = 200, **values: object) -> Response:
        answer = self._templates.TemplateResponse(request, f"start/{template}", {"errors": {}} | values, status_code=status)
        answer.headers["Cache-Control"] = "no-store"
        answer.headers["Referrer-Policy"] = "same-origin"  # under no-referrer a form's Origin is "null"
        return answer


def from_here(request: Request, url: str) -> bool:
    """No other site's page may post here."""
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site", "same-origin")
    here = {request.headers.get("host", ""), urlsplit(url).netloc} - {""}
    return site in ("same-origin", "none") and (origin is None or urlsplit(origin).netloc in here)


def _asked_here(request: Request) -> bool:
    """By an address of this machine: a name that leads here from outside is somebody else's page."""
    return urlsplit(f"//{request.headers.get('host', '')}").hostname in _LOCAL


async def _form(request: Request) -> FormData | None:
    told = request.headers.get("content-length", "")
    if not told.isdecimal() or int(told) > BODY:
        return None
    try:
        return await request.form(max_files=0, max_fields=10)
    except HTTPException:
        return None


def _words(given: FormData, name: str) -> str:
    typed = given.get(name, "")
    return "".join(sign for sign in typed if sign.isprintable()).strip()[:LONGEST] if isinstance(typed, str) else ""
