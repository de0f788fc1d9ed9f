"""A WeCom callback: signature, decryption and what its XML says, as our events. Pure; wechatpy does crypto and parsing."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import math
import re
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.parsers.expat import ExpatError

import xmltodict  # type: ignore[import-untyped]  # what wechatpy itself parses with
from wechatpy.enterprise.crypto import PrpCrypto  # type: ignore[import-untyped]
from wechatpy.enterprise.exceptions import InvalidCorpIdException  # type: ignore[import-untyped]
from wechatpy.utils import WeChatSigner  # type: ignore[import-untyped]

from bot.channels.base import BadCallback, Event, Media
from bot.channels.wecom_menu import word_of
from conversations import tokens
from conversations.types import Point

LARGEST = 65_536  # bytes of a callback; a text of 2,048 characters is under 20,000
WINDOW = timedelta(minutes=10)  # WeCom names no replay window: wide enough for its three retries and a drifting clock

_USERID = re.compile(r"[a-z0-9][a-z0-9_\-@./]{0,127}")
_SECONDS = re.compile(r"[1-9][0-9]{0,10}")
_MSGID = re.compile(r"[0-9]{1,20}")
_KEYED = ("CreateTime", "MsgType", "Event", "EventKey", "TaskId", "ResponseCode", "Latitude", "Longitude")

Fields = Mapping[str, Any]


class Envelope:
    """The secrets of one app's callback, and opening what was sealed with them."""

    def __init__(self, corp_id: str, token: str, aes_key: str) -> None:
        try:
            key = base64.b64decode(aes_key + "=", validate=True)
        except ValueError:
            key = b""
        if len(key) != 32:
            raise ValueError("EncodingAESKey 应是 43 个字母或数字，请从企业微信后台“接收消息”页重新复制")
        self._cipher = PrpCrypto(key)
        self._corp_id, self._token = corp_id, token

    def open(self, query: Mapping[str, str], sealed: str, now: datetime) -> str:
        """The text inside; BadCallback when it is not from WeCom, not for us, too old or broken."""
        self._authenticate(query, sealed, now)
        try:
            return str(self._cipher.decrypt(sealed, self._corp_id))
        except InvalidCorpIdException:
            raise BadCallback(403, "sealed for another firm") from None
        except (ValueError, IndexError, struct.error):  # wechatpy leaks these on a broken ciphertext
            raise BadCallback(400, "cannot be decrypted") from None

    def _authenticate(self, query: Mapping[str, str], sealed: str, now: datetime) -> None:
        timestamp = query.get("timestamp", "")
        signer = WeChatSigner()
        signer.add_data(*(_encoded(part) for part in (self._token, timestamp, query.get("nonce", ""), sealed)))
        if not hmac.compare_digest(_encoded(signer.signature), _encoded(query.get("msg_signature", ""))):
            raise BadCallback(403, "wrong signature")
        if not _SECONDS.fullmatch(timestamp) or abs(datetime.fromtimestamp(int(timestamp), UTC) - now) > WINDOW:
            raise BadCallback(403, "too old, or a clock is wrong")


def sealed_in(body: bytes) -> str:
    """The Encrypt element of a pushed body."""
    if len(body) > LARGEST:
        raise BadCallback(400, "too large")
    sealed = _text(_parsed(body.decode("utf-8", "replace")), "Encrypt")
    if not sealed:
        raise BadCallback(400, "nothing sealed in it")
    return sealed


def events_in(xml: str) -> Sequence[Event]:
    """What an opened callback tells us; empty for the kinds that are not for us (sync results, approvals, views…)."""
    fields = _parsed(xml)
    kind = _text(fields, "MsgType").lower()
    read = _EVENTS.get(_text(fields, "Event").lower()) if kind == "event" else _MESSAGES.get(kind)
    if not kind:
        raise BadCallback(400, "no message type")
    return read(fields) if read else ()


def _parsed(xml: str) -> Fields:
    if "<!DOCTYPE" in xml or "<!ENTITY" in xml:
        raise BadCallback(400, "a document type is never sent")
    try:
        root = xmltodict.parse(xml)
    except (ExpatError, ValueError):
        raise BadCallback(400, "not XML") from None
    fields = root.get("xml")
    if not isinstance(fields, dict):
        raise BadCallback(400, "not a callback")
    return fields


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _text(fields: Fields, name: str) -> str:
    """An element's text; empty when absent, empty, repeated or nested."""
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def _event(fields: Fields, **rest: Any) -> Event:
    sender = _text(fields, "FromUserName").lower()  # compared without case by the platform: one spelling for all
    seconds = _text(fields, "CreateTime")
    if not _USERID.fullmatch(sender) or not _SECONDS.fullmatch(seconds):
        raise BadCallback(400, "no sender or no time")
    return Event(key=_key(fields, sender), sender=sender, at=datetime.fromtimestamp(int(seconds), UTC), **rest)


def _key(fields: Fields, sender: str) -> str:
    """MsgId where there is one. An event has none, and two clicks within a second are two: its own fields tell them apart."""
    number = _text(fields, "MsgId")
    if _MSGID.fullmatch(number):
        return f"m{number}"
    told = [sender, *(_text(fields, name) for name in _KEYED), *_chosen(fields)]
    return "e" + hashlib.sha256(json.dumps(told).encode()).hexdigest()[:40]


def _words(fields: Fields) -> Sequence[Event]:
    return (_event(fields, text=_text(fields, "Content")),)


def _shared_page(fields: Fields) -> Sequence[Event]:
    parts = (_text(fields, name) for name in ("Title", "Description", "Url"))
    return (_event(fields, text="\n".join(part for part in parts if part)),)


def _file(kind: str, mime: Callable[[Fields], str]) -> Callable[[Fields], Sequence[Event]]:
    def read(fields: Fields) -> Sequence[Event]:
        remote = _text(fields, "MediaId")
        if not remote:
            raise BadCallback(400, "no media id")
        return (_event(fields, media=Media(remote, kind, mime(fields))),)  # type: ignore[arg-type]

    return read


def _sound(fields: Fields) -> str:
    return "audio/speex" if _text(fields, "Format").lower() == "speex" else "audio/amr"


def _point(lat: str, lon: str, label: str = "") -> Point:
    try:
        point = Point(float(lat), float(lon), label)
    except ValueError:
        point = Point(math.nan, math.nan)
    if not (abs(point.lat) <= 90 and abs(point.lon) <= 180):  # also when not a number
        raise BadCallback(400, "not a place")
    return point


def _place(fields: Fields) -> Sequence[Event]:
    return (_event(fields, place=_point(_text(fields, "Location_X"), _text(fields, "Location_Y"), _text(fields, "Label"))),)


def _place_report(fields: Fields) -> Sequence[Event]:
    return (_event(fields, kind="place_report", place=_point(_text(fields, "Latitude"), _text(fields, "Longitude"))),)


def _told(kind: str) -> Callable[[Fields], Sequence[Event]]:
    return lambda fields: (_event(fields, kind=kind),)


def _menu(fields: Fields) -> Sequence[Event]:
    """A click in the app's menu is the word typed; a key that is no longer ours says nothing."""
    word = word_of(_text(fields, "EventKey"))
    return (_event(fields, text=word),) if word else ()


def _chosen(fields: Fields) -> Sequence[str]:
    """The options ticked on a card with lists."""
    questions = _inside(_inside([fields], "SelectedItems"), "SelectedItem")
    return [option for option in _inside(_inside(questions, "OptionIds"), "OptionId") if isinstance(option, str)]


def _inside(outer: Iterable[Any], name: str) -> Iterator[Any]:
    """xmltodict gives one element as itself, several as a list, an empty one as None."""
    for element in outer:
        value = element.get(name) if isinstance(element, dict) else None
        yield from value if isinstance(value, list) else (value,)


def _card(fields: Fields) -> Sequence[Event]:
    """A tap on a card is its button's key, or each option chosen."""
    taps = [tap for tap in _chosen(fields) or [_text(fields, "EventKey")] if tokens.read(tap)]
    event = _event(fields, callback=_text(fields, "ResponseCode"))
    return [replace(event, tap=tap, key=f"{event.key}.{n}" if len(taps) > 1 else event.key) for n, tap in enumerate(taps, 1)]


_MESSAGES: Mapping[str, Callable[[Fields], Sequence[Event]]] = {
    "text": _words,
    "link": _shared_page,
    "image": _file("photo", lambda fields: ""),
    "voice": _file("voice", _sound),
    "video": _file("video", lambda fields: "video/mp4"),
    "location": _place,
}
_EVENTS: Mapping[str, Callable[[Fields], Sequence[Event]]] = {
    "location": _place_report,
    "enter_agent": _told("enter"),
    "subscribe": _told("start"),
    "unsubscribe": _told("blocked"),
    "click": _menu,
    "template_card_event": _card,
    "template_card_menu_event": _card,
}
