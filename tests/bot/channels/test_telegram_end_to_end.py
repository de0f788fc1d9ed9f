"""Over real sockets: a phone, the platform, our webhook or polling, the core, and back to the phone."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from bot.app import App
from bot.web.app import Site
from storage.tables import blob, inbox
from tests.bot.channels.contract import JPEG
from tests.bot.channels.test_telegram_contract import a_channel
from tests.bot.conftest import NOW, House
from tests.fakes.serving import Loopback
from tests.fakes.telegram import TelegramServer
from tests.fakes.telegram_phone import Phone, posting

WHO = "11001"


@pytest.fixture(scope="module")
def shared() -> Iterator[TelegramServer]:
    with TelegramServer(now=lambda: NOW) as server:
        yield server


@pytest.fixture
def server(shared: TelegramServer) -> TelegramServer:
    shared.reset()
    return shared


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """What a channel does is the same on either database."""
    shutil.copy(sqlite_template, tmp_path / "paojie.db")
    return f"sqlite:///{tmp_path / 'paojie.db'}"


class Office(House):
    """A House whose Telegram is the real channel."""

    def __init__(self, url: str, folder: Path, server: TelegramServer, **settings: Any) -> None:
        super().__init__(url, folder)
        self.server, self.channel_settings = server, settings

    async def open(self) -> App:
        self.telegram = a_channel(self.server, **self.channel_settings)  # type: ignore[assignment]
        return await super().open()


@pytest.fixture
async def office(database_url: str, tmp_path: Path, server: TelegramServer) -> AsyncIterator[Office]:
    office = Office(database_url, tmp_path, server)
    await office.open()
    await office.hire("wang", ("telegram", WHO))
    yield office
    await office.app.stop()


@pytest.fixture
async def phone(office: Office, server: TelegramServer) -> AsyncIterator[Phone]:
    transport = httpx.ASGITransport(Site(office.app))
    async with httpx.AsyncClient(transport=transport, base_url="http://paojie.example") as client:
        yield Phone(server, posting(client))


async def test_said_twice_over_is_answered_once(office: Office, phone: Phone, server: TelegramServer) -> None:
    assert await phone.says(WHO, "一 < 二 & 三", times=3) == [200, 200, 200]
    await office.app.drain()
    assert [message.text for message in server.heard(WHO)] == ["一 < 二 & 三"]


async def test_an_album_keeps_every_photograph(office: Office, phone: Phone, server: TelegramServer) -> None:
    await phone.sends_album(WHO, [JPEG + bytes([n]) for n in range(3)], "门头")
    await office.app.drain()
    kept = await office.database.read(lambda conn: conn.execute(select(func.count()).select_from(blob)).scalar_one())
    albums = await office.database.read(lambda conn: {row.body["album"] for row in conn.execute(select(inbox.c.body))})
    assert kept == 3
    assert len(albums) == 1
    assert len(server.heard(WHO)) == 3


async def test_a_tap_counts_from_when_it_came_and_its_spinner_stops(office: Office, phone: Phone, server: TelegramServer) -> None:
    await phone.taps_data(WHO, "s1.2.yes", sent=NOW - timedelta(hours=5), times=2)
    await office.app.drain()
    said = await office.database.read(lambda conn: conn.execute(select(inbox.c.said_at)).scalars().all())
    assert list(said) == [NOW]
    assert len(server.answered) == 1
    assert [message.text for message in server.heard(WHO)] == ["s1.2.yes"]


async def test_who_blocks_us_is_not_written_to(office: Office, phone: Phone, server: TelegramServer) -> None:
    await phone.blocks(WHO)
    await office.app.drain()
    await phone.says(WHO, "我回来了")
    server.blocked.clear()
    await office.app.drain()
    assert [message.text for message in server.heard(WHO)] == ["我回来了"]


async def test_a_restart_between_receiving_and_answering(office: Office, phone: Phone, server: TelegramServer) -> None:
    await phone.says(WHO, "在吗")
    await office.restart()
    await office.app.drain()
    assert [message.text for message in server.heard(WHO)] == ["在吗"]


async def test_429_then_the_same_words_arrive_once(office: Office, phone: Phone, server: TelegramServer) -> None:
    server.fail("sendMessage", 429)
    server.fail("sendMessage", 500)
    await phone.says(WHO, "好")
    for _ in range(3):
        await office.app.drain()
        office.later(10)
    assert [message.text for message in server.heard(WHO)] == ["好"]


async def test_without_the_secret_nothing_is_kept(office: Office, server: TelegramServer) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(Site(office.app)), base_url="http://paojie.example") as client:
        assert set(await Phone(server, posting(client, secret="guessed")).says(WHO, "我是经理")) == {403}
    assert await office.database.read(lambda conn: conn.execute(select(func.count()).select_from(inbox)).scalar_one()) == 0


async def test_over_a_socket_to_the_webhook(office: Office, server: TelegramServer) -> None:
    with Loopback(Site(office.app)) as site:
        async with httpx.AsyncClient(base_url=site.url) as client:
            assert await Phone(server, posting(client)).says(WHO, "从外面来") == [200]
    await office.app.drain()
    assert [message.text for message in server.heard(WHO)] == ["从外面来"]


async def test_polled_to_the_end(database_url: str, tmp_path: Path, server: TelegramServer) -> None:
    office = Office(database_url, tmp_path, server, mode="polling", hold=0)
    office.loops = True
    await office.open()
    await office.hire("wang", ("telegram", WHO))
    phone = Phone(server)
    for text in ("一", "二"):
        await phone.says(WHO, text)
    async with asyncio.timeout(10):
        while len(server.heard(WHO)) < 2 or server.queue:  # noqa: ASYNC110  # the other side is a thread
            await asyncio.sleep(0.01)
    await office.app.stop()
    assert [message.text for message in server.heard(WHO)] == ["一", "二"]
