"""Anything at all at the webhook: never an answer of 500, nothing kept from who does not know the secret."""

from __future__ import annotations

import copy
import json
import os
import random
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bot.channels.base import BadCallback, Event
from bot.channels.telegram import HEADER, Telegram
from bot.web.webhooks import TELEGRAM, Webhooks
from tests.fakes.telegram import SECRET, TOKEN

CALLBACKS = 100_000 if os.environ.get("PAOJIE_PROFILE") == "long" else 3_000
RECORDED = [json.loads(path.read_text(encoding="utf8")) for path in sorted((Path(__file__).parents[2] / "recorded" / "telegram").glob("*.json"))]
ODD: list[Any] = [None, True, -1, 0, 2**31, 2**63, 10**30, 1e308, "", "\0", "字" * 5000, "/start " + "a" * 65, "0", [], [[]], {}, {"id": None}, "😀"]
SECRETS = [None, "", SECRET[:-1], SECRET + "x", SECRET.swapcase(), "密", "\udcff", "0"]


class Firm:
    """As much of the App as the webhook sees."""

    def __init__(self, channel: Telegram) -> None:
        self.channels = {"telegram": channel}
        self.kept: list[Event] = []

    async def receive(self, channel: str, event: Event) -> None:
        self.kept.append(event)


def mutated(chance: random.Random) -> bytes:
    """A real update with a few things changed, or its bytes damaged, or noise."""
    update = copy.deepcopy(chance.choice(RECORDED))
    for _ in range(chance.randrange(4)):
        _change(update, chance)
    body = json.dumps(update, ensure_ascii=chance.random() < 0.3).encode("utf8", "surrogatepass")
    roll = chance.random()
    if roll < 0.15:
        at = chance.randrange(len(body))
        return body[:at] + chance.randbytes(chance.randrange(4)) + body[at + chance.randrange(3) :]
    if roll < 0.2:
        return body[: chance.randrange(len(body))]
    if roll < 0.23:
        return chance.randbytes(chance.randrange(300))
    if roll < 0.24:
        return chance.choice([b"[", b'{"update_id":']) * 20_000
    return body


def _change(update: dict[str, Any], chance: random.Random) -> None:
    """Somewhere inside: a value replaced, a key removed, renamed or borrowed from another update."""
    place: Any = update
    while isinstance(place, dict | list) and place and chance.random() < 0.75:
        inside = chance.choice(list(place.values()) if isinstance(place, dict) else place)
        if not isinstance(inside, dict | list) or not inside:
            break
        place = inside
    if isinstance(place, list):
        place[chance.randrange(len(place))] = _odd(chance)
        return
    name = chance.choice(list(place))
    roll = chance.random()
    if roll < 0.6:
        place[name] = _odd(chance)
    elif roll < 0.8:
        del place[name]
        place.setdefault("text", _odd(chance))
    else:
        place.update(copy.deepcopy(list(chance.choice(RECORDED).values())[1]) if chance.random() < 0.5 else {name + "_": 1})


def _odd(chance: random.Random) -> Any:
    return copy.deepcopy(chance.choice(ODD))


async def posted(hooks: Webhooks, body: bytes, secret: str | None) -> int:
    headers = [(b"content-length", str(len(body)).encode())]
    if secret is not None:
        headers.append((HEADER.encode(), secret.encode("utf8", "surrogateescape")))
    scope = {"type": "http", "path": TELEGRAM, "method": "POST", "query_string": b"", "headers": headers}
    statuses: list[int] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    await hooks(scope, receive, send)
    (status,) = statuses
    return status


@pytest.fixture
async def channel() -> Any:
    channel = Telegram(token=TOKEN, mode="webhook", secret=SECRET, address="https://paojie.example/telegram/webhook")
    yield channel
    await channel.close()


async def test_garbage_is_never_a_500_and_a_stranger_leaves_nothing(channel: Telegram) -> None:
    chance, firm = random.Random(20261124), Firm(channel)
    hooks = Webhooks(firm)  # type: ignore[arg-type]
    statuses: Counter[tuple[bool, int]] = Counter()
    for _ in range(CALLBACKS):
        known = chance.random() < 0.7
        before = len(firm.kept)
        statuses[known, await posted(hooks, mutated(chance), SECRET if known else chance.choice(SECRETS))] += 1
        assert known or len(firm.kept) == before
    assert {status for _, status in statuses} <= {200, 400, 403}
    assert {status for known, status in statuses if not known} == {403}
    assert statuses[True, 200] > CALLBACKS / 5
    assert statuses[True, 400] > CALLBACKS / 10
    assert firm.kept


async def test_the_channel_itself_raises_nothing_else_and_what_it_reads_can_be_stored(channel: Telegram) -> None:
    chance, statuses = random.Random(7), set()
    for _ in range(CALLBACKS):
        body = mutated(chance)
        try:
            events = await channel.read(query={}, headers={HEADER: SECRET}, body=body)
        except BadCallback as refused:
            statuses.add(refused.status)
            continue
        for event in events:
            stored = msgspec.json.encode(event)
            assert msgspec.convert(json.loads(stored), Event) == event
            assert b"\\u0000" not in stored
    assert statuses == {400}
