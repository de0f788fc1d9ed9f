"""An Update's bytes as our events: the everyday kinds by Structs of the fields used, the rare ones by python-telegram-bot."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec
from telegram import ChatMember, Update
from telegram import Message as RareMessage
from telegram.error import TelegramError

from bot.channels.base import BadCallback, Event, Media
from bot.channels.telegram_menu import word_of
from conversations.types import Point

ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member")  # what we ask the platform for
_START = re.compile(r"/start(?:@\w+)?(?:\s+([A-Za-z0-9_-]{1,64}))?\s*")
_BROKEN = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, TelegramError)  # what a malformed object makes of the library


class User(msgspec.Struct):
    id: int
    is_bot: bool = False


class Chat(msgspec.Struct):
    id: int
    type: str


class PhotoSize(msgspec.Struct):
    file_id: str
    file_size: int = 0


class File(msgspec.Struct):
    file_id: str
    file_name: str = ""
    mime_type: str = ""
    file_size: int = 0


class Location(msgspec.Struct):
    latitude: float
    longitude: float


class Venue(msgspec.Struct):
    title: str = ""
    address: str = ""


class Contact(msgspec.Struct):
    phone_number: str
    first_name: str = ""
    last_name: str = ""
    user_id: int | None = None


class Message(msgspec.Struct):
    date: int
    chat: Chat
    sender: User | None = msgspec.field(default=None, name="from")
    edit_date: int = 0
    text: str = ""
    caption: str = ""
    photo: list[PhotoSize] = []
    document: File | None = None
    voice: File | None = None
    location: Location | None = None
    venue: Venue | None = None
    contact: Contact | None = None
    media_group_id: str = ""


class Card(msgspec.Struct):
    """The message a tapped button hangs on; an old one comes with date 0."""

    date: int
    chat: Chat


class Callback(msgspec.Struct):
    id: str
    sender: User = msgspec.field(name="from")
    data: str = ""
    message: Card | None = None


class Member(msgspec.Struct):
    status: str


class Membership(msgspec.Struct):
    date: int
    chat: Chat
    old_chat_member: Member
    new_chat_member: Member
    sender: User = msgspec.field(name="from")


class Everyday(msgspec.Struct):
    update_id: int
    message: Message | None = None
    edited_message: Message | None = None
    callback_query: Callback | None = None
    my_chat_member: Membership | None = None


_everyday = msgspec.json.Decoder(Everyday).decode


def events_in(body: bytes) -> Sequence[Event]:
    """Empty for what is not for us: groups, other bots, kinds we know nothing to do with. BadCallback(400) for what is no Update."""
    try:
        update = _everyday(body)
        event = _event(update, body)
    except (msgspec.MsgspecError, UnicodeDecodeError, OverflowError, OSError, ValueError, RecursionError):
        raise BadCallback(400, "not an Update") from None
    return (event,) if event else ()


def _event(update: Everyday, body: bytes) -> Event | None:
    key = str(update.update_id)
    if update.message:
        return _said(key, update.message) or _rare(body, update.message)
    if update.edited_message:
        return _edited(key, update.edited_message)
    if update.callback_query:
        return _tapped(key, update.callback_query)
    return _membership(key, update.my_chat_member) if update.my_chat_member else None


def _said(key: str, message: Message) -> Event | None:
    """None: not for us, or nothing in it that we know."""
    who = message.sender
    if who is None or not _private(message.chat, who):
        return None
    sender, at = str(who.id), _instant(message.date)
    if message.text:
        start = _START.fullmatch(message.text)
        if start:
            return Event(key, sender, at, "start", start[1] or "")
        return Event(key, sender, at, text=word_of(_clean(message.text)))
    words, album = _clean(message.caption), _clean(message.media_group_id)
    media = _media(message)
    if media:
        return Event(key, sender, at, text=words, media=media, album=album)
    if message.location:
        return Event(key, sender, at, place=_place(message.location, message.venue))
    return _contact(key, sender, at, message.contact, own=who.id) if message.contact else None


def _media(message: Message) -> Media | None:
    if message.photo:
        best = message.photo[-1]  # sizes come ascending
        return Media(_clean(best.file_id), "photo", "image/jpeg", best.file_size)
    if message.document:
        file = message.document
        mime = _clean(file.mime_type)
        return Media(_clean(file.file_id), "photo" if mime.startswith("image/") else "file", mime, file.file_size, _clean(file.file_name))
    if message.voice:
        return Media(_clean(message.voice.file_id), "voice", _clean(message.voice.mime_type) or "audio/ogg", message.voice.file_size)
    return None


def _place(location: Location, venue: Venue | None) -> Point:
    if not (-90 <= location.latitude <= 90 and -180 <= location.longitude <= 180):
        raise ValueError("no place on Earth")
    return Point(location.latitude, location.longitude, _clean(f"{venue.title} {venue.address}".strip()) if venue else "")


def _contact(key: str, sender: str, at: datetime, contact: Contact, own: int) -> Event:
    """The sender's own number counts as theirs; anybody else's card is words, as good as typed."""
    phone = _clean(contact.phone_number)
    if contact.user_id == own:
        return Event(key, sender, at, text=phone, phone=phone)
    name = _clean(contact.last_name + contact.first_name) if contact.last_name[:1] > "\u2e7f" else _clean(f"{contact.first_name} {contact.last_name}")
    return Event(key, sender, at, text=f"{name.strip()} {phone}".strip())


def _edited(key: str, message: Message) -> Event | None:
    """Changed words. A live position comes this way too and is left alone: nobody is followed."""
    words = message.text or message.caption
    if message.sender is None or not words or not _private(message.chat, message.sender):
        return None
    return Event(key, str(message.sender.id), _instant(message.edit_date or message.date), text=_clean(words), edit=True)


def _tapped(key: str, callback: Callback) -> Event | None:
    card = callback.message
    if not callback.data or (card and not _private(card.chat, callback.sender)):
        return None
    at = _instant(card.date if card else 0)
    return Event(key, str(callback.sender.id), at, tap=_clean(callback.data), callback=_clean(callback.id), timed=False)


def _private(chat: Chat, who: User) -> bool:
    return chat.type == "private" and chat.id == who.id and not who.is_bot


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _clean(text: str) -> str:
    """Without NUL, which PostgreSQL cannot keep."""
    return text.replace("\0", "")


def _membership(key: str, change: Membership) -> Event | None:
    """Blocked, or let in again."""
    if not _private(change.chat, change.sender):
        return None
    was, now = change.old_chat_member.status, change.new_chat_member.status
    if now == ChatMember.BANNED:
        return Event(key, str(change.sender.id), _instant(change.date), "blocked")
    return Event(key, str(change.sender.id), _instant(change.date), "enter") if was == ChatMember.BANNED else None


def _rare(body: bytes, message: Message) -> Event | None:
    """Video, sound files, stickers: seldom enough for the library's own objects."""
    if message.sender is None or not _private(message.chat, message.sender):
        return None
    try:
        update = Update.de_json(msgspec.json.decode(body), None)
        event = _rare_message(str(update.update_id), update.message) if update.message else None
        return msgspec.convert(msgspec.to_builtins(event), Event | None)  # the library takes any value for any field
    except _BROKEN:
        raise BadCallback(400, "a malformed Update") from None


def _rare_message(key: str, message: RareMessage) -> Event | None:
    """None also for dice, polls, pins and whatever comes next: nobody says anything to us with them."""
    about: dict[str, Any] = {"key": key, "sender": str(message.chat.id), "at": message.date}
    if message.sticker:
        return Event(**about, text=_clean(message.sticker.emoji or "🙂"))
    kind: Literal["video", "voice"] = "voice" if message.audio else "video"
    file = message.video or message.video_note or message.animation or message.audio
    if file is None:
        return None
    name, mime = getattr(file, "file_name", None) or "", getattr(file, "mime_type", None) or ("audio/mpeg" if message.audio else "video/mp4")
    media = Media(_clean(file.file_id), kind, _clean(mime), file.file_size or 0, _clean(name))
    return Event(**about, text=_clean(message.caption or ""), media=media, album=_clean(message.media_group_id or ""))
