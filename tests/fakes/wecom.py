"""WeCom as a real HTTP server on loopback: what it accepts, what each member hears, and troubles on demand."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections import Counter, defaultdict, deque
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.fakes.serving import Loopback
from tests.fakes.wecom_rules import SHOWN, cut, cut_bytes, refused_menu, refused_message

CORP_ID, AGENT_ID, SECRET = "wwfake0123456789", 1000002, "a-secret-only-the-fake-knows"
TOKEN, AES_KEY = "QDG6eKtoken", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
PER_MINUTE = 30
MEDIA_LIVES = timedelta(days=3)
_LARGEST = {"image": 10 << 20, "voice": 2 << 20, "video": 10 << 20, "file": 20 << 20}
_WORDS = {
    40014: "invalid access_token",
    42001: "access_token expired",
    45009: "reach max api daily quota limit",
    60020: "not allow to access from your ip",
}


@dataclass(slots=True)
class Button:
    label: str
    key: str = ""
    url: str = ""


@dataclass(slots=True)
class Heard:
    """One message on a member's phone."""

    no: int
    userid: str
    at: datetime
    kind: str
    text: str
    buttons: list[Button] = field(default_factory=list)
    task_id: str = ""
    greyed: str = ""  # what the buttons were replaced with
    file: bytes | None = None
    raw: Mapping[str, Any] = field(default_factory=dict)

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(button.label for button in self.buttons)


@dataclass(slots=True)
class Kept:
    kind: str
    mime: str
    data: bytes
    at: datetime


class WeComServer:
    """`url` is the API's base address. `fail` plans troubles; the next calls of that path meet them in turn."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.now = now
        self.reset()
        routes = [Route("/cgi-bin/{path:path}", self._serve, methods=["GET", "POST"])]
        self._loopback = Loopback(Starlette(routes=routes))
        self.url = self._loopback.url

    def reset(self) -> None:
        """Nothing heard, nothing planned, an empty firm."""
        self.calls: Counter[str] = Counter()
        self.menu: Mapping[str, Any] = {}
        self.dropped: list[str] = []  # texts beyond the limit a minute, which the platform swallows
        self.left: set[str] = set()  # not members any more, or outside the visible range
        self.unlicensed: set[str] = set()
        self.hang = 1.0  # seconds a "timeout" keeps the caller waiting
        self._heard: dict[str, list[Heard]] = defaultdict(list)
        self._read: Counter[str] = Counter()
        self._rate: dict[str, deque[datetime]] = defaultdict(deque)
        self._faults: dict[str, deque[str | int]] = defaultdict(deque)
        self._media: dict[str, Kept] = {}
        self._task_ids: set[str] = set()
        self._seen: dict[bytes, datetime] = {}
        self._codes: dict[str, Heard] = {}
        self._numbers = itertools.count(1)
        self._token = "token-1"

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

    def heard(self, userid: str) -> list[Heard]:
        """Everything on this member's phone, oldest first."""
        return list(self._heard[userid.lower()])

    def news(self, userid: str) -> list[Heard]:
        """What came since the last look."""
        new = self.heard(userid)[self._read[userid.lower()] :]
        self._read[userid.lower()] += len(new)
        return new

    # what a test arranges

    def fail(self, path: str, how: str | int, times: int = 1) -> None:
        """429, 500, html, timeout (accepted, no answer), unheard (not accepted, no answer), cut, slow, an errcode, or ok.

        `path` as in "message/send"; "*" meets every call but gettoken.
        """
        self._faults[path].extend([how] * times)

    def mend(self) -> None:
        self._faults.clear()

    def void_token(self) -> None:
        """The platform ends the token early."""
        self._token = f"token-{next(self._numbers)}"

    def hold(self, data: bytes, mime: str = "image/jpeg", kind: str = "image") -> str:
        """A file the member sent: its MediaId."""
        media_id = f"MEDIA{next(self._numbers):06d}_-x"
        self._media[media_id] = Kept(kind, mime, data, self.now())
        return media_id

    def response_code(self, card: Heard) -> str:
        """A fresh code, good for one update."""
        code = f"RC{next(self._numbers):08d}"
        self._codes[code] = card
        return code

    # the API

    async def _serve(self, request: Request) -> Response:
        path = request.path_params["path"]
        self.calls[path] += 1
        fault = self._next_fault(path)
        if fault == 429:
            return JSONResponse({"errcode": 45009}, 429)
        if isinstance(fault, int):
            return JSONResponse(
                {"errcode": fault, "errmsg": _WORDS.get(fault, "refused") + ", from ip: 10.0.0.1"}, fault if fault in (500, 502) else 200
            )
        if fault == "html":
            return HTMLResponse("<html><body>请先登录网络</body></html>")
        if fault == "unheard":
            await asyncio.sleep(self.hang)
        if path != "gettoken" and request.query_params.get("access_token") != self._token:
            return _said(40014, "invalid access_token")
        answer = await self._answer(path, request)
        if fault == "timeout":
            await asyncio.sleep(self.hang)
        if fault == "cut":
            answer.headers["content-length"] = str(int(answer.headers.get("content-length", "9")) + 9)
        if fault == "slow" and isinstance(answer.body, bytes):
            return StreamingResponse(self._drip(answer.body), headers={"content-type": answer.headers["content-type"]})
        return answer

    def _next_fault(self, path: str) -> str | int | None:
        for plan in (self._faults[path], self._faults["*"] if path != "gettoken" else deque[str | int]()):
            if plan:
                return plan.popleft()
        return None

    async def _drip(self, body: bytes) -> AsyncIterator[bytes]:
        for start in range(0, len(body), max(1, len(body) // 4)):
            yield body[start : start + max(1, len(body) // 4)]
            await asyncio.sleep(self.hang)

    async def _answer(self, path: str, request: Request) -> Response:
        answers: Mapping[str, Callable[[Request], Any]] = {
            "gettoken": self._gettoken,
            "message/send": self._send,
            "message/update_template_card": self._update_card,
            "media/upload": self._upload,
            "media/get": self._download,
            "menu/create": self._create_menu,
            "getcallbackip": self._callback_ip,
        }
        answer: Response = await answers[path](request) if path in answers else _said(40035, "no such path")
        return answer

    async def _gettoken(self, request: Request) -> Response:
        query = request.query_params
        if query.get("corpid") != CORP_ID:
            return _said(40013, "invalid corpid")
        if query.get("corpsecret") != SECRET:
            return _said(40001, "invalid credential")
        return _said(0, access_token=self._token, expires_in=7200)

    async def _callback_ip(self, request: Request) -> Response:
        return _said(0, ip_list=["127.0.0.1"])

    async def _create_menu(self, request: Request) -> Response:
        body = await request.json()
        if refusal := refused_menu(body):
            return _said(*refusal)
        self.menu = body
        return _said(0)

    async def _upload(self, request: Request) -> Response:
        async with request.form() as form:
            media: Any = form.get("media")
            data = await media.read() if media is not None else b""
            mime = media.content_type if media is not None else ""
        kind = request.query_params.get("type", "")
        if kind not in _LARGEST:
            return _said(40004, "invalid media type")
        if len(data) <= 5:
            return _said(44001, "empty media")
        if len(data) > _LARGEST[kind]:
            return _said(45001, "media too large")
        if kind == "voice" and mime != "audio/amr":
            return _said(301017, "voice must be amr")
        return _said(0, type=kind, media_id=self.hold(data, mime, kind), created_at=str(int(self.now().timestamp())))

    async def _download(self, request: Request) -> Response:
        kept = self._kept(request.query_params.get("media_id", ""))
        if kept is None:
            return _said(40007, "invalid media_id")
        name = request.query_params["media_id"] + "." + kept.mime.partition("/")[2]
        return Response(kept.data, media_type=kept.mime, headers={"Content-disposition": f'attachment; filename="{name}"'})

    def _kept(self, media_id: str) -> Kept | None:
        kept = self._media.get(media_id)
        return kept if kept and self.now() - kept.at < MEDIA_LIVES else None

    async def _send(self, request: Request) -> Response:
        raw = await request.body()
        body = json.loads(raw)
        if refusal := refused_message(raw, body, AGENT_ID):
            return _said(*refusal)
        named = [userid.lower() for userid in body["touser"].split("|")]
        invalid, unlicensed = (sorted(bad.intersection(named)) for bad in (self.left, self.unlicensed))
        if not set(named) - self.left:
            return _said(81013, "user & party & tag all invalid")
        no = next(self._numbers)
        answer: dict[str, Any] = {"invaliduser": "|".join(invalid), "unlicenseduser": "|".join(unlicensed), "msgid": f"msg{no:08d}"}
        if body.get("enable_duplicate_check") == 1 and self._sent_before(raw, body.get("duplicate_check_interval", 1800)):
            return _said(0, **answer)
        heard = self._shown(no, body)
        if isinstance(heard, Response):
            return heard
        for userid in named:
            if userid not in {*invalid, *unlicensed}:
                answer |= self._deliver(userid, heard)
        return _said(0, **answer)

    def _sent_before(self, raw: bytes, seconds: int) -> bool:
        before, now = self._seen.get(raw), self.now()
        if before is not None and now - before < timedelta(seconds=seconds):
            return True
        self._seen[raw] = now
        return False

    def _shown(self, no: int, body: Mapping[str, Any]) -> Heard | Response:
        kind = body["msgtype"]
        heard = Heard(no, "", self.now(), kind, "", raw=body)
        if kind == "template_card":
            card = body["template_card"]
            if card.get("task_id") in self._task_ids:
                return _said(42014, "task_id repeated")
            self._task_ids.add(card.get("task_id"))
            heard.text, heard.buttons, heard.task_id = _card_text(card), _buttons(card), card.get("task_id", "")
        elif kind in _LARGEST:
            kept = self._kept(body[kind].get("media_id", ""))
            if kept is None:
                return _said(40007, "invalid media_id")
            heard.file = kept.data
        else:
            heard.text = cut_bytes(body[kind].get("content", ""))
        return heard

    def _deliver(self, userid: str, heard: Heard) -> dict[str, str]:
        """Beyond the limit a member hears nothing, and nobody is told."""
        now, rate = self.now(), self._rate[userid]
        while rate and rate[0] <= now - timedelta(minutes=1):
            rate.popleft()
        if len(rate) >= PER_MINUTE:
            self.dropped.append(heard.text)
            return {}
        rate.append(now)
        heard.userid = userid
        self._heard[userid].append(heard)
        return {"response_code": self.response_code(heard)} if heard.buttons else {}

    async def _update_card(self, request: Request) -> Response:
        body = await request.json()
        card = self._codes.pop(body.get("response_code", ""), None)
        if card is None:
            return _said(60140, "invalid response_code")
        if not body.get("button", {}).get("replace_name"):
            return _said(40058, "nothing to replace")
        card.greyed = body["button"]["replace_name"]
        return _said(0, invaliduser=[])


def _said(errcode: int, errmsg: str = "ok", **rest: Any) -> Response:
    return JSONResponse({"errcode": errcode, "errmsg": errmsg, **rest})


def _card_text(card: Mapping[str, Any]) -> str:
    """What a phone shows: anything over the advised length is cut."""
    title = card.get("main_title", {})
    parts = (
        cut(card.get("source", {}).get("desc", ""), SHOWN["source"]),
        cut(title.get("title", ""), SHOWN["title"]),
        cut(title.get("desc", ""), SHOWN["desc"]),
        cut(card.get("sub_title_text", ""), SHOWN["body"]),
    )
    return "\n".join(part for part in parts if part)


def _buttons(card: Mapping[str, Any]) -> list[Button]:
    return [Button(cut(one["text"], SHOWN["button"]), one.get("key", ""), one.get("url", "")) for one in card.get("button_list", ())]
