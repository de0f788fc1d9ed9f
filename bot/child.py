"""A child process that answers: one question at a time, a queue in front, time and memory limited, replaced when it dies, hangs or babbles."""

from __future__ import annotations

import asyncio
import os
import struct
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, TypeVar

import msgspec
import structlog

T = TypeVar("T")

ANSWERED = 200  # until a fresh child takes over: what leaks goes with it
LARGEST = 64 << 20  # bytes of an answer; what announces more is not one of ours
_ROOT = Path(__file__).resolve().parents[1]
_PASSED = ("PATH", "SYSTEMROOT", "LANG", "LD_LIBRARY_PATH", "TMPDIR")  # no secrets
_SIZE = struct.Struct(">I")

log = structlog.get_logger()


class NoAnswer(Exception):
    """It died, hung, had too little memory or said what nobody can read; the next question finds a fresh one."""


class Full(NoAnswer):
    """As many wait as may."""


class Child:
    """`module` has a `serve(memory)` that calls ours. Started with the first question, gone after `idle` seconds without one."""

    def __init__(self, module: str, *, seconds: float, memory: int, waiting: int = 10_000, idle: float | None = None) -> None:
        self._module, self._seconds, self._memory, self._most_waiting, self._idle = module, seconds, memory, waiting, idle
        self._process: asyncio.subprocess.Process | None = None
        self._answered = self._waiting = 0  # asked of this child, and in the queue
        self._one_at_a_time = asyncio.Lock()
        self._resting: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """None: there is none just now."""
        return self._process.pid if self._process is not None and self._process.returncode is None else None

    async def ask(self, question: bytes, read: Callable[[bytes], T], what: str) -> T:
        """What `read` makes of the answer; it may raise ValueError. `what` names the question in the log. Raises NoAnswer."""
        if self._waiting >= self._most_waiting:
            raise Full
        self._waiting += 1
        try:
            async with self._one_at_a_time:
                return await self._asked(question, read, what)
        finally:
            self._waiting -= 1

    async def close(self) -> None:
        if self._resting is not None:
            self._resting.cancel()
            with suppress(asyncio.CancelledError):
                await self._resting
        async with self._one_at_a_time:
            await self._end()

    async def _asked(self, question: bytes, read: Callable[[bytes], T], what: str) -> T:
        try:
            async with asyncio.timeout(self._seconds):
                answer = read(await self._told(question))
        except asyncio.CancelledError:
            await self._end()  # an answer that nobody waits for would be taken for the next question's
            raise
        except (TimeoutError, EOFError, OSError, ValueError, struct.error, msgspec.MsgspecError) as error:
            log.warning("a child gave no answer", child=self._module, what=what, why=type(error).__name__)
            await self._end()
            raise NoAnswer from error
        self._rest()
        return answer

    async def _told(self, question: bytes) -> bytes:
        """One that is found dead, or dies, is given a fresh one's chance: it may not have been this question's doing."""
        process = await self._started()
        try:
            return await _answer(process, question)
        except (EOFError, ConnectionError):
            if self._answered == 1:  # it was fresh
                raise
            await self._end()
            return await _answer(await self._started(), question)

    async def _started(self) -> asyncio.subprocess.Process:
        self._answered += 1
        if self._answered > ANSWERED:
            await self._end()
        if self._process is None or self._process.returncode is not None:
            await self._end()
            self._answered = 1
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-I",
                "-c",
                f"import sys; sys.path.insert(0, {str(_ROOT)!r}); from {self._module} import serve; serve({self._memory})",
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env=environment(os.environ),
            )
        return self._process

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        # Without this the pipes are only closed by the collector, after the loop is gone.
        process._transport.close()  # type: ignore[attr-defined]

    def _rest(self) -> None:
        if self._idle is None:
            return
        if self._resting is not None:
            self._resting.cancel()
        self._resting = asyncio.create_task(self._gone_when_idle(self._idle), name=f"{self._module} rests")

    async def _gone_when_idle(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        async with self._one_at_a_time:
            await self._end()


async def _answer(process: asyncio.subprocess.Process, question: bytes) -> bytes:
    if process.stdin is None or process.stdout is None:
        raise EOFError
    process.stdin.write(_SIZE.pack(len(question)) + question)
    await process.stdin.drain()
    (size,) = _SIZE.unpack(await process.stdout.readexactly(_SIZE.size))
    if size > LARGEST:
        raise ValueError(size)
    return await process.stdout.readexactly(size)


def environment(ours: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in ours.items() if name in _PASSED}


# --- in the child -------------------------------------------------------------------------------------------------


def answer(each: Callable[[bytes], bytes]) -> None:
    """Until nobody asks any more. What a library prints goes nowhere: only answers stand on the line."""
    questions: BinaryIO = sys.stdin.buffer
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    while head := questions.read(_SIZE.size):
        (size,) = _SIZE.unpack(head)
        told = each(questions.read(size))
        answers.write(_SIZE.pack(len(told)) + told)
        answers.flush()


def limit(memory: int, *, writes: bool = False) -> None:
    """Of addresses; and no file is written unless it says so."""
    with suppress(ImportError):  # Windows has none: time is limited by the parent all the same
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if not writes:
            resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
