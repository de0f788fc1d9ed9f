"""The service desk in Chromium at 1280 px: a call taken with the keyboard alone, half-typed calls that survive a reload, a board that stays fresh."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from bot import demo_station
from conversations.repairs import dispatch, intake, taking
from storage import people
from storage.database import Connection
from tests.browser.conftest import Server, watched
from tests.browser.test_office import DESK, Firm
from tests.storage.firm import NOW

TENANT, OTHER = "13800000502", "13800001201"
PROGRESS = re.compile(r"/p/[\w-]{30,}")


@pytest.fixture
def firm() -> Firm:
    return Firm()


@pytest.fixture
def office(tmp_path: Path, firm: Firm) -> Iterator[Server]:
    server = Server(tmp_path, firm.running)
    server.start()

    def build(conn: Connection) -> None:
        demo_station.build(conn, NOW.date())
        for who in people.everybody(conn, NOW.date()):
            firm.house.firm.people[who.account] = who.id

    server.run(server.app.database.write(build))
    yield server
    server.stop()


@pytest.fixture
def context(browser: Browser, office: Server) -> Iterator[BrowserContext]:
    yield from watched(browser.new_context(**DESK, base_url=office.url), office)


@pytest.fixture
def page(context: BrowserContext, office: Server, firm: Firm) -> Page:
    page = context.new_page()
    page.goto(office.run(firm.house.link("fang")))
    page.get_by_role("button", name="进入办公").click()
    page.goto("/office/desk")
    expect(page.get_by_role("tab")).to_have_count(1)  # the script is there, not only the page
    expect(page.get_by_label("电话", exact=True)).to_be_focused()
    return page


def test_a_call_with_the_keyboard_alone(page: Page, shoot: Callable[[Page, str], None]) -> None:
    expect(page.get_by_label("电话", exact=True)).to_be_focused()
    began = time.monotonic()
    page.keyboard.type(TENANT, delay=60)
    page.keyboard.press("Enter")
    expect(page.get_by_label("什么事")).to_be_focused()
    expect(page.locator("#chosen")).to_contain_text("阳光苑 3 号楼 502")
    page.keyboard.type("厨房水龙头漏水", delay=120)
    expect(page.locator("#heard")).to_contain_text("工种：水")
    shoot(page, "desk-typing-1280")
    page.keyboard.press("Enter")
    expect(page.locator("#results")).to_contain_text("-01 阳光苑502 登记好了")
    print(f"\na known caller's request, keyboard only: {time.monotonic() - began:.1f} s")
    expect(page.get_by_label("电话", exact=True)).to_be_focused()
    expect(page.get_by_label("电话", exact=True)).to_have_value("")
    expect(page.locator("#board")).to_contain_text("厨房水龙头漏水")
    expect(page.get_by_label("发给租户的进度链接")).to_have_value(PROGRESS)


def test_two_half_typed_calls_survive_a_reload(page: Page, shoot: Callable[[Page, str], None]) -> None:
    page.keyboard.type(TENANT)
    page.keyboard.press("Enter")
    expect(page.get_by_label("什么事")).to_be_focused()
    page.keyboard.type("马桶堵")
    page.keyboard.press("Alt+n")
    expect(page.get_by_label("电话", exact=True)).to_have_value("")
    page.keyboard.type(OTHER)
    page.route("**/desk/look*", lambda asked: asked.abort())  # the page goes before it is known who rings
    page.keyboard.press("Enter")
    page.keyboard.type("换锁")
    page.unroute("**/desk/look*")
    page.reload()
    expect(page.get_by_role("tab")).to_have_count(2)
    expect(page.get_by_label("什么事")).to_have_value("换锁")
    expect(page.locator("#chosen")).to_contain_text("阳光苑 5 号楼 1201")
    expect(page.get_by_label("什么事")).to_be_focused()
    page.keyboard.press("Alt+1")
    expect(page.get_by_label("什么事")).to_have_value("马桶堵")
    expect(page.get_by_label("什么事")).to_be_focused()
    shoot(page, "desk-tabs-1280")
    page.keyboard.type("了")
    page.keyboard.press("Enter")
    expect(page.locator("#results")).to_contain_text("登记好了")
    expect(page.get_by_role("tab")).to_have_count(1)
    expect(page.get_by_label("什么事")).to_have_value("换锁")


def test_what_is_wrong_is_said_and_nothing_is_lost(page: Page) -> None:
    page.keyboard.type("13999999999")
    page.keyboard.press("Enter")
    expect(page.get_by_label("哪一户")).to_be_focused()
    page.keyboard.type("紫金花园3号楼502")
    page.keyboard.press("Enter")
    expect(page.locator("#problem")).to_contain_text("不在公司管的房屋名单里")
    page.get_by_label("哪一户").fill("")
    page.keyboard.type("阳光苑 ")
    expect(page.get_by_role("option")).to_have_count(2)
    page.get_by_label("哪一户").fill("")
    page.keyboard.type("3号楼")
    page.get_by_label("哪一户").fill("阳光苑3-301")
    page.keyboard.press("Enter")
    expect(page.get_by_label("什么事")).to_be_focused()
    page.keyboard.type("空房漏水")
    page.keyboard.press("Tab")
    expect(page.get_by_label("急，马上去")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("随便")
    page.keyboard.press("Enter")
    expect(page.locator("#problem")).to_contain_text("没看出约什么时候")
    expect(page.get_by_label("约什么时候")).to_be_focused()
    expect(page.get_by_label("电话", exact=True)).to_have_value("13999999999")
    page.keyboard.press("Control+a")
    page.keyboard.type("明天上午十点")
    page.keyboard.press("Enter")
    expect(page.locator("#results")).to_contain_text("阳光苑301 登记好了")


def test_offline_nothing_is_lost(page: Page, context: BrowserContext) -> None:
    page.keyboard.type(TENANT)
    page.keyboard.press("Enter")
    expect(page.get_by_label("什么事")).to_be_focused()
    page.keyboard.type("漏水")
    context.set_offline(True)
    page.keyboard.press("Enter")
    expect(page.locator("#problem")).to_contain_text("网络断了")
    context.set_offline(False)
    page.keyboard.press("Enter")
    expect(page.locator("#results")).to_contain_text("登记好了")


def test_the_same_thing_twice_is_asked_about(page: Page) -> None:
    for _ in range(2):
        page.keyboard.type(TENANT)
        page.keyboard.press("Enter")
        expect(page.get_by_label("什么事")).to_be_focused()
        page.keyboard.type("厨房漏水")
        page.keyboard.press("Enter")
        expect(page.locator("#results, #problem:visible").first).not_to_be_empty()
    expect(page.locator("#problem")).to_contain_text("这户报过同一件事")
    expect(page.get_by_role("button", name="不是同一件，另记一张")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#results")).to_contain_text("-02")


def test_the_board_is_fresh_and_the_cursor_stays(page: Page, office: Server, firm: Firm, shoot: Callable[[Page, str], None]) -> None:
    def calls(conn: Connection) -> None:
        desk = firm.house.firm.desk(conn, "fang", office.app.clock.now())
        for place, what in (("阳光苑3-502", "厨房跑水"), ("春江里1-102", "插座没电"), ("阳光苑5号楼", "楼道灯不亮")):
            taking.take(desk, intake.call(desk.spots(place)[0], what))
        job = desk.jobs(limit=3)[1]
        dispatch.send(desk, job, desk.person(firm.house.firm.people["sunhai"]))

    page.keyboard.type("1380")
    office.run(office.app.database.write(calls))
    expect(page.locator("#board")).to_contain_text("厨房跑水", timeout=9000)
    expect(page.get_by_label("电话", exact=True)).to_be_focused()
    expect(page.get_by_label("电话", exact=True)).to_have_value("1380")
    firm.clock.move_to(firm.clock.now().replace(minute=59))
    expect(page.locator("#board")).to_contain_text("迟：", timeout=9000)
    page.get_by_role("button", name="没打通，下一位").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#fresh")).to_contain_text("请打给李师傅：139")
    expect(page.locator("#board")).to_contain_text("请打给李师傅 139")
    shoot(page, "desk-board-1280")
    button = page.get_by_role("button", name="派王师傅").first
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#fresh")).to_contain_text("已派给王师傅")
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_without_script_it_works_too(browser: Browser, office: Server, firm: Firm) -> None:
    context = browser.new_context(**DESK, base_url=office.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(office.run(firm.house.link("fang")))
    page.get_by_role("button", name="进入办公").click()
    page.get_by_label("电话", exact=True).fill(TENANT)
    page.get_by_label("什么事").fill("厨房漏水")
    page.keyboard.press("Enter")
    expect(page.locator(".notice")).to_contain_text("登记好了")
    page.get_by_role("button", name="派王师傅").click()
    expect(page.locator(".notice")).to_contain_text("已派给王师傅")
    page.get_by_label("查进度").fill(TENANT)
    page.get_by_role("button", name="查", exact=True).click()
    expect(page.locator("#told")).to_contain_text("已派给王师傅，等接单")
    context.close()
