"""The client against a real server with troubles on plan: one token, one refresh, typed refusals, files streamed."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.channels.base import AddressDead, MediaGone, Refused, RetryLater, SendFailed
from bot.channels.wecom_api import LARGEST_FILE, CardRefused, Misconfigured, WeComApi
from tests.fakes.wecom import AGENT_ID, CORP_ID, SECRET, WeComServer

SEND = "message/send"


class StillTime:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(scope="module")
def running() -> Iterator[WeComServer]:
    with WeComServer() as server:
        yield server


@pytest.fixture
def time() -> StillTime:
    return StillTime()


@pytest.fixture
def server(running: WeComServer, time: StillTime) -> WeComServer:
    running.reset()
    running.now = time
    return running


Connect = Callable[..., WeComApi]


@pytest.fixture
async def connect(server: WeComServer, time: StillTime) -> AsyncIterator[Connect]:
    opened: list[WeComApi] = []

    def connect(corp_id: str = CORP_ID, secret: str = SECRET, base: str = server.url) -> WeComApi:
        opened.append(WeComApi(corp_id, AGENT_ID, secret, base, time, patience=0.3))
        return opened[-1]

    yield connect
    for api in opened:
        await api.close()


@pytest.fixture
def api(connect: Connect) -> WeComApi:
    return connect()


def text(words: str = "好的", to: str = "liqiang") -> dict[str, object]:
    return {"touser": to, "agentid": AGENT_ID, "msgtype": "text", "text": {"content": words}}


class TestToken:
    async def test_one_token_for_twenty_at_once(self, api: WeComApi, server: WeComServer) -> None:
        await asyncio.gather(*(api.post(SEND, text(str(n))) for n in range(20)))
        assert (server.calls["gettoken"], len(server.heard("liqiang"))) == (1, 20)

    async def test_a_voided_token_is_refreshed_once_for_all(self, api: WeComApi, server: WeComServer) -> None:
        await api.post(SEND, text())
        server.void_token()
        await asyncio.gather(*(api.post(SEND, text(str(n))) for n in range(10)))
        assert (server.calls["gettoken"], len(server.heard("liqiang"))) == (2, 11)

    @pytest.mark.parametrize("code", [40014, 42001, 40001])
    async def test_each_way_of_saying_so(self, api: WeComApi, server: WeComServer, code: int) -> None:
        server.fail(SEND, code)
        await api.post(SEND, text())
        assert [heard.text for heard in server.heard("liqiang")] == ["好的"]

    @pytest.mark.parametrize("code", [40014, 42001])
    async def test_a_storm_ends_after_two_calls(self, api: WeComApi, server: WeComServer, code: int) -> None:
        server.fail(SEND, code, times=1000)
        with pytest.raises(RetryLater) as raised:
            await api.post(SEND, text())
        assert raised.value.everyone
        assert (server.calls[SEND], server.calls["gettoken"]) == (2, 2)

    @pytest.mark.parametrize(("corp_id", "secret", "word"), [(CORP_ID, "wrong", "Secret"), ("ww-wrong", SECRET, "企业 ID")])
    async def test_a_wrong_secret_is_not_asked_with_again_and_again(
        self, connect: Connect, server: WeComServer, time: StillTime, corp_id: str, secret: str, word: str
    ) -> None:
        api = connect(corp_id, secret)
        for _ in range(10):
            with pytest.raises(Misconfigured, match=word) as raised:
                await api.post(SEND, text())
            assert raised.value.everyone
        assert server.calls["gettoken"] == 1
        time.now += timedelta(seconds=31)
        with pytest.raises(Misconfigured):
            await api.post(SEND, text())
        assert server.calls["gettoken"] == 2

    async def test_a_refused_token_heals(self, api: WeComApi, server: WeComServer, time: StillTime) -> None:
        server.fail("gettoken", 45009)
        with pytest.raises(RetryLater):
            await api.post(SEND, text())
        time.now += timedelta(seconds=31)
        assert (await api.post(SEND, text()))["errcode"] == 0


class TestRefusals:
    CODES: tuple[tuple[int | str, type[SendFailed]], ...] = (
        (-1, RetryLater),
        (45033, RetryLater),
        (45009, RetryLater),
        (429, RetryLater),
        (502, RetryLater),
        ("html", RetryLater),
        (60020, Misconfigured),
        (48002, Misconfigured),
        (40056, Misconfigured),
        (301002, Misconfigured),
        (50003, Misconfigured),
        (81013, AddressDead),
        (60111, AddressDead),
        (60011, AddressDead),
        (42038, CardRefused),
        (42014, CardRefused),
        (40035, Refused),
        (44004, Refused),
        (987654, Refused),
    )

    @pytest.mark.parametrize(("how", "error"), CODES, ids=[str(how) for how, _ in CODES])
    async def test_by_number(self, api: WeComApi, server: WeComServer, how: int | str, error: type[SendFailed]) -> None:
        server.fail(SEND, how)
        with pytest.raises(SendFailed) as raised:
            await api.post(SEND, text())
        assert type(raised.value) is error
        assert "10.0.0.1" not in str(raised.value)

    @pytest.mark.parametrize(
        ("how", "everyone"), [(-1, False), (45033, False), (45009, True), (429, True), (60020, True), ("html", True), (502, False)]
    )
    async def test_who_must_wait(self, api: WeComApi, server: WeComServer, how: int | str, everyone: bool) -> None:
        server.fail(SEND, how)
        with pytest.raises(RetryLater) as raised:
            await api.post(SEND, text())
        assert raised.value.everyone is everyone

    @pytest.mark.parametrize("how", ["timeout", "unheard", "cut", 502])
    async def test_without_an_answer_it_may_have_been_sent(self, api: WeComApi, server: WeComServer, how: int | str) -> None:
        server.fail(SEND, how)
        with pytest.raises(RetryLater) as raised:
            await api.post(SEND, text())
        assert raised.value.maybe_sent
        assert server.calls[SEND] == 1

    async def test_nobody_at_the_other_end(self, connect: Connect) -> None:
        api = connect(base="http://127.0.0.1:9")
        with pytest.raises(RetryLater) as raised:
            await api.post(SEND, text())
        assert (raised.value.maybe_sent, raised.value.everyone) == (False, True)

    async def test_no_secret_and_no_token_in_an_error(self, api: WeComApi, server: WeComServer) -> None:
        await api.post(SEND, text())
        for how in ("timeout", "cut", 502, "html", 40035, 60020):
            server.fail(SEND, how)
            with pytest.raises(SendFailed) as raised:
                await api.post(SEND, text())
            assert "token" not in str(raised.value)
            assert SECRET not in str(raised.value)

    async def test_no_secret_and_no_token_in_the_log(self, connect: Connect, server: WeComServer, caplog: pytest.LogCaptureFixture) -> None:
        with caplog.at_level(logging.DEBUG), caplog.at_level(logging.DEBUG, logger="httpcore"):  # a test before may have quieted it
            await connect().post(SEND, text("王经理的电话"))
        ours = " ".join(record.getMessage() for record in caplog.records if not record.name.startswith("uvicorn"))  # that is the fake's
        assert "httpcore" in {record.name.partition(".")[0] for record in caplog.records}
        for hidden in (SECRET, "access_token", "token-1", "王经理"):
            assert hidden not in ours

    async def test_words_for_the_admin(self, api: WeComApi, server: WeComServer) -> None:
        server.fail(SEND, 60020)
        with pytest.raises(Misconfigured, match="企业可信IP"):
            await api.post(SEND, text())


async def test_chinese_goes_as_it_is(api: WeComApi, server: WeComServer) -> None:
    """The fake refuses escapes as the platform does (40033); a broken surrogate must not stop the message."""
    await api.post(SEND, text("华东精密 😀 \"'\\n <>&"))
    await api.post(SEND, text("坏\ud83d字"))
    assert [heard.text for heard in server.heard("liqiang")] == ["华东精密 😀 \"'\\n <>&", "坏?字"]


class TestFiles:
    async def test_up_and_down(self, api: WeComApi, server: WeComServer) -> None:
        data = bytes(range(256)) * 8000
        media_id = await api.upload("image", "门头.jpg", "image/jpeg", data)
        pieces = [piece async for piece in api.download(media_id)]
        assert b"".join(pieces) == data
        assert len(pieces) > 5

    async def test_the_whole_file_goes_again_with_a_fresh_token(self, api: WeComApi, server: WeComServer) -> None:
        await api.post(SEND, text())
        server.void_token()
        media_id = await api.upload("file", "日志.pdf", "application/pdf", b"%PDF-1.7 " * 100)
        server.void_token()
        assert b"".join([piece async for piece in api.download(media_id)]) == b"%PDF-1.7 " * 100

    @pytest.mark.parametrize(
        ("kind", "mime", "data"), [("image", "image/jpeg", b""), ("voice", "audio/ogg", b"123456"), ("sound", "audio/amr", b"123456")]
    )
    async def test_what_the_platform_does_not_take(self, api: WeComApi, kind: str, mime: str, data: bytes) -> None:
        with pytest.raises(Refused):
            await api.upload(kind, "a.b", mime, data)

    async def fetched(self, api: WeComApi, media_id: str) -> bytes:
        return b"".join([piece async for piece in api.download(media_id)])

    async def test_expired(self, api: WeComApi, server: WeComServer, time: StillTime) -> None:
        media_id = server.hold(b"picture")
        time.now += timedelta(days=3)
        with pytest.raises(MediaGone, match="请重新发"):
            await self.fetched(api, media_id)

    @pytest.mark.parametrize("said", [True, False])
    async def test_too_large(self, api: WeComApi, server: WeComServer, said: bool) -> None:
        media_id = server.hold(b"x" * (LARGEST_FILE + 1), "application/octet-stream")
        server.hang = 0.0
        if not said:
            server.fail("media/get", "slow")  # in pieces, without a length
        with pytest.raises(MediaGone, match="20 MB"):
            await self.fetched(api, media_id)

    async def test_the_largest_that_fits(self, api: WeComApi, server: WeComServer) -> None:
        media_id = server.hold(b"x" * LARGEST_FILE, "application/octet-stream")
        assert len(await self.fetched(api, media_id)) == LARGEST_FILE

    async def test_the_platform_itself_says_too_large(self, api: WeComApi, server: WeComServer) -> None:
        server.fail("media/get", 830002)
        with pytest.raises(MediaGone, match="20 MB"):
            await self.fetched(api, server.hold(b"picture"))

    @pytest.mark.parametrize("how", [-1, 45009, 429, 502, "html", "unheard", "cut", "slow"])
    async def test_come_back_later(self, api: WeComApi, server: WeComServer, how: int | str) -> None:
        await api.get("getcallbackip")
        server.fail("media/get", how)
        with pytest.raises(RetryLater):
            await self.fetched(api, server.hold(b"picture" * 100))
        assert await self.fetched(api, server.hold(b"picture" * 100)) == b"picture" * 100

    async def test_a_storm_ends(self, api: WeComApi, server: WeComServer) -> None:
        server.fail("media/get", 40014, times=100)
        with pytest.raises(RetryLater):
            await self.fetched(api, server.hold(b"picture"))
        assert server.calls["media/get"] == 2

    async def test_a_json_file_is_no_answer(self, api: WeComApi, server: WeComServer) -> None:
        """Only what says errcode is one; anything else in place of a picture is tried again."""
        with pytest.raises(RetryLater):
            await self.fetched(api, server.hold(json.dumps({"a": 1}).encode(), "application/json"))
