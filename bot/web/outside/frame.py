"""What every customer's page stands in: the link, whose browser it is, the words, and the one page for all that does not open (C-4.3.3)."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.templating import Jinja2Templates

from bot.app import App
from bot.settings import Settings
from bot.ways import Ways
from bot.web.door import Door
from bot.web.outside.texts import LANGUAGES, Words, chosen
from conversations.desk import NotAllowed
from conversations.repairs.job import Job
from rules.errors import RuleBroken
from storage import callers, links, websessions
from storage.codec import digest
from storage.database import Connection
from storage.errors import Closed, CommitUnknown, Unavailable
from storage.links import Link
from storage.outside import Outside

HERE = Path(__file__).parents[1]
BODY, FIELDS = 512 * 1024, 24
AGENT = 300
SESSION = "paojie-handed"
T = TypeVar("T")
Handler = Callable[[Request], Awaitable[Response]]


class Gone(Exception):
    """Wrong, used, expired, or not for this browser: nobody learns which."""


class Staff(Exception):
    """A colleague's browser, or a colleague's own account."""


class Changed(Exception):
    """What is shown is not what the link was made for."""


class Refused(Exception):
    """An answer with this status and these words; what was typed stays."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status, self.text = status, text


@dataclass(frozen=True, slots=True)
class From:
    """From where somebody looks: kept with what they agree to."""

    address: str
    agent: str
    language: str
    staff: bool  # a staff session's cookie, living or not
    session: str  # of a phone handed over
    telegram: str = ""  # who they are there, when it vouches for them

    def facts(self) -> dict[str, Any]:
        told = {"address": self.address, "browser": self.agent, "language": self.language}
        return told | ({"telegram": self.telegram} if self.telegram else {})


class Outsiders:
    def __init__(self, app: App) -> None:
        self.app = app
        self.door = Door(app)
        self._templates = Jinja2Templates(directory=HERE / "templates")
        self._templates.env.trim_blocks = self._templates.env.lstrip_blocks = True

    @property
    def settings(self) -> Settings:
        return self.app.settings

    @property
    def secure(self) -> bool:
        return self.settings.public_url.startswith("https://")

    # --- answering ----------------------------------------------------------------------------------------
    def answering(self, handler: Handler) -> Handler:
        async def answer(request: Request) -> Response:
            try:
                answered = await handler(request)
            except (Gone, NotAllowed, RuleBroken):
                answered = await self.note(request, "gone", 410)
            except Staff:
                answered = await self.note(request, "staff", 403)
            except Changed:
                answered = await self.note(request, "changed", 409)
            except Refused as refused:
                answered = await self.note(request, "", refused.status, text=refused.text)
            except (Unavailable, CommitUnknown, Closed):
                answered = self.show(request, "note.html", 503, title="", text=self.words(request)("busy"), again=True)
            except ClientDisconnect:
                answered = Response(status_code=400)
            answered.headers.setdefault("Cache-Control", "no-store")
            answered.headers["Referrer-Policy"] = "same-origin"  # the address is a secret; under no-referrer a form's Origin is "null"
            return answered

        return answer

    def words(self, request: Request) -> Words:
        return Words(chosen(request.query_params.get("lang", ""), request.headers.get("accept-language", "")))

    def show(self, request: Request, template: str, /, status: int = 200, **values: Any) -> Response:
        said = self.words(request)
        here = {"t": said, "languages": LANGUAGES, "path": request.url.path, "phone": "", "station": "", "submission": secrets.token_urlsafe(32)}
        return self._templates.TemplateResponse(request, f"outside/{template}", here | values, status_code=status)

    async def note(self, request: Request, name: str, status: int, text: str = "", **values: Any) -> Response:
        """A page that only says something, with the telephone number people know."""
        said = self.words(request)
        station, phone = await self.app.database.read(lambda conn: _only_station(self.desk(conn, _NOBODY), said))
        title, more = (said(name), said(f"{name}_more")) if name else ("", text)
        values |= {"renew": name == "changed", "again": name == "gone"}
        return self.show(request, "note.html", status, title=title, text=more, station=station, phone=phone, **values)

    # --- the link -----------------------------------------------------------------------------------------
    def token(self, request: Request) -> str:
        return str(request.path_params["token"])[:100]

    def came(self, request: Request, conn: Connection, init: str = "") -> From:
        held = self.door.token(request)
        where = request.client.host if request.client else ""
        staff = bool(held) and websessions.known(conn, held)
        telegram = self._vouched(init)
        if telegram and callers.is_colleague(conn, "telegram", telegram):
            staff = True
        return From(
            where, request.headers.get("user-agent", "")[:AGENT], self.words(request).language, staff, request.cookies.get(SESSION, ""), telegram
        )

    def _vouched(self, init: str) -> str:
        """Who Telegram says it is; Gone when that is not Telegram speaking."""
        if not init:
            return ""
        vouches = getattr(self.app.channels.get("telegram"), "vouched", None)
        found = vouches(init, self.app.clock.now()) if vouches is not None else ""
        if not found:
            raise Gone
        return str(found)

    def opened(self, conn: Connection, request: Request, purpose: str, came: From) -> Outside:
        """The desk behind the link, for this browser; raises Gone and Staff."""
        link = links.look(conn, self.token(request), self.app.clock.now())
        if link is None or link.purpose != purpose:
            raise Gone
        if link.mode == "own" and came.staff:
            raise Staff
        if link.mode == "handover" and link.session and digest(came.session) != link.session:
            raise Gone
        return self.desk(conn, link)

    def desk(self, conn: Connection, link: Link) -> Outside:
        ways = Ways(self.settings.public_url, self.app.channels, self.app.blobs)
        return Outside(conn, link, now=self.app.clock.now(), zone=self.settings.tz, ways=ways)

    # --- what comes in ------------------------------------------------------------------------------------
    async def form(self, request: Request) -> FormData:
        told = request.headers.get("content-length", "")
        if not told.isdecimal() or int(told) > BODY:
            raise Refused(413, self.words(request)("too_large"))
        try:
            return await request.form(max_files=0, max_fields=FIELDS, max_part_size=BODY)
        except HTTPException:
            raise Refused(413, self.words(request)("too_large")) from None


_NOBODY = Link(0, "", "own", True, None, None, "", *(None,) * 3, "", "", None, None)  # type: ignore[arg-type]


def text(form: FormData, name: str, longest: int = 200) -> str:
    """One field as it was typed, without what cannot be seen."""
    given = form.get(name, "")
    return "".join(sign for sign in given if sign.isprintable()).strip()[:longest] if isinstance(given, str) else ""


def heading(desk: Outside, job: Job, words: Words) -> Mapping[str, str]:
    """Firm, technician, job number and the telephone number the customer knows: before anything else."""
    station = desk.station(job.station_id)
    who = desk.person(job.technician_id) if job.technician_id else None
    firm = str(desk.setting("firm_name", "") or "")
    name = station.name if station else firm or words("our_station")
    whom = words(job.signer) if job.attested else job.caller
    greeting = words("hello" if whom else "hello_you", who=whom, station=name, name=who.name if who else "", number=job.number)
    phone = (station.phone if station else "") or str(desk.setting("firm_phone", "") or "")
    return {"station": name, "firm": firm, "greeting": greeting, "phone": phone, "number": job.number, "technician": who.name if who else ""}


def _only_station(desk: Outside, words: Words) -> tuple[str, str]:
    """Whatever the link was: with one station it is that one's number."""
    known = desk.stations()
    phone = known[0].phone if len(known) == 1 else str(desk.setting("firm_phone", "") or "")
    return (known[0].name if len(known) == 1 else words("our_station")), phone
