"""What the Bot API refuses, in its own words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_TAG = re.compile(r"<(/?)([a-z-]+)((?:\s[^>]*)?)>|<|&(#\d+|#x[0-9a-f]+|lt|gt|amp|quot);", re.IGNORECASE)
_TAGS = {"b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "a", "code", "pre", "blockquote", "tg-spoiler", "tg-emoji", "span"}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


class Refusal(Exception):
    """A 400; the text is the description."""


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def shown(body: Mapping[str, Any], field: str, limit: int) -> str:
    """The text as a phone shows it, entities parsed and trimmed."""
    text = str(body.get(field, ""))
    if body.get("parse_mode") == "HTML":
        text = _parsed(text)
    elif body.get("parse_mode"):
        raise Refusal("unsupported parse_mode")
    text = text.strip()
    if units(text) > limit:
        raise Refusal("message is too long" if field == "text" else "message caption is too long")
    if not text and field == "text":
        raise Refusal("message text is empty")
    return text


def _parsed(html: str) -> str:
    open_tags: list[str] = []

    def one(match: re.Match[str]) -> str:
        if match[4]:
            name = match[4].lower()
            return _NAMED.get(name) or chr(int(name[2:], 16) if name.startswith("#x") else int(name[1:]))
        if not match[2] or match[2].lower() not in _TAGS:
            raise Refusal(f'can\'t parse entities: Unsupported start tag "{match[2] or ""}" at byte offset {match.start()}')
        if not match[1]:
            open_tags.append(match[2].lower())
        elif not open_tags or open_tags.pop() != match[2].lower():
            raise Refusal(f"can't parse entities: Unmatched end tag at byte offset {match.start()}")
        return ""

    text = _TAG.sub(one, html)
    if open_tags:
        raise Refusal(f"can't parse entities: Can't find end tag corresponding to start tag \"{open_tags[-1]}\"")
    return text


def check_markup(markup: Mapping[str, Any] | None, *, edit: bool = False) -> None:
    if markup is None:
        return
    kinds = {"inline_keyboard", "keyboard", "remove_keyboard", "force_reply"} & markup.keys()
    if len(kinds) != 1:
        raise Refusal("can't parse reply keyboard markup JSON object")
    if "inline_keyboard" in markup:
        _check_inline(markup["inline_keyboard"])
    elif edit:
        raise Refusal("inline keyboard expected")
    elif "keyboard" in markup:
        for row in markup["keyboard"]:
            if not row or not all(key.get("text", "").strip() for key in row):
                raise Refusal("can't parse keyboard button: Text must be non-empty")


def _check_inline(rows: Any) -> None:
    buttons = [button for row in rows for button in row]
    if len(buttons) > 100 or any(not 0 < len(row) <= 8 for row in rows):
        raise Refusal("REPLY_MARKUP_TOO_LONG")
    for button in buttons:
        if not button.get("text", "").strip():
            raise Refusal("can't parse inline keyboard button: Text must be non-empty")
        if len({"callback_data", "url", "web_app"} & button.keys()) != 1:
            raise Refusal("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
        if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= 64:
            raise Refusal("BUTTON_DATA_INVALID")
        if "url" in button and not re.match(r"(https?|tg)://[^/\s]+\.[^/\s]+", button["url"]):
            raise Refusal("BUTTON_URL_INVALID")


def check_commands(commands: Any) -> None:
    if not isinstance(commands, list) or len(commands) > 100:
        raise Refusal("too many commands")
    for one in commands:
        if not _COMMAND.fullmatch(one["command"]) or not 1 <= len(one["description"]) <= 256:
            raise Refusal("BOT_COMMAND_INVALID")


def check_webhook(body: Mapping[str, Any]) -> None:
    if body.get("url") and not str(body["url"]).startswith("https://"):
        raise Refusal("bad webhook: An HTTPS URL must be provided for webhook")
    if "secret_token" in body and not _SECRET.fullmatch(str(body["secret_token"])):
        raise Refusal("secret token contains unallowed characters")
