"""A reading set right by words and places that names are made of, where the strips held the right signs possible; never by the name expected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from papers.sight import places
from papers.sight.vote import Fused, Slot
from rules.words import ENDINGS, WORDS

LONG, UNHEARD, UNSURE = 6, 0.35, 0.55  # a word of six characters may stand for one that few strips saw and none agreed on
UNDECIDED = 0.8  # a character of fewer votes gives way to the one that stands there in every firm's name
CLOSES = ("有限责任公司", "股份有限公司", "集团有限公司", "有限公司")
BRANCH = "分局"
HEARD, FAINTLY = 0.2, 0.04  # of the votes of the sign read, what another must have; in a word of three signs and more
FIRM, NAMED = 0.5, 4  # votes, against those of the sign read, of one set right in a word of four signs that is as good as read


@dataclass(frozen=True, slots=True)
class Worded:
    """`changed` signs were set right; `firm` when that leaves no doubt: at most one, nearly as much heard, in a long word."""

    text: str
    changed: tuple[int, ...] = ()
    firm: bool = True


def worded(reading: Fused) -> Worded:
    """Words first, then districts and counties, then how a firm's name ends."""
    text = list(reading.text)
    firm = True
    for word in WORDS:
        if len(word) < 3 and word not in ENDINGS:
            continue
        for start in range(len(text) - len(word) + 1):
            wrong = [index for index, sign in enumerate(word) if text[start + index] != sign]
            if 0 < len(wrong) <= (2 if len(word) > 3 else 1) and all(_possible(reading.slots[start + at], word, at) for at in wrong):
                firm = firm and len(word) >= NAMED and all(_heard(reading.slots[start + at], word[at]) >= FIRM for at in wrong)
                text[start : start + len(word)] = word
    for at, sign in _placed(reading.slots, "".join(text)).items():
        text[at], firm = sign, False
    for word in CLOSES:
        wrong = [index for index, sign in enumerate(word, len(text) - len(word)) if index >= 0 and text[index] != sign]
        if len(text) > len(word) and len(wrong) == 1 and reading.slots[wrong[0]].share < UNDECIDED:
            text[-len(word) :], firm = word, False
            break
    changed = tuple(index for index, (before, after) in enumerate(zip(reading.text, text, strict=True)) if before != after)
    return Worded("".join(text), changed, firm and len(changed) < 2)


def _possible(slot: Slot, word: str, at: int) -> bool:
    """Heard by some strips; or nothing was heard clearly, and the word is long enough to leave no other."""
    if _heard(slot, word[at]) > (FAINTLY if len(word) > 2 else HEARD):
        return True
    return len(word) >= LONG and slot.seen < UNHEARD and slot.share < UNSURE


def _heard(slot: Slot, sign: str) -> float:
    return dict(slot.signs).get(sign, 0.0) / max(slot.signs[0][1], 1e-9)


def _placed(slots: Sequence[Slot], text: str) -> dict[int, str]:
    """One sign of what is nearly a district or county, when exactly one such place can be meant."""
    known, found = places.places(), backed(text)
    for size in reversed(places.LENGTHS):
        for start in range(len(text) - size + 1):
            at = range(start, start + size)
            if text[at[-1]] not in places.LAST or any(index in found for index in at):
                continue
            others = {
                (index, sign)
                for index in at[:-1]
                for sign, _ in slots[index].signs
                if sign != text[index] and _heard(slots[index], sign) > HEARD and text[start:index] + sign + text[index + 1 : start + size] in known
            }
            if len(others) == 1:
                return dict(others)
    return {}


def backed(text: str) -> frozenset[int]:
    """Which characters stand in words or places that names are made of, as they were read."""
    found = {len(text) - 1 - back for end in (*ENDINGS, BRANCH) if text.endswith(end) for back in range(len(end))}
    for word in WORDS:
        start = text.find(word) if len(word) > 2 else -1
        while start >= 0:
            found.update(range(start, start + len(word)))
            start = text.find(word, start + 1)
    known = places.places()
    for size in places.LENGTHS:
        for start in range(len(text) - size + 1):
            if text[start : start + size] in known:
                found.update(range(start, start + size))
    return frozenset(found)
