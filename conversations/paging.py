"""A list that is longer than a card: the rows of one page, and the buttons that turn it (A-1.5)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from conversations import tokens
from conversations.types import Option

Row = TypeVar("Row")


def cut(rows: Sequence[Row], page: int, size: int) -> list[tuple[int, Row]]:
    """With their numbers in the whole list; a page that is not there any more is the last one."""
    first = min(page, max(len(rows) - 1, 0) // size) * size
    return [*enumerate(rows[first : first + size], first + 1)]


def turn(rows: Sequence[object], page: int, size: int, verb: str, *before: object) -> tuple[Option, ...]:
    """上一页, 下一页; `before` is what the verb wants in front of the page."""
    last = max(len(rows) - 1, 0) // size
    page = min(page, last)
    back = (Option("上一页", tokens.of_action(verb, *before, page - 1)),) if page else ()
    return (*back, Option("下一页", tokens.of_action(verb, *before, page + 1))) if page < last else back
