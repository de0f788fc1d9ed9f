"""A step of a conversation, from an update's bytes to the captured sendMessage: durable and whole against python-telegram-bot's volatile one."""

from __future__ import annotations

import asyncio
import gc
import shutil
import sys
import tempfile
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from benchmarks.kit import measure
from benchmarks.kit.measure import Stopwatch

CHATS, WARM, AT_ONCE = 200, 24, 8
OPEN = (100, 100_000)
PICKLED_OPEN, PICKLED_STEPS = 10_000, 21
ROUNDS = 5
OURS = "whole App, durable (SQLite FULL), 8 at once, {} open"
VOLATILE = "ConversationHandler without persistence, 100 open"
ADAPTER = "the Telegram channel alone: update read, answer rendered and sent"
PICKLED = "ConversationHandler with PicklePersistence, 10,000 open"


async def ours(folder: Path) -> None:
    from benchmarks.kit.firm import VISIT, Office

    office = Office(folder)
    await office.app.start()
    await _everyone(WARM, lambda n: office.visit(n))
    gc.collect()
    with Stopwatch() as watch:
        await _everyone(CHATS, lambda n: office.visit(WARM + n))
    await office.app.stop()
    measure.report(watch, CHATS * len(VISIT), unasked=office.wire.unasked)


async def adapter() -> None:
    """Reading the update and sending the answer: the Telegram channel's share of a step."""
    from benchmarks.kit.firm import FIRST_CHAT, NOW, SECRET, Wire, a_channel, an_update
    from bot.channels.base import Outgoing
    from bot.channels.telegram import HEADER
    from conversations.types import Option, Prompt

    wire = Wire()
    channel = a_channel(wire)
    prompt = Prompt(
        "谈了什么？", tuple(Option(word, f"s1042.3.{word}") for word in ("续约", "报价", "收款", "投诉", "送书")), title="客户走访表", step=(3, 5)
    )
    bodies = [an_update(n, FIRST_CHAT + n, "王经理", NOW) for n in range(CHATS * 7)]
    with Stopwatch() as watch:
        for n, body in enumerate(bodies):
            (event,) = await channel.read(query={}, headers={HEADER: SECRET}, body=body)
            await channel.send(Outgoing(n, event.sender, prompt, "reply"))
    await channel.close()
    measure.report(watch, len(bodies))


async def volatile() -> None:
    from benchmarks.kit import ptb

    request = ptb.Captured()
    app, form = await ptb.application(request)
    form._conversations |= {(n, n): 2 for n in range(OPEN[0])}

    async def visit(n: int) -> None:
        for at, words in enumerate(ptb.VISIT):
            await ptb.step(app, ptb.update(n * 10 + at, 1_000_000 + n, words))

    await _everyone(WARM, visit)
    gc.collect()
    with Stopwatch() as watch:
        await _everyone(CHATS, lambda n: visit(WARM + n))
    await app.shutdown()
    measure.report(watch, CHATS * len(ptb.VISIT))


async def pickled(folder: Path) -> None:
    """Written after every update, as durable as it gets: without fsync, in place."""
    from benchmarks.kit import ptb

    app, form = await ptb.application(ptb.Captured(), folder / "conversations.pickle")
    form._conversations |= {(n, n): 2 for n in range(PICKLED_OPEN)}
    for n in range(PICKLED_OPEN):
        app.user_data[n].update({0: "华东", 1: "王经理"})
        await app.persistence.update_conversation("visit", (n, n), 2)
    app.mark_data_for_update_persistence(user_ids=list(range(PICKLED_OPEN)))
    await app.update_persistence()
    gc.collect()
    with Stopwatch() as watch:
        for at in range(PICKLED_STEPS):
            await ptb.step(app, ptb.update(at, 1_000_000 + at // 7, ptb.VISIT[at % 7]))
            await app.update_persistence()
            await app.persistence.flush()
    measure.report(watch, PICKLED_STEPS)


async def _everyone(count: int, visit: Callable[[int], Coroutine[Any, Any, None]]) -> None:
    """So many visits, AT_ONCE of them under way."""
    numbers = iter(range(count))

    async def one_after_another() -> None:
        for n in numbers:
            await visit(n)

    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(one_after_another())


def one(variant: str, folder: str = "") -> None:
    if variant in ("volatile", "adapter"):
        asyncio.run(volatile() if variant == "volatile" else adapter())
    else:
        with tempfile.TemporaryDirectory() as copy:
            for file in Path(folder).glob("*.db*"):
                shutil.copy(file, copy)
            asyncio.run((ours if variant == "ours" else pickled)(Path(copy)))


def main() -> None:
    from benchmarks.kit import firm

    with tempfile.TemporaryDirectory() as folder:
        variants: dict[str, list[str]] = {}
        for idle in OPEN:
            print(f"building a firm with {idle:,} open conversations …", flush=True)
            firm.build(Path(folder) / str(idle), WARM + CHATS, idle)
            variants[OURS.format(f"{idle:,}")] = ["ours", str(Path(folder) / str(idle))]
        variants |= {VOLATILE: ["volatile"], PICKLED: ["pickled", folder], ADAPTER: ["adapter"]}
        found = measure.interleaved("benchmarks.step", variants, ROUNDS, few=(PICKLED,))
    measure.table(found)
    few, many, bare, pickle, wire = (found[name]["cpu_ms"] for name in variants)
    measure.goals(
        (
            ("durable step / ConversationHandler without persistence", few / bare, 1.0),
            ("  the same, as far as it could go", few / bare, 0.7),
            ("durable step / PicklePersistence at 10,000 open", few / pickle, 1 / 300),
            ("100,000 open / 100 open", many / few, 1.15),
            ("the channel's share / ConversationHandler without persistence", wire / bare, 0.5),
        )
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(*sys.argv[2:])
    else:
        main()
