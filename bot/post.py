"""The outbox onto the wire: one sender a channel, per talk and lane in order, at least once, to the next address when one fails."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import structlog

from bot.channels.base import AddressDead, Channel, Outgoing, Refused, RetryLater
from bot.clock import Clock
from bot.merge import merged
from bot.metrics import Metrics
from bot.platforms import LABELS
from bot.stamps import Stamps
from storage import callers, greeting, leases, outbox, posting, webbox
from storage.blobs import BlobFolder
from storage.database import Connection, Database
from storage.outbox import WEB, OutboxRow

EMERGENCY = ("emergency",)
AT_ONCE = 32
CHANNEL_LEASE = 20.0  # seconds until another replica may send for a channel whose sender fell silent
ROW_LEASE = 60.0
PATIENCE = 50.0  # seconds for one send, less than the row's lease
URGENT_PATIENCE = 4.0
QUICK = 20  # tries of an emergency, a second apart
OVERDUE = timedelta(seconds=3)  # an emergency not taken by the one who sends for the channel
TRIES_HERE = 6  # then the next address, when there is one
TRIES = 5  # of a send that failed in a way no channel should
LONGEST_WAIT = 300.0
PACED = timedelta(hours=1)  # the longest window of any platform's limits
NOT_FETCHED = timedelta(seconds=60)
WHERE = "写「办公」，在「没送到的消息」页看原因、重发。"
NOT_GREETED = "有同事在企业微信里问候不到。写「办公」，在「企业微信问候」页看是谁、为什么、怎么办。"
GRACE = timedelta(seconds=3)  # a page that is open fetches in less

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Letter:
    """A claimed row, and the message it takes the place of."""

    row: OutboxRow
    replaces: str = ""


class Post:
    """Sends for one channel. `wake` is called when a send is over and the next may go."""

    def __init__(
        self,
        database: Database,
        folder: BlobFolder,
        stamps: Stamps,
        channel: Channel,
        clock: Clock,
        zone: ZoneInfo,
        metrics: Metrics,
        holder: str,
        wake: Callable[[], None],
    ) -> None:
        self._database, self._folder, self._channel, self._clock, self._zone = database, folder, channel, clock, zone
        self._stamps, self._metrics, self._holder, self._wake = stamps, metrics, holder, wake
        self._busy: dict[int, asyncio.Task[None]] = {}
        self._held_until: datetime | None = None  # the whole channel must wait
        self._epoch = 0  # under which this replica last sent

    async def step(self, lanes: Sequence[str] = outbox.LANES) -> int:
        """Start what may be sent now; how many."""
        return await send(self._database, [self], self._clock.now(), lanes)

    def room(self, now: datetime, lanes: Sequence[str]) -> tuple[Sequence[str], int]:
        """What may go now, and how many; half of the room is kept for emergencies."""
        free = AT_ONCE - len(self._busy)
        if free > 0 and not self._held(now):
            return lanes, free
        return [lane for lane in lanes if lane in EMERGENCY], free + AT_ONCE  # those fall over to another address at once

    async def start(self, epoch: int, letters: Sequence[Letter], now: datetime) -> int:
        if letters and epoch != self._epoch:
            await self._take_over(epoch, now)
        started = 0
        for letter in letters:
            if letter.row.id in self._busy:  # the demo's clock jumped past its lease
                continue
            task = asyncio.create_task(self._deliver(letter))
            self._busy[letter.row.id] = task
            task.add_done_callback(partial(self._over, letter.row.id))
            started += 1
        return started

    async def settle(self) -> None:
        """Until nothing is on its way."""
        while self._busy:
            await asyncio.wait(self._busy.values())

    async def close(self) -> None:
        """What cannot be sent in a moment is sent by whoever comes next."""
        if self._busy:
            await asyncio.wait(self._busy.values(), timeout=3)
        for task in list(self._busy.values()):
            task.cancel()
        await self.settle()
        await self._database.write(lambda conn: leases.release(conn, self._lease, self._holder))

    @property
    def channel(self) -> str:
        return self._channel.name

    @property
    def _label(self) -> str:
        return LABELS.get(self.channel, self.channel)

    @property
    def _lease(self) -> str:
        return f"post:{self._channel.name}"

    def _held(self, now: datetime) -> bool:
        return self._held_until is not None and now < self._held_until

    def _over(self, id: int, _done: asyncio.Task[None]) -> None:
        self._busy.pop(id, None)
        self._wake()

    async def _take_over(self, epoch: int, now: datetime) -> None:
        """Whoever sent before is gone, and with it the memory of what a member may still be sent."""
        recall: Callable[[Sequence[tuple[str, datetime]]], None] | None = getattr(self._channel, "recall", None)
        if recall is not None:
            recall(await self._database.read(lambda conn: posting.sent_since(conn, self._channel.name, now - PACED)))
        self._epoch = epoch

    def claim(self, conn: Connection, now: datetime, lanes: Sequence[str], room: int) -> tuple[int, list[Letter]]:
        epoch = leases.take(conn, self._lease, self._holder, CHANNEL_LEASE)
        if epoch is None:
            return self._beside(conn, now, lanes, room)
        rows = outbox.claim(conn, self._channel.name, now, ROW_LEASE, epoch, room, lanes)
        if self._channel.name == WEB:  # sent is ready for the page, which must find it when it is woken
            for row in rows:
                outbox.sent(conn, row.id, epoch, f"{WEB}:{row.id}", row.address_id, now)
            return epoch, [Letter(row) for row in rows]
        return epoch, [self._letter(conn, row, now) for row in rows]

    def _beside(self, conn: Connection, now: datetime, lanes: Sequence[str], room: int) -> tuple[int, list[Letter]]:
        """Another replica sends here. An emergency that it did not take within a moment is not left to it: it may have stopped."""
        if not set(lanes) & set(EMERGENCY):
            return 0, []
        epoch = leases.epoch(conn, self._lease)
        rows = outbox.claim(conn, self._channel.name, now, ROW_LEASE, epoch, room, EMERGENCY, put_by=now - OVERDUE)
        if self._channel.name == WEB:
            for row in rows:
                outbox.sent(conn, row.id, epoch, f"{WEB}:{row.id}", row.address_id, now)
        return epoch, [self._letter(conn, row, now) for row in rows]

    def _letter(self, conn: Connection, row: OutboxRow, now: datetime) -> Letter:
        if row.pushed and row.attempts > 1 and (waiting := posting.behind(conn, row, now)):
            prompt, count = merged([row.prompt, *(prompt for _, prompt in waiting)], self._channel.can)
            if count > 1:
                posting.merge(conn, row.id, prompt, [id for id, _ in waiting[: count - 1]], now)
                row = replace(row, prompt=prompt, ref=prompt.ref)
        replaces = posting.replaced(conn, row) if row.counts and self._channel.can.edits else ""
        return Letter(row, replaces)

    async def _deliver(self, letter: Letter) -> None:
        row = letter.row
        outcome = "lost"  # cancelled: the row's lease runs out and it is sent again
        try:
            outcome = await self._sent(letter)
        except AddressDead as dead:
            outcome, why = "dead", str(dead)
            await self._database.write(lambda conn: self._dead(conn, row, why))
        except RetryLater as later:
            outcome = "ambiguous" if later.maybe_sent else "later"
            await self._later(row, later)
        except Refused as refused:
            outcome, why = "refused", f"{posting.REFUSED}{refused}"
            await self._database.write(lambda conn: self._park(conn, row, why))
        except Exception as error:  # the edge: one bad message must not stop the others
            outcome = "failed"
            log.warning("a send failed", outbox=row.id, channel=self._channel.name, why=type(error).__name__)
            await self._failed(row, type(error).__name__)
        finally:
            self._metrics.sent.labels(self._channel.name, outcome).inc()

    async def _sent(self, letter: Letter) -> str:
        row = letter.row
        if self._channel.name != WEB and self._held(now := self._clock.now()) and self._held_until is not None:
            raise RetryLater((self._held_until - now).total_seconds(), "the channel waits")
        files = await self._contents(row)
        attached, words = [(mime, data) for mime, data, _ in files], [said for _, _, said in files]
        out = Outgoing(row.id, row.external_id, row.prompt, row.lane, attached, row.cards, letter.replaces, words)
        try:
            async with asyncio.timeout(URGENT_PATIENCE if row.lane in EMERGENCY else PATIENCE):
                remote = await self._channel.send(out)
        except TimeoutError:
            raise RetryLater(5, "no answer", maybe_sent=True) from None
        if self._channel.name == WEB:
            return "sent"
        now = self._clock.now()
        mine = await self._database.write(lambda conn: outbox.sent(conn, row.id, row.epoch, remote[:200], row.address_id, now))
        return "sent" if mine else "overtaken"

    async def _contents(self, row: OutboxRow) -> list[tuple[str, bytes, str]]:
        """A page asks for the files itself."""
        found = []
        for entry in row.prompt.attach if self._channel.name != WEB else ():
            sha, mime = await self._stamps.shown(entry)
            try:
                found.append((mime, await asyncio.to_thread(self._folder.read, sha), await self._stamps.words(entry)))
            except FileNotFoundError:
                log.error("a file to send is missing", outbox=row.id, sha=sha[:12])
        return found

    async def _later(self, row: OutboxRow, later: RetryLater) -> None:
        now = self._clock.now()
        if later.everyone:
            self._held_until = now + timedelta(seconds=later.seconds)
        wait = timedelta(seconds=max(later.seconds, min(LONGEST_WAIT, 2.0 ** min(row.attempts - 1, 10)) if row.attempts > 1 else 0.0))
        why = f"{posting.MAYBE if later.maybe_sent else posting.HELD}{later}"

        def unit(conn: Connection) -> None:
            urgent = row.lane in EMERGENCY
            soon = now + (_next_try(row.attempts) if urgent else timedelta(0))
            if (urgent or row.attempts >= TRIES_HERE) and posting.readdress(conn, row, soon, why):
                return
            outbox.retry(conn, row.id, now + wait, why, row.epoch)

        await self._database.write(unit)

    async def _failed(self, row: OutboxRow, why: str) -> None:
        if row.attempts >= TRIES:
            await self._database.write(lambda conn: self._park(conn, row, why))
        else:
            await self._later(row, RetryLater(2.0**row.attempts, why))

    def _dead(self, conn: Connection, row: OutboxRow, why: str) -> None:
        """The row goes to the next address at once, or is parked and the admins hear of it."""
        now = self._clock.now()
        alone = outbox.address_dead(conn, row.address_id, why, now)
        outbox.retry(conn, row.id, now, why, row.epoch)
        if alone:
            note = f"有同事收不到消息了（{self._label}），也没有别的联系方式。{WHERE}"
            self._tell_admins(conn, row, note, f"unreachable:{row.talk_id}:{now.date()}", now)

    def _park(self, conn: Connection, row: OutboxRow, why: str) -> None:
        now = self._clock.now()
        outbox.park(conn, row.id, why, now)
        log.warning("a prompt was parked", outbox=row.id, channel=self._channel.name)
        note = f"有一条消息发不出去（{self._label}）。{WHERE}"
        self._tell_admins(conn, row, note, f"refused:{row.id}", now)

    def _tell_admins(self, conn: Connection, row: OutboxRow, note: str, key: str, now: datetime) -> None:
        if row.ref == greeting.REF:  # thirty wrong accounts are one word
            note, key = NOT_GREETED, f"{greeting.REF}:{now.astimezone(self._zone).date()}"
        if row.ref != callers.ADMIN_NOTE:
            callers.tell_admins(conn, note, key=key, now=now, today=now.astimezone(self._zone).date())


def _next_try(attempts: int) -> timedelta:
    """Of an emergency that has another address: there at once, then from the first again, a second later, and slower after a while."""
    if attempts % 2:
        return timedelta(0)
    return timedelta(seconds=1 if attempts < QUICK else 15)


async def send(database: Database, posts: Collection[Post], now: datetime, lanes: Sequence[str] = outbox.LANES) -> int:
    """Start what may be sent now, by whatever channel; how many. One transaction claims for all."""
    rooms = [(post, *post.room(now, lanes)) for post in posts]

    def unit(conn: Connection) -> list[tuple[Post, int, list[Letter]]]:
        wanting = outbox.wanting(conn, now)
        return [(post, *post.claim(conn, now, may, room)) for post, may, room in rooms if post.channel in wanting and may and room > 0]

    return sum([await post.start(epoch, letters, now) for post, epoch, letters in await database.write(unit)])


async def fall_over(database: Database, now: datetime) -> int:
    """Web prompts no page fetched go to the person's other address: emergencies at once, others after a minute."""
    waiting = await database.read(lambda conn: webbox.unfetched_web(conn, now - GRACE, NOT_FETCHED - GRACE))
    if not waiting:
        return 0
    return await database.write(lambda conn: sum(webbox.reroute(conn, row.id, row.other_address_id) for row in waiting))
