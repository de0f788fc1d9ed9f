"""Many reps file visits through the servers' real endpoints while these are killed; at the end all is quiet and nobody serves."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import random
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from sqlalchemy import Connection, func, select

from storage import inbox
from storage.database import Database
from storage.tables import outbox
from tests.chaos import firm
from tests.chaos.firm import Rep
from tests.chaos.line import Line, Sent
from tests.chaos.phones import Card, Phone, Silence, TelegramPhone, WebPhone, WeComPhone, coming, hears
from tests.chaos.replicas import Replicas
from tests.fakes.telegram import TelegramServer
from tests.fakes.wecom import WeComServer

SAVE = "对，存下"
MARK = "编号{:05}"
IN_ONE_GO = 0.4  # chance that the next visit is told before the card of this one is tapped
TRIES_LATE = 0.5  # chance that what was given up is delivered in the end
BREATH = 0.2  # seconds, at most, between two messages in one go
DOWN = 0.4  # seconds, at most, before a killed replica is started again
SETTLES = 120.0
SHRUGS = 1.5  # seconds after which a tap nobody answered for is made again
NTH, GONE = re.compile(r"第 (\d+) 家"), "已经存下"


@dataclass(frozen=True, slots=True)
class Plan:
    reps: int
    visits: int  # each
    kills: int
    replicas: int
    seed: int


@dataclass(slots=True)
class Told:
    """A visit; `owed` once it was acknowledged, or shown to the rep."""

    who: str
    mark: str
    record: Sent
    owed: bool = False


@dataclass(slots=True)
class World:
    """Everybody who takes part."""

    plan: Plan
    replicas: Replicas
    line: Line
    phones: list[Phone]
    wecom: WeComServer
    telegram: TelegramServer
    database: Database
    visits: list[Told] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    over: bool = False  # everybody has gone home
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def dice(self) -> random.Random:
        return self.line.dice


@asynccontextmanager
async def world(plan: Plan, url: str, folder: Path) -> AsyncIterator[World]:
    """A firm on a migrated database, its servers running."""
    database = Database(url, folder)
    people = firm.reps(plan.reps)
    database.write_now(lambda conn: firm.build(conn, people))
    wecom, telegram = WeComServer(), TelegramServer()
    replicas = Replicas(url, folder, plan.replicas, wecom.url, telegram.url)
    wecom.now = telegram.now = replicas.now
    try:
        with wecom, telegram:
            async with httpx.AsyncClient() as client:
                line = Line(replicas, client, random.Random(plan.seed))
                await replicas.start_all()
                yield World(plan, replicas, line, [_phone(rep, wecom, telegram, line) for rep in people], wecom, telegram, database)
            replicas.close()
    finally:
        replicas.close()
        database.close()


async def storm(world: World) -> None:
    """Until all visits are told, all kills done, everything answered is delivered again at random, and nothing moves."""
    killer = asyncio.create_task(_kills(world))
    try:
        async with asyncio.TaskGroup() as group:
            for phone in world.phones:
                group.create_task(_listened(world, phone))
        world.over = True
        await killer
    finally:
        killer.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await killer
    await world.line.quiet()
    for sent in world.dice.sample(world.line.answered, len(world.line.answered) // 4):
        await world.line.repeat(sent)
    await settled(world)


async def settled(world: World) -> None:
    """Nothing waits in the inbox or the outbox, and every page has what is there for it."""
    async with asyncio.timeout(SETTLES):
        while await world.database.read(_moving):
            for phone in world.phones:
                await phone.look()
            await asyncio.sleep(0.05)


def _moving(conn: Connection) -> bool:
    on_its_way = select(func.count()).where(outbox.c.dead_at.is_(None), outbox.c.fetched_at.is_(None))
    return bool(inbox.waiting(conn) or conn.execute(on_its_way).scalar_one())


async def _listened(world: World, phone: Phone) -> None:
    try:
        await _day(world, phone)
    except Silence as silence:
        world.silent.append(str(silence))


async def _day(world: World, phone: Phone) -> None:
    """One rep's visits, one after the other or two told in one go; some deliveries come to nothing."""
    turns = itertools.cycle(phone.rep.customers)  # the same customer again would be taken for a word on the card before
    stored: set[str] = set()
    left = world.plan.visits
    while left:
        count = min(left, 2 if world.dice.random() < IN_ONE_GO else 1)
        for _ in range(count):
            visit = await _tells(world, phone, next(turns))
            if visit.record.answered or await _comes_late(world, visit.record):
                visit.owed = True
            if count > 1:
                await asyncio.sleep(world.dice.uniform(0.0, BREATH))  # the answer to the one before may be under way
        left -= count
        for visit in [one for one in world.visits if one.who == phone.rep.account and one.mark not in stored]:
            if visit.owed or _cards(phone, visit.mark):
                await _saves(world, phone, visit)
                stored.add(visit.mark)


async def _tells(world: World, phone: Phone, customer: str) -> Told:
    mark = MARK.format(next(world.numbers))
    visit = Told(phone.rep.account, mark, await phone.says(f"拜访 {customer} 见王经理 谈续约 {mark}"))
    world.visits.append(visit)
    return visit


async def _saves(world: World, phone: Phone, visit: Told) -> None:
    """Taps the newest card of it until told that it is stored: a card shown again since then is another card."""
    visit.owed = True
    while True:
        card = await hears(phone, visit.mark, SAVE)
        heard, stored = len(phone.heard()), _stored(phone.heard())
        tap = await phone.taps(card, SAVE)
        if not tap.answered:
            await _comes_late(world, tap)
        tapped = asyncio.get_running_loop().time()
        async for cards in coming(phone, f"that {visit.mark} is stored"):
            news = cards[heard:]
            if _stored(cards) > stored or any(GONE in each.text for each in news):
                return
            if any(visit.mark in each.text and each.tokens.get(SAVE, card.tokens[SAVE]) != card.tokens[SAVE] for each in news):
                break
            if not tap.answered and asyncio.get_running_loop().time() > tapped + SHRUGS:
                break


def _cards(phone: Phone, mark: str) -> list[Card]:
    return [card for card in phone.heard() if mark in card.text and SAVE in card.tokens]


def _stored(cards: list[Card]) -> int:
    """Of how many visits the rep was told that they are stored."""
    return max((int(found[1]) for card in cards if (found := NTH.search(card.text))), default=0)


async def _comes_late(world: World, sent: Sent) -> bool:
    if world.dice.random() < TRIES_LATE:
        await world.line.deliver(sent)
    return sent.answered


async def _kills(world: World) -> None:
    """Spread over the whole storm, each at a random moment a little after so many events were answered."""
    events = world.plan.reps * world.plan.visits * 2
    for n in range(world.plan.kills):
        while not world.over and len(world.line.answered) < events * 0.9 * n / world.plan.kills:  # noqa: ASYNC110  # the ledger rings no bell
            await asyncio.sleep(0.02)
        await asyncio.sleep(world.dice.uniform(0.0, 0.3))
        await _kill_one(world, world.dice.choice(world.replicas.names))


async def _kill_one(world: World, n: int) -> None:
    world.replicas.kill(n)
    await asyncio.sleep(world.dice.uniform(0.0, DOWN))
    await world.replicas.start(n)


def _phone(rep: Rep, wecom: WeComServer, telegram: TelegramServer, line: Line) -> Phone:
    if rep.channel == "wecom":
        return WeComPhone(rep, wecom, line)
    return TelegramPhone(rep, telegram, line) if rep.channel == "telegram" else WebPhone(rep, line)
