"""The stage in headless Chromium at phone size: everybody on the web chat's own page, logged in by cookie."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from playwright.async_api import Browser, Page, async_playwright, expect
from starlette.types import ASGIApp

from bot.rehearsal.phone import Heard, Phone
from bot.rehearsal.script import Script
from bot.web.app import Site
from storage import webbox, websessions
from tests.browser.conftest import CHROMIUM, FLAGS, PHONE
from tests.rehearsals.stages import WiredStage

YEAR = timedelta(days=365)


class BrowserStage(WiredStage):
    async def open(self, script: Script) -> None:
        self._playwright = await async_playwright().start()
        self._browser: Browser = await self._playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        await super().open(script)

    async def close(self) -> None:
        await self._browser.close()
        await self._playwright.stop()
        await super().close()

    def _front(self) -> ASGIApp:
        return Site(self.app)

    async def _new_phone(self, who: str, channel: str) -> Phone:
        person, now, token = self.person(who), self.now(), secrets.token_urlsafe(32)
        visitor = await self.app.database.write(lambda conn: websessions.begin(conn, person.id, token, now, now + YEAR, now.date()))
        if visitor is None:
            raise LookupError(who)
        context = await self._browser.new_context(**PHONE, base_url=str(self.client.base_url))
        await context.add_cookies([{"name": "paojie", "value": token, "url": str(self.client.base_url)}])
        page = await context.new_page()
        await page.clock.set_fixed_time(now)
        await page.goto("/chat")
        await expect(page.locator("#who")).to_contain_text(who)
        return BrowserPhone(self, page, visitor.address_id)


class BrowserPhone:
    """Types, taps and reads what stands on the page; the phone's own clock says when."""

    def __init__(self, stage: BrowserStage, page: Page, address_id: int) -> None:
        self._stage, self._page, self._address_id = stage, page, address_id
        self._read = 0

    async def says(self, text: str, at: datetime, times: int) -> None:
        await self._page.clock.set_fixed_time(at)
        before = await self._mine()
        await self._page.locator("#text").fill(text)
        await self._page.locator("#send").click()
        await self._arrived(before + 1)

    async def taps(self, message: Heard, label: str, at: datetime, times: int) -> None:
        await self._page.clock.set_fixed_time(at)
        before = await self._mine()
        bubble = self._page.locator(".theirs").nth(int(message.handle))
        await bubble.locator(".option").filter(has=self._page.get_by_text(label, exact=True)).click()
        await self._arrived(before + 1)

    async def sends_photos(self, pictures: Sequence[bytes], at: datetime, times: int) -> None:
        await self._page.clock.set_fixed_time(at)
        files = [{"name": f"{n}.jpg", "mimeType": "image/jpeg", "buffer": data} for n, data in enumerate(pictures)]
        before = await self._mine()
        await self._page.locator("#album-file").set_input_files(files)
        await self._arrived(before + len(files))

    async def sends_voice(self, sound: bytes, at: datetime, times: int) -> None:
        raise NotImplementedError("a recording is made by the page itself: tests/browser")

    async def sends_place(self, lat: float, lon: float, at: datetime, times: int) -> None:
        raise NotImplementedError("the place comes from the device: tests/browser")

    async def heard(self) -> Sequence[Heard]:
        rows = await self._stage.read(lambda conn: webbox.latest(conn, self._address_id, 500))
        bubbles = self._page.locator(".theirs")
        await expect(bubbles).to_have_count(len(rows), timeout=15_000)
        new = [await self._heard(n) for n in range(self._read, len(rows))]
        self._read = len(rows)
        return new

    async def _heard(self, n: int) -> Heard:
        bubble = self._page.locator(".theirs").nth(n)
        text = "\n".join(await bubble.locator(".head, .words").all_inner_texts())
        labels = await bubble.locator(".option > span:not(.number)").all_inner_texts()
        return Heard(text, tuple(labels), str(n))

    async def _mine(self) -> int:
        return await self._page.locator(".mine").count()

    async def _arrived(self, count: int) -> None:
        """All of it stands on the page and everything sent has its tick, so it is in the inbox."""
        for _ in range(400):
            await asyncio.sleep(0.05)
            if await self._mine() >= count and await self._page.locator('.mine:not([data-state="sent"])').count() == 0:
                return
        raise TimeoutError("the page did not send")
