"""The channels that are open, each with its post and, where it is asked for news, its poller; exchanged while everything runs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from functools import partial

import structlog

from bot.channels.base import Channel, Event
from bot.channels.webchat import WebChat
from bot.clock import Clock
from bot.handle import Heard
from bot.platforms import Change, Platforms
from bot.polling import Poller
from bot.post import Post, send
from storage import channels as stored
from storage import inbox
from storage.database import Database
from storage.errors import StorageError

log = structlog.get_logger()

Receive = Callable[[str, Event], Awaitable[inbox.Received]]


class Connections:
    """`channels` is the same object always: others look into it. With `polling=False` nobody is asked for news: tests move everything by hand."""

    def __init__(
        self,
        database: Database,
        platforms: Platforms,
        channels: Mapping[str, Channel],
        clock: Clock,
        holder: str,
        *,
        post: Callable[[Channel], Post],
        receive: Receive,
        polling: bool,
    ) -> None:
        self.channels = dict(channels)
        self.posts: dict[str, Post] = {}
        self._database, self._platforms, self._clock, self._holder = database, platforms, clock, holder
        self._make_post, self._receive, self._polling = post, receive, polling
        self._polls: dict[str, asyncio.Task[None]] = {}
        self._reached: set[str] = set()  # whose callback is known to work
        self._swapping = asyncio.Lock()  # no channel is changed while letters are given out
        self._aside: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        self.posts.update({name: self._make_post(channel) for name, channel in self.channels.items()})
        for channel in self.channels.values():
            await channel.start()

    def poll(self) -> None:
        """Ask those that are asked, from now on."""
        for name, channel in self.channels.items():
            self._start_polling(name, channel)

    async def quiet(self) -> None:
        """Let go of everybody who waits for an answer: the web server is about to stop."""
        await self.channels[WebChat.name].close()

    async def stop(self) -> None:
        """What is on its way is let arrive; the channels stay open."""
        for name in list(self._polls):
            await self._stop_polling(name)
        for post in self.posts.values():
            await post.close()

    async def close(self) -> None:
        for channel in self.channels.values():
            await channel.close()

    # --- what goes out ------------------------------------------------------------------------------------------
    async def give_out(self) -> int:
        """Prompts that may go now are on their way when this returns."""
        async with self._swapping:
            return await send(self._database, list(self.posts.values()), self._clock.now())

    async def send_all(self) -> int:
        """Prompts tried, all over when this returns."""
        tried = 0
        for post in list(self.posts.values()):
            tried += await post.step()
            await post.settle()
        return tried

    async def settle(self) -> None:
        """What is done beside the outbox is over when this returns."""
        while self._aside:
            await asyncio.wait(self._aside)

    def beside(self, heard: Heard) -> None:
        """Best effort, outside the outbox: a button stops turning, who came in gets the commands of their roles."""
        channel = self.channels.get(heard.channel)
        work: list[Coroutine[object, object, None]] = []
        if channel is not None and heard.event.callback:
            work.append(channel.acknowledge(heard.event))
        if heard.joined is not None and (show_menu := getattr(channel, "show_menu", None)):
            work.append(show_menu(heard.event.sender, heard.joined))
        for one in work:
            self._do_aside(one)

    def reached(self, name: str) -> None:
        """The platform has called us with what only it and we know."""
        if name not in self._reached:
            self._reached.add(name)
            self._do_aside(self._note_reached(name))

    # --- exchanged ----------------------------------------------------------------------------------------------
    async def changes(self) -> int:
        """Platforms set up, changed or removed in the browser, by whichever replica: how many were connected anew here."""
        async with self._swapping:
            changes = await self._platforms.changes()
            for change in changes:
                await self._swap(change)
        return len(changes)

    async def _swap(self, change: Change) -> None:
        """The new one listens before the old one is let go; what the old one had not sent is sent by the new one."""
        await self._stop_polling(change.name)
        old, old_post = self.channels.pop(change.name, None), self.posts.pop(change.name, None)
        self._reached.discard(change.name)
        if change.channel is not None:
            self.channels[change.name] = change.channel
        if old_post is not None:
            with suppress(StorageError):  # its lease runs out by itself
                await old_post.close()
        if old is not None:
            await old.close()
        if change.channel is not None and change.active:
            await change.channel.start()
            self.posts[change.name] = self._make_post(change.channel)
            self._start_polling(change.name, change.channel)
        log.info("a channel was changed", channel=change.name, on=change.active)

    def _start_polling(self, name: str, channel: Channel) -> None:
        poll = getattr(channel, "poll", None)
        if self._polling and name not in self._polls and poll is not None and getattr(channel, "mode", "polling") == "polling":
            poller = Poller(self._database, name, poll, partial(self._receive, name), self._holder)
            self._polls[name] = asyncio.create_task(poller.run(), name=f"poll {name}")

    async def _stop_polling(self, name: str) -> None:
        task = self._polls.pop(name, None)
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _note_reached(self, name: str) -> None:
        now = self._clock.now()
        try:
            await self._database.write(lambda conn: stored.seen(conn, name, now))
        except StorageError:
            self._reached.discard(name)

    def _do_aside(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(work)
        self._aside.add(task)
        task.add_done_callback(self._aside.discard)
