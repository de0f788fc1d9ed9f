"""The Bot API over HTTP: one client for our own calls and for python-telegram-bot's, the token never in a log or an error."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, NoReturn

import httpx
import msgspec
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, TelegramError
from telegram.request import BaseRequest, RequestData

from bot.channels.answering import CERTIFICATE
from bot.channels.base import AddressDead, MediaGone, Refused, RetryLater, SendFailed

LARGEST_FILE = 20 * 1024 * 1024  # getFile gives no more
PIECE = 1 << 16
TOO_LARGE = "这个文件超过 20 MB，这里收不下。请压缩一下，或分成几份再发。"
GONE = "这个文件已经取不到了，请重新发一次。"
BAD_TOKEN = "Telegram 不认这个令牌"
UNREACHABLE = ("chat not found", "peer_id_invalid", "user not found")  # told with a 400, and for good

Upload = tuple[str, str, str, bytes]  # field, file name, mime, bytes


class TooFast(RetryLater):
    """429."""


class Conflict(RetryLater):
    """409: a webhook is set, or somebody else polls."""


class Parameters(msgspec.Struct):
    retry_after: float = 0


class Answer(msgspec.Struct):
    ok: bool
    result: msgspec.Raw = msgspec.Raw(b"null")
    description: str = ""
    parameters: Parameters = msgspec.field(default_factory=Parameters)


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Answer).decode
_JSON = {"Content-Type": "application/json"}


def _answer(content: bytes) -> Answer | None:
    try:
        return _decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def refusal(status: int, answer: Answer) -> SendFailed:
    """What to do about an answer that says no."""
    why = answer.description or f"status {status}"
    if status == 429:
        return TooFast(max(answer.parameters.retry_after, 1.0), why)
    if status == 403 or (status == 400 and any(words in why.lower() for words in UNREACHABLE)):
        return AddressDead(why)
    if status in (401, 404):
        return RetryLater(60, BAD_TOKEN, everyone=True)
    if status == 409:
        return Conflict(5, why)
    if status >= 500:
        return RetryLater(5, why)
    return Refused(why)


class Lost(NetworkError):
    """A failure of ours on its way through python-telegram-bot. Its own RetryAfter and TimedOut say less."""

    def __init__(self, failed: SendFailed) -> None:
        super().__init__(str(failed))
        self.failed = failed


def failure(error: TelegramError) -> SendFailed:
    """The same for what python-telegram-bot raises. A BadRequest is a NetworkError there: it is looked for first."""
    if isinstance(error, Lost):
        return error.failed
    if isinstance(error, InvalidToken):  # its text holds the token
        return RetryLater(60, BAD_TOKEN, everyone=True)
    if isinstance(error, Forbidden):
        return AddressDead(error.message)
    if isinstance(error, BadRequest):
        return Refused(error.message)
    return RetryLater(10, error.message)


class Wire:
    """Calls by method name. Everything that fails comes out as SendFailed (download: or MediaGone)."""

    def __init__(self, token: str, base: str, patience: float) -> None:
        for name in ("httpx", "httpcore", "telegram"):  # they write addresses, and the token is in ours
            logging.getLogger(name).setLevel(logging.WARNING)
        self._methods, self.files = f"{base}/bot{token}/", f"{base}/file/bot{token}/"
        self._patience = patience
        self.date = ""  # the platform's clock, as its last answer told it
        self._client = httpx.AsyncClient(timeout=patience, limits=httpx.Limits(max_connections=64), follow_redirects=False)

    def __repr__(self) -> str:
        return "Wire()"

    async def close(self) -> None:
        await self._client.aclose()

    async def call(self, method: str, body: Mapping[str, Any], uploads: Sequence[Upload] = (), patience: float | None = None) -> msgspec.Raw:
        """The `result` of a method that said ok."""
        status, content = await self.exchange(method, body, uploads, patience)
        answer = _answer(content)
        if answer is None and status == 200:  # a portal or proxy answered in its place, before or after
            raise RetryLater(30, "not the Bot API's answer", maybe_sent=True)
        if answer is None or not answer.ok or status != 200:
            raise refusal(status, answer or Answer(False))
        return answer.result

    async def exchange(
        self, method: str, body: Mapping[str, Any], uploads: Sequence[Upload] = (), patience: float | None = None
    ) -> tuple[int, bytes]:
        timeout = httpx.Timeout(patience or self._patience, connect=self._patience, pool=self._patience)
        try:
            if uploads:
                fields = {name: value if isinstance(value, str) else _encode(value).decode() for name, value in body.items()}
                files = [(field, (name, data, mime)) for field, name, mime, data in uploads]
                answer = await self._client.post(self._methods + method, data=fields, files=files, timeout=timeout)
            else:
                answer = await self._client.post(self._methods + method, content=_encode(body), headers=_JSON, timeout=timeout)
        except httpx.HTTPError as error:
            _lost(error)
        self.date = answer.headers.get("date", "")
        return answer.status_code, answer.content

    async def download(self, address: str, longest: float) -> AsyncIterator[bytes]:
        """The file in pieces; MediaGone past 20 MB, RetryLater when it takes more than `longest` seconds."""
        loop = asyncio.get_running_loop()
        deadline, size = loop.time() + longest, 0
        try:
            async with self._client.stream("GET", address) as answer:
                if answer.status_code in (400, 404, 410):
                    raise MediaGone(GONE)
                if answer.status_code != 200:
                    raise RetryLater(5, f"status {answer.status_code}")
                async for piece in answer.aiter_bytes(PIECE):
                    size += len(piece)
                    if size > LARGEST_FILE:
                        raise MediaGone(TOO_LARGE)
                    if loop.time() > deadline:
                        raise RetryLater(5, "too slow")
                    yield piece
        except httpx.HTTPError as error:
            _lost(error)


class Request(BaseRequest):
    """python-telegram-bot's calls, through the same client."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    @property
    def read_timeout(self) -> float | None:
        return None

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def do_request(self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any) -> tuple[int, bytes]:
        body = request_data.parameters if request_data else {}
        try:
            status, content = await self._wire.exchange(url.rpartition("/")[2], body)
        except RetryLater as error:
            raise Lost(error) from None
        if status == 429:
            raise Lost(refusal(status, _answer(content) or Answer(False)))
        return status, content


def _lost(error: httpx.HTTPError) -> NoReturn:
    """Without a connection nothing left; after that nobody knows. The error itself holds the address: it is dropped."""
    unsent = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout | httpx.UnsupportedProtocol)
    why = CERTIFICATE if "CERTIFICATE_VERIFY_FAILED" in str(error) else type(error).__name__
    raise RetryLater(5, why, maybe_sent=not unsent) from None
