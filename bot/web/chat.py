"""The web chat's routes: the page, its files and its JSON API; in the demo also the person in the path and the stage."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from bot.app import App
from bot.channels.webchat import WebChat
from bot.settings import Settings
from bot.web import openapi
from bot.web.answers import answering, as_json, decoded
from bot.web.door import Door
from bot.web.hearing import Hearing
from bot.web.saying import Saying
from bot.web.stage import Stage
from bot.web.wire import DoneOut, LoginIn, LoginOut
from storage.websessions import Visitor

if TYPE_CHECKING:
    from starlette.templating import Jinja2Templates

HERE = Path(__file__).parent


def routes(app: App, settings: Settings) -> list[BaseRoute]:
    """All of /chat."""
    chat = Chat(app, settings)
    inside = [*chat.files(), *chat.api("/api"), *chat.way_in("/api")]
    if app.demo:
        stage = Stage(app, settings, chat)
        inside += [
            *chat.api("/as/{person}/api"),
            Route("/as/{person}", stage.phone),
            Route("/demo", stage.both),
            Route("/demo/api/clock", answering(stage.clock), methods=["GET"]),
            Route("/demo/api/clock", answering(stage.move), methods=["POST"]),
        ]
    return [Route("/chat", _to_the_stage if app.demo else chat.page), Mount("/chat", routes=inside)]


class Chat:
    def __init__(self, app: App, settings: Settings) -> None:
        channel = app.channels[WebChat.name]
        if not isinstance(channel, WebChat):
            raise TypeError("the channel named web is the web chat")
        self._settings = settings
        self.door = Door(app)
        self._saying = Saying(app, self.door, channel)
        self._hearing = Hearing(app, settings, self.door, channel)

    @cached_property
    def templates(self) -> Jinja2Templates:
        """Loaded when the first page is asked for."""
        from starlette.templating import Jinja2Templates

        return Jinja2Templates(directory=HERE / "templates")

    def api(self, base: str) -> list[BaseRoute]:
        """What a page does for the person at the door."""
        return [
            Route(f"{base}/me", answering(self._hearing.me), methods=["GET"]),
            Route(f"{base}/said", answering(self._saying.said), methods=["POST"]),
            Route(f"{base}/enter", answering(self._saying.enter), methods=["POST"]),
            Route(f"{base}/prompts", answering(self._hearing.prompts), methods=["GET"]),
            Route(f"{base}/earlier", answering(self._hearing.earlier), methods=["GET"]),
            Route(f"{base}/blobs", answering(self._saying.upload), methods=["POST"]),
            Route(f"{base}/blobs/{{sha}}", answering(self._hearing.file), methods=["GET"]),
        ]

    def way_in(self, base: str) -> list[BaseRoute]:
        return [
            Route(f"{base}/login", answering(self.log_in), methods=["POST"]),
            Route(f"{base}/logout", answering(self.log_out), methods=["POST"]),
        ]

    def files(self) -> list[BaseRoute]:
        return [
            Route("/openapi.json", self.described),
            Route("/sw.js", self.worker),
            Mount("/static", Static(directory=HERE / "static")),
        ]

    async def page(self, request: Request) -> Response:
        """Empty: it asks the API who is looking, and shows the way in when nobody is."""
        return self.templates.TemplateResponse(
            request, "chat.html", {"base": "/chat/api", "demo": False, "people": [], "zone": self._settings.tz.key}
        )

    async def described(self, request: Request) -> Response:
        return as_json(openapi.document(self._settings.public_url))

    async def worker(self, request: Request) -> Response:
        """Served above /static, since it may only keep pages below its own path."""
        return FileResponse(HERE / "static" / "sw.js", headers={"Service-Worker-Allowed": "/chat", "Cache-Control": "no-cache"})

    async def log_in(self, request: Request) -> Response:
        self.door.check_origin(request)
        asked = await decoded(request, LoginIn)
        return await self.door.log_in(request, asked, _welcome)

    async def log_out(self, request: Request) -> Response:
        self.door.check_origin(request)
        return await self.door.log_out(request, as_json(DoneOut()))


class Static(StaticFiles):
    """Looked at again each time, so that a new version is seen at once; mostly answered 304."""

    def file_response(self, full_path: str, stat_result: object, scope: Scope, status_code: int = 200) -> Response:  # type: ignore[override]
        answer = super().file_response(full_path, stat_result, scope, status_code)  # type: ignore[arg-type]
        answer.headers["Cache-Control"] = "no-cache"
        return answer


def _welcome(visitor: Visitor) -> Response:
    return as_json(LoginOut(visitor.account, visitor.name))


async def _to_the_stage(request: Request) -> Response:
    return RedirectResponse("/chat/demo")
