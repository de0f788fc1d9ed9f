"""The chat's way out: what is new, what was before, who one is, and the files one may see."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from bot.app import App
from bot.channels.webchat import WebChat, heard_within
from bot.settings import Settings
from bot.web import offered
from bot.web.answers import Problem, as_json, number, numbers
from bot.web.door import Door
from bot.web.wire import MeOut, PageOut, heard_out, prompt_out
from conversations import exhibits
from rules.people import ROLES
from storage import people, webbox, webhistory
from storage.database import Connection
from storage.errors import BadHash
from storage.shown import ShownRow
from storage.webhistory import SaidRow
from storage.websessions import Visitor

AT_MOST = 60
LONGEST_WAIT = 25.0
LOOK_AGAIN = 2.0  # seconds; behind the wake-ups, since another replica may have handled the message
SOON = 0.03
SAFE_TO_SHOW = frozenset(
    ("image/jpeg", "image/png", "image/webp", "image/gif", "audio/webm", "audio/mp4", "audio/mpeg", "audio/ogg", "audio/amr", "audio/wav")
)


class Hearing:
    def __init__(self, app: App, settings: Settings, door: Door, channel: WebChat) -> None:
        self._app, self._settings, self._door, self._channel = app, settings, door, channel

    async def me(self, request: Request) -> Response:
        visitor = await self._door.visitor(request)
        now = self._app.clock.now()
        today = self._door.today(now)
        person = await self._app.database.read(lambda conn: people.one(conn, visitor.person_id, today))
        roles = [role for role in ROLES if person is not None and role in person.roles]
        titles, zone = [ROLES[role] for role in roles], self._settings.tz.key
        return as_json(MeOut(visitor.account, visitor.name, titles, zone, now, offered.menu(roles), *offered.welcome(roles)))

    async def prompts(self, request: Request) -> Response:
        """Long poll. Who names in `got` what arrived is shown the rest again; for others, answered is delivered."""
        visitor = await self._door.visitor(request)
        await self._delivered(visitor, numbers(request, "got"))
        page = await self._look(visitor, number(request, "after"), number(request, "heard"), min(number(request, "wait"), LONGEST_WAIT))
        if "got" not in request.query_params:
            await self._delivered(visitor, [prompt.id for prompt in page.prompts])
        return as_json(page)

    async def earlier(self, request: Request) -> Response:
        """What stands above the oldest prompt and the oldest own message that the page shows."""
        visitor = await self._door.visitor(request)
        prompt, said = number(request, "prompt"), number(request, "said")

        def query(conn: Connection) -> PageOut:
            prompts = webhistory.prompts_before(conn, visitor.address_id, prompt, AT_MOST)
            return _page(conn, *_last(prompts, webhistory.said_before(conn, visitor.address_id, said, AT_MOST)), 0, 0, self._app.clock.now())

        return as_json(await self._app.database.read(query))

    async def file(self, request: Request) -> Response:
        """Only what this person sent or was shown, as it was shown; others are not told that it exists."""
        visitor = await self._door.visitor(request)
        sha, paper = request.path_params["sha"], number(request, "paper")
        try:
            path = self._app.blobs.path(sha)
        except BadHash:
            raise Problem(404, "没有这个文件。") from None
        entry = exhibits.stamped(sha, paper) if paper else sha
        seen, note = await self._app.database.read(
            lambda conn: (webhistory.may_see(conn, visitor.address_id, entry), webhistory.notes(conn, [sha]).get(sha))
        )
        if seen and note is not None and note.facts.keys() & {"chart", "sheet"}:
            path = self._app.blobs.path((await self._app.stamps.shown(sha))[0])
            if path.is_file():
                return _file(path, note.mime, "max-age=3600")
        if not seen or not path.is_file():
            raise Problem(404, "没有这个文件。")
        if paper:
            return _file(self._app.blobs.path((await self._app.stamps.shown(entry))[0]), "image/jpeg", "max-age=3600")
        return _file(path, note.mime if note else "", "max-age=31536000, immutable")

    async def _look(self, visitor: Visitor, after: int, heard: int, wait: float) -> PageOut:
        def query(conn: Connection) -> PageOut:
            return _new(conn, visitor.address_id, after, heard, self._app.clock.now())

        nap = LOOK_AGAIN
        with self._channel.listening(visitor.external_id) as event:
            while True:
                page = await self._app.database.read(query)
                if page.prompts or page.said or wait <= 0 or not self._channel.open:
                    return page
                woken = await heard_within(event, min(wait, nap))
                wait -= nap
                nap = SOON if woken else min(nap * 2, LOOK_AGAIN)  # the wake-up may come a moment before the row is marked sent

    async def _delivered(self, visitor: Visitor, ids: Sequence[int]) -> None:
        now = self._app.clock.now()
        if ids:
            await self._app.database.write(lambda conn: webbox.web_fetched(conn, visitor.address_id, ids, now))


def _new(conn: Connection, address_id: int, after: int, heard: int, now: datetime) -> PageOut:
    """A page that has nothing yet begins with the latest of both."""
    prompts = webbox.for_web(conn, address_id, after, AT_MOST) if after else webbox.latest(conn, address_id, AT_MOST)
    said = webhistory.said_since(conn, address_id, heard, AT_MOST) if heard else webhistory.said_latest(conn, address_id, AT_MOST)
    newest = max((row.id for row in prompts), default=0), max((row.id for row in said), default=0)
    shown = _last(prompts, said) if not after and not heard else (prompts, said)
    return _page(conn, *shown, max(after, newest[0]), max(heard, newest[1]), now)


def _last(prompts: Sequence[ShownRow], said: Sequence[SaidRow]) -> tuple[Sequence[ShownRow], Sequence[SaidRow]]:
    """The newest AT_MOST of both together, so that neither reaches further back than the other."""
    times = sorted([row.created_at for row in prompts] + [row.received_at for row in said])
    if len(times) <= AT_MOST:
        return prompts, said
    since = times[-AT_MOST]
    return [row for row in prompts if row.created_at >= since], [row for row in said if row.received_at >= since]


def _page(conn: Connection, prompts: Sequence[ShownRow], said: Sequence[SaidRow], after: int, heard: int, now: datetime) -> PageOut:
    notes = webhistory.notes(conn, [exhibits.read(entry)[0] for row in prompts for entry in row.prompt.attach])
    words = [heard_out(row) for row in said if row.body.get("kind", "said") == "said"]
    return PageOut([prompt_out(row, notes) for row in prompts], words, after, heard, now)


def _file(path: Path, mime: str, kept: str) -> Response:
    headers = {"Cache-Control": f"private, {kept}", "Content-Security-Policy": "default-src 'none'; sandbox"}
    return FileResponse(path, media_type=mime if mime in SAFE_TO_SHOW else "application/octet-stream", headers=headers)
