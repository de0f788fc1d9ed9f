"""SIGKILL at random moments while people work: nothing acknowledged is lost, nothing counts twice (design §5)."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.chaos.storm import Plan, storm, world
from tests.chaos.verdict import judge

REPLICAS = {"sqlite": 1, "postgresql": 3}

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")


async def test_nothing_is_lost_and_nothing_counts_twice(database_url: str, tmp_path: Path) -> None:
    kind = database_url.partition(":")[0].partition("+")[0]
    plan = Plan(reps=9, visits=4, kills=5, replicas=REPLICAS[kind], seed=20261124)
    async with world(plan, database_url, tmp_path) as everybody:
        await storm(everybody)
        verdict = await judge(everybody, tmp_path / "control")
    assert verdict.clean, f"\n{verdict}"
    assert verdict.kills >= plan.kills
    assert verdict.deliveries > verdict.events >= plan.reps * plan.visits
