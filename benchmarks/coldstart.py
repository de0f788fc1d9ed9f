"""From nothing to a server that answers, against importing everything it could ever need; and what it holds when idle (`idle`)."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from benchmarks.kit import idle, measure

ROUNDS = 7
EAGER = "everything imported at once, no server"
COLD = "ours: python -m bot serve, until it answers"
VARIANTS = {EAGER: ["eager"], COLD: ["cold"]}


def one(variant: str, place: str) -> None:
    used = idle.eager() if variant == "eager" else idle.cold(Path(place))
    measure.report(used, 1, rss_mb=used.rss_mb)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        idle.cold(Path(folder))  # its database is there from now on
        found = measure.interleaved("benchmarks.coldstart", {name: [*words, folder] for name, words in VARIANTS.items()}, ROUNDS)
    measure.table(found)
    measure.goals((("cold start / everything at once, CPU", found[COLD]["cpu_ms"] / found[EAGER]["cpu_ms"], 0.7),))


if __name__ == "__main__":
    one(*sys.argv[2:]) if sys.argv[1:2] == ["--one"] else main()
