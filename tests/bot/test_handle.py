"""One unit an event, oldest first, nothing lost: redelivery, failure, restart between any two steps."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.handle import EDITED, KEPT
from conversations.desk import Desk
from conversations.types import Said, TooNew
from storage import inbox
from tests.bot.conftest import House, echo


async def test_what_is_said_is_answered(house: House, wang: int) -> None:
    received = await house.says("你好")
    assert (received.new, received.talk_id) == (True, wang)
    await house.app.drain()
    assert house.telegram.texts == ["你好"]
    assert house.telegram.sent[0].to == "7"
    assert await house.database.read(inbox.waiting) == 0


async def test_a_redelivered_event_is_answered_once(house: House, wang: int) -> None:
    event = house.event("你好")
    for _ in range(3):
        await house.app.receive("telegram", event)
        await house.app.drain()
        await house.app.receive("telegram", event)
    await house.app.drain()
    assert house.telegram.texts == ["你好"]


async def test_another_body_under_the_same_key_is_set_aside_and_never_handled(house: House, wang: int) -> None:
    event = house.event("付 100")
    await house.app.receive("telegram", event)
    forged = house.event("付 900", key=event.key)
    assert (await house.app.receive("telegram", forged)).quarantined
    await house.app.drain()
    assert house.telegram.texts == ["付 100"]
    assert [row.body["text"] for row in await house.database.read(inbox.quarantined)] == ["付 900"]


async def test_one_talk_over_two_channels_is_in_order_and_answered_where_it_was_said(house: House, wang: int) -> None:
    await house.says("一")
    await house.says("二", "wecom", "wang")
    await house.says("三")
    await house.app.drain()
    assert (house.telegram.texts, house.wecom.texts) == (["一", "三"], ["二"])


async def test_a_restart_between_any_two_steps_changes_nothing(house: House, wang: int) -> None:
    await house.says("一")
    await house.says("二")
    await house.restart()
    for _ in range(2):
        for step in ("fetch_once", "handle_once", "post_once"):
            await getattr(house.app, step)()
            await house.restart()
    await house.app.drain()
    await house.restart()
    await house.app.drain()
    assert house.telegram.texts == ["一", "二"]


async def test_five_failures_park_it_and_the_talk_goes_on(house: House, wang: int) -> None:
    await house.hire("wu", ("telegram", "9"), roles=("admin",))
    bad = await house.says("错的话")
    await house.says("好的话")
    await house.app.drain()
    answers = [out.prompt.text for out in house.telegram.sent if out.to == "7"]
    assert answers == [KEPT, "好的话"]
    (row,) = await house.database.read(inbox.parked)
    assert (row.id, row.attempts, row.body["text"]) == (bad.id, 5, "错的话")
    assert row.error.startswith("KeyError conftest.py")
    assert "错的话" not in row.error
    (told,) = [out.prompt.text for out in house.telegram.sent if out.to == "9"]
    assert "没送到的消息" in told


async def test_a_parked_message_can_be_taken_up_again(house: House, wang: int) -> None:
    bad = await house.says("错的话")
    await house.app.drain()
    house.converse = lambda desk, said: echo(desk, Said(said.at, said.received, text="现在行了"))
    await house.restart()
    await house.database.write(lambda conn: inbox.unpark(conn, bad.id))
    await house.app.drain()
    assert house.telegram.texts == [KEPT, "现在行了"]


async def test_a_failure_leaves_nothing_behind(house: House, wang: int) -> None:
    def half(desk: Desk, said: Said) -> None:
        echo(desk, said)
        raise ValueError

    house.converse = half
    await house.restart()
    await house.says("你好")
    await house.app.drain()
    assert house.telegram.texts == [KEPT]


async def test_what_is_too_new_is_left_to_a_newer_replica(house: House, wang: int) -> None:
    def older(desk: Desk, said: Said) -> None:
        raise TooNew

    house.converse = older
    await house.restart()
    await house.says("你好")
    await house.says("在吗", "wecom", "zhang")
    await house.app.drain()
    assert house.telegram.texts == []
    assert await house.database.read(inbox.waiting) == 1
    house.converse = echo
    await house.restart()
    await house.app.drain()
    assert house.telegram.texts == ["你好"]


async def test_a_late_message_carries_both_times(house: House, wang: int) -> None:
    seen: list[Said] = []
    house.converse = lambda desk, said: seen.append(said)
    await house.restart()
    said_at = house.clock.now() - timedelta(hours=3)
    await house.says("10:20 拜访", at=said_at)
    await house.app.drain()
    assert (seen[0].at, seen[0].received, seen[0].late) == (said_at, house.clock.now(), True)


@pytest.mark.parametrize(
    ("claimed", "kept"),
    [(timedelta(minutes=-40), timedelta(minutes=-40)), (timedelta(days=-30), timedelta(0)), (timedelta(days=2), timedelta(0))],
)
async def test_the_phones_own_time_counts_where_it_can_be_true(house: House, wang: int, claimed: timedelta, kept: timedelta) -> None:
    seen: list[Said] = []
    house.converse = lambda desk, said: seen.append(said)
    await house.restart()
    now = house.clock.now()
    await house.says("拜访", claimed_at=now + claimed)
    await house.app.drain()
    assert seen[0].at == now + kept


async def test_a_place_that_was_not_sent_by_hand_is_neither_kept_nor_heard(house: House, wang: int) -> None:
    from conversations.types import Point

    received = await house.says(kind="place_report", place=Point(31.2, 121.4))
    await house.app.drain()
    assert house.telegram.texts == []

    def body(conn: object) -> object:
        return inbox.row(conn, received.id).body["place"]  # type: ignore[arg-type, union-attr]

    assert await house.database.read(body) is None


async def test_an_edited_message_is_told_that_it_changes_nothing(house: House, wang: int) -> None:
    await house.says("改了", edit=True)
    await house.app.drain()
    assert house.telegram.texts == [EDITED]


async def test_a_tap_is_acknowledged_after_it_is_handled(house: House, wang: int) -> None:
    await house.says(tap="a.today", callback="q1")
    await house.app.drain()
    assert (house.telegram.acknowledged, house.telegram.texts) == (["q1"], ["a.today"])


async def test_blocking_ends_the_address_and_speaking_revives_it(house: House, wang: int) -> None:
    await house.says(kind="blocked")
    await house.app.drain()
    await house.database.write(lambda conn: _push(conn, wang, "推送"))
    await house.app.drain()
    assert (house.telegram.texts, house.wecom.texts) == ([], ["推送"])
    await house.says("我回来了")
    await house.app.drain()
    assert house.telegram.texts == ["我回来了"]


def _push(conn: object, talk_id: int, text: str) -> int:
    from storage import outbox
    from tests.bot.conftest import NOW
    from tests.storage.world import a_prompt

    return outbox.put(conn, talk_id, "reminder", a_prompt(text), now=NOW, pushed=True)  # type: ignore[arg-type]
