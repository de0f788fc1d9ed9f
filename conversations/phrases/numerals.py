"""Numbers as people type them: 12, 十二, 3千5, 1.2万, 一点二万, 一万二; exact, never a float."""

from __future__ import annotations

import re
from decimal import Decimal

DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"两": 2}
UNITS = {"十": 10, "百": 100, "千": 1000}
GROUPS = {"万": 10**4, "亿": 10**8}
SMALL = r"(?:\d{1,4}|[零一二两三四五六七八九十百]{1,6})"
NUMBER = r"(?:\d[\d,]*(?:\.\d+)?|[零一二两三四五六七八九十百千万亿])+(?:点[零一二三四五六七八九]+[百千万亿]?)?"
_TOKEN = re.compile(
    r"(?P<plain>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)|(?P<spoken>[一二两三四五六七八九零]点[零一二三四五六七八九]+)|(?P<sign>.)"
)
_ROW = re.compile(r"[零一二三四五六七八九]{2,}")


def whole(text: str) -> int | None:
    """A small whole number: days, hours, minutes."""
    found = number(text)
    return int(found[0]) if found is not None and found[0] == int(found[0]) else None


def number(text: str) -> tuple[Decimal, bool] | None:
    """The number, and whether another reading is as good (digits in a row: 三二零零)."""
    if _ROW.fullmatch(text):
        return Decimal("".join(str(DIGITS[sign]) for sign in text)), True
    total = section = Decimal(0)
    current: Decimal | None = None
    above, below, gap = 10**12, 10**12, False  # the last group's and the last unit's size; a 零 since
    for token in _TOKEN.finditer(text):
        sign = token["sign"]
        if sign is None or (sign in DIGITS and sign != "零"):
            if current is not None:
                return None
            current = _value(token)
        elif sign == "零":
            if current is not None:
                return None
            gap = True
        elif sign in UNITS:
            unit = UNITS[sign]
            if unit >= below or (current is None and unit != 10):
                return None
            section += (Decimal(1) if current is None else current) * unit
            current, below, gap = None, unit, False
        elif sign in GROUPS:
            group = GROUPS[sign]
            section += current or 0
            if not section or group >= above:
                return None
            total, section = total + section * group, Decimal(0)
            current, above, below, gap = None, group, group, False
        else:
            return None
    if current is None:
        return (total + section, False) if total or section or text == "零" else None
    if below <= 10**8 and below >= 100 and not gap and current < 10 and current == int(current):
        current *= below // 10  # 一万二, 3千5, 一百五
    return total + section + current, False


def _value(token: re.Match[str]) -> Decimal:
    if token["plain"]:
        return Decimal(token["plain"].replace(",", ""))
    if token["spoken"]:
        head, _, tail = token["spoken"].partition("点")
        return Decimal(f"{DIGITS[head]}.{''.join(str(DIGITS[sign]) for sign in tail)}")
    return Decimal(DIGITS[token["sign"]])
