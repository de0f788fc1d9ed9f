"""From the demo to the firm's own as a process: the button, the start link that opening does not use up, the first admin logged in."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.bot.test_serve import ROOT, free_port

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")


class Served:
    """`python -m bot serve …` on a folder of its own, and a browser."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.browser = httpx.Client(base_url=self.url, timeout=30, follow_redirects=False)
        self.process: subprocess.Popen[str] | None = None

    def start(self, *words: str) -> str:
        """What it says until it serves."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PAOJIE_")}
        environment = {**kept, "PAOJIE_DATA": str(self.folder), "PAOJIE_PORT": str(self.port)}
        command = [sys.executable, "-m", "bot", "serve", *words]
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        said = ""
        for line in self.process.stdout or ():
            said += line
            if "Ctrl+C" in line or "/chat\n" in line or "/start/" in line:
                return said
        raise AssertionError(said)

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.communicate(timeout=20)
            self.process = None

    def open_start(self, path: str) -> httpx.Response:
        """As the browser, which does not ask before the page says: the demo has said goodbye, the firm answers."""
        for line in (self.process and self.process.stdout) or ():
            if "跑街已启动：" in line:
                return self.browser.get(path)
        raise AssertionError("the firm was not served")

    def own(self) -> str:
        """The button: where the waiting page leads."""
        waiting = self.browser.post("/own")
        assert waiting.status_code == 200, waiting.text
        return waiting.headers["refresh"].partition("url=")[2]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    made = Served(tmp_path)
    yield made
    made.stop()
    made.browser.close()


def test_from_the_demo_to_the_firm_in_one_browser(served: Served) -> None:
    assert "给自己公司用" in served.start("--auto")
    stage = served.browser.get("/chat/demo?left=liqiang&right=chen")
    assert "给自己公司用" in stage.text
    assert served.browser.post("/own", headers={"host": "evil.example"}).status_code == 403
    assert served.browser.post("/own", headers={"origin": "https://evil.example"}).status_code == 403
    path = served.own()
    assert re.fullmatch(r"/start/[A-Za-z0-9_-]{43}", path)
    assert "公司名称" in served.open_start(path).text
    assert served.browser.get(path).status_code == 200  # looking uses nothing up
    assert served.browser.post(path, data={"firm": "", "name": "吴敏"}).status_code == 422
    assert served.browser.post(path, data={"firm": "海", "name": "吴"}, headers={"origin": "https://evil.example"}).status_code == 403
    begun = served.browser.post(path, data={"firm": "海天传媒", "name": "吴敏"})
    assert (begun.status_code, begun.headers["location"]) == (303, "/office/setup")
    page = served.browser.get("/office/setup")
    assert (page.status_code, "海天传媒" in page.text, "公司和部门" in page.text) == (200, True, True)
    assert served.browser.get(path).status_code == 410
    assert served.browser.post(path, data={"firm": "又一家", "name": "别人"}).status_code == 410
    served.stop()
    assert "启动的是公司正式的" in served.start("--auto")
    assert served.browser.get("/office/setup").status_code == 200  # the cookie is good still
    served.stop()
    assert "演示" in served.start("--demo")
    assert served.own() == "/start/open"
    assert served.open_start("/start/open").headers["location"] == "/chat"


def test_serving_an_empty_database_prints_the_link(served: Served) -> None:
    said = served.start()
    link = re.search(r"http://[^\s]+/start/([A-Za-z0-9_-]{43})", said)
    assert link is not None
    for file in served.folder.glob("paojie.db*"):
        assert link[1].encode() not in file.read_bytes()  # only its hash is kept
    assert served.browser.get(f"/start/{link[1]}").status_code == 200
    assert served.browser.get(f"/start/{'x' * 43}").status_code == 410
    assert served.browser.post("/own").status_code == 404
