"""Never too fast, never idle, and who may go first."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.pacing import RATE, Pace, Pacer, Turn
from storage.outbox import LANES

Sends = list[tuple[float, Turn]]


def run(pacer: Pacer, until: float, *, start: float = 0.0, late: float = 0.0) -> Sends:
    """Send whatever may go, waking when told, each time `late` by so much."""
    sends: Sends = []
    now = start
    while now <= until:
        while (turn := pacer.take(now)) is not None:
            sends.append((now, turn))
        wake = pacer.wake()
        if wake is None:
            break
        assert wake > now
        now = wake + late
    return sends


def assert_never_too_fast(sends: Sends) -> None:
    times = [at for at, _ in sends]
    assert all(later - earlier >= 1.0 for earlier, later in zip(times, times[RATE:], strict=False))
    by_chat: dict[str, list[float]] = defaultdict(list)
    for at, turn in sends:
        by_chat[turn.chat].append(at)
    assert all(later - earlier >= 1.0 for mine in by_chat.values() for earlier, later in pairwise(mine))


asked = st.tuples(st.floats(0, 20), st.integers(0, 40), st.sampled_from(LANES))
refusals = st.tuples(st.floats(0, 20), st.integers(0, 40), st.floats(0.1, 30))


@given(st.lists(asked, max_size=250), st.lists(refusals, max_size=4), st.floats(0, 0.05))
@settings(max_examples=150, deadline=None)
def test_whatever_is_asked_the_limits_hold_and_all_go(
    asks: list[tuple[float, int, str]], refused: list[tuple[float, int, float]], late: float
) -> None:
    pacer, sends = Pacer(), []
    events = sorted([(at, 0, who, lane, 0.0) for at, who, lane in asks] + [(at, 1, who, "", seconds) for at, who, seconds in refused])
    clock = 0.0
    held: list[tuple[str, float, float]] = []
    for at, kind, who, lane, seconds in events:
        sends += run(pacer, at, start=clock, late=late)
        clock = max(at, sends[-1][0] if sends else 0.0)
        if kind:
            pacer.refused(str(who), seconds, clock)
            held.append((str(who), clock, clock + seconds))
        else:
            pacer.ask(str(who), lane, clock)
    sends += run(pacer, 10_000, start=clock, late=late)
    assert len(sends) == len(asks)
    assert_never_too_fast(sends)
    assert not [1 for at, turn in sends for who, since, until in held if turn.chat == who and since < at < until - 1e-9]
    for chat in {turn.chat for _, turn in sends}:
        for rank in range(len(LANES)):
            order = [turn.number for _, turn in sends if (turn.chat, turn.rank) == (chat, rank)]
            assert order == sorted(order)


def test_bulk_goes_at_almost_thirty_a_second() -> None:
    pacer = Pacer()
    for n in range(3000):
        pacer.ask(f"c{n}", "reminder", 0.0)
    for late in (0.0, 0.004):
        sends = run(pacer, 40, late=late)
        assert_never_too_fast(sends)
        assert len(sends) / (sends[-1][0] - sends[0][0]) >= 0.99 * RATE
        pacer = Pacer()
        for n in range(3000):
            pacer.ask(f"c{n}", "reminder", 0.0)


@pytest.mark.parametrize("lane", ["emergency", "reply"])
def test_a_person_waits_no_tenth_of_a_second_behind_ten_thousand(lane: str) -> None:
    pacer = Pacer()
    for n in range(10_000):
        pacer.ask(f"c{n}", "reminder", 0.0)
    clock, waits, sends = 0.0, [], run(pacer, 0.0)
    for n in range(50):
        clock += 0.9377
        run(pacer, clock, start=sends[-1][0])
        mine = pacer.ask(f"p{n}", lane, clock)
        sends = run(pacer, clock + 0.2, start=clock)
        waits += [at - clock for at, turn in sends if turn is mine]
        clock += 0.2
    assert len(waits) == 50
    assert max(waits) <= 0.1


def test_emergencies_go_before_everything() -> None:
    pacer = Pacer()
    for lane in reversed(LANES):
        for n in range(20):
            pacer.ask(f"{lane}{n}", lane, 0.0)
    ranks = [turn.rank for _, turn in run(pacer, 10)]
    assert ranks == sorted(ranks)


def test_a_burst_of_replies_leaves_room_for_an_emergency() -> None:
    pacer = Pacer()
    for n in range(100):
        pacer.ask(f"c{n}", "reply", 0.0)
    run(pacer, 0.2)
    alarm = pacer.ask("fire", "emergency", 0.2)
    assert pacer.take(0.2) is alarm


def test_a_few_replies_need_not_wait_for_each_other() -> None:
    pacer = Pacer()
    for n in range(8):
        pacer.ask(f"c{n}", "reply", 5.0)
    assert [at for at, _ in run(pacer, 5.0, start=5.0)] == [5.0] * 8


def test_a_refused_chat_waits_and_the_others_do_not() -> None:
    pacer = Pacer()
    assert not pacer.refused("slow", 30, 0.0)
    mine, other = pacer.ask("slow", "emergency", 1.0), pacer.ask("other", "digest", 1.0)
    assert pacer.hold("slow", 1.0) == 29
    assert pacer.hold("other", 1.0) == 0
    sends = run(pacer, 100, start=1.0)
    assert [(turn, at) for at, turn in sends] == [(other, 1.0), (mine, 30.0)]


def test_a_second_chat_refused_holds_everyone() -> None:
    pacer = Pacer()
    pacer.refused("a", 5, 0.0)
    assert not pacer.refused("a", 5, 1.0)
    assert pacer.refused("b", 8, 2.0)
    pacer.ask("c", "emergency", 2.0)
    assert pacer.wake() == 10.0
    assert pacer.take(9.99) is None
    assert not pacer.refused("d", 1, 30.0)


def test_who_gave_up_takes_no_turn() -> None:
    pacer = Pacer()
    first, second = pacer.ask("a", "reply", 0.0), pacer.ask("a", "reply", 0.0)
    first.gone = True
    assert pacer.take(0.0) is second
    assert pacer.wake() is None


def test_memory_of_chats_is_bounded() -> None:
    pacer = Pacer(rate=10_000)
    for n in range(9000):
        pacer.ask(f"c{n}", "reply", float(n))
        assert pacer.take(float(n))
    assert len(pacer._free) <= 4097


async def test_waiting_on_the_loop() -> None:
    pace = Pace(Pacer(rate=2, second=0.05))
    order: list[str] = []

    async def send(chat: str, lane: str) -> None:
        await pace.turn(chat, lane)
        order.append(chat)

    async with asyncio.TaskGroup() as group:
        for chat in "abcd":
            group.create_task(send(chat, "digest"))
        await asyncio.sleep(0)
        given_up = group.create_task(send("x", "reply"))
        await asyncio.sleep(0)
        given_up.cancel()
        group.create_task(send("fire", "emergency"))
    assert order.index("fire") < order.index("d")
    assert "x" not in order
    assert sorted(order) == ["a", "b", "c", "d", "fire"]
