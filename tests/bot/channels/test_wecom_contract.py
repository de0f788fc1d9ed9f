"""WeCom keeps the contract of every channel, over a real socket to the fake."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import UTC, datetime
from typing import ClassVar

import pytest

from bot.channels.base import Event, RetryLater
from bot.channels.wecom import WeCom
from tests.bot.channels import contract
from tests.bot.channels.contract import Rig, Seen
from tests.fakes.wecom import AES_KEY, AGENT_ID, CORP_ID, SECRET, TOKEN, Heard, WeComServer
from tests.fakes.wecom_phone import Phone, Query

NOW = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)


class WeComRig(Rig):
    person = "liqiang"

    def __init__(self, server: WeComServer) -> None:
        self.server = server
        self.channel: WeCom = WeCom(
            corp_id=CORP_ID,
            agent_id=AGENT_ID,
            secret=SECRET,
            token=TOKEN,
            aes_key=AES_KEY,
            now=lambda: NOW,
            api=server.url,
            patience=0.4,
        )
        self.phone = Phone(server, self._deliver)
        self.came: list[Event] = []

    async def _deliver(self, query: Query, body: bytes) -> int:
        self.came += await self.channel.read(query=query, headers={}, body=body)
        return 200

    def _new(self) -> Sequence[Event]:
        new, self.came = self.came, []
        return new

    async def says(self, text: str, *, times: int = 1) -> Sequence[Event]:
        await self.phone.says("LiQiang", text, times=times)
        return self._new()

    async def taps(self, token: str) -> Sequence[Event]:
        card = Heard(1, self.person, NOW, "template_card", "", task_id="s1-2@1")
        await self.phone.taps_key(self.person, token, card)
        return self._new()

    async def sends_photo(self, data: bytes) -> Sequence[Event]:
        await self.phone.sends_photo(self.person, data)
        return self._new()

    async def sends_place(self, lat: float, lon: float) -> Sequence[Event]:
        await self.phone.sends_place(self.person, lat, lon, "人民广场")
        return self._new()

    async def forged(self, text: str) -> Sequence[Event]:
        async def deliver(query: Query, body: bytes) -> int:
            await self.channel.read(query=query | {"msg_signature": "0" * 40}, headers={}, body=body)
            return 200

        await Phone(self.server, deliver).says(self.person, text)
        return self._new()

    async def sees(self) -> Sequence[Seen]:
        return [Seen(message.text, message.labels, message.file) for message in self.server.news(self.person)]

    def trouble(self, what: str, times: int = 1) -> None:
        paths = ("media/get",) if what == "media_gone" else ("message/send", "message/update_template_card")
        if what == "gone":
            self.server.left.add(self.person)
        else:
            for path in paths:
                self.server.fail(path, {"429": 429, "500": 500, "refused": 40035, "media_gone": 40007}.get(what, what), times)


@pytest.fixture(scope="module")
def shared() -> Iterator[WeComServer]:
    with WeComServer(now=lambda: NOW) as server:
        yield server


@pytest.fixture
async def rig(shared: WeComServer) -> AsyncIterator[WeComRig]:
    shared.reset()
    rig = WeComRig(shared)
    yield rig
    await rig.channel.close()


class TestReads(contract.Reads):
    pass


class TestRenders(contract.Renders):
    def shown(self, text: str) -> str:
        """A link tag in somebody's words is only words."""
        return text.replace("<a", "＜a").replace("</a", "＜/a")


class TestFails(contract.Fails):
    TROUBLES: ClassVar = (*contract.Fails.TROUBLES, ("unheard", RetryLater), ("cut", RetryLater))
