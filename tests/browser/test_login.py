"""The way in from a phone: an invitation's link, name and code, and out again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from bot.clock import Clock
from storage import invitations
from storage.tables import person
from tests.bot.web.firm import NOW
from tests.browser.conftest import PHONE, Server, watched

Shoot = Callable[[Page, str], None]


@pytest.fixture
def firm(tmp_path: Path) -> Iterator[Server]:
    clock = Clock()
    clock.move_to(NOW)
    server = Server(tmp_path, clock=clock, demo=False)
    server.start()
    yield server
    server.stop()


def invite(firm: Server) -> tuple[str, str]:
    async def write() -> tuple[str, str]:
        who = select(person.c.id).where(person.c.account == "liqiang")
        return await firm.app.database.write(lambda conn: invitations.invite(conn, conn.execute(who).scalar_one(), None, NOW))

    made: tuple[str, str] = firm.run(write())
    return made


def test_a_link_opens_once(browser: Browser, firm: Server) -> None:
    token, _ = invite(firm)
    for context in watched(browser.new_context(**PHONE, base_url=firm.url), firm):
        page = context.new_page()
        page.goto(f"/chat#in={token}")
        page.get_by_role("button", name="进入").click()
        expect(page.locator("#who")).to_have_text("李强 · 市场员")
        assert "#" not in page.url
        page.locator("#text").fill("你好")
        page.locator("#send").click()
        expect(page.get_by_text("您说：你好")).to_be_visible()
        page.get_by_role("button", name="菜单").click()
        page.get_by_role("button", name="退出登录").click()
        expect(page.locator("#door")).to_be_visible()
        page.goto("about:blank")
        page.goto(f"/chat#in={token}")
        page.get_by_role("button", name="进入").click()
        expect(page.get_by_role("alert")).to_contain_text("请让同事再发一次")


def test_name_and_code_open_too(browser: Browser, firm: Server, shoot: Shoot) -> None:
    _, code = invite(firm)
    for context in watched(browser.new_context(**PHONE, base_url=firm.url), firm):
        page = context.new_page()
        page.goto("/chat")
        expect(page.locator("#door")).to_be_visible()
        shoot(page, "login")
        page.get_by_label("姓名").fill("李强")
        page.get_by_label("8 位数字").fill("00000000")
        page.get_by_role("button", name="进入").click()
        expect(page.get_by_role("alert")).to_be_visible()
        page.get_by_label("8 位数字").fill(f"{code[:4]} {code[4:]}")
        page.keyboard.press("Enter")
        expect(page.locator("#who")).to_have_text("李强 · 市场员")
        page.reload()
        expect(page.locator("#who")).to_have_text("李强 · 市场员")
