"""Sending: in order, at least once, paced, to the next address when one fails, never lost."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.channels.base import AddressDead, Capabilities, Refused, RetryLater
from bot.channels.webchat import WebChat
from conversations.types import Option, Prompt
from storage import blobs, leases, outbox, shown, webbox
from storage.codec import prompt_json
from tests.bot.conftest import House


async def put(house: House, talk_id: int, text: str, lane: str = "reminder", **rest: Any) -> int:
    prompt = rest.pop("prompt", None) or Prompt(text)
    now = house.clock.now()
    return await house.database.write(lambda conn: outbox.put(conn, talk_id, lane, prompt_json(prompt), now=now, **{"pushed": True} | rest))


async def parked(house: House) -> list[str]:
    return [row.error for row in await house.database.read(shown.parked)]


async def test_a_restart_between_claim_and_send_says_it_all_the_same(house: House, wang: int) -> None:
    await put(house, wang, "一")
    house.telegram.gate = asyncio.Event()
    post = house.app.connections.posts["telegram"]
    assert await post.step() == 1
    for task in post._busy.values():
        task.cancel()  # the process dies
    house.telegram.gate = None
    await house.restart()
    house.later(61)
    await house.app.drain()
    assert house.telegram.texts == ["一"]


async def test_who_takes_over_is_told_what_was_sent_lately(house: House, wang: int) -> None:
    await put(house, wang, "一")
    await house.app.drain()
    await house.restart()
    house.telegram.recalled.clear()
    house.later(10)
    for text in ("二", "三"):
        await put(house, wang, text)
    await house.app.drain()
    assert house.telegram.recalled == [("7", house.clock.now() - timedelta(seconds=10))]


async def test_what_the_platform_postpones_waits_and_holds_up_only_its_lane(house: House, wang: int) -> None:
    house.telegram.trouble = [RetryLater(30, "429")]
    await put(house, wang, "一")
    await put(house, wang, "二")
    await house.app.drain()
    await house.says("在吗")
    await house.app.drain()
    assert house.telegram.texts == ["在吗"]
    house.later(30)
    await house.app.drain()
    assert house.telegram.texts == ["在吗", "一\n\n二"]


async def test_a_channel_that_must_wait_sends_nothing_to_anybody(house: House, wang: int) -> None:
    zhang = await house.hire("zhang", ("telegram", "8"))
    house.telegram.trouble = [RetryLater(30, "429", everyone=True)]
    await put(house, wang, "一")
    await house.app.drain()
    await put(house, zhang, "二")
    await house.app.drain()
    assert house.telegram.texts == []
    house.later(30)
    await house.app.drain()
    assert sorted(house.telegram.texts) == ["一", "二"]


async def test_a_send_that_may_have_happened_is_repeated(house: House, wang: int) -> None:
    house.telegram.trouble = [RetryLater(5, "time-out", maybe_sent=True)]
    await put(house, wang, "一")
    await house.app.drain()
    house.later(5)
    await house.app.drain()
    assert house.telegram.texts == ["一"]
    assert house.app.metrics.sent.labels("telegram", "ambiguous")._value.get() == 1


async def test_a_dead_address_hands_over_to_the_next_at_once(house: House, wang: int) -> None:
    house.telegram.trouble = [AddressDead("blocked")]
    await put(house, wang, "一")
    await put(house, wang, "二")
    await house.app.drain()
    assert (house.telegram.texts, house.wecom.texts) == ([], ["一", "二"])


async def test_without_another_address_it_is_kept_and_an_admin_hears(house: House) -> None:
    zhang = await house.hire("zhang", ("telegram", "8"))
    await house.hire("wu", ("wecom", "wu"), roles=("admin",))
    house.telegram.trouble = [AddressDead("blocked")]
    await put(house, zhang, "一")
    await house.app.drain()
    assert await parked(house) == ["no address"]
    (told,) = house.wecom.texts
    assert "收不到消息" in told
    await house.says("我又来了", sender="8")
    await house.app.drain()
    await house.database.write(lambda conn: [outbox.unpark(conn, row.id) for row in shown.parked(conn)])
    await house.app.drain()
    assert house.telegram.texts == ["我又来了", "一"]


async def test_a_refused_message_is_parked_the_admin_told_and_the_next_goes(house: House, wang: int) -> None:
    await house.hire("wu", ("wecom", "wu"), roles=("admin",))
    house.telegram.trouble = [Refused("400 too long")]
    await put(house, wang, "一")
    await put(house, wang, "二")
    await house.app.drain()
    assert house.telegram.texts == ["二"]
    assert await parked(house) == ["refused: 400 too long"]
    assert "没送到的消息" in house.wecom.texts[0]


async def test_a_refused_note_to_an_admin_tells_nobody_again(house: House, wang: int) -> None:
    await house.hire("wu", ("wecom", "wu"), roles=("admin",))
    house.telegram.trouble = [Refused("400")]
    house.wecom.trouble = [Refused("400")]
    await put(house, wang, "一")
    await house.app.drain()
    assert len(await parked(house)) == 2
    assert house.wecom.texts == []


async def test_a_channel_that_breaks_is_tried_five_times(house: House, wang: int) -> None:
    house.telegram.trouble = [KeyError("ours")] * 5
    await put(house, wang, "一")
    for _ in range(6):
        await house.app.drain()
        house.later(60)
    assert await parked(house) == ["KeyError"]


async def test_an_emergency_takes_the_other_address_at_the_first_trouble(house: House, wang: int) -> None:
    house.telegram.trouble = [RetryLater(300, "down")]
    await put(house, wang, "跑水", "emergency")
    await house.app.drain()
    assert house.wecom.texts == ["跑水"]


async def test_an_emergency_does_not_wait_for_the_other_lanes(house: House, wang: int) -> None:
    house.telegram.gate = asyncio.Event()
    await put(house, wang, "日报", "digest")
    post = house.app.connections.posts["telegram"]
    assert await post.step(["digest"]) == 1
    await put(house, wang, "跑水", "emergency")
    assert await post.step(["emergency"]) == 1
    house.telegram.gate.set()
    await post.settle()
    assert sorted(house.telegram.texts) == ["日报", "跑水"]


async def test_after_six_tries_the_next_address_is_taken(house: House, wang: int) -> None:
    house.telegram.trouble = [RetryLater(1, "502")] * 6
    await put(house, wang, "一")
    for _ in range(8):
        await house.app.drain()
        house.later(60)
    assert (house.telegram.texts, house.wecom.texts) == ([], ["一"])


async def test_what_waits_is_said_as_one_with_all_its_buttons(house: House, wang: int) -> None:
    house.telegram.trouble = [RetryLater(20, "20 a minute")]
    await put(house, wang, "一")
    await put(house, wang, "", prompt=Prompt("二", title="日志", options=(Option("补上", "a.x"),)))
    await put(house, wang, "", prompt=Prompt("三", options=(Option("知道了", "a.y"),)))
    await put(house, wang, "", prompt=Prompt("四", ref="s1.2"))
    await house.app.drain()
    house.later(20)
    await house.app.drain()
    assert house.telegram.texts == ["一\n\n【日志】\n二\n\n三", "四"]
    assert [option.label for option in house.telegram.sent[0].prompt.options] == ["补上", "知道了"]
    assert await house.database.read(shown.waiting) == {}


async def test_an_album_counts_on_in_the_same_message_where_that_can_be_edited(house: House, wang: int) -> None:
    house.telegram.can = Capabilities(buttons=6, text_units=2000, text_unit="characters", button_label=16, edits=True)
    for text in ("已收 1 张", "已收 2 张"):
        await put(house, wang, text, "reply", coalesce_key="album:1")
        await house.app.drain()
    await put(house, wang, "别的", "reply")
    await house.app.drain()
    await put(house, wang, "已收 3 张", "reply", coalesce_key="album:1")
    await house.app.drain()
    assert [out.replaces for out in house.telegram.sent] == ["", "telegram-1", "", ""]


async def test_later_it_is_said_anew_below_what_the_person_sent_in_between(house: House, wang: int) -> None:
    house.telegram.can = Capabilities(buttons=6, text_units=2000, text_unit="characters", button_label=16, edits=True)
    for text in ("已收 1 张", "已收 2 张"):
        await put(house, wang, text, "reply", coalesce_key="album:1")
        await house.app.drain()
        house.later(60)
    assert [out.replaces for out in house.telegram.sent] == ["", ""]


async def test_attachments_go_as_the_clean_copy(house: House, wang: int) -> None:
    original, clean = house.app.blobs.put(b"with gps"), house.app.blobs.put(b"clean")
    now = house.clock.now()
    await house.database.write(lambda conn: blobs.note(conn, original, "image/png", 8, {"upright": clean}, now))
    gone = "0" * 64
    await put(house, wang, "", prompt=Prompt("照片", attach=(original, gone)))
    await house.app.drain()
    assert house.telegram.sent[0].attachments == [("image/jpeg", b"clean")]


class TestTwoReplicas:
    @pytest.mark.only("postgresql")  # one server per SQLite file
    async def test_one_sends_the_other_waits_until_it_falls_silent(self, house: House, wang: int) -> None:
        other = House(house.settings.database_url, house.settings.data)
        await other.open()
        await put(house, wang, "一")
        await house.app.drain()
        await put(house, wang, "二")
        await other.app.drain()
        assert (house.telegram.texts, other.telegram.texts) == (["一"], [])
        await house.app.connections.posts["telegram"].close()
        await other.app.drain()
        assert (house.telegram.texts, other.telegram.texts) == (["一"], ["二"])
        await other.app.stop()


class TestWeb:
    async def test_it_is_ready_for_the_page_before_the_page_is_woken(self, house: House) -> None:
        talk = await house.hire("li", ("web", "li"))
        web = house.app.channels["web"]
        assert isinstance(web, WebChat)
        with web.listening("li") as woken:
            await put(house, talk, "一", "reply")
            await house.app.drain()
            assert woken.is_set()
        address = await house.database.read(lambda conn: outbox_address(conn, talk))
        assert [row.prompt.text for row in await house.database.read(lambda conn: webbox.for_web(conn, address, 0, 9))] == ["一"]

    async def test_what_no_page_fetched_goes_elsewhere(self, house: House) -> None:
        talk = await house.hire("li", ("web", "li"), ("wecom", "li"))
        await put(house, talk, "一", "reminder")
        await put(house, talk, "跑水", "emergency")
        await house.app.drain()
        house.later(3)
        await house.app.drain()
        assert house.wecom.texts == ["跑水"]
        await house.app.advance_to(house.clock.now() + timedelta(seconds=60))
        assert house.wecom.texts == ["跑水", "一"]


def outbox_address(conn: Any, talk_id: int) -> int:
    from sqlalchemy import select

    from storage.tables import address

    return int(conn.execute(select(address.c.id).where(address.c.talk_id == talk_id)).scalar_one())


class TestAnEmergencyWaitsForNothing:
    async def test_not_behind_another_of_the_same_person_that_waits(self, house: House, wang: int) -> None:
        """One address only: the first is told to wait five minutes, the second goes all the same."""
        await house.database.write(lambda conn: outbox.address_dead(conn, wecom_of(conn, wang), "gone", house.clock.now()))
        house.telegram.trouble = [RetryLater(300, "429")]
        await put(house, wang, "跑水", "emergency")
        await house.app.drain()
        await put(house, wang, "漏电", "emergency")
        await house.app.drain()
        assert house.telegram.texts == ["漏电"]

    async def test_both_channels_are_tried_every_second(self, house: House, wang: int) -> None:
        house.telegram.trouble, house.wecom.trouble = [RetryLater(300, "down")] * 3, [RetryLater(300, "down")] * 3
        await put(house, wang, "跑水", "emergency")
        for _ in range(3):
            await house.app.drain()
            house.later(1)
        await house.app.drain()
        assert house.telegram.texts + house.wecom.texts == ["跑水"]

    async def test_it_falls_over_to_a_channel_whose_senders_changed_less_often(self, house: House, wang: int) -> None:
        for holder in ("one", "two", "three"):
            await house.database.write(lambda conn, holder=holder: leases.take(conn, "post:telegram", holder, 0.0))
        house.telegram.trouble = [RetryLater(300, "down")]
        await put(house, wang, "跑水", "emergency")
        await house.app.drain()
        assert house.wecom.texts == ["跑水"]

    async def test_a_replica_that_stopped_keeps_it_for_three_seconds(self, house: House, wang: int) -> None:
        for channel in ("telegram", "wecom"):
            await house.database.write(lambda conn, channel=channel: leases.take(conn, f"post:{channel}", "the one that stopped", 600.0))
        await put(house, wang, "日报", "digest")
        await put(house, wang, "跑水", "emergency")
        await house.app.drain()
        assert house.telegram.texts == []
        house.later(3)
        await house.app.drain()
        assert house.telegram.texts == ["跑水"]

    async def test_a_send_that_hangs_is_taken_over_after_five(self, house: House, wang: int) -> None:
        house.telegram.gate = asyncio.Event()
        await put(house, wang, "跑水", "emergency")
        post = house.app.connections.posts["telegram"]
        assert await post.step() == 1
        for task in post._busy.values():
            task.cancel()  # the process dies
        house.telegram.gate = None
        await house.restart()
        house.later(6)
        await house.app.drain()
        assert house.telegram.texts == ["跑水"]


def wecom_of(conn: Any, talk_id: int) -> int:
    from sqlalchemy import select

    from storage.tables import address

    return int(conn.execute(select(address.c.id).where(address.c.talk_id == talk_id, address.c.channel == "wecom")).scalar_one())
