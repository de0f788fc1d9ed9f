"""A second look at every character: cut out upright where the first reading saw it, laid side by side, read and voted on again (A-4.4.2)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from papers.sight.arc import Arc
from papers.sight.strips import OVAL, TALL, Cut, along, sampled
from papers.sight.vote import Fused, Slot, heard, trusted

Array = NDArray[Any]

# rendering, width of a character in pixels (the recogniser learnt from square ones), and how much deeper the band is
TILES = (
    *((how, wide, deeper) for how in ("even", "light") for wide, deeper in ((36, 0.03), (48, 0.03), (48, 0.12), (64, 0.12))),
    *((how, wide, deeper) for how in ("open", "bridged", "raised", "keen") for wide, deeper in ((40, 0.03), (52, 0.10))),
)
WIDEST = 1.2  # of its height a character is cut out
APART, MUCH = 1.1, 1.25  # heights from one character to the next from which half may be lost; how much more then must be read
MORE = 2  # places looked at beyond either end: the first reading loses characters there first
FIRST, AGAIN = 0.13, 0.5  # what the first reading's votes weigh against the second's; and those of a second against a third
HOLE = 1.5  # steps, from which one between has been lost
SEEN, SHARE = 0.4, 0.3  # of the strips, and of their votes, from which a place beyond an end carries a character
PLAIN_SEEN, PLAIN_SHARE = 0.5, 0.9  # from which it does so even if the words lie less evenly then
STROKES = "一二三丨川"  # rims and lines read as characters; never added at an end
OPENING, CLOSING = "(（", ")）"
OPENED, CLOSED = 0.05, 0.02  # chance of a bracket between two characters, from which a pair is put there: where none is, it is under 0.03
NOTICED = 0.15  # from which a single one makes the reading doubtful
BLANK, COVERED = 0.3, 0.25  # ink against that of the characters, and print over it, up to which nothing stands beyond an end


def places(first: Fused) -> tuple[list[float], int]:
    """Where characters stand or may stand: those seen, holes between them, some beyond; and which is the first of those seen."""
    seen = [slot.place for slot in first.slots]
    filled = [seen[0]]
    for before, after in pairwise(seen):
        missing = max(0, round((after - before) / first.pitch) - 1) if after - before > HOLE * first.pitch else 0
        filled += [before + (after - before) * (number + 1) / (missing + 1) for number in range(missing)] + [after]
    before_ = [filled[0] - first.pitch * (number + 1) for number in reversed(range(MORE))]
    return [*before_, *filled, *(filled[-1] + first.pitch * (number + 1) for number in range(MORE))], MORE


def spaced(first: Fused, arc: Arc) -> tuple[Fused, ...]:
    """The reading, and when its characters stand far apart for their height the same with one between each two: half may have been lost."""
    outer, inner = arc.band
    if first.pitch * arc.sweep * (outer + inner) / 2 < APART * (outer - inner):
        return (first,)
    halves = [Slot((before.place + after.place) / 2, (), 0.0) for before, after in pairwise(first.slots)]
    slots = sorted((*first.slots, *halves), key=lambda slot: slot.place)
    return first, Fused(tuple(slots), first.pitch / 2)


def fuller(readings: Sequence[Fused]) -> Fused:
    """The first, unless another says clearly more; what nothing was seen at is left out of that."""
    first, *others = readings
    for other in others:
        seen = Fused(tuple(slot for slot in other.slots if slot.seen >= SEEN and slot.share >= SHARE), other.pitch)
        if seen.weight > MUCH * first.weight:
            first = seen
    return first


def tiled(image: Array, one: Cut, arc: Arc, at: Sequence[float], pitch: float, wide: int, deeper: float) -> Array:
    """A strip of upright rectangles, as dies are cut: unrolled along the rim, characters would grow wide at their feet."""
    outer, inner = arc.band[0] + deeper / 3, arc.band[1] - deeper
    depth = np.linspace(outer, inner, TALL)[:, None]
    across = (np.arange(wide) + 0.5) / wide - 0.5
    if one.ring.flat < OVAL:
        return sampled(image, *along(one.ring, arc.start, arc.sweep, np.concatenate([place + pitch * across for place in at]), depth))
    aside = across[None] * min(pitch * arc.sweep * (outer + inner) / 2, WIDEST * (outer - inner))  # set wide apart, they are no wider for it
    share, angle = np.hypot(aside, depth), np.arctan2(aside, depth)
    spots = [one.ring.points(share, angle + arc.start + arc.sweep * place) for place in at]
    return sampled(image, np.hstack([xs for xs, _ in spots]), np.hstack([ys for _, ys in spots]))


def fused_again(first: Fused, arc: Arc, posteriors: Sequence[Array], signs: Sequence[str], weight: float = FIRST) -> Fused:
    """Both readings' votes at every place; ends are moved out where characters had been lost, narrow brackets put back between."""
    at, start = places(first)
    count = len(at)
    strips = [[heard(posterior, signs, (index + 0.5) / count, 1 / count) for index in range(count)] for posterior in posteriors]
    trust = trusted([strip[MORE:-MORE] for strip in strips])
    before = {round(slot.place, 9): slot for slot in first.slots}
    slots = []
    for index, place in enumerate(at):
        old = before.get(round(place, 9))
        inside = MORE <= index < count - MORE
        slots.append(_slot(place, [strip[index] for strip in strips], trust, old, weight if inside else 0.0))
    low, high = _ends(slots, start, count - 1 - MORE, arc)
    kept = [slot for slot in slots[low : high + 1] if slot.signs]
    return Fused(tuple(_bracketed(kept, at, posteriors, signs)), first.pitch)


def _slot(place: float, told: Sequence[Mapping[str, float]], trust: Sequence[float], old: Slot | None, weight: float) -> Slot:
    votes: dict[str, float] = {}
    for strip, trusted_ in zip(told, trust, strict=True):
        for sign, chance in strip.items():
            votes[sign] = votes.get(sign, 0.0) + (1 - weight) * trusted_ * chance**2
    for sign, vote in old.signs if old else ():
        votes[sign] = votes.get(sign, 0.0) + weight * vote
    seen = sum(trusted_ for strip, trusted_ in zip(told, trust, strict=True) if max(strip.values(), default=0.0) > 0.3)
    ranked = tuple(sorted(votes.items(), key=lambda vote: -vote[1])[:12])
    return Slot(place, ranked, (1 - weight) * seen + weight * (old.seen if old else 0.0))


def lean(arc: Arc, first: float, last: float) -> float:
    """How far the middle between two places lies from the top, in radians. Any of a star's five tips may be the top."""
    middle = arc.start + arc.sweep * (first + last) / 2
    return math.remainder(middle - arc.up, 2 * math.pi / (5 if arc.star else 1))


def _ends(slots: Sequence[Slot], low: int, high: int, arc: Arc) -> tuple[int, int]:
    """Outwards while something is seen there and the words then lie more evenly about the top, or it is plain to see."""
    for _ in range(MORE):
        for more_low, more_high in ((1, 0), (0, 1)):
            new = low - more_low, high + more_high
            if new[0] < 0 or new[1] >= len(slots):
                continue
            slot = slots[new[0] if more_low else new[1]]
            if not slot.signs or slot.sign in STROKES or slot.seen < SEEN or slot.share < SHARE:
                continue
            evener = abs(lean(arc, slots[new[0]].place, slots[new[1]].place)) < abs(lean(arc, slots[low].place, slots[high].place))
            if evener or (slot.seen >= PLAIN_SEEN and slot.share >= PLAIN_SHARE):
                low, high = new
    return low, high


def _bracketed(slots: list[Slot], at: Sequence[float], posteriors: Sequence[Array], signs: Sequence[str]) -> list[Slot]:
    """Brackets are cut narrower than a step and stand between two places; read there as a pair or not at all."""
    if not slots or any(slot.sign in OPENING + CLOSING for slot in slots):
        return slots
    first, last = at.index(slots[0].place), at.index(slots[-1].place)
    opened = _between(posteriors, signs, len(at), OPENING, 0.2)
    closed = _between(posteriors, signs, len(at), CLOSING, -0.2)
    left = max(range(first, last), key=lambda index: opened[index], default=first)
    right = max(range(left + 1, last + 1), key=lambda index: closed[index], default=last)
    if opened[left] > OPENED and closed[right] > CLOSED:
        put = {left: ("（", opened[left]), right: ("）", closed[right])}
        result = []
        for slot in slots:
            result.append(slot)
            if (found := put.get(at.index(slot.place))) is not None:
                after = slot.place + (at[1] - at[0]) / 2
                result.append(Slot(after, (found, ("", max(0.0, 1 - found[1]))), 1.0))
        return result
    if max(opened[left], closed[right]) > NOTICED:
        return [replace(slot, seen=0.0) for slot in slots]  # lost or not, nobody can say: no match
    return slots


def bare(image: Array, one: Cut, arc: Arc, read: Fused) -> bool:
    """Whether nothing red stands where a character before the first and after the last would, and no print lies there that could hide one."""
    at = [read.slots[0].place - read.pitch, *(slot.place for slot in read.slots), read.slots[-1].place + read.pitch]
    clear = np.asarray((255 * (1 - one.hidden)).astype(np.uint8))
    inked, covered = (  # by their outer half: a line of words or a date inside reaches into the other
        (255 - tiled(shown, one, arc, at, read.pitch, TALL, 0.0)[TALL // 5 : TALL * 3 // 5].astype(float))
        .mean(0)
        .reshape(len(at), TALL)[:, 6:-6]
        .mean(1)
        for shown in (image, clear)
    )
    usual = float(np.median(inked[1:-1]))
    return bool(max(inked[0], inked[-1]) < BLANK * usual and max(covered[0], covered[-1]) < COVERED * 255)


def paired(text: str) -> bool | None:
    """Whether every bracket has its other half; None without any."""
    opened, closed = (sum(sign in half for sign in text) for half in (OPENING, CLOSING))
    return opened == closed if opened or closed else None


def _between(posteriors: Sequence[Array], signs: Sequence[str], count: int, wanted: str, after: float) -> list[float]:
    """For each place, how surely the strips see one of the signs behind it."""
    columns = [index for index, sign in enumerate(signs) if sign and sign in wanted]
    chances = np.zeros(count)
    for posterior in posteriors:
        step = (np.arange(len(posterior)) + 0.5) / len(posterior) * count - 0.5
        chance = posterior[:, columns].sum(1)
        for index in range(count):
            here = chance[np.floor(step - after) == index]
            chances[index] += float(here.max()) / len(posteriors) if here.size else 0.0
    return [float(one) for one in chances]
