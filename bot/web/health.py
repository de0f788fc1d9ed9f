"""Is the process there (/healthz), can it work (/readyz), how is it doing (/metrics)."""

from __future__ import annotations

import asyncio
from ipaddress import ip_address

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.app import App

PATIENCE = 3.0
_FRESH = {"Cache-Control": "no-store"}


def routes(app: App) -> list[BaseRoute]:
    health = Health(app)
    return [
        Route("/healthz", health.process, methods=["GET"]),
        Route("/readyz", health.ready, methods=["GET"]),
        Route("/metrics", health.metrics, methods=["GET"]),
    ]


class Health:
    def __init__(self, app: App) -> None:
        self._app = app

    async def process(self, request: Request) -> Response:
        return PlainTextResponse("ok", headers=_FRESH)

    async def ready(self, request: Request) -> Response:
        facts = {"database": False, "migrations": False, "ticker": self._app.times.alive}
        try:
            async with asyncio.timeout(PATIENCE):
                facts["migrations"] = await asyncio.to_thread(self._app.database.at_head)
                facts["database"] = True
        except Exception as error:  # the edge: whatever it is, the answer is no
            return JSONResponse(facts | {"why": type(error).__name__}, 503, _FRESH)
        return JSONResponse(facts, 200 if all(facts.values()) else 503, _FRESH)

    async def metrics(self, request: Request) -> Response:
        if self._app.settings.metrics != "open" and not is_here(request):
            return PlainTextResponse("", 404)
        text = await self._app.metrics.text(self._app.database, self._app.clock.now())
        return Response(text, media_type=CONTENT_TYPE_LATEST, headers=_FRESH)


def is_here(request: Request) -> bool:
    """From this machine; behind a proxy the forwarded address counts, which uvicorn puts here."""
    try:
        return request.client is not None and ip_address(request.client.host).is_loopback
    except ValueError:
        return False
