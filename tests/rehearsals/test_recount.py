"""After a rehearsed day the month's figures are what the audit chain alone says they are (A-2.1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from bot.rehearsal.player import Player
from bot.rehearsal.script import load
from bot.rehearsal.stage import WebStage
from rules.calendar import Calendar
from rules.figures import MEASURES
from storage import audit, reports
from storage.tables import person
from tests.storage.recount import recount

HOME = Path(__file__).parents[2] / "rehearsals"
FIRST, LAST = date(2026, 11, 1), date(2026, 12, 31)
Both = tuple[Mapping[str, Mapping[str, int]], Mapping[str, Counter[str]]]


class Counted(WebStage):
    """Counts both ways before it closes."""

    both: Both

    async def close(self) -> None:
        self.both = await self.app.database.read(_both)
        await super().close()


def _both(conn: Connection) -> Both:
    assert audit.verify(conn) is None
    names = {row.id: row.account for row in conn.execute(select(person.c.id, person.c.account))}
    ours = reports.tallies(conn, None, FIRST, LAST, Calendar())
    told = {names[id]: {key: tally.counted for key, tally in one.items() if tally.counted} for id, one in ours.items()}
    return {name: one for name, one in told.items() if one}, recount(conn, FIRST, LAST)


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("months-figures", {"visits", "logs"}),
        ("reps-day", {"visits", "logs"}),
        ("book-delivery", {"deliveries"}),
        ("complaint", {"complaints"}),
        ("leaver", set[str]()),
    ],
)
async def test_both_ways_come_to_the_same(name: str, keys: set[str]) -> None:
    stage = Counted()
    await Player(stage, load(HOME / f"{name}.yaml")).play()
    ours, theirs = stage.both
    assert ours == {account: dict(counts) for account, counts in theirs.items()}
    assert keys <= {key for one in ours.values() for key in one}
    assert all(key in {measure.key for measure in MEASURES} for one in ours.values() for key in one)
