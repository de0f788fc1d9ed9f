"""A record's picture goes out as its stamped copy, made when it is first wanted; the original stays as it came."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import func, select

from bot import stamps
from bot.channels.base import Media
from conversations import exhibits
from conversations.desk import Desk
from conversations.types import Prompt, Said
from storage import blobs, papers
from storage.tables import blob
from tests import pictures
from tests.bot.conftest import House

SHOP = pictures.jpeg(pictures.sign("恒达影音"))
PLACE = {"lat": 31.19, "lon": 121.43, "label": "漕溪北路"}


def shows(desk: Desk, said: Said) -> None:
    """A record of the picture that came, shown to who sent it."""
    if said.blob is not None:
        paper = desk.file("CustomerVisit", 1, {"place": PLACE}, said_at=said.at, blobs=[said.blob.sha256])
        desk.say(Prompt("照片", attach=(exhibits.stamped(said.blob.sha256, paper.id),)))
    elif said.text == "再看":
        (paper,) = desk.papers(person=desk.me.id)
        desk.say(Prompt("照片", attach=exhibits.of(desk, paper)))


@pytest.fixture
async def shown(house: House) -> House:
    await house.hire("李强", ("telegram", "7"), roles=("rep",))
    house.converse = shows
    await house.restart()
    house.telegram.files["p1"] = SHOP
    await house.says(media=Media("p1"))
    await house.app.drain()
    return house


def picture(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


async def copies(house: House) -> Any:
    return await house.database.read(lambda conn: conn.execute(select(func.count()).select_from(blob)).scalar_one())


async def test_the_picture_sent_from_a_record_has_its_stamp(shown: House) -> None:
    ((mime, data),) = shown.telegram.sent[-1].attachments
    assert (mime, picture(data).format) == ("image/jpeg", "JPEG")
    assert picture(data).height > picture(SHOP).height  # the strip below it


async def test_the_copy_is_made_once_and_the_original_stays(shown: House) -> None:
    (_, first), count = shown.telegram.sent[-1].attachments[0], await copies(shown)
    await shown.says("再看")
    await shown.app.drain()
    assert shown.telegram.sent[-1].attachments[0][1] == first
    assert await copies(shown) == count == 3  # as it came, upright, stamped
    (paper,) = await shown.database.read(lambda conn: [papers.one(conn, 1)])
    assert paper is not None
    assert shown.app.blobs.read(paper.blobs[0]) == SHOP


async def test_what_stands_under_it(shown: House) -> None:
    def query(conn: Any) -> tuple[str, ...]:
        paper = papers.one(conn, 1)
        assert paper is not None
        note = blobs.noted(conn, paper.blobs[0])
        assert note is not None
        return stamps.lines(paper, note, "李强", shown.settings.tz)

    assert await shown.database.read(query) == ("2026-11-24 09:00", "漕溪北路（31.19000, 121.43000）", "李强　走访-20261124-001")


async def test_what_came_late_says_both_times(house: House) -> None:
    await house.hire("李强", ("telegram", "7"), roles=("rep",))
    house.converse = shows
    await house.restart()
    house.telegram.files["p1"] = SHOP
    at = house.clock.now()
    house.later(timedelta(hours=3, minutes=5).total_seconds())
    await house.says(media=Media("p1"), at=at)
    await house.app.drain()

    def query(conn: Any) -> str:
        paper = papers.one(conn, 1)
        assert paper is not None
        note = blobs.noted(conn, paper.blobs[0])
        assert note is not None
        return stamps.lines(paper, note, "李强", house.settings.tz)[0]

    assert await house.database.read(query) == "2026-11-24 09:00（12:05 收到）"


async def test_a_picture_that_is_too_much_for_the_child_goes_without(shown: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(*_: Any) -> None:
        return None

    monkeypatch.setattr(shown.app._pictures, "stamped", never)
    await shown.database.write(lambda conn: papers.amend(conn, _one(conn), {}, None, 1, shown.clock.now()))  # another stamp
    await shown.says("再看")
    await shown.app.drain()
    ((_, data),) = shown.telegram.sent[-1].attachments
    assert picture(data).height == picture(SHOP).height


def _one(conn: Any) -> Any:
    return papers.one(conn, 1)
