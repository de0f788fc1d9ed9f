"""A rep's whole day as written, on the page in Chromium."""

from __future__ import annotations

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.rehearsal.play import transcript
from bot.rehearsal.player import Player
from bot.rehearsal.script import load
from tests.browser.conftest import ROOT
from tests.rehearsals.browser_stage import BrowserStage


async def _play(path: Path) -> Player:
    player = Player(BrowserStage(), load(path))
    await player.play()
    return player


@pytest.mark.usefixtures("browser")  # says so when there is no Chromium
def test_the_day_goes_as_written() -> None:
    with ThreadPoolExecutor(1) as apart:  # the fixture's browser has a loop on this thread
        player = apart.submit(asyncio.run, _play(ROOT / "rehearsals" / "reps-day.yaml")).result()
    if folder := os.environ.get("PAOJIE_SCREENSHOTS"):
        Path(folder, "reps-day.txt").write_text(transcript(player), encoding="utf8")
    assert player.figures["李强"].pushed <= 6
    assert len(player.transcript) > 60
