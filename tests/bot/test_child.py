"""The child behind pictures, papers and readings: one that dies, hangs, babbles or has too little memory costs one answer, never the next."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator

import pytest

from bot import child
from bot.child import Child, Full, NoAnswer, environment


def serve(memory: int) -> None:
    """What the tests' own child does: the question says how it behaves."""
    child.limit(memory)

    def each(question: bytes) -> bytes:
        if question == b"die":
            os._exit(3)
        if question == b"hang":
            time.sleep(60)
        if question == b"eat":
            return b"x" * len(bytearray(memory))
        if question == b"print":
            print("a library says hello")
        if question == b"raise":
            raise RuntimeError
        if question == b"endless":
            os.write(3, b"\xff\xff\xff\xff")  # an answer of four gigabytes is announced
        return question[::-1]

    child.answer(each)


@pytest.fixture
async def echo() -> AsyncIterator[Child]:
    made = Child("tests.bot.test_child", seconds=10, memory=1 << 30)
    yield made
    await made.close()


def as_it_is(answer: bytes) -> bytes:
    return answer


def number(answer: bytes) -> int:
    return int(answer)


async def test_it_answers_one_after_another(echo: Child) -> None:
    assert await asyncio.gather(*(echo.ask(f"{n}0".encode(), number, "") for n in range(1, 4))) == [1, 2, 3]


@pytest.mark.parametrize("question", [b"die", b"eat", b"raise", b"endless"])
async def test_it_fails_once_and_a_fresh_one_answers(echo: Child, question: bytes) -> None:
    assert await echo.ask(b"ab", as_it_is, "") == b"ba"
    before = echo.pid
    with pytest.raises(NoAnswer):
        await echo.ask(question, as_it_is, "")
    assert await echo.ask(b"ab", as_it_is, "") == b"ba"
    assert echo.pid != before


async def test_one_that_hangs(echo: Child) -> None:
    await echo.ask(b"ab", as_it_is, "")
    echo._seconds = 0.05
    with pytest.raises(NoAnswer):
        await echo.ask(b"hang", as_it_is, "")
    assert echo.pid is None
    echo._seconds = 10
    assert await echo.ask(b"ab", as_it_is, "") == b"ba"


async def test_what_nobody_can_read_is_no_answer(echo: Child) -> None:
    with pytest.raises(NoAnswer):
        await echo.ask(b"not a number", number, "")
    assert await echo.ask(b"12", number, "") == 21


async def test_what_a_library_prints_is_no_answer(echo: Child) -> None:
    assert await echo.ask(b"print", as_it_is, "") == b"tnirp"


async def test_a_question_taken_back_does_not_answer_the_next(echo: Child) -> None:
    await echo.ask(b"ab", as_it_is, "")
    pid = echo.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    asked = asyncio.create_task(echo.ask(b"first", as_it_is, ""))
    for _ in range(5):
        await asyncio.sleep(0)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    assert await echo.ask(b"second", as_it_is, "") == b"dnoces"


async def test_as_many_wait_as_may() -> None:
    small = Child("tests.bot.test_child", seconds=10, memory=1 << 30, waiting=1)
    first = asyncio.create_task(small.ask(b"ab", as_it_is, ""))
    await asyncio.sleep(0)
    with pytest.raises(Full):
        await small.ask(b"cd", as_it_is, "")
    assert await first == b"ba"
    await small.close()


async def test_it_takes_its_place_after_so_many(echo: Child, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "ANSWERED", 2)
    await echo.ask(b"ab", as_it_is, "")
    first = echo.pid
    await echo.ask(b"ab", as_it_is, "")
    assert echo.pid == first
    await echo.ask(b"ab", as_it_is, "")
    assert echo.pid != first


async def test_it_goes_when_nothing_is_asked() -> None:
    resting = Child("tests.bot.test_child", seconds=10, memory=1 << 30, idle=0.0)
    await resting.ask(b"ab", as_it_is, "")
    assert resting._resting is not None
    await resting._resting
    assert resting.pid is None
    await resting.close()


def test_it_has_no_secrets() -> None:
    assert environment({"PATH": "/bin", "PAOJIE_TELEGRAM_TOKEN": "secret"}) == {"PATH": "/bin"}
