"""The firm as it is started first, a WeCom on this machine beside it, and hands that know the keyboard only."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Page

from tests.bot.test_serve import ROOT, free_port
from tests.fakes import wecom
from tests.fakes.wecom import CORP_ID, Heard, WeComServer
from tests.fakes.wecom_phone import envelope, offers, seal, xml_of

_HERE = """() => {
  const at = document.activeElement;
  return at === document.body ? '' : (at.getAttribute('aria-label') || at.labels?.[0]?.innerText || at.innerText || '').trim();
}"""


class Served:
    """`python3 run.py` as it is typed first, against a WeCom on this machine."""

    def __init__(self, folder: Path, weixin: WeComServer) -> None:
        self.port, self.weixin = free_port(), weixin
        self.url = f"http://127.0.0.1:{self.port}"
        self.token = self.aes_key = ""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PAOJIE_")}
        environment = {**kept, "PAOJIE_DATA": str(folder), "PAOJIE_PORT": str(self.port), "PAOJIE_WECOM_API": weixin.url}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve", "--auto"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        for line in self.process.stdout or ():
            if "Ctrl+C" in line:
                break

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=20)

    # --- WeCom comes, with the callback's values as the admin copied them ---------------------------------------
    def checks(self) -> None:
        query, sealed = seal("1616140317555161061", at=datetime.now(UTC), token=self.token, aes_key=self.aes_key)
        assert httpx.get(f"{self.url}/wecom/callback", params=query | {"echostr": sealed}).text == "1616140317555161061"

    def says(self, userid: str, text: str) -> None:
        self._sends(userid, {"MsgType": "text", "Content": text, "MsgId": f"72{datetime.now(UTC).timestamp() * 1e6:017.0f}"})

    def enters(self, userid: str) -> None:
        """A colleague opens the app in WeCom."""
        self._sends(userid, {"MsgType": "event", "Event": "enter_agent", "EventKey": ""})

    def taps(self, userid: str, label: str) -> None:
        card = self._card(userid, label)
        told = {"EventKey": offers(card)[label], "TaskId": card.task_id, "CardType": "button_interaction"}
        self._sends(userid, {"MsgType": "event", "Event": "template_card_event", **told, "ResponseCode": self.weixin.response_code(card)})

    def _card(self, userid: str, label: str) -> Heard:
        return next(one for one in reversed(self.weixin.heard(userid)) if one.buttons and label in offers(one))

    def _sends(self, userid: str, fields: Mapping[str, Any]) -> None:
        now = datetime.now(UTC)
        head = {"ToUserName": CORP_ID, "FromUserName": userid, "CreateTime": int(now.timestamp())}
        query, sealed = seal(xml_of({**head, **fields, "AgentID": wecom.AGENT_ID}), at=now, token=self.token, aes_key=self.aes_key)
        assert httpx.post(f"{self.url}/wecom/callback", params=query, content=envelope(sealed)).status_code == 200


def tab_to(page: Page, name: str, most: int = 120) -> None:
    """By the Tab key, as who has no mouse: to the button, link or field of that name."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(_HERE).startswith(name):
            return
    raise AssertionError(f"Tab does not lead to {name}")


def type_in(page: Page, name: str, text: str) -> None:
    tab_to(page, name)
    page.keyboard.type(text)


def press(page: Page, name: str) -> None:
    tab_to(page, name)
    page.keyboard.press("Enter")


def no_wider_than_the_screen(page: Page) -> None:
    assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")
