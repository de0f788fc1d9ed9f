"""Where nobody lives the firm's own people sign: on the technician's phone handed over, as themselves and with their role (C-4.5.5a)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from storage import settings
from tests.bot.web.station import NINE, Station, way
from tests.browser.conftest import Server, clock_at
from tests.browser.test_sign import FANG_ZI, LIU, draw
from tests.conversations.repairs.test_signers import PUBLIC
from tests.conversations.repairs.test_technician import FANG, WANG, sent
from tests.conversations.talk import DAY, labels

Shoot = Callable[[Page, str], None]


@pytest.fixture
def how() -> dict[str, Any]:
    return {"clock": clock_at(NINE), "demo": False}


def test_the_desk_signs_on_the_technician_s_phone(phone: BrowserContext, server: Server, shoot: Shoot) -> None:
    station = Station(server.app)
    station.app.database.write_now(lambda conn: settings.put(conn, "public_signer", "service_desk", DAY))
    station.job = sent(station.talk, **PUBLIC)
    for tap, picture in (("接单", ""), ("到了", "a1"), ("灯坏了", "a2")):
        station.talk.taps(WANG, tap)
        if picture:
            station.talk.sends(WANG, picture)
    heard = station.talk.taps(WANG, "三次都正常")
    page = phone.new_page()
    page.goto(way(station.talk.taps(WANG, next(label for label in labels(heard) if "当面签" in label))))
    expect(page.get_by_role("heading", name="请把手机交给客服")).to_be_visible()
    expect(page.get_by_text("客户")).to_have_count(0)
    shoot(page, "attest-handed-over")
    page.get_by_role("button", name="我是客服，开始看").tap()
    expect(page.locator(".pad canvas")).to_be_visible()
    expect(page.get_by_text("本人", exact=True)).to_have_count(0)  # nobody's family
    shoot(page, "attest-empty")
    page.get_by_role("button", name="签好了").tap()
    expect(page.get_by_role("alert").filter(has_text="还没看到签名")).to_be_visible()
    expect(page.get_by_role("radio", name=FANG)).to_be_checked()  # the only one of the desk
    draw(page, *LIU, *FANG_ZI)
    shoot(page, "attest")
    page.get_by_role("button", name="签好了").tap()
    expect(page.get_by_text("签名收到了")).to_be_visible()
    shoot(page, "attest-after")
    kept = station.talk.desk(FANG, lambda desk: desk.agreements(station.job))[-1]
    assert (kept["name"], kept["relation"], station.state()) == (FANG, "desk", "closed")
