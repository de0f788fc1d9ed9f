"""Where the words of a seal run: the arc under the rim, its beginning and end, which way is up, and the straight purpose line."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from papers.sight.reader import Reader
from papers.sight.rings import polar
from papers.sight.strips import OVAL, SIDE, Cut, framed, grey, starred, turned, ups

Array = NDArray[Any]

TEXT = 0.2  # of the detector's map
FULL = 2 * math.pi
HALF_OVAL = math.radians(130)


@dataclass(frozen=True, slots=True)
class Arc:
    """Angles of the picture, clockwise. `start` + `sweep` hold the words with room on both sides; `traced` by the text detector or only by a gap."""

    up: float
    start: float
    sweep: float
    band: tuple[float, float]
    traced: bool
    lines: tuple[tuple[int, int, int, int], ...] = ()  # straight text in the upright picture: left, top, width, height
    star: bool = False  # `up` is one of a star's five tips; which of them, the words tell


def arcs(one: Cut, reader: Reader) -> list[Arc]:
    """For each way that may be up: the whole way round from the bottom, bounded where the text detector sees the words end."""
    found: list[Arc] = []
    star = starred(one)
    for up in ups(one):
        whole = Arc(up, up - math.pi, FULL, (0.95, 0.58), False, star=star)
        picture = turned(grey(one, "even"), one.ring, up)
        seen = reader.seal_map(cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR))
        found.append(whole if seen is None else _bounded(seen, one, whole))
        if one.ring.flat < OVAL:  # a die with two rims has its words deeper
            found.append(replace(found[-1], band=(0.87, 0.50)))
    return found


def _bounded(seen: Array, one: Cut, whole: Arc) -> Arc:
    """Where the words under the rim end to the left and to the right of the top."""
    ring = framed(one.ring, whole.up)
    inked = (polar(seen, ring, 0.62, 0.86, 25, 360) > TEXT).mean(1) > 0.3
    lines = _lines(seen, one, whole.up)
    if one.ring.flat < OVAL:  # the tax number in the middle reaches as far out as the words: their span is known, the map is not asked
        return replace(whole, start=whole.up - HALF_OVAL, sweep=2 * HALF_OVAL, traced=True, lines=lines)
    left, right = _reach(inked[::-1]), _reach(inked)
    if left + right < 40:
        return replace(whole, lines=lines)
    pad = 32  # the map often ends a character early
    left, right = min(180, left + pad), min(180, right + pad)
    return replace(whole, start=whole.up - math.radians(left), sweep=math.radians(left + right), traced=True, lines=lines)


def _reach(inked: Array) -> int:
    """Degrees from the top to the end of the words; gaps of up to 40 degrees lie within them, as between few characters set wide."""
    last = 0
    for step in range(180):
        if inked[step]:
            last = step
        elif step - last > 40:
            break
    return last


def _lines(seen: Array, one: Cut, up: float) -> tuple[tuple[int, int, int, int], ...]:
    """Straight text inside: patches of the map that stay clear of the band under the rim, lying across."""
    ring = framed(one.ring, up)
    ys, xs = np.mgrid[0:SIDE, 0:SIDE]
    cos, sin = math.cos(ring.turn), math.sin(ring.turn)
    dx, dy = xs - ring.x, ys - ring.y
    share = np.hypot((dx * cos + dy * sin) / ring.a, (-dx * sin + dy * cos) / ring.b)
    count, labels, stats, middles = cv2.connectedComponentsWithStats((seen > TEXT).astype(np.uint8))
    found = []
    for index in range(1, count):
        left, top, width, height, area = (int(value) for value in stats[index])
        if (
            area < 200
            or not 1.6 * height < width < 0.72 * SIDE
            or height > 0.2 * SIDE
            or middles[index][1] < 0.42 * SIDE
            or abs(middles[index][0] - SIDE / 2) > 0.09 * SIDE
        ):
            continue
        if float(share[labels == index].mean()) < 0.74:
            grow = max(4, int(height * 0.22))
            found.append((max(0, left - 2 * grow), max(0, top - grow), width + 4 * grow, height + 2 * grow))
    return tuple(sorted(found, key=lambda box: box[1]))
