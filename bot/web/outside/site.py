"""The customer's addresses, as the site takes them."""

from __future__ import annotations

from starlette.routing import BaseRoute, Mount, Route

from bot.app import App
from bot.web.chat import Static
from bot.web.outside import consent, sign
from bot.web.outside.answer import Answering
from bot.web.outside.frame import HERE, Outsiders
from bot.web.outside.progress import Progress
from bot.web.outside.report import Report


def routes(app: App) -> list[BaseRoute]:
    out = Outsiders(app)
    progress, report, prices = Progress(out), Report(out), consent.Prices(out)
    asking, signing = Answering(out, consent.KIND), Answering(out, sign.KIND)
    both = ["GET", "POST"]
    return [
        Mount("/open/static", Static(directory=HERE / "static")),
        Route("/c/{token}", out.answering(asking.page), methods=both),
        Route("/c/{token}/prices", out.answering(prices.page)),
        Route("/s/{token}", out.answering(signing.page), methods=both),
        Route("/p/{token}", out.answering(progress.page), methods=both),
        Route("/p/{token}/form.pdf", out.answering(progress.form)),
        Route("/p/{token}/signature.png", out.answering(progress.signature)),
        Route("/r/{building:path}", out.answering(report.page), methods=both),
    ]
