"""The wake-up wakes, and nothing else."""

from __future__ import annotations

import asyncio

from scheduler.ticker import Ticker


async def test_it_wakes_again_and_again_until_stopped() -> None:
    woken: dict[str, int] = {"tick": 0, "plan": 0}
    enough = asyncio.Event()

    async def tick() -> None:
        woken["tick"] += 1
        if woken["tick"] > 1 and woken["plan"]:
            enough.set()

    async def plan() -> None:
        woken["plan"] += 1

    ticker = Ticker(tick, plan, tick_seconds=0.01, plan_seconds=0.01)
    assert not ticker.running
    ticker.start()
    assert ticker.running
    await asyncio.wait_for(enough.wait(), 20)
    ticker.stop()
    await asyncio.sleep(0)
    assert not ticker.running
    ticker.stop()


async def test_one_that_fails_is_woken_again() -> None:
    tries = 0
    again = asyncio.Event()

    async def tick() -> None:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise RuntimeError("the database is away")
        again.set()

    ticker = Ticker(tick, tick_seconds=0.01)
    ticker.start()
    await asyncio.wait_for(again.wait(), 20)
    ticker.stop()
    await asyncio.sleep(0)
