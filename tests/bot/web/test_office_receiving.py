"""The evening in the desk's browser: one tap takes what matches, money as counted, what differs settled, the day filed (C-4.6)."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot import demo_station
from storage import invitations, websessions
from tests.bot.web.station import Station, browser, stationed
from tests.conversations.repairs.test_evening import clock, closed
from tests.conversations.repairs.test_technician import FANG, WANG
from tests.conversations.talk import DAY

CSRF = re.compile(r'name="csrf" value="([0-9a-f]{64})"')


@pytest.fixture
async def station(tmp_path: Path, database_url: str) -> AsyncIterator[Station]:
    async with stationed(tmp_path, database_url) as station:
        for one in demo_station.HANDS:
            await station.app.database.write(lambda conn, one=one: websessions.settle(conn, station.talk.ids[one.name], one.account))
        yield station


async def entered(station: Station, page: httpx.AsyncClient, name: str) -> None:
    now = station.app.clock.now()
    token = await station.app.database.write(lambda conn: invitations.login(conn, station.talk.ids[name], now))
    assert (await page.post(f"/office/in/{token}")).status_code == 303


@pytest.fixture
async def page(station: Station) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(station.app) as page:
        await entered(station, page, FANG)
        yield page


async def posts(page: httpx.AsyncClient, path: str, back: str, **fields: Any) -> str:
    """What the page it goes back to says."""
    found = CSRF.search((await page.get(back)).text)
    answer = await page.post(path, data={"csrf": found[1] if found else "", **fields})
    return (await page.get(answer.headers["location"].partition("#")[0])).text if answer.status_code == 303 else answer.text


def ids(text: str, of: str) -> list[str]:
    return re.findall(rf'action="{of}".*?name="id" value="(\d+)"', text, re.DOTALL)


async def test_papers_that_match_are_one_tap_and_money_is_counted(station: Station, page: httpx.AsyncClient) -> None:
    closed(station.talk)
    clock(station.talk, "17:30")
    station.talk.taps(WANG, "交给客服")
    shown = (await page.get("/office/custody")).text
    assert "王师傅交来：1 张单、钱 35 元" in shown
    assert "电子单 1 张，都和登记对上了" in shown
    (cash,) = ids(shown, "/office/custody/count")
    assert "请写数下来是多少" in await posts(page, "/office/custody/count", "/office/custody", id=cash, amount="八十")
    assert "按您数的 30 元 记下了" in await posts(page, "/office/custody/count", "/office/custody", id=cash, amount="30")
    assert "比说的少 5 元" in station.talk.last(WANG).text
    assert "已经处理过了" in await posts(page, "/office/custody/count", "/office/custody", id=cash, amount="35")
    taken = await posts(page, "/office/custody/take", "/office/custody", giver=station.talk.ids[WANG])
    assert "收下了：1 张单" in taken
    assert "王师傅交来" not in taken
    assert "已经点收过了" in await posts(page, "/office/custody/take", "/office/custody", giver=station.talk.ids[WANG])


async def test_one_that_did_not_come_is_refused_settled_and_the_day_filed(station: Station, page: httpx.AsyncClient) -> None:
    closed(station.talk)
    register = f"/office/register?day={DAY}"
    assert "缺单" in (await page.get(register)).text
    assert "还有对不上的" in await posts(page, "/office/register/file", register, day=DAY)
    shown = (await page.get(register)).text
    (key,) = set(re.findall(r'name="key" value="([^"]+)"', shown))
    assert "请选怎么处理" in await posts(page, "/office/register/settle", register, day=DAY, key=key, why="x")
    settled = await posts(page, "/office/register/settle", register, day=DAY, key=key, why="lost")
    assert "单丢了，已补写" in settled
    assert "都看过了，还没归档" in settled
    filed = await posts(page, "/office/register/file", register, day=DAY)
    assert "单归档了" in filed
    assert f"档号 {DAY:%Y%m%d}-01" in filed
    assert 'name="why"' not in filed


async def test_a_technician_cannot_receive_for_the_desk(station: Station, page: httpx.AsyncClient) -> None:
    closed(station.talk)
    clock(station.talk, "17:30")
    station.talk.taps(WANG, "交给客服")
    page.cookies.clear()
    await entered(station, page, WANG)
    found = CSRF.search((await page.get("/office")).text)
    token = found[1] if found else ""
    for path, fields in (("custody/take", {"giver": station.talk.ids[WANG]}), ("custody/refuse", {"id": 1}), ("register/file", {"day": DAY})):
        answer = await page.post(f"/office/{path}", data={"csrf": token, **fields})
        assert answer.status_code == 403, path
    held = station.talk.desk(WANG, lambda desk: desk.things(holder=desk.me.id))
    assert {one.to_id for one in held} == {station.talk.ids[FANG]}  # still on its way to the desk


async def test_what_was_given_to_another_is_not_ours_to_take(station: Station, page: httpx.AsyncClient) -> None:
    """Two of the desk: only whom it was given to receives it (C-4.6b)."""
    closed(station.talk)
    clock(station.talk, "17:30")
    station.talk.taps(WANG, "交给客服")
    other = station.talk.ids["许姐"]
    (first, *_) = station.talk.desk(WANG, lambda desk: desk.things(holder=desk.me.id))
    station.talk.desk(WANG, lambda desk: desk.take_back_thing(first.id))
    station.talk.desk(WANG, lambda desk: desk.give_thing(first.id, other))
    shown = await posts(page, "/office/custody/refuse", "/office/custody", id=first.id)
    assert "已经处理过了" in shown
    assert first.id not in {one.id for one in station.talk.desk(FANG, lambda desk: desk.things(holder=desk.me.id))}
