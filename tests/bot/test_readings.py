"""Readings are work in the tables: each is told once, none is lost by a crash, a time-out or a restart, and one replica reads at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bot.channels.base import Outgoing
from bot.eyes import FAILED, Eyes, Seeing, Seen
from bot.readings import Readings
from bot.rehearsal.eye import Noted
from bot.rehearsal.phone import Phone
from bot.rehearsal.script import PICTURES, Script
from bot.rehearsal.stage import WebStage
from conversations import sight
from papers.sight import reader
from storage.tables import case, person
from tests.rehearsals.stages import TelegramStage

STAMPED = (PICTURES / "stamped.jpg").read_bytes()


class Blind(Noted):
    """A child that crashes over every picture, at once or only over the whole of it."""

    def __init__(self, *, wholly: bool = False) -> None:
        super().__init__()
        self._wholly = wholly
        self.asked = 0

    async def first_look(self, path: Path) -> Seen:
        return Seen(why=FAILED) if self._wholly else await super().first_look(path)

    async def look(self, path: Path) -> Seen:
        self.asked += 1
        return Seen(why=FAILED)


class Counting(Noted):
    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    async def look(self, path: Path) -> Seen:
        self.asked += 1
        return await super().look(path)


class Stage(WebStage):
    eyes: Seeing = Noted()

    def _eyes(self) -> Seeing:
        return self.eyes


@pytest.fixture
async def stage(database_url: str) -> AsyncIterator[Stage]:
    made = Stage(database_url)
    yield made
    await made.close()


async def opened(stage: Stage, eyes: Seeing) -> Phone:
    stage.eyes = eyes
    await stage.open(Script(PICTURES, "", (), datetime(2026, 11, 24, 10, 0), ()))  # noqa: DTZ001 local to the firm
    return await stage.phone("李强", "")


async def photographed(stage: Stage, phone: Phone, words: str = "盖章 恒达影音 合同") -> str:
    """Everything but the reading."""
    await phone.says(words, stage.now(), 1)
    await moved(stage)
    await phone.sends_photos([STAMPED], stage.now(), 1)
    return await moved(stage)


async def moved(stage: Stage) -> str:
    while await stage.app.fetch_once() + (await stage.app.handle_once()).moved + await stage.app.post_once():
        pass
    return await heard(stage)


async def heard(stage: Stage) -> str:
    await stage.app.post_once()
    return "\n".join(one.text for one in await (await stage.phone("李强", "")).heard())


async def states(stage: Stage) -> list[str]:
    return await stage.read(lambda conn: [*conn.execute(select(case.c.state).where(case.c.kind == sight.KIND)).scalars()])


async def test_it_is_told_once_whatever_is_restarted(stage: Stage) -> None:
    eyes = Counting()
    phone = await opened(stage, eyes)
    assert "正在读上面的字" in await photographed(stage, phone)
    await stage.restart()
    assert await stage.app.read_once() == 1
    await stage.restart()
    assert "名称一致" in await heard(stage)
    assert await stage.app.read_once() == 0
    assert (eyes.asked, await states(stage)) == (1, [sight.DONE])


@pytest.mark.parametrize("wholly", [False, True])
async def test_a_crash_is_not_read_and_the_photograph_is_kept(stage: Stage, wholly: bool) -> None:
    phone = await opened(stage, Blind(wholly=wholly))
    await photographed(stage, phone)
    assert await stage.app.read_once() == 1
    said = await heard(stage)
    assert "没有读出来" in said
    assert stage.kept_bytes(STAMPED)
    await phone.says("就用这张", stage.now(), 1)
    assert "请照着印章写上面的单位名称" in await moved(stage)


async def test_only_one_replica_reads(stage: Stage) -> None:
    eyes = Counting()
    phone = await opened(stage, eyes)
    await photographed(stage, phone)
    app = stage.app
    other = Readings(app.database, app.blobs, eyes, app.clock, stage.zone, "other")
    told = await asyncio.gather(app.read_once(), other.step())
    assert sorted(told) == [0, 1]
    assert eyes.asked == 1
    await other.close()


async def test_one_that_cannot_be_told_stops_no_other(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = await opened(stage, Noted())
    await photographed(stage, phone)

    def broken(*_: object) -> None:
        raise KeyError("presence")

    with monkeypatch.context() as patch:
        patch.setattr(sight, "arrived", broken)
        assert await stage.app.read_once() == 1
    assert await states(stage) == [sight.DONE]
    assert await stage.app.read_once() == 0


async def test_nobody_is_told_who_has_left(stage: Stage) -> None:
    phone = await opened(stage, Noted())
    await photographed(stage, phone)
    day = stage.now().date().replace(day=1)
    await stage.app.database.write(lambda conn: conn.execute(update(person).where(person.c.name == "李强").values(left_on=day)))
    assert await stage.app.read_once() == 1
    assert await heard(stage) == ""
    assert await states(stage) == [sight.DONE]


async def test_without_the_extra_it_is_typed(stage: Stage) -> None:
    phone = await opened(stage, Noted(read=False))
    await photographed(stage, phone)
    await stage.app.read_once()
    said = await heard(stage)
    assert "已收 1 张。有印章。" in said
    assert "读" not in said


@pytest.mark.skipif(not reader.installed(), reason="without the extra `eyes` nothing is read")
async def test_with_the_child_from_the_phone_to_the_card(stage: Stage) -> None:
    """Nothing in place of anything: the picture goes through the child twice."""
    phone = await opened(stage, Eyes(seconds=120))
    assert "有印章，正在读上面的字。" in await photographed(stage, phone)
    assert await stage.app.read_once() == 1
    assert "印章：上海恒达影音设备有限公司" in await heard(stage)


async def test_where_the_channel_can_it_is_the_same_card(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = TelegramStage(database_url)
    await stage.open(Script(PICTURES, "", (), datetime(2026, 11, 24, 10, 0), ()))  # noqa: DTZ001 local to the firm
    channel, sent = stage.app.channels["telegram"], []
    whole = channel.send

    async def noting(out: Outgoing) -> str:
        remote = await whole(out)
        sent.append((out.prompt.text, out.replaces, remote))
        return remote

    monkeypatch.setattr(channel, "send", noting)
    phone = await stage.phone("李强", "telegram")
    await phone.says("盖章 恒达影音 合同", stage.now(), 1)
    await stage.settle()
    await stage.move_to(stage.now() + timedelta(seconds=30))
    await phone.sends_photos([STAMPED], stage.now(), 1)
    await stage.settle()
    await stage.close()
    (_, _, _), (first, _, card), (read, replaces, _) = sent
    assert "正在读上面的字" in first
    assert "名称一致" in read
    assert replaces == card
