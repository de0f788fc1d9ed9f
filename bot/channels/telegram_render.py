"""A prompt as Bot API calls: escaped HTML in UTF-16 units, buttons of our tokens, pictures as photo or album. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from unicodedata import east_asian_width

from bot.channels.base import Outgoing, by_hand, file_name, listed, named
from bot.channels.telegram_api import Upload
from conversations.types import Option, Prompt

TEXT, CAPTION = 4096, 1024  # UTF-16 units, after the entities are parsed
BUTTONS, A_ROW, LABEL, TOKEN_BYTES, ALBUM = 100, 8, 40, 64, 10
LARGEST_PHOTO = 10 * 1024 * 1024
_ROW_WIDTH = 28  # of a phone held upright, a Chinese character counting two
_ASK = {"place": ("📍 发送现在的位置", "request_location"), "contact": ("📱 发送我的手机号", "request_contact")}
_ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "audio/ogg": "ogg", "audio/mpeg": "mp3", "application/pdf": "pdf"}
_METHODS = {"photo": "sendPhoto", "voice": "sendVoice", "document": "sendDocument"}
_NO_WORDS = "请您选一下"

Markup = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """One method to call; the channel adds who."""

    method: str
    body: Mapping[str, Any]
    uploads: tuple[Upload, ...] = ()


def render(out: Outgoing) -> Sequence[Call]:
    """Pictures first, the words with the buttons last: that is where the eye and the thumb are. Nothing to say: nothing."""
    prompt = out.prompt
    markup, listed = _markup(prompt, buttons=out.cards == "cards")
    texts = list(_texts(prompt, listed))
    if not out.attachments:
        return _messages(texts, markup) if texts else ()
    files = _files(named(out))
    fits = len(texts) < 2 and _units(_bare("".join(texts))) <= CAPTION
    if len(files) == 1 and files[0].method != "sendMediaGroup" and "caption" not in files[0].body and fits:
        return [_captioned(files[0], "".join(texts), markup)]
    return [*files, *(_messages(texts, markup) if texts else ())]


def as_documents(call: Call) -> Call:
    """The same pictures as files: for those the platform does not want as photographs."""
    if call.method == "sendMediaGroup":
        media = [{**item, "type": "document"} for item in call.body["media"]]
        return Call(call.method, {**call.body, "media": media}, call.uploads)
    return Call("sendDocument", call.body, tuple(("document", *upload[1:]) for upload in call.uploads))


def _messages(texts: Sequence[str], markup: Markup) -> list[Call]:
    calls = [Call("sendMessage", {"text": text, "parse_mode": "HTML"}) for text in texts[:-1]]
    return [*calls, Call("sendMessage", {"text": texts[-1], "parse_mode": "HTML", "reply_markup": markup})]


def _captioned(file: Call, text: str, markup: Markup) -> Call:
    caption = {"caption": text, "parse_mode": "HTML"} if text else {}
    return Call(file.method, {**file.body, **caption, "reply_markup": markup}, file.uploads)


# --- words ------------------------------------------------------------------------------------------------
def _texts(prompt: Prompt, listed: str) -> Iterator[str]:
    """Escaped pieces, each within the limit; the heading is bold."""
    step = f"（第 {prompt.step[0]} 步，共 {prompt.step[1]} 步）" if prompt.step else ""
    head = prompt.title + step
    text = "\n".join(part for part in (head, prompt.text, listed) if part.strip())
    if not text and not prompt.options:
        return
    text = text or _NO_WORDS
    for number, piece in enumerate(_split(text, TEXT)):
        if number == 0 and prompt.title and piece.startswith(prompt.title):
            yield f"<b>{escape(prompt.title)}</b>{escape(piece[len(prompt.title) :])}"
        else:
            yield escape(piece)


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _bare(html: str) -> str:
    """What remains after the entities are parsed: it is this that is counted."""
    return html.replace("<b>", "").replace("</b>", "").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _units(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)


def _split(text: str, limit: int) -> Iterator[str]:
    """Pieces of at most so many UTF-16 units: cut between lines, a longer line between characters. The platform trims: none is blank."""
    if _units(text) <= limit:
        yield text
        return
    piece = ""
    for line in text.split("\n"):
        for part in _cut(line, limit):
            if piece and _units(piece) + 1 + _units(part) > limit:
                if piece.strip():
                    yield piece
                piece = part
            else:
                piece = f"{piece}\n{part}" if piece else part
    if piece.strip():
        yield piece


def _cut(line: str, limit: int) -> Iterator[str]:
    while _units(line) > limit:
        end = limit // 2  # so many fit even if each takes two units
        size = _units(line[:end])
        while end < len(line) and size + 1 + (line[end] > "\uffff") <= limit:
            size += 1 + (line[end] > "\uffff")
            end += 1
        yield line[:end]
        line = line[end:]
    yield line


# --- buttons ----------------------------------------------------------------------------------------------
def _markup(prompt: Prompt, *, buttons: bool) -> tuple[Markup, str]:
    """The keyboard, and as a numbered list what it cannot carry whole."""
    asks = [_ASK[want] for want in prompt.wants if want in _ASK]
    if asks:
        return _reply_keyboard(asks, prompt.options), _listed(prompt, all(not option.url and _whole(option) for option in prompt.options))
    usable = [option for option in prompt.options if _target(option)][:BUTTONS] if buttons else []
    listed = _listed(prompt, len(usable) == len(prompt.options) and all(map(_whole, usable)))
    if not usable:
        return {"remove_keyboard": True}, listed
    return {"inline_keyboard": [[_button(option) for option in row] for row in _rows(usable)]}, listed


def _reply_keyboard(asks: Sequence[tuple[str, str]], options: Sequence[Option]) -> Markup:
    """Asks for the place or the number with one tap; the options go along as words to tap."""
    words = [option for option in options if not option.url and option.label.strip()][:BUTTONS]
    keys: list[list[Mapping[str, Any]]] = [[{"text": text, wish: True}] for text, wish in asks]
    keys += [[{"text": cut(option.label)} for option in row] for row in _rows(words)]
    return {"keyboard": keys, "resize_keyboard": True, "one_time_keyboard": True}


def _listed(prompt: Prompt, whole: bool) -> str:
    return by_hand(prompt) if whole else listed(prompt)


def _target(option: Option) -> Mapping[str, str] | None:
    if not option.label.strip():
        return None
    if option.url:  # the platform refuses addresses it cannot open, and with them the whole message
        return {"url": option.url} if option.url.startswith("https://") else None
    return {"callback_data": option.token} if 0 < len(option.token.encode("utf-8", "replace")) <= TOKEN_BYTES else None


def _button(option: Option) -> Mapping[str, str]:
    return {"text": cut(option.label), **(_target(option) or {})}


def _whole(option: Option) -> bool:
    return cut(option.label) == option.label


def cut(label: str) -> str:
    return label if len(label) <= LABEL else label[: LABEL - 1] + "…"


def _rows(options: Sequence[Option]) -> Iterator[list[Option]]:
    """The main button alone and wide, short ones beside each other."""
    row: list[Option] = []
    width = 0
    for option in options:
        wide = 2 + sum(2 if east_asian_width(character) in "WF" else 1 for character in option.label)
        if row and (option.main or row[-1].main or width + wide > _ROW_WIDTH or len(row) == A_ROW):
            yield row
            row, width = [], 0
        row.append(option)
        width += wide
    if row:
        yield row


# --- files ------------------------------------------------------------------------------------------------
def _files(attachments: Sequence[tuple[str, bytes, str]]) -> list[Call]:
    """Photographs together as albums of up to ten, everything else by itself; a chart with what it says under it."""
    photos = [(mime, data) for mime, data, words in attachments if _kind(mime, data) == "photo" and not words]
    calls = [_album(photos[start : start + ALBUM]) for start in range(0, len(photos), ALBUM)]
    return calls + [_file(*file) for file in attachments if _kind(*file[:2]) != "photo" or file[2]]


def _kind(mime: str, data: bytes) -> str:
    if mime in ("image/jpeg", "image/png", "image/webp") and len(data) <= LARGEST_PHOTO:
        return "photo"
    return "voice" if mime == "audio/ogg" else "document"


def _file(mime: str, data: bytes, words: str = "") -> Call:
    kind = _kind(mime, data)
    caption = {"caption": escape(_clipped(words)), "parse_mode": "HTML"} if words and mime.startswith("image/") else {}
    return Call(_METHODS[kind], caption, ((kind, file_name(words, mime, _ending(mime), _name(1, mime)), mime, data),))


def _clipped(words: str) -> str:
    return next(_split(words, CAPTION))


def _album(photos: Sequence[tuple[str, bytes]]) -> Call:
    if len(photos) == 1:
        return _file(*photos[0])
    uploads = tuple((f"p{n}", _name(n, mime), mime, data) for n, (mime, data) in enumerate(photos, 1))
    return Call("sendMediaGroup", {"media": [{"type": "photo", "media": f"attach://{field}"} for field, *_ in uploads]}, uploads)


def _name(number: int, mime: str) -> str:
    return f"{number}.{_ending(mime)}"


def _ending(mime: str) -> str:
    return _ENDINGS.get(mime, "bin")
