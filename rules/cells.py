"""What stands in a cell, read as people fill them in: dates as numbers or words, 1.2万, telephones as floats; and written out again."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Any

from rules.lists import Column
from rules.money import LARGEST, exact

Value = str | int | date | tuple[str, ...] | None
_EPOCH = date(1899, 12, 30)
_SERIALS = range(10_000, 80_000)  # 1927 to 2119
_WIDE = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_CJK = "\u3400-\u9fff"
_BETWEEN = re.compile(rf"(?<=[{_CJK}])\s+(?=[{_CJK}])")
_DAY = re.compile(r"(\d{4})\s*(?:年|[-/.])\s*(\d{1,2})\s*(?:月|[-/.])\s*(\d{1,2})\s*[日号]?(?:[\sT]+\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?)?")
_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})")
_PART_OF_A_DAY = re.compile(r"0\.\d{1,17}", re.ASCII)
_TIME = re.compile(r"(上午|早上|下午|晚上)?\s*(\d{1,2})\s*(?:[:点时]\s*(半|\d{1,2})?\s*分?)?(?::\d{2})?")
_MONEY = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(万|千|亿)?")
_UNITS = {"千": 1000, "万": 10_000, "亿": 100_000_000}
_SCIENCE = re.compile(r"\d(?:\.\d+)?e\+?\d+", re.IGNORECASE)
_APART = re.compile(r"[、,，;；/|]\s*|\s+或\s+")
_ROLES_APART = re.compile(r"[、,，;；/|+\s]+")


class Faulty(Exception):
    """The cell cannot be read; the text says why and how to mend it."""


def read(column: Column, cell: Any) -> Value:
    """None for an empty cell. Raises Faulty."""
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return None
    if isinstance(cell, float) and not isfinite(cell):
        raise Faulty("这一格不是一个数，请重新填。")
    value = _READERS[column.kind](cell, column)
    if value in ("", ()):
        return None  # signs that cannot be seen, and nothing else
    if isinstance(value, str) and len(value) > column.most:
        raise Faulty(f"太长了，最多 {column.most} 个字，现在 {len(value)} 个。")
    return value


def spelt(column: Column, value: Any) -> str | int | float:
    """The value as it goes out, to be read back as the same."""
    if value is None:
        return ""
    if column.kind == "money":
        return exact(value)
    if isinstance(value, tuple | list):
        return "、".join(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def words(cell: Any) -> str:
    """As text, one space between words, none between Chinese signs of a number's look; 502.0 is 502."""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, float):
        return repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time(0) else cell.isoformat(" ", "minutes")
    text = str(cell).translate(_WIDE)
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _text(cell: Any, column: Column) -> str:
    return words(cell)


def _name(cell: Any, column: Column) -> str:
    """李 强 is 李强; John Smith stays."""
    return _BETWEEN.sub("", words(cell))


def _code(cell: Any, column: Column) -> str:
    return words(_folded(words(cell)))  # folding may leave new spaces


def _phone(cell: Any, column: Column) -> str:
    return telephone(words(cell))


def telephone(text: str) -> str:
    """One number or several as people write them, also outside of lists; Faulty when nobody could ring it."""
    text = _folded(text)
    if _SCIENCE.fullmatch(text):
        raise Faulty("号码被 Excel 写成了科学计数，后几位可能丢了。请把这一列设为“文本”，重新填号码。")
    numbers = [_number(part) for part in _APART.split(text) if part.strip()]
    return "、".join(numbers)


def _number(text: str) -> str:
    bare = re.sub(r"[\s()]+", "", text).replace("—", "-").replace("–", "-")
    bare = re.sub(r"^(?:\+|00)?86-?(?=1\d{2})", "", bare)
    digits = re.sub(r"\D", "", bare)
    if re.fullmatch(r"1\d-?\d-?\d{4}-?\d{4}", bare) or re.fullmatch(r"1\d{2}-\d{4}-\d{4}", bare):
        return digits
    if not re.fullmatch(r"\+?[\d-]+(?:(?:转|x|ext\.?|#)\d{1,6})?", bare, re.IGNORECASE) or not 5 <= len(digits) <= 18:
        raise Faulty(f"“{text[:20]}”不像电话号码。请只写号码，例如 13800010001 或 021-55510101。")
    if len(digits) > 11 and digits.startswith("1") and "-" not in bare:
        raise Faulty(f"手机号应是 11 位，现在 {len(digits)} 位。请核对。")
    if 7 <= len(digits) < 11 and re.fullmatch(r"1[3-9]\d+", bare):  # no fixed line begins like this
        raise Faulty(f"手机号应是 11 位，现在 {len(digits)} 位。请核对。")
    return bare


def _money(cell: Any, column: Column) -> int:
    if isinstance(cell, bool):
        raise Faulty("这里要写金额，例如 1200.00。")
    if isinstance(cell, int | float):
        amount = Decimal(str(round(cell, 6)))
    else:
        text = re.sub(r"[\s¥元整]|人民币|rmb", "", _folded(words(cell)), flags=re.IGNORECASE).replace("￥", "")
        found = _MONEY.fullmatch(text)
        if found is None:
            raise Faulty("看不出是多少钱。请只写数字，例如 1200.00 或 1.2万。")
        try:
            amount = Decimal(found[1].replace(",", "") + (found[2] or "")) * _UNITS.get(found[3] or "", 1)
        except InvalidOperation as error:
            raise Faulty("看不出是多少钱。请只写数字，例如 1200.00。") from error
    fen = amount * 100
    if fen < 0:
        raise Faulty("金额不能是负数。")
    if fen != fen.to_integral_value():
        raise Faulty("金额最多写到分（两位小数）。")
    if fen > LARGEST:
        raise Faulty("金额太大了，请核对是不是多写了几位。")
    return int(fen)


def _day(cell: Any, column: Column) -> date:
    if isinstance(cell, datetime):
        return _plausible(cell.date())
    if isinstance(cell, date):
        return _plausible(cell)
    if isinstance(cell, int | float) and not isinstance(cell, bool) and int(cell) in _SERIALS:
        return _EPOCH + timedelta(days=int(cell))
    text = _folded(words(cell))
    found = _DAY.fullmatch(text) or _PACKED.fullmatch(text)
    if found is None and text.isdecimal() and int(text[:9]) in _SERIALS:
        return _EPOCH + timedelta(days=int(text))
    if found is None:
        raise Faulty("看不出是哪天。请写成 2026-11-03 或 2026年11月3日。")
    try:
        return _plausible(date(int(found[1]), int(found[2]), int(found[3])))
    except ValueError:
        raise Faulty(f"没有“{text[:16]}”这一天。请核对月和日。") from None


def _plausible(day: date) -> date:
    if not 1900 < day.year < 2200:
        raise Faulty(f"{day.year} 年不对吧？请核对年份。")
    return day


def _time(cell: Any, column: Column) -> str:
    if isinstance(cell, datetime):
        cell = cell.time()
    if isinstance(cell, timedelta):
        cell = cell.total_seconds() / 86_400
    if isinstance(cell, str) and _PART_OF_A_DAY.fullmatch(cell.strip()):
        cell = float(cell)  # Excel's own number, as it stands in the red file that goes back
    if isinstance(cell, float) and 0 <= cell < 1:
        minutes = round(cell * 1440)
        return f"{minutes // 60 % 24:02}:{minutes % 60:02}"
    if isinstance(cell, time):
        return f"{cell:%H:%M}"
    found = _TIME.fullmatch(_folded(words(cell)))
    if found is None:
        raise Faulty("看不出是几点。请写成 09:00。")
    hour, minute = int(found[2]), 30 if found[3] == "半" else int(found[3] or 0)
    hour += 12 if found[1] in ("下午", "晚上") and hour < 12 else 0
    if hour > 23 or minute > 59:
        raise Faulty("没有这个时间。请写成 09:00。")
    return f"{hour:02}:{minute:02}"


def _choice(cell: Any, column: Column) -> str:
    return _chosen(words(cell), column)


def _choices(cell: Any, column: Column) -> tuple[str, ...]:
    parts = [part for part in _ROLES_APART.split(words(cell)) if part]
    return tuple(dict.fromkeys(_chosen(part, column) for part in parts))


def _chosen(text: str, column: Column) -> str:
    asked = _folded(text).casefold()
    for label, others in column.choices.items():
        if asked in (label.casefold(), *(other.casefold() for other in others)):
            return label
    raise Faulty(f"“{text[:20]}”不在可选的里面。请选：{'、'.join(column.choices)}。")


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


_READERS: Mapping[str, Callable[[Any, Column], Value]] = {
    "text": _text,
    "name": _name,
    "code": _code,
    "phone": _phone,
    "money": _money,
    "day": _day,
    "time": _time,
    "choice": _choice,
    "choices": _choices,
}
