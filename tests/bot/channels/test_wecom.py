"""The channel as post and the webhook use it, over a real socket to the fake."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.base import AddressDead, Event, Outgoing, Refused, RetryLater
from bot.channels.wecom import WeCom
from bot.channels.wecom_menu import MENU
from bot.rehearsal import phone as rehearsal
from conversations.types import Option, Prompt
from tests.fakes.wecom import AES_KEY, AGENT_ID, CORP_ID, SECRET, TOKEN, WeComServer
from tests.fakes.wecom_hand import WeComHand
from tests.fakes.wecom_phone import Phone, Query, posting

SEND = "message/send"
ASK = Prompt("记成这样，对吗？", (Option("对，存下", "s12.3.yes", main=True), Option("改一处", "s12.3.edit")), ref="s12.3")
PICTURES = (("image/jpeg", b"\xff\xd8door" * 9), ("image/jpeg", b"\xff\xd8card" * 9))


class World:
    """The fake, the channel, a phone, and the time they share."""

    def __init__(self, server: WeComServer) -> None:
        self.now = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
        self.server = server
        server.reset()
        server.now = lambda: self.now
        self.channel = self.again()
        self.events: list[Event] = []
        self.phone = Phone(server, self._deliver)

    def again(self, **rest: Any) -> WeCom:
        given: dict[str, Any] = {"corp_id": CORP_ID, "agent_id": AGENT_ID, "secret": SECRET, "token": TOKEN, "aes_key": AES_KEY}
        return WeCom(now=lambda: self.now, api=self.server.url, patience=0.3, **given | rest)

    async def _deliver(self, query: Query, body: bytes) -> int:
        self.events += await self.channel.read(query=query, headers={}, body=body)
        return 200

    async def send(self, prompt: Prompt, id: int = 1, lane: str = "reply", to: str = "liqiang", **rest: Any) -> str:
        return await self.channel.send(Outgoing(id=id, to=to, prompt=prompt, lane=lane, **rest))

    def texts(self, userid: str = "liqiang") -> list[str]:
        return [heard.text for heard in self.server.heard(userid)]


@pytest.fixture(scope="module")
def running() -> Iterator[WeComServer]:
    with WeComServer() as server:
        yield server


@pytest.fixture
async def world(running: WeComServer) -> AsyncIterator[World]:
    world = World(running)
    yield world
    await world.channel.close()


async def test_a_question_its_tap_and_the_greyed_card(world: World) -> None:
    await world.send(ASK)
    (card,) = world.server.heard("liqiang")
    assert (card.text, card.labels) == ("记成这样，对吗？", ("对，存下", "改一处"))
    await world.phone.taps("LiQiang", "对，存下", times=2)
    first, again = world.events
    assert first == again
    assert (first.sender, first.tap) == ("liqiang", "s12.3.yes")
    await world.channel.acknowledge(first)
    assert card.greyed == "已收到"
    await world.channel.acknowledge(first, "再来一次")  # the code is used up: nothing happens, nothing raises
    assert card.greyed == "已收到"


async def test_a_person_who_wants_text_types_the_number(world: World) -> None:
    await world.send(ASK, cards="text")
    await world.phone.taps("liqiang", "改一处")
    assert [event.text for event in world.events] == ["2"]


async def test_the_platform_delivers_until_it_is_answered(world: World) -> None:
    """Over HTTP, as to the real webhook: four attempts, each sealed anew, the message the same."""
    answers = [500, 503, 200]

    async def callback(request: Request) -> Response:
        world.events += await world.channel.read(query=request.query_params, headers=request.headers, body=await request.body())
        return Response(status_code=answers.pop(0) if answers else 500)

    app = Starlette(routes=[Route("/wecom/callback", callback, methods=["POST"])])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://paojie.example") as client:
        phone = Phone(world.server, posting(client))
        assert await phone.says("liqiang", "拜访 + 100% & 华东") == [500, 503, 200]
        assert await phone.says("liqiang", "再说一次") == [500, 500, 500, 500]
    assert [event.text for event in world.events] == ["拜访 + 100% & 华东"] * 3 + ["再说一次"] * 4
    assert len({event.key for event in world.events}) == 2


async def test_a_rehearsal_holds_the_phone(world: World) -> None:
    hand: rehearsal.Phone = WeComHand(world.phone, "liqiang")
    await world.send(ASK, id=1)
    await world.send(Prompt("哪一家？\n3. 不算", tuple(Option(f"第{n}家", f"s12.4.{n}") for n in range(1, 9))), id=2)
    await world.send(ASK, id=3, cards="text")
    card, older, newer = await hand.heard()
    assert (card.buttons, older.buttons[-1], newer.buttons) == (("对，存下", "改一处"), "第8家", ("对，存下", "改一处"))
    await hand.taps(card, "改一处", world.now, 1)
    await hand.taps(older, "第2家", world.now, 1)
    await hand.taps(newer, "改一处", world.now, 1)
    await hand.sends_photos([b"picture 1", b"picture 2"], world.now - timedelta(hours=3), 2)
    assert [event.tap or event.text for event in world.events[:3]] == ["s12.3.edit", "第2家", "2"]
    assert len({event.key for event in world.events[3:]}) == 2
    assert await hand.heard() == []


async def test_the_menu_is_put_up_and_its_words_are_typed(world: World) -> None:
    await world.channel.start()
    while not world.server.menu:  # noqa: ASYNC110  # it is set in the server's thread
        await asyncio.sleep(0.005)
    for _, words in MENU:
        for word in words:
            await world.phone.clicks("liqiang", word)
    assert [event.text for event in world.events] == [word for _, words in MENU for word in words]


async def test_starting_does_not_wait_for_a_silent_platform(world: World) -> None:
    world.server.fail("gettoken", "unheard", times=9)
    await world.channel.start()
    assert world.server.calls["menu/create"] == 0


class TestPartialFailure:
    async def test_somebody_who_left(self, world: World) -> None:
        world.server.left.add("liqiang")
        with pytest.raises(AddressDead):
            await world.send(ASK)

    async def test_somebody_without_a_licence_although_the_answer_says_ok(self, world: World) -> None:
        world.server.unlicensed.add("liqiang")
        with pytest.raises(AddressDead, match="unlicenseduser"):
            await world.send(ASK)
        assert world.texts() == []

    async def test_others_are_not_touched(self, world: World) -> None:
        world.server.unlicensed.add("liqiang2")
        assert await world.send(ASK)


class TestParts:
    async def test_pictures_come_before_the_question(self, world: World) -> None:
        await world.send(ASK, attachments=PICTURES)
        assert [(heard.kind, heard.file) for heard in world.server.heard("liqiang")] == [
            ("image", PICTURES[0][1]),
            ("image", PICTURES[1][1]),
            ("template_card", None),
        ]

    async def test_a_retry_goes_on_where_it_stopped(self, world: World) -> None:
        for how in (-1, 45009, 502):
            world.server.fail(SEND, how)
        for _ in range(3):
            with pytest.raises(RetryLater):
                await world.send(ASK, attachments=PICTURES)
        await world.send(ASK, attachments=PICTURES)
        world.server.fail("media/upload", "html")
        with pytest.raises(RetryLater):
            await world.send(Prompt("二"), id=2, attachments=PICTURES)
        await world.send(Prompt("二"), id=2, attachments=PICTURES)
        assert [heard.kind for heard in world.server.heard("liqiang")] == ["image", "image", "template_card", "image", "image", "text"]

    async def test_a_send_cut_short_goes_on_where_it_stopped(self, world: World) -> None:
        """The caller's patience may end before ours."""
        world.server.fail(SEND, "ok")
        world.server.fail(SEND, "unheard")
        with pytest.raises((TimeoutError, RetryLater)):
            async with asyncio.timeout(0.2):
                await world.send(ASK, attachments=PICTURES[:1])
        await world.send(ASK, attachments=PICTURES[:1])
        assert [heard.kind for heard in world.server.heard("liqiang")] == ["image", "template_card"]

    async def test_other_words_in_the_same_row_start_anew(self, world: World) -> None:
        """An album's reply is replaced while it waits."""
        long = Prompt("一" * 600 + "\n" + "二" * 600)
        world.server.fail(SEND, "unheard")
        with pytest.raises(RetryLater):
            await world.send(long)
        await world.send(Prompt("照片收到 3 张。"))
        assert world.texts() == ["照片收到 3 张。"]

    async def test_a_card_sent_twice_after_a_lost_answer_is_heard_once(self, world: World) -> None:
        world.server.fail(SEND, "timeout")
        with pytest.raises(RetryLater) as raised:
            await world.send(ASK)
        assert raised.value.maybe_sent
        assert await world.send(ASK)
        assert len(world.server.heard("liqiang")) == 1

    async def test_the_same_words_twice_on_purpose_are_heard_twice(self, world: World) -> None:
        for id in (1, 2):
            await world.send(Prompt("好的"), id=id)
            await world.send(ASK, id=id + 10)
        assert len(world.server.heard("liqiang")) == 4

    async def test_a_refused_card_goes_as_text(self, world: World) -> None:
        world.server.fail(SEND, 42028)
        await world.send(ASK)
        assert world.texts() == ["记成这样，对吗？\n1. 对，存下\n2. 改一处\n（回复数字即可）"]

    async def test_a_sound_the_platform_cannot_play_goes_as_a_file(self, world: World) -> None:
        await world.send(Prompt(""), attachments=(("audio/ogg", b"OggS" * 9), ("audio/amr", b"#!AMR\n" * 9), ("image/jpeg", b"x" * 10_500_000)))
        assert [heard.kind for heard in world.server.heard("liqiang")] == ["file", "voice", "file"]

    async def test_a_file_no_size_allows_is_refused(self, world: World) -> None:
        with pytest.raises(Refused):
            await world.send(Prompt("大"), attachments=(("application/pdf", b"x" * (21 << 20)),))

    async def test_nothing_to_say(self, world: World) -> None:
        assert await world.send(Prompt("")) == ""
        assert world.texts() == []


class TestPace:
    async def test_twenty_a_minute_then_later(self, world: World) -> None:
        for n in range(20):
            await world.send(Prompt(str(n)), id=n)
        with pytest.raises(RetryLater) as raised:
            await world.send(Prompt("20"), id=20)
        assert (raised.value.seconds, raised.value.everyone, raised.value.maybe_sent) == (60.0, False, False)
        await world.send(Prompt("您好"), id=21, to="zhangmin")
        await world.send(Prompt("跑水"), id=22, lane="emergency")
        world.now += timedelta(seconds=60)
        await world.send(Prompt("20"), id=20)
        assert len(world.texts()) == 22
        assert world.server.dropped == []

    async def test_who_takes_over_keeps_the_pace_of_who_died(self, world: World) -> None:
        world.channel.recall([("liqiang", world.now - timedelta(seconds=30))] * 20)
        with pytest.raises(RetryLater) as raised:
            await world.send(Prompt("20"), id=20)
        assert raised.value.seconds == 30.0
        await world.send(Prompt("您好"), id=21, to="zhangmin")

    async def test_the_fake_swallows_what_an_unpaced_sender_sends(self, world: World) -> None:
        """Why the pace is kept."""
        for n in range(40):
            await world.channel._api.post(SEND, {"touser": "liqiang", "agentid": AGENT_ID, "msgtype": "text", "text": {"content": str(n)}})
        assert (len(world.texts()), len(world.server.dropped)) == (30, 10)


class TestCheck:
    async def test_all_well(self, world: World) -> None:
        assert (await world.channel.check())["ok"]

    @pytest.mark.parametrize(("how", "word"), [(60020, "可信IP"), (48002, "权限"), (40035, "这个号码"), ("html", "代理"), (45009, "一小时")])
    async def test_what_is_wrong_in_words(self, world: World, how: str | int, word: str) -> None:
        world.server.fail("getcallbackip", how)
        told = await world.channel.check()
        assert not told["ok"]
        assert word in told["text"]

    async def test_a_wrong_secret(self, world: World) -> None:
        channel = world.again(secret="wrong")
        told = await channel.check()
        assert (told["ok"], "Secret" in told["text"]) == (False, True)
        await channel.close()


async def test_everything_a_phone_can_do(world: World) -> None:
    phone = world.phone
    await phone.says("LiQiang", "")
    await phone.sends_photo("liqiang", b"picture!")
    await phone.sends_voice("liqiang", b"#!AMR\n123")
    await phone.sends_video("liqiang", b"moving picture")
    await phone.sends_place("liqiang", 31.23, 121.47, "人民广场", at=world.now - timedelta(hours=3))
    await phone.reports_place("liqiang", 31.23, 121.47)
    await phone.enters("liqiang")
    await phone.joins("liqiang")
    await phone.leaves("liqiang")
    told = [(event.kind, event.media.kind if event.media else "", event.place is not None) for event in world.events]
    assert told == [
        ("said", "", False),
        ("said", "photo", False),
        ("said", "voice", False),
        ("said", "video", False),
        ("said", "", True),
        ("place_report", "", True),
        ("enter", "", False),
        ("start", "", False),
        ("blocked", "", False),
    ]
    assert world.events[4].at == world.now - timedelta(hours=3)
    voice = world.events[2].media
    assert voice is not None
    assert b"".join([piece async for piece in await world.channel.fetch(voice)]) == b"#!AMR\n123"


async def test_a_chart_s_words_follow_it_and_a_file_has_its_name(world: World) -> None:
    files = (("image/png", b"\x89PNG" * 9), ("application/pdf", b"%PDF" * 9), ("image/jpeg", b"\xff\xd8" * 9))
    await world.send(Prompt("上周怎样"), attachments=files, words=("一周走访：李强 4、0", "天籁音响宣传策划方案", ""))
    heard = world.server.heard("liqiang")
    assert [one.text for one in heard if one.text] == ["一周走访：李强 4、0", "上周怎样"]
    await world.send(Prompt("一周走访：李强 4、0，共 4"), id=2, attachments=files[:1], words=("一周走访：李强 4、0",))
    assert [one.text for one in world.server.heard("liqiang") if one.text][2:] == ["一周走访：李强 4、0，共 4"]
