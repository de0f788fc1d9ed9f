"""The admin's files through the browser: dry run, red cells, import, history, undo, export and in again; who may what."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Connection, func, insert, select

from bot.app import App
from papers import workbook
from storage.tables import case, customer, person, role
from tests import office_files
from tests.bot.web.firm import page_of, running
from tests.bot.web.test_office_pursuit import BASE, enter

XSS = "<script>alert(1)</script>"


@pytest.fixture
async def app(tmp_path: Path, database_url: str) -> AsyncIterator[App]:
    async with running(tmp_path, database_url, demo=False, url=BASE) as app:

        def admin(conn: object) -> None:
            id = conn.execute(insert(person).values(account="wu", name="小吴").returning(person.c.id)).scalar_one()  # type: ignore[attr-defined]
            conn.execute(insert(role).values(person_id=id, role="admin", since=date(2026, 1, 1)))  # type: ignore[attr-defined]

        await app.database.write(admin)
        yield app


@pytest.fixture
async def page(app: App) -> AsyncIterator[httpx.AsyncClient]:
    async with page_of(app, BASE, {}) as page:
        await enter(app, page, "wu")
        yield page


async def csrf(page: httpx.AsyncClient, path: str) -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', (await page.get(path)).text)
    assert found is not None
    return found[1]


async def upload(page: httpx.AsyncClient, data: bytes, name: str = "名单.xlsx") -> httpx.Response:
    token = await csrf(page, "/office/imports")
    return await page.post("/office/imports", data={"csrf": token}, files={"file": (name, data)}, headers={"Origin": BASE})


async def press(page: httpx.AsyncClient, path: str, **fields: str) -> httpx.Response:
    token = await csrf(page, "/office/imports")
    return await page.post(path, data={"csrf": token, **fields}, headers={"Origin": BASE})


async def test_six_files_from_upload_to_undo(app: App, page: httpx.AsyncClient) -> None:
    assert "还没有导入过" in (await page.get("/office/imports")).text
    wrong, places = 0, []
    for name, data in office_files.six().items():
        answer = await upload(page, data, name)
        assert answer.status_code == 303
        place = answer.headers["location"]
        shown = await page.get(place)
        assert "还没有导入" in shown.text
        wrong += shown.text.count("<tr><td>") - shown.text.count("→")
        went = await press(page, f"{place}/go")
        assert went.headers["location"] == f"{place}/done"
        while "refresh" in (ended := await page.get(f"{place}/done")).headers:
            pass
        assert "已导入" in ended.text
        places.append(place)
        again = await page.get((await upload(page, data, name)).headers["location"])
        assert "新增 <b>0</b>，更新 <b>0</b>" in again.text
    people = await page.get(f"{places[0]}/done")
    assert "邀请这 29 人" in people.text or "邀请这 30 人" in people.text
    ids = re.findall(r'name="id" value="(\d+)"', people.text)
    assert "邀请这" not in (await page.get(f"{places[1]}/done")).text
    token = await csrf(page, "/office/imports")
    slips = await page.post("/office/people/invite", data={"csrf": token, "id": ids}, headers={"Origin": BASE})
    assert slips.status_code == 200
    assert slips.text.count("/chat#in=") >= len(ids)
    history = await page.get("/office/imports")
    assert history.text.count("已导入") == 6
    for place in reversed(places):
        await press(page, f"{place}/undo")
        while "refresh" in (ended := await page.get(f"{place}/done")).headers:
            pass
        assert "已撤回" in ended.text
    assert await app.database.read(lambda conn: conn.execute(select(func.count()).select_from(customer)).scalar()) == 0


async def test_the_file_comes_back_red(page: httpx.AsyncClient) -> None:
    place = (await upload(page, office_files.customers(5))).headers["location"]
    answer = await page.get(f"{place}/marked")
    assert answer.status_code == 200
    (sheet,) = workbook.read(answer.content)
    assert sheet.name == "客户资料"
    assert sheet.rows[0][-1] == "哪里不对"
    assert [row[-1] for row in sheet.rows if row[-1]][1:] == [
        "负责人：人员名单里没有“杨伟”。请先导入人员，或者改成名单里的姓名。",
        *[row[-1] for row in sheet.rows[2:] if row[-1]],
    ]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert any("comments" in name for name in archive.namelist())
        assert b"FFC7CE" in archive.read("xl/styles.xml")
        assert not any(b"<f>" in archive.read(name) for name in archive.namelist() if "worksheets" in name)


async def test_a_heading_nobody_knows_is_asked_for_and_taken_as_said(page: httpx.AsyncClient) -> None:
    data = office_files.book(("名册", [["姓名", "手机号码1", "备用", "部门"], ["赵一", "13800019999", XSS, "市场一部"]]))
    place = (await upload(page, data)).headers["location"]
    shown = (await page.get(place)).text
    assert "“手机号码1”这一列是（像是“手机号”，请确认）" in shown
    assert XSS not in shown
    fields = {"sheet.0": "名册", "list.0": "people", "column.0.0": "name", "column.0.1": "phone", "column.0.3": "team"}
    again = (await press(page, place, **fields)).headers["location"]
    await press(page, f"{again}/go")
    taken = await page.get("/office/exports/people")
    (sheet,) = workbook.read(taken.content)
    assert ["赵一", "13800019999"] in [row[:2] for row in sheet.rows]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "没有内容"),
        (b"%PDF-1.7 ...", "不是 Excel"),
        (bytes(range(256)) * 20, "不是 Excel"),
        (b"PK\x03\x04broken", "坏了"),
    ],
)
async def test_what_is_no_list_is_told_in_words(page: httpx.AsyncClient, data: bytes, told: str) -> None:
    answer = await upload(page, data)
    assert answer.status_code == 400
    assert told in answer.text


async def test_scripts_in_cells_and_names_stay_text(page: httpx.AsyncClient) -> None:
    data = office_files.book((XSS[:28].replace("/", ""), [["客户名称", XSS], [XSS, "x"], ["甲公司", "y"]]))
    place = (await upload(page, data, f"{XSS}.xlsx")).headers["location"]
    await press(page, f"{place}/go")
    for path in (place, f"{place}/done", "/office/imports"):
        assert "<script>alert" not in (await page.get(path)).text


async def test_templates_and_exports(page: httpx.AsyncClient) -> None:
    for name in ("people", "customers", "units", "prices", "media", "contracts"):
        answer = await page.get(f"/office/imports/template/{name}")
        assert answer.status_code == 200
        place = (await upload(page, answer.content)).headers["location"]
        assert "这个文件里还没有写数据" in (await page.get(place)).text  # the example is passed over
    assert (await page.get("/office/imports/template/x")).status_code == 404
    for name in ("people", "customers", "units", "prices", "media", "contracts", "settings", "audit"):
        assert (await page.get(f"/office/exports/{name}")).content.startswith(b"PK"), name
    assert (await page.get("/office/exports/papers")).status_code == 403  # whose work it is is not the admin's


async def test_who_gets_another_owner_is_counted_with_what_goes_along(app: App, page: httpx.AsyncClient) -> None:
    def customer_of(head: list[str], *rows: list[str]) -> bytes:
        return office_files.book(("客户", [head, *rows]))

    head = ["客户名称", "负责人"]
    first = (await upload(page, customer_of(head, ["甲公司", "李强"], ["乙公司", "李强"]), "一.xlsx")).headers["location"]
    assert "换人" not in (await page.get(first)).text
    await press(page, f"{first}/go")
    while "refresh" in (await page.get(f"{first}/done")).headers:
        pass

    def promised(conn: Connection) -> None:
        id = conn.execute(select(customer.c.id).where(customer.c.name == "甲公司")).scalar_one()
        who = conn.execute(select(person.c.id).where(person.c.name == "李强")).scalar_one()
        row = {"kind": "promise", "state": "open", "rev": 1, "person_id": who, "customer_id": id, "data": {}, "opened_at": app.clock.now()}
        conn.execute(insert(case).values(row))

    await app.database.write(promised)
    second = (await upload(page, customer_of(head, ["甲公司", "张敏"], ["乙公司", "张敏"]), "二.xlsx")).headers["location"]
    assert "2 家换人，1 件没办完的事一起转。" in (await page.get(second)).text


async def test_what_was_only_looked_at_goes_after_a_month(app: App, page: httpx.AsyncClient) -> None:
    first = (await upload(page, office_files.prices(2, faulty=False), "旧.xlsx")).headers["location"]
    taken = (await upload(page, office_files.prices(3, faulty=False), "用了.xlsx")).headers["location"]
    await press(page, f"{taken}/go")
    while "refresh" in (await page.get(f"{taken}/done")).headers:
        pass
    app.clock.move_to(app.clock.now() + timedelta(days=31))
    await upload(page, office_files.prices(4, faulty=False), "新.xlsx")
    assert (await page.get(first)).status_code == 404
    assert "已导入" in (await page.get(f"{taken}/done")).text


async def test_a_supervisor_takes_the_own_team_and_brings_nothing_in(app: App) -> None:
    async with page_of(app, BASE, {}) as page:
        await enter(app, page, "chen")
        assert (await page.get("/office/imports")).status_code == 403
        assert (await page.get("/office/exports/audit")).status_code == 403
        answer = await page.get("/office/exports/people")
        (sheet,) = workbook.read(answer.content)
        assert [row[0] for row in sheet.rows[1:]] == ["李强", "张敏", "陈主管"]
        assert (await page.get("/office/exports/papers?since=2026-12-01&until=2026-11-01")).status_code == 400
        assert (await page.get("/office/exports/papers")).status_code == 200
