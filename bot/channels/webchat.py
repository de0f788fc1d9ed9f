"""The built-in web chat: pulled by the page through storage/webbox.py, so sending is only a wake-up."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from bot.channels.base import Capabilities, Event, Media, MediaGone, Outgoing
from storage.blobs import BlobFolder
from storage.errors import BadHash

PIECE = 1 << 16
_GONE = "这份文件没有传完整，请重新发一次。"


class WebChat:
    """`send` answers at once: the prompt is ready for the page, and a page that listens for it looks."""

    name = "web"
    can = Capabilities(buttons=60, text_units=20_000, text_unit="characters", button_label=80)

    def __init__(self, blobs: BlobFolder) -> None:
        self._blobs = blobs
        self._listeners: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._open = True

    @property
    def open(self) -> bool:
        """False once closing: long polls answer with what they have."""
        return self._open

    async def start(self) -> None:
        self._open = True

    async def close(self) -> None:
        self._open = False
        for waiting in self._listeners.values():
            for event in waiting:
                event.set()

    async def send(self, out: Outgoing) -> str:
        self.wake(out.to)
        return f"web:{out.id}"

    def wake(self, external_id: str) -> None:
        """Something may have come for this address."""
        for event in self._listeners.get(external_id, ()):
            event.set()

    @contextmanager
    def listening(self, external_id: str) -> Iterator[asyncio.Event]:
        """Entered before looking, so that nothing comes between looking and waiting."""
        event = asyncio.Event()
        self._listeners[external_id].add(event)
        try:
            yield event
        finally:
            self._listeners[external_id].discard(event)
            if not self._listeners[external_id]:
                del self._listeners[external_id]

    async def acknowledge(self, event: Event, note: str = "") -> None:
        """The page greys its own buttons."""

    async def fetch(self, media: Media) -> AsyncIterator[bytes]:
        scheme, _, sha = media.remote.partition(":")
        try:
            path = self._blobs.path(sha)
        except BadHash:
            raise MediaGone(_GONE) from None
        if scheme != "blob" or not await asyncio.to_thread(path.is_file):
            raise MediaGone(_GONE)

        async def pieces() -> AsyncIterator[bytes]:
            with path.open("rb") as file:
                while piece := await asyncio.to_thread(file.read, PIECE):
                    yield piece

        return pieces()

    async def check(self) -> Mapping[str, Any]:
        return {"ok": True, "text": "内置网页聊天，随服务一起运行。"}


async def heard_within(event: asyncio.Event, seconds: float) -> bool:
    """Wait until woken; False after `seconds` without."""
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
        event.clear()
        return True
    return False
