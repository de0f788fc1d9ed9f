"""How well a step is shown: declared < evidenced < countersigned; only the last two are scored (A-2.1)."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from rules.errors import RuleBroken


class Grade(StrEnum):
    """In rising order; the value is what is stored."""

    DECLARED = "declared"  # a tap or words: the person's own statement
    EVIDENCED = "evidenced"  # with a photograph, file, place or signature
    COUNTERSIGNED = "countersigned"  # a second person confirmed it

    @property
    def rank(self) -> int:
        return list(Grade).index(self)

    @property
    def label(self) -> str:
        return {"declared": "本人声明", "evidenced": "有凭证", "countersigned": "已复核"}[self.value]


def grade(*, proofs: int = 0, countersigned: bool = False) -> Grade:
    """What a record is worth with that many photographs, files, places or signatures."""
    if countersigned:
        return Grade.COUNTERSIGNED
    return Grade.EVIDENCED if proofs > 0 else Grade.DECLARED


def better(first: str, second: str) -> Grade:
    """A grade once reached is not lost by a weaker proof."""
    return max(Grade(first), Grade(second), key=lambda one: one.rank)


def reaches(have: str, wanted: str) -> bool:
    return Grade(have).rank >= Grade(wanted).rank


def counts(have: str) -> bool:
    """Scored at all (A-2.1): a mere statement is not."""
    return reaches(have, Grade.EVIDENCED)


def countersign(have: str, *, by: int, makers: Collection[int]) -> Grade:
    """The grade after a second person confirmed; the makers cannot."""
    Grade(have)
    if by in makers:
        raise RuleBroken("A-2.1", "自己的记录要请别人来确认。")
    return Grade.COUNTERSIGNED
