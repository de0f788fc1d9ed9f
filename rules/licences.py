"""Business licences: the check digit of the unified social credit code, the day a licence ends, when that is said (A-4.4.10)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

FOR_EVER = "长期"
SAID_BEFORE = (30, 7)  # days before the end
_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # of GB 32100-2015: no I, O, S, V, Z
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_LENGTH = 18
_DAY = re.compile(r"(\d{4})\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})\D*")
_ALWAYS = (FOR_EVER, "永久", "无期限", "无固定期限", "不约定期限")


def spelt_code(text: str) -> str:
    """Without spaces, in capitals."""
    return re.sub(r"[\s-]", "", text).upper()


def code_valid(code: str) -> bool:
    """Eighteen signs, the last one as the others make it."""
    code = spelt_code(code)
    if len(code) != _LENGTH or any(sign not in _SIGNS for sign in code):
        return False
    total = sum(_SIGNS.index(sign) * weight for sign, weight in zip(code[:-1], _WEIGHTS, strict=True))
    return _SIGNS.index(code[-1]) == (31 - total % 31) % 31


def ends(text: str) -> date | None:
    """The last day of the term; None for ever. Raises ValueError when it is neither a day nor 长期."""
    words = text.strip(" 。")
    if words in _ALWAYS:
        return None
    found = [*_DAY.finditer(words)]
    if not found or found[-1].end() != len(words):
        raise ValueError(text)
    year, month, day = (int(part) for part in found[-1].groups())
    return date(year, month, day)


def reminders(last: date, today: date) -> Sequence[date]:
    """The days on which the end is said, still to come."""
    days = (last - timedelta(days=before) for before in SAID_BEFORE)
    return [day for day in days if day > today]
