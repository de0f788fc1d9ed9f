"""WeCom (企业微信): reads encrypted callbacks, sends cards and texts through the app, greys a card that was tapped."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.channels import wecom_words
from bot.channels.answering import Looked, Trouble, wrong_clock
from bot.channels.base import AddressDead, BadCallback, Capabilities, Event, Media, Outgoing, RetryLater, SendFailed, file_name, named
from bot.channels.wecom_api import LARGEST_FILE, CardRefused, Misconfigured, WeComApi
from bot.channels.wecom_callback import Envelope, events_in, sealed_in
from bot.channels.wecom_cards import BUTTONS, LABEL, TEXT_BYTES, Message, messages, texts
from bot.channels.wecom_menu import menu_body
from bot.channels.wecom_pace import Pace
from conversations.types import Prompt

API = "https://qyapi.weixin.qq.com"
TAPPED = "已收到"
_LIMITS = {"image": 10 * 1024 * 1024, "voice": 2 * 1024 * 1024, "video": 10 * 1024 * 1024}
_KINDS = {"image/jpeg": ("image", "jpg"), "image/png": ("image", "png"), "audio/amr": ("voice", "amr"), "video/mp4": ("video", "mp4")}
_ENDINGS = {"application/pdf": "pdf", "image/webp": "webp", "text/csv": "csv", "audio/ogg": "ogg"}

log = logging.getLogger(__name__)


Attachment = tuple[str, bytes, str]  # mime, bytes, words


def _attached(out: Outgoing) -> Iterator[Message | Attachment]:
    """A picture cannot carry words here: what a chart says follows it as text."""
    for mime, data, words in named(out):
        yield mime, data, words
        if words and mime.startswith("image/"):
            yield from texts(Prompt(words))


class WeCom:
    """One self-built app of one firm. The userid is the identity."""

    name = "wecom"
    can = Capabilities(buttons=BUTTONS, text_units=TEXT_BYTES, text_unit="bytes", button_label=LABEL)

    def __init__(
        self,
        *,
        corp_id: str,
        agent_id: int,
        secret: str,
        token: str,
        aes_key: str,
        former: Sequence[tuple[str, str]] = (),
        now: Callable[[], datetime],
        api: str = API,
        patience: float = 10.0,
        pace: Pace | None = None,
    ) -> None:
        self._envelope = Envelope(corp_id, token, aes_key)
        self._former = [Envelope(corp_id, *values) for values in former]  # the platform goes on with these until its page is saved
        self._base = api
        self._api = WeComApi(corp_id, agent_id, secret, api, now, patience)
        self._now = now
        self._pace = pace or Pace()
        self._parts: dict[int, tuple[str, list[str]]] = {}  # outbox id: what it says, ids of the parts that are out
        self._menu: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """The menu is put up on the side: a platform that does not answer must not keep us from starting."""
        self._menu = asyncio.create_task(self._put_up_menu())

    async def close(self) -> None:
        if self._menu:
            self._menu.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._menu
        await self._api.close()

    def verify_url(self, query: Mapping[str, str]) -> bytes:
        """The bare answer to the URL check of the admin's page."""
        sealed = query.get("echostr", "").replace(" ", "+")  # Base64 has no blanks: an unescaped + was read as one
        return self._envelope.open(query, sealed, self._now()).encode()

    async def read(self, *, query: Mapping[str, str], headers: Mapping[str, str], body: bytes) -> Sequence[Event]:
        """Empty for what is not for us; BadCallback for what is not from WeCom."""
        sealed, now = sealed_in(body), self._now()
        for envelope in self._former:
            with contextlib.suppress(BadCallback):
                return events_in(envelope.open(query, sealed, now))
        return events_in(self._envelope.open(query, sealed, now))

    async def send(self, out: Outgoing) -> str:
        """The id of the last message. A prompt of several parts goes on where its last attempt stopped."""
        parts: list[Message | Attachment] = [*_attached(out), *messages(out)]
        about = hashlib.sha256(repr((out.to, out.prompt, out.words, out.cards)).encode("utf-8", "replace")).hexdigest()
        told, sent = self._parts.pop(out.id, ("", []))
        if told != about:
            sent = []
        try:
            for part in parts[len(sent) :]:
                self._wait_for_turn(out, len(parts) - len(sent))
                sent.append(await self._send_part(out, part))
        except (RetryLater, asyncio.CancelledError):
            if sent:
                self._parts[out.id] = about, sent
            raise
        return sent[-1] if sent else ""

    def recall(self, sent: Sequence[tuple[str, datetime]]) -> None:
        """What another sender has sent lately counts for the members' limits."""
        self._pace.recall(sent)

    async def acknowledge(self, event: Event, note: str = "") -> None:
        """Grey the card for who tapped it; its code is good once."""
        if not event.callback:
            return
        body = {
            "userids": [event.sender],
            "agentid": self._api.agent_id,
            "response_code": event.callback,
            "button": {"replace_name": (note or TAPPED)[:LABEL]},
        }
        try:
            await self._api.post("message/update_template_card", body)
        except SendFailed as error:
            log.info("a card stays as it was: %s", error)

    async def fetch(self, media: Media) -> AsyncIterator[bytes]:
        return self._api.download(media.remote)

    async def look(self) -> Looked:
        try:
            await self._api.get("getcallbackip")
        except SendFailed as error:
            return Looked(trouble=self.trouble(error), clock=wrong_clock(self._api.skew))
        return Looked(clock=wrong_clock(self._api.skew))

    def trouble(self, failed: SendFailed) -> Trouble:
        return wecom_words.trouble(failed.code, failed.ours) if isinstance(failed, Misconfigured) else wecom_words.of_text(str(failed), self._base)

    async def put_up_menu(self) -> Trouble | None:
        try:
            await self._api.post("menu/create", menu_body(), agentid=self._api.agent_id)
        except SendFailed as error:
            return self.trouble(error)
        return None

    async def check(self) -> Mapping[str, Any]:
        looked = await self.look()
        return {"ok": looked.ok, "text": str(looked.trouble or looked.clock or "企业微信可以收发。")}

    async def _put_up_menu(self) -> None:
        if failed := await self.put_up_menu():
            log.warning("the app's menu was not put up: %s", failed.code or failed.words)

    def _wait_for_turn(self, out: Outgoing, more: int) -> None:
        """Past 30 a minute the platform drops without a word; we stay under it and wait instead."""
        now = self._now()
        turn = self._pace.not_before(out.to, now, messages=more, urgent=out.lane == "emergency")
        if turn > now:
            raise RetryLater((turn - now).total_seconds(), "enough for one minute")

    async def _send_part(self, out: Outgoing, part: Message | Attachment) -> str:
        if isinstance(part, tuple):
            return await self._post(out, await self._uploaded(*part))
        try:
            return await self._post(out, part)
        except CardRefused as error:
            log.warning("a card was refused, its words go as text: %s", error)
            return [await self._post(out, text) for text in texts(out.prompt)][-1]

    async def _uploaded(self, mime: str, data: bytes, words: str) -> Message:
        kind, ending = _KINDS.get(mime, ("file", _ENDINGS.get(mime, "bin")))
        name = file_name(words, mime, ending, f"file.{ending}")
        if len(data) > _LIMITS.get(kind, LARGEST_FILE):
            kind = "file"
        return {"msgtype": kind, kind: {"media_id": await self._api.upload(kind, name, mime, data)}}

    async def _post(self, out: Outgoing, message: Message) -> str:
        body = {"touser": out.to, "agentid": self._api.agent_id, **message}
        self._pace.note(out.to, self._now())  # before: an attempt without an answer may have counted
        answer = await self._api.post("message/send", body)
        for left_out in ("invaliduser", "unlicenseduser"):  # a partial failure says errcode 0
            if out.to.lower() in str(answer.get(left_out) or "").lower().split("|"):
                raise AddressDead(left_out)
        return str(answer.get("msgid", ""))
