"""What every office page stands in: who is there, what they may open, forms that come from us alone, and words for what goes wrong (A-1.3)."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

from markupsafe import Markup
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.templating import Jinja2Templates

from bot.app import App
from bot.settings import Settings
from bot.ways import Ways
from bot.web.answers import Problem
from bot.web.door import Door
from conversations.desk import NotAllowed
from conversations.firm import Person
from rules.errors import RuleBroken
from rules.people import ROLES
from storage.database import Connection
from storage.errors import Closed, CommitUnknown, Unavailable
from storage.websessions import Visitor
from storage.world import World

HERE = Path(__file__).parents[1]
SETUP = "接入"  # the demo is connected to nothing
GROUPS = ("维修", "人员", "客户", "资料", "规则", SETUP, "数据", "系统")
ALL_ROLES = frozenset({"admin", "manager", "supervisor"})
ADMIN = frozenset({"admin"})
STATIONS = frozenset({"service_desk", "area_manager", "station_master", "asset_management", "property_manager"})
WORDS_LIMIT, FILES_LIMIT = 512 * 1024, 64 * 1024 * 1024
FIELDS, FILES = 2000, 20
NOTICE, NOTICE_SIGNS = "paojie-notice", 300
KEEPS = timedelta(minutes=2)
VIA = "office"
_BUSY = "现在有点忙，没有存下。请过一会儿再按一次。"
_ELSEWHERE = "这一页放得太久，或不是从这里打开的，没有存下。请回到上一页，刷新后再试。"
_TOO_LARGE = "内容太大，没有存下。文件请不要超过 60 MB。"
_UNREADABLE = "这个地址不完整，请从菜单里再打开一次。"
_NOT_YOURS = "这一页不归您管，是给{whose}看的。{then}"
_HOW_IN = "请先进来：在聊天里写「办公」，点收到的链接。"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page:
    """One address; `group` is where the navigation shows it, "" for nowhere."""

    path: str
    title: str
    show: Callable[[Office, Request], Awaitable[Response]]
    roles: frozenset[str]
    methods: tuple[str, ...] = ("GET",)
    group: str = ""


@dataclass(frozen=True, slots=True)
class Undo:
    """What takes the thing just done back: a POST to `path` with these fields."""

    path: str
    fields: Mapping[str, str]
    label: str = "撤销"


class Office:
    """`answering` wraps every page; inside one, `me` and `visitor` are who looks at it."""

    def __init__(self, app: App, pages: tuple[Page, ...]) -> None:
        self.app, self.pages = app, pages
        self.door = Door(app)
        self._secure = app.platforms.url_given and app.settings.public_url.startswith("https://")
        self._templates = Jinja2Templates(directory=HERE / "templates")
        self._templates.env.trim_blocks = self._templates.env.lstrip_blocks = True

    @property
    def settings(self) -> Settings:
        return self.app.settings

    @property
    def zone(self) -> ZoneInfo:
        return self.settings.tz

    @property
    def now(self) -> datetime:
        return self.app.clock.now()

    @property
    def today(self) -> date:
        return self.door.today(self.now)

    # --- who is there -------------------------------------------------------------------------------------
    def answering(self, page: Page) -> Callable[[Request], Awaitable[Response]]:
        """The page as Starlette calls it: only for its roles, never kept by a browser, trouble told in words."""

        async def answer(request: Request) -> Response:
            try:
                if "%00" in request.url.query:  # no database keeps it, no person types it
                    raise Problem(400, _UNREADABLE)
                await self._enter(request, page)
                answered = await page.show(self, request)
            except Problem as problem:
                answered = self.problem(request, problem.status, problem.text)
            except (NotAllowed, RuleBroken) as refused:
                answered = self.problem(request, 403, said(refused))
            except (Unavailable, CommitUnknown, Closed):
                answered = self.problem(request, 503, _BUSY)
            except ClientDisconnect:
                answered = Response(status_code=400)
            return _unkept(answered)

        return answer

    def me(self, request: Request) -> Person:
        person: Person = request.state.person
        return person

    async def _enter(self, request: Request, page: Page) -> None:
        if not page.roles:
            return
        try:
            visitor = await self.door.visitor(request)
        except Problem:
            raise Problem(401, _HOW_IN) from None
        request.state.visitor = visitor
        request.state.person = await self.read(request, lambda world: world.me)
        if page.roles.isdisjoint(request.state.person.roles):
            whose = "、".join(title for role, title in ROLES.items() if role in page.roles)
            then = "" if "admin" in request.state.person.roles else "要看的话，请找系统管理员。"
            raise Problem(403, _NOT_YOURS.format(whose=whose, then=then))

    # --- the firm -----------------------------------------------------------------------------------------
    async def read(self, request: Request, ask: Callable[[World], T]) -> T:
        """Everything one page needs in one go, as plain values."""
        return await self.app.database.read(lambda conn: ask(self._world(request, conn)))

    async def write(self, request: Request, do: Callable[[World], T]) -> T:
        """One unit; raises NotAllowed and RuleBroken in words."""
        return await self.app.database.write(lambda conn: do(self._world(request, conn)))

    def _world(self, request: Request, conn: Connection) -> World:
        visitor: Visitor = request.state.visitor
        ways = Ways(self.settings.public_url, self.app.channels, self.app.blobs)
        return World(conn, person_id=visitor.person_id, now=self.now, zone=self.zone, address_id=visitor.address_id, via=VIA, ways=ways)

    # --- what is shown ------------------------------------------------------------------------------------
    def page(self, request: Request, template: str, *, status: int = 200, **values: Any) -> Response:
        person = getattr(request.state, "person", None)
        notice, undo = self._noticed(request)
        nav, path = self._nav(person), request.url.path
        shown = [one.path for _, pages in nav for one in pages if f"{path}/".startswith(f"{one.path}/")]
        here = {
            "me": person,
            "nav": nav,
            "here_in_nav": max(shown, key=len, default=""),
            "csrf": lambda: self._field(request),
            "now": self.now,
            "today": self.today,
        }
        here |= {"zone": self.zone, "notice": notice, "undo": undo, "path": path, "here": _here(request)}
        answer = self._templates.TemplateResponse(request, template, here | values, status_code=status)
        if NOTICE in request.cookies:
            answer.delete_cookie(NOTICE, path="/office", secure=self._secure, httponly=True, samesite="strict")
        return answer

    def problem(self, request: Request, status: int, text: str) -> Response:
        template = "office/enter.html" if status == 401 else "office/problem.html"
        return self.page(request, template, status=status, problem=text)

    def back(self, path: str, notice: str = "", undo: Undo | None = None) -> Response:
        """After a POST; the notice is shown once, on the next page."""
        answer = RedirectResponse(path, 303)
        if notice:
            fields = dict(undo.fields) if undo else {}
            told = json.dumps([notice[:NOTICE_SIGNS], undo.path if undo else "", undo.label if undo else "", fields], ensure_ascii=False)
            value = base64.urlsafe_b64encode(told.encode()).decode()
            answer.set_cookie(
                NOTICE, value, max_age=int(KEEPS.total_seconds()), path="/office", secure=self._secure, httponly=True, samesite="strict"
            )
        return answer

    def _noticed(self, request: Request) -> tuple[str, Undo | None]:
        try:
            text, path, label, fields = json.loads(base64.urlsafe_b64decode(request.cookies.get(NOTICE, "").encode()))
            undo = Undo(path, {str(name): str(value) for name, value in fields.items()}, label) if path.startswith("/office/") else None
            return str(text), undo
        except (ValueError, TypeError, AttributeError):
            return "", None

    def _nav(self, person: Person | None) -> list[tuple[str, list[Page]]]:
        roles = person.roles if person is not None else frozenset()
        mine = [page for page in self.pages if page.group and not page.roles.isdisjoint(roles) and not (self.app.demo and page.group == SETUP)]
        return [(group, here) for group in GROUPS if (here := [page for page in mine if page.group == group])]

    # --- what comes in ------------------------------------------------------------------------------------
    async def form(self, request: Request, *, files: bool = False) -> FormData:
        """Fields (and files) of a form that we wrote, for this browser; Problem in words otherwise."""
        self.from_here(request)
        told, limit = request.headers.get("content-length", ""), FILES_LIMIT if files else WORDS_LIMIT
        if not told.isdecimal() or int(told) > limit:
            raise Problem(413, _TOO_LARGE)
        try:
            given = await request.form(max_files=FILES if files else 0, max_fields=FIELDS, max_part_size=WORDS_LIMIT)
        except HTTPException:
            raise Problem(413, _TOO_LARGE) from None
        if not hmac.compare_digest(str(given.get("csrf", "")).encode(), self._csrf(request).encode()):
            raise Problem(403, _ELSEWHERE)
        return FormData([(name, one.replace("\x00", "") if isinstance(one, str) else one) for name, one in given.multi_items()])

    def from_here(self, request: Request) -> None:
        """No other site's page may post here."""
        origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site", "same-origin")
        here = {request.headers.get("host", ""), urlsplit(self.settings.url).netloc} - {""}
        if site not in ("same-origin", "none") or (origin is not None and urlsplit(origin).netloc not in here):
            raise Problem(403, _ELSEWHERE)

    def _csrf(self, request: Request) -> str:
        return sha256(f"office:{self.door.token(request)}".encode()).hexdigest()

    def _field(self, request: Request) -> Markup:
        return Markup('<input type="hidden" name="csrf" value="{}">').format(self._csrf(request))


def said(refused: NotAllowed | RuleBroken) -> str:
    return refused.text if isinstance(refused, RuleBroken) else str(refused)


def text(form: FormData, name: str, longest: int = 200) -> str:
    """One field as it was typed, without the spaces around it and signs that cannot be seen."""
    given = form.get(name, "")
    return "".join(sign for sign in given if sign == "\n" or sign.isprintable()).strip()[:longest] if isinstance(given, str) else ""


def texts(form: FormData, name: str) -> list[str]:
    return [one.strip() for one in form.getlist(name) if isinstance(one, str) and one.strip()]


def number(given: str) -> int:
    """An id as it stands in a form or an address; 0 when it is none."""
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 16 else 0


def day(given: str) -> date | None:
    try:
        return date.fromisoformat(given) if len(given) == 10 else None
    except ValueError:
        return None


def _here(request: Request) -> str:
    """This page with what was asked of it, but for the number of the page: a link stays on this site."""
    asked = urlencode([(key, value) for key, value in request.query_params.multi_items() if key != "page"])
    return f"{request.url.path}?{asked}" if asked else request.url.path


def _unkept(answer: Response) -> Response:
    """Origin would be "null" on our own forms under the site's no-referrer."""
    answer.headers.setdefault("Cache-Control", "no-store")
    answer.headers.setdefault("Referrer-Policy", "same-origin")
    return answer
