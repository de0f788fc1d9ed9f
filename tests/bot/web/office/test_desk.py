"""The desk's page over HTTP: who rings, what is refused in words, one job a call, what one tap on the board does (C-2, C-4.5.1, C-5.1)."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot import demo_station
from storage import people, staff
from storage.database import Connection
from storage.tables import case
from storage.tables import job as job_table
from tests.bot.web.office.house import BASE, Browser, House
from tests.storage.firm import NOW

JSON = {"Accept": "application/json", "Origin": BASE}


@pytest.fixture
async def station(house: House) -> House:
    """The demo's station beside the small firm."""

    def build(conn: Connection) -> None:
        demo_station.build(conn, NOW.date())
        for who in people.everybody(conn, NOW.date()):
            house.firm.people[who.account] = who.id

    await house.app.database.write(build)
    return house


@pytest.fixture
async def fang(station: House) -> AsyncIterator[Browser]:
    async with station.browser("fang") as browser:
        yield browser


async def take(browser: Browser, **typed: str) -> dict[str, Any]:
    answered = await browser.client.post("/office/desk/take", data={"csrf": await browser.csrf(), **typed}, headers=JSON)
    told: dict[str, Any] = answered.json()
    assert answered.status_code == (200 if told["notice"] else 422)
    return told


async def look(browser: Browser, **typed: str) -> dict[str, Any]:
    found: dict[str, Any] = (await browser.client.get("/office/desk/look", params=typed)).json()
    return found


async def test_a_known_number_is_known_at_once(fang: Browser) -> None:
    found = await look(fang, phone="13800000502", what="厨房水龙头漏水")
    who = {"who": "刘女士 13800000502", "caller": "刘女士"}
    assert found["spots"] == [{"key": found["spots"][0]["key"], "label": "阳光苑 3 号楼 502", "short": "阳光苑502"} | who]
    assert found["trade"] == "水"
    assert not found["urgent"]


@pytest.mark.parametrize("words", ["阳光苑3-502", "阳光苑 3号楼 502", "阳光苑502", "刘女士", "ygy 502"])
async def test_a_place_as_it_is_said(fang: Browser, words: str) -> None:
    assert [one["label"] for one in (await look(fang, place=words))["spots"]] == ["阳光苑 3 号楼 502"]


async def test_a_building_without_a_flat_is_its_common_parts(fang: Browser) -> None:
    assert [one["label"] for one in (await look(fang, place="阳光苑5号楼"))["spots"]] == ["阳光苑 5 号楼 公共部位"]
    told = await take(fang, place="阳光苑5号楼", what="楼道灯不亮")
    assert "阳光苑5号楼楼道 登记好了（电）。可以说：“" in told["notice"]
    again = await take(fang, place="阳光苑5号楼", what="楼道灯又不亮")
    assert again["twin"]


async def test_a_call_is_one_job_with_a_link_and_a_sentence(fang: Browser) -> None:
    told = await take(fang, phone="13800000502", what="厨房水龙头漏水", when="下午三点")
    assert told["number"].endswith("-01")
    assert "/p/" in told["link"]
    assert "正在派师傅，约 15:00" in told["aloud"]
    page = (await fang.get("/office/desk?q=13800000502")).text
    assert told["aloud"] in page
    assert "没派的" in page
    twice = await take(fang, phone="13800000502", what="厨房又漏水")
    assert twice["twin"].startswith(told["number"])
    assert (await take(fang, phone="13800000502", what="厨房又漏水", sure="1"))["number"].endswith("-02")
    assert (await look(fang, phone="13800000502"))["jobs"][0]["number"].endswith("-02")


@pytest.mark.parametrize(
    ("typed", "at", "words"),
    [
        ({"phone": "13800000502"}, "what", "什么坏了"),
        ({"phone": "13999999999", "what": "漏水"}, "place", "没有这个电话"),
        ({"place": "紫金花园3号楼502", "what": "漏水"}, "place", "不在公司管的房屋名单里"),
        ({"spot": "999999", "place": "别处", "what": "漏水"}, "place", "不在公司管的房屋名单里"),
        ({"place": "阳光苑", "what": "漏水"}, "place", "请选一处"),
        ({"phone": "13800000502", "what": "漏水", "when": "随便"}, "when", "没看出约什么时候"),
        ({"phone": "13800000502", "what": "漏水", "when": "昨天下午三点"}, "when", "已经过了"),
    ],
)
async def test_what_cannot_be_taken_is_said_and_nothing_is_registered(fang: Browser, typed: dict[str, str], at: str, words: str) -> None:
    told = await take(fang, **typed)
    assert words in told["problem"]
    assert told["at"] == at
    assert "现在没有开着的单" in (await fang.get("/office/desk/board")).text


async def test_without_script_what_was_typed_stays(fang: Browser) -> None:
    answered = await fang.post("/office/desk/take", {"phone": "13999999999", "what": "厨房漏水", "when": "明天上午十点"})
    assert answered.status_code == 422
    for words in ("13999999999", "厨房漏水", "明天上午十点", "请写哪一户"):
        assert words in answered.text
    done = await fang.post("/office/desk/take", {"phone": "13800000502", "what": "厨房漏水"})
    assert done.status_code == 200
    assert "登记好了" in done.text


async def test_an_emergency_rings_at_once(fang: Browser) -> None:
    told = await take(fang, phone="13800000502", what="厨房跑水了")
    assert "紧急 跑水，2 位师傅已通知" in told["notice"]
    by_hand = await take(fang, phone="13800001201", what="天花板要掉下来", urgent="1")
    assert "紧急 急修" in by_hand["notice"]


async def test_the_board_sends_offers_chases_books_and_cancels(station: House, fang: Browser) -> None:
    await take(fang, phone="13800000502", what="厨房漏水")
    ids = station.firm.people

    async def job() -> Any:
        return await station.read(lambda conn: station.firm.desk(conn, "fang", NOW).jobs(limit=1)[0])

    async def act(**given: Any) -> dict[str, Any]:
        now = await job()
        fields = {"csrf": await fang.csrf(), "rev": now.rev, **given}
        told: dict[str, Any] = (await fang.client.post(f"/office/desk/job/{now.id}", data=fields, headers=JSON)).json()
        return told

    assert "派王师傅（0 张）" in (await fang.get("/office/desk/board")).text
    assert "请选一位师傅" in (await act(what="send", to=ids["gao"]))["problem"]
    assert "已派给王师傅" in (await act(what="send", to=ids["wangjg"]))["notice"]
    assert "催过王师傅" in (await act(what="chase"))["notice"]
    assert "刚催过" in (await act(what="chase"))["notice"]
    assert "先接先得" in (await act(what="offer"))["notice"]
    assert (await job()).asked == {ids["wangjg"], ids["lijm"]}
    assert "别人刚动过" in (await act(what="chase", rev=1))["problem"]
    assert "改好了" in (await act(what="book", when="明天上午十点"))["notice"]
    assert "没看出" in (await act(what="book", when="呃"))["problem"]
    assert "请写为什么" in (await act(what="cancel"))["problem"]
    assert "/p/" in (await act(what="link"))["notice"]
    assert "取消了" in (await act(what="cancel", why="租户说不修了"))["notice"]
    assert "现在没有开着的单" in (await fang.get("/office/desk/board")).text


async def test_a_job_not_accepted_yet_counts_and_who_was_sent_is_not_offered_again(station: House, fang: Browser) -> None:
    await take(fang, phone="13800000502", what="厨房漏水")
    assert "已派给王师傅" in (await act(station, fang, what="send", to=station.firm.people["wangjg"]))["notice"]
    board = (await fang.get("/office/desk/board")).text
    assert "派王师傅" not in board
    assert "派李师傅（0 张）" in board
    await take(fang, phone="13800001201", what="插座没电")
    board = (await fang.get("/office/desk/board")).text
    assert board.index("派李师傅（0 张）") < board.index("派王师傅（1 张）")
    assert "请写电话，或写哪一户。" in (await take(fang, what="灯坏了"))["problem"]


async def test_before_hours_the_board_says_whom_to_ring_and_sends(station: House, fang: Browser) -> None:
    station.app.clock.move_to(NOW + timedelta(hours=12))  # ten at night
    await take(fang, phone="13800000502", what="厨房漏水")
    board = (await fang.get("/office/desk/board")).text
    assert "现在没有师傅在班，派给不在班的请先打电话。" in board
    assert "派王师傅（不在班）13900000001" in board
    assert "在班的都发" not in board
    assert "已派给王师傅" in (await act(station, fang, what="send", to=station.firm.people["wangjg"]))["notice"]
    assert "派王师傅（不在班）" not in (await fang.get("/office/desk/board")).text


async def job_of(station: House) -> Any:
    return await station.read(lambda conn: station.firm.desk(conn, "fang", NOW).jobs(limit=1)[0])


async def act(station: House, browser: Browser, **given: Any) -> dict[str, Any]:
    now = await job_of(station)
    fields = {"csrf": await browser.csrf(), "rev": now.rev, **given}
    told: dict[str, Any] = (await browser.client.post(f"/office/desk/job/{now.id}", data=fields, headers=JSON)).json()
    return told


async def test_the_numbers_of_an_emergency_are_on_the_board_and_count(station: House, fang: Browser) -> None:
    """The telephone is at the ear and the eyes are on this page, not in the chat (C-4.5.1c)."""
    await take(fang, phone="13800000502", what="厨房跑水了")

    async def called() -> list[Any]:
        id = (await job_of(station)).id
        return list(await station.read(lambda conn: station.firm.desk(conn, "fang", NOW).callouts(id)))

    first, second = await called()
    page = (await fang.get("/office/desk/board")).text
    assert "王师傅 139" in page
    assert "打通，他去" in page
    assert "在班的都发" not in page  # they have it
    assert "请打给李师傅：139" in (await act(station, fang, what="missed", call=first.id))["notice"]
    assert "李师傅 139" in (await fang.get("/office/desk/board")).text
    assert "好，李师傅去" in (await act(station, fang, what="reached", call=second.id, rev=1))["notice"]  # whatever moved meanwhile
    assert [one.answer for one in await called()] == ["missed", "reached"]
    assert "李师傅电话里答应去了" in (await fang.get("/office/desk/board")).text
    assert "已经有人去了" in (await act(station, fang, what="missed", call=first.id))["notice"]


async def test_nobody_left_to_ring_is_said_with_the_station_masters_number(station: House, fang: Browser) -> None:
    await take(fang, phone="13800000502", what="厨房跑水了")
    id = (await job_of(station)).id
    for one in await station.read(lambda conn: station.firm.desk(conn, "fang", NOW).callouts(id)):
        await act(station, fang, what="missed", call=one.id)
    assert "名单都打过了，请打给站长：田站长 139" in (await fang.get("/office/desk/board")).text


async def test_an_emergency_is_never_taken_for_a_drip(station: House, fang: Browser) -> None:
    await take(fang, phone="13800000502", what="水龙头滴水")
    assert "紧急 跑水" in (await take(fang, phone="13800000502", what="厨房跑水了"))["notice"]
    assert (await take(fang, phone="13800000502", what="又跑水了"))["twin"]
    assert (await take(fang, phone="13800000502", what="水漫出来了", urgent="1"))["twin"]


async def disputed(station: House, fang: Browser, state: str) -> None:
    """The customer doubts the fee, and the technician has gone on."""
    await take(fang, phone="13800000502", what="厨房漏水")
    id = (await job_of(station)).id
    quoted = {"version": "2026 年 10 月版", "lines": [{"code": "1", "name": "人工", "unit": "次", "count": 1, "fen": 5000}], "hash": "x"}
    data = {"quotation": quoted, "agreed": quoted, "disputed_from": state, "trials": [True] * 3}

    def doubt(conn: Connection) -> None:
        kept = conn.execute(select(case.c.data).where(case.c.id == id)).scalar_one()
        conn.execute(update(case).where(case.c.id == id).values(state="fee_pending", data={**kept, **data}))
        conn.execute(update(job_table).where(job_table.c.case_id == id).values(technician_id=station.firm.people["wangjg"], paid=True))

    await station.app.database.write(doubt)


@pytest.mark.parametrize(("state", "words"), [("quoted", "/c/"), ("content", "/s/")])
async def test_a_fee_explained_gives_the_customer_the_way_on(station: House, fang: Browser, state: str, words: str) -> None:
    await disputed(station, fang, state)
    page = (await fang.get("/office/desk/board")).text
    for words_of_it in ("解释后同意", "待片区经理", "减免", "报价 50.00 元（2026 年 10 月版价目表）"):
        assert words_of_it in page
    assert "迟：" not in page  # it is for the desk to do, nobody is late
    assert "报价 50.00 元，费用还没定，客服会打电话给您说明。" in page
    whole = re.search(r"/office/jobs/\d+", page)
    assert whole is not None
    assert "人工" in (await fang.get(whole[0])).text
    assert words in (await act(station, fang, what="explained"))["notice"]
    assert (await job_of(station)).state == state


async def test_a_fee_let_go_names_who_allowed_it(station: House, fang: Browser) -> None:
    await disputed(station, fang, "content")
    assert "谁同意减免" in (await act(station, fang, what="waive"))["problem"]
    assert "谁同意减免" in (await act(station, fang, what="waive", to=station.firm.people["wangjg"]))["problem"]
    assert "已请片区经理来定" in (await act(station, fang, what="to_area"))["notice"]
    assert "待片区经理" not in (await fang.get("/office/desk/board")).text
    assert "高经理同意的" in (await act(station, fang, what="waive", to=station.firm.people["gao"]))["notice"]
    assert (await job_of(station)).state == "closed"


async def test_a_complaint_is_a_case_in_one_line(station: House, fang: Browser) -> None:
    told = await take(fang, phone="13800000502", what="师傅在屋里抽烟", kind="complaint")
    assert "意见记下了" in told["notice"]
    assert "租户意见 1 条" in (await fang.get("/office/desk")).text
    assert (await fang.post("/office/tenants/close", {"id": "1", "words": "x"})).status_code == 403
    async with station.browser("tian") as master:
        page = (await master.get("/office/tenants")).text
        assert "师傅在屋里抽烟" in page
        id = page.split('name="id" value="')[1].split('"')[0]
        assert "请写一句" in (await master.post("/office/tenants/close", {"id": id, "words": ""})).text
        assert "这条结了" in (await master.post("/office/tenants/close", {"id": id, "words": "上门道歉，租户接受"})).text
        assert "上门道歉" in (await master.get("/office/tenants?state=closed")).text


async def test_who_only_looks_cannot_take(station: House) -> None:
    async with station.browser("tian") as master:
        page = await master.get("/office/desk")
        assert page.status_code == 200
        assert "登记（回车）" not in page.text
        assert (await master.post("/office/desk/take", {"what": "x"})).status_code == 403


async def test_the_rota(station: House) -> None:
    async with station.browser("xu") as xu:
        wang, day = str(station.firm.people["wangjg"]), NOW.date().isoformat()
        fields = {"person": wang, "role": "technician", "span": "night", "since": day, "area": ""}
        shown = await xu.post("/office/rota/add", fields)
        assert "王师傅值班" in shown.text
        assert "18:00 到 第二天 09:00" in shown.text
        assert "不是客服专员" in (await xu.post("/office/rota/add", {**fields, "role": "service_desk"})).text
        assert "请选一位同事" in (await xu.post("/office/rota/add", {**fields, "person": ""})).text
        past = (NOW.date() - timedelta(days=1)).isoformat()
        assert "这一天已经过了" in (await xu.post("/office/rota/add", {**fields, "since": past})).text
        id = shown.text.split('/office/rota/end"')[1].split('name="id" value="')[1].split('"')[0]
        assert "取消了" in (await xu.post("/office/rota/end", {"id": id})).text
        assert "还没有排值班" in (await xu.get("/office/rota")).text


async def test_an_area_manager_keeps_only_their_own_areas_rota(station: House) -> None:
    async with station.browser("gao") as gao:
        sun, day = str(station.firm.people["sunhai"]), NOW.date().isoformat()
        areas = {one.name: one.id for one in await station.read(lambda conn: station.firm.desk(conn, "gao", NOW).station_areas())}
        fields = {"person": sun, "role": "technician", "span": "night", "since": day}
        assert (await gao.post("/office/rota/add", {**fields, "area": str(areas["西区"])})).status_code == 422
        assert (await gao.post("/office/rota/add", {**fields, "area": str(areas["东区"])})).status_code == 200


async def test_the_price_table_in_versions(station: House) -> None:
    day = NOW.date().isoformat()
    async with station.browser("xu") as xu:
        assert "2026 年 10 月版" in (await xu.get("/office/prices")).text
        lines = "编号\t项目\t单位\t单价\nB01\t换 4 分球阀\t个\t38.00\nL01\t人工\t次\t60"
        done = await xu.post("/office/prices/add", {"version": "2026 年 12 月版", "since": day, "lines": lines})
        assert "2 项" in done.text
        assert "38.00" in done.text
        assert "35.00" in (await xu.get("/office/prices?version=2026+年+10+月版")).text
        for wrong, words in (("B01 换 个", "第 1 行没看懂"), ("B01\t换\t个\t-3", "第 1 行没看懂"), ("", "请粘贴")):
            assert words in (await xu.post("/office/prices/add", {"version": "另一版", "since": day, "lines": wrong})).text
        twice = await xu.post("/office/prices/add", {"version": "2026 年 12 月版", "since": day, "lines": lines})
        assert "已经有" in twice.text
    async with station.browser("fang") as fang:
        assert (await fang.get("/office/prices")).status_code == 200
        assert (await fang.post("/office/prices/add", {})).status_code == 403


async def test_the_house_rules_are_confirmed_once_a_version(station: House) -> None:
    async with station.browser("gao") as gao:
        done = await gao.post(
            "/office/house-rules/add", {"name": "2026 年 11 月版", "words": "不抽烟。\n穿工作服。", "since": NOW.date().isoformat()}
        )
        assert "已发给" in done.text
        assert "王师傅" in done.text
        rules = await station.read(lambda conn: station.firm.desk(conn, "gao", NOW).house_rules())

        def confirm(conn: Connection) -> tuple[bool, bool]:
            desk = station.firm.desk(conn, "wangjg", NOW)
            return desk.confirm_house_rules(rules.id), desk.confirm_house_rules(rules.id)

        assert await station.app.database.write(confirm) == (True, False)
        page = (await gao.get("/office/house-rules")).text
        assert "王师傅" not in page.split("还没确认：")[1].split("</p>")[0]
        assert "催了" in (await gao.post("/office/house-rules/remind")).text


async def test_stations_and_areas(station: House) -> None:
    async with station.browser("wu") as admin:
        page = (await admin.get("/office/stations")).text
        assert "阳光服务站" in page
        assert "东区" in page
        known = await station.read(lambda conn: station.firm.desk(conn, "wu", NOW).stations())
        made = await admin.post("/office/stations/put", {"what": "area", "name": "南区", "station": str(known[0].id), "estates": "阳光苑"})
        assert "一个小区只归一个片区" in made.text
        assert "南区加好了" in (await admin.post("/office/stations/put", {"what": "area", "name": "南区", "station": str(known[0].id)})).text
        assert "请选属于" in (await admin.post("/office/stations/put", {"what": "area", "name": "北区"})).text
        changed = await admin.post("/office/stations/put", {"what": "station", "id": str(known[0].id), "name": "阳光服务站", "phone": "021-55512346"})
        assert "021-55512346" in changed.text
        wrong = await admin.post("/office/stations/put", {"what": "station", "id": str(known[0].id), "name": "阳光站", "phone": "请看牌子"})
        assert wrong.status_code == 422
        assert "不像电话号码" in wrong.text  # tenants are told to ring it
        assert 'value="请看牌子"' in wrong.text
        assert 'value="阳光站"' in wrong.text
        assert "021-55512346" in (await admin.get("/office/stations")).text


async def test_a_colleague_of_no_station_is_not_on_the_rota(station: House) -> None:
    def hire(conn: Connection) -> int:
        return staff.add(conn, staff.Listed("zhou2", "小周"))

    id = await station.app.database.write(hire)
    async with station.browser("xu") as xu:
        fields = {"person": str(id), "role": "technician", "span": "night", "since": NOW.date().isoformat()}
        assert "不是维修人员" in (await xu.post("/office/rota/add", fields)).text
