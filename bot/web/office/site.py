"""The office's routes, as the site takes them."""

from __future__ import annotations

from starlette.routing import BaseRoute, Mount, Route

from bot.app import App
from bot.web.chat import Static
from bot.web.office.frame import HERE, Office
from bot.web.office.pages import PAGES


def routes(app: App) -> list[BaseRoute]:
    office = Office(app, PAGES)
    pages = [Route(page.path, office.answering(page), methods=[*page.methods]) for page in PAGES]
    return [Mount("/office/static", Static(directory=HERE / "static")), *pages]
