"""Every rehearsal on every channel and both databases, the composition root closed and rebuilt between any two steps."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.rehearsal.play import transcript
from bot.rehearsal.player import Differed, Player
from bot.rehearsal.script import load
from tests.rehearsals.stages import STAGES

FILES = sorted((Path(__file__).parents[2] / "rehearsals").glob("**/*.yaml"))


@pytest.mark.parametrize("channel", STAGES)
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
async def test_it_goes_as_written(path: Path, channel: str, database_url: str) -> None:
    player = Player(STAGES[channel](database_url), load(path), restart_between=True)
    try:
        await player.play()
    except Differed as difference:
        pytest.fail(f"{difference}\n\n{transcript(player)}", pytrace=False)
    assert player.figures


def test_there_are_rehearsals() -> None:
    assert len(FILES) >= 7
