"""Every rehearsal on every channel and both databases, the composition root closed and rebuilt between any two steps."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import certifi
import pytest

from bot.rehearsal.compare import Differed
from bot.rehearsal.play import transcript
from bot.rehearsal.player import Player
from bot.rehearsal.script import load
from tests.rehearsals.stages import STAGES

FILES = sorted((Path(__file__).parents[2] / "rehearsals").glob("**/*.yaml"))


@pytest.fixture(scope="module", autouse=True)
def one_certificate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The fakes speak plain HTTP: reading all authorities again at each of two thousand restarts would be half of the work."""
    end = "-----END CERTIFICATE-----"
    first = Path(certifi.where()).read_text(encoding="utf8").partition(end)[0] + end
    file = tmp_path_factory.mktemp("tls") / "one.pem"
    file.write_text(first[first.index("-----BEGIN") :] + "\n", encoding="utf8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "SSL_CERT_FILE", str(file))
        yield


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
    assert len([path for path in FILES if path.parent.name == "repairs"]) >= 12
