"""What Telegram demands beyond the contract: pacing, edits, halves, secrets, the webhook, the menu, files."""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from telegram import error

from bot.channels.base import AddressDead, BadCallback, Event, Media, MediaGone, Outgoing, Refused, RetryLater, SendFailed
from bot.channels.pacing import Pace, Pacer
from bot.channels.telegram import Telegram
from bot.channels.telegram_api import Lost, TooFast, failure
from conversations.types import Option, Prompt
from tests.bot.channels.contract import JPEG, bytes_of
from tests.bot.channels.test_telegram_contract import a_channel
from tests.fakes.telegram import SECRET, TOKEN, TelegramServer
from tests.fakes.telegram_phone import Phone

NOW = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
WHO = "11001"
YES, NO = Option("是", "s1.2.y", main=True), Option("否", "s1.2.n")


@pytest.fixture(scope="module")
def shared() -> Iterator[TelegramServer]:
    with TelegramServer(now=lambda: NOW) as server:
        yield server


@pytest.fixture
def server(shared: TelegramServer) -> TelegramServer:
    shared.reset()
    return shared


@pytest.fixture
async def channel(server: TelegramServer) -> AsyncIterator[Telegram]:
    channel = a_channel(server)
    yield channel
    await channel.close()


def out(text: str = "好的", *options: Option, id: int = 1, to: str = WHO, **rest: Any) -> Outgoing:
    return Outgoing(**{"id": id, "to": to, "prompt": Prompt(text, options), "lane": "reply", **rest})


# --- reading ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("told", [{}, {"X-Telegram-Bot-Api-Secret-Token": ""}, {"X-Telegram-Bot-Api-Secret-Token": "密"}, {"Authorization": SECRET}])
async def test_without_the_secret_nothing_is_read(channel: Telegram, told: dict[str, str]) -> None:
    with pytest.raises(BadCallback) as refused:
        await channel.read(query={}, headers=told, body=b"{}")
    assert refused.value.status == 403


async def test_without_a_secret_of_our_own_nothing_is_read_either(server: TelegramServer) -> None:
    channel = a_channel(server, secret="", mode="polling")
    with pytest.raises(BadCallback):
        await channel.read(query={}, headers={"X-Telegram-Bot-Api-Secret-Token": ""}, body=b'{"update_id":1}')
    await channel.close()


# --- sending ----------------------------------------------------------------------------------------------
async def test_an_edit_takes_the_place_of_what_was_said(channel: Telegram, server: TelegramServer) -> None:
    first = await channel.send(out("收到 1 张照片", YES))
    assert await channel.send(out("收到 2 张照片", YES, id=2, replaces=first)) == first
    (message,) = server.heard(WHO)
    assert (message.text, message.labels, message.edited) == ("收到 2 张照片", ("是",), True)


async def test_an_edit_that_changes_nothing_is_done(channel: Telegram, server: TelegramServer) -> None:
    first = await channel.send(out("收到 1 张照片", YES))
    assert await channel.send(out("收到 1 张照片", YES, id=2, replaces=first)) == first
    assert len(server.heard(WHO)) == 1


async def test_what_cannot_be_edited_is_said_anew(channel: Telegram, server: TelegramServer) -> None:
    said = await channel.send(out("收到 2 张照片", replaces="999999"))
    assert said not in ("", "999999")
    assert [message.text for message in server.heard(WHO)] == ["收到 2 张照片"]


async def test_a_long_prompt_goes_on_where_it_stopped(channel: Telegram, server: TelegramServer) -> None:
    long = out("字" * 9000, YES)
    calls = iter([None, 429, 500, None, None])

    async def flaky(*args: Any, **rest: Any) -> Any:
        status = next(calls)
        if status:
            server.fail("sendMessage", status)
        return await real(*args, **rest)

    real, channel._wire.call = channel._wire.call, flaky  # type: ignore[method-assign]
    for _ in range(2):
        with pytest.raises(RetryLater):
            await channel.send(long)
    assert await channel.send(long)
    assert [len(message.text) for message in server.heard(WHO)] == [4096, 4096, 808]
    assert channel._halves == {}


async def test_changed_words_start_again(channel: Telegram, server: TelegramServer) -> None:
    channel._halves[1] = (Prompt("别的" * 3000), ["7"])
    await channel.send(out("字" * 5000))
    assert [len(message.text) for message in server.heard(WHO)] == [4096, 904]


async def test_a_picture_the_platform_refuses_goes_as_a_file(channel: Telegram, server: TelegramServer) -> None:
    server.fail("sendPhoto", 400)
    await channel.send(out("门头", YES, attachments=(("image/jpeg", JPEG),)))
    (message,) = server.heard(WHO)
    assert (message.kind, message.text, message.labels, message.file) == ("document", "门头", ("是",), JPEG)


async def test_an_album_then_the_words(channel: Telegram, server: TelegramServer) -> None:
    await channel.send(out("现场照片", YES, NO, attachments=(("image/jpeg", JPEG), ("image/png", JPEG[:50]), ("audio/ogg", b"OggS"))))
    messages = server.heard(WHO)
    assert [message.kind for message in messages] == ["photo", "photo", "voice", "text"]
    assert messages[0].album == messages[1].album != ""
    assert messages[-1].labels == ("是", "否")


async def test_two_to_one_chat_are_a_second_apart_and_429_is_honoured(server: TelegramServer) -> None:
    channel = a_channel(server, pace=Pace(Pacer(second=0.06)))
    await channel.send(out("一", id=1))
    await channel.send(out("二", id=2))
    one, two = server.heard(WHO)
    assert two.arrived - one.arrived > 0.04
    server.retry_after = 20
    server.fail("sendMessage", 429)
    with pytest.raises(RetryLater) as first:
        await channel.send(out("三", id=3))
    with pytest.raises(RetryLater) as second:  # without asking the platform again
        await channel.send(out("四", id=4))
    assert (first.value.seconds, first.value.everyone, server.calls["sendMessage"]) == (20, False, 3)
    assert 19 < second.value.seconds <= 20
    assert await channel.send(out("别人", id=5, to="11002"))
    await channel.close()


async def test_429_of_two_chats_holds_everyone(server: TelegramServer) -> None:
    channel = a_channel(server, pace=Pace())
    server.retry_after = 30
    server.fail("sendMessage", 429, times=2)
    raised = []
    for n in range(2):
        with pytest.raises(RetryLater) as held:
            await channel.send(out(to=f"1100{n}"))
        raised.append(held.value.everyone)
    assert raised == [False, True]
    with pytest.raises(RetryLater):
        await channel.send(out(to="11009", lane="emergency"))
    assert server.calls["sendMessage"] == 2
    await channel.close()


async def test_who_never_pressed_start_is_an_address_to_give_up(channel: Telegram, server: TelegramServer) -> None:
    server.strangers.add(int(WHO))
    with pytest.raises(AddressDead):
        await channel.send(out())


async def test_nobody_there_means_nothing_was_sent() -> None:
    channel = Telegram(token=TOKEN, api="http://127.0.0.1:9")
    with pytest.raises(RetryLater) as failed:
        await channel.send(out())
    assert not failed.value.maybe_sent
    await channel.close()


@pytest.mark.parametrize(
    ("raised", "becomes"),
    [
        (error.BadRequest("message text is empty"), Refused),  # a NetworkError to the library
        (error.Forbidden("bot was blocked by the user"), AddressDead),
        (Lost(TooFast(7, "retry after 7")), TooFast),
        (error.TimedOut(), RetryLater),
        (error.NetworkError("Bad Gateway"), RetryLater),
        (error.InvalidToken(f"The token `{TOKEN}` was rejected by the server."), RetryLater),
        (error.Conflict("another poller"), RetryLater),
    ],
)
def test_the_librarys_errors(raised: error.TelegramError, becomes: type[SendFailed]) -> None:
    failed = failure(raised)
    assert type(failed) is becomes
    assert TOKEN not in str(failed)


# --- taps -------------------------------------------------------------------------------------------------
async def test_a_tap_is_answered_once_and_an_old_one_is_nobodys_trouble(channel: Telegram, server: TelegramServer) -> None:
    tap = Event("1", WHO, NOW, tap="s1.2.y", callback=server.query())
    await channel.acknowledge(tap, "王师傅 9:12 已接单" * 30)
    assert len(server.answered[tap.callback]) == 200
    await channel.acknowledge(tap)
    await channel.acknowledge(Event("2", WHO, NOW, text="好"))
    assert server.calls["answerCallbackQuery"] == 2


# --- secrets ----------------------------------------------------------------------------------------------
async def test_the_token_is_in_no_log_and_no_error(server: TelegramServer) -> None:
    heard = io.StringIO()
    handler, root = logging.StreamHandler(heard), logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        channel = a_channel(server)
        said = [repr(channel), repr(channel._wire)]
        for method, how in (
            ("sendMessage", 500),
            ("sendMessage", "timeout"),
            ("sendMessage", "html"),
            ("getMe", 401),
            ("getMe", "html"),
            ("file", 500),
        ):
            server.fail(method, how)
        for _ in range(3):
            with pytest.raises(SendFailed) as failed:
                await channel.send(out())
            said.append(_everything_about(failed.value))
        said += [str(await channel.check()), str(await channel.check())]
        with pytest.raises(RetryLater) as lost:
            await bytes_of(channel, Media(server.hold(JPEG)))
        said.append(_everything_about(lost.value))
        await channel.close()
    finally:
        root.removeHandler(handler)
        root.setLevel(before)
    assert TOKEN not in "\n".join(said) + heard.getvalue()


def _everything_about(failed: BaseException | None) -> str:
    texts = []
    while failed is not None and not failed.__suppress_context__:
        texts.append(repr(failed))
        failed = failed.__cause__ or failed.__context__
    return "\n".join([*texts, repr(failed)])


# --- files ------------------------------------------------------------------------------------------------
async def test_a_file_too_large_is_said_so_before_or_after_asking(channel: Telegram, server: TelegramServer) -> None:
    huge = server.hold(b"x" * (20 * 1024 * 1024 + 1))
    for media, asked in ((Media(huge, size=30_000_000), 0), (Media(huge), 1)):
        with pytest.raises(MediaGone) as gone:
            await channel.fetch(media)
        assert "20 MB" in str(gone.value)
        assert server.calls["getFile"] == asked


async def test_a_file_that_lies_about_its_size_is_cut_off(channel: Telegram, server: TelegramServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.channels.telegram_api.LARGEST_FILE", 1000)
    with pytest.raises(MediaGone):
        await bytes_of(channel, Media(server.hold(JPEG)))


async def test_a_slow_file_is_tried_again_later(server: TelegramServer) -> None:
    channel = a_channel(server, patience=0.05)
    server.hang = 0.03
    server.fail("file", "slow")
    media = Media(server.hold(JPEG))
    assert await bytes_of(channel, media) == JPEG
    server.hang = 0.2
    server.fail("file", "slow")
    with pytest.raises(RetryLater):
        await bytes_of(channel, media)
    await channel.close()


@pytest.mark.parametrize("status", [500, 404])
async def test_a_download_that_fails(channel: Telegram, server: TelegramServer, status: int) -> None:
    server.fail("file", status)
    with pytest.raises(MediaGone if status == 404 else RetryLater):
        await bytes_of(channel, Media(server.hold(JPEG)))


async def test_asking_for_a_file_may_fail_for_a_while(channel: Telegram, server: TelegramServer) -> None:
    for how in (500, 429, "html"):
        server.fail("getFile", how)
        with pytest.raises(RetryLater):
            await channel.fetch(Media(server.hold(JPEG)))


# --- setting up -------------------------------------------------------------------------------------------
async def settled(channel: Telegram) -> None:
    await channel.start()
    assert channel._settling
    await channel._settling


async def test_the_webhook_is_set_with_its_secret(channel: Telegram, server: TelegramServer) -> None:
    assert not (await channel.check())["ok"]
    await settled(channel)
    assert server.webhook["url"] == "https://paojie.example/telegram/webhook"
    assert server.webhook["secret_token"] == SECRET
    assert set(server.webhook["allowed_updates"]) == {"message", "edited_message", "callback_query", "my_chat_member"}
    assert (await channel.check()) == {"ok": True, "text": "@paojie_bot 可以收发，等着送来的消息 0 条。"}


@pytest.mark.parametrize(("said", "todo"), [("Wrong response from the webhook: 403 Forbidden", "重新启动"), ("Connection refused", "反向代理")])
async def test_a_webhook_that_does_not_arrive(channel: Telegram, server: TelegramServer, said: str, todo: str) -> None:
    await settled(channel)
    server.webhook["last_error_message"] = said
    told = await channel.check()
    assert not told["ok"]
    assert todo in told["text"]


async def test_nobody_at_the_other_end_is_said_in_words(server: TelegramServer) -> None:
    channel = a_channel(server, api="http://127.0.0.1:9")
    told = await channel.check()
    assert (told["ok"], "防火墙挡住 http://127.0.0.1:9" in told["text"]) == (False, True)
    await channel.close()


async def test_polling_takes_an_old_webhook_away(server: TelegramServer) -> None:
    server.webhook = {"url": "https://old.example/"}
    channel = a_channel(server, mode="polling")
    await settled(channel)
    assert server.webhook == {}
    await channel.close()


async def test_starting_does_not_wait_for_the_platform(server: TelegramServer) -> None:
    """It takes the call and never answers."""
    called, calls = asyncio.Event(), list[asyncio.Task[None] | None]()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        calls.append(asyncio.current_task())
        called.set()
        await reader.read()  # until the caller gives up
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(silent, "127.0.0.1", 0) as deaf:
        channel = a_channel(server, api=f"http://127.0.0.1:{deaf.sockets[0].getsockname()[1]}")
        await channel.start()
        assert not called.is_set()  # back before the platform was even reached
        await asyncio.wait_for(called.wait(), 10)
        await channel.close()
        await asyncio.gather(*(call for call in calls if call is not None))


async def test_the_menu_is_everybodys_and_then_a_persons_own(channel: Telegram, server: TelegramServer) -> None:
    await settled(channel)
    await channel.show_menu(WHO, {"rep"})
    await channel.show_menu("11002", {"finance"})
    everybody = [one["command"] for one in server.menus["all_private_chats"]]
    assert everybody == [one["command"] for one in server.menus["11002"]] == ["today", "how", "help"]
    assert {"command": "visit", "description": "记拜访"} in server.menus[WHO]
    server.fail("setMyCommands", 500)
    await channel.show_menu(WHO, {"rep"})


async def test_an_invitation_opens_the_bot(channel: Telegram) -> None:
    assert await channel.invitation("inv_x-7Q") == "https://t.me/paojie_bot?start=inv_x-7Q"


async def test_a_wrong_token_is_said_in_words(server: TelegramServer) -> None:
    channel = a_channel(server, token="123:wrong")
    assert await channel.check() == {
        "ok": False,
        "text": "Telegram 不认这个令牌。请在 @BotFather 里发 /mybots，选机器人 → API Token，整行重新复制。（401）",
    }
    with pytest.raises(RetryLater) as failed:
        await channel.send(out())
    assert failed.value.everyone
    await channel.close()


# --- polling ----------------------------------------------------------------------------------------------
async def until(done: Any, seconds: float = 5) -> None:
    async with asyncio.timeout(seconds):
        while not done():  # noqa: ASYNC110  # the other side is a thread
            await asyncio.sleep(0.01)


async def test_the_offset_moves_only_after_receiving(server: TelegramServer) -> None:
    channel, phone = a_channel(server, mode="polling", hold=0), Phone(server)
    for text in ("一", "二", "三"):
        await phone.says(WHO, text)
    ids = [update["update_id"] for update in server.queue]
    came: list[str] = []

    async def receive(event: Event) -> None:
        if event.text == "二" and "二!" not in came:
            came.append("二!")
            raise RuntimeError("the database is away")
        came.append(event.text)

    polling = asyncio.create_task(channel.poll(receive))
    await until(lambda: "二!" in came)
    assert server.confirmed == []
    await until(lambda: not server.queue)
    polling.cancel()
    assert came == ["一", "二!", "二", "三"]  # asked for again from the one that failed
    assert server.confirmed == ids
    await channel.close()


async def test_one_bad_update_does_not_take_the_others_with_it(server: TelegramServer) -> None:
    channel, phone = a_channel(server, mode="polling", hold=0), Phone(server)
    came: list[str] = []

    async def receive(event: Event) -> None:
        came.append(event.text)

    await phone.says(WHO, "前")
    await phone.sends({"message": {"text": 7}})
    await phone.says(WHO, "后")
    polling = asyncio.create_task(channel.poll(receive))
    await until(lambda: len(came) == 2)
    polling.cancel()
    assert came == ["前", "后"]
    await channel.close()


async def test_polling_takes_up_again_after_trouble(server: TelegramServer, monkeypatch: pytest.MonkeyPatch) -> None:
    server.webhook = {"url": "https://old.example/"}
    server.fail("getUpdates", 429)
    server.fail("getUpdates", "html")
    channel, came = a_channel(server, mode="polling", hold=0), []
    naps: list[float] = []
    sleep = asyncio.sleep

    async def nap(seconds: float) -> None:
        if asyncio.current_task() is polling:  # the fake's own server sleeps too
            naps.append(seconds)
        await sleep(0)

    async def receive(event: Event) -> None:
        came.append(event.text)

    await Phone(server).says(WHO, "在吗")
    monkeypatch.setattr("bot.channels.telegram.asyncio.sleep", nap)
    polling = asyncio.create_task(channel.poll(receive))
    async with asyncio.timeout(5):
        while not came:
            await sleep(0.01)
    polling.cancel()
    assert (came, server.webhook) == (["在吗"], {})
    assert naps[0] == 1
    await channel.close()
