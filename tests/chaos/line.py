"""The way from the platforms to us: events delivered until answered, given up, delivered again; every one in the ledger."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import httpx

from tests.chaos.replicas import Replicas

GIVES_UP = 0.3  # chance that whoever met a dead server lets it be
HANGS_UP = 0.04  # chance that the answer is not waited for
AGAIN = 0.25  # chance that an answered event comes once more
BROKEN = 0  # the status of a connection that was refused or died
HUNG_UP = -1


@dataclass(frozen=True, slots=True)
class Letter:
    """One delivery on the wire."""

    path: str
    content: bytes
    headers: Mapping[str, str]


@dataclass(slots=True, eq=False)
class Sent:
    """One event of one person: what it says tells it from every other. Only `answered` ones are owed to anybody."""

    who: str
    words: str
    sealed: Callable[[], Letter]  # anew for each delivery, as a platform does
    answered: bool = False
    deliveries: int = 0
    broken: int = 0


@dataclass(slots=True)
class Line:
    """Delivers to any replica that is up, as a load balancer would."""

    replicas: Replicas
    client: httpx.AsyncClient
    dice: random.Random
    ledger: list[Sent] = field(default_factory=list)
    _again: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def answered(self) -> list[Sent]:
        return [sent for sent in self.ledger if sent.answered]

    async def send(self, who: str, words: str, sealed: Callable[[], Letter]) -> Sent:
        sent = Sent(who, words, sealed)
        self.ledger.append(sent)
        await self.deliver(sent)
        return sent

    async def deliver(self, sent: Sent) -> None:
        """Until answered 200, or given up: then it may have been kept or not."""
        while True:
            status = await self._once(sent, hang_up=self.dice.random() < HANGS_UP)
            if status == 200:
                sent.answered = True
                self._maybe_again(sent)
                return
            if status == BROKEN and self.dice.random() < GIVES_UP:
                return
            await asyncio.sleep(self.dice.uniform(0.01, 0.1))

    async def repeat(self, sent: Sent) -> None:
        """An answered event once more: the platform did not see the answer."""
        await self._once(sent)

    async def quiet(self) -> None:
        while self._again:
            await asyncio.gather(*self._again)

    def _maybe_again(self, sent: Sent) -> None:
        if self.dice.random() < AGAIN:
            task = asyncio.create_task(self._later(sent, self.dice.expovariate(2.0)))
            self._again.add(task)
            task.add_done_callback(self._again.discard)

    async def _later(self, sent: Sent, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await self.repeat(sent)

    async def _once(self, sent: Sent, *, hang_up: bool = False) -> int:
        url = await self.replicas.any(self.dice)
        sent.deliveries += 1
        try:
            async with asyncio.timeout(self.dice.uniform(0.0, 0.03) if hang_up else 10.0):
                letter = sent.sealed()
                response = await self.client.post(url + letter.path, content=letter.content, headers=letter.headers)
        except httpx.TransportError:
            sent.broken += 1
            return BROKEN
        except TimeoutError:
            return HUNG_UP
        if response.status_code not in (200, 503):
            raise AssertionError(f"{letter.path} answered {response.status_code}: {response.text[:200]}")
        return response.status_code
