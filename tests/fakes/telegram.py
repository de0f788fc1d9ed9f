"""The Bot API as a real HTTP server on loopback: what it accepts, what each chat hears, and troubles on demand."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections import Counter, defaultdict, deque
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Self

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.fakes.serving import Loopback
from tests.fakes.telegram_rules import Refusal, check_commands, check_markup, check_webhook, shown

TOKEN, SECRET, USERNAME = "4839574812:AAFD39kkdpWt3ywyRZergyOLMaJhac60qcK", "a-secret_only-Telegram-knows", "paojie_bot"
TEXT, CAPTION, LARGEST_FILE, LARGEST_PHOTO, LARGEST_UPLOAD = 4096, 1024, 20 << 20, 10 << 20, 50 << 20
_DESCRIPTIONS = {400: "Bad Request: refused", 403: "Forbidden: bot was blocked by the user", 429: "Too Many Requests: retry after 1"}


@dataclass(slots=True)
class Button:
    label: str
    data: str = ""
    url: str = ""
    asks: str = ""  # location | contact, on a reply keyboard


@dataclass(slots=True)
class Heard:
    """One message in a chat."""

    no: int  # message_id
    chat: int
    at: datetime
    kind: str
    text: str
    buttons: list[Button] = field(default_factory=list)
    keys: list[Button] = field(default_factory=list)  # the reply keyboard that came with it
    file: bytes | None = None
    album: str = ""
    edited: bool = False
    arrived: float = 0.0  # on the server's monotonic clock
    raw: Mapping[str, Any] = field(default_factory=dict)

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(button.label for button in (*self.buttons, *self.keys) if not button.asks)


class TelegramServer:
    """`url` is the base address of the API. `fail` plans troubles; the next calls of that method meet them in turn."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.now = now
        self.reset()
        routes = [
            Route("/bot{token}/{method}", self._serve, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", self._download),
        ]
        self._loopback = Loopback(Starlette(routes=routes))
        self.url = self._loopback.url

    def reset(self) -> None:
        """Nothing heard, nothing planned, no webhook."""
        self.calls: Counter[str] = Counter()
        self.webhook: dict[str, Any] = {}
        self.menus: dict[str, list[Mapping[str, str]]] = {}  # by chat id, or the scope's type
        self.blocked: set[int] = set()
        self.strangers: set[int] = set()  # never pressed Start
        self.answered: dict[str, str] = {}  # callback query: the note shown
        self.queue: deque[Mapping[str, Any]] = deque()  # updates for getUpdates
        self.confirmed: list[int] = []  # update ids the platform may forget
        self.hang = 1.0  # seconds a "timeout" keeps the caller waiting
        self.retry_after = 1
        self._heard: dict[int, list[Heard]] = defaultdict(list)
        self._read: Counter[int] = Counter()
        self._changed: dict[int, list[Heard]] = defaultdict(list)
        self._faults: dict[str, deque[str | int]] = defaultdict(deque)
        self._files: dict[str, bytes] = {}
        self._queries: set[str] = set()
        self._numbers = itertools.count(1)

    def start(self) -> Self:
        self._loopback.start()
        return self

    def stop(self) -> None:
        self._loopback.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    # what a test sees

    def heard(self, user: int | str) -> list[Heard]:
        """Everything in this person's chat, oldest first."""
        return list(self._heard[int(user)])

    def news(self, user: int | str) -> list[Heard]:
        """What came since the last look, and what changed in place meanwhile."""
        new = self.heard(user)[self._read[int(user)] :]
        self._read[int(user)] += len(new)
        return [*self._changed.pop(int(user), []), *new]

    def all_heard(self) -> list[Heard]:
        """Of all chats, in order of arrival."""
        return sorted((message for messages in self._heard.values() for message in messages), key=lambda message: message.arrived)

    # what a test arranges

    def fail(self, method: str, how: str | int, times: int = 1) -> None:
        """A status, html, timeout (accepted, no answer), unheard (not accepted, no answer), cut, or slow.

        `method` as in sendMessage, "file" for downloads, "*" for every method.
        """
        self._faults[method].extend([how] * times)

    def mend(self) -> None:
        self._faults.clear()

    def hold(self, data: bytes) -> str:
        """A file somebody sent: its file_id."""
        file_id = f"AgACAgUAAxkBAAI{next(self._numbers):06d}"
        self._files[file_id] = data
        return file_id

    def number(self) -> int:
        return next(self._numbers)

    def query(self) -> str:
        """A tap's callback query, which may be answered once."""
        query = str(4_382_000_000_000 + next(self._numbers))
        self._queries.add(query)
        return query

    # the API

    async def _serve(self, request: Request) -> Response:
        method = request.path_params["method"]
        self.calls[method] += 1
        if request.path_params["token"] != TOKEN:
            return _no(401, "Unauthorized")
        fault = self._next_fault(method, "*")
        if isinstance(fault, int):
            return _no(fault, _DESCRIPTIONS.get(fault, "Internal Server Error"), **({"retry_after": self.retry_after} if fault == 429 else {}))
        if fault == "html":
            return HTMLResponse("<html><body>请先登录网络</body></html>")
        if fault == "unheard":
            await asyncio.sleep(self.hang)
            return _no(500, "Internal Server Error")
        answer = await self._answer(method, request)
        if fault == "timeout":
            await asyncio.sleep(self.hang)
        if fault == "cut":
            answer.headers["content-length"] = str(int(answer.headers["content-length"]) + 9)
        return answer

    def _next_fault(self, *plans: str) -> str | int | None:
        return next((self._faults[plan].popleft() for plan in plans if self._faults[plan]), None)

    async def _answer(self, method: str, request: Request) -> Response:
        call = getattr(self, f"_{method}", None)
        if call is None:
            return _no(404, "Not Found")
        try:
            body, files = await _arguments(request)
            result = call(body, files)
            return JSONResponse({"ok": True, "result": await result if asyncio.iscoroutine(result) else result})
        except Refusal as refusal:
            return _no({"Forbidden": 403, "Conflict": 409}.get(str(refusal).partition(":")[0], 400), str(refusal))

    def _getMe(self, body: Any, files: Any) -> Any:
        return {"id": 4839574812, "is_bot": True, "first_name": "跑街", "username": USERNAME}

    def _setWebhook(self, body: Any, files: Any) -> Any:
        check_webhook(body)
        self.webhook = dict(body)
        return True

    def _deleteWebhook(self, body: Any, files: Any) -> Any:
        self.webhook = {}
        return True

    def _getWebhookInfo(self, body: Any, files: Any) -> Any:
        told = {name: value for name, value in self.webhook.items() if name.startswith("last_error_")}
        return {"url": self.webhook.get("url", ""), "has_custom_certificate": False, "pending_update_count": len(self.queue), **told}

    def _setMyCommands(self, body: Any, files: Any) -> Any:
        check_commands(body["commands"])
        scope = body.get("scope", {"type": "default"})
        self.menus[str(scope.get("chat_id", scope["type"]))] = body["commands"]
        return True

    async def _getUpdates(self, body: Any, files: Any) -> Any:
        """Everything below the offset is confirmed and forgotten; what is above comes again and again."""
        if self.webhook.get("url"):
            raise Refusal("Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first")
        offset = int(body.get("offset", 0))
        while self.queue and offset > 0 and self.queue[0]["update_id"] < offset:
            self.confirmed.append(self.queue.popleft()["update_id"])
        until = time.monotonic() + float(body.get("timeout", 0))
        while not self.queue and time.monotonic() < until:  # noqa: ASYNC110  # filled from another thread
            await asyncio.sleep(0.01)
        waiting = list(self.queue)[offset:] if offset < 0 else list(self.queue)
        return waiting[: int(body.get("limit", 100))]

    def _getFile(self, body: Any, files: Any) -> Any:
        data = self._files.get(str(body.get("file_id")))
        if data is None:
            raise Refusal("wrong file_id or the file is temporarily unavailable")
        if len(data) > LARGEST_FILE:
            raise Refusal("file is too big")
        return {"file_id": body["file_id"], "file_unique_id": "u", "file_size": len(data), "file_path": f"photos/{body['file_id']}.jpg"}

    async def _download(self, request: Request) -> Response:
        self.calls["file"] += 1
        data = self._files.get(request.path_params["path"].removeprefix("photos/").removesuffix(".jpg"))
        if request.path_params["token"] != TOKEN or data is None:
            return _no(404, "Not Found")
        fault = self._next_fault("file")
        if isinstance(fault, int):
            return _no(fault, "failed")
        return StreamingResponse(self._drip(data)) if fault == "slow" else Response(data)

    async def _drip(self, data: bytes) -> AsyncIterator[bytes]:
        for start in range(0, len(data), max(1, len(data) // 4)):
            yield data[start : start + max(1, len(data) // 4)]
            await asyncio.sleep(self.hang)

    def _answerCallbackQuery(self, body: Any, files: Any) -> Any:
        query = str(body.get("callback_query_id"))
        if query not in self._queries:
            raise Refusal("query is too old and response timeout expired or query ID is invalid")
        if len(body.get("text", "")) > 200:
            raise Refusal("MESSAGE_TOO_LONG")
        self._queries.discard(query)
        self.answered[query] = body.get("text", "")
        return True

    def _sendMessage(self, body: Any, files: Any) -> Any:
        return self._deliver("text", body, shown(body, "text", TEXT))

    def _sendPhoto(self, body: Any, files: Any) -> Any:
        return self._deliver("photo", body, shown(body, "caption", CAPTION), self._upload(files, "photo", LARGEST_PHOTO))

    def _sendVoice(self, body: Any, files: Any) -> Any:
        return self._deliver("voice", body, shown(body, "caption", CAPTION), self._upload(files, "voice", LARGEST_UPLOAD))

    def _sendDocument(self, body: Any, files: Any) -> Any:
        return self._deliver("document", body, shown(body, "caption", CAPTION), self._upload(files, "document", LARGEST_UPLOAD))

    def _sendMediaGroup(self, body: Any, files: Any) -> Any:
        media = body["media"]
        if not 2 <= len(media) <= 10 or "reply_markup" in body:
            raise Refusal("wrong number of media in the album")
        album = str(next(self._numbers))
        parts = [(item, self._upload(files, item["media"].removeprefix("attach://"), LARGEST_PHOTO)) for item in media]
        return [self._deliver(item["type"], {**item, **body}, shown(item, "caption", CAPTION), data, album) for item, data in parts]

    def _upload(self, files: Mapping[str, bytes], name: str, largest: int) -> bytes:
        data = files.get(name, b"")
        if not data:
            raise Refusal("there is no file in the request")
        if len(data) > largest:
            raise Refusal("file is too big")
        return data

    def _deliver(self, kind: str, body: Mapping[str, Any], text: str, file: bytes | None = None, album: str = "") -> Any:
        chat = self._chat(body)
        markup = body.get("reply_markup") or {}
        check_markup(markup or None)
        heard = Heard(next(self._numbers), chat, self.now(), kind, text, _inline(markup), _keys(markup), file, album, False, time.monotonic(), body)
        self._heard[chat].append(heard)
        return _message(heard)

    def _chat(self, body: Mapping[str, Any]) -> int:
        try:
            chat = int(body["chat_id"])
        except (KeyError, ValueError):
            raise Refusal("chat not found") from None
        if chat in self.strangers:
            raise Refusal("chat not found")
        if chat in self.blocked:
            raise Refusal("Forbidden: bot was blocked by the user")
        return chat

    def _editMessageText(self, body: Any, files: Any) -> Any:
        return self._edit(body, shown(body, "text", TEXT))

    def _editMessageReplyMarkup(self, body: Any, files: Any) -> Any:
        return self._edit(body, None)

    def _edit(self, body: Mapping[str, Any], text: str | None) -> Any:
        found = [one for one in self._heard[self._chat(body)] if one.no == int(body["message_id"])]
        if not found:
            raise Refusal("message to edit not found")
        markup = body.get("reply_markup")
        check_markup(markup, edit=True)
        (message,) = found
        new = message.text if text is None else text
        if (new, _inline(markup or {})) == (message.text, message.buttons):
            raise Refusal("message is not modified: specified new message content and reply markup are exactly the same")
        message.text, message.buttons, message.edited, message.raw = new, _inline(markup or {}), True, body
        chat = self._chat(body)
        if text is not None and self._heard[chat].index(message) < self._read[chat]:
            self._changed[chat].append(message)
        return _message(message)


async def _arguments(request: Request) -> tuple[dict[str, Any], dict[str, bytes]]:
    """JSON, or a form whose nested values are JSON in turn."""
    if request.headers.get("content-type", "").startswith("application/json"):
        return json.loads(await request.body() or b"{}"), {}
    body: dict[str, Any] = {}
    files: dict[str, bytes] = {}
    async with request.form(max_part_size=LARGEST_UPLOAD) as form:
        for name, value in form.multi_items():
            if isinstance(value, str):
                body[name] = json.loads(value) if value[:1] in "[{" and name in ("media", "reply_markup", "commands", "scope") else value
            else:
                files[name] = await value.read()
    return body, files


def _no(status: int, description: str, **parameters: Any) -> Response:
    words = description if status != 400 or description.startswith("Bad Request") else f"Bad Request: {description}"
    body = {"ok": False, "error_code": status, "description": words}
    return JSONResponse(body | ({"parameters": parameters} if parameters else {}), status)


def _message(heard: Heard) -> Mapping[str, Any]:
    return {
        "message_id": heard.no,
        "date": int(heard.at.timestamp()),
        "chat": {"id": heard.chat, "type": "private"},
        "from": {"id": 4839574812, "is_bot": True, "first_name": "跑街", "username": USERNAME},
        "text": heard.text,
    }


def _inline(markup: Mapping[str, Any]) -> list[Button]:
    rows = markup.get("inline_keyboard", ())
    return [Button(one["text"], one.get("callback_data", ""), one.get("url", "")) for row in rows for one in row]


def _keys(markup: Mapping[str, Any]) -> list[Button]:
    asks = {"request_location": "location", "request_contact": "contact"}
    rows = markup.get("keyboard", ())
    return [Button(one["text"], asks=next((asks[wish] for wish in asks if one.get(wish)), "")) for row in rows for one in row]
