"""Workbooks are opened in a child process with little memory, little time and no secrets: a bomb costs us nothing."""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import msgspec

from bot.child import environment, limit
from papers.workbook import BOMB, Cell, Sheet, Unreadable, read

SECONDS = 60.0
MEMORY = 1 << 30
_ROOT = Path(__file__).resolve().parents[1]


async def opened(data: bytes, name: str, seconds: float = SECONDS, memory: int = MEMORY) -> tuple[Sheet, ...]:
    """What papers.workbook.read says; Unreadable also when it was too much for the child."""
    call = f"import sys; sys.path.insert(0, {str(_ROOT)!r}); from bot.sheetreader import serve; serve({memory}, {name!r})"
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        "-c",
        call,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=environment(os.environ),
    )
    try:
        async with asyncio.timeout(seconds):
            told, _ = await child.communicate(data)
    except TimeoutError:
        child.kill()
        await child.communicate()
        raise Unreadable(BOMB) from None
    if child.returncode:
        raise Unreadable(BOMB)
    return await asyncio.to_thread(_understood, told)


def _understood(told: bytes) -> tuple[Sheet, ...]:
    answer = msgspec.json.decode(told)
    if isinstance(answer, str):
        raise Unreadable(answer)
    return tuple(Sheet(name, [[_cell(cell) for cell in row] for row in rows]) for name, rows in answer)


def _cell(cell: Any) -> Cell:
    if not isinstance(cell, dict):
        return cell  # type: ignore[no-any-return]
    ((kind, value),) = cell.items()
    if kind == "span":
        return timedelta(seconds=value)
    return {"at": datetime, "day": date, "time": time}[kind].fromisoformat(value)  # type: ignore[attr-defined,no-any-return]


def _told(cell: Cell) -> Any:
    for kind, of in (("at", datetime), ("day", date), ("time", time)):
        if isinstance(cell, of):
            return {kind: cell.isoformat()}
    return {"span": cell.total_seconds()} if isinstance(cell, timedelta) else cell


def serve(memory: int, name: str) -> None:
    """The child: a file in, its cells out, or the sentence why not."""
    limit(memory)
    answer: Any
    try:
        answer = [[sheet.name, [[_told(cell) for cell in row] for row in sheet.rows]] for sheet in read(sys.stdin.buffer.read(), name)]
    except Unreadable as error:
        answer = str(error)
    except MemoryError:
        answer = BOMB
    sys.stdout.buffer.write(msgspec.json.encode(answer))
