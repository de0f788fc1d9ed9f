"""Who is at the chat's page: a revocable cookie, in the demo the person in the path; and no request from elsewhere."""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Callable
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from bot import strangers
from bot.app import App
from bot.channels.webchat import WebChat
from bot.web.answers import Problem
from bot.web.wire import LoginIn
from storage import audit, invitations, people, websessions
from storage.database import Connection
from storage.websessions import Visitor

STAYS = timedelta(days=90)
HEADER = "x-paojie"
ASKED_FOR = ("application/json", "application/octet-stream", "application/pdf", "image/", "audio/", "video/")
# A page elsewhere may post a form's kinds; for these, or our header, the browser asks first, and we never say yes.
_COOKIES = {True: "__Host-paojie", False: "paojie"}
TRIES, ALL_TRIES, WINDOW = 8, 60, timedelta(minutes=10)


class Door:
    """Opens for one person at a time."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._knocks = Knocks()

    def today(self, now: datetime) -> date:
        return now.astimezone(self._app.settings.tz).date()

    def token(self, request: Request) -> str:
        """What this browser holds; "" before it has logged in. Who was in before the firm's address was entered stays in."""
        names = [_COOKIES[self._secure(request)]] if self._app.platforms.url_given else [_COOKIES[True], _COOKIES[False]]
        return next((held for name in names if (held := request.cookies.get(name))), "")

    async def visitor(self, request: Request) -> Visitor:
        now = self._app.clock.now()
        today = self.today(now)
        account = request.path_params.get("person", "")
        token = self.token(request)
        if account and self._app.demo:
            found = await self._app.database.read(lambda conn: websessions.by_account(conn, account, today))
            found = found or await self._app.database.write(lambda conn: _settled(conn, account, today))
        elif token and not account:
            found = await self._app.database.read(lambda conn: websessions.by_token(conn, token, now, today))
        else:
            found = None
        if found is None:
            raise Problem(404, "没有这位同事。") if account else Problem(401, "请先登录：打开同事发给您的邀请链接，或输入 8 位数字。")
        return found

    def check_origin(self, request: Request) -> None:
        """Only our own page may change anything (CSRF)."""
        origin = request.headers.get("origin")
        here = {request.headers.get("host", ""), urlsplit(self._app.settings.url).netloc}
        elsewhere = origin is not None and urlsplit(origin).netloc not in here - {""}
        crossed = request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none")
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        unasked = not kind.startswith(ASKED_FOR) and request.headers.get(HEADER) != "1"
        if elsewhere or crossed or unasked:
            raise Problem(403, "请从聊天页面里操作。")

    async def log_in(self, request: Request, asked: LoginIn, response: Callable[[Visitor], Response]) -> Response:
        """By invitation, link or code, each usable once; the cookie holds 256 random bits, we keep their hash."""
        now = self._app.clock.now()
        client = request.client.host if request.client else ""
        if not self._knocks.may(client, now):
            raise Problem(429, "试得太多了，请过 10 分钟再来。")
        token = secrets.token_urlsafe(32)

        def unit(conn: Connection) -> Visitor | None:
            invited = _redeemed(conn, asked, now)
            found = websessions.begin(conn, invited.person_id, token, now, now + STAYS, self.today(now)) if invited else None
            if invited and found:
                _noted(conn, invited, found, now)
            return found

        visitor = await self._app.database.write(unit)
        if visitor is None:
            self._knocks.wrong(client, now)
            raise Problem(401, "这个邀请不能用了：可能已经用过，或过了时间。请让同事再发一次。")
        answer = response(visitor)
        self.let_in(request, answer, token)
        return answer

    def let_in(self, request: Request, answer: Response, token: str) -> None:
        age, secure = int(STAYS.total_seconds()), self._secure(request)
        answer.set_cookie(_COOKIES[secure], token, max_age=age, path="/", secure=secure, httponly=True, samesite="strict")

    async def log_out(self, request: Request, answer: Response) -> Response:
        token, now = self.token(request), self._app.clock.now()
        if token:
            await self._app.database.write(lambda conn: websessions.revoke(conn, token, now))
        for secure, name in _COOKIES.items():
            if name in request.cookies:
                answer.delete_cookie(name, path="/", secure=secure, httponly=True, samesite="strict")
        return answer

    def _secure(self, request: Request) -> bool:
        """An address entered in the browser is not the only one: the machine's own goes on working, without https."""
        home = urlsplit(self._app.settings.public_url)
        return home.scheme == "https" and (self._app.platforms.url_given or request.headers.get("host", "") == home.netloc)


class Knocks:
    """Wrong tries lately, per place they come from and in all: an 8-digit code is not to be guessed."""

    def __init__(self) -> None:
        self._wrong: deque[tuple[datetime, str]] = deque()

    def may(self, client: str, now: datetime) -> bool:
        while self._wrong and self._wrong[0][0] <= now - WINDOW:
            self._wrong.popleft()
        return len(self._wrong) < ALL_TRIES and sum(1 for _, one in self._wrong if one == client) < TRIES

    def wrong(self, client: str, now: datetime) -> None:
        self._wrong.append((now, client))


def _settled(conn: Connection, account: str, today: date) -> Visitor | None:
    person = people.by_account(conn, account, today)
    if person is None:
        return None
    websessions.settle(conn, person.id, person.account)
    return websessions.by_account(conn, account, today)


def _redeemed(conn: Connection, asked: LoginIn, now: datetime) -> invitations.Invited | None:
    if asked.token:
        return invitations.redeem_token(conn, asked.token, now, web=True)
    name, code = "".join(asked.name.split()), "".join(each for each in asked.code if each.isdecimal())
    return invitations.redeem_code(conn, name, code, now) if name and len(code) == invitations.CODE_DIGITS else None


def _noted(conn: Connection, invited: invitations.Invited, visitor: Visitor, now: datetime) -> None:
    if invited.by_id is not None and invited.by_id != visitor.person_id:
        strangers.confirm(conn, invited.by_id, visitor.name, now)
    audit.append(conn, [audit.Entry(visitor.account, WebChat.name, "login", f"address:{visitor.address_id}")], now)
