"""Does the name on a seal or licence agree with the name expected? Equal, to be looked at by a person, or another (A-4.4.2, A-4.4.10)."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Agrees = Literal["match", "unsure", "mismatch"]

ALIKE = 0.7  # share of characters in common from which a person looks; it never makes a match
_BRACKETS = str.maketrans("[]{}〔〕【】〖〗", "()" * 5)
_MARK = "**"


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read. `whole` is False when characters may have been lost: such a reading never counts for a match."""

    text: str
    confidence: float = 1.0
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Agreement:
    """The answer, both strings as they were written and read, and what to tell the person."""

    verdict: Agrees
    expected: str
    read: str
    words: str


def normal(name: str) -> str:
    """NFKC, every bracket as (), no spaces or invisible signs; nothing else: 有限责任公司 stays what it is."""
    compatible = unicodedata.normalize("NFKC", name).translate(_BRACKETS)
    kept = "".join(sign for sign in compatible if not sign.isspace() and unicodedata.category(sign) != "Cf")
    return unicodedata.normalize("NFKC", kept)  # what a space kept apart may compose now


def same(one: str, other: str) -> bool:
    """Equal after normalisation, and not empty."""
    return bool(normal(one)) and normal(one) == normal(other)


def agree(expected: str, readings: Sequence[Reading]) -> Agreement:
    """The readings as they came, best first; the expected name chooses none of them: only the first whole one can match."""
    told = [reading for reading in readings if normal(reading.text)]
    if not told:
        return Agreement("unsure", expected, "", "印章上的字没有读出来，请核对，或靠近印章再拍一张。")
    best = next((reading for reading in told if reading.whole), None)
    if best is not None and same(expected, best.text):
        return Agreement("match", expected, best.text, "印章清楚，名称一致。")
    nearest = max(told, key=lambda reading: alike(expected, reading.text))
    if alike(expected, nearest.text) < ALIKE:
        shown = (best or told[0]).text
        return Agreement("mismatch", expected, shown, f"请核对名称：要的是“{expected}”，印章像“{shown}”。")
    return Agreement("unsure", expected, nearest.text, _to_check(expected, nearest.text))


def alike(one: str, other: str) -> float:
    """0 to 1: characters in common, in order, against the longer name."""
    first, second = normal(one), normal(other)
    common = sum(block.size for block in SequenceMatcher(None, first, second, autojunk=False).get_matching_blocks())
    return common / max(len(first), len(second), 1)


def marked(one: str, other: str) -> tuple[str, str]:
    """Both strings, normalised, with **…** round what differs."""
    first, second = normal(one), normal(other)
    here: list[str] = []
    there: list[str] = []
    for kind, a, b, c, d in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        here.append(first[a:b] if kind == "equal" else _strong(first[a:b]))
        there.append(second[c:d] if kind == "equal" else _strong(second[c:d]))
    return "".join(here), "".join(there)


def _to_check(expected: str, read: str) -> str:
    if same(expected, read):
        return f"字可能没有拍全，请核对：印章像“{read}”。"
    here, there = marked(expected, read)
    return f"请核对{_how_many(expected, read)}：写的是“{here}”，印章像“{there}”。"


def _how_many(expected: str, read: str) -> str:
    first, second = normal(expected), normal(read)
    codes = SequenceMatcher(None, first, second, autojunk=False).get_opcodes()
    differing = sum(max(b - a, d - c) for kind, a, b, c, d in codes if kind != "equal")
    return "一个字" if differing == 1 else f" {differing} 个字"


def _strong(text: str) -> str:
    return f"{_MARK}{text}{_MARK}" if text else ""
