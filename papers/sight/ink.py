"""Red ink told from black print: ink absorbs, so absorptions add up and the red part can be taken out again."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

BLACK = 1.0  # absorption of the red channel from which print hides the ink
GOLDEN = 2.3  # blue lost this many times more than green: gold print, not red ink
FAINT = 0.05  # ink below this is paper, JPEG colour noise, a shadow's cast


def absorption(picture: Array, wide: float = 0.06) -> Array:
    """-log of the light each channel lost against the paper around it: light, shadow and cast fall out."""
    height, width = picture.shape[:2]
    return np.asarray(-np.log(np.clip(picture.astype(np.float32), 4, 255) / paper(picture, max(9, int(max(height, width) * wide)))))


def paper(picture: Array, reach: int) -> Array:
    """The brightest that is near, smoothed: what the paper would look like without anything on it."""
    height, width = picture.shape[:2]
    scale = min(1.0, 240 / max(height, width))
    small = cv2.resize(picture, (max(1, round(width * scale)), max(1, round(height * scale))), interpolation=cv2.INTER_AREA)
    size = max(3, int(reach * scale)) | 1
    bright = cv2.dilate(cv2.medianBlur(small, 3), np.ones((size, size), np.uint8))
    smooth = cv2.GaussianBlur(bright.astype(np.float32), (0, 0), size / 2)
    return np.asarray(np.maximum(cv2.resize(smooth, (width, height), interpolation=cv2.INTER_LINEAR), 8.0))


def red(absorbed: Array) -> Array:
    """How much red ink: what green and blue lost more than red did (pictures are BGR). Gold loses blue only, print all three."""
    blue, green, crimson = absorbed[..., 0], absorbed[..., 1], absorbed[..., 2]
    golden = cv2.GaussianBlur(blue, (0, 0), 1.5) / np.maximum(cv2.GaussianBlur(green, (0, 0), 1.5), 0.05)
    return np.asarray(np.clip(np.minimum(green, blue + 0.15) - crimson, 0, 2.5) * np.clip((GOLDEN - golden) / 0.5, 0, 1))


def sharp(absorbed: Array, ink: Array, least: float = 0.22, wide: float = 0.25) -> Array:
    """The red ink in the sharpness of the light: JPEG keeps colour at half the size, so colour only says which absorption is ink.
    From `least` of it on, in full from `least + wide`."""
    green = np.clip(absorbed[..., 1], 0, 2.5)
    return np.asarray(green * np.clip((_share(absorbed, ink) - least) / wide, 0, 1))


def hidden(absorbed: Array, ink: Array) -> Array:
    """Where print lies over whatever is below: dark in every colour, and little of it red."""
    return np.asarray((absorbed[..., 2] > 0.7 * BLACK) & (_share(absorbed, ink) < 0.3))


def _share(absorbed: Array, ink: Array) -> Array:
    green = np.clip(absorbed[..., 1], 0, 2.5)
    return np.asarray(cv2.GaussianBlur(ink, (0, 0), 1.0) / (cv2.GaussianBlur(green, (0, 0), 1.0) + 0.04))


def black(absorbed: Array) -> Array:
    """Where print covers what is below."""
    return np.asarray(absorbed[..., 2] > BLACK)


def threshold(ink: Array) -> float:
    """Between paper and ink, from the picture's own inked pixels; never below what noise reaches."""
    some = ink[ink > FAINT]
    if some.size < 50:
        return 0.2
    levels = np.clip(some * 100, 0, 255).astype(np.uint8).reshape(-1, 1)
    level, _ = cv2.threshold(levels, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    return float(np.clip(level / 100 * 0.75, 0.08, 0.45))
