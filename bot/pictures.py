"""Pictures are decoded in a child process with little memory, little time and no secrets: a bomb costs us nothing."""

from __future__ import annotations

import asyncio
import os
import struct
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
import structlog

SECONDS = 10.0
MEMORY = 1 << 30
OPENED = 200  # pictures a child sees before a fresh one takes over
UNOPENED = "这张图片打不开，请重新拍一张发来。"
_ROOT = Path(__file__).resolve().parents[1]
_PASSED = ("PATH", "SYSTEMROOT", "LANG", "LD_LIBRARY_PATH")
_CHART = Path("chart:")  # no file: what follows is a chart to draw
_SMALL = "small:"  # in place of the lines: the picture as it stands on a printed paper
_HEAD = struct.Struct(">II")  # bytes of the JSON, bytes of the upright picture

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Looked:
    """papers.photo.Photo as it comes out of the child: this process does not even load the decoder."""

    mime: str = ""
    width: int = 0
    height: int = 0
    advice: str = ""
    broken: str = ""
    upright: bytes | None = None


class Pictures:
    """One child, started when the first picture comes, replaced when it dies, hangs or has seen enough."""

    def __init__(self, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self._seconds, self._memory = seconds, memory
        self._child: asyncio.subprocess.Process | None = None
        self._seen = 0
        self._one_at_a_time = asyncio.Lock()

    async def look(self, path: Path) -> Looked:
        """What papers.photo.look says; UNOPENED when it was too much for the child."""
        return await self._ask(path, ())

    async def stamped(self, path: Path, lines: Sequence[str]) -> bytes | None:
        """What papers.photo.stamped draws; None when it was too much for the child."""
        return (await self._ask(path, lines)).upright

    async def small(self, path: Path) -> bytes | None:
        """What papers.photo.small makes of it, for a printed paper; None when it was too much for the child."""
        return (await self._ask(path, (_SMALL,))).upright

    async def chart(self, spec: Mapping[str, Any]) -> bytes | None:
        """What papers.chart.draw makes of it, in the child as well: this process does not even load the library."""
        return (await self._ask(_CHART, [msgspec.json.encode(spec).decode()])).upright

    async def _ask(self, path: Path, lines: Sequence[str]) -> Looked:
        async with self._one_at_a_time:
            try:
                child = await self._started()
                async with asyncio.timeout(self._seconds):
                    return await _asked(child, path, lines)
            except (TimeoutError, EOFError, OSError, msgspec.DecodeError) as error:
                log.warning("a picture was too much for the child", picture=path.name, why=type(error).__name__)
                await self._end()
                return Looked(broken=UNOPENED)

    async def close(self) -> None:
        async with self._one_at_a_time:
            await self._end()

    async def _started(self) -> asyncio.subprocess.Process:
        self._seen += 1
        if self._seen > OPENED:
            await self._end()
        if self._child is None or self._child.returncode is not None:
            self._seen = 1
            self._child = await asyncio.create_subprocess_exec(
                sys.executable,
                "-I",
                "-c",
                f"import sys; sys.path.insert(0, {str(_ROOT)!r}); from bot.pictures import serve; serve({self._memory})",
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


async def _asked(child: asyncio.subprocess.Process, path: Path, lines: Sequence[str]) -> Looked:
    if child.stdin is None or child.stdout is None:
        raise EOFError
    child.stdin.write(os.fsencode(path) + b"\0" + msgspec.json.encode(lines) + b"\n")
    await child.stdin.drain()
    facts, upright = _HEAD.unpack(await child.stdout.readexactly(_HEAD.size))
    photo = msgspec.json.decode(await child.stdout.readexactly(facts), type=Looked)
    return replace(photo, upright=await child.stdout.readexactly(upright) or None)


def environment(ours: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in ours.items() if name in _PASSED}


def serve(memory: int) -> None:
    """The child: a path and the words to go under it in, facts and picture out."""
    limit(memory)
    from papers import chart, photo

    answers: BinaryIO = sys.stdout.buffer
    for line in sys.stdin.buffer:
        path, _, words = line.rstrip(b"\n").partition(b"\0")
        try:
            lines = msgspec.json.decode(words, type=list[str])
            if path == os.fsencode(_CHART):
                seen = photo.Photo("image/png", upright=chart.draw(msgspec.json.decode(lines[0])))
            else:
                data = Path(os.fsdecode(path)).read_bytes()
                drawn = photo.small(data) if lines == [_SMALL] else photo.stamped(data, lines) if lines else None
                seen = photo.Photo("image/jpeg", upright=drawn) if drawn is not None else photo.look(data)
        except (MemoryError, OSError, ValueError, SyntaxError, EOFError):
            seen = photo.Photo(broken=UNOPENED)
        facts = msgspec.json.encode({"mime": seen.mime, "width": seen.width, "height": seen.height, "advice": seen.advice, "broken": seen.broken})
        answers.write(_HEAD.pack(len(facts), len(seen.upright or b"")) + facts + (seen.upright or b""))
        answers.flush()


def limit(memory: int) -> None:
    with suppress(ImportError):  # Windows has none: time is limited by the parent all the same
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
