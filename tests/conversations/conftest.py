"""The demo's firm with everybody's telephone: on SQLite for every line said, on both databases for whole days."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database import Database
from tests.conversations.talk import Talk


@pytest.fixture
def firm(sqlite_template: Path, tmp_path: Path) -> Iterator[Talk]:
    shutil.copy(sqlite_template, tmp_path / "firm.db")
    database = Database(f"sqlite:///{tmp_path / 'firm.db'}", tmp_path)
    yield Talk(database)
    database.close()


@pytest.fixture
def firm_on_either(database: Database) -> Talk:
    return Talk(database)
