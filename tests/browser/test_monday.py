"""An admin's Monday: from the demo to thirty people greeted, with six Excel files as they lie on the disk; a browser, no terminal (issue's §3)."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from papers import workbook
from papers.listfile import REASONS
from tests import office_files
from tests.browser.served import Served, no_wider_than_the_screen, tab_to
from tests.fakes import wecom
from tests.fakes.wecom import CORP_ID, WeComServer

Shoot = Callable[[Page, str], None]
SIZES = {390: 844, 1280: 900}  # the hands go on at the last
SHOWN = {"花名册": "list", "问候": "greet", "花名册 改好": "mended", "首页": "end", "同事": "end"}
MENDED: Mapping[str, Mapping[str, tuple[int, Any]]] = {  # what the admin writes into the red cells: row, column, words
    "花名册.xlsx": {"钱电话": (1, 13_900_000_002), "孙岗位": (4, "业务员")},
    "客户资料.xlsx": {"上海没人管有限公司": (3, "赵伟"), "上海价不对有限公司": (9, "2万")},
    "租户.xlsx": {"没有房号": (2, 902), "日子不对": (5, "2025-01-01")},
    "收费价格一览表.xlsx": {"A90": (3, 1.23), "A91": (3, 12)},
    "媒体版位刊期.xlsx": {"没有的杂志": (0, office_files.JOURNAL), "2026 年第 13 期": (2, "2026-12-10")},
    "合同清单.xlsx": {"HT-2026-900": (1, "上海第001客户有限公司"), "HT-2026-901": (7, 50)},
}


class Hands:
    """The keyboard; what is pressed, chosen and typed is counted as one would count clicks."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks = self.typed = 0
        self._picked = Path()
        page.on("filechooser", lambda chooser: chooser.set_files(self._picked))  # asked for once: under load the window may be quicker

    def press(self, name: str) -> None:
        """What leads to another page, or to this one anew."""
        tab_to(self.page, name)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.clicks += 1

    def type(self, name: str, text: str) -> None:
        tab_to(self.page, name)
        self.page.keyboard.type(text)
        self.typed += 1

    def choose(self, name: str, file: Path) -> None:
        """The field opens the system's own window, where the file is picked."""
        tab_to(self.page, name)
        self._picked = file
        self.page.keyboard.press("Enter")
        expect(self.page.get_by_label(name)).to_have_value(re.compile(re.escape(file.name)))
        self.clicks += 2

    def follow(self, name: str, target: Path) -> Path:
        """A link that gives a file."""
        tab_to(self.page, name)
        with self.page.expect_download() as download:
            self.page.keyboard.press("Enter")
        download.value.save_as(target)
        self.clicks += 1
        return target


def mended(path: Path, name: str) -> bytes:
    """The red file as the admin saves it: each red row put right, nothing else touched."""
    sheets, left = [], dict(MENDED[name])
    for sheet in workbook.read(path.read_bytes()):
        rows = [list(row) for row in sheet.rows]
        for row in rows:
            for marker in [one for one in left if one in row and row[-1] not in (None, "", REASONS)]:
                place, value = left.pop(marker)
                row[place] = value
        sheets.append((sheet.name, rows))
    assert left == {}, f"not red in {name}: {left}"
    return office_files.book(*sheets)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with WeComServer() as weixin:
        made = Served(tmp_path / "data", weixin)
        yield made
        made.stop()


def founded(hands: Hands, served: Served) -> None:
    """From the demo's button through the wizard to the Excel page."""
    page = hands.page
    page.goto(f"{served.url}/chat/demo")
    hands.press("给自己公司用")
    expect(page.get_by_label("公司名称")).to_be_visible()  # the demo ends, the firm is served in its place
    hands.type("公司名称", "海天传媒")
    hands.type("您的姓名", "沈清")
    hands.press("开始设置")
    hands.press("开始")
    hands.type("部门", "市场一部")
    hands.press("存下，下一步")
    hands.type("网址", "paojie.haitian.cn")
    hands.press("存下")
    hands.press("下一步：企业微信")
    hands.type("企业 ID", CORP_ID)
    hands.type("AgentId", str(wecom.AGENT_ID))
    hands.type("Secret", wecom.SECRET)
    hands.press("检查并存下")
    served.token, served.aes_key = page.get_by_label("Token", exact=True).input_value(), page.get_by_label("EncodingAESKey").input_value()
    served.checks()
    expect(page.get_by_text("企业微信来验证过回调网址")).to_be_visible()
    hands.press("下一步：Telegram")
    hands.press("先跳过")
    hands.press("用 Excel 导入")


def brought_in(hands: Hands, file: Path, faulty: int, shoot: Callable[[str], None]) -> Path | None:
    """One file: looked at, imported but for the faulty rows; answers the red file."""
    page, red = hands.page, None
    hands.choose("选一个文件", file)
    hands.press("上传，先核对")
    expect(page.get_by_role("heading", name="核对")).to_be_visible()
    shoot("check")
    if faulty:
        expect(page.get_by_text(f"有问题 {faulty}").first).to_be_visible()
        red = hands.follow("下载标红的文件", file.with_name(f"红 {file.name}"))
    hands.press("导入")
    expect(page.get_by_role("heading", name="已导入")).to_be_visible(timeout=30_000)
    shoot("done")
    return red


def invited(hands: Hands, count: int, shoot: Callable[[str], None]) -> dict[str, str]:
    """The printed sheet: by name, the link that stands on it as a picture."""
    page = hands.page
    hands.press(f"邀请这 {count} 人")
    slips = page.locator(".invitation")
    expect(slips).to_have_count(count)
    expect(page.get_by_role("button", name="打印")).to_be_visible()
    shoot("invitations")
    found = slips.evaluate_all("all => all.map(one => [one.querySelector('h2').innerText, one.querySelector('input').value])")
    return dict(found)


def enters_by_link(served: Served, name: str, link: str) -> None:
    """A colleague scans the paper with the own phone: logged in, and greeted by the first message."""
    with httpx.Client(base_url=f"{served.url}/chat/api", headers={"x-paojie": "1"}, timeout=30) as phone:
        assert phone.post("/login", json={"token": link.partition("#in=")[2]}).raise_for_status().json()["name"] == name
        phone.post("/enter", json={}).raise_for_status()
        heard = phone.get("/prompts", params={"after": 0, "wait": 20}).raise_for_status().json()["prompts"]
        assert heard[0]["text"].startswith(f"{name}，您好。我是跑街")


def by_day(page: Page, url: str) -> None:
    """Whatever hour the test is run at: nobody is written to at night."""
    page.goto(f"{url}/office/settings/quiet_hours")
    page.get_by_label("夜里不打扰").fill("")
    page.get_by_label("从哪天起").fill(datetime.now(ZoneInfo("Asia/Shanghai")).date().isoformat())
    page.get_by_role("button", name="存下").click()
    expect(page.get_by_role("status")).to_be_visible()


def greeted_first(hands: Hands, count: int, shoot: Callable[[str], None]) -> None:
    """Everybody of the list with a WeCom account is written to, by one button."""
    page = hands.page
    hands.press("在企业微信里问候")
    expect(page.get_by_role("heading", name="企业微信问候")).to_be_visible()
    hands.press("问候选中的人")
    expect(page.get_by_role("status")).to_contain_text(f"{count} 位的问候发出去了")
    expect(page.get_by_text(f"等本人点 {count} 位")).to_be_visible(timeout=60_000)
    shoot("greetings")


def enters_by_wecom(served: Served, name: str, account: str) -> None:
    """A colleague of the list was written to in WeCom, once: opens the app, says so, and is greeted."""
    (asked,) = served.weixin.heard(account)
    assert f"您是{name}吗" in asked.text
    served.enters(account)
    served.taps(account, "是我")
    until(lambda: len(served.weixin.heard(account)) > 1, f"{name} is not greeted")
    assert served.weixin.heard(account)[-1].text.replace("\n", "").startswith(f"{name}，您好。我是跑街")


def until(seen: Callable[[], object], otherwise: str) -> None:
    for _ in range(300):
        if seen():
            return
        time.sleep(0.05)
    raise AssertionError(otherwise)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_from_the_demo_to_thirty_people_greeted(
    browser: Browser, served: Served, shoot: Shoot, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN", timezone_id="Asia/Shanghai", accept_downloads=True)
    context.set_default_timeout(15_000)
    page = context.new_page()
    hands = Hands(page)

    def looked(name: str) -> Callable[[str], None]:
        def shot(what: str) -> None:
            for width, height in SIZES.items():
                page.set_viewport_size({"width": width, "height": height})
                no_wider_than_the_screen(page)
                if name in SHOWN:
                    shoot(page, f"monday-{SHOWN[name]}-{what}-{width}")

        return shot

    founded(hands, served)
    links: dict[str, str] = {}
    for name, data in office_files.six().items():
        file, shot = tmp_path / name, looked(Path(name).stem)
        file.write_bytes(data)
        red = brought_in(hands, file, 2, shot)
        assert red is not None
        if name == "花名册.xlsx":
            links |= invited(hands, 30, shot)
            hands.press("Excel 导入")
        else:
            hands.press("再导入一个文件")
        file.write_bytes(mended(red, name))
        shot = looked(f"{Path(name).stem} 改好")
        assert brought_in(hands, file, 0, shot) is None
        if name == "花名册.xlsx":
            links |= invited(hands, 2, shot)
            hands.press("Excel 导入")
        else:
            hands.press("再导入一个文件")
    assert len(links) == 32
    listed = office_files.names(30)
    by_day(page, served.url)
    hands.press("首页")
    by_wecom = {name: f"worker{n:02}" for n, name in enumerate(listed) if n % 2} | {"钱电话": "qiandh", "孙岗位": "sungw"}
    greeted_first(hands, len(by_wecom), looked("问候"))
    for name, account in by_wecom.items():
        enters_by_wecom(served, name, account)
    for name in links.keys() - by_wecom.keys():
        enters_by_link(served, name, links[name])
    hands.press("首页")
    expect(page.get_by_role("heading", name="沈清，您好")).to_be_visible()
    expect(page.get_by_text("还没进来")).to_have_count(0)
    looked("首页")("home")
    hands.press("同事")
    expect(page.get_by_text("共 33 位")).to_be_visible()
    expect(page.get_by_text("已在用")).to_have_count(30)  # a page of them
    looked("同事")("people")
    with capsys.disabled():
        print(f"\nan admin's Monday: {hands.clicks} clicks, {hands.typed} fields typed, {len(links)} people greeted")
    context.close()
