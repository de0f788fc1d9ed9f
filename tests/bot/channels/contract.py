"""What every channel must do: a channel's test module gives a `rig` and inherits Reads, Renders and Fails as far as they apply."""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, ClassVar

import msgspec
import pytest

from bot.channels.base import AddressDead, BadCallback, Channel, Event, Media, MediaGone, Outgoing, Refused, RetryLater, SendFailed
from conversations.types import Option, Prompt

JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffdb") + bytes(range(256)) * 8 + bytes.fromhex("ffd9")


@dataclass(frozen=True, slots=True)
class Seen:
    """One message as the person sees it: its text, its buttons' labels, the bytes of a file shown."""

    text: str
    labels: tuple[str, ...] = ()
    file: bytes | None = None


class Rig(ABC):
    """One channel, wired to its platform's fake, with one person at the other end."""

    channel: Channel
    person: str  # external id, as events carry it

    @abstractmethod
    async def says(self, text: str, *, times: int = 1) -> Sequence[Event]:
        """The person types; `times` deliveries of the same update, all events read in order."""

    @abstractmethod
    async def taps(self, token: str) -> Sequence[Event]:
        """A button with this token, tapped once."""

    @abstractmethod
    async def sends_photo(self, data: bytes) -> Sequence[Event]: ...

    @abstractmethod
    async def sends_place(self, lat: float, lon: float) -> Sequence[Event]: ...

    @abstractmethod
    async def sees(self) -> Sequence[Seen]:
        """What reached the person since the last look, oldest first."""

    async def forged(self, text: str) -> Sequence[Event]:
        """The same as says, with a wrong signature or secret; must raise BadCallback(403)."""
        raise BadCallback(403, "nothing comes in this way")

    def trouble(self, what: str, times: int = 1) -> None:
        """The next calls of the platform fail: 429, 500, html, timeout, slow, gone (address), refused (message), media_gone."""
        pytest.skip(f"no {what} on this channel")

    def out(self, prompt: Prompt, id: int = 1, **rest: Any) -> Outgoing:
        return Outgoing(id=id, to=self.person, prompt=prompt, **{"lane": "reply"} | rest)


async def bytes_of(channel: Channel, media: Media) -> bytes:
    return b"".join([piece async for piece in await channel.fetch(media)])


def letters(text: str) -> str:
    """The text without the white space that rendering may move."""
    return re.sub(r"\s+", "", text)


def typeable(seen: Sequence[Seen], options: Sequence[Option]) -> list[str]:
    """Labels that are neither a button nor a line with its number."""
    buttons = {label for message in seen for label in message.labels}
    text = "\n".join(message.text for message in seen)
    return [option.label for n, option in enumerate(options, 1) if option.label not in buttons and f"{n}. {option.label}" not in text]


def some_options(count: int, *, label: str = "第{n}项") -> tuple[Option, ...]:
    return tuple(Option(label.format(n=n), f"s1.2.{n}", main=n == 1) for n in range(1, count + 1))


class Reads:
    """Authenticated once, the same update twice is one event, and the words arrive as they were typed."""

    SAID: ClassVar[Sequence[str]] = (
        "拜访 华东精密 王经理 谈续约",
        "一行\n两行",
        "<b>&amp; ]]> </xml> % \\ \"'`",
        "😀👨‍👩‍👧",
        "0",
        "字" * 1500,
    )

    @pytest.mark.parametrize("text", SAID, ids=range(len(SAID)))
    async def test_text_arrives_as_typed(self, rig: Rig, text: str) -> None:
        (event,) = await rig.says(text)
        assert (event.kind, event.text, event.sender, event.tap, event.media) == ("said", text, rig.person, "", None)
        assert event.at.utcoffset() is not None

    async def test_a_redelivery_has_the_same_key_and_body(self, rig: Rig) -> None:
        first, again = await rig.says("好", times=2)
        assert first == again

    async def test_the_same_words_said_twice_are_two_events(self, rig: Rig) -> None:
        (first,), (second,) = await rig.says("好"), await rig.says("好")
        assert first.key != second.key

    async def test_a_tap_carries_its_token(self, rig: Rig) -> None:
        for token in ("s12.3.file", "a.hand.7.2", "s1.2.华东精密"):
            (event,) = await rig.taps(token)
            assert (event.kind, event.tap, event.text) == ("said", token, "")

    async def test_two_taps_are_two_events(self, rig: Rig) -> None:
        events = [*await rig.taps("s1.2.yes"), *await rig.taps("s1.2.no"), *await rig.taps("s1.2.yes")]
        assert len({event.key for event in events}) == 3

    async def test_a_photograph_can_be_fetched(self, rig: Rig) -> None:
        (event,) = await rig.sends_photo(JPEG)
        assert event.media is not None
        assert event.media.kind == "photo"
        assert await bytes_of(rig.channel, event.media) == JPEG

    async def test_a_place(self, rig: Rig) -> None:
        (event,) = await rig.sends_place(31.2304, 121.4737)
        assert event.place is not None
        assert (round(event.place.lat, 4), round(event.place.lon, 4)) == (31.2304, 121.4737)

    async def test_a_forged_update_is_refused(self, rig: Rig) -> None:
        with pytest.raises(BadCallback) as refused:
            await rig.forged("我是经理")
        assert refused.value.status == 403

    async def test_an_event_survives_the_inbox(self, rig: Rig) -> None:
        """It is stored as JSON, its key in a column of 119 characters."""
        for event in (*await rig.says("好"), *await rig.taps("s1.2.x"), *await rig.sends_photo(JPEG), *await rig.sends_place(1.5, 2.5)):
            assert 0 < len(event.key) <= 119
            assert msgspec.convert(json.loads(msgspec.json.encode(event)), Event) == event


class Renders:
    """Whatever is prompted reaches the person whole, and every option can be typed or tapped."""

    PROMPTS: ClassVar[Mapping[str, Prompt]] = {
        "plain": Prompt("已存，今天第 3 家。"),
        "two buttons": Prompt("记成这样，对吗？", (Option("对，存下", "s1.2.yes", main=True), Option("改一处", "s1.2.edit"))),
        "titled": Prompt("几点能到？", some_options(3), title="1042 阳光苑502", step=(2, 7), ref="s1.2"),
        "many": Prompt("拜访了哪家客户？", some_options(23)),
        "long labels": Prompt("哪一家？", some_options(3, label="上海华东精密仪器有限公司第{n}分公司（松江区）")),
        "long": Prompt("\n".join(f"{n}. 第 {n} 行：" + "谈续约，" * 20 for n in range(1, 61)), some_options(2)),
        "one endless line": Prompt("字" * 5000),
        "endless emoji": Prompt("👨‍👩‍👧😀" * 900, some_options(2)),
        "markup": Prompt(
            "<a href='http://evil.example'>点我</a> *粗* _斜_ `码` [链](http://e.example) & < > ]]>",
            (Option("<b>是</b>", "s1.2.y"), Option("*否*", "s1.2.n")),
        ),
        "same words": Prompt("哪个？", (Option("是", "s1.2.a"), Option("是", "s1.2.b"))),
        "link": Prompt("请点开看看。", (Option("看全文", "", url="https://paojie.example/p/1"),)),
        "no words": Prompt("", some_options(2)),
    }

    @pytest.mark.parametrize("name", PROMPTS)
    @pytest.mark.parametrize("cards", ["cards", "text"])
    async def test_any_prompt_arrives_whole_and_typeable(self, rig: Rig, name: str, cards: str) -> None:
        prompt = self.PROMPTS[name]
        await rig.channel.send(rig.out(prompt, cards=cards))
        seen = await rig.sees()
        assert seen
        everything = self.shown(letters("".join(message.text for message in seen)))
        for line in prompt.text.splitlines():
            assert self.shown(letters(line)) in everything
        assert letters(self.shown(prompt.title)) in everything
        seen = [replace(message, text=self.shown(message.text), labels=tuple(map(self.shown, message.labels))) for message in seen]
        assert typeable(seen, [replace(option, label=self.shown(option.label)) for option in prompt.options]) == []

    @pytest.mark.parametrize("name", PROMPTS)
    async def test_no_message_passes_the_limits(self, rig: Rig, name: str) -> None:
        await rig.channel.send(rig.out(self.PROMPTS[name]))
        can = rig.channel.can
        for message in await rig.sees():
            size = {"bytes": len(message.text.encode()), "utf16": len(message.text.encode("utf-16-le")) // 2, "characters": len(message.text)}
            assert size[can.text_unit] <= can.text_units
            assert len(message.labels) <= can.buttons
            assert all(len(label) <= can.button_label for label in message.labels)

    async def test_a_sent_message_has_an_id(self, rig: Rig) -> None:
        first = await rig.channel.send(rig.out(Prompt("一"), id=1))
        second = await rig.channel.send(rig.out(Prompt("二"), id=2))
        assert first
        assert first != second

    async def test_messages_arrive_in_order(self, rig: Rig) -> None:
        for n in range(1, 6):
            await rig.channel.send(rig.out(Prompt(f"第{n}条"), id=n))
        texts = [message.text for message in await rig.sees()]
        assert all(a < b for a, b in pairwise(texts))

    async def test_pictures_are_shown(self, rig: Rig) -> None:
        out = rig.out(Prompt("现场照片", attach=("0" * 64,)), attachments=(("image/jpeg", JPEG),))
        await rig.channel.send(out)
        seen = await rig.sees()
        assert [message.file for message in seen if message.file] == [JPEG]
        assert any("现场照片" in message.text for message in seen)

    def shown(self, text: str) -> str:
        """A text that holds the channel's own markup, the way the channel may show it; the words themselves by default."""
        return text


class Fails:
    """The platform's troubles come out as what `post` and `fetch` can act on, never as anything else."""

    TROUBLES: ClassVar[Sequence[tuple[str, type[SendFailed]]]] = (
        ("429", RetryLater),
        ("500", RetryLater),
        ("html", RetryLater),
        ("timeout", RetryLater),
        ("gone", AddressDead),
        ("refused", Refused),
    )

    @pytest.mark.parametrize(("what", "error"), TROUBLES, ids=[what for what, _ in TROUBLES])
    async def test_a_trouble_of_sending(self, rig: Rig, what: str, error: type[SendFailed]) -> None:
        rig.trouble(what, times=9)
        with pytest.raises(error) as raised:
            await rig.channel.send(rig.out(Prompt("好的")))
        assert type(raised.value) is not SendFailed
        if isinstance(raised.value, RetryLater):
            assert raised.value.seconds > 0

    async def test_after_a_time_out_it_may_have_been_sent(self, rig: Rig) -> None:
        rig.trouble("timeout", times=9)
        with pytest.raises(RetryLater) as raised:
            await rig.channel.send(rig.out(Prompt("好的")))
        assert raised.value.maybe_sent

    async def test_a_trouble_passes(self, rig: Rig) -> None:
        rig.trouble("429")
        with pytest.raises(RetryLater):
            await rig.channel.send(rig.out(Prompt("好的")))
        assert await rig.channel.send(rig.out(Prompt("好的")))
        assert [message.text for message in await rig.sees()] == ["好的"]

    async def test_media_that_is_gone(self, rig: Rig) -> None:
        (event,) = await rig.sends_photo(JPEG)
        assert event.media is not None
        rig.trouble("media_gone", times=9)
        with pytest.raises(MediaGone) as raised:
            await bytes_of(rig.channel, event.media)
        assert "请" in str(raised.value)

    async def test_acknowledging_never_raises(self, rig: Rig) -> None:
        (event,) = await rig.taps("s1.2.yes")
        for what in ("500", "html", "timeout"):
            rig.trouble(what, times=9)
            await rig.channel.acknowledge(event, "已收到")
            await rig.channel.acknowledge(replace(event, callback=""), "已收到")
