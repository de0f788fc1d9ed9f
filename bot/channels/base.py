"""What a channel is: read, render, send; and what it can carry."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from conversations.types import Point, Prompt


@dataclass(frozen=True, slots=True)
class Media:
    """A file the platform holds: fetch it by `remote`."""

    remote: str
    kind: Literal["photo", "voice", "video", "file"] = "photo"
    mime: str = ""
    size: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One authenticated update of a platform, in our words. It is what the inbox stores (as JSON)."""

    key: str  # unique in the channel
    sender: str  # external id
    at: datetime  # the platform's time, aware UTC
    kind: Literal["said", "start", "enter", "blocked", "place_report"] = "said"
    text: str = ""  # for start: the invitation token
    tap: str = ""
    media: Media | None = None
    place: Point | None = None
    album: str = ""
    edit: bool = False  # an edited message: its text replaces nothing, it is told so
    callback: str = ""  # Telegram callback query id / WeCom response_code of a card: acknowledged best-effort, outside the outbox
    claimed_at: datetime | None = None  # the phone's own time, web chat only
    timed: bool = True  # False: the platform does not say when (a Telegram tap); `at` is the card's own time and receipt counts
    phone: str = ""  # the sender's own number, vouched for by the platform


class BadCallback(Exception):
    """Authenticated badly or not at all (status 403), or unreadable (400)."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


@dataclass(frozen=True, slots=True)
class Capabilities:
    buttons: int  # on one message
    text_units: int  # size of one message
    text_unit: Literal["bytes", "utf16", "characters"]
    button_label: int  # characters
    edits: bool = False  # can change a sent message in place


class SendFailed(Exception):
    """A send that did not happen or may not have: what to do about it decides `post`."""


class RetryLater(SendFailed):
    """Come back after `seconds`; `everyone` when the whole channel must wait. `maybe_sent` after a time-out with bytes out."""

    def __init__(self, seconds: float, why: str, *, everyone: bool = False, maybe_sent: bool = False) -> None:
        super().__init__(why)
        self.seconds, self.everyone, self.maybe_sent = seconds, everyone, maybe_sent


class AddressDead(SendFailed):
    """This address refuses for good (blocked, left, outside the visible range): fall over to the next one."""


class Refused(SendFailed):
    """The platform refuses this message (our mistake): park it, tell the admin."""


class MediaGone(Exception):
    """The platform no longer has the file, or it is too large; the text tells the person what to do."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One outbox row on its way out. `attachments` are bytes of prompt.attach, in order."""

    id: int
    to: str  # external id
    prompt: Prompt
    lane: str
    attachments: Sequence[tuple[str, bytes]] = ()  # mime, bytes
    cards: str = "cards"  # cards | text, the person's setting
    replaces: str = ""  # the platform's id of a message this one takes the place of, where it can be edited
    words: Sequence[str] = ()  # beside the attachments: what a chart says for who does not see it, what a file is called; "" for a photograph


class Channel(Protocol):
    """One platform. `send` answers the platform's message id; all network errors come out as SendFailed."""

    name: str
    can: Capabilities

    async def start(self) -> None: ...
    async def close(self) -> None: ...
    async def send(self, out: Outgoing) -> str: ...
    async def acknowledge(self, event: Event, note: str = "") -> None:
        """Stop the button's spinner, grey the card: best effort, never raises."""
        ...

    async def fetch(self, media: Media) -> AsyncIterator[bytes]:
        """The file in pieces, ≤ 20 MB; raises MediaGone or RetryLater."""
        ...

    async def check(self) -> Mapping[str, Any]:
        """For doctor: {"ok": bool, "text": what to do}."""
        ...


def named(out: Outgoing) -> list[tuple[str, bytes, str]]:
    """The attachments, each with its words; what the message says itself is not said twice."""
    words = [*out.words, *[""] * len(out.attachments)]
    return [
        (mime, data, "" if mime.startswith("image/") and said and said in out.prompt.text else said)
        for (mime, data), said in zip(out.attachments, words, strict=False)
    ]


def file_name(words: str, mime: str, ending: str, otherwise: str) -> str:
    """天籁音响宣传策划方案.pdf: as it is called, harmless in any file system."""
    called = "" if mime.startswith("image/") else "".join("_" if sign in '\\/:*?"<>|' or not sign.isprintable() else sign for sign in words)
    called = called.strip(" .")[:60]
    return otherwise if not called else called if called.lower().endswith(f".{ending}") else f"{called}.{ending}"


def numbered(prompt: Prompt) -> str:
    """The prompt as plain text, its options as a numbered list: the form every channel can carry."""
    if not prompt.options:
        return prompt.text
    return f"{prompt.text}\n{listed(prompt)}"


def listed(prompt: Prompt) -> str:
    lines = [f"{n}. {option.label}" + (f" {option.url}" if option.url else "") for n, option in enumerate(prompt.options, 1)]
    return "\n".join([*lines, f"（回复 {typed(prompt)}）" if prompt.number else "（回复数字即可）"])


def typed(prompt: Prompt) -> str:
    """How a card shown while a form is open is answered in words: the bare number is the form's."""
    return f"接 {prompt.number}" if len(prompt.options) == 1 else f"接 {prompt.number} 1 选第 1 项"


def by_hand(prompt: Prompt) -> str:
    """The line under a card with buttons that says so, or nothing."""
    return f"（也可以回复 {typed(prompt)}）" if prompt.number else ""
