"""Callbacks: 200 only after COMMIT, garbage refused, never a 5xx, nothing kept from who cannot prove who they are."""

from __future__ import annotations

import asyncio
import json
import random
import threading
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from bot.channels.base import BadCallback, Event
from bot.web import webhooks
from bot.web.app import Site
from bot.web.webhooks import LARGEST, TELEGRAM, WECOM
from storage import inbox
from storage.errors import Unavailable
from tests.bot.conftest import House
from tests.fakes.channel import FakeChannel


class Pushed(FakeChannel):
    """Reads JSON with a secret in the header, as a pushed channel would."""

    async def read(self, *, query: Mapping[str, str], headers: Mapping[str, str], body: bytes) -> Sequence[Event]:
        if headers.get("x-secret") != "s":
            raise BadCallback(403, "who are you")
        said = json.loads(body)
        return [Event(str(one["key"]), one["from"], datetime.now(UTC), text=one["text"]) for one in said]

    def verify_url(self, query: Mapping[str, str]) -> bytes:
        if query.get("sign") != "ok":
            raise BadCallback(403, "wrong signature")
        return query["echostr"].encode()


@pytest.fixture
async def site(house: House) -> AsyncIterator[httpx.AsyncClient]:
    await house.app.stop()
    house.telegram, house.wecom = Pushed("telegram"), Pushed("wecom")
    await house.open()
    transport = httpx.ASGITransport(Site(house.app), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://paojie") as client:
        yield client


async def push(site: httpx.AsyncClient, body: Any, path: str = TELEGRAM, secret: str = "s") -> int:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return (await site.post(path, content=data, headers={"x-secret": secret})).status_code


async def waiting(house: House) -> int:
    return await house.database.read(inbox.waiting)


async def test_what_is_pushed_is_kept_before_it_is_answered(house: House, wang: int, site: httpx.AsyncClient) -> None:
    assert await push(site, [{"key": 1, "from": "7", "text": "一"}, {"key": 2, "from": "7", "text": "二"}]) == 200
    assert await waiting(house) == 2
    assert await push(site, [{"key": 1, "from": "7", "text": "一"}]) == 200
    await house.app.drain()
    assert house.telegram.texts == ["一", "二"]


async def test_a_database_that_did_not_take_it_is_not_a_200(house: House, site: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    async def down(*_: Any, **__: Any) -> None:
        raise Unavailable

    async def broken(*_: Any, **__: Any) -> None:
        raise KeyError

    for how, status in ((down, 503), (broken, 400)):
        monkeypatch.setattr(house.app, "receive", how)
        assert await push(site, [{"key": 1, "from": "7", "text": "一"}]) == status


async def test_a_commit_that_takes_too_long_is_not_a_200(house: House, wang: int, site: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """The row comes in after all; delivered again, it is one message."""
    monkeypatch.setattr(webhooks, "ANSWER_WITHIN", 0.05)
    busy = threading.Event()
    held = asyncio.create_task(house.database.write(lambda conn: busy.wait(10), lane="receive"))
    await asyncio.sleep(0)
    one = [{"key": 1, "from": "7", "text": "一"}]
    assert await push(site, one) == 503
    assert await push(site, [*one, {"key": 2, "from": "7", "text": "二"}]) == 503
    busy.set()
    await held
    monkeypatch.setattr(webhooks, "ANSWER_WITHIN", 10)
    assert await push(site, one) == 200
    await house.app.drain()
    assert house.telegram.texts == ["一", "二"]


async def test_a_body_that_does_not_come_is_not_waited_for(house: House, site: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert webhooks.BODY_WITHIN < webhooks.ANSWER_WITHIN < 5
    monkeypatch.setattr(webhooks, "BODY_WITHIN", 0.05)
    told: list[Any] = []

    async def never() -> Any:
        await asyncio.Event().wait()

    async def tell(message: Any) -> None:
        told.append(message)

    scope = {"type": "http", "method": "POST", "path": TELEGRAM, "query_string": b"", "headers": [(b"x-secret", b"s")]}
    await webhooks.Webhooks(house.app)(scope, never, tell)
    assert told[0]["status"] == 408


@pytest.mark.parametrize(("body", "secret", "status"), [(b"[]", "x", 403), (b"{", "s", 400), (b'[{"key": 1}]', "s", 400), (b"", "s", 400)])
async def test_what_cannot_be_read_is_refused(house: House, site: httpx.AsyncClient, body: bytes, secret: str, status: int) -> None:
    assert await push(site, body, secret=secret) == status
    assert await waiting(house) == 0


@pytest.mark.parametrize("path", [TELEGRAM, WECOM])
async def test_too_large_is_refused_whether_it_says_so_or_not(site: httpx.AsyncClient, path: str) -> None:
    largest = LARGEST[path]
    assert await push(site, b"x" * (largest + 1), path) == 413

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(largest // 1024 + 1):
            yield b"x" * 1024

    answer = await site.post(path, content=pieces(), headers={"x-secret": "s"})
    assert answer.status_code == 413


async def test_the_url_check_is_answered_bare(site: httpx.AsyncClient) -> None:
    answer = await site.get(f"{WECOM}?sign=ok&echostr=a%2Bb+c")
    assert (answer.status_code, answer.content) == (200, b"a+b+c")
    assert (await site.get(f"{WECOM}?sign=no&echostr=1")).status_code == 403
    assert (await site.put(WECOM)).status_code == 405


async def test_a_channel_that_is_not_set_up_has_no_path(house: House) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(Site(house.app)), base_url="http://paojie") as client:
        assert (await client.post(TELEGRAM)).status_code == 404


async def test_noise(house: House, site: httpx.AsyncClient) -> None:
    noise = random.Random(7)
    for _ in range(200):
        body = noise.randbytes(noise.randrange(200))
        path = noise.choice((TELEGRAM, WECOM)) + "?" + noise.randbytes(noise.randrange(20)).hex()
        assert await push(site, body, path, noise.choice("sx")) < 500
    assert await waiting(house) == 0
