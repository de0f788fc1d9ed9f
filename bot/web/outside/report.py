"""/r/…: a fault reported behind the building's QR code; an emergency shows the telephone first and rings at once (C-4.5.1)."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from bot.ways import Ways
from bot.web.outside.frame import Outsiders, Refused, text
from bot.web.outside.progress import STATES
from bot.web.start import from_here
from conversations.repairs import consent, dispatch, reported
from conversations.repairs.job import Job
from rules.repairs import jobs as rule
from storage import links
from storage.database import Connection
from storage.repairs.reporting import Building, Reporting, building_of

A_PHONE, A_BUILDING, WINDOW = 5, 30, timedelta(minutes=10)
_DIGITS = re.compile(r"[^\d+]")


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a report."""

    number: str
    urgent: str
    copy: str  # "" for what somebody else reported: its progress is theirs
    again: bool = False


class Twice(Exception):
    """The same thing is registered already; which, and how it goes."""

    def __init__(self, job: Job) -> None:
        super().__init__(job.number)
        self.number, self.state = job.number, STATES.get(job.state, "state_work")


class Often:
    """Reports lately, per place they come from and per building."""

    def __init__(self) -> None:
        self._lately: deque[tuple[datetime, str, str]] = deque()

    def may(self, client: str, building: str, now: datetime) -> bool:
        while self._lately and self._lately[0][0] <= now - WINDOW:
            self._lately.popleft()
        mine = sum(1 for _, where, _ in self._lately if where == client)
        here = sum(1 for _, _, house in self._lately if house == building)
        return mine < A_PHONE and here < A_BUILDING

    def note(self, client: str, building: str, now: datetime) -> None:
        self._lately.append((now, client, building))


class Report:
    def __init__(self, outsiders: Outsiders) -> None:
        self._out, self._often = outsiders, Often()
        self._app = outsiders.app

    async def page(self, request: Request) -> Response:
        name = str(request.path_params["building"])[:120]
        building = await self._app.database.read(lambda conn: building_of(conn, name))
        if building is None:
            return await self._out.note(request, "no_building", 404)
        return await (self._report(request, building) if request.method == "POST" else self._show(request, building))

    async def _show(
        self, request: Request, building: Building, status: int = 200, error: str = "", typed: Mapping[str, str] | None = None, **more: str
    ) -> Response:
        words: tuple[str, ...] = await self._app.database.read(
            lambda conn: tuple(self._desk(conn, building).setting("emergency_words", rule.SHOUTED))
        )
        given = {"room": "", "what": "", "phone": "", "name": "", "place": "home"} | dict(typed or {})
        shouted = rule.urgent(given["what"], words)
        values = {
            "building": building,
            "station": building.station,
            "phone": building.phone,
            "error": error,
            "typed": given,
            "shouted": shouted,
            "twin": "",
        }
        return self._out.show(request, "report.html", status, **{**values, **more})

    async def _report(self, request: Request, building: Building) -> Response:
        said, form = self._out.words(request), await self._out.form(request)
        typed = {name: text(form, name, most) for name, most in (("room", 40), ("what", 200), ("phone", 30), ("name", 40), ("place", 10))}
        if not from_here(request, self._out.settings.url):
            raise Refused(403, said("not_reported"))
        missing = _missing(typed)
        if missing:
            return await self._show(request, building, 422, said(missing), typed)
        submission = text(form, "submission", 64)
        if len(submission) < 32:
            return await self._show(request, building, 422, said("busy"), typed)
        now, client = self._app.clock.now(), request.client.host if request.client else ""
        copy = links.derived(submission, "report")
        known = await self._app.database.read(lambda conn: links.look(conn, copy, now))
        if known is None and not self._often.may(client, building.name, now):
            return await self._show(request, building, 429, said("too_often"), typed)
        same = text(form, "same", 4)
        try:
            told = await self._app.database.write(lambda conn: self._register(conn, building, typed, copy, same))
        except Twice as twice:
            return await self._show(request, building, 200, "", typed, twin=twice.number, state=said(twice.state), submission=submission)
        if told is None:
            return await self._show(request, building, 503, said("not_reported"), typed)
        if known is None:
            self._often.note(client, building.name, now)
        self._app.nudge()
        return self._out.show(request, "reported.html", told=told, building=building, station=building.station, phone=building.phone)

    def _register(self, conn: Connection, building: Building, typed: Mapping[str, str], copy: str, same: str) -> Told | None:
        """Once for a submission; None when nobody is there to take it; raises Twice to ask whether it is the same."""
        desk = self._desk(conn, building)
        known = links.look(conn, copy, desk.now)
        before = desk.job(known.case_id or 0) if known is not None else None
        if before is not None:
            return Told(before.number, before.urgent, copy)
        if not desk.taken_by:
            return None
        call = desk.call(building, typed)
        twin = dispatch.similar(desk, call)
        if twin is not None and (same == "yes" or twin.urgent):
            reported.again(desk, twin, call, building.name, copy[:20])
            return Told(twin.number, twin.urgent, "", again=True)
        if twin is not None and same != "no":
            raise Twice(twin)
        job = reported.take(desk, call, building.name, twin)
        links.make(conn, "progress", "own", desk.now, desk.now + consent.KEPT, case_id=job.id, by_id=desk.taken_by, once=False, token=copy)
        return Told(job.number, job.urgent, copy)

    def _desk(self, conn: Connection, building: Building) -> Reporting:
        ways = Ways(self._out.settings.public_url, self._app.channels, self._app.blobs)
        return Reporting(conn, building, now=self._app.clock.now(), zone=self._out.settings.tz, ways=ways)


def _missing(typed: Mapping[str, str]) -> str:
    if not typed["what"]:
        return "need_what"
    if not typed["room"]:
        return "need_room"
    return "" if 6 <= len(_DIGITS.sub("", typed["phone"])) <= 20 else "need_phone"
