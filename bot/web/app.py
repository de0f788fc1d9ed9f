"""The site as one ASGI application: webhooks first and bare, then the chat, health, and strict headers on everything else."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from bot.app import App
from bot.web import chat, health
from bot.web.guard import Guard
from bot.web.later import Later
from bot.web.webhooks import Webhooks

NOT_HERE = "这里没有内容。聊天在 /chat。"
TROUBLE = "出了点问题，已经记下了。请过一会儿再试。"


class Site:
    """`app` is started and stopped by whoever serves this."""

    def __init__(self, app: App) -> None:
        self._hooks = Webhooks(app)
        self._pages = Starlette(
            routes=[
                Route("/", _home),
                *health.routes(app),
                *chat.routes(app, app.settings),
                Later(app),
            ],
            middleware=[Middleware(Guard, framed=app.demo)],
            exception_handlers={404: _missing, 500: _trouble},
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self._hooks.serves(scope["path"]):
            await self._hooks(scope, receive, send)
        elif scope["type"] == "http" and not scope["query_string"].isascii():  # a redirect to the same address would fail on it
            await PlainTextResponse(NOT_HERE, 400)(scope, receive, send)
        else:
            await self._pages(scope, receive, send)


async def _home(request: Request) -> Response:
    return RedirectResponse("/chat")


async def _missing(request: Request, error: Exception) -> Response:
    return PlainTextResponse(NOT_HERE, 404)


async def _trouble(request: Request, error: Exception) -> Response:
    return PlainTextResponse(TROUBLE, 500)
