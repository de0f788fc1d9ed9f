"""The process that reads pictures: answers, survives bad pictures, is replaced when it dies or hangs, and loses nothing."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.eyes import BUSY, FAILED, Eyes
from papers.sight import reader
from tests import pictures
from tests.papers import stamped


@pytest.fixture
async def eyes() -> AsyncIterator[Eyes]:
    process = Eyes()
    yield process
    await process.close()


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "contract.jpg"
    path.write_bytes(next(stamped.contracts(1, seed=13)).data)
    return path


async def test_the_first_look_and_the_whole_one(eyes: Eyes, paper: Path) -> None:
    first = await eyes.first_look(paper)
    assert first.verdict is not None
    assert first.verdict["presence"] == "有印章"
    assert not first.verdict["read"]
    assert first.verdict["reads"] == reader.installed()
    seen = await eyes.look(paper)
    assert seen.verdict is not None
    assert seen.verdict["read"] == reader.installed()
    assert len(seen.verdict["seals"]) == len(first.verdict["seals"])


async def test_a_bad_picture_is_told_and_the_next_is_read(eyes: Eyes, paper: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.jpg"
    bad.write_bytes(pictures.jpeg(pictures.page())[:500])
    told = await eyes.look(bad)
    assert told.verdict is not None
    assert not told.verdict["usable"]
    assert (await eyes.first_look(tmp_path / "absent.jpg")).why == FAILED
    assert (await eyes.first_look(paper)).verdict is not None


async def test_a_child_that_dies_is_not_read_and_replaced(eyes: Eyes, paper: Path) -> None:
    assert (await eyes.first_look(paper)).verdict is not None
    child = eyes.glance.pid
    assert child is not None
    os.kill(child, signal.SIGSTOP)
    asked = asyncio.create_task(eyes.first_look(paper))
    await asyncio.sleep(0)
    os.kill(child, signal.SIGKILL)
    assert (await asked).why == FAILED or eyes.glance.pid != child
    assert (await eyes.first_look(paper)).verdict is not None


async def test_one_that_takes_too_long_is_not_read(paper: Path) -> None:
    impatient = Eyes(seconds=0.0)
    assert (await impatient.first_look(paper)).why == FAILED
    await impatient.close()


async def test_too_little_memory_is_a_picture_not_read(paper: Path) -> None:
    poor = Eyes(memory=200 << 20)
    assert (await poor.first_look(paper)).verdict is None
    await poor.close()


async def test_a_full_queue_answers_at_once(eyes: Eyes, paper: Path) -> None:
    eyes.child._waiting = 50
    assert (await eyes.look(paper)).why == BUSY
