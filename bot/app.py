"""The only place where everything is wired: storage, channels, the loops that receive, fetch, handle, post and tick."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
from collections import defaultdict
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

import structlog

from bot import receive as receiving
from bot.backups import EVERY, Backups
from bot.channels.base import Channel, Event
from bot.channels.webchat import WebChat
from bot.checks import Checks
from bot.clock import Clock
from bot.founding import Founding
from bot.handle import Converse, Handler, Heard, Step
from bot.media import Fetcher
from bot.metrics import Metrics
from bot.opening import open_database
from bot.pictures import Pictures
from bot.platforms import Change, Platforms, configured
from bot.polling import Poller
from bot.post import Post, fall_over, send
from bot.settings import Settings
from bot.stamps import Stamps
from bot.times import Times
from bot.ways import Ways
from conversations.converse import converse
from scheduler.tick import URGENT, tick
from scheduler.ticker import Ticker
from storage import channels as stored
from storage import due, inbox, mark
from storage.blobs import BlobFolder
from storage.database import Database
from storage.errors import StorageError, Unavailable

POLL = 1.0  # behind every wake-up: another replica may have written, and a wake-up may be lost
FALL_OVER = 2.0

log = structlog.get_logger()


class App:
    """`await start()`; `receive` from then on; `await stop()`. With `loops=False` nothing moves but by `drain` and `advance_to`."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock | None = None,
        channels: Mapping[str, Channel] | None = None,
        *,
        converse: Converse = converse,
        loops: bool = True,
        demo: bool = False,
    ) -> None:
        self.clock, self.demo = clock or Clock(), demo
        self.database = Database(settings.database_url, settings.data)
        self.blobs = BlobFolder(settings.data / "blobs")
        chosen = dict(channels) if channels is not None else configured(settings, self.clock)
        self.checks = Checks(self.clock)
        self.platforms = Platforms(settings, self.clock, self.database, chosen)
        self.channels: dict[str, Channel] = {WebChat.name: WebChat(self.blobs)} | chosen  # the same object always: others look into it
        self.metrics = Metrics()
        self.times = Times(self.database, settings.tz)
        self.founding: Founding | None = None  # the demo's, where whoever serves it can serve the firm in its place
        self._loops = loops
        self._tasks: list[asyncio.Task[None]] = []
        self._ticker: Ticker | None = None
        self._wakes: defaultdict[str, list[asyncio.Event]] = defaultdict(list)
        self._pictures = Pictures()
        self.stamps = Stamps(self.database, self.blobs, self._pictures, self.clock, settings.tz)
        self._fetcher = Fetcher(self.database, self.blobs, self.channels, self.clock, self._pictures)
        self._handler = Handler(converse, settings.tz, Ways(lambda: self.settings.public_url, self.channels, self.blobs))
        self._holder = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self.backups = Backups(self.database, self.blobs, settings.backup_folder, self.clock, settings.tz, self._holder)
        self._posts = {name: self._post(channel) for name, channel in self.channels.items()}
        self._polls: dict[str, asyncio.Task[None]] = {}
        self._reached: set[str] = set()  # whose callback is known to work
        self._swapping = asyncio.Lock()  # no channel is changed while letters are given out
        self._moving = asyncio.Lock()
        self._aside: set[asyncio.Task[None]] = set()

    # --- life -----------------------------------------------------------------------------------------------
    @property
    def settings(self) -> Settings:
        """With the address that was entered in the browser."""
        return self.platforms.settings

    @property
    def pictures(self) -> Pictures:
        """The child that decodes what people upload."""
        return self._pictures

    async def start(self) -> None:
        """Raises WrongDatabase, AlreadyServing."""
        try:
            await asyncio.to_thread(open_database, self.database, self.clock, self.settings.tz, demo=self.demo)
        except BaseException:
            await asyncio.to_thread(self.database.close)
            raise
        await asyncio.to_thread(self.blobs.sweep, timedelta(hours=1))
        for channel in self.channels.values():
            await channel.start()
        await self.channels_once()
        await self.tick()
        if self._loops:
            self._run()

    async def quiet(self) -> None:
        """Let go of everybody who waits for an answer: the web server is about to stop."""
        web = self.channels[WebChat.name]
        await web.close()

    async def stop(self) -> None:
        """Finish what is under way; what waits is in the tables."""
        if self._ticker is not None:
            self._ticker.stop()
        await self.backups.close()
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task
        self._tasks.clear()
        self._wakes.clear()
        for name in list(self._polls):
            await self._stop_polling(name)
        for post in self._posts.values():
            await post.close()
        await self.stamps.close()
        await self._pictures.close()
        for channel in self.channels.values():
            await channel.close()
        await asyncio.to_thread(self.database.close)

    async def receive(self, channel: str, event: Event) -> inbox.Received:
        """Kept and committed when this returns."""
        received = await receiving.receive(self.database, channel, event, self.clock.now(), self.settings.tz)
        self.metrics.received.labels(channel, "quarantined" if received.quarantined else "new" if received.new else "again").inc()
        self._wake("fetch" if event.media else "handle")
        return received

    # --- by hand: tests, rehearsals, the demo's clock -----------------------------------------------------------
    async def drain(self) -> None:
        """Fetch, handle, post until nothing moves."""
        moved = 1
        while moved:
            fetched, handled, tried = await self.fetch_once(), await self.handle_once(), await self.post_once()
            moved = fetched + handled.moved + handled.failed + tried
            while self._aside:
                await asyncio.wait(self._aside)

    async def advance_to(self, instant: datetime) -> None:
        """Move the clock from due to due, so that nothing is skipped."""
        async with self._moving:
            await self.tick(plan_anew=True)
            await self.drain()
            while (now := self.clock.now()) < instant:
                stop = await self.times.next_stop(now)
                await self._move_to(min(stop, instant))
                await self.tick()
                await self.drain()

    async def tick(self, *, plan_anew: bool = False) -> int:
        """Plan the day, when that is due or asked for, and speak what is due."""
        spoken = await self.times.tick(self.clock.now(), plan_anew=plan_anew, ahead=self.demo)
        self.metrics.ticks.inc(spoken)
        if spoken:
            self._wake("post")
        return spoken

    async def urgent_once(self) -> int:
        """The rungs of an emergency wait neither for the next tick nor behind what else is due (C-4.5.1c)."""
        now = self.clock.now()
        if await self.database.read(lambda conn: due.waits(conn, now, URGENT)):
            await self.database.write(lambda conn: tick(conn, now, self.settings.tz, URGENT))
            self._wake("post")
        return 0

    # --- one step of each kind: what the loops repeat, and tests do by hand -------------------------------------
    async def fetch_once(self) -> int:
        """Files that came."""
        ready = await self._fetcher.step()
        if ready:
            self._wake("handle")
        return ready

    async def handle_once(self) -> Step:
        now = self.clock.now()
        step = await self.database.write(lambda conn: self._handler.step(conn, now))
        self.metrics.handled.labels("done").inc(step.moved)
        self.metrics.handled.labels("failed").inc(step.failed)
        if step.moved or step.parked:
            self._wake("post")
            self._wake("fetch")  # a picture of somebody just recognised
        for heard in step.heard:
            self._beside(heard)
        return step

    async def post_once(self) -> int:
        """Prompts tried, all over when this returns."""
        tried = 0
        for post in list(self._posts.values()):
            tried += await post.step()
            await post.settle()
        return tried + await self.fall_over_once()

    async def channels_once(self) -> int:
        """Platforms set up, changed or removed in the browser, by whichever replica: how many were connected anew here."""
        async with self._swapping:
            changes = await self.platforms.changes()
            for change in changes:
                await self._swap(change)
        if changes:
            self._wake("post")
            self._wake("fetch")
        return len(changes)

    def nudge(self) -> None:
        """Something to be said was written beside the conversation."""
        self._wake("post")

    def reached(self, name: str) -> None:
        """The platform has called us with what only it and we know."""
        if name not in self._reached:
            self._reached.add(name)
            self._do_aside(self._note_reached(name))

    async def fall_over_once(self) -> int:
        moved = await fall_over(self.database, self.clock.now())
        if moved:
            self._wake("post")
        return moved

    # --- inside -------------------------------------------------------------------------------------------------
    def _run(self) -> None:
        self._loop("fetch", self.fetch_once)
        self._loop("handle", self._handle)
        self._loop("post", self._send)
        self._loop("urgent", self.urgent_once)
        self._loop("fall over", self.fall_over_once, FALL_OVER)
        self._loop("backup", self.backups.step, EVERY)
        self._ticker = Ticker(self._tick_quietly)
        self._ticker.start()
        self._loop("channels", self.channels_once)
        for name, channel in self.channels.items():
            self._start_polling(name, channel)

    def _start_polling(self, name: str, channel: Channel) -> None:
        """Those that are asked; in tests that move everything by hand nobody is."""
        poll = getattr(channel, "poll", None)
        if self._loops and name not in self._polls and poll is not None and getattr(channel, "mode", "polling") == "polling":
            poller = Poller(self.database, name, poll, partial(self.receive, name), self._holder)
            self._polls[name] = asyncio.create_task(poller.run(), name=f"poll {name}")

    async def _stop_polling(self, name: str) -> None:
        task = self._polls.pop(name, None)
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _swap(self, change: Change) -> None:
        """The new one listens before the old one is let go; what the old one had not sent is sent by the new one."""
        await self._stop_polling(change.name)
        old, old_post = self.channels.pop(change.name, None), self._posts.pop(change.name, None)
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
            self._posts[change.name] = self._post(change.channel)
            self._start_polling(change.name, change.channel)
        log.info("a channel was changed", channel=change.name, on=change.active)

    async def _note_reached(self, name: str) -> None:
        now = self.clock.now()
        try:
            await self.database.write(lambda conn: stored.seen(conn, name, now))
        except StorageError:
            self._reached.discard(name)

    def _beside(self, heard: Heard) -> None:
        """Best effort, outside the outbox: a button stops turning, who came in gets the commands of their roles."""
        channel = self.channels.get(heard.channel)
        work: list[Coroutine[object, object, None]] = []
        if channel is not None and heard.event.callback:
            work.append(channel.acknowledge(heard.event))
        if heard.joined is not None and (show_menu := getattr(channel, "show_menu", None)):
            work.append(show_menu(heard.event.sender, heard.joined))
        for one in work:
            self._do_aside(one)

    def _do_aside(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(work)
        self._aside.add(task)
        task.add_done_callback(self._aside.discard)

    async def _tick_quietly(self) -> None:
        with suppress(Unavailable):  # the next one finds the same rows
            await self.tick()

    async def _send(self) -> int:
        async with self._swapping:
            return await send(self.database, list(self._posts.values()), self.clock.now())

    async def _handle(self) -> int:
        """What failed and is not parked yet is tried again with the next poll, not at once."""
        step = await self.handle_once()
        return step.moved + step.parked

    def _loop(self, wake: str, step: Callable[[], Awaitable[int]], every: float = POLL) -> None:
        event = asyncio.Event()
        self._wakes[wake].append(event)
        self._tasks.append(asyncio.create_task(_forever(event, step, every), name=wake))

    def _wake(self, name: str) -> None:
        for event in self._wakes[name]:
            event.set()

    async def _move_to(self, instant: datetime) -> None:
        """Kept before it is so: after a crash the demo's clock does not go back."""
        if self.demo:
            ahead = instant - self.clock.now() + self.clock.offset
            await self.database.write(lambda conn: mark.set_ahead(conn, ahead))
        self.clock.move_to(instant)

    def _post(self, channel: Channel) -> Post:
        wake = partial(self._wake, "post")
        return Post(self.database, self.blobs, self.stamps, channel, self.clock, self.settings.tz, self.metrics, self._holder, wake)


async def _forever(event: asyncio.Event, step: Callable[[], Awaitable[int]], every: float) -> None:
    while True:
        event.clear()
        try:
            moved = await step()
        except Unavailable:
            moved = 0
        except Exception as error:  # the edge: a loop goes on
            log.exception("a loop failed", why=type(error).__name__)
            moved = 0
        if not moved:
            with suppress(TimeoutError):
                async with asyncio.timeout(every):  # wait_for of Python 3.11 can swallow a cancellation
                    await event.wait()
