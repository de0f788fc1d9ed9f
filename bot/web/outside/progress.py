"""/p/…: how it goes, the copy for thirty days, and at the end the rating; never on the technician's phone (C-4.5.5, C-5.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from bot.web.outside.frame import From, Gone, Outsiders, Staff, heading, text
from bot.web.outside.texts import Words
from conversations.repairs import outside, printed
from conversations.repairs.job import Job
from storage import links
from storage.database import Connection
from storage.outside import Outside

STATES: Mapping[str, str] = {
    "open": "state_wait",
    "sent": "state_wait",
    "offered": "state_wait",
    "accepted": "state_way",
    "nobody": "state_nobody",
    "quoted": "state_consent",
    "content": "state_sign",
    "unsigned": "state_area",
    "unmet": "state_area",
    "fee_pending": "state_area",
    "signed": "state_done",
    "closed": "state_done",
    "given_up": "state_off",
    "cancelled": "state_off",
}
STARS = range(1, 6)


class Progress:
    def __init__(self, outsiders: Outsiders) -> None:
        self._out = outsiders

    async def page(self, request: Request) -> Response:
        if request.method == "POST":
            await self._rate(request)
        said = self._out.words(request)

        def read(conn: Connection) -> dict[str, Any]:
            desk, job, came = self._opened(conn, request)
            until = desk.link.expires_at.astimezone(self._out.settings.tz)
            return {**heading(desk, job, said), **_copy(desk), **_steps(job, desk, said, self._out.settings.tz), "may_rate": _may_rate(job, came)} | {
                "until": f"{until:%Y-%m-%d}",
                "state": said(STATES.get(job.state, "state_work")),
                "printed": job.state == "closed",
                "rating": int(job.data.get("rating", 0) or 0),
            }

        return self._out.show(request, "progress.html", **await self._out.app.database.read(read))

    async def signature(self, request: Request) -> Response:
        """The picture of one's own signature."""
        sha = await self._out.app.database.read(lambda conn: self._opened(conn, request)[0].drawn()[1])
        if not sha or not self._out.app.blobs.exists(sha):
            raise Gone
        return FileResponse(self._out.app.blobs.path(sha), media_type="image/png", headers={"Cache-Control": "private, no-store"})

    async def form(self, request: Request) -> Response:
        """The printed paper, once the job is closed (C-5)."""

        def make(conn: Connection) -> tuple[tuple[str, ...], str]:
            desk, job, _ = self._opened(conn, request)
            return (printed.files(desk, job) if job.state == "closed" else ()), job.number

        entries, number = await self._out.app.database.write(make)
        path = await self._out.app.stamps.paper(entries)
        if path is None:
            raise Gone
        headers = {"Content-Disposition": f"inline; filename*=UTF-8''{quote(f'维修单 {number}.pdf')}", "Cache-Control": "private, no-store"}
        return FileResponse(path, media_type="application/pdf", headers=headers)

    def _opened(self, conn: Connection, request: Request) -> tuple[Outside, Job, From]:
        link = links.look(conn, self._out.token(request), self._out.app.clock.now())
        if link is None or link.purpose != "progress":
            raise Gone
        desk = self._out.desk(conn, link)
        job = desk.job(link.case_id or 0)
        if job is None:
            raise Gone
        return desk, job, self._out.came(request, conn)

    async def _rate(self, request: Request) -> None:
        form = await self._out.form(request)
        stars = text(form, "stars", 1)

        def unit(conn: Connection) -> None:
            desk, job, came = self._opened(conn, request)
            if came.staff or came.session:
                raise Staff
            if _may_rate(job, came) and stars.isdecimal() and int(stars) in STARS:
                outside.rated(desk, job, int(stars))

        await self._out.app.database.write(unit)


def _may_rate(job: Job, came: From) -> bool:
    """At the end, once, and by nobody of the firm."""
    return job.state == "closed" and not job.data.get("rating") and not came.staff and not came.session


def _copy(desk: Outside) -> dict[str, Any]:
    """The newest consent and the newest signature, as they were given."""
    agreed: dict[str, Any] = {"agreed": None, "signed": None}
    for one in desk.agreements(desk.link.case_id or 0):
        if one["kind"] in ("consent", "signature"):
            agreed["agreed" if one["kind"] == "consent" else "signed"] = one
    return agreed | {"drawn": bool(agreed["signed"] and agreed["signed"]["strokes"])}


def _steps(job: Job, desk: Outside, said: Words, zone: ZoneInfo) -> dict[str, Any]:
    who = desk.person(job.technician_id) if job.technician_id else None
    till = job.data.get("late_until")
    expected = (
        said("late_until", at=f"{datetime.fromisoformat(str(till)).astimezone(zone):%H:%M}") if till else said("late") if _is_late(job, desk) else ""
    )
    if not expected and job.at is not None:
        expected = said("booked", at=f"{job.at.astimezone(zone):%m-%d %H:%M}")
    known: Sequence[tuple[str, datetime | None]] = (
        (said("received"), job.opened_at),
        (said("accepted", name=who.name if who else ""), job.accepted_at if who else None),
        (said("arrived"), job.arrived_at),
        (said("finished"), job.closed_at),
    )
    coming = expected if job.state in ("open", "sent", "offered", "accepted") else ""
    return {
        "expected": coming,
        "steps": [(words, f"{at.astimezone(zone):%m-%d %H:%M}") for words, at in known if at is not None],
        "what": job.what,
        "where": job.address,
    }


def _is_late(job: Job, desk: Outside) -> bool:
    """Past the appointment, and the desk has been told to ring (C-4.5.1b)."""
    return bool(job.data.get("late_at")) and job.at is not None and job.at < desk.now
