"""A prompt as WeCom messages: a card with buttons where it fits, else text with a numbered list, cut at 2,048 bytes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.channels.base import Outgoing, by_hand, numbered
from conversations.types import Option, Prompt

BUTTONS, LABEL = 6, 10
TEXT_BYTES = 2048
TITLE, BODY, KEY_BYTES, URL_BYTES = 26, 112, 1024, 2048  # the smaller of the two figures the platform's pages give
UNTITLED = "请您选一下"

Message = Mapping[str, Any]  # msgtype and its body; the channel adds who, which app


def messages(out: Outgoing) -> Sequence[Message]:
    """What to send, in order, without pictures. Nothing to say: nothing."""
    card = button_card(out) if out.cards == "cards" else None
    return (card,) if card else texts(out.prompt)


def texts(prompt: Prompt) -> Sequence[Message]:
    """As plain text, in as many messages as it takes."""
    return [{"msgtype": "text", "text": {"content": part}} for part in split(_harmless(as_text(prompt)), TEXT_BYTES) if part.strip()]


def as_text(prompt: Prompt) -> str:
    head = f"【{prompt.title}】" if prompt.title else ""
    step = f"（{_step(prompt)}）" if prompt.step else ""
    return "\n".join(part for part in (head + step, numbered(prompt).strip("\n")) if part)


def button_card(out: Outgoing) -> Message | None:
    """None when it would not show every word and every option."""
    prompt = out.prompt
    heading = _heading(prompt)
    if not heading or not _buttons_fit(prompt.options):
        return None
    title, body = heading
    hint = "\n".join(part for part in (body, by_hand(prompt)) if part)
    body = hint if len(hint) <= BODY else body  # the buttons are there in any case
    card: dict[str, Any] = {"card_type": "button_interaction", "main_title": {"title": title}}
    if prompt.step:
        card["source"] = {"desc": _step(prompt), "desc_color": 0}
    if body:
        card["sub_title_text"] = body
    card["task_id"] = task_id(out)
    card["button_list"] = [_button(option) for option in prompt.options]
    # The task id makes this request unlike any other, so the platform's check against doubles can only drop a repeat.
    return {"msgtype": "template_card", "template_card": card, "enable_duplicate_check": 1, "duplicate_check_interval": 14_400}


def task_id(out: Outgoing) -> str:
    """The same for every attempt at the same words, never the same for others: an app's task ids must not repeat."""
    about = re.sub(r"[^0-9A-Za-z_@-]", "-", out.prompt.ref or "a")[:60]
    words = repr((out.to, out.prompt.title, out.prompt.text, out.prompt.options)).encode("utf-8", "replace")
    return f"{about}@{out.id}-{hashlib.sha256(words).hexdigest()[:12]}"


def split(text: str, limit: int) -> Iterator[str]:
    """Pieces of at most so many bytes: cut between lines, a longer line between characters."""
    piece = b""
    for line in text.split("\n"):
        for part in _cut(line.encode("utf-8", "replace"), limit):
            if piece and len(piece) + 1 + len(part) > limit:
                yield piece.decode()
                piece = part
            else:
                piece = piece + b"\n" + part if piece else part
    yield piece.decode()


def _cut(line: bytes, limit: int) -> Iterator[bytes]:
    while len(line) > limit:
        end = limit
        while line[end] & 0xC0 == 0x80:  # inside a character
            end -= 1
        yield line[:end]
        line = line[end:]
    yield line


def _heading(prompt: Prompt) -> tuple[str, str] | None:
    """Title and body of a card. A card must have a title: the prompt's, its first line or sentence, or a plain one."""
    title, text = prompt.title.strip(), prompt.text.strip()
    if not title:
        title, text = _first_line(text)
    return (title, text) if len(title) <= TITLE and len(text) <= BODY and "\n" not in title else None


def _first_line(text: str) -> tuple[str, str]:
    if not text:
        return UNTITLED, ""
    line, _, rest = text.partition("\n")
    if len(line) <= TITLE:
        return line, rest.strip()
    sentence = re.match(r"[^\n]{1,25}?[？！。：；]", text)
    return (sentence[0], text[sentence.end() :].strip()) if sentence else (UNTITLED, text)


def _step(prompt: Prompt) -> str:
    k, n = prompt.step or (0, 0)
    return f"第 {k} 步，共 {n} 步"


def _buttons_fit(options: Sequence[Option]) -> bool:
    targets = [option.url or option.token for option in options]
    return 0 < len(options) <= BUTTONS and len(set(targets)) == len(targets) and all(_fits(option) for option in options)


def _fits(option: Option) -> bool:
    if not option.label.strip() or len(option.label) > LABEL:
        return False
    if option.url:
        return option.url.startswith(("https://", "http://")) and len(option.url.encode()) <= URL_BYTES
    return 0 < len(option.token.encode("utf-8", "replace")) <= KEY_BYTES


def _button(option: Option) -> Mapping[str, Any]:
    shown = {"text": option.label, "style": 1 if option.main else 2}
    return {"type": 1, "url": option.url, **shown} if option.url else {"type": 0, "key": option.token, **shown}


def _harmless(text: str) -> str:
    """WeCom's text messages know links by tag; ours never hold one, so a tag in somebody's words is words."""
    return re.sub(r"<(?=/?a\b)", "＜", text, flags=re.IGNORECASE)
