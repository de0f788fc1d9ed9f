"""What WeCom refuses in a message, a card or a menu, and how much of a text its phone shows (platforms.md §5-8)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Refusal = tuple[int, str]
Card = Mapping[str, Any]

TYPES = {"text_notice", "news_notice", "button_interaction", "vote_interaction", "multiple_interaction"}
SHOWN = {"title": 26, "desc": 30, "body": 112, "button": 10, "source": 13}  # characters, the rest is cut on the phone
KINDS = {"text", "image", "voice", "video", "file", "textcard", "news", "mpnews", "markdown", "miniprogram_notice", "template_card"}


def refused_message(raw: bytes, body: Mapping[str, Any], agent_id: int) -> Refusal | None:
    if re.search(rb"\\u[0-9a-fA-F]{4}", raw):
        return 40033, "body holds escapes"
    if not isinstance(body.get("agentid"), int) or body["agentid"] != agent_id:
        return 40056, "invalid agentid"
    if body.get("msgtype") not in KINDS:
        return 40008, "invalid message type"
    if not body.get("touser"):
        return 82001, "receivers are empty"
    if body["msgtype"] == "text" and not str(body.get("text", {}).get("content", "")).strip():
        return 44004, "empty content"
    if body["msgtype"] == "template_card":
        return refused_card(body.get("template_card", {}))
    return None


def refused_card(card: Card) -> Refusal | None:
    return next(_faults(card), None)


def _faults(card: Card) -> Iterator[Refusal]:
    kind = card.get("card_type")
    if kind not in TYPES:
        yield 42027, "card_type"
    if kind in ("button_interaction", "vote_interaction", "multiple_interaction", "news_notice") and not card.get("main_title", {}).get("title"):
        yield 42028, "main_title.title"
    task = card.get("task_id", "")
    if (kind in ("button_interaction", "vote_interaction", "multiple_interaction") or task) and not re.fullmatch(r"[0-9A-Za-z_\-@]{1,128}", task):
        yield 42014, "task_id"
    if len(card.get("horizontal_content_list", ())) > 6:
        yield 42035, "horizontal_content_list"
    if len(card.get("jump_list", ())) > 3:
        yield 42042, "jump_list"
    if kind in ("text_notice", "news_notice") and card.get("card_action", {}).get("type") not in (1, 2):
        yield 42045, "card_action"
    if kind == "button_interaction":
        yield from _button_faults(card.get("button_list", ()))
    if kind == "vote_interaction" and not 1 <= len(card.get("checkbox", {}).get("option_list", ())) <= 20:
        yield 42037, "option_list"
    if kind == "multiple_interaction" and not 1 <= len(card.get("select_list", ())) <= 3:
        yield 42047, "select_list"


def _button_faults(buttons: Sequence[Card]) -> Iterator[Refusal]:
    if not 1 <= len(buttons) <= 6:
        yield 42040, "button_list"
    for button in buttons:
        if not str(button.get("text", "")).strip():
            yield 42038, "button text"
        if button.get("type", 0) == 0 and not 0 < len(str(button.get("key", "")).encode()) <= 1024:
            yield 42039, "button key"
        if button.get("type", 0) == 1 and not str(button.get("url", "")).startswith(("http://", "https://")):
            yield 42041, "button url"
    keys = [button.get("key") for button in buttons if button.get("type", 0) == 0]
    if len(set(keys)) != len(keys):
        yield 42039, "button key repeated"


def refused_menu(menu: Mapping[str, Any]) -> Refusal | None:
    top = menu.get("button", ())
    if not 1 <= len(top) <= 3:
        return 40017, "button size"
    for column in top:
        below = column.get("sub_button")
        if not 1 <= len(str(column.get("name", "")).encode()) <= 16:
            return 40018, "button name"
        if below is not None and ("type" in column or not 1 <= len(below) <= 5):
            return 40023, "sub button size"
        for button in below or (column,):
            if below and not 1 <= len(str(button.get("name", "")).encode()) <= 40:
                return 40024, "sub button name"
            if button.get("type") == "click" and not 1 <= len(str(button.get("key", "")).encode()) <= 128:
                return 40019, "button key"
    return None


def cut(text: str, limit: int) -> str:
    """As the phone shows it."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def cut_bytes(text: str, limit: int = 2048) -> str:
    return text.encode()[:limit].decode("utf-8", "ignore")
