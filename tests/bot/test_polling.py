"""Two replicas and one bot: one asks, the other waits and takes over; nothing is lost or handled twice on the way."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot import polling
from bot.app import App
from bot.channels.base import Event
from bot.channels.telegram import Telegram
from bot.clock import Clock
from bot.polling import Poller
from bot.settings import Settings
from storage import leases
from storage.database import Database
from tests.fakes.telegram import TOKEN, TelegramServer
from tests.fakes.telegram_phone import Phone

Receive = Callable[[Event], Awaitable[object]]


class Asking:
    """Polls that say when they begin and end."""

    def __init__(self) -> None:
        self.now: set[str] = set()
        self.most = 0
        self.began: asyncio.Queue[str] = asyncio.Queue()

    def of(self, name: str) -> Callable[[Receive], Awaitable[None]]:
        async def poll(receive: Receive) -> None:
            self.now.add(name)
            self.most = max(self.most, len(self.now))
            self.began.put_nowait(name)
            try:
                await asyncio.Event().wait()
            finally:
                self.now.discard(name)

        return poll


async def next_of(queue: asyncio.Queue[str]) -> str:
    async with asyncio.timeout(20):
        return await queue.get()


async def nothing(event: Event) -> None: ...


async def test_one_polls_and_the_next_takes_over_when_it_stops(connect: Callable[[], Database], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "ASK_AGAIN", 0.02)
    asking, database = Asking(), connect()
    tasks = {
        name: asyncio.create_task(Poller(database, "telegram", asking.of(name), nothing, name).run())  # type: ignore[arg-type]
        for name in ("a", "b")
    }
    first = await next_of(asking.began)
    tasks[first].cancel()
    await asyncio.wait({tasks[first]})
    second = await next_of(asking.began)
    assert ({first, second}, asking.most) == ({"a", "b"}, 1)
    tasks[second].cancel()
    await asyncio.wait({tasks[second]})


async def test_a_lease_taken_by_another_ends_the_polling(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "RENEW", 0.02)
    monkeypatch.setattr(polling, "ASK_AGAIN", 0.02)
    asking = Asking()
    task = asyncio.create_task(Poller(database, "telegram", asking.of("a"), nothing, "a").run())  # type: ignore[arg-type]
    await next_of(asking.began)

    def seize(conn: object) -> None:
        leases.release(conn, "poll:telegram", "a")  # type: ignore[arg-type]
        leases.take(conn, "poll:telegram", "b", 60)  # type: ignore[arg-type]

    await database.write(seize)
    async with asyncio.timeout(20):
        while asking.now:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.wait({task})
    assert asking.began.empty()


async def test_two_replicas_hear_each_message_once(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "ASK_AGAIN", 0.02)
    if database_url.startswith("sqlite"):
        pytest.skip("one server on one SQLite file")
    with TelegramServer() as server:
        apps = []
        for name in ("a", "b"):
            settings = Settings(_env_file=None, data=tmp_path / name, database=SecretStr(database_url))  # type: ignore[call-arg]
            channel = Telegram(token=TOKEN, mode="polling", api=server.url, hold=1)
            apps.append(App(settings, Clock(), {"telegram": channel}))
            await apps[-1].start()
        phone = Phone(server)
        for n in range(5):
            await phone.says(9, f"第 {n} 句")
        async with asyncio.timeout(20):
            while len(server.confirmed) < 5:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        first, second = apps
        await first.stop()
        await phone.says(9, "换人以后")
        async with asyncio.timeout(20):
            while len(server.confirmed) < 6:  # noqa: ASYNC110
                await asyncio.sleep(0.02)

        def kept(conn: object) -> list[str]:
            from sqlalchemy import select

            from storage.tables import inbox

            return [json.dumps(row.body, ensure_ascii=False) for row in conn.execute(select(inbox.c.body).order_by(inbox.c.id))]  # type: ignore[attr-defined]

        said = await second.database.read(kept)
        await second.stop()
        assert len(said) == 6
        assert "换人以后" in said[-1]
