"""Is it a photograph of paper, a picture of a screen, or drawn on a machine? Only said, never a reason to refuse (A-4.4.1)."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

BLOCK = 8  # of JPEG
ENOUGH = 400_000  # pixels to count colours on
ONE_COLOUR = 0.4  # of the picture
TILE, TILES = 256, 5  # pixels of a tile, tiles to a side that are looked at
LOWEST = 0.14  # cycles a pixel: print and hatching lie below
PEAK = 14.0  # a line of the spectrum over what lies about it
AGREE = 4  # tiles with the same line: the grid of a screen goes on everywhere

DRAWN = "像是截图或扫描件，最好拍纸质原件。"
SCREEN = "像是对着屏幕拍的，最好拍纸质原件。"


def note(picture: Array) -> str:
    """One sentence, or ""."""
    if dominance(picture) > ONE_COLOUR:
        return DRAWN
    return SCREEN if gridded(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)) else ""


def dominance(picture: Array) -> float:
    """Share of the commonest colour: the grain of a camera leaves no colour so much, a machine's white is one."""
    step = max(1, int((picture.shape[0] * picture.shape[1] / ENOUGH) ** 0.5))
    few = picture[::step, ::step].astype(np.uint32)
    packed = (few[..., 0] << 16) | (few[..., 1] << 8) | few[..., 2]
    _, counts = np.unique(packed, return_counts=True)
    return float(counts.max() / counts.sum())


def gridded(grey: Array) -> bool:
    """The same fine line in the spectrum of tile after tile: the pixels of a screen, or their beat with the camera's."""
    height, width = grey.shape
    if min(height, width) < 2 * TILE:
        return False
    window = np.outer(np.hanning(TILE), np.hanning(TILE)).astype(np.float32)
    found: dict[tuple[int, int], int] = {}
    for y in np.linspace(0, height - TILE, TILES).astype(int):
        for x in np.linspace(0, width - TILE, TILES).astype(int):
            tile = grey[y : y + TILE, x : x + TILE].astype(np.float32)
            for peak in _peaks((tile - tile.mean()) * window):
                near = next((known for known in found if abs(known[0] - peak[0]) <= 2 and abs(known[1] - peak[1]) <= 2), peak)
                found[near] = found.get(near, 0) + 1
    return max(found.values(), default=0) >= AGREE


def _peaks(tile: Array) -> list[tuple[int, int]]:
    """The strongest lines of one tile, at most two; those of JPEG's blocks are none."""
    spectrum = np.abs(np.fft.rfft2(tile))
    spectrum[:, 0] = 0
    rows = np.fft.fftfreq(TILE)[:, None]
    columns = np.fft.rfftfreq(TILE)[None, :]
    spectrum[np.hypot(rows, columns) < LOWEST] = 0
    for axis in (rows, columns):
        eighths = np.abs(axis * BLOCK - np.round(axis * BLOCK)) < 0.07
        spectrum *= ~(eighths & (np.minimum(np.abs(rows), np.abs(columns)) < 0.02))
    around = cv2.blur(spectrum.astype(np.float32), (15, 15))
    strong = spectrum / np.maximum(around, 1e-3)
    order = np.argsort(strong, axis=None)[::-1][:2]
    return [(int(index // strong.shape[1]), int(index % strong.shape[1])) for index in order if strong.flat[index] > PEAK]
