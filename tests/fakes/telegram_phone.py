"""The person's side of the fake Telegram: types, taps, photographs; pushed to our webhook or left for getUpdates."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import httpx

from tests.fakes.telegram import SECRET, Button, Heard, TelegramServer

Update = Mapping[str, Any]
RETRIES = 3  # the platform names no number
_updates = itertools.count(815_000_001)


class Phone:
    """Anybody's phone. With `deliver` updates are pushed, the statuses of all deliveries come back; without they wait for getUpdates."""

    def __init__(self, server: TelegramServer, deliver: Callable[[bytes], Awaitable[int]] | None = None) -> None:
        self.server = server
        self._deliver = deliver
        self.last: Update = {}

    async def says(self, user: int | str, text: str, **how: Any) -> list[int]:
        entities = {"entities": [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]} if text.startswith("/") else {}
        return await self.message(user, {"text": text, **entities}, **how)

    async def starts(self, user: int | str, payload: str = "", **how: Any) -> list[int]:
        """Opens t.me/<bot>?start=<payload> and presses Start."""
        return await self.says(user, f"/start {payload}".strip(), **how)

    async def sends_photo(self, user: int | str, data: bytes, caption: str = "", album: str = "", **how: Any) -> list[int]:
        sizes = [
            {"file_id": self.server.hold(data[:1] or b"x"), "file_unique_id": "s", "width": 90, "height": 60, "file_size": 1},
            {"file_id": self.server.hold(data), "file_unique_id": "l", "width": 1280, "height": 853, "file_size": len(data)},
        ]
        return await self.message(user, {"photo": sizes} | _given(caption=caption, media_group_id=album), **how)

    async def sends_album(self, user: int | str, photos: Sequence[bytes], caption: str = "", **how: Any) -> list[int]:
        """Separate updates that share a group; the caption on the first."""
        album = str(13_400_000_000 + self.server.number())
        statuses = [await self.sends_photo(user, data, caption if n == 0 else "", album, **how) for n, data in enumerate(photos)]
        return [status for each in statuses for status in each]

    async def sends_document(self, user: int | str, data: bytes, mime: str = "image/jpeg", name: str = "原图.jpg", **how: Any) -> list[int]:
        return await self.message(user, {"document": self._file(data, mime) | {"file_name": name}}, **how)

    async def sends_voice(self, user: int | str, data: bytes, **how: Any) -> list[int]:
        return await self.message(user, {"voice": self._file(data, "audio/ogg") | {"duration": 3}}, **how)

    async def sends_video(self, user: int | str, data: bytes, **how: Any) -> list[int]:
        return await self.message(user, {"video": self._file(data, "video/mp4") | {"duration": 3, "width": 640, "height": 480}}, **how)

    async def sends_place(self, user: int | str, lat: float, lon: float, label: str = "", **how: Any) -> list[int]:
        spot = {"latitude": lat, "longitude": lon}
        venue = {"venue": {"location": spot, "title": label, "address": ""}} if label else {}
        return await self.message(user, {"location": spot, **venue}, **how)

    async def sends_contact(self, user: int | str, phone: str, whose: int | None = None, name: str = "李强", **how: Any) -> list[int]:
        return await self.message(user, {"contact": {"phone_number": phone, "first_name": name} | _given(user_id=whose)}, **how)

    async def edits(self, user: int | str, text: str, **how: Any) -> list[int]:
        body = self._message(int(user), {"text": text, "edit_date": int(self.server.now().timestamp())}, None)
        return await self.sends({"edited_message": body}, **how)

    async def blocks(self, user: int | str, **how: Any) -> list[int]:
        self.server.blocked.add(int(user))
        return await self._membership(int(user), "member", "kicked", **how)

    async def unblocks(self, user: int | str, **how: Any) -> list[int]:
        self.server.blocked.discard(int(user))
        return await self._membership(int(user), "kicked", "member", **how)

    async def taps(self, user: int | str, label: str, of: int = 1, place: tuple[float, float] | None = None, **how: Any) -> list[int]:
        """A button, a key of the reply keyboard, or a line of a numbered list; `of` counts back over the messages that offer it."""
        offers = [(message, answer) for message in reversed(self.server.heard(user)) if (answer := _offered(message, label))]
        if len(offers) < of:
            raise LookupError(f"{user} has no {label!r} to tap; heard: {[message.text for message in self.server.heard(user)[-3:]]}")
        message, answer = offers[of - 1]
        if isinstance(answer, str):
            return await self.says(user, answer if of == 1 else label, **how)
        if answer.asks == "location":
            return await self.sends_place(user, *(place or (31.2304, 121.4737)), **how)
        if answer.asks == "contact":
            return await self.sends_contact(user, f"+86139{int(user):08d}", int(user), **how)
        return await self.taps_data(user, answer.data, message.no, message.at, **how) if answer.data else await self.says(user, label, **how)

    async def taps_data(self, user: int | str, data: str, message: int = 0, sent: datetime | None = None, **how: Any) -> list[int]:
        date = int((sent or self.server.now()).timestamp())
        card = {"message_id": message or self.server.number(), "date": date, "chat": _chat(int(user)), "text": "…"}
        tap = {"id": self.server.query(), "from": _user(int(user)), "chat_instance": "-42", "message": card, "data": data}
        how.pop("at", None)  # the platform does not say when a button was tapped
        return await self.sends({"callback_query": tap}, **how)

    async def message(self, user: int | str, content: Mapping[str, Any], *, at: datetime | None = None, **how: Any) -> list[int]:
        return await self.sends({"message": self._message(int(user), content, at)}, **how)

    async def sends(self, body: Mapping[str, Any], *, times: int = 1) -> list[int]:
        """Any update. Delivered until 200, four times at most; `times` deliveries even so, as after lost answers."""
        self.last = {"update_id": next(_updates), **body}
        if self._deliver is None:
            self.server.queue.append(self.last)
            return []
        wire = json.dumps(self.last, ensure_ascii=False).encode()
        statuses: list[int] = []
        while len(statuses) < times or (statuses[-1] != 200 and len(statuses) <= RETRIES):
            statuses.append(await self._deliver(wire))
        return statuses

    def _message(self, user: int, content: Mapping[str, Any], at: datetime | None) -> Update:
        said = int((at or self.server.now()).timestamp())
        return {"message_id": self.server.number(), "from": _user(user), "chat": _chat(user), "date": said, **content}

    def _file(self, data: bytes, mime: str) -> dict[str, Any]:
        return {"file_id": self.server.hold(data), "file_unique_id": "f", "mime_type": mime, "file_size": len(data)}

    async def _membership(self, user: int, was: str, now: str, **how: Any) -> list[int]:
        bot = {"id": 4839574812, "is_bot": True, "first_name": "跑街", "username": "paojie_bot"}
        until = {"until_date": 0}
        sides = {"old_chat_member": was, "new_chat_member": now}
        members = {side: {"user": bot, "status": status} | (until if status == "kicked" else {}) for side, status in sides.items()}
        change = {"chat": _chat(user), "from": _user(user), "date": int(self.server.now().timestamp()), **members}
        return await self.sends({"my_chat_member": change}, **how)


def posting(client: httpx.AsyncClient, url: str = "/telegram/webhook", secret: str = SECRET) -> Callable[[bytes], Awaitable[int]]:
    """Deliver over HTTP, with the secret the webhook was set with."""
    headers = {"content-type": "application/json", "X-Telegram-Bot-Api-Secret-Token": secret}

    async def deliver(body: bytes) -> int:
        try:
            response = await client.post(url, content=body, headers=headers, timeout=10.0)
        except httpx.TransportError:
            return 0
        return response.status_code

    return deliver


def _user(user: int) -> Mapping[str, Any]:
    return {"id": user, "is_bot": False, "first_name": "李强", "language_code": "zh-hans"}


def _chat(user: int) -> Mapping[str, Any]:
    return {"id": user, "first_name": "李强", "type": "private"}


def _given(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value}


def _offered(message: Heard, label: str) -> Button | str:
    """The button or key, or the number of the line."""
    for button in (*message.buttons, *message.keys):
        if button.label == label or (button.asks and button.label.endswith(label)):
            return button
    found = re.search(rf"^(\d+)\. {re.escape(label)}$", message.text, re.MULTILINE)
    return found[1] if found else ""
