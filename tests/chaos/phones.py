"""What a rep holds in the hand during the storm: the same three gestures on the web chat, WeCom and Telegram."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

import httpx

from bot.web.door import HEADER
from tests.chaos.firm import Rep
from tests.chaos.line import Letter, Line, Sent
from tests.fakes import telegram, telegram_phone, wecom, wecom_phone

PATIENCE = 90.0  # seconds for an answer, whatever was killed meanwhile
LOOKS = 0.05
COOKIE = "__Host-paojie"
_updates = itertools.count(915_000_001)


@dataclass(frozen=True, slots=True)
class Card:
    """One message as the phone shows it; `tokens` by the label of their button."""

    text: str
    tokens: Mapping[str, str]
    no: int = 0  # the platform's number of it


class Silence(Exception):
    """An answer that never came."""


class Phone(Protocol):
    rep: Rep

    async def says(self, text: str) -> Sent: ...
    async def taps(self, card: Card, label: str) -> Sent: ...
    async def shows(self, picture: bytes) -> Sent: ...
    async def look(self) -> None:
        """Fetch what came, where that is the phone's to do."""
        ...

    def heard(self) -> list[Card]:
        """Everything, in the order it came, repeats included."""
        ...


async def hears(phone: Phone, pattern: str, label: str = "") -> Card:
    """The newest message like this, once it is there; raises Silence."""
    found: list[Card] = []
    async for cards in coming(phone, pattern):
        found = [card for card in cards if re.search(pattern, card.text) and (not label or label in card.tokens)]
        if found:
            break
    return found[-1]


async def coming(phone: Phone, what: str) -> AsyncIterator[list[Card]]:
    """All that came so far, again and again while it is looked at; raises Silence when that takes too long."""
    ends = asyncio.get_running_loop().time() + PATIENCE
    while asyncio.get_running_loop().time() < ends:
        await phone.look()
        yield phone.heard()
        await asyncio.sleep(LOOKS)
    raise Silence(f"{phone.rep.account} never heard {what}; last: {[card.text for card in phone.heard()[-2:]]}")


class WeComPhone(wecom_phone.Phone):
    """The platform's side of it is the fake's; deliveries go down the line."""

    def __init__(self, rep: Rep, server: wecom.WeComServer, line: Line) -> None:
        super().__init__(server, _nowhere)
        self.rep, self._line = rep, line
        self._sent: Sent

    async def says(self, text: str) -> Sent:  # type: ignore[override]
        await self._message(self.rep.address, "text", {"Content": text})
        return self._sent

    async def taps(self, card: Card, label: str) -> Sent:  # type: ignore[override]
        (shown,) = (one for one in self.server.heard(self.rep.address) if one.no == card.no)
        if not shown.buttons:
            return await self.says(label)
        await self.taps_key(self.rep.address, card.tokens[label], shown)
        return self._sent

    async def shows(self, picture: bytes) -> Sent:
        await self.sends_photo(self.rep.address, picture)
        return self._sent

    async def look(self) -> None: ...

    def heard(self) -> list[Card]:
        return [Card(one.text, wecom_phone.offers(one), one.no) for one in self.server.heard(self.rep.address)]

    async def sends(self, userid: str, fields: Mapping[str, Any], **_: Any) -> list[int]:
        head = {"ToUserName": wecom.CORP_ID, "FromUserName": userid, "CreateTime": int(self.server.now().timestamp())}
        xml = wecom_phone.xml_of({**head, **fields, "AgentID": wecom.AGENT_ID})

        def sealed() -> Letter:
            query, inside = wecom_phone.seal(xml, at=self.server.now())
            return Letter(f"/wecom/callback?{httpx.QueryParams(query)}", wecom_phone.envelope(inside), {"content-type": "text/xml"})

        words = next(str(fields[name]) for name in ("Content", "EventKey", "MediaId") if name in fields)
        self._sent = await self._line.send(self.rep.account, words, sealed)
        return []


class TelegramPhone(telegram_phone.Phone):
    def __init__(self, rep: Rep, server: telegram.TelegramServer, line: Line) -> None:
        super().__init__(server, None)
        self.rep, self._line = rep, line
        self._sent: Sent

    async def says(self, text: str) -> Sent:  # type: ignore[override]
        await self.message(self.rep.address, {"text": text})
        return self._sent

    async def taps(self, card: Card, label: str) -> Sent:  # type: ignore[override]
        await self.taps_data(self.rep.address, card.tokens[label], card.no)
        return self._sent

    async def shows(self, picture: bytes) -> Sent:
        await self.sends_photo(self.rep.address, picture)
        return self._sent

    async def look(self) -> None: ...

    def heard(self) -> list[Card]:
        return [Card(one.text, {button.label: button.data for button in one.buttons}, one.no) for one in self.server.heard(self.rep.address)]

    async def sends(self, body: Mapping[str, Any], **_: Any) -> list[int]:
        headers = {"content-type": "application/json", "X-Telegram-Bot-Api-Secret-Token": telegram.SECRET}
        update = {"update_id": next(_updates), **body}
        letter = Letter("/telegram/webhook", json.dumps(update, ensure_ascii=False).encode(), headers)
        message = body.get("message", {})
        words = body["callback_query"]["data"] if "callback_query" in body else message.get("text") or message["photo"][-1]["file_id"]
        self._sent = await self._line.send(self.rep.account, words, lambda: letter)
        return []


class WebPhone:
    """The chat's page: keeps its place, names what it has, asks whoever answers."""

    def __init__(self, rep: Rep, line: Line) -> None:
        self.rep, self._line = rep, line
        self._headers = {HEADER: "1", "cookie": f"{COOKIE}={rep.cookie}", "content-type": "application/json"}
        self._after = self._heard = 0
        self._got: list[int] = []
        self._cards: list[Card] = []

    async def says(self, text: str) -> Sent:
        return await self._said(text, text=text)

    async def taps(self, card: Card, label: str) -> Sent:
        return await self._said(card.tokens[label], tap=card.tokens[label])

    async def shows(self, picture: bytes) -> Sent:
        """Up first, until it is there; then told."""
        while True:
            url = await self._line.replicas.any(self._line.dice)
            with suppress(httpx.TransportError):
                headers = {**self._headers, "content-type": "image/jpeg"}
                answer = await self._line.client.post(f"{url}/chat/api/blobs", content=picture, headers=headers)
                stored = answer.raise_for_status().json()
                blob = {name: stored[name] for name in ("sha256", "kind", "mime")}
                return await self._said(stored["sha256"], blob=blob)

    async def look(self) -> None:
        up = self._line.replicas.up
        if not up:
            return
        asked: dict[str, str | int] = {"after": self._after, "heard": self._heard, "got": ",".join(map(str, self._got))}
        try:
            response = await self._line.client.get(self._line.dice.choice(up) + "/chat/api/prompts", params=asked, headers=self._headers)
        except httpx.TransportError:
            return
        if response.status_code == 503:
            return
        page = response.raise_for_status().json()
        self._after, self._heard, self._got = page["after"], page["heard"], [prompt["id"] for prompt in page["prompts"]]
        for prompt in page["prompts"]:
            self._cards.append(Card(prompt["text"], {option["label"]: option["token"] for option in prompt["options"]}, prompt["id"]))

    def heard(self) -> list[Card]:
        return list(self._cards)

    async def _said(self, words: str, **body: Any) -> Sent:
        letter = Letter("/chat/api/said", json.dumps({"id": str(uuid.uuid4()), **body}).encode(), self._headers)
        return await self._line.send(self.rep.account, words, lambda: letter)


async def _nowhere(query: dict[str, str], body: bytes) -> int:
    raise NotImplementedError
