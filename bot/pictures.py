"""Pictures are decoded in a child process with little memory, little time and no secrets: a bomb costs us nothing."""

from __future__ import annotations

import os
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from bot import child
from bot.child import Child, NoAnswer

SECONDS = 10.0
MEMORY = 1 << 30
UNOPENED = "这张图片打不开，请重新拍一张发来。"
_CHART = Path("chart:")  # no file: what follows is a chart to draw
_SMALL = "small:"  # in place of the lines: the picture as it stands on a printed paper
_FACTS = struct.Struct(">I")  # bytes of the JSON; the upright picture follows


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
    """What is asked of the child that decodes."""

    def __init__(self, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self.child = Child("bot.pictures", seconds=seconds, memory=memory)

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

    async def close(self) -> None:
        await self.child.close()

    async def _ask(self, path: Path, lines: Sequence[str]) -> Looked:
        try:
            return await self.child.ask(os.fsencode(path) + b"\0" + msgspec.json.encode(lines), _read, path.name)
        except NoAnswer:
            return Looked(broken=UNOPENED)


def _read(answer: bytes) -> Looked:
    facts, end = _FACTS.unpack_from(answer)[0], _FACTS.size
    photo = msgspec.json.decode(answer[end : end + facts], type=Looked)
    return replace(photo, upright=answer[end + facts :] or None)


def serve(memory: int) -> None:
    """The child: a path and the words to go under it in, facts and picture out."""
    child.limit(memory)
    from papers import chart, photo

    def each(question: bytes) -> bytes:
        path, _, words = question.partition(b"\0")
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
        return _FACTS.pack(len(facts)) + facts + (seen.upright or b"")

    child.answer(each)
