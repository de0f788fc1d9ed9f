"""Pages nobody asks for on most days are loaded with their first request: a server that waits stays small."""

from __future__ import annotations

from starlette.routing import BaseRoute, Match, Route, Router
from starlette.types import Receive, Scope, Send

from bot.app import App

FIRST = frozenset({"office", "start", "own", "open", "c", "s", "p", "r"})  # how their addresses begin


class Later(BaseRoute):
    """Stands for the office, the first start and the customers' pages."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._router: Router | None = None

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Only what is there: an unknown address goes on to be refused as any other."""
        if scope["type"] != "http" or _first(scope["path"]) not in FIRST:
            return Match.NONE, {}
        found = [route.matches(scope)[0] for route in self._loaded().routes]
        return max(found, key=lambda match: match.value, default=Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._loaded()(scope, receive, send)

    def _loaded(self) -> Router:
        if self._router is None:
            self._router = Router(pages(self._app), redirect_slashes=False)
        return self._router


def pages(app: App) -> list[BaseRoute]:
    from bot.web import start
    from bot.web.office import site as office
    from bot.web.outside import site as outside

    found: list[BaseRoute] = [*office.routes(app), *start.routes(app), *outside.routes(app)]
    strays = [route.path for route in found if isinstance(route, Route) and _first(route.path) not in FIRST]
    if strays:
        raise LookupError(f"{strays}: the beginning of their addresses is to be in FIRST")
    return found


def _first(path: str) -> str:
    return path.removeprefix("/").partition("/")[0]
