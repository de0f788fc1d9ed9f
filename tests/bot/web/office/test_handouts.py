"""Office pages for introduction cards, issues with their deliveries, exhibitions: nothing typed is lost (A-3.2.1, A-3.3.3, A-3.4.1)."""

from __future__ import annotations

import io
import re

import httpx
from PIL import Image

from tests.bot.web.office.house import BASE, Browser, House

CARDS, ISSUES, FAIRS = "/office/cards", "/office/issues", "/office/exhibitions"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"
XSS = "<script>alert(1)</script>"


def jpeg() -> bytes:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    Image.new("RGB", (640, 480), "white").save(out, "JPEG", exif=exif)
    return out.getvalue()


async def post(browser: Browser, path: str, **fields: str) -> httpx.Response:
    return await browser.post(path, fields, follow=False)


async def test_a_card_is_put_up_with_its_files(house: House) -> None:
    async with house.browser("lin") as browser:
        assert "还没有" in (await browser.get(CARDS)).text
        form = await browser.get(f"{CARDS}/new?topic=letter")
        csrf = re.search(r'name="csrf" value="([0-9a-f]+)"', form.text)
        assert csrf is not None
        today = re.search(r'name="since"[^>]*value="([0-9-]+)"', form.text)
        assert today is not None
        fields = {"csrf": csrf[1], "topic": "letter", "name": "12 月版", "text": f"诚邀合作 {XSS}", "since": today[1]}
        files = [("files", ("a.jpg", jpeg(), "image/jpeg")), ("files", ("b.pdf", PDF, "application/pdf"))]
        made = await browser.client.post(f"{CARDS}/new", data=fields, files=files, headers={"Origin": BASE})
        assert made.status_code == 303, made.text
        page = await browser.get(made.headers["location"])
        assert "招商函：12 月版" in page.text
        assert XSS not in page.text
        assert page.text.count("还没看") == 4
        picture = await browser.get(f"{made.headers['location']}/files/0")
        assert picture.headers["content-type"] == "image/jpeg"
        assert b"secret place" not in picture.content
        assert (await browser.get(f"{made.headers['location']}/files/1")).content == PDF
        assert (await browser.get(f"{made.headers['location']}/files/2")).status_code == 404
        assert "0 / 4 人" in (await browser.get(CARDS)).text
    async with house.browser("chen") as browser:
        assert (await browser.get(made.headers["location"])).text.count("还没看") == 2


async def test_what_is_no_card_comes_back_as_it_was_typed(house: House) -> None:
    async with house.browser("wu") as browser:
        form = await browser.get(f"{CARDS}/new")
        csrf = re.search(r'name="csrf" value="([0-9a-f]+)"', form.text)
        assert csrf is not None
        fields = {"csrf": csrf[1], "topic": "positions", "name": "", "text": "封二 18,000", "since": "2020-01-01"}
        wrong = await browser.client.post(f"{CARDS}/new", data=fields, files=[("files", ("", b"", ""))], headers={"Origin": BASE})
        assert wrong.status_code == 422
        assert "请写版本名称" in wrong.text
        assert "封二 18,000" in wrong.text
        fields |= {"name": "新版"}
        files = [("files", ("run.exe", b"MZ....", "image/jpeg"))]
        assert "放不了" in (await browser.client.post(f"{CARDS}/new", data=fields, files=files, headers={"Origin": BASE})).text


async def test_an_issue_and_its_deliveries(house: House) -> None:
    async with house.browser("chen") as browser:
        assert "还没有期刊" in (await browser.get(ISSUES)).text
        bare = await post(browser, f"{ISSUES}/put", medium="视听技术", number="第 12 期")
        assert bare.status_code == 422
        assert "请写出刊日期或送到日期" in bare.text
        assert "第 12 期" in bare.text
        made = await post(browser, f"{ISSUES}/put", medium="视听技术", number="第 12 期", deliver_by="2099-01-05")
        assert made.status_code == 303
        one = made.headers["location"]
        planned = await post(browser, f"{one}/plan", rep=str(house.firm.people["li"]), copies="2")
        assert planned.status_code == 303, planned.text
        page = await browser.get(one)
        assert "li客户" in page.text
        assert "送到 0 / 1 家" in page.text
        some = await post(browser, f"{one}/plan", lines="zhang客户 3\nzhao客户 1\n没有这家 2", copies="1")
        assert some.status_code == 422
        assert "排好 1 家" in some.text
        assert "zhao客户 1" in some.text
        assert "没有这家 2" in some.text
        assert "zhang客户 3" not in some.text
        assert "请选市场员，或写客户" in (await post(browser, f"{one}/plan")).text
        case = re.search(r'name="case" value="(\d+)"', (await browser.get(one)).text)
        assert case is not None
        assert (await post(browser, f"{one}/drop", case=case[1])).status_code == 303
        assert "不送了</td>" in (await browser.get(one)).text
        assert (await browser.get(f"{ISSUES}/999")).status_code == 404
    async with house.browser("sun") as browser:
        assert "li客户" not in (await browser.get(one)).text


async def test_late_deliveries_are_listed(house: House) -> None:
    async with house.browser("chen") as browser:
        made = await post(browser, f"{ISSUES}/put", medium="视听技术", number="第 1 期", deliver_by="2020-01-06")
        one = made.headers["location"]
        assert (await post(browser, f"{one}/plan", lines="li客户 2")).status_code == 303
        page = (await browser.get(ISSUES)).text
        assert "还没送" in page
        assert "李强" in page


async def test_an_exhibition(house: House) -> None:
    async with house.browser("lin") as browser:
        wrong = await post(browser, f"{FAIRS}/put", name="上海音响展", place="浦东", first="2099-05-03", last="2099-05-01")
        assert wrong.status_code == 422
        assert "不能早于开始" in wrong.text
        assert "上海音响展" in wrong.text
        assert (await post(browser, f"{FAIRS}/put", name="上海音响展", place="浦东", first="2099-05-01", last="2099-05-03")).status_code == 303
        page = await browser.get(FAIRS)
        assert "2099-05-01 到 2099-05-03" in page.text
        id = re.search(r'name="id" value="(\d+)"', page.text)
        assert id is not None
        assert (await post(browser, f"{FAIRS}/drop", id=id[1])).status_code == 303
        assert "还没有登记展会" in (await browser.get(FAIRS)).text
