"""Pictures are read in a child: models loaded once, a queue in front, time and memory limited; what it cannot do is "not read", never lost.

First looks have a small child of their own: who stands before the customer does not wait behind a reading.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import msgspec

from bot import child
from bot.child import Child, Full, NoAnswer

SECONDS = 30.0  # for one picture, queue not counted
MEMORY = 2 << 30  # of address space, most of it mapped and never touched
WAITING = 50  # pictures in the queue; more are told at once that nothing was read
GLANCE, GLANCE_IDLE = 15.0, 20.0  # of the child that takes first looks; it is soon back, and beside the other one memory is short
IDLE = 600.0  # seconds without a picture, and the models leave the memory


@dataclass(frozen=True, slots=True)
class Seen:
    """papers.sight.verdict.Verdict as plain values; None when it could not be read. The photograph is kept all the same."""

    verdict: dict[str, Any] | None = None
    why: str = ""


class Signed(msgspec.Struct):
    """The signature alone, on clear ground; or what to say, where it is known that there is none."""

    png: bytes = b""
    why: str = ""


BUSY, FAILED = "现在照片太多，先存下了，没有读。", "照片存下了，上面的字没有读出来。"


class Seeing(Protocol):
    """Whoever looks at pictures: this child, or a rehearsal's own."""

    async def first_look(self, path: Path) -> Seen:
        """Usable or one instruction, and whether a seal is there: within a second. `reads`: whether a reading can follow."""
        ...

    async def look(self, path: Path) -> Seen:
        """Everything, with what is written on the seals. The name expected never gets here: it could not but colour what is read (A-4.4.2)."""
        ...

    async def signature(self, path: Path) -> Signed:
        """From the photograph of a signed form; neither picture nor words when it could not be looked for."""
        ...

    async def close(self) -> None: ...


class Eyes:
    """What is asked of the child that reads."""

    def __init__(self, seconds: float = SECONDS, memory: int = MEMORY, waiting: int = WAITING, idle: float = IDLE) -> None:
        self.child = Child("bot.eyes", seconds=seconds, memory=memory, waiting=waiting, idle=idle)
        self.glance = Child("bot.eyes", seconds=min(seconds, GLANCE), memory=memory, waiting=waiting, idle=min(idle, GLANCE_IDLE))

    async def first_look(self, path: Path) -> Seen:
        return await self._ask(self.glance, "first", path)

    async def look(self, path: Path) -> Seen:
        return await self._ask(self.child, "all", path)

    async def signature(self, path: Path) -> Signed:
        try:
            return await self.glance.ask(msgspec.json.encode(["sign", os.fspath(path)]), _read_signed, path.name)
        except NoAnswer:
            return Signed()

    async def close(self) -> None:
        await self.child.close()
        await self.glance.close()

    async def _ask(self, child: Child, how: str, path: Path) -> Seen:
        try:
            return Seen(await child.ask(msgspec.json.encode([how, os.fspath(path)]), _read, path.name))
        except Full:
            return Seen(why=BUSY)
        except NoAnswer:
            return Seen(why=FAILED)


def _read(answer: bytes) -> dict[str, Any]:
    return msgspec.json.decode(answer, type=dict[str, Any])


def _read_signed(answer: bytes) -> Signed:
    return msgspec.json.decode(answer, type=Signed)


def serve(memory: int) -> None:
    """The child: what to do and the path in, the verdict out. Models load with the first reading."""
    child.limit(memory)
    os.environ.setdefault("OMP_NUM_THREADS", "2")
    from papers import eyes, signature
    from papers.sight import heap, opened, reader

    seeing = reader.Reader() if reader.installed() else None

    def each(question: bytes) -> bytes:
        how, path = msgspec.json.decode(question, type=tuple[str, str])
        try:
            return said(how, Path(path).read_bytes())
        finally:
            heap.trim()

    def said(how: str, data: bytes) -> bytes:
        if how == "sign":
            try:
                return msgspec.json.encode(Signed(signature.of_form(data)))
            except (signature.NoSignature, opened.Unopened) as why:
                return msgspec.json.encode(Signed(why=str(why)))
        if how == "first":
            return msgspec.json.encode({**eyes.first_look(data).plain(), "reads": seeing is not None})
        return msgspec.json.encode(eyes.look(data, reader=seeing).plain())

    child.answer(each)
