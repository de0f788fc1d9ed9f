"""From the demo's button to the answered test message, by keyboard alone, at 390 and 1280 px: the pages as the first admin sees them."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.served import Served, no_wider_than_the_screen, press, tab_to, type_in
from tests.fakes import wecom
from tests.fakes.wecom import CORP_ID, WeComServer

SIZES = {390: 844, 1280: 900}


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with WeComServer() as weixin:
        made = Served(tmp_path, weixin)
        yield made
        made.stop()


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("width", SIZES)
def test_from_the_demo_s_button_to_the_test_message(browser: Browser, served: Served, shoot: Callable[[Page, str], None], width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": SIZES[width]}, locale="zh-CN", timezone_id="Asia/Shanghai")
    context.set_default_timeout(15_000)
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda told: wrong.append(told.text) if told.type == "error" and "422" not in told.text else None)
    shot = lambda name: (no_wider_than_the_screen(page), shoot(page, f"setup-{name}-{width}"))  # noqa: E731
    page.goto(f"{served.url}/chat/demo")
    shot("demo")
    press(page, "给自己公司用")

    expect(page.get_by_role("heading", name="给自己公司用")).to_be_visible()
    shot("start")
    type_in(page, "公司名称", "海天传媒")
    type_in(page, "您的姓名", "吴敏")
    press(page, "开始设置")
    expect(page.get_by_role("heading", name="海天传媒")).to_be_visible()
    shot("overview")
    press(page, "开始")
    expect(page.get_by_role("heading", name="公司和部门")).to_be_visible()
    type_in(page, "部门", "市场一部")
    shot("firm")
    press(page, "存下，下一步")

    expect(page.get_by_role("heading", name="网址", exact=True)).to_be_visible()
    type_in(page, "网址", "paojie.haitian.cn/chat")
    press(page, "存下")
    expect(page.get_by_role("alert")).to_contain_text("只写到域名为止")
    page.get_by_label("网址", exact=True).fill("")
    type_in(page, "网址", "paojie.haitian.cn")
    press(page, "存下")
    expect(page.get_by_text("还没有从这个网址打开过")).to_be_visible()
    shot("address")
    press(page, "下一步：企业微信")
    expect(page.get_by_role("heading", name="企业微信", exact=True)).to_be_visible()
    type_in(page, "企业 ID", CORP_ID)
    type_in(page, "AgentId", str(wecom.AGENT_ID))
    type_in(page, "Secret", "wrong-secret-123")
    press(page, "检查并存下")
    expect(page.get_by_role("alert")).to_contain_text("Secret 不对")
    shot("wecom-refused")
    type_in(page, "Secret", wecom.SECRET)
    served.weixin.fail("getcallbackip", 60020, 2)
    press(page, "检查并存下")
    expect(page.get_by_text("服务器地址没有加进可信 IP")).to_be_visible()
    expect(page.get_by_text("企业微信还没有来验证")).to_be_visible()
    shot("wecom-callback")
    served.token, served.aes_key = page.get_by_label("Token", exact=True).input_value(), page.get_by_label("EncodingAESKey").input_value()
    served.checks()
    served.weixin.mend()
    expect(page.get_by_text("企业微信来验证过回调网址")).to_be_visible()
    expect(page.get_by_text("菜单放上了")).to_be_visible(timeout=25_000)
    shot("wecom-ticks")
    press(page, "下一步：Telegram")
    expect(page.get_by_label("令牌")).to_be_visible()
    shot("telegram")
    press(page, "先跳过")

    expect(page.get_by_role("heading", name="第一批同事")).to_be_visible()
    type_in(page, "姓名", "李强")
    type_in(page, "部门", "市场一部")
    type_in(page, "企业微信账号", "LiQiang")
    press(page, "加上")
    expect(page.get_by_role("heading", name="李强加好了")).to_be_visible()
    shot("people")
    press(page, "下一步：日历")
    expect(page.get_by_role("heading", name=re.compile("年$")).first).to_be_visible()
    shot("calendar")
    press(page, "存下，下一步")

    expect(page.get_by_role("heading", name="发一条测试消息")).to_be_visible()
    type_in(page, "您的企业微信账号", "WuMin")
    tab_to(page, "发一条给我")
    page.keyboard.press("Enter")
    expect(page.get_by_text("送到了。")).to_be_visible()
    assert "跑街测试" in served.weixin.heard("wumin")[-1].text
    served.says("WuMin", "收到")
    expect(page.get_by_text("收到您的回答了")).to_be_visible()
    shot("test")
    press(page, "回到总览")
    expect(page.get_by_text("好了", exact=True)).to_have_count(6)
    shot("done")
    assert wrong == []
    context.close()
