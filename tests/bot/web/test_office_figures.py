"""The office page 数据: by role, over any days, each line down to its picture, Excel whose cells are never formulas."""

from __future__ import annotations

import html
import io
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from bot.app import App
from rules.calendar import FIRM_ZONE
from storage import blobs, invitations
from storage.database import Connection
from storage.tables import person
from storage.world import World
from tests import pictures
from tests.bot.web.firm import NOW, page_of, running

BASE = "https://paojie.test"
HOSTILE = '=HYPERLINK("http://x")<script>alert(1)</script>'
SHOP = pictures.jpeg(pictures.sign("华东精密"))


@pytest.fixture
async def app(tmp_path: Path, database_url: str) -> AsyncIterator[App]:
    async with running(tmp_path, database_url, demo=False, url=BASE) as app:
        await app.database.write(lambda conn: _month(app, conn))
        yield app


def _month(app: App, conn: Connection) -> None:
    ids = {row.account: row.id for row in conn.execute(select(person.c.account, person.c.id))}
    sha = app.blobs.put(SHOP)
    blobs.note(conn, sha, "image/jpeg", len(SHOP), {"kind": "photo", "upright": sha}, NOW)
    desk = World(conn, person_id=ids["liqiang"], now=NOW, zone=FIRM_ZONE)
    made = desk.add_customer(HOSTILE, local=True, source="朋友介绍")
    answers = {"customer": {"id": made.id, "label": HOSTILE}, "met": "王经理", "talked": "续约"}
    desk.file("CustomerVisit", 1, answers, customer=made.id, blobs=(sha,), grade="evidenced")
    desk.file("CustomerVisit", 1, answers, customer=made.id)


async def enter(app: App, page: httpx.AsyncClient, account: str) -> httpx.AsyncClient:
    ids = await app.database.read(lambda conn: {row.account: row.id for row in conn.execute(select(person.c.account, person.c.id))})
    token = await app.database.write(lambda conn: invitations.login(conn, ids[account], NOW))
    assert (await page.post(f"/office/in/{token}", headers={"Origin": BASE})).status_code == 303
    return page


@pytest.fixture
async def page(app: App) -> AsyncIterator[httpx.AsyncClient]:
    """陈主管's browser."""
    async with page_of(app, BASE, {}) as page:
        yield await enter(app, page, "chen")


async def test_from_the_sum_to_the_picture(app: App, page: httpx.AsyncClient) -> None:
    shown = await page.get("/office/figures")
    assert shown.status_code == 200
    assert "另 1 缺凭证、没签收" in shown.text
    (link,) = {part.split('"')[0] for part in shown.text.split('href="') if part.startswith("/office/figures/lines")}
    rows = await page.get(html.unescape(link))
    assert "李强 走访 1 次" in rows.text
    assert (rows.text.count(">算<"), rows.text.count(">还不算<")) == (1, 1)
    records = [part.split('"')[0] for part in rows.text.split('href="') if part.startswith("/office/figures/record/")]
    proofs = [await page.get(record) for record in records]
    assert {"有凭证，算在数据里" in proof.text for proof in proofs} == {True, False}
    picture = next(part.split('"')[0] for proof in proofs for part in proof.text.split('src="') if part.startswith("/office/figures/file/"))
    file = await page.get(picture)
    assert (file.status_code, file.headers["content-type"]) == (200, "image/jpeg")
    assert file.content != SHOP  # stamped with time, person and number
    assert "sandbox" in file.headers["content-security-policy"]


async def test_the_page_of_a_stamped_paper_shows_what_the_eyes_saw(app: App, page: httpx.AsyncClient) -> None:
    name = "恒达影音设备（上海）有限公司"
    seal = {"text": name, "purpose": "合同专用章", "kind": "合同专用章", "candidates": [{"text": name, "confidence": 0.9, "whole": True}]}
    seen = {"stage": "read", "read": True, "presence": "有印章", "advice": "", "seals": [seal]}

    def file(conn: Connection) -> int:
        sha = app.blobs.put(SHOP + b" ")
        blobs.note(conn, sha, "image/jpeg", len(SHOP), {"kind": "photo", "eyes": seen}, NOW)
        who = conn.execute(select(person.c.id).where(person.c.account == "liqiang")).scalar_one()
        desk = World(conn, person_id=who, now=NOW, zone=FIRM_ZONE)
        made = desk.add_customer(name, local=True, source="朋友介绍")
        answers = {"customer": {"id": made.id, "label": name}, "what": "合同", "photos": {"photos": [{"sha256": sha}], "done": True}}
        return desk.file("StampedPaper", 1, answers, customer=made.id, blobs=(sha,)).id

    record = await app.database.write(file)
    assert f"｜照片 1 张｜章：{name}合同专用章，和客户名一致" in (await page.get(f"/office/figures/record/paper/{record}")).text


async def test_days_teams_and_people(app: App, page: httpx.AsyncClient) -> None:
    before = await page.get("/office/figures?from=2026-10-01&to=2026-10-31")
    assert "/office/figures/lines" not in before.text
    turned = await page.get("/office/figures?from=2026-11-30&to=2026-11-01")
    assert "已经对调" in turned.text
    assert "/office/figures/lines" in turned.text
    years = await page.get(f"/office/figures?from=2016-01-01&to={date(2026, 11, 24) + timedelta(days=3)}")
    assert "一次最多看一年" in years.text
    assert "/office/figures/lines" in years.text
    nobody = await page.get("/office/figures?team=99")
    assert "选的部门里没有人" in nobody.text
    nonsense = await page.get("/office/figures?from=昨天&to=&team=x&person=-1")
    assert nonsense.status_code == 200


async def test_hostile_names_do_nothing(app: App, page: httpx.AsyncClient) -> None:
    lines = await page.get("/office/figures/lines?person=1&measure=visits&from=2026-11-01&to=2026-11-30")
    assert "<script>" not in lines.text
    assert html.escape(HOSTILE, quote=False).replace('"', "&#34;") in lines.text


async def test_excel(app: App, page: httpx.AsyncClient) -> None:
    book = await page.get("/office/figures.xlsx")
    assert book.headers["content-disposition"].startswith("attachment")
    sheets = CalamineWorkbook.from_filelike(io.BytesIO(book.content))
    assert sheets.sheet_names == ["数据", "漏斗", "渠道"]
    table = sheets.get_sheet_by_name("数据").to_python()
    assert (table[0][0], table[1][0]) == ("姓名", "李强")
    assert table[1][table[0].index("走访")] == 1
    assert sheets.get_sheet_by_name("渠道").to_python()[1] == ["朋友介绍", 1, 1, 0]


@pytest.mark.parametrize(
    "path", ["/office/figures", "/office/figures.xlsx", "/office/figures/lines?person=1&measure=visits", "/office/figures/record/paper/1"]
)
async def test_not_a_rep_s(app: App, path: str) -> None:
    async with page_of(app, BASE, {}) as page:
        assert (await page.get(path)).status_code == 401
        await enter(app, page, "zhangmin")
        assert (await page.get(path)).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "/office/figures/record/paper/999",
        "/office/figures/record/case/999",
        "/office/figures/record/other/1",
        "/office/figures/lines?person=999&measure=visits",
        "/office/figures/lines?person=1&measure=nothing",
        "/office/figures/file/1/" + "0" * 64,
        "/office/figures/file/1/..%2f..%2fetc",
    ],
)
async def test_what_is_not_there(app: App, page: httpx.AsyncClient, path: str) -> None:
    assert (await page.get(path)).status_code == 404
