"""What comes in is kept as it is, bounded and storable; a contradiction is kept aside and told."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels.base import Media
from bot.receive import body_of, event_of
from conversations.types import Point
from storage import inbox
from tests.bot.conftest import NOW, House


async def row(house: House, id: int) -> inbox.InboxRow:
    found = await house.database.read(lambda conn: inbox.row(conn, id))
    assert found is not None
    return found


@pytest.mark.parametrize(
    "what",
    [
        {"text": "a\x00b\ud83d"},
        {"text": "字" * 50_000},
        {"tap": "x" * 9000},
        {"key": "k\x00\ud83d" * 300},
        {"sender": "很长的名字" * 100},
        {"media": Media("r\x00", name="\ud83d.jpg")},
        {"place": Point(float("nan"), float("inf"))},
        {"place": Point(1e300, 0.0), "text": "在这"},
        {"callback": "c" * 5000, "album": "a" * 5000},
    ],
    ids=["nul and half a character", "long text", "long tap", "strange key", "long sender", "strange file", "nowhere", "off the earth", "long rest"],
)
async def test_whatever_it_is_it_can_be_kept_and_read_again(house: House, wang: int, what: dict[str, Any]) -> None:
    received = await house.app.receive("telegram", house.event(**{"sender": "7"} | what))
    again = await row(house, received.id)
    event = event_of(again.body, again.said_at)
    assert body_of(event) == again.body
    await house.app.drain()
    assert (await row(house, received.id)).state in ("handled", "fetch", "ready")


async def test_an_event_comes_back_as_it_was(house: House, wang: int) -> None:
    event = house.event("在", place=Point(31.2, 121.4, "人民广场"), media=Media("r", "voice", "audio/amr", 7), album="g", claimed_at=NOW)
    received = await house.app.receive("telegram", event)
    kept = await row(house, received.id)
    assert event_of(kept.body, kept.said_at) == event


async def test_a_page_that_sends_again_may_count_the_time_anew(house: House, wang: int) -> None:
    event = house.event("在")
    await house.app.receive("telegram", event)
    house.later(30)
    again = await house.app.receive("telegram", house.event("在", key=event.key))
    assert (again.new, again.quarantined) == (False, False)


async def test_a_tap_without_a_time_of_its_own_counts_from_receipt(house: House, wang: int) -> None:
    received = await house.app.receive("telegram", house.event(tap="a.today", at=NOW.replace(year=2025), timed=False))
    assert (await row(house, received.id)).said_at == house.clock.now()


async def test_contradictions_are_told_once_a_day(house: House, wang: int) -> None:
    await house.hire("wu", ("wecom", "wu"), roles=("admin",))
    for number in range(3):
        await house.app.receive("telegram", house.event(f"付 {number}", key="same"))
    await house.app.drain()
    assert len(await house.database.read(inbox.quarantined)) == 2
    assert len(house.wecom.texts) == 1
    assert "付" not in house.wecom.texts[0]
