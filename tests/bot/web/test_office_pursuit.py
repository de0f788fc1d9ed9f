"""Office pages for prospects and complaints: by role, with wrong and hostile input, nothing typed is lost (A-3.3.7, A-3.1.1)."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from bot.app import App
from rules.calendar import FIRM_ZONE
from storage import invitations
from storage.database import Connection
from storage.tables import person
from storage.world import World
from tests.bot.web.firm import NOW, page_of, running

BASE = "https://paojie.test"
XSS = "<script>alert(1)</script>有限公司"
NAME = "上海明珠舞美有限公司"


@pytest.fixture
async def app(tmp_path: Path, database_url: str) -> AsyncIterator[App]:
    async with running(tmp_path, database_url, demo=False, url=BASE) as app:
        yield app


async def ids(app: App) -> dict[str, int]:
    return await app.database.read(lambda conn: {row.account: row.id for row in conn.execute(select(person.c.account, person.c.id))})


@pytest.fixture
async def page(app: App) -> AsyncIterator[httpx.AsyncClient]:
    """陈主管's browser."""
    async with page_of(app, BASE, {}) as page:
        await enter(app, page, "chen")
        yield page


async def enter(app: App, page: httpx.AsyncClient, account: str) -> None:
    known = await ids(app)
    token = await app.database.write(lambda conn: invitations.login(conn, known[account], NOW))
    answer = await page.post(f"/office/in/{token}", headers={"Origin": BASE})
    assert answer.status_code == 303


async def post(page: httpx.AsyncClient, path: str, form: str = "", **fields: str | list[str]) -> httpx.Response:
    """As the browser would, from the form that stands there."""
    shown = await page.get(form or path)
    csrf = re.search(r'name="csrf" value="([0-9a-f]+)"', shown.text)
    assert csrf is not None
    return await page.post(path, data={"csrf": csrf[1], **fields}, headers={"Origin": BASE})


async def test_named_many_at_once(app: App, page: httpx.AsyncClient) -> None:
    known = await ids(app)
    empty = await page.get("/office/prospects")
    assert "这里还没有" in empty.text
    names = f"{NAME}\n张敏 上海晶彩显示有限公司"
    done = await post(
        page, "/office/prospects/new", rep=str(known["liqiang"]), names=names, where="local", due="2026-12-08", facts=["主要产品", "决策人"]
    )
    assert (done.status_code, done.headers["location"]) == (303, "/office/prospects")
    listed = await page.get("/office/prospects")
    assert "派好了 2 家" in listed.text
    assert NAME in listed.text
    assert "上海晶彩显示有限公司" in listed.text
    assert "0 / 2" in listed.text
    found = re.search(r'href="/office/prospects/(\d+)"', listed.text)
    assert found is not None
    one = await page.get(f"/office/prospects/{found[1]}")
    assert "主要产品" in one.text
    assert "改完成日期" in one.text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"names": ""}, "请写客户全称"),
        ({"names": "\n".join(f"第{nth}家客户" for nth in range(101))}, "一次最多 100 家"),
        ({"due": "昨天"}, "请选完成日期"),
        ({"due": "2026-11-01"}, "完成日期要在今天或以后"),
        ({"facts": [], "more": ""}, "请至少选一项"),
        ({"rep": ""}, "请选市场员"),
        ({"rep": "999999"}, "请选一位在岗的市场员"),
        ({"names": "x"}, "2 到 120 个字"),
    ],
)
async def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    app: App, page: httpx.AsyncClient, fields: dict[str, str | list[str]], words: str
) -> None:
    known = await ids(app)
    given: dict[str, str | list[str]] = {"rep": str(known["liqiang"]), "names": XSS, "where": "away", "due": "2026-12-08", "facts": ["决策人"]}
    answer = await post(page, "/office/prospects/new", **(given | fields))
    assert answer.status_code == 422
    assert words in answer.text
    assert "<script>alert" not in answer.text
    typed = str(fields.get("names", XSS))
    assert html.escape(typed[:20]) in answer.text or typed[:20] in html.unescape(answer.text)


async def test_what_could_not_be_done_stays_in_the_form(app: App, page: httpx.AsyncClient) -> None:
    known = await ids(app)
    world = {"person_id": known["zhangmin"], "now": NOW, "zone": FIRM_ZONE}
    await app.database.write(lambda conn: World(conn, **world).add_customer("上海锦绣舞台设备有限公司", local=True))  # type: ignore[arg-type]
    names = f"{NAME}\n上海锦绣舞台设备有限公司"
    answer = await post(page, "/office/prospects/new", rep=str(known["liqiang"]), names=names, where="local", due="2026-12-08", facts=["决策人"])
    assert answer.status_code == 422
    assert "已派 1 家" in answer.text
    assert "由张敏负责" in answer.text
    field = answer.text.partition("<textarea")[2].partition("</textarea>")[0]
    assert "锦绣舞台" in field
    assert NAME not in field


async def test_put_off_passed_on_dropped(app: App, page: httpx.AsyncClient) -> None:
    known = await ids(app)
    await post(page, "/office/prospects/new", rep=str(known["liqiang"]), names=XSS, where="local", due="2026-12-08", facts=["决策人"])
    listed = await page.get("/office/prospects")
    assert "<script>alert" not in listed.text
    found = re.search(r'href="(/office/prospects/\d+)"', listed.text)
    assert found is not None
    path = found[1]
    wrong = await post(page, f"{path}/change", path, what="later", due="")
    assert wrong.status_code == 422
    assert "请选新的完成日期" in wrong.text
    assert (await post(page, f"{path}/change", path, what="else")).status_code == 422
    assert (await post(page, f"{path}/change", path, what="later", due="2026-12-15")).status_code == 303
    assert "12 月 15 日" in (await page.get(path)).text
    assert (await post(page, f"{path}/change", path, what="pass", rep=str(known["zhangmin"]))).status_code == 303
    assert "张敏" in (await page.get(path)).text
    assert (await post(page, f"{path}/change", path, what="drop")).status_code == 303
    assert "改完成日期" not in (await page.get(path)).text
    assert (await page.get("/office/prospects/999999")).status_code == 404


async def test_complaints_are_closed_by_the_superior(app: App, page: httpx.AsyncClient) -> None:
    known = await ids(app)
    world = {"person_id": known["liqiang"], "now": NOW, "zone": FIRM_ZONE}

    def complained(conn: Connection) -> int:
        desk = World(conn, **world)  # type: ignore[arg-type]
        customer = desk.add_customer(XSS, local=True)
        return desk.complain(customer.id, "<b>送书晚了</b>", about="rep").id

    assert "没有客户意见" in (await page.get("/office/complaints")).text
    id = await app.database.write(complained)
    listed = await page.get("/office/complaints?state=open")
    assert "待处理" in listed.text
    assert "<script>alert" not in listed.text
    assert "<b>送书" not in listed.text
    path = f"/office/complaints/{id}"
    empty = await post(page, path, what="solve", words=" ")
    assert empty.status_code == 422
    assert "请写一句怎么处理的" in empty.text
    odd = await post(page, path, what="forget", words="已经道歉了")
    assert odd.status_code == 422
    assert "已经道歉了" in odd.text
    noted = await post(page, path, what="note", words="正在查")
    assert noted.status_code == 303
    assert "正在查" in (await page.get(path)).text
    closed = await post(page, path, what="solve", words="已道歉")
    assert (closed.status_code, closed.headers["location"]) == (303, "/office/complaints")
    assert "已解决" in (await page.get(path)).text
    assert "已道歉" in (await page.get(path)).text
    assert (await page.get("/office/complaints/999999")).status_code == 404


async def test_a_rep_has_no_business_here(app: App) -> None:
    async with page_of(app, BASE, {}) as page:
        await enter(app, page, "liqiang")
        for path in ("/office/prospects", "/office/prospects/new", "/office/complaints"):
            answer = await page.get(path)
            assert answer.status_code == 403
            assert "不归您管" in answer.text


async def test_no_post_from_elsewhere(app: App, page: httpx.AsyncClient) -> None:
    await page.get("/office/prospects/new")
    without = await page.post("/office/prospects/new", data={"names": NAME}, headers={"Origin": BASE})
    other = await page.post("/office/prospects/new", data={"names": NAME}, headers={"Origin": "https://evil.test"})
    assert (without.status_code, other.status_code) == (403, 403)
