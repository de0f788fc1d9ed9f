"""python3 run.py bench fuzz: a hundred thousand strange requests to every endpoint (or a million), counted by what they were answered."""

from __future__ import annotations

import argparse
import asyncio
import logging
import random
import tempfile
import time
from pathlib import Path

import structlog

from benchmarks.kit import long_runs
from tests.chaos.fuzz import Report, fuzz, site
from tests.chaos.strange import ENDPOINTS

PIECE = 100_000


def main() -> int:
    asked = _asked()
    logging.disable(logging.CRITICAL)  # what is refused is logged, a hundred thousand times
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    failed = False
    for endpoint in [asked.only] if asked.only else ENDPOINTS:
        done = [line for line in long_runs.lines(asked.result) if line["endpoint"] == endpoint] if asked.result else []
        failed = failed or any(line["faults"] for line in done)
        for nth in range(len(done), -(-asked.requests // PIECE)):
            failed = not _piece(endpoint, asked, nth) or failed
        if asked.result:
            print(f"{endpoint}: {long_runs.sums(asked.result, 'endpoint', endpoint)}", flush=True)
    return 1 if failed else 0


def _piece(endpoint: str, asked: argparse.Namespace, nth: int) -> bool:
    """A seed of its own and a fresh site; True when nothing was wrong."""
    seed, count, began = asked.seed + nth, min(PIECE, asked.requests - nth * PIECE), time.monotonic()
    report = asyncio.run(_run(endpoint, count, seed))
    took = time.monotonic() - began
    left = max(0, asked.requests - (nth + 1) * PIECE) * took / count / 60
    print(f"{endpoint}, seed {seed}: {took:.0f} s, {left:.0f} min left\n  {report}", flush=True)
    faults = [str(fault) for fault in (*report.bad, *report.parked[:5])]
    for fault in faults:
        print(f"  ! {fault}", flush=True)
    if asked.result:
        counts = {f"{known} {status}": number for (known, status), number in report.statuses.items()}
        kept = {"kept": report.kept, "handled": report.handled, "from_strangers": report.from_strangers, "parked": len(report.parked)}
        long_runs.add(asked.result, {"endpoint": endpoint, "seed": seed, "requests": count, "faults": faults, **kept, **counts})
    return not (faults or report.from_strangers)


def _asked() -> argparse.Namespace:
    words = argparse.ArgumentParser(prog="python3 run.py bench fuzz", description=__doc__)
    words.add_argument("--requests", type=int, default=100_000, help="per endpoint")
    words.add_argument("--only", choices=list(ENDPOINTS))
    words.add_argument("--result", type=Path, help="a line each hundred thousand; with it a run can be stopped and goes on")
    words.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    return words.parse_args()


async def _run(endpoint: str, requests: int, seed: int) -> Report:
    with tempfile.TemporaryDirectory(prefix="paojie-fuzz-") as folder:
        async with site(Path(folder)) as (app, under):
            return await fuzz(app, under, endpoint, requests, random.Random(seed))


if __name__ == "__main__":
    raise SystemExit(main())
