"""The only place where everything is wired: storage, channels, the loops that receive, fetch, handle, post and tick."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
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
from bot.connections import Connections
from bot.eyes import Eyes, Seeing
from bot.founding import Founding
from bot.handle import Converse, Handler, Step
from bot.media import Fetcher
from bot.metrics import Metrics
from bot.opening import open_database
from bot.pictures import Pictures
from bot.platforms import Platforms, configured
from bot.post import Post, fall_over
from bot.readings import Readings
from bot.settings import Settings
from bot.stamps import Stamps
from bot.times import Times
from bot.ways import Ways
from conversations.converse import converse
from scheduler.tick import URGENT, tick
from scheduler.ticker import Ticker
from storage import due, inbox, mark
from storage.blobs import BlobFolder
from storage.database import Database
from storage.errors import Unavailable

POLL = 1.0  # behind every wake-up: another replica may have written, and a wake-up may be lost
FALL_OVER = 2.0
READ = 5.0

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
        eyes: Seeing | None = None,
        loops: bool = True,
        demo: bool = False,
    ) -> None:
        self.clock, self.demo = clock or Clock(), demo
        self.database = Database(settings.database_url, settings.data)
        self.blobs = BlobFolder(settings.data / "blobs")
        chosen = dict(channels) if channels is not None else configured(settings, self.clock)
        self.checks = Checks(self.clock)
        self.platforms = Platforms(settings, self.clock, self.database, chosen)
        self.metrics = Metrics()
        self.times = Times(self.database, settings.tz)
        self.founding: Founding | None = None  # the demo's, where whoever serves it can serve the firm in its place
        self._loops = loops
        self._tasks: list[asyncio.Task[None]] = []
        self._ticker: Ticker | None = None
        self._wakes: defaultdict[str, list[asyncio.Event]] = defaultdict(list)
        self._pictures, self._eyes = Pictures(), eyes or Eyes()
        self.stamps = Stamps(self.database, self.blobs, self._pictures, self.clock, settings.tz)
        self._holder = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self.connections = Connections(
            self.database,
            self.platforms,
            {WebChat.name: WebChat(self.blobs)} | chosen,
            self.clock,
            self._holder,
            post=self._post,
            receive=self.receive,
            polling=loops,
        )
        self._fetcher = Fetcher(self.database, self.blobs, self.channels, self.clock, self._pictures, self._eyes)
        self._handler = Handler(converse, settings.tz, Ways(lambda: self.settings.public_url, self.channels, self.blobs))
        self._readings = Readings(self.database, self.blobs, self._eyes, self.clock, settings.tz, self._holder)
        self.backups = Backups(self.database, self.blobs, settings.backup_folder, self.clock, settings.tz, self._holder)
        self._moving = asyncio.Lock()

    # --- life -----------------------------------------------------------------------------------------------
    @property
    def settings(self) -> Settings:
        """With the address that was entered in the browser."""
        return self.platforms.settings

    @property
    def channels(self) -> dict[str, Channel]:
        return self.connections.channels

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
        await self.connections.start()
        await self.channels_once()
        await self.tick()
        if self._loops:
            self._run()

    async def quiet(self) -> None:
        """Let go of everybody who waits for an answer: the web server is about to stop."""
        await self.connections.quiet()

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
        await self.connections.stop()
        await self.stamps.close()
        await self._readings.close()
        await self._pictures.close()
        await self._eyes.close()
        await self.connections.close()
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
            moved += await self.read_once() if not moved else 0  # the first answer is out before the reading is done
            await self.connections.settle()

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
            self._wake("read")
        for heard in step.heard:
            self.connections.beside(heard)
        return step

    async def read_once(self) -> int:
        """One picture with a stamp on it, told on the card that waits for it."""
        told = await self._readings.step()
        if told:
            self._wake("post")
        return told

    async def post_once(self) -> int:
        """Prompts tried, all over when this returns."""
        return await self.connections.send_all() + await self.fall_over_once()

    async def channels_once(self) -> int:
        """Platforms set up, changed or removed in the browser, by whichever replica: how many were connected anew here."""
        changed = await self.connections.changes()
        if changed:
            self._wake("post")
            self._wake("fetch")
        return changed

    def nudge(self) -> None:
        """Something to be said was written beside the conversation."""
        self._wake("post")

    async def fall_over_once(self) -> int:
        moved = await fall_over(self.database, self.clock.now())
        if moved:
            self._wake("post")
        return moved

    # --- inside -------------------------------------------------------------------------------------------------
    def _run(self) -> None:
        self._loop("fetch", self.fetch_once)
        self._loop("handle", self._handle)
        self._loop("read", self.read_once, READ)
        self._loop("post", self.connections.give_out)
        self._loop("urgent", self.urgent_once)
        self._loop("fall over", self.fall_over_once, FALL_OVER)
        self._loop("backup", self.backups.step, EVERY)
        self._ticker = Ticker(self._tick_quietly)
        self._ticker.start()
        self._loop("channels", self.channels_once)
        self.connections.poll()

    async def _tick_quietly(self) -> None:
        with suppress(Unavailable):  # the next one finds the same rows
            await self.tick()

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
