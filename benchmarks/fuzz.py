"""python3 run.py bench fuzz: a hundred thousand strange requests to every endpoint, counted by what they were answered."""

from __future__ import annotations

import argparse
import asyncio
import logging
import random
import tempfile
import time
from pathlib import Path

import structlog

from tests.chaos.fuzz import Report, fuzz, site
from tests.chaos.strange import ENDPOINTS


def main() -> int:
    asked = _asked()
    logging.disable(logging.CRITICAL)  # what is refused is logged, a hundred thousand times
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    failed = False
    for endpoint in ENDPOINTS:
        began = time.monotonic()
        report = asyncio.run(_run(endpoint, asked.requests, asked.seed))
        print(f"{endpoint}, seed {asked.seed}: {time.monotonic() - began:.0f} s\n  {report}", flush=True)
        for fault in [*report.bad, *report.parked[:5]]:
            print(f"  ! {fault}")
        failed = failed or bool(report.bad or report.parked or report.from_strangers)
    return 1 if failed else 0


def _asked() -> argparse.Namespace:
    words = argparse.ArgumentParser(prog="python3 run.py bench fuzz", description=__doc__)
    words.add_argument("--requests", type=int, default=100_000, help="per endpoint")
    words.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    return words.parse_args()


async def _run(endpoint: str, requests: int, seed: int) -> Report:
    with tempfile.TemporaryDirectory(prefix="paojie-fuzz-") as folder:
        async with site(Path(folder)) as (app, under):
            return await fuzz(app, under, endpoint, requests, random.Random(seed))


if __name__ == "__main__":
    raise SystemExit(main())
