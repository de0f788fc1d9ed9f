"""The small firm of tests/storage/firm.py behind the site, and browsers of its people, logged in by the link from the chat."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from pydantic import SecretStr
from sqlalchemy import update

from bot.app import App
from bot.clock import Clock, StillClock
from bot.settings import Settings
from bot.web.app import Site
from conversations.converse import converse
from storage.database import Connection
from storage.tables import person
from tests.storage.firm import NOW, Firm, found

BASE = "http://paojie.test"
_CSRF = re.compile(r'name="csrf" value="([0-9a-f]{64})"')


class House:
    def __init__(self, app: App, firm: Firm) -> None:
        self.app, self.firm = app, firm

    async def link(self, account: str) -> str:
        return await self.app.database.write(lambda conn: self.firm.desk(conn, account, self.app.clock.now()).office_link())

    @asynccontextmanager
    async def browser(self, account: str = "") -> AsyncIterator[Browser]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(Site(self.app)), base_url=BASE) as client:
            browser = Browser(client)
            if account:
                entered = await client.post(await self.link(account))
                assert entered.status_code == 303, entered.text
                assert entered.headers["location"] == "/office"
            yield browser

    async def read(self, ask: Any) -> Any:
        return await self.app.database.read(ask)


class Browser:
    """Posts what the page's form would: with its token."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def get(self, path: str) -> httpx.Response:
        return await self.client.get(path)

    async def csrf(self) -> str:
        found = _CSRF.search((await self.client.get("/office")).text)
        return found.group(1) if found else ""

    async def post(self, path: str, fields: Mapping[str, Any] | None = None, *, follow: bool = True) -> httpx.Response:
        answered = await self.client.post(path, data={"csrf": await self.csrf(), **(fields or {})}, headers={"Origin": BASE})
        if follow and answered.status_code == 303:
            return await self.client.get(answered.headers["location"])
        return answered


@asynccontextmanager
async def running(folder: Path, database: str = "", clock: Clock | None = None, loops: bool = False) -> AsyncIterator[House]:
    settings = Settings(data=folder, database=SecretStr(database), _env_file=None)  # type: ignore[call-arg]
    app = App(settings, clock or StillClock(NOW), {}, converse=converse, loops=loops)
    await app.start()

    def settle(conn: Connection) -> Firm:
        firm = found(conn)
        conn.execute(update(person).values(greeted_at=NOW))
        return firm

    try:
        yield House(app, await app.database.write(settle))
    finally:
        await app.stop()
