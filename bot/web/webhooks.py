"""The platforms' callbacks as bare ASGI: read, keep, COMMIT, and only then 200; no COMMIT in time is a 503, garbage is refused."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Protocol
from urllib.parse import parse_qsl

import structlog
from starlette.types import Receive, Scope, Send

from bot.app import App
from bot.channels.base import BadCallback, Event
from storage.errors import StorageError

TELEGRAM, WECOM = "/telegram/webhook", "/wecom/callback"
LARGEST = {TELEGRAM: 1024 * 1024, WECOM: 64 * 1024}
_NAMES = {TELEGRAM: "telegram", WECOM: "wecom"}
BODY_WITHIN = 3.0  # seconds for a body to come in
ANSWER_WITHIN = 4.5  # seconds for everything: WeCom hangs up after 5 and delivers again

log = structlog.get_logger()


class Pushed(Protocol):
    """What a channel that is pushed to has beside base.Channel."""

    name: str

    async def read(self, *, query: Mapping[str, str], headers: Mapping[str, str], body: bytes) -> Sequence[Event]: ...


class Refusal(Exception):
    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Webhooks:
    """Paths of channels that are not set up are not ours: they end as 404. Channels come and go while we run."""

    def __init__(self, app: App) -> None:
        self._app = app

    def serves(self, path: str) -> bool:
        return self._channel(path) is not None

    def _channel(self, path: str) -> Any:
        channel: Any = self._app.channels.get(_NAMES.get(path, ""))
        return channel if channel is not None and hasattr(channel, "read") and getattr(channel, "mode", "webhook") == "webhook" else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        status, body = await self._answer(scope, receive)
        headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, scope: Scope, receive: Receive) -> tuple[int, bytes]:
        path, channel = scope["path"], self._channel(scope["path"])
        until = asyncio.get_running_loop().time() + ANSWER_WITHIN
        try:
            query = _query(scope["query_string"])
            if scope["method"] == "GET" and hasattr(channel, "verify_url"):
                answer = channel.verify_url(query)
                self._app.connections.reached(channel.name)
                return 200, answer
            if scope["method"] != "POST":
                return 405, b""
            headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
            body = await _body(headers, receive, LARGEST[path])
            events = await channel.read(query=query, headers=headers, body=body)
        except (BadCallback, Refusal) as refused:
            return refused.status, b""
        except Exception as error:  # the edge: what a channel cannot read is the sender's fault
            log.warning("a callback could not be read", path=path, why=type(error).__name__)
            return 400, b""
        return await self._keep(channel.name, events, until)

    async def _keep(self, name: str, events: Sequence[Event], until: float) -> tuple[int, bytes]:
        """503 only when the database did not take it, or not in time: the platform delivers again, and twice is once."""
        try:
            async with asyncio.timeout_at(until):
                if len(events) == 1:  # nearly always; a task of its own costs as much as reading the update
                    await self._app.receive(name, events[0])
                else:
                    await asyncio.gather(*(self._app.receive(name, event) for event in events))
        except TimeoutError:
            log.warning("a callback was not kept in time", channel=name)
            return 503, b""
        except StorageError:
            return 503, b""
        except Exception as error:  # the edge: what cannot be kept is no reason to be asked for ever
            log.error("a callback could not be kept", channel=name, why=type(error).__name__)
            return 400, b""
        return 200, b""


def _query(raw: bytes) -> dict[str, str]:
    """A bare + is a +: Base64 has those, and WeCom's echostr is Base64."""
    if not raw:
        return {}
    return dict(parse_qsl(raw.replace(b"+", b"%2B").decode("latin-1"), keep_blank_values=True, max_num_fields=50, encoding="utf8", errors="replace"))


async def _body(headers: Mapping[str, str], receive: Receive, largest: int) -> bytes:
    told = headers.get("content-length", "0")
    if not told.isdecimal() or len(told) > 12 or int(told) > largest:
        raise Refusal(413)
    pieces, size = [], 0
    try:
        async with asyncio.timeout(BODY_WITHIN):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise Refusal(400)
                size += len(message.get("body", b""))
                if size > largest:
                    raise Refusal(413)
                pieces.append(message.get("body", b""))
                if not message.get("more_body", False):
                    return b"".join(pieces)
    except TimeoutError:
        raise Refusal(408) from None
