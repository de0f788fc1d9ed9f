"""The chat's page in a real browser, at the size of a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, expect
from sqlalchemy import select

from storage.tables import inbox
from tests.browser.conftest import PHONE, ROOT, Server

PICTURES = ROOT / "rehearsals" / "pictures"
EVIL = [
    "<img src=x onerror=alert(1)>",
    "<script>alert(2)</script>",
    '"><svg onload=alert(3)>',
    "javascript:alert(4)",
    "{{7*7}}${7*7}<%= 7*7 %>",
    "</textarea><iframe src=javascript:alert(5)>",
]
Shoot = Callable[[Page, str], None]


def opened(phone: BrowserContext, who: str = "liqiang") -> Page:
    page = phone.new_page()
    page.goto(f"/chat/as/{who}")
    expect(page.locator("#who")).not_to_be_empty()
    return page


def write(page: Page, text: str) -> None:
    page.locator("#text").fill(text)
    page.locator("#send").click()


def kept(server: Server) -> list[dict[str, Any]]:
    async def read() -> list[dict[str, Any]]:
        return await server.app.database.read(lambda conn: list(conn.execute(select(inbox.c.body).order_by(inbox.c.id)).scalars()))

    return [body for body in server.run(read()) if body["kind"] == "said"]


def test_an_empty_chat_shows_how_to_begin(wire: BrowserContext, shoot: Shoot) -> None:
    page = wire.new_page()
    page.route("**/api/enter", lambda route: route.abort())
    page.goto("/chat/as/liqiang")
    expect(page.locator("#empty")).to_be_visible()
    expect(page.locator("#who")).to_have_text("李强 · 市场员")
    shoot(page, "empty")
    page.get_by_role("button", name="拜访 华东精密 王经理 谈续约").click()
    expect(page.locator("#text")).to_have_value("拜访 华东精密 王经理 谈续约")
    expect(page.locator("#text")).to_be_focused()


@pytest.mark.parametrize("width", [390, 320])
def test_at_twice_the_text_size_everything_stays_in_its_field(phone: BrowserContext, width: int, shoot: Shoot) -> None:
    page = opened(phone)
    page.set_viewport_size({"width": width, "height": 700})
    page.evaluate("document.documentElement.style.fontSize = '32px'")
    shoot(page, f"large-{width}")
    wide, room, tall, needed = page.locator("#text").evaluate("(it) => [it.scrollWidth, it.clientWidth, it.clientHeight, it.scrollHeight]")
    assert wide <= room
    assert needed <= tall
    assert room >= 120
    title, chip = page.locator(".whose").bounding_box(), page.locator(".chip").bounding_box()
    assert title is not None
    assert chip is not None
    assert title["x"] + title["width"] <= chip["x"]
    assert page.locator(".whose h1").evaluate("(it) => it.getClientRects().length * it.offsetHeight < 100")


def test_words_are_ticked_and_answered(phone: BrowserContext, server: Server) -> None:
    page = opened(phone)
    write(page, "你好")
    mine = page.locator(".mine").last
    expect(mine.get_by_label("已收到")).to_be_visible()
    expect(page.locator(".theirs").last).to_contain_text("您说：你好")
    expect(page.locator(".day")).to_have_text(["今天"])
    expect(page.locator("#text")).to_have_value("")
    expect(page.locator("#text")).to_be_focused()


def test_a_double_click_is_one_tap_and_old_buttons_are_grey(phone: BrowserContext, server: Server) -> None:
    page = opened(phone)
    write(page, "问 对吗")
    button = page.get_by_role("button", name="对，存下")
    assert button.bounding_box()["height"] >= 48  # type: ignore[index]
    button.dblclick()
    expect(page.locator(".theirs").last).to_contain_text("您点了 s1.1.yes")
    expect(button).to_be_disabled()
    expect(page.get_by_role("button", name="改一处")).to_be_disabled()
    assert [body["tap"] for body in kept(server) if body["tap"]] == ["s1.1.yes"]


def test_photographs_go_out_together_and_in_order(phone: BrowserContext, server: Server, shoot: Shoot) -> None:
    page = opened(phone)
    page.locator("#more").click()
    expect(page.locator("#tray")).to_be_visible()
    shoot(page, "tray")
    page.locator("#album-file").set_input_files([PICTURES / "door.jpg", PICTURES / "card.jpg"])
    expect(page.locator(".mine .tick[aria-label=已收到]")).to_have_count(2)
    expect(page.locator(".theirs img")).to_have_count(2)
    one, other = kept(server)
    assert one["album"] == other["album"] != ""
    page.locator(".mine .picture").first.click()
    expect(page.locator("#viewer")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#viewer")).to_be_hidden()


def test_no_signal_then_signal(phone: BrowserContext, server: Server, shoot: Shoot) -> None:
    page = opened(phone)
    write(page, "第一句")
    expect(page.get_by_text("您说：第一句")).to_be_visible()
    phone.set_offline(True)
    write(page, "第二句")
    page.locator("#camera-file").set_input_files(PICTURES / "door.jpg")
    write(page, "第三句")
    expect(page.locator("#state")).to_contain_text("没有信号")
    expect(page.get_by_label("等着发")).to_have_count(3)
    shoot(page, "offline")
    phone.set_offline(False)
    expect(page.locator(".mine .tick[aria-label=已收到]")).to_have_count(4)
    expect(page.locator("#state")).to_be_hidden()
    said = kept(server)
    assert [body["text"] or body["media"]["kind"] for body in said] == ["第一句", "第二句", "photo", "第三句"]
    assert all(body["claimed_at"] for body in said)


def test_the_server_goes_and_comes_back_and_the_page_is_loaded_anew_meanwhile(phone: BrowserContext, server: Server) -> None:
    page = opened(phone)
    write(page, "还在")
    expect(page.get_by_text("您说：还在")).to_be_visible()
    page.evaluate("navigator.serviceWorker.ready")
    page.reload()  # now the worker keeps the page
    expect(page.get_by_text("您说：还在")).to_be_visible()
    server.stop()
    write(page, "电梯里说的")
    page.locator("#album-file").set_input_files(PICTURES / "door.jpg")
    expect(page.get_by_label("等着发")).to_have_count(2)
    page.locator("#text").fill("写了一半")
    page.reload()
    expect(page.get_by_text("您说：还在")).to_be_visible()
    expect(page.get_by_label("等着发")).to_have_count(2)
    expect(page.locator("#text")).to_have_value("写了一半")
    expect(page.locator("#state")).to_have_text("正在重新连接…")
    server.start()
    expect(page.get_by_text("您说：电梯里说的")).to_be_visible(timeout=25_000)
    expect(page.get_by_label("已收到")).to_have_count(3, timeout=25_000)
    expect(page.locator("#state")).to_be_hidden()
    assert [body["text"] for body in kept(server)] == ["还在", "电梯里说的", ""]


def test_a_lost_answer_makes_no_second_message(wire: BrowserContext, server: Server) -> None:
    page = opened(wire)
    lost: list[str] = []

    def lose(route: Any) -> None:
        if not lost:
            lost.append(route.fetch().text())
            route.abort()
        else:
            route.continue_()

    page.route("**/api/said", lose)
    write(page, "只一次")
    expect(page.locator(".mine").get_by_label("已收到")).to_be_visible(timeout=20_000)
    page.wait_for_timeout(100)
    assert lost
    assert [body["text"] for body in kept(server)] == ["只一次"]


def test_what_is_refused_says_why_and_lets_the_rest_pass(wire: BrowserContext, server: Server) -> None:
    page = opened(wire)
    page.route("**/api/blobs", lambda route: route.fulfill(status=413, json={"text": "这个文件超过 20 MB，发不了。"}), times=1)
    page.locator("#any-file").set_input_files(PICTURES / "door.jpg")
    write(page, "后一句")
    expect(page.get_by_role("alert")).to_contain_text("20 MB")
    expect(page.get_by_text("您说：后一句")).to_be_visible()
    page.get_by_role("button", name="再发一次").click()
    expect(page.locator(".mine .tick[aria-label=已收到]")).to_have_count(2)
    expect(page.get_by_role("alert")).to_have_count(0)


def test_nothing_shown_is_run(phone: BrowserContext) -> None:
    page = opened(phone)
    alarms: list[str] = []

    def alarm(dialog: Dialog) -> None:
        alarms.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", alarm)
    for text in EVIL:
        write(page, text)
        expect(page.locator(".theirs").last).to_contain_text(f"您说：{text}")
    write(page, "链接")
    expect(page.locator(".theirs").last).to_contain_text("<i>标题</i>")
    assert page.locator("a.option").evaluate_all("links => links.map(link => link.href)") == ["https://paojie.test/p/1"]
    page.reload()
    expect(page.locator(".theirs")).to_have_count(len(EVIL) + 1)
    assert page.locator(".log script, .log iframe, .log img, .log svg").count() == 0
    assert alarms == []


def test_a_place_and_a_voice(phone: BrowserContext, server: Server) -> None:
    page = opened(phone)
    page.locator("#more").click()
    page.get_by_role("button", name="位置", exact=True).click()
    expect(page.get_by_text("在 31.23, 121.47")).to_be_visible()
    assert kept(server)[0]["place"]["lat"] == 31.2304
    page.locator("#more").click()
    page.get_by_role("button", name="语音", exact=True).click()
    expect(page.get_by_role("timer")).to_have_text("0:01")
    page.get_by_role("button", name="发送语音").click()
    expect(page.locator(".mine audio")).to_be_visible()
    expect(page.locator(".mine .tick[aria-label=已收到]")).to_have_count(2)
    assert kept(server)[1]["media"]["kind"] == "voice"


def test_two_people_side_by_side(browser: Browser, server: Server) -> None:
    context = browser.new_context(viewport={"width": 1180, "height": 900}, locale="zh-CN", base_url=server.url)
    page = context.new_page()
    page.goto("/chat/demo")
    left, right = page.frame_locator("iframe").nth(0), page.frame_locator("iframe").nth(1)
    expect(left.locator("#who")).to_have_text("李强 · 市场员")
    expect(right.locator("#who")).to_have_text("陈主管 · 部门主管")
    left.locator("#text").fill("告诉 chen 日志交了")
    left.locator("#send").click()
    expect(right.locator(".theirs").last).to_contain_text("日志交了")
    expect(page.locator(".time")).to_have_text("08:25")
    page.get_by_role("button", name="到 17:00").click()
    expect(page.locator(".time")).to_have_text("17:00")
    expect(left.locator("#chip")).to_have_text("17:00")
    context.close()


def test_the_menu_and_another_person(phone: BrowserContext, server: Server, shoot: Shoot) -> None:
    page = opened(phone)
    page.get_by_role("button", name="菜单").click()
    expect(page.locator("#drawer")).to_be_visible()
    shoot(page, "menu")
    page.get_by_role("button", name="查客户").click()
    expect(page.locator("#text")).to_have_value("查 ")
    page.locator("#text").fill("")
    page.get_by_role("button", name="菜单").click()
    page.get_by_role("button", name="今天").click()
    expect(page.get_by_text("您说：今天")).to_be_visible()
    page.get_by_role("button", name="菜单").click()
    page.get_by_role("link", name="陈主管").click()
    expect(page.locator("#who")).to_have_text("陈主管 · 部门主管")
    expect(page.locator(".mine")).to_have_count(0)


def test_the_drawer_moves_the_clock(phone: BrowserContext, server: Server) -> None:
    page = opened(phone)
    page.locator("#chip").click()
    page.get_by_role("button", name="明早").click()
    expect(page.locator("#chip")).to_have_text("08:45")
    expect(page.locator("#drawer .time")).to_have_text("08:45")


@pytest.mark.parametrize("width", [320, 360, 390, 768])
def test_nothing_scrolls_sideways(phone: BrowserContext, width: int) -> None:
    page = opened(phone)
    page.set_viewport_size({"width": width, "height": 700})
    write(page, "问 " + "长" * 60 + "W" * 120)
    expect(page.get_by_role("button", name="改一处")).to_be_visible()
    page.locator("#more").click()
    wide = "[...document.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('dialog, .unseen')).length"
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(wide) == 0
    small = """[...document.querySelectorAll('button, .option')].filter(e => e.checkVisibility())
        .filter(e => e.getBoundingClientRect().height < 48 || e.getBoundingClientRect().width < 44).map(e => e.outerHTML)"""
    assert page.evaluate(small) == []


def test_the_keyboard_hides_neither_the_field_nor_the_newest(phone: BrowserContext) -> None:
    page = opened(phone)
    for number in range(12):
        write(page, f"第 {number} 句")
    expect(page.get_by_text("您说：第 11 句")).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 460})  # as the on-screen keyboard does
    expect(page.get_by_text("您说：第 11 句")).to_be_in_viewport()
    expect(page.locator("#text")).to_be_in_viewport()


def test_reading_above_is_not_disturbed_by_what_comes(phone: BrowserContext, server: Server) -> None:
    page = opened(phone)
    for number in range(12):
        write(page, f"第 {number} 句")
    expect(page.get_by_text("您说：第 11 句")).to_be_visible()
    page.locator("#scroller").evaluate("element => element.scrollTo(0, 0)")
    other = opened(phone, "chen")
    write(other, "告诉 liqiang 请看一下")
    expect(page.locator("#newest")).to_be_visible()
    expect(page.get_by_text("第 0 句", exact=True)).to_be_in_viewport()
    page.locator("#newest").click()
    expect(page.get_by_text("请看一下")).to_be_in_viewport()
    expect(page.locator("#newest")).to_be_hidden()


def test_the_text_size_of_the_phone_counts(phone: BrowserContext) -> None:
    page = opened(phone)
    write(page, "问 大字")
    page.evaluate("document.documentElement.style.fontSize = '26px'")
    expect(page.get_by_role("button", name="对，存下")).to_be_visible()
    size = page.evaluate("parseFloat(getComputedStyle(document.querySelector('.words')).fontSize)")
    assert size >= 26
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_keyboard_alone_is_enough(browser: Browser, server: Server) -> None:
    context = browser.new_context(viewport={"width": 900, "height": 800}, base_url=server.url)
    page = context.new_page()
    page.goto("/chat/as/liqiang")
    expect(page.locator("#who")).not_to_be_empty()
    page.locator("#text").focus()
    page.keyboard.type("问 键盘")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("第二行")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="对，存下")).to_be_visible()
    page.get_by_role("button", name="对，存下").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("您点了 s1.1.yes")).to_be_visible()
    unnamed = """[...document.querySelectorAll('button, a[href], input, textarea, select')].filter(e => e.checkVisibility())
        .filter(e => !(e.getAttribute('aria-label') || e.textContent.trim() || e.labels?.length)).map(e => e.outerHTML)"""
    assert page.evaluate(unnamed) == []
    context.close()


def test_dark_and_light_can_be_read(browser: Browser, server: Server, shoot: Shoot) -> None:
    contrast = """(selector) => {
        const light = (color) => { const [r, g, b] = color.match(/[\\d.]+/g).map(Number).map(v => v / 255)
            .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
        const opaque = (e) => {
            for (; e; e = e.parentElement) {
                const color = getComputedStyle(e).backgroundColor;
                if (!/, 0\\)|transparent/.test(color)) return color;
            }
        };
        const element = document.querySelector(selector);
        const [a, b] = [light(getComputedStyle(element).color), light(opaque(element))].sort((x, y) => y - x);
        return (a + 0.05) / (b + 0.05);
    }"""
    for scheme in ("light", "dark"):
        context = browser.new_context(**PHONE, base_url=server.url, color_scheme=scheme)
        page = context.new_page()
        page.goto("/chat/as/zhangmin")
        expect(page.locator("#who")).not_to_be_empty()
        write(page, "问 记成这样，对吗？\n华东精密｜见了王经理｜谈续约，想降 5%")
        expect(page.locator(".option.main").last).to_be_enabled()
        for selector in (".theirs .words", ".mine .words", ".meta", ".option.main", ".option:not(.main)", "#who", ".day span"):
            assert page.evaluate(contrast, selector) >= 4.5, (scheme, selector)
        shoot(page, f"question-{scheme}")
        context.close()
