"""What a rep photographed, as the supervisor sees it: stamped, on the web and on the platforms, and nobody else's."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from PIL import Image
from pydantic import SecretStr
from sqlalchemy import insert, select

from bot import demo
from bot.app import App
from bot.channels.base import Event, Media
from bot.clock import StillClock
from bot.settings import Settings
from storage import callers
from storage.tables import address, person
from tests import pictures
from tests.bot.web.firm import NOW, page_of
from tests.fakes.channel import FakeChannel

SHOP = pictures.jpeg(pictures.sign("华东精密"))
CHEN, MIN = "/chat/as/chen/api", "/chat/as/zhangmin/api"


class Firm:
    """The demo's firm: 李强 on Telegram, 陈主管 in the web chat and on WeCom."""

    def __init__(self, app: App, telegram: FakeChannel, wecom: FakeChannel) -> None:
        self.app, self.telegram, self.wecom = app, telegram, wecom
        self.count = 0

    async def says(self, text: str = "", *, sender: str = "li", channel: str = "telegram", **rest: Any) -> None:
        self.count += 1
        await self.app.receive(channel, Event(str(self.count), sender, self.app.clock.now(), text=text, **rest))
        await self.app.drain()


def settle(conn: Any) -> None:
    demo.build(conn, NOW.date())
    ids = {row.account: row.id for row in conn.execute(select(person.c.id, person.c.account))}
    for account, channel, external in (("liqiang", "telegram", "li"), ("chen", "wecom", "chen"), ("zhangmin", "telegram", "min")):
        conn.execute(insert(address).values(channel=channel, external_id=external, talk_id=callers.talk_of(conn, ids[account])))


@pytest.fixture
async def firm(tmp_path: Path, database_url: str) -> AsyncIterator[Firm]:
    settings = Settings(data=tmp_path, database=SecretStr(database_url), _env_file=None)  # type: ignore[call-arg]
    telegram, wecom = FakeChannel("telegram", files={"p1": SHOP}), FakeChannel("wecom")
    app = App(settings, StillClock(NOW), {"telegram": telegram, "wecom": wecom}, loops=False)
    await app.start()
    app.demo = True
    await app.database.write(settle)
    made = Firm(app, telegram, wecom)
    await made.says("拜访 华东精密 王经理 谈续约")
    await made.says("对")
    await made.says(media=Media("p1"))
    yield made
    await app.stop()


@pytest.fixture
async def page(firm: Firm) -> AsyncIterator[httpx.AsyncClient]:
    async with page_of(firm.app) as page:
        yield page


async def asked(firm: Firm, page: httpx.AsyncClient, base: str, **said: str) -> dict[str, Any]:
    assert (await page.post(f"{base}/said", json={"id": str(uuid4()), **said})).status_code == 200
    await firm.app.drain()
    prompts: list[dict[str, Any]] = (await page.get(f"{base}/prompts", params={"after": 0})).json()["prompts"]
    return prompts[-1]


async def test_the_web_serves_the_stamped_copy_to_whom_it_was_shown(firm: Firm, page: httpx.AsyncClient) -> None:
    card = await asked(firm, page, CHEN, text="查 华东精密")
    (see,) = [option["token"] for option in card["options"] if option["label"] == "看照片"]
    shown = await asked(firm, page, CHEN, tap=see)
    (file,) = shown["attach"]
    assert (file["kind"], file["mime"]) == ("photo", "image/jpeg")
    answer = await page.get(f"{CHEN}/blobs/{file['sha256']}", params={"paper": file["paper"]})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert Image.open(io.BytesIO(answer.content)).height > Image.open(io.BytesIO(SHOP)).height
    assert (await page.get(f"{CHEN}/blobs/{file['sha256']}")).status_code == 404  # only as it was shown
    assert (await page.get(f"{CHEN}/blobs/{file['sha256']}", params={"paper": 99})).status_code == 404
    assert (await page.get(f"{MIN}/blobs/{file['sha256']}", params={"paper": file["paper"]})).status_code == 404
    forged = await asked(firm, page, MIN, tap=see)
    assert (forged["attach"], forged["text"]) == ([], "这家客户不在您名下，请问部门主管。")


async def test_a_platform_gets_the_stamped_copy(firm: Firm) -> None:
    await firm.says("查 华东精密", sender="chen", channel="wecom")
    await firm.says("看照片", sender="chen", channel="wecom")
    out = firm.wecom.sent[-1]
    assert "华东精密｜见了王经理｜谈续约｜照片 1 张" in out.prompt.text
    ((mime, data),) = out.attachments
    assert mime == "image/jpeg"
    assert Image.open(io.BytesIO(data)).height > Image.open(io.BytesIO(SHOP)).height
