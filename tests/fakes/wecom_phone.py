"""The member's side of the fake WeCom: types, taps, photographs; sealed with an own implementation of the crypto."""

from __future__ import annotations

import base64
import hashlib
import itertools
import re
import secrets
import struct
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import httpx
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from tests.fakes.wecom import AES_KEY, AGENT_ID, CORP_ID, TOKEN, Heard, WeComServer

Query = dict[str, str]
LISTED = re.compile("（回复(?:数字即可| (?P<card>接 \\d+)(?: 1 选第 1 项)?)）$")  # ends a numbered list
RETRIES = 3  # the platform's, after the first attempt
_msgids = itertools.count(7_200_000_000_000_000_001)


def seal(text: str | bytes, *, at: datetime, receiver: str = CORP_ID, token: str = TOKEN, aes_key: str = AES_KEY) -> tuple[Query, str]:
    """The query and the Encrypt text of one delivery; every delivery differs, as the platform's do."""
    plain = text.encode() if isinstance(text, str) else text
    padded = secrets.token_bytes(16) + struct.pack(">I", len(plain)) + plain + receiver.encode()
    padding = 32 - len(padded) % 32
    key = base64.b64decode(aes_key + "=")
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    sealed = base64.b64encode(encryptor.update(padded + bytes([padding]) * padding) + encryptor.finalize()).decode()
    return sign(sealed, at=at, token=token), sealed


def sign(sealed: str, *, at: datetime, token: str = TOKEN) -> Query:
    timestamp, nonce = str(int(at.timestamp())), str(secrets.randbelow(10**10))
    return {
        "msg_signature": hashlib.sha1("".join(sorted((token, timestamp, nonce, sealed))).encode()).hexdigest(),
        "timestamp": timestamp,
        "nonce": nonce,
    }


def envelope(sealed: str) -> bytes:
    return (
        f"<xml><ToUserName><![CDATA[{CORP_ID}]]></ToUserName><AgentID><![CDATA[{AGENT_ID}]]></AgentID><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
    ).encode()


def xml_of(fields: Mapping[str, Any]) -> str:
    """As the platform writes it: texts in CDATA, numbers bare, lists as repeated elements."""
    return "<xml>" + "".join(_element(name, value) for name, value in fields.items()) + "</xml>"


def _element(name: str, value: Any) -> str:
    if isinstance(value, list):
        return "".join(_element(name, one) for one in value)
    if isinstance(value, Mapping):
        inside = "".join(_element(key, one) for key, one in value.items())
    elif isinstance(value, int):
        inside = str(value)
    else:
        inside = "<![CDATA[" + str(value).replace("]]>", "]]]]><![CDATA[>") + "]]>"
    return f"<{name}>{inside}</{name}>"


class Phone:
    """Any member's phone. `deliver` posts to our callback; the statuses of all deliveries come back."""

    def __init__(self, server: WeComServer, deliver: Callable[[Query, bytes], Awaitable[int]]) -> None:
        self.server = server
        self._deliver = deliver

    async def says(self, userid: str, text: str, **how: Any) -> list[int]:
        return await self._message(userid, "text", {"Content": text}, **how)

    async def sends_photo(self, userid: str, data: bytes, mime: str = "image/jpeg", **how: Any) -> list[int]:
        media_id = self.server.hold(data, mime)
        return await self._message(userid, "image", {"PicUrl": f"https://pic.example/{media_id}", "MediaId": media_id}, **how)

    async def sends_voice(self, userid: str, data: bytes, **how: Any) -> list[int]:
        return await self._message(userid, "voice", {"MediaId": self.server.hold(data, "audio/amr", "voice"), "Format": "amr"}, **how)

    async def sends_video(self, userid: str, data: bytes, **how: Any) -> list[int]:
        media_id = self.server.hold(data, "video/mp4", "video")
        return await self._message(userid, "video", {"MediaId": media_id, "ThumbMediaId": media_id + "t"}, **how)

    async def sends_place(self, userid: str, lat: float, lon: float, label: str = "", **how: Any) -> list[int]:
        fields = {"Location_X": f"{lat:.6f}", "Location_Y": f"{lon:.6f}", "Scale": 15, "Label": label, "AppType": "wxwork"}
        return await self._message(userid, "location", fields, **how)

    async def reports_place(self, userid: str, lat: float, lon: float, **how: Any) -> list[int]:
        """The app's own report on entering."""
        fields = {"Latitude": f"{lat:.6f}", "Longitude": f"{lon:.6f}", "Precision": "15.0", "AppType": "wxwork"}
        return await self._event(userid, "LOCATION", fields, **how)

    async def enters(self, userid: str, **how: Any) -> list[int]:
        return await self._event(userid, "enter_agent", {"EventKey": ""}, **how)

    async def joins(self, userid: str, **how: Any) -> list[int]:
        return await self._event(userid, "subscribe", {"EventKey": ""}, **how)

    async def leaves(self, userid: str, **how: Any) -> list[int]:
        return await self._event(userid, "unsubscribe", {"EventKey": ""}, **how)

    async def clicks(self, userid: str, word: str, **how: Any) -> list[int]:
        """A word of the menu the server was given."""
        columns = self.server.menu.get("button", ())
        (button,) = (one for column in columns for one in column.get("sub_button", (column,)) if one["name"] == word)
        return await self._event(userid, "click", {"EventKey": button["key"]}, **how)

    async def taps(self, userid: str, label: str, of: int = 1, **how: Any) -> list[int]:
        """A button, or a line of a numbered list by typing its number; `of` counts back over the messages that offer it."""
        having = [message for message in reversed(self.server.heard(userid)) if label in offers(message)]
        if len(having) < of:
            raise LookupError(f"{userid} has no {label!r} to tap; heard: {[message.text for message in self.server.heard(userid)[-3:]]}")
        return await self.taps_on(userid, having[of - 1], label, **how)

    async def taps_on(self, userid: str, message: Heard, label: str, **how: Any) -> list[int]:
        """An older list is answered by the label: its numbers may mean something else by now."""
        answer = offers(message)[label]
        if message.buttons:
            return await self.taps_key(userid, answer, message, **how)
        newest = next((one for one in reversed(self.server.heard(userid)) if offers(one)), message)
        return await self.says(userid, answer if message is newest else label, **how)

    async def taps_key(self, userid: str, key: str, card: Heard, **how: Any) -> list[int]:
        fields = {"EventKey": key, "TaskId": card.task_id, "CardType": "button_interaction", "ResponseCode": self.server.response_code(card)}
        return await self._event(userid, "template_card_event", fields, **how)

    async def _message(self, userid: str, kind: str, fields: Mapping[str, Any], **how: Any) -> list[int]:
        return await self.sends(userid, {"MsgType": kind, **fields, "MsgId": next(_msgids)}, **how)

    async def _event(self, userid: str, event: str, fields: Mapping[str, Any], **how: Any) -> list[int]:
        return await self.sends(userid, {"MsgType": "event", "Event": event, **fields}, **how)

    async def sends(self, userid: str, fields: Mapping[str, Any], *, times: int = 1, at: datetime | None = None) -> list[int]:
        """Any callback. Delivered until 200, four times at most; `times` deliveries even so, as after lost answers.

        `at` is when it was said, if earlier than now.
        """
        said = int((at or self.server.now()).timestamp())
        head = {"ToUserName": CORP_ID, "FromUserName": userid, "CreateTime": said}
        xml = xml_of({**head, **fields, "AgentID": AGENT_ID})
        statuses: list[int] = []
        while len(statuses) < times or (statuses[-1] != 200 and len(statuses) <= RETRIES):
            query, sealed = seal(xml, at=self.server.now())
            statuses.append(await self._deliver(query, envelope(sealed)))
        return statuses


def posting(client: httpx.AsyncClient, url: str = "/wecom/callback") -> Callable[[Query, bytes], Awaitable[int]]:
    """Deliver over HTTP. The platform waits 5 s for an answer."""

    async def deliver(query: Query, body: bytes) -> int:
        try:
            response = await client.post(f"{url}?{urlencode(query)}", content=body, headers={"content-type": "text/xml"}, timeout=5.0)
        except httpx.TransportError:
            return 0
        return response.status_code

    return deliver


def offers(message: Heard) -> Mapping[str, str]:
    """What can be chosen on this message: label to the button's key, or to what is typed: the number in its list, 接 12 2."""
    if message.buttons:
        return {button.label: button.key for button in message.buttons if button.key}
    listed = LISTED.search(message.text)
    found: dict[str, str] = {}
    for line in reversed(message.text[: listed.start()].splitlines() if listed else []):
        number, _, label = line.partition(". ")
        if not number.isdecimal():
            break
        found[label] = f"{listed['card']} {number}" if listed and listed["card"] else number
    return dict(reversed(found.items()))
