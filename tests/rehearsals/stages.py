"""The same stage on WeCom and Telegram: wire payloads over sockets to the fakes, our site on a port of its own."""

from __future__ import annotations

import asyncio
import itertools
import socket
from collections.abc import Mapping
from typing import Any

import httpx
import uvicorn
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.channels.base import Channel
from bot.channels.pacing import Pace, Pacer
from bot.channels.telegram import Telegram
from bot.channels.wecom import WeCom
from bot.rehearsal.phone import Phone
from bot.rehearsal.script import Script
from bot.rehearsal.stage import WebStage
from bot.web.webhooks import Webhooks
from tests.fakes import telegram, telegram_phone, wecom, wecom_phone
from tests.fakes.telegram_hand import TelegramHand
from tests.fakes.wecom_hand import WeComHand


class WiredStage(WebStage):
    """Callbacks arrive at a real socket. The port stays over a restart, as behind a proxy; the application behind it is a new one."""

    _site: ASGIApp | None = None

    async def open(self, script: Script) -> None:
        listener = socket.create_server(("127.0.0.1", 0))
        config = uvicorn.Config(
            self._behind, log_config=None, access_log=False, interface="asgi3", lifespan="off", ws="none", timeout_graceful_shutdown=2
        )
        self._server = uvicorn.Server(config)
        self._serving = asyncio.create_task(self._server.serve([listener]))
        self.client = httpx.AsyncClient(base_url=f"http://127.0.0.1:{listener.getsockname()[1]}")
        await super().open(script)

    async def close(self) -> None:
        await super().close()
        await self.client.aclose()
        self._server.should_exit = True
        await self._serving

    async def _up(self) -> None:
        await super()._up()
        self._site = self._front()

    def _front(self) -> ASGIApp:
        return Webhooks(self.app)

    async def _off(self) -> None:
        self._site = None
        await super()._off()

    async def _behind(self, scope: Scope, receive: Receive, send: Send) -> None:
        await (self._site or PlainTextResponse("", 502))(scope, receive, send)


class WeComStage(WiredStage):
    _own = "wecom"

    def __init__(self, database: str = "") -> None:
        super().__init__(database)
        self.platform = wecom.WeComServer(self.now).start()
        self._hand = wecom_phone.Phone(self.platform, self._deliver)

    async def close(self) -> None:
        await super().close()
        self.platform.stop()

    async def fault(self, plan: Mapping[str, Any]) -> None:
        self.platform.fail("message/send", plan["send"], int(plan.get("times", 1)))

    async def _reach(self, who: str) -> None:
        await self.address_of(who, "wecom", self.person(who).account)

    async def _new_phone(self, who: str, channel: str) -> Phone:
        return WeComHand(self._hand, self.person(who).account) if channel == "wecom" else await super()._new_phone(who, channel)

    async def _deliver(self, query: dict[str, str], body: bytes) -> int:
        return await wecom_phone.posting(self.client)(query, body)

    def _channels(self) -> Mapping[str, Channel]:
        keys: dict[str, Any] = {
            "corp_id": wecom.CORP_ID,
            "agent_id": wecom.AGENT_ID,
            "secret": wecom.SECRET,
            "token": wecom.TOKEN,
            "aes_key": wecom.AES_KEY,
        }
        return {"wecom": WeCom(**keys, now=self.now, api=self.platform.url)}


class TelegramStage(WiredStage):
    _own = "telegram"

    def __init__(self, database: str = "") -> None:
        super().__init__(database)
        self.platform = telegram.TelegramServer(self.now).start()
        self._hand = telegram_phone.Phone(self.platform, self._deliver)
        self._chats: dict[str, int] = {}
        self._numbers = itertools.count(700_001)

    async def close(self) -> None:
        await super().close()
        self.platform.stop()

    async def fault(self, plan: Mapping[str, Any]) -> None:
        self.platform.fail("sendMessage", plan["send"], int(plan.get("times", 1)))

    async def _reach(self, who: str) -> None:
        self._chats[who] = next(self._numbers)
        await self.address_of(who, "telegram", str(self._chats[who]))

    async def _new_phone(self, who: str, channel: str) -> Phone:
        return TelegramHand(self._hand, self._chats[who]) if channel == "telegram" else await super()._new_phone(who, channel)

    async def _deliver(self, body: bytes) -> int:
        return await telegram_phone.posting(self.client)(body)

    def _channels(self) -> Mapping[str, Channel]:
        """A person's still clock cannot wait out the platform's second between two messages; pacing has tests of its own."""
        pace = Pace(Pacer(second=0.0005))
        address, secret = "https://paojie.example", telegram.SECRET
        channel = Telegram(token=telegram.TOKEN, mode="webhook", secret=secret, address=address, api=self.platform.url, pace=pace)
        return {"telegram": channel}


STAGES = {"web": WebStage, "wecom": WeComStage, "telegram": TelegramStage}
