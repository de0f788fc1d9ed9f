"""Rounds in fresh processes, interleaved; medians of CPU time; each ratio beside its goal."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

ROOT = Path(__file__).resolve().parents[2]


class Timed(Protocol):
    @property
    def cpu(self) -> float: ...
    @property
    def wall(self) -> float: ...


class Stopwatch:
    """CPU of this process, all its threads, and the wall."""

    def __enter__(self) -> Stopwatch:
        self._cpu, self._wall = time.process_time(), time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        self.cpu, self.wall = time.process_time() - self._cpu, time.perf_counter() - self._wall


def report(watch: Timed, count: int, **more: float) -> None:
    """The child's last line."""
    print(json.dumps({"cpu_ms": watch.cpu * 1000 / count, "wall_ms": watch.wall * 1000 / count, **more}))


def interleaved(module: str, variants: Mapping[str, Sequence[str]], rounds: int, *, few: Sequence[str] = ()) -> dict[str, dict[str, float]]:
    """Median figures of `python -m module --one …` per variant; those in `few` run once only."""
    found: dict[str, list[dict[str, float]]] = defaultdict(list)
    for turn in range(rounds):
        for name, words in variants.items():
            if name in few and turn:
                continue
            found[name].append(_child(module, words))
            print(f"  {turn + 1}/{rounds} {name}: {found[name][-1]['cpu_ms']:.3f} ms CPU", flush=True)
    return {name: {key: statistics.median(run[key] for run in runs) for key in runs[0]} for name, runs in found.items()}


def _child(module: str, words: Sequence[str]) -> dict[str, float]:
    command = [sys.executable, "-W", "ignore", "-m", module, "--one", *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env={**os.environ, "PTB_TIMEDELTA": "1"})
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def table(found: Mapping[str, Mapping[str, float]]) -> None:
    print(f"\n{'variant':<58}{'CPU ms':>9}{'wall ms':>9}")
    for name, figures in found.items():
        print(f"{name:<58}{figures['cpu_ms']:>9.3f}{figures['wall_ms']:>9.3f}")


def goals(lines: Sequence[tuple[str, float, float]], show: Callable[[str], None] = print) -> None:
    """Name, ratio, and what it must not pass."""
    show(f"\n{'ratio':<68}{'is':>9}{'goal':>9}")
    for name, ratio, goal in lines:
        show(f"{name:<68}{ratio:>9.4f}{goal:>9.4f}  {'ok' if ratio <= goal else 'missed'}")
