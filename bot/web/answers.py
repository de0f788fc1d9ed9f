"""Questions read and answers written as JSON; a problem is told in the person's words, never as a bare number."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from bot.web.wire import ProblemOut
from storage.errors import Closed, CommitUnknown, Unavailable

BODY_LIMIT = 128 * 1024
T = TypeVar("T")
Handler = Callable[[Request], Awaitable[Response]]
_BUSY = "现在有点忙，您的内容还在手机里，稍后会自动再发。"
_UNREADABLE = "这条没有看懂，请刷新页面再试一次。"


class Problem(Exception):
    """An answer other than the one asked for."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status, self.text = status, text


def answering(handler: Handler) -> Handler:
    """The handler, with what may go wrong turned into an answer."""

    async def answer(request: Request) -> Response:
        try:
            return await handler(request)
        except Problem as problem:
            return as_json(ProblemOut(problem.text), problem.status)
        except (Unavailable, CommitUnknown, Closed):
            return as_json(ProblemOut(_BUSY), 503)
        except ClientDisconnect:
            return Response(status_code=400)

    return answer


def as_json(value: Any, status: int = 200) -> Response:
    return Response(msgspec.json.encode(value), status, {"Cache-Control": "no-store"}, "application/json")


async def decoded(request: Request, kind: type[T]) -> T:
    """The body as `kind`; 400 when it is not, 413 when it is too long to be a message."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > BODY_LIMIT:
            raise Problem(413, "这条太长了，请分成几条发。")
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise Problem(415, _UNREADABLE)
    try:
        return msgspec.json.decode(bytes(body), type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise Problem(400, _UNREADABLE) from None


def number(request: Request, name: str) -> int:
    """A count in the query; 0 when it is not there or not one."""
    given = request.query_params.get(name, "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 16 else 0


def numbers(request: Request, name: str, at_most: int = 200) -> list[int]:
    parts = request.query_params.get(name, "").split(",")[:at_most]
    return [int(part) for part in parts if part.isascii() and part.isdecimal() and len(part) < 16]
