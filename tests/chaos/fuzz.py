"""The whole site under strange requests: every answer below 500, nothing kept from strangers, all that is kept can be handled."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy import func, select

from bot.app import App
from bot.channels.telegram import Telegram
from bot.clock import StillClock
from bot.settings import Settings
from bot.web.app import Site
from storage import callers, websessions
from storage.database import Connection
from storage.tables import inbox
from tests.bot.channels.test_wecom_fuzz import NOW, a_channel
from tests.chaos import firm, strange
from tests.chaos.firm import Rep
from tests.chaos.strange import Request
from tests.fakes.channel import FakeChannel
from tests.fakes.telegram import SECRET, TOKEN

AT_ONCE = 16
TOGETHER = 500  # then what they said is handled
KNOWN_SHARE = 0.6
ME = Rep("liqiang", "web", "liqiang", ("甲子光电", "甲子音响"))
_MINUTE = timedelta(minutes=1)


@dataclass(slots=True)
class Report:
    """`bad` are the first requests that were answered 500 or worse."""

    statuses: Counter[tuple[bool | None, int]] = field(default_factory=Counter)
    bad: list[Request] = field(default_factory=list)
    from_strangers: int = 0
    kept: int = 0
    handled: int = 0
    parked: list[Any] = field(default_factory=list)

    @property
    def worst(self) -> int:
        return max(status for _, status in self.statuses)

    def __str__(self) -> str:
        whose = {True: "known", None: "spoilt", False: "stranger"}
        told = ", ".join(f"{whose[known]} {status}: {count}" for (known, status), count in sorted(self.statuses.items(), key=str))
        return f"{self.statuses.total()} requests; {told}; rows {self.kept}, from strangers {self.from_strangers}, parked {len(self.parked)}"


@asynccontextmanager
async def site(folder: Path) -> AsyncIterator[tuple[App, Site]]:
    """Both platforms' real channels, the real conversation, one rep logged in."""
    settings = Settings(_env_file=None, data=folder, url="http://paojie.test", telegram_secret=SecretStr(SECRET))  # type: ignore[call-arg]
    telegram = Telegram(token=TOKEN, mode="webhook", secret=SECRET, address="https://paojie.example/telegram/webhook")
    app = App(settings, StillClock(NOW), {"wecom": a_channel(), "telegram": telegram}, loops=False)
    for channel in (telegram, app.channels["wecom"]):
        channel.start = FakeChannel().start  # type: ignore[method-assign]  # nobody is to be called
    await app.start()
    try:
        await app.database.write(_settle)
        yield app, Site(app)
    finally:
        await app.stop()


def _settle(conn: Connection) -> None:
    firm.build(conn, [ME])
    person = websessions.by_account(conn, ME.account, NOW.date())
    if person is None:
        raise LookupError(ME.account)
    for channel, address in (("wecom", "liqiang"), ("telegram", "11001")):  # who speaks in the recorded payloads
        callers.reachable(conn, person.person_id, channel, address)
    for token, until in ((strange.COOKIE, 365), (strange.EXPIRED, -1), (strange.REVOKED, 365)):
        websessions.begin(conn, person.person_id, token, NOW, NOW + timedelta(days=until), NOW.date())
    websessions.revoke(conn, strange.REVOKED, NOW)


async def fuzz(app: App, site: Site, endpoint: str, count: int, dice: random.Random) -> Report:
    """First the strangers, then those we know; and what these said is handled."""
    report = Report()
    before = await _rows(app)
    known = int(count * KNOWN_SHARE)
    await _ask(app, site, report, [strange.of(endpoint, dice, known=False) for _ in range(count - known)])
    report.from_strangers = await _rows(app) - before
    for asked_for in range(0, known, TOGETHER):
        await _ask(app, site, report, [strange.of(endpoint, dice, known=True) for _ in range(min(TOGETHER, known - asked_for))])
        await _handle(app, report)
    report.kept = await _rows(app) - before
    report.parked = await app.database.read(lambda conn: list(conn.execute(select(inbox.c.body, inbox.c.error).where(inbox.c.state == "parked"))))
    return report


async def _handle(app: App, report: Report) -> None:
    """All that waits; files that nobody fetches hold the talk back for a minute only."""
    now = app.clock.now()
    app.clock.move_to(now + 2 * _MINUTE)
    while (step := await app.handle_once()).moved or step.failed:
        report.handled += step.moved
    app.clock.move_to(now)


async def _rows(app: App) -> int:
    return await app.database.read(lambda conn: conn.execute(select(func.count()).select_from(inbox)).scalar_one())


async def _ask(app: App, site: Site, report: Report, requests: list[Request]) -> None:
    for start in range(0, len(requests), AT_ONCE):
        batch = requests[start : start + AT_ONCE]
        if batch[0].path.startswith("/chat"):
            app.clock.move_to(app.clock.now() + _MINUTE)  # who tries codes is kept waiting
        for request, status in zip(batch, await asyncio.gather(*(asked(site, one) for one in batch)), strict=True):
            report.statuses[request.known, status] += 1
            if status >= 500 and len(report.bad) < 5:
                report.bad.append(request)


async def asked(site: Site, request: Request) -> int:
    """The status. What the application lets out is what a server answers 500 for."""
    path = request.path.encode("utf8", "surrogatepass")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "scheme": "http",
        "method": request.method,
        "path": path.decode("utf8", "replace"),
        "raw_path": path,
        "root_path": "",
        "query_string": request.query,
        "headers": list(request.headers),
        "client": ("10.0.0.9", 4000),
        "server": ("paojie.test", 80),
    }
    messages: list[dict[str, Any]] = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in request.chunks]
    messages.append({"type": "http.disconnect"} if request.hangs_up else {"type": "http.request", "body": b"", "more_body": False})
    statuses: list[int] = []

    async def receive() -> dict[str, Any]:
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    try:
        await site(scope, receive, send)
    except Exception:  # the edge: as a server would
        return 500
    return statuses[0] if statuses else 500
