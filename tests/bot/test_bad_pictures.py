"""What is no stamped paper, from the phone through the child to the card: one sentence each, nothing refused, nothing lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

import pytest

from bot.eyes import Eyes, Seeing
from bot.rehearsal.script import PICTURES, Script
from bot.rehearsal.stage import WebStage
from tests.papers import stamped
from tests.papers.stamped import Stamp

SEAL = Stamp("上海恒达影音设备有限公司", turn=8.0)
NO_SEAL = {"emblem": stamped.emblem, "heading": stamped.heading, "logo": stamped.logo, "pen": stamped.pen}


class Stage(WebStage):
    def _eyes(self) -> Seeing:
        return Eyes(seconds=120)


@pytest.fixture
async def stage(database_url: str) -> AsyncIterator[Stage]:
    made = Stage(database_url)
    await made.open(Script(PICTURES, "", (), datetime(2026, 11, 24, 10, 0), ()))  # noqa: DTZ001 local to the firm
    yield made
    await made.close()


async def first_heard(stage: Stage, data: bytes) -> str:
    """The card of one picture before anything is read."""
    phone = await stage.phone("李强", "")
    await phone.says("盖章 恒达影音 合同", stage.now(), 1)
    await moved(stage)
    await phone.sends_photos([data], stage.now(), 1)
    said = await moved(stage)
    assert stage.kept_bytes(data)
    await phone.says("取消", stage.now(), 1)
    await moved(stage)
    return said


async def moved(stage: Stage) -> str:
    while await stage.app.fetch_once() + (await stage.app.handle_once()).moved + await stage.app.post_once():
        pass
    return "\n".join(one.text for one in await (await stage.phone("李强", "")).heard())


async def test_what_is_red_and_no_seal(stage: Stage) -> None:
    for name, draw in NO_SEAL.items():
        said = await first_heard(stage, stamped.spoilt(draw))
        assert "有印章" not in said, name
        assert ("没有看到印章。" in said) != ("有红色痕迹，请靠近重拍。" in said), name


async def test_what_is_to_be_looked_at_by_a_person(stage: Stage) -> None:
    said = await first_heard(stage, stamped.spoilt(stamped.by_hand))
    assert "已收 1 张。像是手画的，请确认是不是印章。" in said
    assert "有印章" not in said
    scan = await first_heard(stage, stamped.scanned(SEAL))
    assert "像是截图或扫描件，最好拍纸质原件。" in scan
    screen = await first_heard(stage, stamped.on_a_screen(next(stamped.contracts(1, seed=3)).data))
    assert "像是对着屏幕拍的，最好拍纸质原件。" in screen
    assert "截图" not in screen
