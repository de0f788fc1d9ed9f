"""/s/…: what was done, and the customer's signature under exactly that (C-4.5.5b)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.datastructures import FormData

from bot.web.outside.answer import NAME, WHY, Kind, Unfinished
from bot.web.outside.consent import doubt
from bot.web.outside.frame import From, text
from bot.web.outside.texts import Words
from conversations.repairs import consent, outside
from conversations.repairs.job import Job
from rules import money
from storage.outside import Outside


def _sign(desk: Outside, job: Job, came: From, form: FormData) -> None:
    if job.attested and text(form, "name", NAME) not in desk.signers():
        raise Unfinished("which_of_them")
    outside.signed(desk, job, consent.signer(job, text(form, "name", NAME), text(form, "relation", 12)))


def _unhappy(desk: Outside, job: Job, came: From, form: FormData) -> None:
    outside.unhappy(desk, job, text(form, "why", WHY))


def _values(desk: Outside, job: Job, words: Words) -> Mapping[str, Any]:
    attested = {"names": desk.signers(), "role": words(job.signer)} if job.attested else {}
    return attested | {"total": money.exact(job.agreed.total) if job.agreed else "", "capitals": job.agreed.capitals if job.agreed else ""}


KIND = Kind(
    purpose="sign",
    state="content",
    shown=consent.signed_text,
    answers={"sign": _sign, "unhappy": _unhappy, "doubt": doubt},
    template="sign.html",
    values=_values,
    needs_signature=lambda desk, job, act: act == "sign",
)
