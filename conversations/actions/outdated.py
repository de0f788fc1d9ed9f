"""A button that leads nowhere any more, and reading what stands on buttons."""

from __future__ import annotations

from datetime import date, datetime


class Outdated(Exception):
    """The button is too old or was never ours; the text says what to do instead."""

    def __init__(self, text: str = "这个按钮用不了了，写「菜单」看看现在能做什么。") -> None:
        super().__init__(text)


def number(text: str) -> int:
    """An id on a button."""
    if not text.isdecimal() or len(text) > 18:
        raise Outdated
    return int(text)


def day(text: str) -> date:
    """20261124 on a button."""
    try:
        return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007 a local day has no zone
    except ValueError:
        raise Outdated from None
