"""The office in Chromium at a desk and on a phone: one flow by keyboard alone, and every page of the navigation as it looks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from bot.app import App
from bot.clock import Clock
from tests.bot.web.office.house import House, running
from tests.browser.conftest import PHONE, Server, watched
from tests.storage.firm import NOW

DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
SIZES = {"desk": DESK, "phone": PHONE}


class Firm:
    """The house as the server's coroutine opens it."""

    house: House

    def __init__(self) -> None:
        self.clock = Clock()
        self.clock.move_to(NOW)

    def running(self, folder: Path, **how: Any) -> Any:
        firm = self

        class Opened:
            async def __aenter__(self) -> App:
                self.context = running(folder, clock=firm.clock, loops=True)
                firm.house = await self.context.__aenter__()
                return firm.house.app

            async def __aexit__(self, *error: Any) -> None:
                await self.context.__aexit__(*error)

        return Opened()


@pytest.fixture
def firm() -> Firm:
    return Firm()


@pytest.fixture
def office(tmp_path: Path, firm: Firm) -> Iterator[Server]:
    server = Server(tmp_path, firm.running)
    server.start()
    yield server
    server.stop()


@pytest.fixture(params=SIZES)
def context(request: pytest.FixtureRequest, browser: Browser, office: Server) -> Iterator[BrowserContext]:
    yield from watched(browser.new_context(**SIZES[request.param], base_url=office.url), office)


def enter(context: BrowserContext, office: Server, firm: Firm) -> Page:
    page = context.new_page()
    page.goto(office.run(firm.house.link("wu")))
    page.get_by_role("button", name="进入办公").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="小吴，您好")).to_be_visible()
    return page


def to(page: Page, name: str, most: int = 80) -> None:
    """Tab until this has the focus; every stop on the way can be seen to have it."""
    page.wait_for_load_state("networkidle")  # with its sheet: a ring is drawn by that
    for _ in range(most):
        page.keyboard.press("Tab")
        found = page.evaluate(
            "() => { const at = document.activeElement, look = getComputedStyle(at);"
            " const label = at.labels && at.labels.length ? at.labels[0].innerText : at.innerText;"
            " return [(at.getAttribute('aria-label') || label || at.value || '').trim(),"
            " look.outlineStyle, parseFloat(look.outlineWidth), at !== document.body]; }"
        )
        if not found[3]:  # past the last stop, before the first one
            continue
        assert found[1] != "none", found
        assert found[2] >= 2, found
        if found[0].rstrip("。") == name:
            return
    raise AssertionError(f"no way to {name} by Tab")


def test_added_invited_left_by_keyboard_alone(context: BrowserContext, office: Server, firm: Firm, shoot: Callable[[Page, str], None]) -> None:
    page = enter(context, office, firm)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    page.goto("/office/people")
    to(page, "加同事")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="加同事")).to_be_visible()
    to(page, "姓名")
    page.keyboard.type(" ")
    to(page, "部门")
    page.keyboard.press("ArrowDown")
    to(page, "电话")
    page.keyboard.type("13800000000")
    to(page, "加上")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("电话")).to_have_value("13800000000")
    to(page, "请写姓名")
    page.keyboard.press("Enter")
    expect(page.get_by_label("姓名")).to_be_focused()
    page.keyboard.type("王芳")
    to(page, "加上")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="王芳")).to_be_visible()
    shoot(page, f"office-person-{page.viewport_size['width'] if page.viewport_size else 0}")
    to(page, "发邀请")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="邀请做好了")).to_be_visible()
    shoot(page, f"office-invitation-{page.viewport_size['width'] if page.viewport_size else 0}")
    page.goto(f"/office/people/{firm.house.firm.people['li']}")
    to(page, "离职")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="李强离职")).to_be_visible()
    to(page, "全部交给")
    page.keyboard.press("ArrowDown")
    to(page, "确定离职并交接")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("李强已离职")
    expect(page.get_by_role("status")).to_contain_text("客户 1 家")


def test_every_page_fits_and_has_names_and_targets(context: BrowserContext, office: Server, firm: Firm, shoot: Callable[[Page, str], None]) -> None:
    page = enter(context, office, firm)
    width = page.viewport_size["width"] if page.viewport_size else 0
    paths = page.locator("#nav a[href^='/office']").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert len(paths) > 8
    for path in dict.fromkeys(paths):
        page.goto(path)
        shoot(page, f"{path.strip('/').replace('/', '-')}-{width}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{path} scrolls sideways"
        nameless = page.evaluate(
            "() => [...document.querySelectorAll('input:not([type=hidden]), select, textarea')]"
            ".filter(one => !(one.labels && one.labels.length) && !one.getAttribute('aria-label')).map(one => one.outerHTML)"
        )
        assert nameless == [], path
        small = page.evaluate(
            "() => [...document.querySelectorAll('main button, main select, main input:not([type=hidden]):not([type=checkbox]):not([type=radio])')]"
            ".filter(one => one.offsetParent && one.getBoundingClientRect().height < 43).map(one => one.outerHTML)"
        )
        assert small == [], path


def test_the_menu_of_a_phone_opens_without_script(browser: Browser, office: Server, firm: Firm) -> None:
    context = browser.new_context(**PHONE, base_url=office.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(office.run(firm.house.link("wu")))
    page.get_by_role("button", name="进入办公").click()
    page.get_by_role("link", name="菜单", exact=True).click()
    page.locator("#nav").get_by_role("link", name="请假和轮休").click()
    expect(page.get_by_role("heading", name="请假和轮休", level=1)).to_be_visible()
    context.close()
