"""Pieces of a straddle seal (骑缝章) at the picture's or page's edge: red curves cut off there, counted apart from whole seals (A-4.4.7)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from papers.sight.rings import Ring

Array = NDArray[Any]

NARROW, TALL = 0.10, (0.04, 0.4)  # of the picture: how far in a piece reaches, how high it is
INKED = 0.12


def pieces(ink: Array, level: float, whole: Sequence[Ring]) -> int:
    """On the left and right edge: patches of ink higher than wide, touching the edge, that belong to no whole seal."""
    height, width = ink.shape
    mask = (ink > level).astype(np.uint8)
    gap = max(3, int(0.012 * max(ink.shape))) | 1
    closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((gap, gap), np.uint8))
    count, _, stats, middles = cv2.connectedComponentsWithStats(closed)
    found = 0
    for index in range(1, count):
        left, top, wide, high, area = (int(value) for value in stats[index])
        touches = left <= 3 or left + wide >= width - 3
        x, y = middles[index]
        if (
            touches
            and 3 < wide < NARROW * width
            and TALL[0] * height < high < TALL[1] * height
            and high > 1.5 * wide
            and top > 2
            and top + high < height - 2
            and INKED < area / (wide * high) < 0.85
            and all(math.hypot(x - ring.x, y - ring.y) > ring.radius for ring in whole)
        ):
            found += 1
    return found
