"""The customer's pages: opened by the customer alone, consuming nothing until they answer, and answering once (C-4.3.3, C-4.5.5)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Insert, func, insert, select, update

from bot.channels.telegram import Telegram
from bot.web.outside.texts import _TABLE
from conversations.repairs import consent
from storage import blobs, callers, websessions
from storage.tables import agreement, audit, case, setting
from tests.bot.channels.test_telegram_app import TOKEN, init
from tests.bot.web.station import NINE, Station, browser, signed, stationed, submission, way
from tests.conversations.repairs.test_technician import FANG, GAO, WANG, job, sent

WRONG = "w" * 43
SHORT = '{"w":358,"h":240,"lines":[[[100,100,0],[130,100,80]]]}'  # 一


@pytest.fixture
async def station(tmp_path: Path, database_url: str) -> AsyncIterator[Station]:
    async with stationed(tmp_path, database_url) as station:
        yield station


@pytest.fixture
async def page(station: Station) -> AsyncIterator[httpx.AsyncClient]:
    async with browser(station.app) as page:
        yield page


async def answered(page: httpx.AsyncClient, path: str, **fields: str) -> httpx.Response:
    """Open and answer, as a browser does."""
    shown = await page.get(path)
    return await page.post(path, data={"submission": submission(shown.text), **fields})


class TestConsent:
    async def test_the_first_screen_says_who_it_is_and_asks_for_nothing(self, station: Station, page: httpx.AsyncClient) -> None:
        shown = (await page.get(station.quoted())).text
        for words in ("刘女士，您好。我是阳光服务站维修员王师傅（单号 1124-01）", "换 4 分球阀", "35.00", "85.00", "捌拾伍元整", "2026 年 10 月版"):
            assert words in shown
        for words in ("同意，请开工", "先不修", "对价格有疑问", "不用注册，不会要您的身份证号或验证码", "021-55512345"):
            assert words in shown

    async def test_looking_uses_nothing_up(self, station: Station, page: httpx.AsyncClient) -> None:
        path = station.quoted()
        for _ in range(5):
            assert (await page.get(path)).status_code == 200
            assert (await page.head(path)).status_code == 200
        assert station.state() == "quoted"

    async def test_one_tap_opens_the_work(self, station: Station, page: httpx.AsyncClient) -> None:
        answer = await answered(page, station.quoted(), act="agree")
        assert answer.status_code == 200
        assert "师傅收到了" in answer.text
        assert station.state() == "working"
        assert "同意了，\n85.00 元，\n可以开工" in station.talk.last(WANG).text

    async def test_the_same_submission_again_is_the_same_answer(self, station: Station, page: httpx.AsyncClient) -> None:
        path = station.quoted()
        fields = {"submission": submission((await page.get(path)).text), "act": "agree"}
        first, again = await page.post(path, data=fields), await page.post(path, data=fields)
        assert (again.status_code, way_in(again.text)) == (first.status_code, way_in(first.text))
        assert (await page.get(way_in(first.text))).status_code == 200
        other = await page.post(path, data=fields | {"submission": WRONG})
        assert other.status_code == 410
        assert await counted(station) == 1

    async def test_wrong_used_and_expired_look_alike(self, station: Station, page: httpx.AsyncClient) -> None:
        ended, path = station.quoted(), way(station.talk.taps(WANG, "给客户扫码"))
        wrong = [await page.get(f"/c/{WRONG}"), await page.get(path.replace("/c/", "/s/")), await page.get("/c/x")]
        await answered(page, path, act="agree")
        used = [await page.get(path), await page.get(ended), await page.post(path, data={"submission": WRONG, "act": "agree"})]
        second = station.changed()
        station.app.clock.move_to(station.app.clock.now() + timedelta(hours=25))
        expired = [await page.get(second), await page.post(second, data={"submission": WRONG, "act": "agree"})]
        pages = [plain(one.text) for one in (*wrong, *used, *expired)]
        assert {one.status_code for one in (*wrong, *used, *expired)} == {410}
        assert len(set(pages)) == 1
        assert "021-55512345" in pages[0]

    async def test_showing_it_again_does_not_end_what_the_customer_has_open(self, station: Station, page: httpx.AsyncClient) -> None:
        """A second code, or the technician's own phone, leads to the same page; the first answer ends the others."""
        path = station.quoted()
        opened = submission((await page.get(path)).text)
        again, held = way(station.talk.taps(WANG, "给客户扫码")), way(station.talk.taps(WANG, "用我的手机"))
        assert (await page.post(path, data={"submission": opened, "act": "agree"})).status_code == 200
        assert [(await page.get(one)).status_code for one in (path, again, held)] == [410, 410, 410]
        assert (await page.post(again, data={"submission": WRONG, "act": "not_now"})).status_code == 410
        assert await counted(station) == 1
        assert station.state() == "working"

    @pytest.mark.parametrize(("act", "state", "words"), [("not_now", "given_up", "这次先不修"), ("doubt", "fee_pending", "尽快给您打电话")])
    async def test_the_other_two_answers(self, station: Station, page: httpx.AsyncClient, act: str, state: str, words: str) -> None:
        answer = await answered(page, station.quoted(), act=act)
        assert words in answer.text
        assert station.state() == state

    async def test_a_changed_quotation_shows_the_difference(self, station: Station, page: httpx.AsyncClient) -> None:
        old = station.quoted(("球阀 1",))
        await answered(page, old, act="agree")
        shown = (await page.get(station.changed())).text
        assert "和您上次同意的相比" in shown
        assert "1 个改为 2 个" in shown
        assert (await page.get(old)).status_code == 410

    async def test_no_to_a_change_keeps_what_was_agreed(self, station: Station, page: httpx.AsyncClient) -> None:
        """C-4.3.4a: the repair goes on as before; it does not end there."""
        await answered(page, station.quoted(("球阀 1",)), act="agree")
        path = station.changed()
        shown = (await page.get(path)).text
        assert "不改，按原来的做" in shown
        assert "先不修" not in shown
        answer = await answered(page, path, act="keep")
        assert "按您原来同意的做" in answer.text
        assert station.state() == "working"

    async def test_what_changed_meanwhile_is_not_agreed_to(self, station: Station, page: httpx.AsyncClient) -> None:
        path = station.quoted()
        fields = {"submission": submission((await page.get(path)).text), "act": "agree"}
        await amend(station, address="阳光苑 9 号楼 502")
        answer = await page.post(path, data=fields)
        assert answer.status_code == 409
        assert "内容刚有改动" in answer.text
        assert station.state() == "quoted"
        renewed = await page.post(path, data={"act": "renew"})
        assert "已告诉师傅" in renewed.text
        assert "内容有改动" in station.talk.last(WANG).text
        assert (await page.post(path, data={"act": "renew"})).status_code == 410
        assert "9 号楼" in (await page.get(way(station.talk.taps(WANG, "给客户扫码")))).text

    async def test_the_price_list_can_be_seen(self, station: Station, page: httpx.AsyncClient) -> None:
        shown = await page.get(f"{station.quoted()}/prices")
        assert "疏通下水" in shown.text
        assert "80.00/次" in shown.text

    async def test_above_the_firms_amount_a_consent_is_signed(self, station: Station, page: httpx.AsyncClient) -> None:
        await station.app.database.write(lambda conn: conn.execute(setting_of("consent_signature_above", 8000)))
        path = station.quoted()
        assert "canvas" in (await page.get(path)).text
        assert (await answered(page, path, act="agree")).status_code == 422
        assert (await answered(page, path, **signed(act="agree"))).status_code == 200
        assert station.state() == "working"


class TestSignature:
    @pytest.mark.parametrize(
        ("name", "relation", "who"), [("刘女士", "family", "刘女士的家人"), ("", "household", "和刘女士同住的人"), ("刘强", "family", "刘强")]
    )
    async def test_a_relative_is_not_called_by_the_tenants_name(
        self, station: Station, page: httpx.AsyncClient, name: str, relation: str, who: str
    ) -> None:
        path = station.content()
        fields = {**signed(), "name": name, "relation": relation}
        assert (await page.post(path, data={"submission": submission((await page.get(path)).text), **fields})).status_code == 200
        assert f"{who} " in station.talk.last(WANG).text
        kept = station.talk.desk(FANG, lambda desk: desk.agreements(station.job))[-1]
        assert (kept["name"], kept["relation"]) == (name, relation)  # what was typed is the evidence

    async def test_signed_it_is_kept_with_all_that_proves_it(self, station: Station, page: httpx.AsyncClient) -> None:
        path = station.content()
        shown = (await page.get(path)).text
        assert "已修好，试了 3 次，现场已清理。收费 85.00 元，与您同意的一致。" in shown
        answer = await page.post(path, data={"submission": submission(shown), **signed()}, headers={"User-Agent": "MicroMessenger"})
        assert "签名收到了" in answer.text
        assert station.state() == "signed"
        assert "怎么付的" in station.talk.last(WANG).text
        kept = station.talk.desk(FANG, lambda desk: desk.agreements(station.job))[-1]
        assert (kept["kind"], kept["name"], kept["relation"]) == ("signature", "刘女士", "self")
        assert kept["content"] in shown.replace("&#34;", '"')
        assert len(kept["strokes"]["lines"]) == 2
        assert kept["facts"] | {"browser": "MicroMessenger", "mode": "own", "language": "zh-CN"} == kept["facts"]
        assert station.app.blobs.read(kept["picture"]).startswith(b"\x89PNG")
        assert await station.app.database.read(lambda conn: blobs.noted(conn, kept["picture"])) is not None
        row = await station.app.database.read(
            lambda conn: conn.execute(select(audit.c.who, audit.c.via).where(audit.c.subject == f"agreement:{kept['id']}")).one()
        )
        assert (row.who, row.via) == (f"link:{kept['link_id']}", "link")

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"strokes": ""}, "还没看到签名"),
            ({"strokes": '{"w":358,"h":240,"lines":[]}'}, "还没看到签名"),
            ({"strokes": '{"w":358,"h":240,"lines":[[[100,100,0],[101,100,80]]]}'}, "还没看到签名"),
            ({"strokes": "{"}, "没有传好"),
            ({"strokes": "[[1]]"}, "没有传好"),
            ({"relation": ""}, "请点一下您是谁"),
            ({"relation": "师傅"}, "请点一下您是谁"),
        ],
    )
    async def test_what_is_missing_is_said_and_nothing_is_lost(
        self, station: Station, page: httpx.AsyncClient, fields: dict[str, str], words: str
    ) -> None:
        path = station.content()
        answer = await answered(page, path, **(signed(name="刘大姐") | fields))
        assert answer.status_code == 422
        assert words in answer.text
        assert 'value="刘大姐"' in answer.text
        assert station.state() == "content"
        assert (await answered(page, path, **signed())).status_code == 200

    @pytest.mark.parametrize("act", ["unhappy", "doubt"])
    async def test_not_content_or_in_doubt(self, station: Station, page: httpx.AsyncClient, act: str) -> None:
        answer = await answered(page, station.content(), act=act, why="还在滴水")
        assert answer.status_code == 200
        assert station.state() == {"unhappy": "working", "doubt": "fee_pending"}[act]
        if act == "unhappy":
            assert "还不满意：还在滴水" in station.talk.last(WANG).text

    async def test_a_namesake_is_noted_and_not_refused(self, station: Station, page: httpx.AsyncClient) -> None:
        assert (await answered(page, station.content(), **signed(name="王师傅"))).status_code == 200
        kept = station.talk.desk(FANG, lambda desk: desk.agreements(station.job))[-1]
        assert kept["facts"]["namesake"] is True

    async def test_of_a_thousand_at_once_one_signs(self, station: Station) -> None:
        path = station.content()
        async with browser(station.app) as page:
            tries = [page.post(path, data={"submission": f"{n:043}", **signed(strokes=SHORT)}) for n in range(1000)]
            answers = await asyncio.gather(*tries)
        assert sorted({one.status_code for one in answers}) == [200, 410]
        assert sum(one.status_code == 200 for one in answers) == 1
        assert await counted(station, "signature") == 1

    async def test_of_many_links_to_the_same_page_one_signs(self, station: Station) -> None:
        paths = [station.content(), *(way(station.talk.taps(WANG, "给客户扫码", of=1)) for _ in range(2))]
        async with browser(station.app) as page:
            tries = [page.post(paths[n % 3], data={"submission": f"{n:043}", **signed(strokes=SHORT)}) for n in range(60)]
            answers = await asyncio.gather(*tries)
        assert sum(one.status_code == 200 for one in answers) == 1
        assert {one.status_code for one in answers} == {200, 410}
        assert await counted(station, "signature") == 1


class TestWhose:
    async def test_a_colleagues_browser_is_refused_before_and_after(self, station: Station, page: httpx.AsyncClient) -> None:
        path = station.quoted()
        shown = submission((await page.get(path)).text)
        token = "t" * 43
        now = station.app.clock.now()
        await station.app.database.write(
            lambda conn: websessions.begin(conn, station.talk.ids[GAO], token, now, now + timedelta(days=1), now.date()) and None
        )
        page.cookies.set("paojie", token)
        for answer in (await page.get(path), await page.post(path, data={"submission": shown, "act": "agree"})):
            assert answer.status_code == 403
            assert "这一页只给客户用" in answer.text
        await station.app.database.write(lambda conn: websessions.revoke(conn, token, now))
        assert (await page.get(path)).status_code == 403
        page.cookies.clear()
        assert (await page.get(path)).status_code == 200

    async def test_the_technicians_phone_is_handed_over_for_this_job_only(self, station: Station, page: httpx.AsyncClient) -> None:
        station.quoted()
        path = way(station.talk.token(WANG, f"a.job.{station.job}.{job(station.talk, station.job).rev}.ask.handover"))
        first = await page.get(path)
        assert "请把手机交给客户" in first.text
        assert "85.00" not in first.text
        assert (await page.post(path, data={"submission": WRONG, "act": "agree"})).status_code == 410  # not before it is handed over
        begun = await page.post(path, data={"act": "begin", "lat": "31.19", "lon": "121.43", "accuracy": "12"})
        assert begun.status_code == 303
        cookie = begun.headers["set-cookie"].lower()
        assert all(words in cookie for words in ("httponly", "samesite=strict", f"path={path.lower()}", "max-age=1200"))
        page.cookies.set("paojie", "not a session")
        answer = await answered(page, path, act="agree")
        assert "请把手机还给师傅" in answer.text
        assert "<svg" in answer.text
        assert 'href="http' not in answer.text
        facts = station.talk.desk(FANG, lambda desk: desk.agreements(station.job))[-1]["facts"]
        assert facts["mode"] == "handover"
        assert facts["place"] == {"lat": 31.19, "lon": 121.43, "accuracy": 12.0}
        assert facts["opened_at"].startswith("2026-11-24T01:05")

    async def test_where_staff_sign_they_do_it_in_their_role_by_name(self, station: Station, page: httpx.AsyncClient) -> None:
        """C-4.5.5a: on the technician's phone, with no customer's relation and no doubt about a fee there is not."""
        talk = station.talk
        talk.database.write_now(
            lambda conn: conn.execute(insert(setting), {"name": "public_signer", "value": "service_desk", "since": date(2026, 1, 1)})
        )
        station.job = sent(talk, place="public", where="阳光苑3号楼楼道", what="楼道灯不亮", trade="power", caller="", phone="")
        for label in ("接单", "到了"):
            talk.taps(WANG, label)
        talk.sends(WANG, "a1")
        talk.taps(WANG, "灯坏了")
        talk.sends(WANG, "a2")
        talk.taps(WANG, "三次都正常")
        path = way(talk.taps(WANG, "客服在，当面签"))
        assert (await page.post(path, data={"act": "begin"})).status_code == 303
        shown = (await page.get(path)).text
        assert "客服，您好。我是阳光服务站维修员王师傅" in shown
        assert "客服签字" in shown
        assert 'value="小方" checked' in shown
        assert "家人" not in shown
        assert "金额有疑问" not in shown
        missing = await answered(page, path, **signed(name="路人"))
        assert missing.status_code == 422
        assert "请点一下您的名字" in missing.text
        answer = await answered(page, path, **signed(name=FANG))
        assert answer.status_code == 200
        assert station.state() == "closed"
        kept = talk.desk(FANG, lambda desk: desk.agreements(station.job))[-1]
        assert (kept["name"], kept["relation"], kept["facts"]["mode"]) == (FANG, "desk", "handover")

    async def test_the_reporter_of_a_public_place_is_greeted_without_a_name(self, station: Station, page: httpx.AsyncClient) -> None:
        talk = station.talk
        station.job = sent(talk, place="public", where="阳光苑3号楼楼道", what="楼道灯不亮", trade="power", caller="", phone="")
        for label in ("接单", "到了"):
            talk.taps(WANG, label)
        talk.sends(WANG, "a1")
        talk.taps(WANG, "灯坏了")
        talk.sends(WANG, "a2")
        shown = (await page.get(way(talk.taps(WANG, "三次都正常")))).text
        assert "您，您好" not in shown
        assert "您好。我是阳光服务站维修员王师傅" in shown

    async def test_another_browser_does_not_open_what_was_handed_over(self, station: Station, page: httpx.AsyncClient) -> None:
        station.quoted()
        path = way(station.talk.token(WANG, f"a.job.{station.job}.{job(station.talk, station.job).rev}.ask.handover"))
        await page.post(path, data={"act": "begin"})
        async with browser(station.app) as other:
            assert (await other.get(path)).status_code == 410
            assert (await other.post(path, data={"act": "begin"})).status_code == 410
        station.app.clock.move_to(station.app.clock.now() + timedelta(minutes=21))
        assert (await page.get(path)).status_code == 410


class TestInsideTelegram:
    """A Mini App: Telegram's own word for who opened the page goes with the answer, and nobody's else is taken for it."""

    @pytest.fixture
    async def page(self, station: Station) -> AsyncIterator[httpx.AsyncClient]:
        station.app.channels["telegram"] = Telegram(token=TOKEN)
        async with browser(station.app) as page:
            yield page

    async def test_who_it_was_is_kept_with_the_signature(self, station: Station, page: httpx.AsyncClient) -> None:
        assert (await answered(page, station.content(), **signed(init=init(at=NINE)))).status_code == 200
        assert station.talk.desk(FANG, lambda desk: desk.agreements(station.job))[-1]["facts"]["telegram"] == "99"

    @pytest.mark.parametrize(
        "given",
        [
            init(at=NINE, token="8:other"),
            init(at=NINE - timedelta(hours=2)),
            init(at=NINE + timedelta(hours=1)),
            init(at=NINE).replace("99", "98"),
            "auth_date=1&user=%7B%22id%22%3A99%7D&hash=00",
        ],
    )
    async def test_forged_or_expired_signs_nothing(self, station: Station, page: httpx.AsyncClient, given: str) -> None:
        path = station.content()
        answer = await answered(page, path, **signed(init=given))
        assert answer.status_code == 410
        assert "这个链接不能用了" in answer.text
        assert station.state() == "content"
        assert await counted(station, "signature") == 0
        assert (await answered(page, path, **signed(init=init(at=NINE)))).status_code == 200  # the link itself is as good as before

    async def test_a_colleagues_account_is_refused(self, station: Station, page: httpx.AsyncClient) -> None:
        path = station.content()
        await station.app.database.write(lambda conn: callers.reachable(conn, station.talk.ids[WANG], "telegram", "99"))
        answer = await answered(page, path, **signed(init=init(at=NINE)))
        assert answer.status_code == 403
        assert "这一页只给客户用" in answer.text
        assert station.state() == "content"

    async def test_where_the_firm_has_no_telegram_nobody_can_vouch(self, station: Station, page: httpx.AsyncClient) -> None:
        del station.app.channels["telegram"]
        assert (await answered(page, station.content(), **signed(init=init(at=NINE)))).status_code == 410


class TestProgress:
    async def test_a_copy_for_thirty_days_and_a_rating_once(self, station: Station, page: httpx.AsyncClient) -> None:
        done = await answered(page, station.content(), **signed())
        copy = way_in(done.text)
        shown = (await page.get(copy)).text
        assert "您签名的" in shown
        assert "这一页保留到 2026-12-24" in shown
        assert (await page.get(f"{copy}/signature.png")).content.startswith(b"\x89PNG")
        assert 'name="stars"' not in shown
        assert (await page.get(f"{copy}/form.pdf")).status_code == 410
        station.talk.taps(WANG, "现金")
        assert 'name="stars"' in (await page.get(copy)).text
        assert (await page.get(f"{copy}/form.pdf")).content.startswith(b"%PDF")
        assert "您的评价收到了：5 分" in (await page.post(copy, data={"stars": "5"})).text
        assert "您的评价收到了：5 分" in (await page.post(copy, data={"stars": "1"})).text
        assert job(station.talk, station.job).data["rating"] == 5
        station.app.clock.move_to(station.app.clock.now() + timedelta(days=30))
        assert (await page.get(copy)).status_code == 410

    async def test_running_late_stands_on_the_page(self, station: Station, page: httpx.AsyncClient) -> None:
        """C-4.5.1b: the tenant sees it without anybody ringing."""
        station.job = sent(station.talk)
        station.talk.taps(WANG, "接单")
        link = station.talk.desk(FANG, lambda desk: consent.progress(desk, desk.job(station.job)))
        assert "要晚一点" not in (await page.get(link)).text
        station.talk.says(WANG, "堵车，晚20分钟")
        assert "师傅要晚一点，预计 09:25 到，抱歉" in (await page.get(link)).text

    async def test_nobody_of_the_firm_rates(self, station: Station, page: httpx.AsyncClient) -> None:
        copy = way_in((await answered(page, station.content(), **signed())).text)
        station.talk.taps(WANG, "现金")
        page.cookies.set("paojie-handed", "x")
        assert 'name="stars"' not in (await page.get(copy)).text
        assert (await page.post(copy, data={"stars": "5"})).status_code == 403


class TestShown:
    async def test_nothing_typed_anywhere_is_more_than_text(self, station: Station, page: httpx.AsyncClient) -> None:
        evil = '"><script>alert(1)</script>{{7*7}}'
        path = station.quoted(caller=evil[:40], address=evil, what=evil)
        for shown in ((await page.get(path)).text, (await answered(page, path, act="agree")).text):
            assert "<script>alert" not in shown
            assert "&lt;script&gt;" in shown or "谢谢您" in shown

    @pytest.mark.parametrize(("accepts", "words"), [("zh-TW", "同意，請開工"), ("en-GB,en", "I agree, please start"), ("fr", "同意，请开工")])
    async def test_three_languages(self, station: Station, page: httpx.AsyncClient, accepts: str, words: str) -> None:
        path = station.quoted()
        assert words in (await page.get(path, headers={"Accept-Language": accepts})).text
        assert "I agree" in (await page.get(f"{path}?lang=en", headers={"Accept-Language": accepts})).text

    async def test_strict_headers_and_a_hundred_kilobytes_in_all(self, station: Station, page: httpx.AsyncClient) -> None:
        shown = await page.get(station.content())
        assert "default-src 'none'" in shown.headers["content-security-policy"]
        assert "script-src 'self'" in shown.headers["content-security-policy"]
        assert shown.headers["cache-control"] == "no-store"
        parts = [path for path in set(asked(shown.text)) if path.startswith("/")]
        assert len(parts) == 4
        sizes = {path: len((await page.get(path)).content) for path in parts} | {"page": len(shown.content)}
        print(sizes, sum(sizes.values()))
        assert sum(sizes.values()) <= 100 * 1024
        assert not any(found.startswith(("http", "//")) for found in asked(shown.text))

    def test_every_text_is_there_in_three_languages(self) -> None:
        assert all(len(texts) == 3 and all(texts) for texts in _TABLE.values())


def asked(html: str) -> list[str]:
    return re.findall(r'(?:src|href)="([^"#?]+\.\w+)"', html)


def way_in(html: str) -> str:
    """The address of the copy."""
    found = re.search(r"/p/[\w-]{43}", html)
    return found[0] if found else ""


def plain(html: str) -> str:
    """Without the address it was asked by."""
    return re.sub(r"/[csp]/[\w-]+", "", html)


async def counted(station: Station, kind: str = "consent") -> int:
    rows = select(func.count()).select_from(agreement).where(agreement.c.kind == kind, agreement.c.case_id == station.job)
    return int(await station.app.database.read(lambda conn: conn.execute(rows).scalar_one()))


async def amend(station: Station, **data: str) -> None:
    """As the desk corrects a record."""
    held = job(station.talk, station.job)
    await station.app.database.write(
        lambda conn: conn.execute(update(case).where(case.c.id == station.job).values(data={**held.data, **data})) and None
    )


def setting_of(name: str, value: object) -> Insert:
    return insert(setting).values(name=name, value=value, since=date(2026, 1, 1))
