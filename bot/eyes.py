"""Pictures are read in one child: models loaded once, a queue in front, time and memory limited; what it cannot do is "not read", never lost."""

from __future__ import annotations

import asyncio
import os
import struct
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
import structlog

from bot.pictures import environment

SECONDS = 30.0  # for one picture, queue not counted
MEMORY = 2 << 30  # of address space, most of it mapped and never touched
READ = 200  # pictures a child reads before a fresh one takes over
WAITING = 50  # pictures in the queue; more are told at once that nothing was read
_ROOT = Path(__file__).resolve().parents[1]
_HEAD = struct.Struct(">I")

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Seen:
    """papers.sight.verdict.Verdict as plain values; None when it could not be read. The photograph is kept all the same."""

    verdict: dict[str, Any] | None = None
    why: str = ""


BUSY, FAILED = "现在照片太多，先存下了，没有读。", "照片存下了，上面的字没有读出来。"


class Eyes:
    """One child, started with the first picture, replaced when it dies, hangs or has read enough."""

    def __init__(self, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self._seconds, self._memory = seconds, memory
        self._child: asyncio.subprocess.Process | None = None
        self._read = 0
        self._waiting = 0
        self._one_at_a_time = asyncio.Lock()

    async def first_look(self, path: Path) -> Seen:
        """Usable or one instruction, and whether a seal is there: within a second."""
        return await self._ask("first", path, "")

    async def look(self, path: Path, expect: str = "") -> Seen:
        """Everything, with what is written on the seals."""
        return await self._ask("all", path, expect)

    async def _ask(self, how: str, path: Path, expect: str) -> Seen:
        if self._waiting >= WAITING:
            return Seen(why=BUSY)
        self._waiting += 1
        try:
            async with self._one_at_a_time:
                return await self._asked(how, path, expect)
        finally:
            self._waiting -= 1

    async def _asked(self, how: str, path: Path, expect: str) -> Seen:
        try:
            child = await self._started()
            async with asyncio.timeout(self._seconds):
                return Seen(await _answer(child, how, path, expect))
        except asyncio.CancelledError:
            await self._end()  # an answer that nobody waits for would be taken for the next picture's
            raise
        except (TimeoutError, EOFError, OSError, msgspec.DecodeError) as error:
            log.warning("a picture was not read", picture=path.name, why=type(error).__name__)
            await self._end()
            return Seen(why=FAILED)

    async def close(self) -> None:
        async with self._one_at_a_time:
            await self._end()

    async def _started(self) -> asyncio.subprocess.Process:
        self._read += 1
        if self._read > READ:
            await self._end()
        if self._child is None or self._child.returncode is not None:
            self._read = 1
            self._child = await asyncio.create_subprocess_exec(
                sys.executable,
                "-I",
                "-c",
                f"import sys; sys.path.insert(0, {str(_ROOT)!r}); from bot.eyes import serve; serve({self._memory})",
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env=environment(os.environ),
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


async def _answer(child: asyncio.subprocess.Process, how: str, path: Path, expect: str) -> dict[str, Any]:
    if child.stdin is None or child.stdout is None:
        raise EOFError
    child.stdin.write(msgspec.json.encode([how, os.fspath(path), expect]) + b"\n")
    await child.stdin.drain()
    (length,) = _HEAD.unpack(await child.stdout.readexactly(_HEAD.size))
    return msgspec.json.decode(await child.stdout.readexactly(length), type=dict[str, Any])


def serve(memory: int) -> None:
    """The child: a line with what to do, the path and the name expected in; the verdict out. Models load with the first reading."""
    from bot.pictures import limit

    limit(memory)
    os.environ.setdefault("OMP_NUM_THREADS", "2")
    from papers import eyes
    from papers.sight import reader

    seeing = reader.Reader() if reader.installed() else None
    answers: BinaryIO = sys.stdout.buffer
    for line in sys.stdin.buffer:
        how, path, expect = msgspec.json.decode(line, type=tuple[str, str, str])
        data = Path(path).read_bytes()
        verdict = eyes.first_look(data) if how == "first" else eyes.look(data, expect, seeing)
        told = msgspec.json.encode(verdict.plain())
        answers.write(_HEAD.pack(len(told)) + told)
        answers.flush()
