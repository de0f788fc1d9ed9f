"""A platform that is only lists: what was sent, what goes wrong next, files to fetch."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.channels.base import Capabilities, Event, Media, MediaGone, Outgoing


@dataclass(slots=True)
class FakeChannel:
    """`trouble` holds the exceptions of the next sends (None: goes well); `gate` holds every send back until it is set."""

    name: str = "telegram"
    can: Capabilities = Capabilities(buttons=6, text_units=2000, text_unit="characters", button_label=16)
    sent: list[Outgoing] = field(default_factory=list)
    trouble: list[Exception | None] = field(default_factory=list)
    files: dict[str, bytes | Exception] = field(default_factory=dict)
    fetched: list[str] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    recalled: list[tuple[str, datetime]] = field(default_factory=list)
    menus: list[tuple[str, frozenset[str]]] = field(default_factory=list)
    gate: asyncio.Event | None = None
    started: bool = False

    async def start(self) -> None:
        self.started = True

    async def close(self) -> None:
        self.started = False

    async def send(self, out: Outgoing) -> str:
        if self.gate is not None:
            await self.gate.wait()
        if self.trouble and (error := self.trouble.pop(0)) is not None:
            raise error
        self.sent.append(out)
        return f"{self.name}-{len(self.sent)}"

    def recall(self, sent: Sequence[tuple[str, datetime]]) -> None:
        self.recalled.extend(sent)

    async def acknowledge(self, event: Event, note: str = "") -> None:
        self.acknowledged.append(event.callback)

    async def show_menu(self, to: str, roles: frozenset[str]) -> None:
        self.menus.append((to, roles))

    async def fetch(self, media: Media) -> AsyncIterator[bytes]:
        self.fetched.append(media.remote)
        found = self.files.get(media.remote, MediaGone("这份文件取不到了，请再发一次。"))
        if isinstance(found, Exception):
            raise found

        async def pieces() -> AsyncIterator[bytes]:
            for at in range(0, len(found), 4096):
                yield found[at : at + 4096]

        return pieces()

    async def check(self) -> Mapping[str, Any]:
        return {"ok": True, "text": ""}

    @property
    def texts(self) -> list[str]:
        return [out.prompt.text for out in self.sent]
