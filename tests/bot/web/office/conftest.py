from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bot.web.office.house import Browser, House, running


@pytest.fixture
async def house(tmp_path: Path, database_url: str) -> AsyncIterator[House]:
    async with running(tmp_path, database_url) as house:
        yield house


@pytest.fixture
async def admin(house: House) -> AsyncIterator[Browser]:
    async with house.browser("wu") as browser:
        yield browser
