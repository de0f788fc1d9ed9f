"""When each send may start: never over 30 in any second, never two to one chat within a second, emergencies first."""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from heapq import heappop, heappush, heapreplace
from typing import Protocol

from storage.outbox import LANES

RATE = 30
SECOND = 1.006  # a little over: on the way to the platform two sends can move closer together
AHEAD = (math.inf, 15, 1, 1)  # per lane, how many slots of 1/30 s it may be early: replies come in bursts, reminders in a row
_MANY = 4096
_NEVER = -math.inf


@dataclass(slots=True, eq=False)
class Turn:
    """One send that waits for its moment."""

    chat: str
    rank: int
    number: int
    asked: float
    gone: bool = False  # nobody waits for it any more


class Pacer:
    """Who may send next. Pure: every method is told the time, in seconds of one clock."""

    def __init__(self, rate: int = RATE, second: float = SECOND) -> None:
        self._second, self._slot = second, second / rate
        self._starts: deque[float] = deque(maxlen=rate)  # the last so many sends: the exact window
        self._due = _NEVER  # when the next send would start if all were evenly spread
        self._free: dict[str, float] = {}  # chat: when it may hear the next message
        self._held = _NEVER  # all wait until then
        self._refused = ("", _NEVER)  # the chat held last, and until when
        self._waiting: list[dict[str, deque[Turn]]] = [{} for _ in LANES]
        self._heaps: list[list[tuple[float, int, str]]] = [[] for _ in LANES]  # each waiting chat once, by when its first may go
        self._number = 0

    def ask(self, chat: str, lane: str, now: float) -> Turn:
        """Stand in line. One chat's turns of one lane keep their order."""
        self._number += 1
        turn = Turn(chat, LANES.index(lane), self._number, now)
        line = self._waiting[turn.rank].get(chat)
        if line is None:
            self._waiting[turn.rank][chat] = deque((turn,))
            heappush(self._heaps[turn.rank], self._place(turn))
        else:
            line.append(turn)
        return turn

    def take(self, now: float) -> Turn | None:
        """The turn that starts now, counted as a send; None when nobody may."""
        if now < self._open():
            return None
        for rank in range(len(LANES)):
            if now < self._early(rank):
                continue
            first = self._first(rank)
            if first is not None and self._place(first)[0] <= now:
                self._start(first, now)
                return first
        return None

    def wake(self) -> float | None:
        """When to try `take` again; None when nobody waits."""
        firsts = ((rank, self._first(rank)) for rank in range(len(LANES)))
        times = [max(self._place(first)[0], self._open(), self._early(rank)) for rank, first in firsts if first is not None]
        return min(times, default=None)

    def refused(self, chat: str, seconds: float, now: float) -> bool:
        """429. It does not say whose limit was passed: the chat is held, a second chat refused meanwhile holds everyone (True)."""
        until = now + seconds
        before, held = self._refused
        everyone = before != chat and held > now
        self._free[chat] = max(self._free.get(chat, _NEVER), until)
        self._refused = (chat, until)
        if everyone:
            self._held = max(self._held, held, until)
        return everyone

    def hold(self, chat: str, now: float) -> float:
        """Seconds for which this chat hears nothing, whoever is in line before it."""
        return max(0.0, self._free.get(chat, _NEVER) - now, self._held - now)

    def _open(self) -> float:
        full = len(self._starts) == self._starts.maxlen
        return max(self._held, self._starts[0] + self._second if full else _NEVER)

    def _early(self, rank: int) -> float:
        return self._due - AHEAD[rank] * self._slot

    def _place(self, turn: Turn) -> tuple[float, int, str]:
        return max(turn.asked, self._free.get(turn.chat, _NEVER)), turn.number, turn.chat

    def _first(self, rank: int) -> Turn | None:
        """The lane's next turn; entries overtaken by another lane's send, or given up, find their new place on the way."""
        heap, lines = self._heaps[rank], self._waiting[rank]
        while heap:
            line = lines[heap[0][2]]
            while line and line[0].gone:
                line.popleft()
            if not line:
                del lines[heappop(heap)[2]]
                continue
            place = self._place(line[0])
            if place == heap[0]:
                return line[0]
            heapreplace(heap, place)
        return None

    def _start(self, turn: Turn, now: float) -> None:
        self._starts.append(now)
        self._due = max(self._due, now) + self._slot
        self._free[turn.chat] = now + self._second
        if len(self._free) > _MANY:
            self._free = {chat: free for chat, free in self._free.items() if free > now}
        self._waiting[turn.rank][turn.chat].popleft()


class Timer(Protocol):
    def when(self) -> float: ...
    def cancel(self) -> None: ...


class Pace:
    """Awaiting one's turn on the running loop, or on the clock and alarm given."""

    def __init__(
        self,
        pacer: Pacer | None = None,
        now: Callable[[], float] | None = None,
        alarm: Callable[[float, Callable[[], None]], Timer] | None = None,
    ) -> None:
        self.pacer = pacer or Pacer()
        self._clock, self._alarm = now, alarm
        self._futures: dict[int, asyncio.Future[None]] = {}
        self._timer: Timer | None = None

    def now(self) -> float:
        return self._clock() if self._clock else asyncio.get_running_loop().time()

    async def turn(self, chat: str, lane: str) -> None:
        """Returns at the moment the send may start."""
        turn = self.pacer.ask(chat, lane, self.now())
        future = self._futures[turn.number] = asyncio.get_running_loop().create_future()
        self._run()
        try:
            await future
        finally:
            turn.gone = True
            self._futures.pop(turn.number, None)

    def refused(self, chat: str, seconds: float) -> bool:
        return self.pacer.refused(chat, seconds, self.now())

    def hold(self, chat: str) -> float:
        return self.pacer.hold(chat, self.now())

    def _run(self) -> None:
        while (turn := self.pacer.take(self.now())) is not None:
            future = self._futures.pop(turn.number, None)
            if future is not None and not future.done():
                future.set_result(None)
        self._arm(self.pacer.wake())

    def _arm(self, at: float | None) -> None:
        if self._timer is not None:
            if at is not None and self._timer.when() <= at:
                return
            self._timer.cancel()
        self._timer = None if at is None else (self._alarm or asyncio.get_running_loop().call_at)(at, self._ring)

    def _ring(self) -> None:
        self._timer = None
        self._run()
