"""What the server holds when nobody speaks: the web chat only, some seconds after the start; beside everything imported at once."""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path

from benchmarks.kit import idle, measure

ROUNDS, SETTLE, MOST = 3, 5.0, 80.0


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        idle.cold(Path(folder))  # its database is there from now on
        eager, ours = [], []
        for turn in range(ROUNDS):
            eager.append(idle.eager().rss_mb)
            ours.append(idle.cold(Path(folder), settle=SETTLE).rss_mb)
            print(f"  {turn + 1}/{ROUNDS} everything imported: {eager[-1]:.1f} MB, ours idle: {ours[-1]:.1f} MB", flush=True)
    held, all_ = statistics.median(ours), statistics.median(eager)
    measure.goals((("idle, in MB", held, MOST), ("idle / everything imported at once", held / all_, 0.75)))


if __name__ == "__main__":
    main()
