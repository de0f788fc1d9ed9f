"""Is the print sharp, and if not, was the hand moving or the lens out of focus? Measured by direction, so that a shaken line is caught (A-4.4.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

SIDE = 1200
TILE = 48
FLAT = 12.0  # spread of grey below which a tile has nothing to judge by
ENOUGH = 0.15
MOVED = 0.18  # weakest direction against the strongest: below it one direction is smeared
FEW = 6
_ACROSS = ((0, 1), (1, 0), (1, 1), (1, -1))


@dataclass(frozen=True, slots=True)
class Sharpness:
    """`value` is None when the picture holds nothing to judge by."""

    value: float | None
    moved: bool = False

    @property
    def enough(self) -> bool:
        return self.value is None or self.value >= ENOUGH


def sharpness(grey: Array) -> Sharpness:
    """Grey, at most 1200 pixels long: of each tile the weakest of four second derivatives against its own spread; the 80th percentile."""
    values = grey.astype(np.float32)
    rows, columns = values.shape[0] // TILE, values.shape[1] // TILE
    if not rows or not columns:
        return Sharpness(None)
    spread = _by_tile(values, rows, columns)
    judged = spread > FLAT**2
    if judged.sum() < FEW:
        return Sharpness(None)
    by_direction = np.stack([_by_tile(_second(values, down, right), rows, columns) for down, right in _ACROSS])
    weakest, strongest = by_direction.min(0)[judged], by_direction.max(0)[judged]
    share = weakest / spread[judged]
    value = float(np.quantile(share, 0.8))
    sharpest = share >= np.quantile(share, 0.6)
    return Sharpness(value, float(np.median(weakest[sharpest] / np.maximum(strongest[sharpest], 1e-6))) < MOVED)


def _second(values: Array, down: int, right: int) -> Array:
    kernel = np.zeros((3, 3), np.float32)
    kernel[1, 1] = -2.0
    kernel[1 + down, 1 + right] += 1.0
    kernel[1 - down, 1 - right] += 1.0
    return np.asarray(cv2.filter2D(values, -1, kernel))


def _by_tile(values: Array, rows: int, columns: int) -> Array:
    tiles = values[: rows * TILE, : columns * TILE].reshape(rows, TILE, columns, TILE)
    return np.asarray(tiles.var(axis=(1, 3)))
