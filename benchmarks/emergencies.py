"""Emergencies with a tenth of all sends failing and one replica of two that freezes: when the first message goes, is the ladder whole?

The clock is simulated, the code is the product's: the alarm, the tick, the two replicas' senders over one database (C-4.5.1c). Nobody answers.
Days go by, nights too: with nobody on shift the first message is the backup's, in the same second, and the ladder begins there.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import random
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from bot import demo
from bot.channels.base import Capabilities, Outgoing, RetryLater
from bot.clock import StillClock
from bot.metrics import Metrics
from bot.post import Post, send
from conversations.repairs import dispatch, emergency
from conversations.repairs.job import Call
from rules.repairs.emergencies import LADDER
from scheduler.tick import URGENT, tick
from storage import callers, due, outbox, people
from storage.blobs import BlobFolder
from storage.database import Connection, Database
from storage.repairs.jobs import callouts
from storage.world import World

ZONE, DAY = ZoneInfo("Asia/Shanghai"), date(2026, 11, 24)
START = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)  # nine in the morning
SECOND, WHOLE, FIRST = timedelta(seconds=1), timedelta(minutes=5), 5.0
EVERY, FROZEN_FOR, THAWED_FOR = 4, 60, 600  # seconds: between two emergencies, of a freeze, between two freezes
FAILING = 0.10
ON_BOTH = ("wecom", "telegram")
HOURS = (("somebody on shift", True), ("nobody on shift", False))


@dataclass(frozen=True, slots=True)
class Judged:
    """Seconds to the first message a platform took, and to the first of the last rung; whether anybody was on shift."""

    first: float
    whole: float
    on_shift: bool


class Platform:
    """Takes nine of ten messages; while its replica is frozen a send hangs in it."""

    can = Capabilities(buttons=6, text_units=2000, text_unit="characters", button_label=16)

    def __init__(self, name: str, dice: random.Random, failing: float) -> None:
        self.name, self._dice, self._failing = name, dice, failing
        self.frozen = asyncio.Event()
        self.taken, self.refused = 0, 0

    async def send(self, out: Outgoing) -> str:
        if self.frozen.is_set():
            await asyncio.Event().wait()
        if self._dice.random() < self._failing:
            self.refused += 1
            raise RetryLater(30, "the platform fails")
        self.taken += 1
        return f"{self.name}-{out.id}-{self.taken}"


class Replica:
    """A process: its senders, and whether it moves."""

    def __init__(self, database: Database, folder: BlobFolder, clock: StillClock, name: str, dice: random.Random, failing: float) -> None:
        self.platforms = [Platform(channel, dice, failing) for channel in ON_BOTH]
        self.database, self.clock, self.frozen = database, clock, False
        make = partial(Post, database, folder, _NoStamps(), clock=clock, zone=ZONE, metrics=Metrics(), holder=name, wake=lambda: None)
        self.posts = [make(channel=platform) for platform in self.platforms]

    async def step(self) -> int:
        if self.frozen:
            return 0
        started = await send(self.database, self.posts, self.clock.now())
        for post in self.posts:
            await post.settle()
        return started

    async def freeze(self) -> None:
        """In the middle of sending: rows and channels stay taken."""
        for platform in self.platforms:
            platform.frozen.set()
        await send(self.database, self.posts, self.clock.now())
        self.frozen = True

    def thaw(self) -> None:
        """It finds its sends cut off."""
        self.frozen = False
        for platform in self.platforms:
            platform.frozen.clear()
        for post in self.posts:
            for task in list(post._busy.values()):
                task.cancel()


class _NoStamps:
    """No pictures go with an emergency."""

    async def shown(self, entry: str) -> tuple[str, str]:
        raise LookupError(entry)


def build(conn: Connection) -> int:
    """The demo's station, everybody on two channels; who takes the calls."""
    demo.build(conn, DAY)
    for who in people.everybody(conn, DAY):
        for channel in ON_BOTH:
            callers.reachable(conn, who.id, channel, who.account)
    return next(who.id for who in people.everybody(conn, DAY) if who.name == "小方")


def raise_one(conn: Connection, desk_id: int, now: datetime, nth: int) -> tuple[int, bool]:
    """The job, and whether somebody is on shift for it."""
    desk = World(conn, person_id=desk_id, now=now, zone=ZONE, via="bench")
    area = next(one.id for one in desk.areas() if one.label == "东区")
    call = Call("厨房跑水了", f"阳光苑{nth}", caller="刘女士", phone=f"138{nth:08d}", trade="water", area_id=area)
    job = dispatch.register(desk, call)
    emergency.alarm(desk, job)
    return job.id, bool(desk.on_shift("technician", now, area))


def judged(conn: Connection, id: int, began: datetime, on_shift: bool) -> Judged:
    """Every rung must have been told, that of the shift where there is one."""
    told: defaultdict[str, float] = defaultdict(lambda: math.inf)
    for one in callouts(conn, id):
        if one.told_at is not None:
            told[one.rung] = min(told[one.rung], (one.told_at - began).total_seconds())
    rungs = [told[rung] for _, rung in LADDER if on_shift or rung != "shift"]
    return Judged(rungs[0], max(rungs), on_shift)


async def run(count: int, failing: float, url: str, folder: Path, seed: int) -> list[Judged]:
    database, clock, dice = Database(url, folder), StillClock(START), random.Random(seed)
    database.migrate()
    desk_id = database.write_now(build)
    replicas = [Replica(database, BlobFolder(folder / "blobs"), clock, name, dice, failing) for name in ("one", "two")]
    open_jobs: dict[int, tuple[datetime, bool]] = {}
    found: list[Judged] = []
    began, nth, second = time.perf_counter(), 0, 0
    next_at = 0
    while nth < count or open_jobs:
        now = clock.now()
        phase = second % (FROZEN_FOR + THAWED_FOR)
        if phase == THAWED_FOR:
            await replicas[0].freeze()
        elif phase == 0 and second:
            replicas[0].thaw()
        if nth < count and second >= next_at:
            nth += 1
            next_at = second + dice.randrange(1, 2 * EVERY)
            id, on_shift = database.write_now(partial(raise_one, desk_id=desk_id, now=now, nth=nth))
            open_jobs[id] = now, on_shift
        if database.read_now(lambda conn: due.waits(conn, now, URGENT)):  # noqa: B023 read before the loop goes on
            database.write_now(lambda conn: tick(conn, now, ZONE, URGENT))  # noqa: B023
        while database.read_now(lambda conn: outbox.wanting(conn, now)) and sum([await replica.step() for replica in replicas]):  # noqa: B023
            pass
        for id in [id for id, (at, _) in open_jobs.items() if now - at > WHOLE + 5 * SECOND]:
            at, on_shift = open_jobs.pop(id)
            found.append(database.read_now(partial(judged, id=id, began=at, on_shift=on_shift)))
            if len(found) % 500 == 0:
                print(f"{len(found):,} of {count:,} after {time.perf_counter() - began:,.0f} s", flush=True)
        clock.move_to(now + SECOND)
        second += 1
    refused = sum(platform.refused for replica in replicas for platform in replica.platforms)
    taken = sum(platform.taken for replica in replicas for platform in replica.platforms)
    print(f"{taken:,} messages taken, {refused:,} refused; {second:,} simulated seconds in {time.perf_counter() - began:,.0f} s")
    database.close()
    return found


def firm(count: int, failing: float, url: str, folder: str, seed: int) -> list[Judged]:
    """One firm's life in a folder of its own."""
    with tempfile.TemporaryDirectory(dir=folder or None) as name:
        return asyncio.run(run(count, failing, url or "sqlite://", Path(name), seed))


def share(values: Sequence[float], part: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, math.ceil(part * len(ordered)) - 1)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=500, help="100,000: half an hour with --workers 2 --folder /dev/shm")
    parser.add_argument("--failing", type=float, default=FAILING)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", default="", help="a postgresql:// url; SQLite by default")
    parser.add_argument("--workers", type=int, default=1, help="as many firms beside each other, each with its own database")
    parser.add_argument("--folder", default="", help="where the databases lie: in memory the disk is left out, whose time is not simulated anyway")
    chosen = parser.parse_args()
    if chosen.database and chosen.workers > 1:
        parser.error("several firms need a database each")
    each = [chosen.count // chosen.workers + (nth < chosen.count % chosen.workers) for nth in range(chosen.workers)]
    began = time.perf_counter()
    with ProcessPoolExecutor(chosen.workers) as pool:
        firms = [
            pool.submit(firm, count, chosen.failing, chosen.database, chosen.folder, chosen.seed + nth) for nth, count in enumerate(each) if count
        ]
        found = [one for each_firm in firms for one in each_firm.result()]
    took = time.perf_counter() - began
    print(f"{len(found):,} emergencies in {took:,.0f} s: {took * 1000 / len(found):.1f} ms each")
    late = sum(told(words, some) for words, at_work in HOURS if (some := [one for one in found if one.on_shift is at_work]))
    return 1 if late or share([one.first for one in found], 0.99) > FIRST else 0


def told(words: str, some: Sequence[Judged]) -> int:
    """Prints; how many were late."""
    first, whole = [one.first for one in some], [one.whole for one in some]
    late = sum(seconds > WHOLE.total_seconds() for seconds in whole)
    print(f"{words}: {len(some):,}")
    print(f"  first message: median {share(first, 0.5):.0f} s, p99 {share(first, 0.99):.0f} s, worst {max(first):.0f} s (reach p99 ≤ {FIRST:.0f} s)")
    print(f"  whole ladder:  median {share(whole, 0.5):.0f} s, worst {max(whole):.0f} s (reach {WHOLE.total_seconds():.0f} s)")
    print(f"  {late:,} past five minutes without the whole ladder")
    return late


if __name__ == "__main__":
    sys.exit(main())
