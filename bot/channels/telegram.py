"""Telegram: reads updates pushed or polled, sends paced and escaped, fetches files; one bot of one firm."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec
from telegram import Bot, BotCommandScopeAllPrivateChats, BotCommandScopeChat, WebhookInfo
from telegram.error import TelegramError
from telegram.helpers import create_deep_linked_url

from bot.channels.answering import Looked, Trouble, skew, wrong_clock
from bot.channels.base import BadCallback, Capabilities, Event, Media, MediaGone, Outgoing, Refused, RetryLater, SendFailed
from bot.channels.pacing import Pace
from bot.channels.telegram_api import GONE, LARGEST_FILE, TOO_LARGE, Conflict, Request, TooFast, Wire, failure
from bot.channels.telegram_app import vouched
from bot.channels.telegram_menu import commands
from bot.channels.telegram_render import BUTTONS, LABEL, TEXT, Call, as_documents, render
from bot.channels.telegram_updates import ALLOWED, events_in
from bot.channels.telegram_words import trouble
from conversations.types import Prompt

API = "https://api.telegram.org"
HEADER = "x-telegram-bot-api-secret-token"
_PATIENT = 2.0  # seconds held by a 429; longer, and the row goes back with its time
_HALVES = 256

log = logging.getLogger(__name__)


class Sent(msgspec.Struct):
    message_id: int


class Numbered(msgspec.Struct):
    update_id: int


_sent = msgspec.json.Decoder(Sent | list[Sent] | bool).decode
_updates = msgspec.json.Decoder(list[msgspec.Raw]).decode
_numbered = msgspec.json.Decoder(Numbered).decode


class Telegram:
    """With `mode` webhook the platform pushes to `address`; with polling it is asked."""

    name = "telegram"
    can = Capabilities(buttons=BUTTONS, text_units=TEXT, text_unit="utf16", button_label=LABEL, edits=True)

    def __init__(
        self,
        *,
        token: str,
        mode: Literal["webhook", "polling"] = "polling",
        secret: str = "",
        address: str = "",
        api: str = API,
        pace: Pace | None = None,
        patience: float = 15.0,
        hold: int = 25,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        self._now = now
        self.mode, self._secret, self._address = mode, secret, address
        self._wire = Wire(token, api.rstrip("/"), patience)
        self._base = base = api.rstrip("/")
        self._bot = Bot(token, f"{base}/bot", f"{base}/file/bot", request=Request(self._wire), get_updates_request=Request(self._wire))
        self._pace = pace or Pace()
        self._patience, self._hold = patience, hold
        self._halves: dict[int, tuple[Prompt, list[str]]] = {}  # outbox id: what it says, ids of the parts that are out
        self._username = ""
        self._conflict: Trouble | None = None  # somebody else asks for what is ours
        self._settling: asyncio.Task[None] | None = None

    def __repr__(self) -> str:
        return "Telegram()"

    async def start(self) -> None:
        """Webhook and menu are set on the side: a platform that does not answer must not keep us from starting."""
        self._settling = asyncio.create_task(self._settle())

    async def close(self) -> None:
        if self._settling:
            self._settling.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._settling
        await self._wire.close()

    # --- in ---------------------------------------------------------------------------------------------
    async def read(self, *, query: Mapping[str, str], headers: Mapping[str, str], body: bytes) -> Sequence[Event]:
        """A pushed update; BadCallback(403) without the secret."""
        told = headers.get(HEADER) or next((value for name, value in headers.items() if name.lower() == HEADER), "")
        if not self._secret or not hmac.compare_digest(told.encode("utf-8", "replace"), self._secret.encode()):
            raise BadCallback(403, "not from Telegram")
        return events_in(body)

    def vouched(self, init: str, now: datetime) -> str:
        """Who opened a page inside Telegram, "" when Telegram does not say so."""
        return vouched(init, self._bot.token, now)

    async def poll(self, receive: Callable[[Event], Awaitable[object]]) -> None:
        """Ask until cancelled. The offset, which tells the platform to forget, moves only past what `receive` has returned from."""
        offset = 0
        while True:
            try:
                for update in await self._ask(offset):
                    offset = await self._take(update, receive, offset)
            except RetryLater as error:
                log.warning("polling waits: %s", error)
                await asyncio.sleep(min(error.seconds, 30))
            except Exception as error:  # the edge: whatever receiving raised, the update is asked for again
                log.error("an update was not kept: %s", type(error).__name__)
                await asyncio.sleep(1)

    async def _ask(self, offset: int) -> Sequence[msgspec.Raw]:
        wish: dict[str, Any] = {"timeout": self._hold, "allowed_updates": ALLOWED}
        if offset:
            wish["offset"] = offset
        try:
            asked = _updates(await self._wire.call("getUpdates", wish, patience=self._hold + self._patience))
            self._conflict = None
            return asked
        except Conflict as conflict:
            self._conflict = trouble(conflict, self._base)
            with contextlib.suppress(TelegramError):  # a webhook set earlier would keep everything from us
                if (await self._bot.get_webhook_info()).url:
                    await self._bot.delete_webhook()
            raise

    async def _take(self, update: msgspec.Raw, receive: Callable[[Event], Awaitable[object]], offset: int) -> int:
        number = _numbered(update).update_id
        try:
            events = events_in(bytes(update))
        except BadCallback:
            log.warning("update %d cannot be read and is left out", number)
            events = ()
        for event in events:
            await receive(event)
        return number + 1

    # --- out --------------------------------------------------------------------------------------------
    async def send(self, out: Outgoing) -> str:
        """The id of the last message. A prompt of several parts goes on where its last attempt stopped."""
        calls = render(out)
        told, done = self._halves.pop(out.id, (out.prompt, []))
        if told != out.prompt:
            done = []
        try:
            for call in calls[len(done) :]:
                done.append(await self._say(out, call, alone=len(calls) == 1))
        except RetryLater:
            if done:
                self._halves[out.id] = out.prompt, done
                if len(self._halves) > _HALVES:
                    del self._halves[next(iter(self._halves))]
            raise
        return done[-1] if done else ""

    async def _say(self, out: Outgoing, call: Call, *, alone: bool) -> str:
        if alone and out.replaces and call.method == "sendMessage":
            with contextlib.suppress(Refused):  # too old, or gone: say it anew
                return await self._edit(out, call)
        try:
            return await self._paced(out, call)
        except Refused:
            if call.method not in ("sendPhoto", "sendMediaGroup"):
                raise
            return await self._paced(out, as_documents(call))

    async def _edit(self, out: Outgoing, call: Call) -> str:
        body = {name: value for name, value in call.body.items() if name != "reply_markup" or "inline_keyboard" in value}
        try:
            await self._paced(out, Call("editMessageText", {**body, "message_id": int(out.replaces)}))
        except Refused as error:
            if "message is not modified" not in str(error):
                raise
        return out.replaces

    async def _paced(self, out: Outgoing, call: Call) -> str:
        held = self._pace.hold(out.to)
        if held > _PATIENT:
            raise RetryLater(held, "held by an earlier 429")
        await self._pace.turn(out.to, out.lane)
        patience = self._patience * 4 if call.uploads else None
        try:
            result = _sent(await self._wire.call(call.method, {"chat_id": out.to, **call.body}, call.uploads, patience))
        except TooFast as error:
            everyone = self._pace.refused(out.to, error.seconds)
            raise RetryLater(error.seconds, str(error), everyone=everyone) from None
        except msgspec.DecodeError:
            raise RetryLater(30, "not the Bot API's answer", maybe_sent=True) from None
        last = result[-1] if isinstance(result, list) else result
        return str(last.message_id) if isinstance(last, Sent) else out.replaces

    async def acknowledge(self, event: Event, note: str = "") -> None:
        if not event.callback:
            return
        try:
            await self._wire.call("answerCallbackQuery", {"callback_query_id": event.callback, **({"text": note[:200]} if note else {})})
        except SendFailed as error:  # older than a few minutes: the spinner has stopped by itself
            log.info("a tap stays unanswered: %s", error)

    # --- files, menu, webhook ---------------------------------------------------------------------------
    async def fetch(self, media: Media) -> AsyncIterator[bytes]:
        if media.size > LARGEST_FILE:
            raise MediaGone(TOO_LARGE)
        try:
            file = await self._bot.get_file(media.remote)
        except TelegramError as error:
            failed = failure(error)
            if isinstance(failed, RetryLater):
                raise failed from None
            raise MediaGone(TOO_LARGE if "too big" in str(failed) else GONE) from None
        if not file.file_path:
            raise MediaGone(GONE)
        return self._wire.download(file.file_path, self._patience * 4)

    async def invitation(self, payload: str) -> str:
        """The link that opens the chat and sends /start with the payload."""
        return create_deep_linked_url(await self._me(), payload)

    def link(self, payload: str) -> str:
        """The same without asking: "" as long as the platform has not told the bot's name."""
        return create_deep_linked_url(self._username, payload) if self._username else ""

    async def show_menu(self, to: str, roles: Collection[str]) -> None:
        """The commands of this person's roles, beside their text field. Best effort."""
        try:
            await self._bot.set_my_commands(commands(roles), BotCommandScopeChat(int(to)))
        except TelegramError as error:
            log.info("a menu was not set: %s", failure(error))

    async def look(self) -> Looked:
        """Asked anew, so that a token taken back is noticed."""
        try:
            self._username = (await self._bot.get_me()).username or ""
            info = await self._bot.get_webhook_info()
        except TelegramError as error:
            return Looked(trouble=trouble(failure(error), self._base))
        clock = wrong_clock(skew(self._wire.date, self._now())) if self._now is not None else None
        return Looked(self._username, self._conflict or self._webhook_trouble(info), clock, info.pending_update_count)

    def _webhook_trouble(self, info: WebhookInfo) -> Trouble | None:
        if self.mode == "webhook" and info.url != self._address:
            return Trouble("", f"@{self._username} 的 Webhook 不是 {self._address}", "过一分钟会自己设好；没有的话，请重新启动服务。")
        if self.mode == "webhook" and info.last_error_message:
            todo = "暗号不一样，请重新启动服务" if "403" in info.last_error_message else "请检查网址、证书和反向代理"
            return Trouble(info.last_error_message[:80], f"Telegram 送不到 {self._address}", f"{todo}。")
        return None

    async def put_up_menu(self) -> Trouble | None:
        try:
            await self._bot.set_my_commands(commands(), BotCommandScopeAllPrivateChats())
        except TelegramError as error:
            return trouble(failure(error), self._base)
        return None

    async def check(self) -> Mapping[str, Any]:
        looked = await self.look()
        if looked.trouble is not None:
            return {"ok": False, "text": str(looked.trouble)}
        return {"ok": True, "text": f"@{looked.name} 可以收发，等着送来的消息 {looked.waiting} 条。"}

    async def _me(self) -> str:
        if not self._username:
            self._username = (await self._bot.get_me()).username or ""
        return self._username

    async def _settle(self) -> None:
        """Until the platform has it: how we are reached, and the menu everybody sees."""
        wait = 1.0
        while True:
            try:
                if self.mode == "webhook":
                    await self._bot.set_webhook(self._address, secret_token=self._secret, allowed_updates=ALLOWED, max_connections=40)
                else:
                    await self._bot.delete_webhook()
                await self._bot.set_my_commands(commands(), BotCommandScopeAllPrivateChats())
                await self._me()
                return
            except TelegramError as error:
                log.warning("Telegram is not set up yet: %s", failure(error))
                await asyncio.sleep(wait)
                wait = min(wait * 2, 300)
