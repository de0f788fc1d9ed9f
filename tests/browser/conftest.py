"""A real server on a free port and Debian's Chromium at the size of a phone."""

from __future__ import annotations

import asyncio
import io
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from socket import socket
from typing import Any

import pytest
import uvicorn
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bot.app import App
from bot.clock import Clock
from bot.web.app import Site
from tests.bot.web.firm import NOW, running

ROOT = Path(__file__).parents[2]
CHROMIUM = Path(os.environ.get("PAOJIE_CHROMIUM", "/usr/bin/chromium"))
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
]
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
    "locale": "zh-CN",
    "timezone_id": "Asia/Shanghai",
}
SHOTS = os.environ.get("PAOJIE_SCREENSHOTS")  # a folder; without it pictures are made and thrown away


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="package")  # no longer: playwright's loop would be in the way of asynchronous tests
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        if os.environ.get("PAOJIE_CI"):
            pytest.fail(f"no Chromium at {CHROMIUM}: the page would go untested")
        pytest.skip(f"no Chromium at {CHROMIUM} (apt install chromium fonts-noto-cjk): the page goes untested")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Announcing(uvicorn.Server):
    """Says when it listens."""

    def __init__(self, config: uvicorn.Config, up: threading.Event) -> None:
        super().__init__(config)
        self._up = up

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        self._up.set()


class Server:
    """The firm behind a real port; it can be switched off and on again on the same data and port."""

    def __init__(self, folder: Path, run: Callable[..., Any] = running, **how: Any) -> None:
        self._folder, self._run, self._how = folder, run, how
        with closing(socket()) as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.app: App
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._up = threading.Event()
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))
        self._thread.start()
        if not self._up.wait(30) or self._error:
            raise RuntimeError("the server did not start") from self._error

    def stop(self) -> None:
        if self._thread is not None:
            self._uvicorn.should_exit = True
            self._loop.call_soon_threadsafe(lambda: self._loop.create_task(self.app.quiet()))
            self._thread.join(20)
            self._thread = None

    def run(self, work: Any) -> Any:
        """A coroutine inside the server."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    async def _serve(self) -> None:
        try:
            self._loop = asyncio.get_running_loop()
            async with self._run(self._folder, loops=True, **self._how) as self.app:
                config = uvicorn.Config(Site(self.app), port=self.port, log_config=None, timeout_graceful_shutdown=1)
                self._uvicorn = Announcing(config, self._up)
                await self._uvicorn.serve()
        except BaseException as error:
            self._error = error
            self._up.set()
            raise


def clock_at(moment: datetime) -> Clock:
    clock = Clock()
    clock.move_to(moment)
    return clock


@pytest.fixture
def how() -> dict[str, Any]:
    """How the firm is served; a module may say otherwise."""
    return {"clock": clock_at(NOW)}


@pytest.fixture
def server(tmp_path: Path, how: dict[str, Any]) -> Iterator[Server]:
    server = Server(tmp_path, **how)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def phone(browser: Browser, server: Server) -> Iterator[BrowserContext]:
    """Fails when the page writes an error to its console, or asks anybody but the server."""
    yield from watched(browser.new_context(**PHONE, base_url=server.url), server)


@pytest.fixture
def wire(browser: Browser, server: Server) -> Iterator[BrowserContext]:
    """A phone whose requests a test may take away: routes do not see what passes a service worker."""
    yield from watched(browser.new_context(**PHONE, base_url=server.url, service_workers="block"), server)


def watched(context: BrowserContext, server: Server) -> Iterator[BrowserContext]:
    context.grant_permissions(["geolocation", "microphone"])
    context.set_geolocation({"latitude": 31.2304, "longitude": 121.4737})
    asked: list[str] = []
    wrong: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    context.on(
        "console", lambda message: wrong.append(message.text) if message.type == "error" and "Failed to load resource" not in message.text else None
    )
    context.on("weberror", lambda error: wrong.append(str(error.error)))
    context.set_default_timeout(10_000)
    yield context
    context.close()
    assert [url for url in asked if not url.startswith((server.url, "blob:", "data:"))] == []
    assert [text for text in wrong if "Failed to load resource" not in text] == []  # that is what offline looks like


@pytest.fixture
def shoot(tmp_path: Path) -> Callable[[Page, str], None]:
    def shoot(page: Page, name: str) -> None:
        folder = Path(SHOTS) if SHOTS else tmp_path
        picture = Image.open(io.BytesIO(page.screenshot(animations="disabled")))
        picture.save(folder / f"{name}.webp", quality=82, method=6)

    return shoot
