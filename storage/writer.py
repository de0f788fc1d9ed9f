"""The one writer thread: everything queued during the last commit goes into the next transaction."""

from __future__ import annotations

import asyncio
import queue
import random
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from storage import postgresql, sqlite
from storage.errors import Closed, CommitUnknown, NestedWrite, Unavailable
from storage.prepared import run

T = TypeVar("T")
Unit = Callable[[Connection], T]
Finish = Callable[[Connection, Sequence[Any]], None]
BATCH = 64
TRIES = 3
_LAST = "paojie.last"


@dataclass(slots=True, eq=False)
class Job:
    unit: Unit[Any]
    lane: str
    sort_key: str
    future: Any  # asyncio.Future of `loop`, or a concurrent Future without one
    loop: asyncio.AbstractEventLoop | None


@dataclass(slots=True)
class Outcome:
    job: Job
    value: Any = None
    error: BaseException | None = None


def is_conflict(error: BaseException) -> bool:
    """To be raised on, never swallowed by a unit: the writer rolls back and tries each unit again alone."""
    return postgresql.is_conflict(error) or postgresql.is_lost(error)


def at_end(conn: Connection, finish: Finish, items: Sequence[Any]) -> None:
    """Have `finish` called once with all items of the batch, last before COMMIT; at once when no writer is at work."""
    last: list[tuple[Finish, Any]] | None = conn.info.get(_LAST)
    if last is None:
        finish(conn, items)
    else:
        last.extend((finish, item) for item in items)


@contextmanager
def savepoint(conn: Connection) -> Iterator[None]:
    """What fails inside leaves nothing behind, not even what it wanted done `at_end`."""
    last: list[Any] = conn.info.get(_LAST, [])
    mark = len(last)
    run(conn, "SAVEPOINT unit")
    try:
        yield
        run(conn, "RELEASE SAVEPOINT unit")
    except BaseException as error:
        if not is_conflict(error):
            run(conn, "ROLLBACK TO SAVEPOINT unit")
            run(conn, "RELEASE SAVEPOINT unit")
            del last[mark:]
        raise


class Writer:
    """Runs units in batches; a unit's failure is its caller's alone."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._apart = engine.dialect.name == "postgresql"
        self._queue: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = False
        self._down_until = 0.0

    @property
    def waiting(self) -> int:
        return self._queue.qsize()

    async def write(self, unit: Unit[T], lane: str, sort_key: str) -> T:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._put(Job(unit, lane, sort_key, future, loop))
        return await future

    def write_now(self, unit: Unit[T], lane: str, sort_key: str) -> T:
        if self._thread is not None and threading.get_ident() == self._thread.ident:
            raise NestedWrite
        future: Future[T] = Future()
        self._put(Job(unit, lane, sort_key, future, None))
        return future.result()

    def close(self) -> None:
        with self._lock:
            self._closed = True
            thread, self._thread = self._thread, None
            self._queue.put(None)
        if thread is not None:
            thread.join()

    def _put(self, job: Job) -> None:
        with self._lock:
            if self._closed:
                raise Closed
            if self._thread is None:
                self._thread = threading.Thread(target=self._loop, name="paojie-writer", daemon=True)
                self._thread.start()
            self._queue.put(job)

    def _loop(self) -> None:
        open_ = True
        while open_:
            jobs: list[Job] = []
            item = self._queue.get()
            while item is not None:
                jobs.append(item)
                if len(jobs) == BATCH or self._queue.empty():
                    break
                item = self._queue.get()
            open_ = item is not None
            for batch in self._batches(jobs):
                self._run(batch)

    def _batches(self, jobs: list[Job]) -> list[list[Job]]:
        """On PostgreSQL received events commit by themselves, in the order of their keys: no lock of a handler holds them up."""
        if not self._apart:
            return [jobs] if jobs else []
        received = sorted((job for job in jobs if job.lane == "receive"), key=lambda job: job.sort_key)
        rest = [job for job in jobs if job.lane != "receive"]
        return [batch for batch in (received, rest) if batch]

    def _run(self, jobs: Sequence[Job], tries: int = 1, *, apart: bool = False) -> None:
        """Units hardly ever fail: only when one did is the batch run again with a savepoint each, and alone if that does not do."""
        try:
            outcomes = self._attempt(jobs, apart)
        except (Unavailable, CommitUnknown) as error:
            outcomes = [Outcome(job, error=error) for job in jobs]
        except BaseException as error:  # the edge: whatever a unit raised belongs to its caller
            if len(jobs) > 1 and not apart and not is_conflict(error):
                self._run(jobs, apart=True)
                return
            if len(jobs) > 1:
                for job in jobs:
                    self._run([job])
                return
            if is_conflict(error) and tries < TRIES:
                time.sleep(random.uniform(0.01, 0.05) * tries)
                self._run(jobs, tries + 1)
                return
            outcomes = [Outcome(jobs[0], error=error)]
        _settle(outcomes)

    def _attempt(self, jobs: Sequence[Job], apart: bool) -> list[Outcome]:
        conn = self._begin()
        committing = False
        last: list[tuple[Finish, Any]] = []
        conn.info[_LAST] = last
        try:
            outcomes = [_saved(conn, job) if apart else Outcome(job, job.unit(conn)) for job in jobs]
            _finish(conn, last)
            committing = True
            conn.commit()
            return outcomes
        except DBAPIError as error:
            if committing and postgresql.is_lost(error):
                raise CommitUnknown from error
            raise
        finally:
            if not conn.invalidated:
                conn.info.pop(_LAST, None)
            conn.close()

    def _begin(self) -> Connection:
        if time.monotonic() < self._down_until:
            raise Unavailable
        try:
            conn = self._engine.connect()
        except DBAPIError as error:
            self._down_until = time.monotonic() + 1
            raise Unavailable from error
        try:
            conn.begin()
        except DBAPIError as error:
            conn.close()
            if sqlite.is_busy(error):
                raise Unavailable from error
            raise
        return conn


def _saved(conn: Connection, job: Job) -> Outcome:
    try:
        with savepoint(conn):
            return Outcome(job, job.unit(conn))
    except BaseException as error:
        if is_conflict(error):
            raise
        return Outcome(job, error=error)


def _finish(conn: Connection, last: list[tuple[Finish, Any]]) -> None:
    grouped: dict[Finish, list[Any]] = defaultdict(list)
    for finish, item in last:
        grouped[finish].append(item)
    for finish, items in grouped.items():
        finish(conn, items)


def _settle(outcomes: Sequence[Outcome]) -> None:
    loops: dict[asyncio.AbstractEventLoop, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        if outcome.job.loop is None:
            _resolve([outcome])
        else:
            loops[outcome.job.loop].append(outcome)
    for loop, theirs in loops.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(_resolve, theirs)


def _resolve(outcomes: Sequence[Outcome]) -> None:
    for outcome in outcomes:
        future = outcome.job.future
        if future.done():
            continue
        if outcome.error is not None:
            future.set_exception(outcome.error)
        else:
            future.set_result(outcome.value)
