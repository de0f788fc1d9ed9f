"""The demo: the person in the path, two phones, and a clock that goes from due to due."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from bot.app import App
from storage import due
from tests.bot.web.firm import NOW, page_of, running

CLOCK = "/chat/demo/api/clock"


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    async with running(tmp_path) as app:
        yield app


@pytest.fixture
async def page(app: App) -> AsyncIterator[httpx.AsyncClient]:
    async with page_of(app) as page:
        yield page


async def test_the_chat_begins_on_the_stage(page: httpx.AsyncClient) -> None:
    assert (await page.get("/chat")).headers["location"] == "/chat/demo"
    stage = await page.get("/chat/demo")
    assert 'src="/chat/as/liqiang"' in stage.text
    assert 'src="/chat/as/chen"' in stage.text


async def test_anybody_may_stand_on_either_side(page: httpx.AsyncClient) -> None:
    stage = await page.get("/chat/demo", params={"left": "chen", "right": "zhangmin"})
    assert stage.text.index('src="/chat/as/chen"') < stage.text.index('src="/chat/as/zhangmin"')
    assert (await page.get("/chat/demo", params={"left": "nobody"})).status_code == 307


async def test_a_page_offers_everybody_else(page: httpx.AsyncClient) -> None:
    shown = (await page.get("/chat/as/liqiang")).text
    assert '<a href="/chat/as/chen">陈主管' in shown
    assert (await page.get("/chat/as/nobody")).headers["location"] == "/chat/demo"


async def test_the_clock_moves_to_the_next_thing(app: App, page: httpx.AsyncClient) -> None:
    at = NOW.replace(hour=2)
    person = (await app.database.read(lambda conn: due.next_at(conn)),)
    await app.database.write(lambda conn: due.put(conn, "promise", "x", at, 1, None, {}))
    shown = (await page.get(CLOCK)).json()
    assert person == (None,) or shown["next"]
    moved = (await page.post(CLOCK, json={"to": "next"})).json()
    assert datetime.fromisoformat(moved["now"]) > NOW
    assert app.clock.now() <= at


async def test_the_evening_s_next_thing_is_the_next_morning_s_card(app: App, page: httpx.AsyncClient) -> None:
    """Not the first promise of tomorrow noon: the cards before it are known as well."""
    await app.advance_to(datetime(2026, 11, 24, 10, 20, tzinfo=UTC))
    morning = datetime(2026, 11, 25, 0, 40, tzinfo=UTC)
    assert datetime.fromisoformat((await page.get(CLOCK)).json()["next"]) == morning
    moved = (await page.post(CLOCK, json={"to": "next"})).json()
    assert datetime.fromisoformat(moved["now"]) == morning


@pytest.mark.parametrize(("to", "then"), [("17:00", datetime(2026, 11, 24, 9, tzinfo=UTC)), ("morning", datetime(2026, 11, 25, 0, 45, tzinfo=UTC))])
async def test_the_clock_moves_to_evening_and_morning(app: App, page: httpx.AsyncClient, to: str, then: datetime) -> None:
    moved = (await page.post(CLOCK, json={"to": to})).json()
    assert datetime.fromisoformat(moved["now"]) == then == app.clock.now()


async def test_only_the_page_moves_it(app: App, page: httpx.AsyncClient) -> None:
    evil = await page.post(CLOCK, json={"to": "morning"}, headers={"Origin": "https://evil.test"})
    assert evil.status_code == 403
    assert (await page.post(CLOCK, json={"to": "1999"})).status_code == 400
    assert app.clock.now() == NOW
