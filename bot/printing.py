"""Papers are set in a child process of their own: the typesetter is in no other, and a paper that takes too long costs nobody anything (C-5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from bot import child
from bot.child import Child, NoAnswer

SECONDS = 10.0
MEMORY = 4 << 30  # of addresses: fonts are mapped, threads have stacks
IDLE = 60.0  # seconds without a paper, and the child goes: it is the largest of ours
NOT_NOW = "这张单现在印不出来，请过一会儿再试。"


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
    """What is asked of the child that sets papers."""

    def __init__(self, seconds: float = SECONDS, memory: int = MEMORY, idle: float = IDLE) -> None:
        self.child = Child("bot.printing", seconds=seconds, memory=memory, idle=idle)

    async def printed(self, layout: str, data: Mapping[str, Any], pictures: Mapping[str, bytes]) -> Made:
        """Never raises; `broken` says what went wrong."""
        try:
            return await self.child.ask(msgspec.json.encode(Order(layout, dict(data), dict(pictures))), _read, layout)
        except NoAnswer:
            return Made(broken=NOT_NOW)

    async def close(self) -> None:
        await self.child.close()


def _read(answer: bytes) -> Made:
    return msgspec.json.decode(answer, type=Made)


def serve(memory: int) -> None:
    """The child: an order in, the paper out."""
    child.limit(memory, writes=True)
    child.answer(lambda order: msgspec.json.encode(_made(msgspec.json.decode(order, type=Order))))


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
