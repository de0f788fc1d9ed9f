"""Kills by the thousand: a warmed process forks the server, which hears the platform's messages and is killed with SIGKILL at any instant."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy import Connection, func, select

from bot import backups as _backups  # noqa: F401  # everything is loaded before the first fork
from bot import post
from bot.app import App
from bot.channels.base import Event, Outgoing
from bot.clock import Clock
from bot.receive import body_of
from bot.settings import Settings
from conversations import daylog as _daylog  # noqa: F401
from storage import audit, inbox
from storage.database import Database
from storage.tables import audit as log
from storage.tables import counter, outbox, paper, person, talk
from storage.tables import inbox as received
from tests.chaos import control, firm
from tests.chaos.firm import START, Rep
from tests.fakes.channel import FakeChannel

SAVE = "对，存下"
AT_ONCE = 3  # messages of different people on their way
LEASE = 0.3
SETTLES = 60.0
FAULTS = ("early", "twice", "skip")


@dataclass(frozen=True, slots=True)
class Said:
    """One message on the wire to us; its key tells it from every other."""

    key: str
    channel: str
    sender: str
    text: str


@dataclass(slots=True)
class Tally:
    """What a batch came to; clean when the last three are empty."""

    kills: int = 0
    events: int = 0
    acknowledged: int = 0
    deliveries: int = 0
    kept_unanswered: int = 0
    papers: int = 0
    prompts: int = 0
    repeated: int = 0
    starting: int = 0  # kills before it served
    lost: list[str] = field(default_factory=list)
    double: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        return not (self.lost or self.double or self.wrong)


@cache
def warm() -> None:
    """Once, before the first fork: a visit is handled, so that every statement is spelt already; its threads have ended when this returns."""
    rep = people(1)[0]
    said = next(messages([rep], random.Random(0)))
    kept = [control.Kept(one.channel, 1, None, body_of(Event(one.key, one.sender, START, text=one.text)), START, START) for one in said]
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(control.replayed(kept, [rep], Path(folder)))


def people(count: int) -> list[Rep]:
    """On the two platforms; a page would have to be open for the third."""
    return [rep for rep in firm.reps(count * 2) if rep.channel != "web"][:count]


def messages(reps: Sequence[Rep], dice: random.Random) -> Iterator[list[Said]]:
    """By turns: what each rep says next, a visit and its confirmation."""
    number = 0
    while True:
        turn = []
        for rep in reps:
            number += 1
            said = f"拜访 {rep.customers[number % len(rep.customers)]} 见王经理 谈续约 编号{number:05}"
            turn += [Said(f"e{number}a", rep.channel, rep.address, said), Said(f"e{number}b", rep.channel, rep.address, SAVE)]
        dice.shuffle(turn)
        turn.sort(key=lambda one: one.key[-1])  # everybody tells before they confirm
        yield turn


class Batch:
    """So many kills on one fresh database."""

    def __init__(self, url: str, folder: Path, kills: int, seed: int, reps: int = 6, fault: str = "") -> None:
        self.url, self.folder, self.kills, self.fault = url, folder, kills, fault
        self.dice, self.people = random.Random(seed), people(reps)
        self.tally, self.all = Tally(), dict[str, Said]()
        self._acks, self._wire, self._up = folder / "acknowledged", folder / "wire", folder / "up"
        self._fresh = messages(self.people, self.dice)
        self._waiting: list[Said] = []
        self._takes = 0.05  # seconds from fork to serving, learnt

    def run(self) -> Tally:
        warm()
        _built(self.url, self.folder, self.people)
        for _ in range(self.kills):
            self._one_life()
        self._last_life()
        self._judge()
        return self.tally

    def _one_life(self) -> None:
        work = self._next()
        began, child = time.monotonic(), self._forked(work, quiet=False)
        self._lives(child, began)
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            raise RuntimeError(f"the server ended by itself ({status}):\n{(self.folder / 'said').read_text(encoding='utf8')[-3000:]}")
        self.tally.kills += 1
        self.tally.starting += not self._up.exists()
        self._up.unlink(missing_ok=True)
        self._heard(work)

    def _lives(self, child: int, began: float) -> None:
        """A quarter dies while starting, a third while the first messages come, the rest in the midst of the work."""
        roll = self.dice.random()
        if roll < 0.25:
            time.sleep(self.dice.uniform(0.0, self._takes))
            return
        while not self._up.exists() and not _ended(child):
            time.sleep(0.001)
        self._takes += (time.monotonic() - began - self._takes) * 0.2
        before = _size(self._acks)
        while roll > 0.6 and _size(self._acks) == before and time.monotonic() - began < SETTLES and not _ended(child):
            time.sleep(0.001)
        time.sleep(self.dice.uniform(0.0, 0.4 * self._takes))  # a slow machine works slowly too

    def _next(self) -> list[Said]:
        """What was not acknowledged comes again, as platforms do, a quarter of the rest too, and one turn more."""
        if len(self._waiting) < 2 * len(self.people):
            self._waiting += next(self._fresh)
        work = self._waiting[: 4 * AT_ONCE]
        answered = [one for one in self.all.values() if one not in self._waiting]
        again = self.dice.sample(answered, min(2, len(answered)))
        for one in work:
            self.all[one.key] = one
        return work + again

    def _heard(self, work: list[Said]) -> None:
        self.tally.deliveries += len(work)
        answered = set(self._acks.read_text(encoding="ascii").split()) if self._acks.exists() else set()
        self._waiting = [one for one in self._waiting if one.key not in answered]

    def _last_life(self) -> None:
        """All that waits is delivered, and nobody is killed."""
        work = [one for one in self._waiting if one.key in self.all]
        child = self._forked(work, quiet=True)
        _, status = os.waitpid(child, 0)
        if status:
            raise RuntimeError(f"the last server failed ({status}):\n{(self.folder / 'said').read_text(encoding='utf8')[-3000:]}")
        self._heard(work)

    def _forked(self, work: list[Said], *, quiet: bool) -> int:
        child = os.fork()
        if child:
            return child
        try:
            out = os.open(self.folder / "said", os.O_CREAT | os.O_APPEND | os.O_WRONLY)
            os.dup2(out, 1)
            os.dup2(out, 2)
            asyncio.run(_serve(self, work, quiet=quiet))
            os._exit(0)
        except BaseException as error:
            print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
            os._exit(1)

    def _judge(self) -> None:
        database = Database(self.url, self.folder)
        try:
            database.read_now(self._counted)
            kept, happened = database.read_now(control.kept), database.read_now(control.story)
        finally:
            database.close()
        should = _replayed(kept, self.people, self.folder / "control")
        self.tally.wrong += _differences(happened, should)

    def _counted(self, conn: Connection) -> None:
        tally = self.tally
        acks = set(self._acks.read_text(encoding="ascii").split())
        there = Counter(conn.execute(select(received.c.event_key)).scalars())
        tally.events, tally.acknowledged = len(self.all), len(acks)
        tally.lost += sorted(acks - there.keys())
        tally.double += sorted(key for key, count in there.items() if count > 1 or key not in self.all)
        tally.kept_unanswered = len(there.keys() - acks)
        marks = Counter(next(iter(_marks(str(answers))), "") for answers in conn.execute(select(paper.c.answers)).scalars())
        tally.double += sorted(f"{mark}: {count} papers" for mark, count in marks.items() if count > 1)
        numbers = sorted(int(number.rpartition("-")[2]) for number in conn.execute(select(paper.c.number)).scalars())
        tally.papers = len(numbers)
        if numbers != list(range(1, len(numbers) + 1)) or list(conn.execute(select(counter.c.last)).scalars()) != ([len(numbers)] if numbers else []):
            tally.wrong.append(f"numbers: {numbers[-5:]}")
        if conn.execute(select(func.count()).where(log.c.verb == "file")).scalar_one() != len(numbers):
            tally.wrong.append("the log names another number of papers")
        if (broken := audit.verify(conn)) is not None:
            tally.wrong.append(f"the log: {broken}")
        if inbox.waiting(conn) or inbox.parked(conn) or inbox.quarantined(conn):
            tally.wrong.append("not everything was handled")
        self._wired(conn)

    def _wired(self, conn: Connection) -> None:
        """Each lane of each person went out whole and in order; a prompt may go twice."""
        owed: dict[tuple[str, str], list[int]] = defaultdict(list)
        query = select(person.c.account, outbox.c.lane, outbox.c.id).join(talk, talk.c.id == outbox.c.talk_id)
        for account, lane, id in conn.execute(query.join(person, person.c.id == talk.c.person_id).order_by(outbox.c.id)):
            owed[account, lane].append(id)
        whose = {id: key for key, ids in owed.items() for id in ids}
        first: dict[tuple[str, str], list[int]] = defaultdict(list)
        seen: set[int] = set()
        for line in self._wire.read_text(encoding="ascii").split():
            id = int(line)
            if id in seen:
                self.tally.repeated += 1
            elif id in whose:
                first[whose[id]].append(id)
            else:
                self.tally.wrong.append(f"prompt {id} came from nowhere")
            seen.add(id)
        self.tally.prompts = len(whose)
        self.tally.wrong += [f"{key} heard {first[key][:9]} for {ids[:9]}" for key, ids in owed.items() if first[key] != ids]


def _ended(child: int) -> bool:
    """By itself, which it must not; it is still there to be waited for."""
    return os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


class Wire(FakeChannel):
    """What was sent stands in a file, whatever becomes of the sender."""

    def writes_to(self, place: int) -> Wire:
        self._place = place
        return self

    async def send(self, out: Outgoing) -> str:
        os.write(self._place, f"{out.id}\n".encode())
        await asyncio.sleep(0)
        return f"{out.id}"


def _built(url: str, folder: Path, reps: list[Rep]) -> None:
    """In a process of its own: a fork takes no threads along."""
    child = os.fork()
    if not child:
        try:
            database = Database(url, folder)
            database.migrate()
            database.write_now(lambda conn: firm.build(conn, reps))
            database.close()
            os._exit(0)
        except BaseException as error:
            print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
            os._exit(1)
    if os.waitpid(child, 0)[1]:
        raise RuntimeError("the firm was not built")


async def _serve(batch: Batch, work: list[Said], *, quiet: bool) -> None:
    post.CHANNEL_LEASE = post.ROW_LEASE = LEASE
    wire = os.open(batch._wire, os.O_CREAT | os.O_APPEND | os.O_WRONLY)
    acks = os.open(batch._acks, os.O_CREAT | os.O_APPEND | os.O_WRONLY)
    settings = Settings(_env_file=None, data=batch.folder, database=SecretStr(batch.url))  # type: ignore[call-arg]
    channels = {name: Wire(name).writes_to(wire) for name in ("wecom", "telegram")}
    app = App(settings, Clock(timedelta(seconds=START.timestamp() - batch_began(batch.folder))), channels)
    _seed(app, batch.fault)
    await app.start()
    batch._up.write_text(str(time.monotonic()), encoding="ascii")
    lines: dict[str, list[Said]] = defaultdict(list)
    for one in work:
        lines[one.sender].append(one)
    await asyncio.gather(*(_delivers(app, line, acks, batch.fault) for line in lines.values()))
    if not quiet:
        await asyncio.sleep(3600)
    async with asyncio.timeout(SETTLES):
        while await app.database.read(_moving):  # noqa: ASYNC110  # the tables ring no bell
            await asyncio.sleep(0.05)
    await app.stop()


async def _delivers(app: App, line: list[Said], acks: int, fault: str) -> None:
    """One person's messages, one after the other: the next is not sent before this one is acknowledged."""
    for one in line:
        event = Event(one.key, one.sender, app.clock.now(), text=one.text)
        if fault == "early":
            os.write(acks, f"{one.key}\n".encode())
        await app.receive(one.channel, event)
        os.write(acks, f"{one.key}\n".encode())


def _seed(app: App, fault: str) -> None:
    """Faults that must be found: what is acknowledged too soon, kept twice, or marked as said before it was."""
    if fault == "twice":
        receive = app.receive

        async def twice(channel: str, event: Event) -> Any:
            await receive(channel, event)
            return await receive(channel, Event(f"{event.key}+", event.sender, event.at, text=event.text))

        app.receive = twice  # type: ignore[method-assign]
    elif fault == "skip":
        for channel in app.channels.values():
            if isinstance(channel, Wire):
                channel.send = _not_sent  # type: ignore[method-assign]


async def _not_sent(out: Outgoing) -> str:
    return "never"


def batch_began(folder: Path) -> float:
    """When this batch's day began, the same for all its servers."""
    return (folder / "began").stat().st_mtime


def _moving(conn: Connection) -> bool:
    on_its_way = select(func.count()).where(outbox.c.dead_at.is_(None), outbox.c.sent_at.is_(None))
    return bool(inbox.waiting(conn) or conn.execute(on_its_way).scalar_one())


def _marks(text: str) -> list[str]:
    return [text[at : at + 7] for at in range(len(text)) if text.startswith("编号", at)]


def _replayed(kept: list[control.Kept], reps: list[Rep], folder: Path) -> dict[int, list[control.Line]]:
    """In a process of its own, and back as JSON."""
    folder.mkdir(exist_ok=True)
    place, child = folder / "story.json", os.fork()
    if not child:
        try:
            place.write_text(json.dumps(_plain(asyncio.run(control.replayed(kept, reps, folder)))), encoding="utf8")
            os._exit(0)
        except BaseException as error:
            print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
            os._exit(1)
    if os.waitpid(child, 0)[1]:
        raise RuntimeError("the same messages could not be replayed")
    return {int(who): lines for who, lines in json.loads(place.read_text(encoding="utf8")).items()}


def _plain(story: dict[int, list[control.Line]]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps({str(who): lines for who, lines in story.items()}, default=str))
    return found


def _differences(happened: dict[int, list[control.Line]], should: dict[int, list[control.Line]]) -> Iterator[str]:
    ours = {int(who): lines for who, lines in _plain(happened).items()}
    for who in sorted(ours.keys() | should.keys()):
        if ours.get(who, []) != should.get(who, []):
            pairs = zip(ours.get(who, []), should.get(who, []), strict=False)
            yield f"person {who}: " + str(next(((one, other) for one, other in pairs if one != other), "another length"))
