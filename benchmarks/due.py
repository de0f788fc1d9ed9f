"""What is due now, with a million dues and with a thousand, against the idle wake-up of APScheduler over its own store of ten thousand jobs."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, insert, text

from benchmarks.kit import measure
from storage import due
from storage.database import Database
from storage.tables import due as table
from storage.tables import person

NOW = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
MANY, FEW, JOBS, WAITING = 1_000_000, 1_000, 10_000, 14
ROUNDS, TIMES = 5, 400
PEER = f"APScheduler's idle wake-up, {JOBS:,} jobs in its SQLite store"
OURS = f"ours: what is due, {MANY:,} dues (SQLite)"
SMALL = f"ours: what is due, {FEW:,} dues"
IDLE = f"ours: nothing is due, {MANY:,} dues"
NEXT = f"ours: when is the next one, {MANY:,} dues"


def fill(folder: Path, count: int) -> None:
    """Half of them said, the rest in the weeks to come, and a few due now."""
    database = Database("sqlite://", folder)
    database.migrate()
    database.write_now(lambda conn: conn.execute(insert(person), {"id": 1, "account": "rep", "name": "员工"}))
    for start in range(0, count, 50_000):
        rows = [_row(n) for n in range(start, min(start + 50_000, count))]
        database.write_now(_putting(rows))
    database.close()


def _putting(rows: list[dict[str, object]]) -> Callable[[Connection], object]:
    return lambda conn: conn.execute(insert(table), rows)


def _row(n: int) -> dict[str, object]:
    said = n % 2 == 0 and n >= 2 * WAITING
    at = NOW - timedelta(minutes=n + 1) if n < WAITING or said else NOW + timedelta(minutes=n % 100_000 + 1)
    done = NOW if said else None
    return {"kind": "log_due", "key": f"log_due:{n}", "at": at, "person_id": 1, "case_id": None, "args": {}, "done_at": done, "outcome": ""}


def schedule(path: Path) -> None:
    from apscheduler.schedulers.background import BackgroundScheduler

    scheduler = BackgroundScheduler(jobstores={"default": _store(path)}, timezone="UTC")
    scheduler.start(paused=True)
    with scheduler._jobstores["default"].engine.connect() as conn:
        conn.execute(text("pragma synchronous=off"))
    later = datetime.now(UTC) + timedelta(days=30)
    for n in range(JOBS):
        scheduler.add_job(nothing, "date", run_date=later + timedelta(minutes=n), id=str(n))
    scheduler.shutdown()


def _store(path: Path) -> object:
    from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore

    return SQLAlchemyJobStore(f"sqlite:///{path}")


def nothing() -> None: ...


def one(variant: str, place: str) -> None:
    step, close = {"apscheduler": _wakes, "claim": _claims, "idle": _idles, "next": _nexts}[variant](Path(place))
    for _ in range(20):
        step()
    with measure.Stopwatch() as watch:
        for _ in range(TIMES):
            step()
    close()
    measure.report(watch, TIMES)


def _wakes(place: Path) -> tuple[Callable[[], object], Callable[[], object]]:
    from apscheduler.schedulers.background import BackgroundScheduler
    from apscheduler.schedulers.base import STATE_RUNNING

    scheduler = BackgroundScheduler(jobstores={"default": _store(place)}, timezone="UTC")
    scheduler.start(paused=True)
    scheduler.state = STATE_RUNNING
    return scheduler._process_jobs, scheduler.shutdown


def _claims(place: Path) -> tuple[Callable[[], object], Callable[[], object]]:
    database = Database("sqlite://", place)

    def step() -> None:
        found = database.read_now(lambda conn: due.claim(conn, NOW, 200))
        if len(found) != WAITING:
            raise AssertionError(len(found))

    return step, database.close


def _idles(place: Path) -> tuple[Callable[[], object], Callable[[], object]]:
    database, before = Database("sqlite://", place), NOW - timedelta(days=9999)
    return lambda: database.read_now(lambda conn: due.claim(conn, before, 200)), database.close


def _nexts(place: Path) -> tuple[Callable[[], object], Callable[[], object]]:
    database = Database("sqlite://", place)
    return lambda: database.read_now(due.next_at), database.close


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        print(f"filling: {MANY:,} and {FEW:,} dues, {JOBS:,} jobs …", flush=True)
        fill(place / "many", MANY)
        fill(place / "few", FEW)
        schedule(place / "jobs.db")
        variants = {
            PEER: ["apscheduler", str(place / "jobs.db")],
            OURS: ["claim", str(place / "many")],
            SMALL: ["claim", str(place / "few")],
            IDLE: ["idle", str(place / "many")],
            NEXT: ["next", str(place / "many")],
        }
        found = measure.interleaved("benchmarks.due", variants, ROUNDS)
    measure.table(found)
    peer, ours, small, idle, next_ = (found[name]["cpu_ms"] for name in variants)
    measure.goals(
        (
            ("nothing due of a million / APScheduler's idle wake-up", idle / peer, 0.25),
            ("what is due of a million / of a thousand", ours / small, 1.2),
            ("when is the next one / APScheduler's idle wake-up", next_ / peer, 0.25),
        )
    )


if __name__ == "__main__":
    one(*sys.argv[2:]) if sys.argv[1:2] == ["--one"] else main()
