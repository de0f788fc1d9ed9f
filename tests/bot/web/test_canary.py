"""Secrets typed in the browser stand in no line of the log, in no row of the database and on no page afterwards, whatever goes wrong meanwhile."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from sqlalchemy import select

from bot import logs
from bot.web.office.pages import PAGES
from storage.database import Connection
from storage.tables import metadata
from tests.bot.web.test_setup import ENTERED, Admin
from tests.fakes import telegram, wecom
from tests.fakes.telegram import TelegramServer
from tests.fakes.wecom import WeComServer

WRONG = "another-app-s-secret-CANARY"
WRONG_TOKEN = "4839574812:" + "CANARY" * 6


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """The log as the server writes it, and louder than it is set: what the libraries say is hidden too."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in logs.QUIET}
    logs.set_up(readable=False)
    written = io.StringIO()
    root.handlers[0].setStream(written)  # type: ignore[attr-defined]
    for name in levels:
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield written
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, was in levels.items():
        logging.getLogger(name).setLevel(was)
    structlog.reset_defaults()


def everything(conn: Connection) -> str:
    return repr([tuple(row) for table in metadata.sorted_tables for row in conn.execute(select(table))])


async def test_nothing_entered_is_seen_again(database_url: str, tmp_path: Path, lines: io.StringIO) -> None:
    with WeComServer() as weixin, TelegramServer() as tg:
        admin = Admin(tmp_path, database_url, weixin, tg)
        await admin.begin()
        await admin.post("/wecom", 422, **ENTERED | {"secret": WRONG})
        await admin.post("/wecom", **ENTERED)
        token, aes_key = admin.values(await admin.get("/wecom"))
        await admin.post("/telegram", 422, token=WRONG_TOKEN)
        await admin.post("/telegram", token=telegram.TOKEN)
        for path, how in (("getcallbackip", 60020), ("gettoken", 500), ("gettoken", "html"), ("message/send", "cut"), ("message/send", 40014)):
            weixin.fail(path, how)
            await admin.get("/wecom?check=1")
            await admin.post("/test/send/wecom", account="wumin")
            await admin.app.post_once()
        assert await admin.verifies(token, "A" * 43) == 400
        assert await admin.verifies(token, aes_key) == 200
        await admin.app.drain()
        secrets = [wecom.SECRET, WRONG, token, aes_key, telegram.TOKEN, telegram.TOKEN.partition(":")[2], WRONG_TOKEN]

        stored = await admin.app.database.read(everything)
        assert [one for one in secrets if one in stored] == []
        for file in tmp_path.glob("paojie.db*"):
            raw = file.read_bytes()
            assert [one for one in secrets if one.encode() in raw] == []

        pages = [page.path for page in PAGES if "GET" in page.methods and "admin" in page.roles and "{" not in page.path]
        for path in pages:
            shown = (await admin.page.get(path)).text
            assert [one for one in secrets if one in shown] == [], path
        assert {"/office/setup/wecom", "/office/setup/telegram", "/office/exports", "/office/undelivered"} <= set(pages)
        taken = await admin.page.get("/office/exports/settings")
        assert taken.status_code == 200
        assert [one for one in secrets if one.encode() in taken.content] == []
        await admin.close()

    told = lines.getvalue()
    assert len(re.findall('"event"', told)) > 10  # the libraries were loud
    assert [one for one in secrets if one in told] == []
