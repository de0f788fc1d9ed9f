"""Recorded updates of every kind we meet, and what they become."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.channels.base import BadCallback, Event, Media
from bot.channels.telegram_updates import events_in
from conversations.types import Point

RECORDED = Path(__file__).parents[2] / "recorded" / "telegram"
AT = datetime.fromtimestamp(1795483800, UTC)

EXPECTED: dict[str, dict[str, Any] | None] = {
    "text": {"text": "拜访 华东精密 王经理 谈续约"},
    "forwarded": {"text": "客户说周五前要报价"},
    "start": {"kind": "start", "text": "inv_x-7Q"},
    "start_bare": {"kind": "start"},
    "command": {"text": "查 华东"},
    "photo": {"text": "门头", "media": Media("AgACAgUAAxkBAAMJy", "photo", "image/jpeg", 150000)},
    "album_first": {"text": "合同 A-1", "media": Media("AgACa1", "photo", "image/jpeg", 90000), "album": "13400000001"},
    "album_second": {"media": Media("AgACa2", "photo", "image/jpeg", 91000), "album": "13400000001"},
    "document": {"media": Media("BQACAgUAAxkBAAMM", "file", "application/pdf", 5000, "报价单.pdf")},
    "document_picture": {"media": Media("BQACAgUAAxkBAAMN", "photo", "image/jpeg", 4400000, "IMG_0001.JPG")},
    "voice": {"media": Media("AwACAgUAAxkBAAMO", "voice", "audio/ogg", 12000)},
    "location": {"place": Point(31.230416, 121.473701)},
    "location_live": {"place": Point(31.230416, 121.473701)},
    "location_moved": None,
    "venue": {"place": Point(31.2304, 121.4737, "华东精密 松江区九新公路 1 号")},
    "contact_own": {"text": "8613900011001", "phone": "8613900011001"},
    "contact_of_another": {"text": "王经理 +86 138 0000 0000"},
    "contact_without_account": {"text": "Wang +861380000000"},
    "tap": {"tap": "s1042.3.yes", "callback": "47241833123", "timed": False, "at": datetime.fromtimestamp(1795480000, UTC)},
    "tap_on_an_old_card": {"tap": "a.today", "callback": "47241833124", "timed": False, "at": datetime.fromtimestamp(0, UTC)},
    "edited": {"text": "拜访 华东精密 王总 谈续约", "edit": True, "at": datetime.fromtimestamp(1795483920, UTC)},
    "blocked": {"kind": "blocked", "at": datetime.fromtimestamp(1795484000, UTC)},
    "let_in_again": {"kind": "enter", "at": datetime.fromtimestamp(1795484060, UTC)},
    "video": {"text": "现场", "media": Media("BAACAgUAAxkBAAMW", "video", "video/mp4", 900000, "a.mp4")},
    "video_note": {"media": Media("DQACAgUAAxkBAAMX", "video", "video/mp4", 300000)},
    "audio": {"media": Media("CQACAgUAAxkBAAMY", "voice", "audio/mpeg", 400000, "录音.mp3")},
    "sticker": {"text": "👍"},
    "pinned": None,
    "poll": None,
    "group": None,
    "channel_post": None,
    "kind_of_tomorrow": None,
}


def recorded(name: str) -> dict[str, Any]:
    return dict(json.loads((RECORDED / f"{name}.json").read_text(encoding="utf8")))


def wire(update: object) -> bytes:
    return json.dumps(update, ensure_ascii=False).encode()


def test_every_recording_is_expected() -> None:
    assert {path.stem for path in RECORDED.glob("*.json")} == EXPECTED.keys()


@pytest.mark.parametrize("name", EXPECTED)
def test_what_it_becomes(name: str) -> None:
    update = recorded(name)
    fields = EXPECTED[name]
    expected = () if fields is None else (Event(**{"key": str(update["update_id"]), "sender": "11001", "at": AT, **fields}),)
    assert events_in(wire(update)) == expected


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"<xml/>",
        b"\xff\xfe",
        b'{"update_id":"1"}',
        b'{"message":{}}',
        b'{"update_id":1,"message":{"date":1}}',
        b'{"update_id":1,"message":{"date":1e300,"chat":{"id":1,"type":"private"},"from":{"id":1},"text":"x"}}',
        b'{"update_id":1,"message":{"date":99999999999999,"chat":{"id":1,"type":"private"},"from":{"id":1},"text":"x"}}',
        b'{"update_id":1,"message":{"date":1,"chat":{"id":1,"type":"private"},"from":{"id":1},"location":{"latitude":91,"longitude":0}}}',
        b'{"update_id":1,"message":{"date":1,"chat":{"id":1,"type":"private"},"from":{"id":1},"sticker":{"file_id":7}}}',
        b'{"update_id":1,"message":{"date":1,"chat":{"id":1,"type":"private"},"from":{"id":1},"text":"\\ud83d"}}',
        b'{"update_id":1,"my_chat_member":{"chat":{}}}',
        b'{"update_id":1,"my_chat_member":7}',
        b'{"update_id":1,"x":' + b"[" * 100_000,
    ],
)
def test_garbage_is_refused(body: bytes) -> None:
    with pytest.raises(BadCallback) as refused:
        events_in(body)
    assert refused.value.status == 400


def test_a_name_in_latin_letters_keeps_its_order() -> None:
    update = recorded("contact_of_another")
    update["message"]["contact"] |= {"first_name": "Ann", "last_name": "Lee"}
    (event,) = events_in(wire(update))
    assert event.text == "Ann Lee +86 138 0000 0000"


def test_nul_is_left_out() -> None:
    (event,) = events_in(wire(recorded("text") | {"message": recorded("text")["message"] | {"text": "华东\0精密"}}))
    assert event.text == "华东精密"


@pytest.mark.parametrize("sender", [{"id": 11001, "is_bot": True}, {"id": 7}])
def test_only_the_person_of_the_chat_is_heard(sender: dict[str, Any]) -> None:
    for name in ("text", "video", "edited"):
        update = recorded(name)
        update["edited_message" if name == "edited" else "message"]["from"] = {"first_name": "x", "is_bot": False, **sender}
        assert events_in(wire(update)) == ()


@pytest.mark.parametrize(
    ("typed", "heard"),
    [
        ("/today", "今天"),
        ("/today@paojie_bot", "今天"),
        ("/find", "查客户"),
        ("/visit 华东精密", "记拜访 华东精密"),
        ("/nonsense", "/nonsense"),
        ("/", "/"),
        ("/ 无", "/ 无"),
        ("/start not a payload", "/start not a payload"),
        ("1/2", "1/2"),
    ],
)
def test_commands_are_words(typed: str, heard: str) -> None:
    update = recorded("text")
    update["message"]["text"] = typed
    (event,) = events_in(wire(update))
    assert (event.kind, event.text) == ("said", heard)
