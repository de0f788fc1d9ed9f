"""The register as page, PDF and Excel; the record behind a printed paper; who holds what (C-4.6, C-5)."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from bot import demo_station
from bot.app import App
from conversations.repairs import dispatch
from conversations.repairs.job import Call
from rules.calendar import FIRM_ZONE
from storage import invitations
from storage.database import Connection
from storage.tables import person
from storage.world import World
from tests.bot.web.firm import NOW, page_of, running

BASE = "https://paojie.test"
DAY = NOW.astimezone(FIRM_ZONE).date()
HOSTILE = '=HYPERLINK("http://x")<script>alert(1)</script>'


@pytest.fixture
async def app(tmp_path: Path, database_url: str) -> AsyncIterator[App]:
    async with running(tmp_path, database_url, demo=False, url=BASE) as app:
        await app.database.write(_day)
        yield app


def _day(conn: Connection) -> None:
    demo_station.build(conn, DAY)
    ids = {row.account: row.id for row in conn.execute(select(person.c.account, person.c.id))}
    desk = World(conn, person_id=ids["fang"], now=NOW, zone=FIRM_ZONE)
    area = next(one.id for one in desk.areas() if one.label == "东区")
    dispatch.register(desk, Call(HOSTILE, "阳光苑502", caller="刘女士", phone="13800000502", area_id=area, address="阳光苑 3 号楼 502"))
    made = desk.new_thing("cash", "1124-09", "维修费", 3500)
    desk.give_thing(made.id, ids["xu"])
    other = World(conn, person_id=ids["xu"], now=NOW, zone=FIRM_ZONE)
    other.take_thing(made.id, 3000)


async def enter(app: App, page: httpx.AsyncClient, account: str) -> httpx.AsyncClient:
    ids = await app.database.read(lambda conn: {row.account: row.id for row in conn.execute(select(person.c.account, person.c.id))})
    token = await app.database.write(lambda conn: invitations.login(conn, ids[account], NOW))
    assert (await page.post(f"/office/in/{token}", headers={"Origin": BASE})).status_code == 303
    return page


@pytest.fixture
async def page(app: App) -> AsyncIterator[httpx.AsyncClient]:
    """小方's browser."""
    async with page_of(app, BASE, {}) as page:
        yield await enter(app, page, "fang")


async def test_the_day_s_register_on_the_page_as_paper_and_as_excel(page: httpx.AsyncClient) -> None:
    shown = await page.get(f"/office/register?day={DAY}")
    assert "共 1 单，完成 0 单" in shown.text
    assert "<script>alert" not in shown.text
    paper = await page.get(f"/office/register/pdf?day={DAY}")
    assert (paper.headers["content-type"], paper.content[:5]) == ("application/pdf", b"%PDF-")
    book = await page.get(f"/office/register/excel?day={DAY}")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book.content)).get_sheet_by_index(0).to_python()
    assert rows[0][:3] == ["单号", "报修", "地址"]
    assert rows[1][4] == HOSTILE


async def test_a_day_without_requests_says_so(page: httpx.AsyncClient) -> None:
    assert "这一天没有报修" in (await page.get("/office/register?day=2026-01-05")).text
    assert (await page.get("/office/register/pdf?day=x")).status_code == 400


async def test_the_code_on_a_paper_leads_to_the_record_for_colleagues_only(app: App, page: httpx.AsyncClient) -> None:
    link = next(
        part.split('"')[0] for part in (await page.get(f"/office/register?day={DAY}")).text.split('href="') if part.startswith("/office/jobs/")
    )
    shown = await page.get(link)
    assert "刘女士 13800000502" in shown.text
    assert "登记" in shown.text
    assert (await page.get(f"{link}/pdf")).content.startswith(b"%PDF-")
    async with page_of(app, BASE, {}) as stranger:
        assert (await stranger.get(link)).status_code in (401, 403)
    assert (await page.get("/office/jobs/999999")).status_code == 404


async def test_differences_stay_to_be_seen(page: httpx.AsyncClient) -> None:
    shown = await page.get("/office/custody")
    assert "小方 → 许姐" in shown.text
    assert "<strong>点收时少 5.00 元</strong>" in shown.text
    assert "点收时少" in (await page.get("/office/custody?only=differences&kind=cash")).text
    assert "没有数目不对的" in (await page.get("/office/custody?only=differences&kind=key")).text
