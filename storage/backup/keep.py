"""Which backups stay: the newest of each of the last days and weeks; files that none of them names any more go too."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

from storage.backup import check
from storage.backup.make import alone
from storage.backup.manifest import BLOBS, PART, Damaged, Newer, names, read

WHEN = "%Y%m%d-%H%M%S"


def prune(folder: Path, daily: int, weekly: int) -> list[str]:
    """The names of those that went. The newest stays whatever is asked; so does what cannot be read, for people to look at."""
    with alone(folder):
        there = names(folder)
        stay = kept(there, daily, weekly)
        gone = [name for name in there if name not in stay]
        for name in gone:
            passing = folder / (name + PART)  # renamed first: a half removed one must not look whole
            (folder / name).rename(passing)
            shutil.rmtree(passing)
        _sweep(folder, names(folder))
    return gone


def kept(there: list[str], daily: int, weekly: int) -> set[str]:
    """Of names, oldest first."""
    days: dict[object, str] = {}
    weeks: dict[object, str] = {}
    for name in there:
        at = made(name)
        days[at.date()], weeks[at.isocalendar()[:2]] = name, name
    return {*there[-1:], *list(days.values())[-max(daily, 1) :], *list(weeks.values())[-max(weekly, 1) :]}


def made(name: str) -> datetime:
    """Local time, as the name says."""
    return datetime.strptime(name[:15], WHEN)  # noqa: DTZ007 a name has no zone


def _sweep(folder: Path, there: list[str]) -> None:
    """Nothing goes while one backup cannot say what it needs."""
    needed: set[str] = set()
    try:
        for name in there:
            needed |= {sha for sha, _ in check.hashes(folder / name, read(folder / name))}
    except (Damaged, Newer):
        return
    for path in (folder / BLOBS).glob("??/*"):
        if path.name not in needed:
            path.unlink()
