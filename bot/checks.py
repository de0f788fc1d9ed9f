"""How the platforms stand, asked no oftener than they like: the set-up pages look every two seconds, the platforms are asked every fifteen."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.channels.answering import Looked, Trouble
from bot.channels.base import Channel
from bot.clock import Clock

AGAIN, WELL = timedelta(seconds=15), timedelta(minutes=2)
PATIENCE = 12.0
_SLOW = Trouble("", "等了很久没有回答", "请检查这台机器的网络，再检查一次。")


@dataclass(frozen=True, slots=True)
class Standing:
    """What a platform said, and whether the menu is up."""

    at: datetime
    looked: Looked
    menu: Trouble | None = None


class Checks:
    """Kept for the channel that was asked: one that took its place is asked anew."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._known: dict[str, tuple[Channel, Standing]] = {}
        self._asking: dict[str, asyncio.Lock] = {}

    def known(self, channel: Channel) -> Standing | None:
        kept = self._known.get(channel.name)
        return kept[1] if kept is not None and kept[0] is channel else None

    async def standing(self, channel: Channel, *, anew: bool = False) -> Standing:
        async with self._asking.setdefault(channel.name, asyncio.Lock()):
            known, now = self.known(channel), self._clock.now()
            if known is not None and not anew and now - known.at < (WELL if known.looked.ok and known.menu is None else AGAIN):
                return known
            looked = await look(channel)
            standing = Standing(now, looked, await _menu(channel) if looked.ok else None)
            self._known[channel.name] = channel, standing
            return standing


async def look(channel: Channel) -> Looked:
    """A channel without words of its own is asked what it tells doctor."""
    ask: Callable[[], Awaitable[Looked]] | None = getattr(channel, "look", None)
    try:
        async with asyncio.timeout(PATIENCE):
            if ask is not None:
                return await ask()
            told = await channel.check()
    except TimeoutError:
        return Looked(trouble=_SLOW)
    return Looked(trouble=None if told["ok"] else Trouble("", str(told["text"]), ""))


async def _menu(channel: Channel) -> Trouble | None:
    put_up: Callable[[], Awaitable[Trouble | None]] | None = getattr(channel, "put_up_menu", None)
    try:
        async with asyncio.timeout(PATIENCE):
            return await put_up() if put_up is not None else None
    except TimeoutError:
        return _SLOW
