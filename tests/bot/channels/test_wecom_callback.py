"""What comes from WeCom, read: recorded payloads, published vectors, and what is refused."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.channels.base import BadCallback, Event, Media
from bot.channels.wecom import WeCom
from bot.channels.wecom_callback import LARGEST, Envelope, events_in
from conversations.types import Point
from tests.fakes.wecom import AES_KEY, AGENT_ID, CORP_ID, SECRET, TOKEN
from tests.fakes.wecom_phone import envelope, seal, sign, xml_of

RECORDED = Path(__file__).parents[2] / "recorded" / "wecom"
AT = datetime.fromtimestamp(1795657800, UTC)
NOW = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)


def said(key: str, **rest: Any) -> Event:
    return Event(key=key, sender="liqiang", at=AT, **rest)


def recorded(name: str) -> str:
    return (RECORDED / f"{name}.xml").read_text(encoding="utf8")


TAPPED = {"callback": "5bRc_one-use"}
MESSAGES: Mapping[str, Event] = {
    "text": said("m7205800000000000001", text="拜访 华东精密 王经理 谈续约"),
    "text_empty": said("m7205800000000000002"),
    "image": said("m7205800000000000003", media=Media("1G6nrLmr5EC3MMb_-zK1dDdzmd0p7cNliYu9V5w7o8K0", "photo")),
    "voice": said("m7205800000000000004", media=Media("2vOICE_mediaid", "voice", "audio/amr")),
    "video": said("m7205800000000000005", media=Media("3vIDEO_mediaid", "video", "video/mp4")),
    "location": said("m7205800000000000006", place=Point(31.230416, 121.473701, "上海市黄浦区人民大道200号")),
    "link": said("m7205800000000000007", text="恒达影音新品\n第三季度\nhttps://hengda.example/new"),
}
EVENTS: Mapping[str, Sequence[Event]] = {
    "place_report": [said("", kind="place_report", place=Point(31.230416, 121.473701))],
    "enter_agent": [said("", kind="enter")],
    "subscribe": [said("", kind="start")],
    "unsubscribe": [said("", kind="blocked")],
    "click": [said("", text="今天")],
    "card_tap": [said("", tap="s12.3.file", **TAPPED)],
    "card_tap_empty_items": [said("", tap="a.hand.7.2", **TAPPED)],
    "card_one_chosen": [said("", tap="s12.3.a", **TAPPED)],
    "card_several_chosen": [said("", tap=f"s12.3.{option}", **TAPPED) for option in "abc"],
    "card_menu": [said("", tap="a.mute.2", **TAPPED)],
}
IGNORED = (
    "view",
    "click_of_another_app",
    "card_of_another_app",
    "pic_sysphoto",  # the pictures follow as messages
    "scancode_push",
    "location_select",  # the place follows as a message
    "change_contact",
    "batch_job_result",
    "sys_approval_change",
    "close_inactive_agent",
)


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message(name: str) -> None:
    assert events_in(recorded(name)) == (MESSAGES[name],)


@pytest.mark.parametrize("name", EVENTS)
def test_an_event(name: str) -> None:
    assert [replace(event, key="") for event in events_in(recorded(name))] == EVENTS[name]


@pytest.mark.parametrize("name", IGNORED)
def test_what_is_not_for_us_says_nothing(name: str) -> None:
    assert list(events_in(recorded(name))) == []


def test_every_recording_is_tested() -> None:
    assert {path.stem for path in RECORDED.glob("*.xml")} == {*MESSAGES, *EVENTS, *IGNORED}


def test_keys_are_unlike_and_fit_the_inbox() -> None:
    keys = [event.key for name in (*MESSAGES, *EVENTS) for event in events_in(recorded(name))]
    assert len(set(keys)) == len(keys)
    assert max(map(len, keys)) < 60


def test_a_redelivered_event_is_the_same_whatever_its_order_of_fields() -> None:
    xml = recorded("card_tap")
    lines = xml.removeprefix("<xml>").removesuffix("</xml>\n").splitlines()
    assert events_in("<xml>" + "\n".join(reversed(lines)) + "</xml>") == events_in(xml)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("s12.3.file", "s12.3.other"),
        ("77-0123456789ab", "78-0123456789ab"),
        ("5bRc_one-use", "6bRc_one-use"),
        ("1795657800", "1795657801"),
        ("LiQiang", "ZhangMin"),
    ],
)
def test_two_clicks_within_a_second_are_two_events(old: str, new: str) -> None:
    xml = recorded("card_tap")
    assert events_in(xml)[0].key != events_in(xml.replace(old, new))[0].key


def test_a_member_is_one_member_however_spelled() -> None:
    for name in ("text", "card_tap", "enter_agent"):
        assert events_in(recorded(name).replace("LiQiang", "LIQIANG")) == events_in(recorded(name))


def test_a_message_without_a_number_is_known_by_its_fields() -> None:
    xml = recorded("text").replace("<MsgId>7205800000000000001</MsgId>", "")
    assert events_in(xml)[0].key.startswith("e")


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("text", "1795657800", "soon"),
        ("text", "1795657800", "0"),
        ("text", "1795657800", "9" * 400),
        ("text", "LiQiang", ""),
        ("text", "LiQiang", "a|b"),
        ("text", "LiQiang", "x" * 200),
        ("text", "<MsgType><![CDATA[text]]></MsgType>", ""),
        ("text", "<MsgType>", "<MsgType><![CDATA[image]]></MsgType><MsgType>"),
        ("image", "1G6nrLmr5EC3MMb_-zK1dDdzmd0p7cNliYu9V5w7o8K0", ""),
        ("location", "31.230416", "north"),
        ("location", "31.230416", "nan"),
        ("location", "31.230416", "91"),
        ("place_report", "121.473701", "1e999"),
        ("text", "<xml>", "<!DOCTYPE xml><xml>"),
        ("text", "<xml>", '<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]><xml>'),
        ("text", "<![CDATA[拜访", "&unknown; <![CDATA[拜访"),
        ("text", "</xml>", ""),
        ("text", "<xml>", "<other>"),
    ],
)
def test_garbage_in_a_good_envelope_is_a_bad_request(name: str, old: str, new: str) -> None:
    xml = recorded(name)
    assert old in xml
    with pytest.raises(BadCallback) as refused:
        events_in(xml.replace(old, new, 1))
    assert refused.value.status == 400


@pytest.mark.parametrize("xml", ["", " ", "0", "<xml/>", "<xml>words</xml>", "{}", "<a/><b/>", "<xml>" * 5000, "<xml>" * 5000 + "</xml>" * 5000])
def test_what_is_no_callback_at_all(xml: str) -> None:
    with pytest.raises(BadCallback) as refused:
        events_in(xml)
    assert refused.value.status == 400


def test_nested_where_text_belongs_is_empty() -> None:
    deep = "<a>" * 5000 + "</a>" * 5000
    (event,) = events_in(recorded("card_tap").replace("</xml>", f"<SelectedItems>{deep}</SelectedItems></xml>"))
    assert event.tap == "s12.3.file"


class TestEnvelope:
    @pytest.fixture
    def channel(self) -> WeCom:
        return WeCom(corp_id=CORP_ID, agent_id=AGENT_ID, secret=SECRET, token=TOKEN, aes_key=AES_KEY, now=lambda: NOW)

    async def status(self, channel: WeCom, query: Mapping[str, str], body: bytes) -> int:
        try:
            await channel.read(query=query, headers={}, body=body)
        except BadCallback as refused:
            return refused.status
        return 200

    def hello(self, **how: Any) -> tuple[dict[str, str], bytes]:
        fields = {"FromUserName": "liqiang", "CreateTime": 1795657800, "MsgType": "text", "Content": "好", "MsgId": 7}
        query, sealed = seal(xml_of(fields), **{"at": NOW} | how)
        return query, envelope(sealed)

    async def test_published_vectors(self) -> None:
        """The platform's own example."""
        given = json.loads((RECORDED / "published.json").read_text(encoding="utf8"))
        at = datetime.fromtimestamp(1409659813, UTC)
        channel = WeCom(corp_id=given["corp_id"], agent_id=218, secret=SECRET, token=given["token"], aes_key=given["aes_key"], now=lambda: at)
        assert channel.verify_url(given["check"]["query"]) == given["check"]["answer"].encode()
        (event,) = await channel.read(query=given["push"]["query"], headers={}, body=given["push"]["body"].encode())
        assert event == Event(key="m4561255354251345929", sender="mycreate", at=at, text="hello")

    def test_the_url_check_answers_the_bare_text(self, channel: WeCom) -> None:
        query, sealed = seal("6119472935084762215", at=NOW)
        assert channel.verify_url(query | {"echostr": sealed}) == b"6119472935084762215"

    def test_the_url_check_survives_a_plus_read_as_a_blank(self, channel: WeCom) -> None:
        query, sealed = next(pair for pair in (seal("1", at=NOW) for _ in range(999)) if "+" in pair[1])
        assert channel.verify_url(query | {"echostr": sealed.replace("+", " ")}) == b"1"

    def test_the_url_check_refuses_a_stranger(self, channel: WeCom) -> None:
        for query in ({}, {"echostr": "abc"}, seal("1", at=NOW, token="other")[0] | {"echostr": seal("1", at=NOW)[1]}):
            with pytest.raises(BadCallback) as refused:
                channel.verify_url(query)
            assert refused.value.status == 403

    async def test_a_good_one(self, channel: WeCom) -> None:
        assert await self.status(channel, *self.hello()) == 200

    @pytest.mark.parametrize("minutes", [-11, 11, 60 * 24])
    async def test_too_old_or_too_new(self, channel: WeCom, minutes: int) -> None:
        assert await self.status(channel, *self.hello(at=NOW + timedelta(minutes=minutes))) == 403

    @pytest.mark.parametrize("minutes", [-9, 9])
    async def test_a_drifting_clock_is_borne(self, channel: WeCom, minutes: int) -> None:
        assert await self.status(channel, *self.hello(at=NOW + timedelta(minutes=minutes))) == 200

    async def test_another_token_another_firm_another_key(self, channel: WeCom) -> None:
        other = base64.b64encode(secrets.token_bytes(32)).decode()[:43]
        assert await self.status(channel, *self.hello(token="another")) == 403
        assert await self.status(channel, *self.hello(receiver="ww-another-firm")) == 403
        assert await self.status(channel, *self.hello(receiver="")) == 403
        assert await self.status(channel, *self.hello(aes_key=other)) in (400, 403)

    @pytest.mark.parametrize("part", ["msg_signature", "timestamp", "nonce"])
    @pytest.mark.parametrize("value", ["", "0", "\udcff", "１２３", "x" * 9999])
    async def test_a_changed_query(self, channel: WeCom, part: str, value: str) -> None:
        query, body = self.hello()
        assert await self.status(channel, query | {part: value}, body) == 403
        assert await self.status(channel, {name: given for name, given in query.items() if name != part}, body) == 403

    @pytest.mark.parametrize("size", [0, 1, 15, 16, 17, 31, 32, 48, 1600])
    async def test_rubbish_under_a_valid_signature(self, channel: WeCom, size: int) -> None:
        for _ in range(20):
            sealed = base64.b64encode(secrets.token_bytes(size)).decode()
            assert await self.status(channel, sign(sealed, at=NOW), envelope(sealed)) in (400, 403)

    async def test_text_that_is_not_utf8_under_a_valid_signature(self, channel: WeCom) -> None:
        query, sealed = seal(b"<xml>\xff\xfe</xml>", at=NOW)
        assert await self.status(channel, query, envelope(sealed)) == 400

    @pytest.mark.parametrize(
        "body", [b"", b"{}", b"\xff\xfe<", b"<xml></xml>", b"<xml><Encrypt/></xml>", b"<xml><Encrypt><a/></Encrypt></xml>", b"<" * 70_000]
    )
    async def test_a_body_that_is_none(self, channel: WeCom, body: bytes) -> None:
        assert await self.status(channel, sign("", at=NOW), body) == 400

    async def test_a_bomb_outside_the_envelope(self, channel: WeCom) -> None:
        query, body = self.hello()
        assert await self.status(channel, query, b'<!DOCTYPE x [<!ENTITY a "aa">]>' + body) == 400

    async def test_too_large(self, channel: WeCom) -> None:
        query, sealed = seal("x" * LARGEST, at=NOW)
        assert await self.status(channel, query, envelope(sealed)) == 400

    @pytest.mark.parametrize("key", ["", "short", "é" * 43, "!" * 43, AES_KEY + "AAAA"])
    def test_a_wrong_key_is_told_in_words(self, key: str) -> None:
        with pytest.raises(ValueError, match="EncodingAESKey"):
            Envelope(CORP_ID, TOKEN, key)
