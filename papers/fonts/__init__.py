"""The font that ships (Noto Sans SC, GBK-wide subset, OFL): a bare machine has none that can write Chinese."""

from __future__ import annotations

from functools import cache
from pathlib import Path

PATH = Path(__file__).parent / "NotoSansSC-GBK.otf"


@cache
def written() -> frozenset[int]:
    """Code points the font has, read from its character map once."""
    return frozenset(_read_cmap(PATH.read_bytes()))


def missing(text: str) -> str:
    """The characters of `text` that would come out blank."""
    return "".join(dict.fromkeys(sign for sign in text if not sign.isspace() and ord(sign) not in written()))


def _read_cmap(data: bytes) -> set[int]:
    tables = {data[at : at + 4]: int.from_bytes(data[at + 8 : at + 12]) for at in range(12, 12 + 16 * int.from_bytes(data[4:6]), 16)}
    cmap = tables[b"cmap"]
    found: set[int] = set()
    for record in range(cmap + 4, cmap + 4 + 8 * int.from_bytes(data[cmap + 2 : cmap + 4]), 8):
        table = cmap + int.from_bytes(data[record + 4 : record + 8])
        if int.from_bytes(data[table : table + 2]) == 12:
            for group in range(table + 16, table + 16 + 12 * int.from_bytes(data[table + 12 : table + 16]), 12):
                found.update(range(int.from_bytes(data[group : group + 4]), int.from_bytes(data[group + 4 : group + 8]) + 1))
        elif int.from_bytes(data[table : table + 2]) == 4:
            found |= _segments(data, table)
    return found


def _segments(data: bytes, table: int) -> set[int]:
    double = int.from_bytes(data[table + 6 : table + 8])
    ends, starts = table + 14, table + 16 + double
    found: set[int] = set()
    for at in range(0, double, 2):
        first, last = int.from_bytes(data[starts + at : starts + at + 2]), int.from_bytes(data[ends + at : ends + at + 2])
        found.update(range(first, last + 1))
    return found - {0xFFFF}
