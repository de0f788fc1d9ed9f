"""Many strips of the same words, one reading: every strip votes for each character's place, with all it held possible there."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from papers.sight.reader import Line, decoded

Array = NDArray[Any]

TOP = 6  # signs of a step that are looked at
SHARPEN = 2.0
TRUST = 3.0
KEPT = 0.17  # share of the strips that must see a character at a place
FINE = 12  # places a character's width is divided into


@dataclass(frozen=True, slots=True)
class Slot:
    """One character: where it stands, what the strips hold possible (best first), how many of them saw anything."""

    place: float
    signs: tuple[tuple[str, float], ...]
    seen: float

    @property
    def sign(self) -> str:
        return self.signs[0][0]

    @property
    def share(self) -> float:
        """How decided the strips are: 1 when all that saw a character saw this one."""
        total = sum(weight for _, weight in self.signs)
        return self.signs[0][1] / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Fused:
    slots: tuple[Slot, ...]
    pitch: float

    @property
    def text(self) -> str:
        return "".join(slot.sign for slot in self.slots)

    @property
    def weight(self) -> float:
        """How many characters were read, each by how decided and how widely."""
        return sum(slot.share * slot.seen for slot in self.slots)


def chinese(sign: str) -> bool:
    return "\u4e00" <= sign <= "\u9fff" or sign in "（）()"


def fused(posteriors: Sequence[Array], signs: Sequence[str]) -> Fused:
    """All posteriors are of the same stretch of the same seal, so that places agree whatever their lengths."""
    lines = [_only_chinese(decoded(posterior, signs)) for posterior in posteriors]
    if not lines or (pitch := _pitch(lines)) is None:
        return Fused((), 0.0)
    places, pitch = _even(_places(lines, pitch), pitch)
    told = [[heard(posterior, signs, place, pitch) for place in places] for posterior in posteriors]
    trust = trusted(told)
    slots = []
    for index, place in enumerate(places):
        votes: dict[str, float] = {}
        for strip, weight in zip(told, trust, strict=True):
            for sign, chance in strip[index].items():
                votes[sign] = votes.get(sign, 0.0) + weight * chance**SHARPEN
        if votes:
            ranked = tuple(sorted(votes.items(), key=lambda vote: -vote[1])[:12])
            seen = sum(weight for strip, weight in zip(told, trust, strict=True) if max(strip[index].values(), default=0.0) > 0.3)
            slots.append(Slot(place, ranked, seen))
    return Fused(tuple(slots), pitch)


def trusted(told: Sequence[Sequence[dict[str, float]]]) -> list[float]:
    """Strips that are sure everywhere weigh more; together they weigh 1."""
    sure = [float(np.mean([max(slot.values(), default=0.0) for slot in strip])) ** TRUST if strip else 0.0 for strip in told]
    total = sum(sure)
    return [one / total if total else 1 / len(sure) for one in sure]


def _even(places: list[float], pitch: float) -> tuple[list[float], float]:
    """Characters are cut at even steps: a step twice as wide hides one that no strip was sure of, and what is off the steps is dirt."""
    if len(places) < 5:
        return places, pitch
    steps = sorted(second - first for first, second in pairwise(places))
    pitch = steps[len(steps) // 2]
    best: tuple[float, float, float] | None = None
    for base in places:
        for wide in np.linspace(0.94, 1.06, 13) * pitch:
            offs = [(place - base) / wide - round((place - base) / wide) for place in places]
            fit = float(sum(math.exp(-((one / 0.16) ** 2)) for one in offs))
            if best is None or fit > best[0]:
                best = fit, base, float(wide)
    if best is None or best[0] < 0.72 * len(places):
        return places, pitch
    _, base, wide = best
    kept: dict[int, float] = {}
    for place in places:
        number = round((place - base) / wide)
        off = abs((place - base) / wide - number)
        if off < 0.38 and (number not in kept or off < abs((kept[number] - base) / wide - number)):
            kept[number] = place
    run = _unbroken(sorted(kept))
    return [kept.get(number, base + number * wide) for number in run], wide


def _unbroken(numbers: list[int]) -> list[int]:
    """From first to last; a single one off by two empty steps or more at either end is dirt."""
    while len(numbers) > 4 and numbers[1] - numbers[0] > 2:
        numbers = numbers[1:]
    while len(numbers) > 4 and numbers[-1] - numbers[-2] > 2:
        numbers = numbers[:-1]
    return list(range(numbers[0], numbers[-1] + 1)) if numbers else []


def _only_chinese(line: Line) -> Line:
    kept = [index for index, sign in enumerate(line.text) if chinese(sign)]
    return Line("".join(line.text[i] for i in kept), tuple(line.scores[i] for i in kept), tuple(line.places[i] for i in kept))


def _pitch(lines: Sequence[Line]) -> float | None:
    """The width of a character, from the reading that is surest over all."""
    best = max(lines, key=lambda line: sum(line.scores))
    if len(best.places) < 2:
        return None
    steps = sorted(second - first for first, second in pairwise(best.places))
    return max(steps[len(steps) // 2], 0.012)


def _places(lines: Sequence[Line], pitch: float) -> list[float]:
    """Where the strips together see characters: the peaks of their votes along the stretch, no two nearer than half a character."""
    grid = np.arange(0, 1, pitch / FINE)
    dense = np.zeros(len(grid))
    for line in lines:
        for place, score in zip(line.places, line.scores, strict=True):
            dense += score**SHARPEN * np.exp(-(((grid - place) / (pitch * 0.2)) ** 2) / 2)
    peaks = [i for i in range(1, len(grid) - 1) if dense[i - 1] <= dense[i] > dense[i + 1] and dense[i] > KEPT * len(lines)]
    kept: list[float] = []
    for peak in sorted(peaks, key=lambda i: -dense[i]):
        if all(abs(grid[peak] - other) > 0.6 * pitch for other in kept):
            kept.append(float(grid[peak]))
    return sorted(kept)


def heard(posterior: Array, signs: Sequence[str], place: float, pitch: float) -> dict[str, float]:
    """The signs a strip holds possible within half a character of the place."""
    steps = len(posterior)
    first, last = int((place - pitch * 0.48) * steps), int((place + pitch * 0.48) * steps) + 1
    window = posterior[max(0, first) : min(steps, last)]
    if not len(window):
        return {}
    most = window[:, 1:].max(0)
    top = np.argsort(most)[-TOP:]
    return {signs[index + 1]: float(most[index]) for index in top if most[index] > 0.01 and chinese(signs[index + 1])}
