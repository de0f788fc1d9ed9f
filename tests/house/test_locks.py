"""Locks name packages and hashes, never where they come from."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HOST = re.compile(r"://|\b[\w-]+\.(?:org|com|net|io|cn|dev)\b(?!\S*==)", re.IGNORECASE)


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_no_host_and_no_address(name: str) -> None:
    lines = (ROOT / name).read_text(encoding="utf8").splitlines()
    assert len(lines) > 500
    assert [line for line in lines if HOST.search(line)] == []


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_every_package_is_pinned_and_hashed(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf8").replace("\\\n", " ")
    packages = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    assert packages
    assert [line for line in packages if "==" not in line or "--hash=sha256:" not in line] == []
