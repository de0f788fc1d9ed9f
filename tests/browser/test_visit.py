"""A rep's visit with a photograph, from the browser to the supervisor, on the demo's firm and with the real conversation."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.app import App
from bot.clock import Clock
from bot.settings import Settings
from tests.browser.conftest import PHONE, ROOT, Server, watched

PICTURES = ROOT / "rehearsals" / "pictures"
RECEIVE = re.compile("^\\d?(签收|收下)$")
Shoot = Callable[[Page, str], None]


@asynccontextmanager
async def demo(folder: Path, *, loops: bool) -> AsyncIterator[App]:
    clock = Clock()
    clock.move_to(datetime(2026, 11, 24, 0, 25, tzinfo=UTC))
    settings = Settings(data=folder, _env_file=None)  # type: ignore[call-arg]
    app = App(settings, clock, {}, loops=loops, demo=True)
    await app.start()
    try:
        yield app
    finally:
        await app.stop()


@pytest.fixture
def firm(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path, demo)
    server.start()
    yield server
    server.stop()


def move(page: Page, label: str, to: str) -> None:
    page.locator("#chip").click()
    page.get_by_role("button", name=label).click()
    expect(page.locator("#chip")).to_have_text(to)
    page.get_by_role("button", name="关上菜单").click()


def test_a_whole_visit_with_a_photograph(browser: Browser, firm: Server, shoot: Shoot) -> None:
    for context in watched(browser.new_context(**PHONE, base_url=firm.url), firm):
        page = context.new_page()
        page.goto("/chat/as/liqiang")
        expect(page.locator("#who")).to_contain_text("李强")
        move(page, "下一件事", "08:40")
        expect(page.locator(".theirs").last).to_contain_text("今天 9 家")
        shoot(page, "morning")
        page.locator("#text").fill("拜访 华东精密 王经理 谈续约 想降5% 周五18:00前答复")
        page.locator("#send").click()
        expect(page.locator(".theirs").last).to_contain_text("记成这样")
        shoot(page, "visit")
        page.emulate_media(color_scheme="dark")
        shoot(page, "visit-dark")
        page.emulate_media(color_scheme="light")
        page.get_by_role("button", name="对，存下").click()
        expect(page.get_by_text("今天第 1 家")).to_be_visible()
        page.reload()
        page.locator("#album-file").set_input_files([PICTURES / "door.jpg", PICTURES / "card.jpg"])
        expect(page.locator(".mine .tick[aria-label=已收到]")).to_have_count(4)
        expect(page.locator(".theirs").last).to_contain_text("华东精密")
        expect(page.locator(".theirs").last).to_contain_text("共 2 张")
        shoot(page, "photographs")
        move(page, "到 17:00", "17:00")
        expect(page.locator(".theirs").last).to_contain_text("今天的日志写好了")
        page.get_by_role("button", name="交陈主管").last.click()
        expect(page.locator(".theirs").last).to_contain_text("已交陈主管")
        chief = context.new_page()
        chief.goto("/chat/as/chen")
        expect(chief.locator(".theirs").last).to_contain_text("李强")
        chief.get_by_role("button", name=RECEIVE).last.click()
        expect(page.locator(".theirs").last).to_contain_text("陈主管")
        shoot(page, "log")


def test_the_stage_shows_both(browser: Browser, firm: Server, shoot: Shoot) -> None:
    context = browser.new_context(viewport={"width": 1120, "height": 900}, device_scale_factor=1.5, locale="zh-CN", base_url=firm.url)
    page = context.new_page()
    page.goto("/chat/demo")
    left, right = page.frame_locator("iframe").nth(0), page.frame_locator("iframe").nth(1)
    expect(left.locator("#who")).to_contain_text("李强")
    left.locator("#text").fill("拜访 华东精密 王经理 谈续约 想降5% 周五18:00前答复")
    left.locator("#send").click()
    left.get_by_role("button", name="对，存下").click()
    expect(left.get_by_text("今天第 1 家")).to_be_visible()
    page.get_by_role("button", name="到 17:00").click()
    left.get_by_role("button", name="交陈主管").last.click()
    expect(right.get_by_role("button", name=RECEIVE).last).to_be_visible()
    expect(right.locator(".theirs").last).to_contain_text("李强")
    shoot(page, "stage")
    context.close()
