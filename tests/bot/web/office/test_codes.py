"""报修二维码: every building's code on paper, with the number to ring, leading to its own page (C-4.5.1)."""

from __future__ import annotations

import io

import cv2
import numpy
import pytest
from PIL import Image
from sqlalchemy import update

from bot import demo_station
from bot.web.office import codes
from bot.web.office.codes import House
from papers import sheet
from papers.sheet import Sheet
from storage import people
from storage.database import Connection
from storage.repairs import stations
from storage.repairs.codes import short
from storage.tables import unit
from tests.bot.web.office.house import House as Office
from tests.storage.firm import NOW

HOME = "http://paojie.test"


@pytest.fixture
async def station(house: Office) -> Office:
    def build(conn: Connection) -> None:
        demo_station.build(conn, NOW.date())
        for who in people.everybody(conn, NOW.date()):
            house.firm.people[who.account] = who.id

    await house.app.database.write(build)
    house.app.platforms.settings = house.app.settings.model_copy(update={"url": HOME})
    return house


async def test_every_building_is_listed_and_printed(station: Office) -> None:
    async with station.browser("fang") as fang:
        page = (await fang.get("/office/codes")).text
        assert "阳光苑 3 号楼" in page
        assert "021-55512345" in page
        assert "报修二维码" in (await fang.get("/office/desk")).text  # from the desk page in one click
        for asked in ("?each=2", "?house=阳光苑 3 号楼&each=6", "?estate=阳光苑&each=1"):
            made = await fang.get(f"/office/codes/pdf{asked}")
            assert made.content.startswith(b"%PDF-"), made.text


async def test_what_cannot_be_printed_is_said(station: Office) -> None:
    async with station.browser("fang") as fang:
        for asked, status, words in (("?house=月光苑 1 号楼", 404, "没找到这栋楼"), ("?each=7", 422, "一次最多打")):
            refused = await fang.get(f"/office/codes/pdf{asked}")
            assert refused.status_code == status
            assert words in refused.text

        def many(conn: Connection) -> None:
            for nth in range(61):
                stations.add_unit(conn, "大花园", f"{nth} 号楼", "101", "阳光服务站", "", "")

        await station.app.database.write(many)
        assert "一个小区一个小区打" in (await fang.get("/office/codes/pdf?each=2")).text


async def test_without_an_address_no_code_is_printed(station: Office) -> None:
    station.app.platforms.settings = station.app.settings.model_copy(update={"url": ""})
    async with station.browser("fang") as fang:
        assert "住户的手机打不开" in (await fang.get("/office/codes")).text
        assert (await fang.get("/office/codes/pdf?each=1")).status_code == 422


@pytest.mark.only("sqlite")
def test_the_printed_code_leads_to_its_building() -> None:
    houses = [
        House("阳光苑", "3 号楼", "阳光服务站", "021-55512345", "0a1b2c3d4e"),
        House("东里", "甲/乙 座", "喆堃服务站", "", short("东里", "甲/乙 座")),
    ]
    data, pictures = codes._laid(houses, 3, HOME)
    (page,) = sheet.preview(Sheet("codes", data, pictures))
    image = Image.open(io.BytesIO(page)).convert("L")
    found = []
    for nth in range(6):
        left, top = (nth % 2) * image.width // 2, (nth // 2) * image.height // 3
        card = image.crop((left, top, left + image.width // 2, top + image.height // 3))
        words, *_ = cv2.QRCodeDetector().detectAndDecode(numpy.asarray(card.resize((card.width * 2, card.height * 2))))
        found.append(words)
    assert found == [f"{HOME}{house.path}" for house in houses for _ in range(3)]


async def test_what_is_scanned_is_the_building_s_page(station: Office) -> None:
    async with station.browser() as tenant:
        for path in (f"/r/{short('阳光苑', '3 号楼')}", "/r/阳光苑3号楼"):
            assert "报修 · 阳光苑 3 号楼" in (await tenant.get(path)).text


async def rename(station: Office, old: str, new: str) -> None:
    await station.app.database.write(lambda conn: conn.execute(update(unit).where(unit.c.estate == old).values(estate=new)) and None)


async def test_what_hangs_there_outlives_the_building_s_name(station: Office) -> None:
    path = f"/r/{short('阳光苑', '3 号楼')}"
    async with station.browser("fang") as fang, station.browser() as tenant, station.browser("wu") as admin:
        assert (await fang.get("/office/codes/pdf?house=阳光苑 3 号楼")).status_code == 200
        assert "名单里没有这栋楼" not in (await fang.get("/office/codes")).text
        await rename(station, "阳光苑", "朝阳花园")
        assert "报修 · 阳光苑 3 号楼" in (await tenant.get(path)).text  # taken down under the old name, never turned away
        seen = (await fang.get("/office/codes")).text
        assert "名单里没有这栋楼" in seen
        assert "请系统管理员在这一页选" in seen
        refused = await fang.post("/office/codes/lead", {"code": path[3:], "house": "朝阳花园 3 号楼"})
        assert refused.status_code == 403
        assert "朝阳花园 3 号楼</option>" in (await admin.get("/office/codes")).text
        assert (await admin.post("/office/codes/lead", {"code": path[3:], "house": ""})).status_code == 422
        assert (await admin.post("/office/codes/lead", {"code": "x" * 10, "house": "朝阳花园 3 号楼"})).status_code == 403
        led = await admin.post("/office/codes/lead", {"code": path[3:], "house": "朝阳花园 3 号楼"})
        assert "原来贴的码现在是 朝阳花园 3 号楼" in led.text
        assert "名单里没有这栋楼" not in led.text
        assert "报修 · 朝阳花园 3 号楼" in (await tenant.get(path)).text
        assert f'href="{path}"' in (await fang.get("/office/codes")).text  # printed anew it is the same


async def test_a_new_building_of_the_old_name_has_a_code_of_its_own(station: Office) -> None:
    async with station.browser("wu") as admin, station.browser() as tenant:
        assert (await admin.get("/office/codes/pdf?house=阳光苑 3 号楼")).status_code == 200
        await rename(station, "阳光苑", "朝阳花园")
        await admin.post("/office/codes/lead", {"code": short("阳光苑", "3 号楼"), "house": "朝阳花园 3 号楼"})
        await station.app.database.write(lambda conn: stations.add_unit(conn, "阳光苑", "3 号楼", "101", "阳光服务站", "", ""))
        assert (await admin.get("/office/codes/pdf?house=阳光苑 3 号楼")).status_code == 200
        assert "报修 · 朝阳花园 3 号楼" in (await tenant.get(f"/r/{short('阳光苑', '3 号楼')}")).text
        assert "报修 · 阳光苑 3 号楼" in (await tenant.get(f"/r/{short('阳光苑', '3 号楼', 1)}")).text
