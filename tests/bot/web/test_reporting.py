"""A fault reported behind a building's code: registered once, the desk told, an emergency rung at once (C-4.5.1)."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select

from storage.tables import audit
from storage.tables import job as job_table
from tests.bot.web.station import Station, browser, stationed, submission
from tests.conversations.repairs.test_technician import FANG, WANG

HOUSE = "/r/阳光苑 3 号楼"
FAULT = {"what": "水龙头滴水", "room": "502", "phone": "138 0000 0502", "place": "home"}


@pytest.fixture
async def station(tmp_path: Path, database_url: str) -> AsyncIterator[Station]:
    async with stationed(tmp_path, database_url) as station:
        yield station


@pytest.fixture
async def page(station: Station) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(station.app) as page:
        yield page


async def report(page: httpx.AsyncClient, path: str = HOUSE, **fields: str) -> httpx.Response:
    shown = await page.get(path)
    return await page.post(path, data={"submission": submission(shown.text)} | FAULT | fields)


async def registered(station: Station) -> int:
    return int(await station.app.database.read(lambda conn: conn.execute(select(func.count()).select_from(job_table)).scalar_one()))


async def test_the_desk_is_told_and_the_tenant_can_follow(station: Station, page: httpx.AsyncClient) -> None:
    answer = await report(page)
    assert "已登记，单号 1124-01" in answer.text
    told = station.talk.last(FANG)
    assert told.text.startswith("【1124-01 阳光苑502】\n住户在阳光苑 3 号楼扫码报修。\n水龙头滴水\n刘女士 138 0000 0502")
    assert [one.label for one in told.options] == ["派单", "看全部"]
    copy = re.search(r"/p/[\w-]{43}", answer.text)
    assert copy is not None
    assert "正在安排师傅" in (await page.get(copy[0])).text
    station.talk.taps(FANG, "派单")
    who = await station.app.database.read(lambda conn: conn.execute(select(audit.c.who).where(audit.c.via == "qr")).scalars().all())
    assert set(who) == {"qr:阳光苑 3 号楼"}


async def test_sent_again_it_is_the_same(station: Station, page: httpx.AsyncClient) -> None:
    fields = {"submission": submission((await page.get(HOUSE)).text), **FAULT}
    first, again = await page.post(HOUSE, data=fields), await page.post(HOUSE, data=fields)
    number = re.search(r"/p/[\w-]{43}", first.text)
    assert number is not None
    assert number[0] in again.text
    assert await registered(station) == 1


async def test_an_emergency_shows_the_number_first_and_rings(station: Station, page: httpx.AsyncClient) -> None:
    answer = await report(page, what="厨房跑水了")
    shown = answer.text.partition("<main>")[2]
    assert shown.index("tel:021-55512345") < shown.index("已登记")
    assert "紧急 跑水" in station.talk.last(WANG).text
    assert "请打给" in station.talk.last(FANG).text


@pytest.mark.parametrize(
    ("fields", "words"),
    [({"room": ""}, "请写房号"), ({"what": " "}, "什么坏了"), ({"phone": "12"}, "能打通的电话"), ({"phone": "打我"}, "能打通的电话")],
)
async def test_what_is_missing_is_said_and_kept(station: Station, page: httpx.AsyncClient, fields: dict[str, str], words: str) -> None:
    answer = await report(page, **{"name": "刘大姐", **fields})
    assert answer.status_code == 422
    assert words in answer.text
    assert 'value="刘大姐"' in answer.text
    assert await registered(station) == 0


async def test_the_same_thing_twice_is_asked_about_and_is_one(station: Station, page: httpx.AsyncClient) -> None:
    await report(page)
    asked = await report(page, name="刘大姐")
    assert "这件事已经登记过，单号 1124-01" in asked.text
    assert "正在安排师傅" in asked.text
    assert 'value="刘大姐"' in asked.text
    assert "/p/" not in asked.text  # how it goes is for whoever reported it
    assert await registered(station) == 1
    same = {"submission": submission(asked.text), **FAULT, "same": "yes"}
    first, again = await page.post(HOUSE, data=same), await page.post(HOUSE, data=same)
    assert "已经告诉客服，单号 1124-01" in first.text == again.text
    assert await registered(station) == 1
    told = [one.text for one in station.talk.prompts(FANG) if "又扫码报" in one.text]
    assert told == ["【1124-01 阳光苑502】\n住户在阳光苑 3 号楼又扫码报：水龙头滴水"]


async def test_not_the_same_it_is_registered_and_the_desk_knows_both(station: Station, page: httpx.AsyncClient) -> None:
    await report(page)
    answer = await report(page, same="no")
    assert "已登记，单号 1124-02" in answer.text
    assert "可能和 1124-01 是同一件" in station.talk.last(FANG).text


async def test_an_emergency_is_never_taken_for_a_drip(station: Station, page: httpx.AsyncClient) -> None:
    """The tap of yesterday and the burst pipe of today are of one trade and flat; the second rings all the same, and only once."""
    await report(page)
    assert "已登记，单号 1124-02" in (await report(page, what="厨房跑水了")).text
    assert "紧急 跑水" in station.talk.last(WANG).text
    again = await report(page, what="跑水越来越大", phone="139 0000 0000")
    assert "请现在就打这个电话" in again.text
    assert await registered(station) == 2
    assert any("又扫码报：跑水越来越大\n电话 139 0000 0000" in one.text for one in station.talk.prompts(FANG))


@pytest.mark.parametrize("room", ["502", "502室", " 502 号", "3号楼502", "3-502"])
async def test_the_flat_is_known_however_it_is_written(station: Station, page: httpx.AsyncClient, room: str) -> None:
    await report(page, room=room)
    job = station.talk.desk(FANG, lambda desk: desk.jobs(limit=1))[0]
    assert (job.where, job.caller, job.place, job.trade) == ("阳光苑502", "刘女士", "home", "water")
    assert job.unit_id


async def test_of_a_shared_place_it_is_public(station: Station, page: httpx.AsyncClient) -> None:
    await report(page, place="public", room="楼道 3 层", what="灯不亮")
    job = station.talk.desk(FANG, lambda desk: desk.jobs(limit=1))[0]
    assert (job.where, job.address, job.place, job.trade, job.unit_id) == ("阳光苑3号楼楼道3层", "阳光苑 3 号楼 楼道3层", "public", "power", None)


async def test_whoever_says_they_live_there_does(station: Station, page: httpx.AsyncClient) -> None:
    """Vacant in the list, and somebody is at home: the technician rings the bell and asks."""
    await report(page, room="301", name="新租户")
    assert station.talk.desk(FANG, lambda desk: desk.jobs(limit=1))[0].place == "home"


async def test_a_building_that_is_not_the_firms(station: Station, page: httpx.AsyncClient) -> None:
    answer = await page.get("/r/月光苑 1 号楼")
    assert answer.status_code == 404
    assert "021-55512345" in answer.text


async def test_a_flat_nobody_listed_is_taken_all_the_same(station: Station, page: httpx.AsyncClient) -> None:
    assert (await report(page, room="909", name="新住户")).status_code == 200
    assert "新住户" in station.talk.last(FANG).text
    assert "名单里没有这一户，请打电话核对房号。" in station.talk.last(FANG).text


async def test_not_too_often_from_one_place(station: Station, page: httpx.AsyncClient) -> None:
    answers = [(await report(page, room=f"60{nth}", phone=f"138000060{nth}0")).status_code for nth in range(6)]
    assert answers == [200] * 5 + [429]
    station.app.clock.move_to(station.app.clock.now() + timedelta(minutes=11))
    assert (await report(page, room="609", phone="13800006090")).status_code == 200


async def test_only_from_its_own_page(station: Station, page: httpx.AsyncClient) -> None:
    fields = {"submission": "s" * 43, **FAULT}
    assert (await page.post(HOUSE, data=fields, headers={"Origin": "https://evil.test"})).status_code == 403
    assert await registered(station) == 0
