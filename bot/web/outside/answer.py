"""A customer's answer through a link, once: checked, proved, kept, and only then acted upon (C-4.3.3, C-4.5.5)."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import segno
from markupsafe import Markup
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.web.outside.frame import SESSION, Changed, From, Gone, Outsiders, Staff, heading, text
from bot.web.outside.texts import Words
from conversations.repairs import consent
from conversations.repairs.job import ATTESTED_AS, Job
from storage import agreements, blobs, links
from storage.database import Connection
from storage.outside import Evidence, Outside

RELATIONS = ("self", "family", "household", "other")
NAME, WHY, SUBMISSION = 40, 200, (16, 64)
_DEGREES = {"lat": 90.0, "lon": 180.0, "accuracy": 1e6}


@dataclass(frozen=True, slots=True)
class Drawn:
    """A signature on its way in: the picture lies among the blobs, the rows come with the answer."""

    lines: Mapping[str, Any]
    picture: str
    size: int


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of link: what it shows, in which state, and what each answer does."""

    purpose: str
    state: str
    shown: Callable[[Outside, Job], str]
    answers: Mapping[str, Callable[[Outside, Job, From, FormData], object]]
    template: str
    values: Callable[[Outside, Job, Words], Mapping[str, Any]]
    needs_signature: Callable[[Outside, Job, str], bool]


class Unfinished(Exception):
    """Something is missing in the answer; the page says so and keeps what was typed."""


class Answering:
    """GET shows and never consumes; POST begins, asks for a new link, or answers."""

    def __init__(self, outsiders: Outsiders, kind: Kind) -> None:
        self._out, self._kind = outsiders, kind
        self._app = outsiders.app

    async def page(self, request: Request) -> Response:
        return await (self._answer(request) if request.method == "POST" else self._look(request))

    # --- GET ----------------------------------------------------------------------------------------------
    async def _look(self, request: Request, status: int = 200, error: str = "", typed: Mapping[str, str] | None = None) -> Response:
        said = self._out.words(request)

        def read(conn: Connection) -> tuple[str, dict[str, Any]]:
            desk = self._out.opened(conn, request, self._kind.purpose, self._out.came(request, conn))
            job = self._here(desk)
            values = {**heading(desk, job, said), "who": "" if job.attested else job.caller, "role": said(job.signer if job.attested else "customer")}
            if desk.link.mode == "handover" and not desk.link.session:
                return "begin.html", values
            values |= {**self._kind.values(desk, job, said), "exact": self._kind.shown(desk, job), "caller": job.caller}
            return self._kind.template, values

        template, values = await self._app.database.read(read)
        return self._out.show(request, template, status, **values, error=error, typed=typed or {}, relations=RELATIONS, kept=typed or {})

    def _here(self, desk: Outside) -> Job:
        """The job of this link, where it must stand, and still what was shown."""
        job = desk.job(desk.link.case_id or 0)
        if job is None or job.state != self._kind.state:
            raise Gone
        if consent.hashed(self._kind.shown(desk, job)) != desk.link.content_hash:
            raise Changed
        return job

    # --- POST ---------------------------------------------------------------------------------------------
    async def _answer(self, request: Request) -> Response:
        form = await self._out.form(request)
        act = text(form, "act", 20)
        if act == "begin":
            return await self._begin(request, form)
        if act == "renew":
            return await self._renew(request)
        if act not in self._kind.answers:
            raise Gone
        typed = {name: text(form, name, NAME) for name in ("name", "relation")} | {"why": text(form, "why", WHY)}
        try:
            return await self._take(request, act, form)
        except Unfinished as missing:
            return await self._look(request, 422, self._out.words(request)(str(missing)), typed)

    async def _begin(self, request: Request, form: FormData) -> Response:
        session, place = secrets.token_urlsafe(32), _place(form)

        def unit(conn: Connection) -> None:
            desk = self._out.opened(conn, request, self._kind.purpose, self._out.came(request, conn))
            self._here(desk)
            if desk.link.mode != "handover" or not desk.begin(session, place):
                raise Gone

        await self._app.database.write(unit)
        answer = RedirectResponse(f"{request.url.path}?lang={self._out.words(request).language}", 303)
        held = int(consent.HELD.total_seconds())
        answer.set_cookie(SESSION, session, max_age=held, path=request.url.path, secure=self._out.secure, httponly=True, samesite="strict")
        return answer

    async def _renew(self, request: Request) -> Response:
        """Only where the contents did change; the technician shows the new ones."""

        def unit(conn: Connection) -> None:
            desk = self._out.opened(conn, request, self._kind.purpose, self._out.came(request, conn))
            try:
                self._here(desk)
            except Changed:
                consent.show_anew(desk, desk.link.case_id or 0)
                return
            raise Gone

        await self._app.database.write(unit)
        self._app.nudge()
        said = self._out.words(request)
        return self._out.show(request, "note.html", title=said("thanks"), text=said("renewed"))

    async def _take(self, request: Request, act: str, form: FormData) -> Response:
        init = _raw(form, "init", 8192)
        submission = text(form, "submission", SUBMISSION[1])
        if len(submission) < SUBMISSION[0]:
            raise Gone
        again = await self._app.database.read(lambda conn: self._given(conn, request, submission))
        if again is None:
            await self._app.database.read(lambda conn: self._here(self._open(conn, request, init)[0]))  # before any picture is drawn
            drawn = await self._drawn(form) if act in ("agree", "sign") else None
            again = await self._app.database.write(lambda conn: self._settle(conn, request, act, submission, init, form, drawn))
            self._app.nudge()
        return await self._after(request, *again)

    def _open(self, conn: Connection, request: Request, init: str) -> tuple[Outside, From]:
        came = self._out.came(request, conn, init)
        desk = self._out.opened(conn, request, self._kind.purpose, came)
        if desk.link.mode == "handover" and not desk.link.session:
            raise Gone
        return desk, came

    def _given(self, conn: Connection, request: Request, submission: str) -> tuple[str, str, Mapping[str, str]] | None:
        """The answer this very submission has already had: what was done, how it was opened, from whom."""
        link = links.answered(conn, self._out.token(request), submission)
        if link is None or link.purpose != self._kind.purpose:
            return None
        came = self._out.came(request, conn)
        if link.mode == "own" and came.staff:
            raise Staff
        desk = self._out.desk(conn, link)
        job = desk.job(link.case_id or 0)
        return (agreements.of_link(conn, link.id), link.mode, heading(desk, job, self._out.words(request))) if job is not None else None

    async def _drawn(self, form: FormData) -> Drawn | None:
        """Outside any transaction: read, refused when blank, drawn, laid among the blobs."""
        sent = _raw(form, "strokes", 400_000)
        if not sent:
            return None
        from papers import strokes  # here, not above: a server nobody signs for does not hold Pillow

        try:
            lines = strokes.read(json.loads(sent))
        except (ValueError, RecursionError):
            raise Unfinished("unread") from None
        if strokes.is_blank(lines):
            raise Unfinished("blank")
        png = await asyncio.to_thread(strokes.png, lines)
        return Drawn(lines.plain(), await asyncio.to_thread(self._app.blobs.put, png), len(png))

    def _settle(
        self, conn: Connection, request: Request, act: str, submission: str, init: str, form: FormData, drawn: Drawn | None
    ) -> tuple[str, str, Mapping[str, str]]:
        """One unit: of all who try at once, one."""
        given = self._given(conn, request, submission)
        if given is not None:
            return given
        desk, came = self._open(conn, request, init)
        job = self._here(desk)
        if self._kind.needs_signature(desk, job, act) and drawn is None:
            raise Unfinished("blank")
        name, relation = text(form, "name", NAME), text(form, "relation", 12)
        if act == "sign" and relation not in RELATIONS and not job.attested:
            raise Unfinished("who_are_you")
        if not desk.use(submission):
            raise Gone
        self._prove(conn, desk, job, act, came, name, relation, drawn)
        self._kind.answers[act](desk, job, came, form)
        if act in ("agree", "sign"):
            desk.copy_link(links.derived(self._out.token(request), "progress"), desk.now + consent.KEPT)
        return _KINDS[act], desk.link.mode, heading(desk, job, self._out.words(request))

    def _prove(self, conn: Connection, desk: Outside, job: Job, act: str, came: From, name: str, relation: str, drawn: Drawn | None) -> None:
        shown, facts = self._kind.shown(desk, job), came.facts()
        if name and desk.namesake(name):
            facts["namesake"] = True
        if drawn is not None:
            blobs.note(conn, drawn.picture, "image/png", drawn.size, {"kind": "signature"}, desk.now)
        picture, lines = (drawn.picture, dict(drawn.lines)) if drawn is not None else ("", None)
        said = ATTESTED_AS[job.signer] if job.attested and act == "sign" else relation if relation in RELATIONS else ""
        desk.agree(_KINDS[act], job.id, Evidence(shown, consent.hashed(shown), consent.VERSION, name, said, picture, picture, lines, facts))

    async def _after(self, request: Request, kind: str, mode: str, values: Mapping[str, str]) -> Response:
        """The same however often it is asked for; on a phone handed over the copy is for another phone to scan."""
        copy = f"/p/{links.derived(self._out.token(request), 'progress')}" if kind in ("consent", "signature") else ""
        code = self._code(copy) if copy and mode == "handover" else ""
        shown: dict[str, Any] = {**values, "kind": kind, "copy": copy, "mode": mode, "code": code}
        answer = self._out.show(request, "after.html", **shown)
        if mode == "handover":
            answer.delete_cookie(SESSION, path=request.url.path, secure=self._out.secure, httponly=True, samesite="strict")
        return answer

    def _code(self, path: str) -> Markup:
        """Nothing of it was typed by anybody."""
        return Markup(segno.make(f"{self._app.settings.public_url}{path}", error="m", micro=False).svg_inline(border=2, omitsize=True))


_KINDS: Mapping[str, str] = {"agree": "consent", "not_now": "not_now", "keep": "kept", "doubt": "doubt", "unhappy": "unhappy", "sign": "signature"}


def _raw(form: FormData, name: str, longest: int) -> str:
    given = form.get(name, "")
    return given if isinstance(given, str) and len(given) <= longest else ""


def _place(form: FormData) -> dict[str, float] | None:
    """Where the phone says it is, when it was allowed to."""
    found: dict[str, float] = {}
    for name, most in _DEGREES.items():
        try:
            value = float(text(form, name, 30))
        except ValueError:
            return None
        if not -most <= value <= most:
            return None
        found[name] = round(value, 6)
    return found
