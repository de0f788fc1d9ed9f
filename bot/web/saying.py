"""The chat's way in: messages, taps and files; answered for only after COMMIT, once per client UUID."""

from __future__ import annotations

from datetime import UTC

from starlette.requests import Request
from starlette.responses import Response

from bot.app import App
from bot.channels.base import Event, Media
from bot.channels.webchat import WebChat
from bot.web.answers import Problem, as_json, decoded
from bot.web.door import Door
from bot.web.wire import FileIn, FileOut, SaidIn, SaidOut, kind_of
from conversations.types import Point
from storage.errors import TooLarge
from storage.websessions import Visitor

FILE_LIMIT = 20 * 1024 * 1024
ENTERED = "enter"
_TOO_LARGE = "这个文件超过 20 MB，发不了。照片请重拍一张，文件请先压缩。"


class Saying:
    def __init__(self, app: App, door: Door, channel: WebChat) -> None:
        self._app, self._door, self._channel = app, door, channel

    async def said(self, request: Request) -> Response:
        self._door.check_origin(request)
        visitor = await self._door.visitor(request)
        said = await decoded(request, SaidIn)
        if not (said.text.strip() or said.tap or said.place or said.blob):
            raise Problem(400, "还没有内容，请写一句话，或发一张照片。")
        claimed = said.at.astimezone(UTC) if said.at else None
        event = Event(
            key=f"{visitor.account}/{said.id.lower()}",
            sender=visitor.external_id,
            at=claimed or self._app.clock.now(),
            text=said.text,
            tap=said.tap,
            media=_media(said.blob),
            place=Point(said.place.lat, said.place.lon, said.place.label) if said.place else None,
            album=said.album,
            claimed_at=claimed,
        )
        return await self._keep(visitor, event, said.id)

    async def enter(self, request: Request) -> Response:
        """The chat is open for the first time: whoever has not been greeted is."""
        self._door.check_origin(request)
        visitor = await self._door.visitor(request)
        event = Event(key=f"{visitor.account}/{ENTERED}", sender=visitor.external_id, at=self._app.clock.now(), kind="enter")
        return await self._keep(visitor, event, ENTERED)

    async def upload(self, request: Request) -> Response:
        """The body is the file, streamed to the disk; a `said` names it afterwards."""
        self._door.check_origin(request)
        await self._door.visitor(request)
        told = request.headers.get("content-length", "")
        if told.isdecimal() and int(told) > FILE_LIMIT:  # the stream is counted in any case
            raise Problem(413, _TOO_LARGE)
        try:
            sha, size = await self._app.blobs.put_stream(request.stream(), FILE_LIMIT)
        except TooLarge:
            raise Problem(413, _TOO_LARGE) from None
        if not size:
            raise Problem(400, "这个文件是空的，请换一个再发。")
        mime = request.headers.get("content-type", "").partition(";")[0].strip().lower()[:80]
        return as_json(FileOut(sha, size, kind_of(mime), mime))

    async def _keep(self, visitor: Visitor, event: Event, id: str) -> Response:
        received = await self._app.receive(WebChat.name, event)
        if received.quarantined:
            raise Problem(409, "这条和先前发过的不一样，请重新写一条再发。")
        if received.new:
            self._channel.wake(visitor.external_id)  # the person's other browsers show it too
        return as_json(SaidOut(id, received.id, received.new, self._app.clock.now()))


def _media(file: FileIn | str | None) -> Media | None:
    if isinstance(file, str):
        return Media(f"blob:{file}") if file else None
    return Media(f"blob:{file.sha256}", file.kind, file.mime, 0, file.name) if file else None
