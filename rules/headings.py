"""Which column a heading means: exactly, by its other names, or by the part before a bracket; never by guessing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

from rules.lists import LISTS, Column, List

_BRACKETS = re.compile(r"[(\[【<].*?[)\]】>]")
_SIGNS = re.compile(r"[\s*＊:：、，,。.;；/\\\-_—·#]+")


def fold(text: str) -> str:
    """Width, case, spaces and signs do not make another heading."""
    return _SIGNS.sub("", unicodedata.normalize("NFKC", text).casefold())


def names(column: Column) -> tuple[str, ...]:
    return (column.label, *column.also)


def meant(known: List, heading: str) -> Column | None:
    """手机号（必填）, 手机 号码*, 联系方式 → phone."""
    spelt = _spelt(known.name)
    return spelt.get(fold(heading)) or spelt.get(_bare(heading))


@cache
def _spelt(name: str) -> dict[str, Column]:
    found: dict[str, Column] = {}
    for column in LISTS[name].columns:
        for each in names(column):
            found.setdefault(fold(each), column)
            found.setdefault(_bare(each), column)
    found.pop("", None)
    return found


def _bare(heading: str) -> str:
    return fold(_BRACKETS.sub("", unicodedata.normalize("NFKC", heading)))


def matched(known: List, cells: Sequence[str]) -> dict[str, int]:
    """Column name → place; the first heading of a meaning wins."""
    found: dict[str, int] = {}
    for at, cell in enumerate(cells):
        column = meant(known, cell) if cell and len(cell) <= 60 else None
        if column is not None:
            found.setdefault(column.name, at)
    return found


def of_sheet(name: str, rows: Sequence[Sequence[str]]) -> List | None:
    """Which list a sheet is: by what its headings are, the sheet's name deciding between equals."""
    best: tuple[float, List] | None = None
    for known in LISTS.values():
        fit = max((_fit(known, row) for row in rows), default=0.0)
        fit += 0.5 if fit and any(fold(word) in fold(name) for word in (known.title, *known.also)) else 0
        if fit and (best is None or fit > best[0]):
            best = (fit, known)
    return best[1] if best else None


def _fit(known: List, row: Sequence[str]) -> float:
    """Headings known, those needed counting more; fewer than two, or none of the key, is no list."""
    found = matched(known, row)
    if len(found) < 2 or not any(name in found for name in known.key):
        return 0
    needed = [column.name for column in known.columns if column.needed]
    strangers = sum(1 for cell in row if cell) - len(found)
    return len(found) + sum(2 if name in found else -1 for name in needed) - 0.3 * strangers
