"""/c/…: the quotation as the customer sees it; one tap agrees to exactly that (C-4.3.2, C-4.3.3, C-4.3.4a)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from bot.web.outside.answer import Kind
from bot.web.outside.frame import From, Outsiders, heading
from bot.web.outside.texts import Words
from conversations.repairs import consent, outside
from conversations.repairs.job import Job
from rules import money
from rules.repairs.quotations import difference
from storage.database import Connection
from storage.outside import Outside

SIGN_ABOVE = "consent_signature_above"  # a setting: fen from which a consent is signed as well; 0 for never
MOST_PRICES = 400


def _agree(desk: Outside, job: Job, came: From, form: FormData) -> None:
    outside.agreed(desk, job)


def _not_now(desk: Outside, job: Job, came: From, form: FormData) -> None:
    outside.not_now(desk, job)


def doubt(desk: Outside, job: Job, came: From, form: FormData) -> None:
    outside.doubted(desk, job)


def _values(desk: Outside, job: Job, words: Words) -> Mapping[str, Any]:
    quotation = job.quotation
    lines = [(line.name, f"{line.count} {line.unit}", money.exact(line.sum)) for line in quotation.lines] if quotation else []
    return {
        "lines": lines,
        "total": money.exact(quotation.total) if quotation else "",
        "capitals": quotation.capitals if quotation else "",
        "version": quotation.version if quotation else "",
        "changes": difference(job.agreed, quotation) if job.agreed and quotation else (),
        "signed_too": _must_sign(desk, job, "agree"),
    }


def _must_sign(desk: Outside, job: Job, act: str) -> bool:
    least = int(desk.setting(SIGN_ABOVE))
    return act == "agree" and bool(least) and job.quotation is not None and job.quotation.total >= least


KIND = Kind(
    purpose="consent",
    state="quoted",
    shown=consent.agreed_text,
    answers={"agree": _agree, "not_now": _not_now, "keep": _not_now, "doubt": doubt},
    template="consent.html",
    values=_values,
    needs_signature=_must_sign,
)


class Prices:
    """The list the quotation was made from, as it was shown before (C-4.3.2c)."""

    def __init__(self, outsiders: Outsiders) -> None:
        self._out = outsiders

    async def page(self, request: Request) -> Response:
        said = self._out.words(request)

        def read(conn: Connection) -> dict[str, Any]:
            desk = self._out.opened(conn, request, "consent", self._out.came(request, conn))
            job = desk.job(desk.link.case_id or 0)
            version = job.quotation.version if job is not None and job.quotation else ""
            listed = desk.listed_prices(version, MOST_PRICES)
            return {"version": version, "lines": listed, **(heading(desk, job, said) if job is not None else {})}

        values = await self._out.app.database.read(read)
        return self._out.show(request, "prices.html", back=request.url.path.rpartition("/")[0], **values)
