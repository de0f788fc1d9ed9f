"""A run of hours writes a line a piece, so that it can be stopped and goes on where it was."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any


def lines(path: Path) -> list[dict[str, Any]]:
    """Of the pieces done; a line cut short by a crash does not count."""
    found = []
    for line in path.read_text(encoding="utf8").splitlines() if path.exists() else ():
        try:
            found.append(json.loads(line))
        except json.JSONDecodeError:
            continue
    return found


def add(path: Path, piece: dict[str, Any]) -> None:
    with path.open("a", encoding="utf8") as file:
        file.write(json.dumps(piece, ensure_ascii=False) + "\n")


def sums(path: Path, name: str, value: str) -> dict[str, int]:
    """Of all that was counted in the pieces of one kind; lists by their length."""
    found: Counter[str] = Counter()
    for line in lines(path):
        if line[name] == value:
            found.update(
                {key: len(one) if isinstance(one, list) else one for key, one in line.items() if isinstance(one, list | int) and key != "seed"}
            )
    return dict(found)
