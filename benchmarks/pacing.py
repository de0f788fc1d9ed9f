"""Ten thousand messages wait and a reply comes behind them: how near to 30 a second, no second over, and how soon the reply goes."""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from bisect import bisect_left
from collections.abc import Awaitable, Callable

from benchmarks.kit import measure
from bot.channels.pacing import RATE, Pace
from bot.post import AT_ONCE

QUEUED, SECONDS, REPLIES = 10_000, 12.0, 12
WIRE = 0.06  # seconds a platform takes to answer; sends overlap
ROUNDS = 2
PEER = "a sleep of 1/30 s after each send is started, first come first served"
OURS = "ours: the pacer, replies in their own lane"
VARIANTS = {PEER: ["queue"], OURS: ["pacer"]}
Turn = Callable[[str, str], Awaitable[None]]


class InLine:
    """The usual: one queue, one sleep."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()

    async def turn(self, chat: str, lane: str) -> None:
        async with self._lock:
            await asyncio.sleep(1 / RATE)


async def run(turn: Turn, ahead: int) -> tuple[list[float], list[float]]:
    """When sends started, and how long each reply waited; one that has not gone by the end waited till then."""
    loop, starts, waits = asyncio.get_running_loop(), [], []
    began = loop.time()

    async def send(chat: str, lane: str) -> None:
        asked = loop.time()
        try:
            await turn(chat, lane)
        except asyncio.CancelledError:
            if lane == "reply":
                waits.append(loop.time() - asked)
            raise
        starts.append(loop.time())
        if lane == "reply":
            waits.append(loop.time() - asked)
        await asyncio.sleep(WIRE)

    queued = iter(range(QUEUED))  # in the outbox: the sender takes so many ahead (bot/post.py)

    async def sender() -> None:
        for n in queued:
            await send(str(n), "digest")

    tasks = [asyncio.create_task(sender()) for _ in range(ahead)]
    dice = random.Random(1)
    for n in range(REPLIES):
        await asyncio.sleep(max(0.0, began + 1 + n * (SECONDS - 2) / REPLIES + dice.uniform(0, 0.5) - loop.time()))
        tasks.append(asyncio.create_task(send(f"person {n}", "reply")))
    await asyncio.sleep(max(0.0, began + SECONDS - loop.time()))
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return starts, waits


def windows_over(starts: list[float]) -> tuple[int, int]:
    """The fullest second that begins with a send, and how many hold more than is allowed."""
    counts = [bisect_left(starts, at + 1.0) - n for n, at in enumerate(starts)]
    return max(counts), sum(count > RATE for count in counts)


def one(variant: str) -> None:
    with measure.Stopwatch() as watch:
        starts, waits = asyncio.run(_one(variant))
    starts.sort()
    steady = [at for at in starts if at >= starts[0] + 1.0]
    rate = (len(steady) - 1) / (steady[-1] - steady[0])
    fullest, over = windows_over(starts)
    figures = {"cpu_ms": watch.cpu * 1000 / len(starts), "wall_ms": watch.wall * 1000 / len(starts)}
    print(json.dumps(figures | {"rate": rate, "fullest": fullest, "over": over, "longest": max(waits)}))


async def _one(variant: str) -> tuple[list[float], list[float]]:
    return await run(InLine().turn, QUEUED) if variant == "queue" else await run(Pace().turn, AT_ONCE)


def main() -> None:
    began = time.monotonic()
    found = measure.interleaved("benchmarks.pacing", VARIANTS, ROUNDS)
    measure.table(found)
    print(f"\n{'variant':<72}{'a second':>9}{'fullest':>9}{'over':>6}{'reply waits at most':>21}")
    for name, figures in found.items():
        print(f"{name:<72}{figures['rate']:>9.2f}{figures['fullest']:>9.0f}{figures['over']:>6.0f}{figures['longest']:>19.3f} s")
    ours, peer = found[OURS], found[PEER]
    measure.goals(
        (
            ("30 a second / reached", RATE / ours["rate"], 1 / 0.99),
            ("seconds with more than 30", ours["over"], 0),
            ("longest wait of a reply, in seconds", ours["longest"], 0.1),
            ("the same / first come first served", ours["longest"] / peer["longest"], 0.05),
        )
    )
    print(f"{time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    one(*sys.argv[2:]) if sys.argv[1:2] == ["--one"] else main()
