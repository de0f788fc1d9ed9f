"""Which of some lines a person means by a few signs: name, nickname, pinyin, initials, a slip of the finger; best first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from storage.names import is_chinese, plain

T = TypeVar("T")
FUZZY = 66.0


@dataclass(frozen=True, slots=True)
class Line(Generic[T]):
    what: T
    names: tuple[str, ...]
    pinyin: str = ""
    initials: str = ""


def wanted(query: str) -> str:
    return plain(query)[:40]


def best(query: str, lines: Iterable[Line[T]]) -> list[T]:
    """In the order given where two fit equally well."""
    asked = wanted(query)
    scored = [(score(asked, line), line.what) for line in lines]
    return [what for points, what in sorted(scored, key=lambda pair: -pair[0]) if points]


def score(asked: str, line: Line[T]) -> float:
    names = [plain(name) for name in line.names if name]
    if asked in names:
        return 100
    words = [*line.pinyin.split(), *line.initials.split()]
    if asked in words:
        return 97
    if any(name.startswith(asked) for name in names):
        return 95
    if any(asked in name for name in names):
        return 90
    if any(word.startswith(asked) for word in words):
        return 85
    if any(asked in word for word in words):
        return 75
    return _fuzzy(asked, names, line.pinyin.split())


def patterns(query: str, names: Sequence[str]) -> dict[str, str]:
    """LIKE patterns for the database to narrow by: the pairs of neighbouring signs, and the whole for pinyin and initials."""
    asked = wanted(query)
    pairs = [asked[n : n + 2] for n in range(len(asked) - 1)] or [asked]
    spread = [pairs[n * len(pairs) // len(names)] for n in range(len(names))]
    like = {name: f"%{_escaped(pair)}%" for name, pair in zip(names, spread, strict=True)}
    return like | {"anywhere": f"%{_escaped(asked)}%"}


def _fuzzy(asked: str, names: Sequence[str], pinyin: Sequence[str]) -> float:
    """One sign wrong in three, or one letter in four: said to be found, but last."""
    from rapidfuzz import fuzz  # here, not above: a server nobody asks yet does not hold it

    if is_chinese(asked):
        found = [fuzz.partial_ratio(asked, name) for name in names] if len(asked) > 2 else []
    else:
        found = [fuzz.partial_ratio(asked, word) for word in pinyin] if len(asked) > 4 else []
    closest = max(found, default=0.0)
    needed = FUZZY if is_chinese(asked) else 80.0
    return closest * 0.7 if closest >= needed else 0


def _escaped(text: str) -> str:
    return text.replace("/", "//").replace("%", "/%").replace("_", "/_")
