"""WeCom's API over httpx: one token per app, every refusal as what to do about it, files streamed."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from typing import Any

import httpx

from bot.channels.answering import CERTIFICATE, skew
from bot.channels.base import AddressDead, MediaGone, Refused, RetryLater, SendFailed
from bot.channels.wecom_words import told

LARGEST_FILE = 20 * 1024 * 1024
PIECE = 1 << 16
_TOKEN_REST = timedelta(seconds=30)  # a wrong secret asked for again and again gets the address blocked for an hour
_GONE = "这个文件已经取不到了，请重新发一次。"
_TOO_LARGE = "这个文件超过 20 MB，收不下，请换一张小一些的再发。"

_TOKEN_REFUSED = {40014, 42001, 40001}
_BUSY = {-1: 5.0, 45033: 5.0}
_DEAD = {81013, 40003, 60111, 60011, 60021, 46004}
_CONFIG = frozenset({40001, 40013, 40056, 301002, 48002, 48006, 50003, 60020})


class Misconfigured(RetryLater):
    """A setting is wrong: every message waits until somebody mends it; the text is for the admin."""

    def __init__(self, code: int, ours: str = "") -> None:
        super().__init__(300.0, f"企业微信：{told(code)}（{code}）", everyone=True)
        self.code, self.ours = code, ours  # the address the platform saw us come from


class CardRefused(Refused):
    """The platform wants no such card; the same words as text will do."""


class _TokenRefused(Exception):
    pass


Answer = Mapping[str, Any]


class WeComApi:
    """Calls `path` under /cgi-bin with this app's token. All network trouble comes out as SendFailed."""

    def __init__(self, corp_id: str, agent_id: int, secret: str, base: str, now: Callable[[], datetime], patience: float = 10.0) -> None:
        self.agent_id = agent_id
        self._who = {"corpid": corp_id, "corpsecret": secret}
        self._http = httpx.AsyncClient(base_url=base.rstrip("/") + "/cgi-bin/", timeout=httpx.Timeout(patience, connect=patience / 2))
        self._for_files = httpx.Timeout(patience * 2, connect=patience / 2)  # between two pieces, not for the whole file
        self._now = now
        self._token = ""  # kept until refused: the platform voids tokens when it likes, so a clock would not help
        self._asking = asyncio.Lock()
        self._resting: tuple[datetime, SendFailed] | None = None
        self.skew: timedelta | None = None  # how far the platform's clock is ahead of ours
        logging.getLogger("httpx").setLevel(logging.WARNING)  # at INFO it writes every address, token and secret included

    async def close(self) -> None:
        await self._http.aclose()

    async def get(self, path: str, **params: str | int) -> Answer:
        return await self._with_token(lambda token: self._ask("GET", path, params={**params, "access_token": token}))

    async def post(self, path: str, body: Mapping[str, Any], **params: str | int) -> Answer:
        """Real UTF-8, no escapes (40033 otherwise)."""
        content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        headers = {"content-type": "application/json; charset=utf-8"}
        return await self._with_token(
            lambda token: self._ask("POST", path, params={**params, "access_token": token}, content=content, headers=headers)
        )

    async def upload(self, kind: str, name: str, mime: str, data: bytes) -> str:
        """A media id, good for three days. The bytes go out anew when the token was stale."""

        async def ask(token: str) -> Answer:
            files = {"media": (name, data, mime)}
            return await self._ask("POST", "media/upload", params={"access_token": token, "type": kind}, files=files, timeout=self._for_files)

        return str((await self._with_token(ask)).get("media_id", ""))

    async def download(self, media_id: str) -> AsyncIterator[bytes]:
        """The file in pieces. An error is status 200 with JSON in place of the picture."""
        token = await self._valid_token()
        try:
            async with self._opened(media_id, token) as response:
                async for piece in _pieces(response):
                    yield piece
                return
        except _TokenRefused:
            pass
        try:
            async with self._opened(media_id, await self._fresh_token(token)) as response:
                async for piece in _pieces(response):
                    yield piece
        except _TokenRefused:
            raise RetryLater(60.0, "token refused twice", everyone=True) from None

    @asynccontextmanager
    async def _opened(self, media_id: str, token: str) -> AsyncIterator[httpx.Response]:
        params = {"access_token": token, "media_id": media_id}
        try:
            async with self._http.stream("GET", "media/get", params=params, timeout=self._for_files) as response:
                kind = response.headers.get("content-type", "")
                if response.status_code not in (200, 206) or kind.startswith(("application/json", "text/")):
                    await response.aread()
                    _raise_for_media(_answer(response))
                yield response
        except httpx.HTTPError as error:
            raise _network(error) from None

    async def _with_token(self, ask: Callable[[str], Awaitable[Answer]]) -> Answer:
        """Refreshed once, asked again once: a second refusal is the platform's trouble, not a loop."""
        token = await self._valid_token()
        with suppress(_TokenRefused):
            return _checked(await ask(token))
        with suppress(_TokenRefused):
            return _checked(await ask(await self._fresh_token(token)))
        raise RetryLater(60.0, "token refused twice", everyone=True)

    async def _valid_token(self) -> str:
        return self._token or await self._fresh_token("")

    async def _fresh_token(self, stale: str) -> str:
        """One asks, the others wait for what it gets; after a refusal nobody asks for a while."""
        async with self._asking:
            if self._token != stale:
                return self._token
            if self._resting and self._now() < self._resting[0]:
                raise self._resting[1].with_traceback(None)
            try:
                answer = _checked(await self._ask("GET", "gettoken", params=self._who), of_token=True)
                if not answer.get("access_token"):
                    raise RetryLater(60.0, "no token in the answer", everyone=True)
            except SendFailed as error:
                self._resting = self._now() + _TOKEN_REST, error
                raise
            self._token, self._resting = str(answer["access_token"]), None
            return self._token

    async def _ask(self, method: str, path: str, **rest: Any) -> Answer:
        try:
            response = await self._http.request(method, path, **rest)
        except httpx.HTTPError as error:
            raise _network(error, writing=method == "POST") from None
        if path == "gettoken":
            self.skew = skew(response.headers.get("date", ""), self._now())
        return _answer(response, writing=method == "POST")


def _network(error: httpx.HTTPError, *, writing: bool = False) -> RetryLater:
    """Only the kind of the error: its text may hold the address with the token."""
    unsent = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)
    why = CERTIFICATE if "CERTIFICATE_VERIFY_FAILED" in str(error) else type(error).__name__
    return RetryLater(10.0, why, everyone=unsent, maybe_sent=writing and not unsent)


def _answer(response: httpx.Response, *, writing: bool = False) -> Answer:
    status = response.status_code
    if status == 429:
        after = response.headers.get("retry-after", "")
        raise RetryLater(float(after) if after.isdecimal() and after.isascii() else 60.0, "HTTP 429", everyone=True)
    if status >= 500:
        raise RetryLater(10.0, f"HTTP {status}", maybe_sent=writing)
    try:
        answer = json.loads(response.content)
    except (ValueError, RecursionError):
        answer = None
    if isinstance(answer, dict) and isinstance(answer.get("errcode", 0), int):
        return answer
    # a proxy's page, a captive portal: whoever answered was not WeCom
    raise RetryLater(30.0, f"HTTP {status}, not an answer of the platform", everyone=True, maybe_sent=writing)


def _checked(answer: Answer, *, of_token: bool = False) -> Answer:
    """Decided by number only: the words vary."""
    code = answer.get("errcode", 0)
    if code == 0:
        return answer
    why = f"{code} {_plain(str(answer.get('errmsg', '')))}"
    if code in _TOKEN_REFUSED and not of_token:
        raise _TokenRefused
    if code in _BUSY:
        raise RetryLater(_BUSY[code], why)
    if code == 45009:
        raise RetryLater(60.0, why, everyone=True)
    if code in _CONFIG:
        seen = re.search(r"from ip: ?([0-9a-fA-F.:]{3,45})", str(answer.get("errmsg", "")))
        raise Misconfigured(code, seen[1] if seen else "")
    if code in _DEAD:
        raise AddressDead(why)
    if 42014 <= code <= 42020 or 42027 <= code <= 42051:
        raise CardRefused(why)
    raise Refused(why)


def _raise_for_media(answer: Answer) -> None:
    code = answer.get("errcode", 0)
    if code in (40007, 40058):
        raise MediaGone(_GONE)
    if code == 830002:
        raise MediaGone(_TOO_LARGE)
    _checked(answer)
    raise RetryLater(30.0, "no file in the answer")


async def _pieces(response: httpx.Response) -> AsyncIterator[bytes]:
    length = response.headers.get("content-length", "")
    if length.isdecimal() and int(length) > LARGEST_FILE:
        raise MediaGone(_TOO_LARGE)
    had = 0
    async for piece in response.aiter_bytes(PIECE):
        had += len(piece)
        if had > LARGEST_FILE:
            raise MediaGone(_TOO_LARGE)
        yield piece


def _plain(words: str) -> str:
    """The platform's words without the caller's address and links."""
    return re.sub(r"\s*(,? ?from ip:|, more info at|hint:).*", "", words, flags=re.DOTALL)[:120]
