"""备份 in the office: made by one button while people work, listed, and told how to get it back; the admin's alone."""

from __future__ import annotations

import asyncio

from sqlalchemy import select

from storage.backup import state
from storage.backup.check import check
from storage.backup.manifest import names
from storage.tables import audit
from tests.bot.web.office.house import Browser, House


async def test_one_button_makes_one(house: House, admin: Browser) -> None:
    assert "还没有备份过" in (await admin.get("/office/backups")).text
    assert "开始备份了" in (await admin.post("/office/backups/now")).text
    while names(house.app.backups.folder) == [] or house.app.backups.under_way is not None:  # noqa: ASYNC110  # as the page does  # noqa: ASYNC110 another thread writes it
        await asyncio.sleep(0.01)
    (name,) = names(house.app.backups.folder)
    check(house.app.backups.folder / name)
    page = (await admin.get("/office/backups")).text
    assert name in page
    assert "上一次好的备份" in page
    assert "python -m bot restore" in page
    assert (await house.read(state.read)).name == name
    assert await house.read(lambda conn: conn.execute(select(audit.c.who).where(audit.c.verb == "back_up")).scalars().all()) == ["wu"]


async def test_what_cannot_be_read_and_what_failed_is_said(house: House, admin: Browser) -> None:
    folder = house.app.backups.folder / "20261123-030000"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text("{}", encoding="ascii")
    await house.app.database.write(lambda conn: state.write(conn, state.failed(state.State(), "磁盘满了。", house.app.clock.now())))
    page = (await admin.get("/office/backups")).text
    assert "读不出来" in page
    assert "磁盘满了。" in page


async def test_not_for_others(house: House) -> None:
    async with house.browser("lin") as manager:
        assert (await manager.get("/office/backups")).status_code == 403
        assert (await manager.post("/office/backups/now", follow=False)).status_code == 403
    assert names(house.app.backups.folder) == []
