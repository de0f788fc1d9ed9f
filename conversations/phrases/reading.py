"""What a phrase was read as, why it could not be, and signs folded one to one so that spans stay true."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from conversations.types import Unclear

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """`ambiguous`: show it and ask for a tap. `span` is the part of the text that was used."""

    value: T
    ambiguous: bool
    span: tuple[int, int]
    whole_day: bool = False  # a moment of which only the day was said: the value is that day's end of work


class NoSuchDay(Unclear):
    """31 February."""


class NoSuchTime(Unclear):
    """25 o'clock."""


class NoSuchAmount(Unclear):
    """Letters, three decimals, less than nothing, about so much."""


_SAME = str.maketrans(
    {chr(sign): chr(sign - 0xFEE0) for sign in range(0xFF01, 0xFF5F)}
    | dict(zip("點週後禮號個兩時鐘內萬億塊錢過〇○俩仨　﹕∶", "点周后礼号个两时钟内万亿块钱过零零二三 ::", strict=True))
    | dict(zip("壹贰貳叁參肆伍陆陸柒捌玖拾佰仟圆圓", "一二二三三四五六六七八九十百千元元", strict=True))
)


def fold(text: str) -> str:
    """Full width, traditional and capital signs as the plain ones, sign for sign."""
    return text.translate(_SAME)
