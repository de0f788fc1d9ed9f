"""Random and mutated callbacks, signed and unsigned: never worse than a refusal, never an event from a stranger."""

from __future__ import annotations

import base64
import os
import random
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bot.channels.base import BadCallback, Event
from bot.channels.wecom import WeCom
from bot.channels.wecom_callback import events_in
from tests.fakes.wecom import AES_KEY, AGENT_ID, CORP_ID, SECRET, TOKEN
from tests.fakes.wecom_phone import envelope, seal, sign

ROUNDS = 100_000 if os.environ.get("PAOJIE_PROFILE") == "long" else 6_000
NOW = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
RECORDED = [path.read_text(encoding="utf8") for path in sorted((Path(__file__).parents[2] / "recorded" / "wecom").glob("*.xml"))]
PIECES = (
    *("<xml>", "</xml>", "<![CDATA[", "]]>", "<MsgType>", "<a>" * 50, "event", "text", "&amp;", "&lol;", "<!DOCTYPE x>", '<!ENTITY a "b">'),
    *("<?xml version='1.0' encoding='utf-16'?>", "<SelectedItems><SelectedItem/></SelectedItems>", "<OptionId>s1.2.x</OptionId>"),
    *("\x00", "\ufffe", "😀", "9" * 40, "-1", "nan", "' OR 1=1", "=" * 9, ""),
)


def mangled(text: str, dice: random.Random) -> str:
    """A few cuts, doublings, swaps and foreign pieces."""
    for _ in range(dice.randint(1, 4)):
        start, end = sorted(dice.randrange(len(text) + 1) for _ in range(2))
        end = min(end, start + 60)
        change = dice.randrange(4)
        middle = (dice.choice(PIECES), text[start:end] * 2, "", text[start:end][::-1])[change]
        text = text[:start] + middle + text[end:]
    return text


def mangled_bytes(data: bytes, dice: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(dice.randint(1, 6)):
        if changed:
            changed[dice.randrange(len(changed))] = dice.randrange(256)
    return bytes(changed[: dice.randrange(len(changed) + 1)] if dice.random() < 0.2 else changed)


Callback = tuple[dict[str, str], bytes]


def good(dice: random.Random) -> Callback:
    query, sealed = seal(dice.choice(RECORDED), at=NOW)
    return query, envelope(sealed)


def mangled_inside(dice: random.Random) -> Callback:
    query, sealed = seal(mangled(dice.choice(RECORDED), dice).encode("utf-8", "replace"), at=NOW)
    return query, envelope(sealed)


def rubbish_inside(dice: random.Random) -> Callback:
    query, sealed = seal(dice.randbytes(dice.randrange(400)), at=NOW)
    return query, envelope(sealed)


def rubbish_signed(dice: random.Random) -> Callback:
    sealed = dice.choice((base64.b64encode(dice.randbytes(dice.randrange(200))).decode(), mangled("QUJD" * 9, dice)))
    return sign(sealed, at=NOW), envelope(sealed)


def mangled_cipher_signed(dice: random.Random) -> Callback:
    sealed = base64.b64encode(mangled_bytes(base64.b64decode(seal(dice.choice(RECORDED), at=NOW)[1]), dice)).decode()
    return sign(sealed, at=NOW), envelope(sealed)


def mangled_query(dice: random.Random) -> Callback:
    query, body = good(dice)
    part = dice.choice(sorted(query))
    changed = mangled(query[part], dice)
    return (query | {part: changed + "?" if changed == query[part] else changed}), body


def unsigned(dice: random.Random) -> Callback:
    query, body = good(dice)
    return dice.choice(({}, query | {"msg_signature": f"{dice.getrandbits(160):040x}"}, {"msg_signature": query["msg_signature"]})), body


def stranger(dice: random.Random) -> Callback:
    query, sealed = seal(dice.choice(RECORDED), at=NOW, token=mangled(TOKEN, dice) + "!")
    return query, envelope(sealed)


def rubbish(dice: random.Random) -> Callback:
    return {"msg_signature": "x", "timestamp": "1", "nonce": "2"}, dice.randbytes(dice.randrange(300))


def mangled_body(dice: random.Random) -> Callback:
    query, body = good(dice)
    return query, mangled_bytes(body, dice)


AUTHENTICATED: tuple[Callable[[random.Random], Callback], ...] = (good, mangled_inside, rubbish_inside, rubbish_signed, mangled_cipher_signed)
STRANGERS: tuple[Callable[[random.Random], Callback], ...] = (mangled_query, unsigned, stranger, rubbish)


async def status_of(channel: WeCom, callback: Callback) -> tuple[int, list[Event]]:
    """As the webhook answers: anything but BadCallback would be a 500, and here a failed test."""
    try:
        return 200, list(await channel.read(query=callback[0], headers={}, body=callback[1]))
    except BadCallback as refused:
        return refused.status, []


def a_channel() -> WeCom:
    secrets: Mapping[str, Any] = {"corp_id": CORP_ID, "agent_id": AGENT_ID, "secret": SECRET, "token": TOKEN, "aes_key": AES_KEY}
    return WeCom(now=lambda: NOW, **secrets)


async def test_signed_callbacks_are_read_or_refused() -> None:
    channel, dice, told = a_channel(), random.Random(20261124), Counter[str]()
    for n in range(ROUNDS // 2):
        make = AUTHENTICATED[n % len(AUTHENTICATED)]
        status, events = await status_of(channel, make(dice))
        told[f"{make.__name__} {status}"] += 1
        for event in events:
            assert 0 < len(event.key) <= 119
            assert event.sender == event.sender.lower()
            msgspec.json.encode(event)
    assert {line.rpartition(" ")[2] for line in told} == {"200", "400", "403"}
    assert told["good 200"] == ROUNDS // 2 // len(AUTHENTICATED)


async def test_strangers_get_no_event() -> None:
    channel, dice, told = a_channel(), random.Random(42), Counter[int]()
    for n in range(ROUNDS // 2):
        status, events = await status_of(channel, STRANGERS[n % len(STRANGERS)](dice))
        told[status] += 1
        assert events == []
    assert told.keys() <= {400, 403}


async def test_a_spoilt_envelope_never_says_anything_else() -> None:
    """Outside the sealed part a byte may change and nothing be noticed: what is told is then what was sealed."""
    channel, dice = a_channel(), random.Random(7)
    everything = {event for xml in RECORDED for event in events_in(xml)}
    for _ in range(ROUNDS // 6):
        status, events = await status_of(channel, mangled_body(dice))
        assert status in (200, 400, 403)
        assert set(events) <= everything


async def test_the_url_check_is_as_strict() -> None:
    channel, dice = a_channel(), random.Random(11)
    for n in range(ROUNDS // 6):
        query, sealed = seal(str(dice.getrandbits(64)), at=NOW)
        asked = {**query, "echostr": sealed}
        part = sorted(asked)[n % 4]
        changed = asked[part] + "A" if n % 8 < 4 else mangled(asked[part], dice) + "!"
        with pytest.raises(BadCallback) as refused:
            channel.verify_url(asked | {part: changed})
        assert refused.value.status in (400, 403)
