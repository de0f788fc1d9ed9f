"""Telegram keeps the contract of every channel, over a real socket to the fake."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import ClassVar

import pytest

from bot.channels.base import Event, RetryLater
from bot.channels.pacing import Pace, Timer
from bot.channels.telegram import Telegram
from tests.bot.channels import contract
from tests.bot.channels.contract import Rig, Seen
from tests.fakes.telegram import SECRET, TOKEN, TelegramServer
from tests.fakes.telegram_phone import Phone

NOW = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)


class Hurried:
    """A clock that stands still until somebody waits for it."""

    def __init__(self) -> None:
        self.time = 0.0

    def alarm(self, at: float, ring: Callable[[], None]) -> Timer:
        loop = asyncio.get_running_loop()
        self.time = max(self.time, at)
        return loop.call_at(loop.time(), ring)


def a_channel(server: TelegramServer, **settings: object) -> Telegram:
    clock = Hurried()
    pace = Pace(now=lambda: clock.time, alarm=clock.alarm)
    given = {"token": TOKEN, "mode": "webhook", "secret": SECRET, "address": "https://paojie.example/telegram/webhook", "api": server.url}
    return Telegram(**{**given, "pace": pace, "patience": 0.4, **settings})  # type: ignore[arg-type]


class TelegramRig(Rig):
    person = "11001"

    def __init__(self, server: TelegramServer) -> None:
        self.server = server
        self.channel: Telegram = a_channel(server)
        self.phone = Phone(server, self._deliver)
        self.secret = SECRET
        self.came: list[Event] = []

    async def _deliver(self, body: bytes) -> int:
        self.came += await self.channel.read(query={}, headers={"X-Telegram-Bot-Api-Secret-Token": self.secret}, body=body)
        return 200

    def _new(self) -> Sequence[Event]:
        new, self.came = self.came, []
        return new

    async def says(self, text: str, *, times: int = 1) -> Sequence[Event]:
        await self.phone.says(self.person, text, times=times)
        return self._new()

    async def taps(self, token: str) -> Sequence[Event]:
        await self.phone.taps_data(self.person, token)
        return self._new()

    async def sends_photo(self, data: bytes) -> Sequence[Event]:
        await self.phone.sends_photo(self.person, data)
        return self._new()

    async def sends_place(self, lat: float, lon: float) -> Sequence[Event]:
        await self.phone.sends_place(self.person, lat, lon, "人民广场")
        return self._new()

    async def forged(self, text: str) -> Sequence[Event]:
        self.secret = "guessed"
        return await self.says(text)

    async def sees(self) -> Sequence[Seen]:
        return [Seen(message.text, message.labels, message.file) for message in self.server.news(self.person)]

    def trouble(self, what: str, times: int = 1) -> None:
        methods = ("getFile",) if what == "media_gone" else ("sendMessage", "answerCallbackQuery")
        if what == "gone":
            self.server.blocked.add(int(self.person))
        else:
            for method in methods:
                self.server.fail(method, {"429": 429, "500": 500, "refused": 400, "media_gone": 400}.get(what, what), times)


@pytest.fixture(scope="module")
def shared() -> Iterator[TelegramServer]:
    with TelegramServer(now=lambda: NOW) as server:
        yield server


@pytest.fixture
async def rig(shared: TelegramServer) -> AsyncIterator[TelegramRig]:
    shared.reset()
    rig = TelegramRig(shared)
    yield rig
    await rig.channel.close()


class TestReads(contract.Reads):
    pass


class TestRenders(contract.Renders):
    pass


class TestFails(contract.Fails):
    TROUBLES: ClassVar = (*contract.Fails.TROUBLES, ("unheard", RetryLater), ("cut", RetryLater))
