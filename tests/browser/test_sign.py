"""The customer's phone: consent with one tap, a signature drawn with a finger, and everything that may come between (C-4.3.3, C-4.5.5b)."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from bot.channels.telegram import Telegram
from storage import websessions
from tests.bot.channels.test_telegram_app import TOKEN, init
from tests.bot.web.station import NINE, Station, way
from tests.browser.conftest import Server, clock_at
from tests.conversations.repairs.test_technician import FANG, WANG

Shoot = Callable[[Page, str], None]
EVIL = '"><img src=x onerror=alert(1)><script>alert(2)</script>'


@pytest.fixture
def how() -> dict[str, Any]:
    return {"clock": clock_at(NINE), "demo": False}


@pytest.fixture
def station(server: Server) -> Station:
    return Station(server.app)


def draw(page: Page, *strokes: tuple[tuple[float, float], ...]) -> None:
    """With a finger: through the protocol, since playwright's own touch only taps."""
    page.locator(".pad canvas").evaluate("canvas => canvas.scrollIntoView({block: 'center'})")
    box = page.locator(".pad canvas").bounding_box()
    assert box is not None
    finger = page.context.new_cdp_session(page)
    for stroke in strokes:
        points = [{"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]} for x, y in stroke]
        finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [points[0]]})
        for point in points[1:]:
            finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
        finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_timeout(350)  # a tap this soon after a fast finger is no click to the browser, and nobody's thumb is so quick


def curve(*through: tuple[float, float]) -> tuple[tuple[float, float], ...]:
    """A stroke through these points, eight steps between two."""
    return tuple((a[0] + (b[0] - a[0]) * n / 8, a[1] + (b[1] - a[1]) * n / 8) for a, b in pairwise(through) for n in range(9))


LIU = (
    curve((0.16, 0.25), (0.22, 0.32)),
    curve((0.1, 0.42), (0.3, 0.4)),
    curve((0.27, 0.42), (0.12, 0.78)),
    curve((0.13, 0.5), (0.28, 0.76)),
    curve((0.36, 0.36), (0.36, 0.66)),
    curve((0.45, 0.24), (0.45, 0.78), (0.4, 0.72)),
)
FANG_ZI = (
    curve((0.6, 0.28), (0.88, 0.27)),
    curve((0.74, 0.2), (0.72, 0.5), (0.62, 0.78)),
    curve((0.66, 0.5), (0.86, 0.5), (0.82, 0.8), (0.74, 0.74)),
)


def kept(station: Station) -> dict[str, Any]:
    return dict(station.talk.desk(FANG, lambda desk: desk.agreements(station.job))[-1])


def test_from_the_quotation_to_the_copy(phone: BrowserContext, station: Station, shoot: Shoot) -> None:
    page = phone.new_page()
    page.goto(station.quoted())
    expect(page.get_by_text("刘女士，您好。我是阳光服务站维修员王师傅（单号 1124-01）。")).to_be_visible()
    expect(page.get_by_role("button", name="同意，请开工")).to_be_in_viewport()
    shoot(page, "consent")
    page.get_by_role("button", name="同意，请开工").tap()
    expect(page.get_by_text("师傅收到了")).to_be_visible()
    shoot(page, "consent-done")
    page.reload()
    expect(page.get_by_text("师傅收到了")).to_be_visible()  # what was sent is answered the same
    page.get_by_role("link", name="看进度、留底").tap()
    expect(page.get_by_role("heading", name="正在维修")).to_be_visible()


def signing(station: Station, phone: BrowserContext) -> Page:
    page = phone.new_page()
    page.goto(station.content())
    expect(page.locator(".pad canvas")).to_be_visible()
    return page


def test_signed_with_a_finger_and_rated(phone: BrowserContext, station: Station, shoot: Shoot) -> None:
    page = signing(station, phone)
    shoot(page, "sign-empty")
    draw(page, *LIU, *FANG_ZI)
    page.get_by_text("本人").tap()
    shoot(page, "sign")
    page.get_by_role("button", name="签好了").tap()
    expect(page.get_by_text("签名收到了")).to_be_visible()
    one = kept(station)
    assert (one["kind"], one["relation"], one["name"]) == ("signature", "self", "刘女士")
    assert len(one["strokes"]["lines"]) == len(LIU) + len(FANG_ZI)
    station.talk.taps(WANG, "现金")
    page.get_by_role("link", name="看进度、留底").tap()
    page.get_by_role("button", name="5: 很满意").tap()
    expect(page.get_by_text("您的评价收到了：5 分")).to_be_visible()
    shoot(page, "progress")


def test_blank_and_a_dot_are_refused_a_cross_is_not(phone: BrowserContext, station: Station, shoot: Shoot) -> None:
    page = signing(station, phone)
    page.get_by_text("家人").tap()
    page.get_by_role("button", name="签好了").tap()
    expect(page.get_by_role("alert").filter(has_text="还没看到签名")).to_be_visible()
    shoot(page, "sign-blank")
    draw(page, ((0.5, 0.5),))
    page.get_by_role("button", name="签好了").tap()
    expect(page.get_by_role("alert").filter(has_text="还没看到签名")).to_be_visible()
    page.get_by_role("button", name="重写").tap()
    draw(page, curve((0.4, 0.4), (0.6, 0.6)), curve((0.6, 0.4), (0.4, 0.6)))
    draw(page, curve((0.1, 0.1), (0.2, 0.1)))
    page.get_by_role("button", name="退一笔").tap()
    page.get_by_role("button", name="签好了").tap()
    expect(page.get_by_text("签名收到了")).to_be_visible()
    assert len(kept(station)["strokes"]["lines"]) == 2


def test_who_signs_is_asked(phone: BrowserContext, station: Station) -> None:
    page = signing(station, phone)
    draw(page, *LIU)
    page.get_by_role("button", name="签好了").tap()
    expect(page.get_by_role("alert").filter(has_text="请点一下您是谁")).to_be_visible()
    page.get_by_text("同住", exact=True).tap()
    page.get_by_role("button", name="签好了").tap()
    expect(page.get_by_text("签名收到了")).to_be_visible()


def turned(page: Page, width: int, height: int) -> None:
    """And the pad has followed."""
    before = page.evaluate("document.querySelector('.pad canvas').width")
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_function("before => document.querySelector('.pad canvas').width !== before", arg=before)
    expect(page.locator(".pad canvas")).to_be_in_viewport(ratio=0.95)


def test_turned_in_the_middle_and_loaded_again(phone: BrowserContext, station: Station, shoot: Shoot) -> None:
    page = signing(station, phone)
    draw(page, *LIU)
    turned(page, 844, 390)
    draw(page, *FANG_ZI)
    shoot(page, "sign-turned")
    turned(page, 390, 844)
    page.get_by_text("其他").tap()
    page.get_by_role("textbox", name="姓名").fill("刘小姐")
    page.reload()
    expect(page.locator(".pad.inked")).to_be_visible()
    expect(page.get_by_role("textbox", name="姓名")).to_have_value("刘小姐")
    shoot(page, "sign-again")
    page.get_by_role("button", name="签好了").tap()
    expect(page.get_by_text("签名收到了")).to_be_visible()
    one = kept(station)
    assert (one["name"], one["relation"], len(one["strokes"]["lines"])) == ("刘小姐", "other", len(LIU) + len(FANG_ZI))
    shapes = [
        (max(p[0] for p in line) - min(p[0] for p in line), max(p[1] for p in line) - min(p[1] for p in line)) for line in one["strokes"]["lines"]
    ]
    assert shapes[0][0] < shapes[1][0]  # still the dot of 亠 above its line


def test_the_network_goes_and_comes_back(phone: BrowserContext, station: Station, shoot: Shoot) -> None:
    page = signing(station, phone)
    draw(page, *LIU)
    page.get_by_text("本人").tap()
    phone.set_offline(True)
    page.get_by_role("button", name="签好了").tap()
    expect(page.get_by_text("有网络会自动发出")).to_be_visible()
    shoot(page, "sign-offline")
    assert station.state() == "content"
    phone.set_offline(False)
    expect(page.get_by_text("签名收到了")).to_be_visible()
    assert kept(station)["kind"] == "signature"


def test_sent_but_the_answer_was_lost(phone: BrowserContext, station: Station) -> None:
    """The phone died after sending: opened again, the page finds that it is done."""
    page = signing(station, phone)
    draw(page, *LIU)
    page.get_by_text("本人").tap()
    page.route(re.compile("/s/"), lambda route: (route.fetch(), route.abort()) if route.request.method == "POST" else route.continue_())
    page.get_by_role("button", name="签好了").tap()
    expect(page.get_by_text("有网络会自动发出")).to_be_visible()
    assert station.state() == "signed"
    page.unroute_all()
    page.reload()
    expect(page.get_by_text("签名收到了")).to_be_visible()


def test_used_says_so_politely(phone: BrowserContext, station: Station, shoot: Shoot) -> None:
    page = signing(station, phone)
    address = page.url
    page.get_by_role("button", name="还有不满意").tap()
    page.get_by_label("哪里不满意").fill("还在滴水")
    page.get_by_role("button", name="告诉师傅").tap()
    expect(page.get_by_text("师傅知道了")).to_be_visible()
    other = phone.new_page()
    other.goto(address)
    expect(other.get_by_text("这个链接不能用了")).to_be_visible()
    expect(other.get_by_role("link", name="021-55512345")).to_be_visible()
    shoot(other, "link-used")


def test_what_others_typed_is_only_text(phone: BrowserContext, station: Station) -> None:
    page = phone.new_page()
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    page.goto(station.quoted(caller=EVIL, address=EVIL, what=EVIL))
    expect(page.get_by_text(EVIL).first).to_be_visible()
    page.get_by_role("button", name="同意，请开工").tap()
    page.get_by_role("link", name="看进度、留底").tap()
    expect(page.get_by_text(EVIL).first).to_be_visible()
    assert page.locator("main img, main script").count() == 0


def test_a_colleagues_browser_is_refused(phone: BrowserContext, server: Server, station: Station, shoot: Shoot) -> None:
    path, token, now = station.quoted(), "t" * 43, server.app.clock.now()
    app = server.app
    ids = station.talk.ids
    server.run(app.database.write(lambda conn: websessions.begin(conn, ids[WANG], token, now, now.replace(year=2027), now.date()) and None))
    phone.add_cookies([{"name": "paojie", "value": token, "url": server.url}])
    page = phone.new_page()
    page.goto(path)
    expect(page.get_by_text("这一页只给客户用")).to_be_visible()
    expect(page.get_by_role("button", name="同意")).to_have_count(0)
    shoot(page, "staff-refused")


def test_the_technicians_phone_handed_over(phone: BrowserContext, station: Station, shoot: Shoot) -> None:

    station.quoted()
    page = phone.new_page()
    page.goto(way(station.talk.taps(WANG, "用我的手机")))
    shoot(page, "handed-over")
    page.get_by_role("button", name="我是客户，开始看").tap()
    page.get_by_role("button", name="同意，请开工").tap()
    expect(page.get_by_text("请把手机还给师傅。")).to_be_visible()
    shoot(page, "handed-back")
    assert kept(station)["facts"]["place"]["lat"] == 31.2304


def test_a_fault_reported_behind_the_code(phone: BrowserContext, station: Station, shoot: Shoot) -> None:
    page = phone.new_page()
    page.goto("/r/阳光苑 3 号楼")
    page.get_by_label("什么坏了").fill("楼上跑水了")
    page.get_by_label("房号").fill("502")
    page.get_by_label("您的电话").fill("13800000502")
    shoot(page, "report")
    page.get_by_role("button", name="报修", exact=True).tap()
    expect(page.get_by_text("请现在就打这个电话")).to_be_visible()
    shoot(page, "reported")
    assert "紧急 跑水" in station.talk.last(WANG).text


def test_the_same_fault_reported_again(phone: BrowserContext, station: Station, shoot: Shoot) -> None:
    page = phone.new_page()
    for said in ("已登记，单号 1124-01", "这件事已经登记过，单号 1124-01"):
        page.goto("/r/阳光苑 3 号楼")
        page.get_by_label("什么坏了").fill("马桶堵了")
        page.get_by_label("房号").fill("502 室")
        page.get_by_label("您的电话").fill("13800000502")
        page.get_by_role("button", name="报修", exact=True).tap()
        expect(page.get_by_text(said)).to_be_in_viewport()
    shoot(page, "report-twice")
    page.get_by_role("button", name="是同一件，催一下", exact=True).tap()
    expect(page.get_by_text("已经告诉客服，单号 1124-01")).to_be_visible()
    shoot(page, "reported-again")


def test_opened_inside_telegram(phone: BrowserContext, server: Server, station: Station) -> None:
    """What Telegram says of itself stands behind the # and goes with the answer, also after the page was loaded anew."""
    server.app.channels["telegram"] = Telegram(token=TOKEN)
    page = phone.new_page()
    page.goto(f"{station.quoted()}#tgWebAppData={quote(init(at=server.app.clock.now()))}&tgWebAppVersion=8.0")
    page.reload()
    page.get_by_role("button", name="同意，请开工").tap()
    expect(page.get_by_text("师傅收到了")).to_be_visible()
    assert kept(station)["facts"]["telegram"] == "99"


def test_three_languages(phone: BrowserContext, station: Station, shoot: Shoot) -> None:
    page = phone.new_page()
    page.goto(station.quoted())
    page.get_by_role("link", name="EN").tap()
    expect(page.get_by_role("button", name="I agree, please start")).to_be_visible()
    shoot(page, "consent-en")
    page.get_by_role("link", name="繁體").tap()
    expect(page.get_by_role("button", name="同意，請開工")).to_be_visible()
