"""Kills by the thousand, a few of them: the same verdict, and a verdict that can be guilty."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_RUN = """
import json, sys
from dataclasses import asdict
from pathlib import Path
from tests.chaos.forks import Batch
url, folder, kills, fault = sys.argv[1:]
(Path(folder) / "began").touch()
print(json.dumps(asdict(Batch(url, Path(folder), int(kills), 20261124, fault=fault).run()) ))
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")


def batch(url: str, folder: Path, kills: int, fault: str = "") -> dict[str, object]:
    """In a process without threads: what is forked must be whole."""
    import json

    command = [sys.executable, "-W", "ignore", "-c", _RUN, url, str(folder), str(kills), fault]
    done = subprocess.run(command, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return dict(json.loads(done.stdout.splitlines()[-1]))


def test_nothing_is_lost_nothing_is_double_and_all_is_in_order(database_url: str, tmp_path: Path) -> None:
    found = batch(database_url, tmp_path, 25)
    assert (found["lost"], found["double"], found["wrong"]) == ([], [], [])
    assert found["kills"] == 25
    assert found["events"] == found["acknowledged"]


@pytest.mark.only("sqlite")
@pytest.mark.parametrize(("fault", "told"), [("early", "lost"), ("twice", "double"), ("skip", "wrong")])
def test_a_fault_is_found(database_url: str, tmp_path: Path, fault: str, told: str) -> None:
    assert batch(database_url, tmp_path, 25, fault)[told]
