"""Papers are set in a child process of their own: the typesetter is in no other, and a paper that takes too long costs nobody anything (C-5)."""

from __future__ import annotations

import asyncio
import os
import struct
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
import structlog

SECONDS = 10.0
MEMORY = 4 << 30  # of addresses: fonts are mapped, threads have stacks
MADE = 200  # papers until a fresh child takes over
IDLE = 60.0  # seconds without a paper, and the child goes: it is the largest of ours
_ROOT = Path(__file__).resolve().parents[1]
_PASSED = ("PATH", "SYSTEMROOT", "LANG", "LD_LIBRARY_PATH", "TMPDIR")
_SIZE = struct.Struct(">I")

log = structlog.get_logger()


class Order(msgspec.Struct):
    """What is to be set: papers.sheet.Sheet on the wire."""

    layout: str
    data: dict[str, Any]
    pictures: dict[str, bytes]


class Made(msgspec.Struct):
    """The paper and its first page as a picture; or why there is none, in words."""

    pdf: bytes = b""
    page: bytes = b""
    pages: int = 0
    broken: str = ""


class Printer:
    """One child, started with the first paper, gone after a minute without one, replaced when it dies or hangs."""

    def __init__(self, seconds: float = SECONDS, memory: int = MEMORY, idle: float = IDLE) -> None:
        self._seconds, self._memory, self._idle = seconds, memory, idle
        self._child: asyncio.subprocess.Process | None = None
        self._made = 0
        self._one_at_a_time = asyncio.Lock()
        self._resting: asyncio.Task[None] | None = None

    async def printed(self, layout: str, data: Mapping[str, Any], pictures: Mapping[str, bytes]) -> Made:
        """Never raises; `broken` says what went wrong."""
        order = msgspec.json.encode(Order(layout, dict(data), dict(pictures)))
        async with self._one_at_a_time:
            try:
                async with asyncio.timeout(self._seconds):
                    made = await _asked(await self._started(), order)
            except (TimeoutError, EOFError, OSError, msgspec.DecodeError) as error:
                log.warning("a paper was too much for the child", layout=layout, why=type(error).__name__)
                await self._end()
                return Made(broken="这张单现在印不出来，请过一会儿再试。")
            self._rest()
            return made

    async def close(self) -> None:
        if self._resting is not None:
            self._resting.cancel()
            with suppress(asyncio.CancelledError):
                await self._resting
        async with self._one_at_a_time:
            await self._end()

    def _rest(self) -> None:
        if self._resting is not None:
            self._resting.cancel()
        self._resting = asyncio.create_task(self._gone_when_idle(), name="printer rests")

    async def _gone_when_idle(self) -> None:
        await asyncio.sleep(self._idle)
        async with self._one_at_a_time:
            await self._end()

    async def _started(self) -> asyncio.subprocess.Process:
        self._made += 1
        if self._made > MADE:
            await self._end()
        if self._child is None or self._child.returncode is not None:
            self._made = 1
            self._child = await asyncio.create_subprocess_exec(
                sys.executable,
                "-I",
                "-c",
                f"import sys; sys.path.insert(0, {str(_ROOT)!r}); from bot.printing import serve; serve({self._memory})",
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env={name: value for name, value in os.environ.items() if name in _PASSED},
            )
        return self._child

    async def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        if child.stdin is not None:
            child.stdin.close()
        with suppress(ProcessLookupError):
            child.kill()
        await child.wait()
        # Without this the pipes are only closed by the collector, after the loop is gone.
        child._transport.close()  # type: ignore[attr-defined]


async def _asked(child: asyncio.subprocess.Process, order: bytes) -> Made:
    if child.stdin is None or child.stdout is None:
        raise EOFError
    child.stdin.write(_SIZE.pack(len(order)) + order)
    await child.stdin.drain()
    (size,) = _SIZE.unpack(await child.stdout.readexactly(_SIZE.size))
    return msgspec.json.decode(await child.stdout.readexactly(size), type=Made)


def serve(memory: int) -> None:
    """The child: an order in, the paper out."""
    with suppress(ImportError):  # Windows has none: time is limited by the parent all the same
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    orders: BinaryIO = sys.stdin.buffer
    answers: BinaryIO = sys.stdout.buffer
    while head := orders.read(_SIZE.size):
        (size,) = _SIZE.unpack(head)
        answer = msgspec.json.encode(_made(msgspec.json.decode(orders.read(size), type=Order)))
        answers.write(_SIZE.pack(len(answer)) + answer)
        answers.flush()


def _made(order: Order) -> Made:
    from papers.sheet import Sheet, Unprintable, pdf, preview

    sheet = Sheet(order.layout, order.data, order.pictures)
    try:
        pages: Sequence[bytes] = preview(sheet)
        return Made(pdf(sheet), pages[0], len(pages))
    except Unprintable as lacking:
        return Made(broken=str(lacking))
    except (RuntimeError, ValueError, OSError, MemoryError) as error:  # the typesetter's own errors are RuntimeErrors
        return Made(broken=f"这张单印不出来（{type(error).__name__}）。")
