"""The menu under the WeCom app: three columns of up to five words, each the same as typing it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

MENU: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("记一笔", ("记拜访", "记电话", "新客户", "继续")),
    ("今天", ("今天", "写日志")),
    ("更多", ("查客户", "怎么做", "帮助")),
)
_WORD = "word:"  # the key carries the word itself, so that a menu an old client still shows keeps working


def word_of(key: str) -> str:
    """What a click stands for; empty when the key is not one of ours."""
    return key.removeprefix(_WORD) if key.startswith(_WORD) else ""


def menu_body() -> Mapping[str, Any]:
    """For menu/create."""
    return {"button": [{"name": name, "sub_button": [_click(word) for word in words]} for name, words in MENU]}


def _click(word: str) -> Mapping[str, str]:
    return {"type": "click", "name": word, "key": _WORD + word}
