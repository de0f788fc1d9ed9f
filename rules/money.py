"""Money as whole fen: exact reading, plain and capital spelling, no float anywhere (A-8.1a)."""

from __future__ import annotations

import re
import unicodedata

from rules.errors import RuleBroken

LARGEST = 10**14 - 1  # fen; below one trillion yuan
DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")
_PLAIN = re.compile(r"(?P<yuan>\d{1,3}(?:,\d{3})+|\d+)(?:\.(?P<part>\d{1,2})0*)?")


def read(text: str) -> int | None:
    """Fen of "3,200", "85.5", "¥1200.00"; None when it is no plain amount. More than two decimals that count are no amount either."""
    folded = unicodedata.normalize("NFKC", text).replace(" ", "").removeprefix("¥").removesuffix("元")
    found = _PLAIN.fullmatch(folded) if folded.isascii() else None
    if found is None:
        return None
    fen = int(found["yuan"].replace(",", "")) * 100 + int((found["part"] or "0").ljust(2, "0"))
    return fen if fen <= LARGEST else None


def positive(fen: int) -> int:
    """Nobody takes in nothing, or less."""
    if not 0 < fen <= LARGEST:
        raise RuleBroken("A-8.1a", "金额要大于零，请再写一次，例如 3200 或 85.50。")
    return fen


def exact(fen: int) -> str:
    """3,200.00 as on a receipt."""
    whole, part = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole:,}.{part:02d}"


def short(fen: int) -> str:
    """3,200 元, 85.50 元 as in a sentence."""
    figure = exact(fen)
    return figure.removesuffix(".00") + " 元"


def capitals(fen: int) -> str:
    """大写: 8500 → 捌拾伍元整. 角 ends without 整, a missing 角 before 分 is written 零."""
    if abs(fen) > LARGEST:
        raise ValueError("too large")
    sign = "负" if fen < 0 else ""
    whole, part = divmod(abs(fen), 100)
    jiao, cents = divmod(part, 10)
    text = _whole(whole) + "元" if whole else ""
    if not part:
        return sign + (text or "零元") + "整"
    if jiao:
        text += DIGITS[jiao] + "角"
    elif whole:
        text += "零"
    return sign + text + (DIGITS[cents] + "分" if cents else "")


def _whole(number: int) -> str:
    """Groups of four; one 零 for any run of noughts inside, none at the end of a group that is followed by its unit."""
    text, gap = "", False
    for place in range((len(str(number)) - 1) // 4, -1, -1):
        group = number // 10 ** (4 * place) % 10000
        if not group:
            gap = bool(text)
            continue
        text += "零" if text and (gap or group < 1000) else ""
        text += _group(group) + _unit(place, number)
        gap = False
    return text


def _unit(place: int, number: int) -> str:
    # 1,0000,0000,0000 is 壹万亿: the group of 万亿 borrows 亿 from the group below when that is empty.
    if place == 3:
        return "万" if number // 10**8 % 10000 else "万亿"
    return _GROUPS[place]


def _group(group: int) -> str:
    text, gap = "", False
    for place in range(3, -1, -1):
        digit = group // 10**place % 10
        if not digit:
            gap = bool(text)
            continue
        text += ("零" if gap else "") + DIGITS[digit] + _PLACES[place]
        gap = False
    return text
