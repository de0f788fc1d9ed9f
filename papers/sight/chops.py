"""Square and oblong seals in the red ink: a closed straight frame with characters in it (个人名章, 验照章)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from papers.sight.rings import Ring

Array = NDArray[Any]

LEAST, MOST = 20, 0.35  # short side in pixels of the work picture; long side as a share of it
FRAMED, WEAKEST = 0.84, 0.55  # share of the frame that carries ink; of its weakest side
FILLED = (0.12, 0.78)
RED = 0.35


@dataclass(frozen=True, slots=True)
class Chop:
    """Its middle, sides and turn (radians) in pixels of the picture, and how closed the frame is."""

    x: float
    y: float
    wide: float
    high: float
    turn: float
    frame: float

    def scaled(self, by: float) -> Chop:
        return Chop(self.x * by, self.y * by, self.wide * by, self.high * by, self.turn, self.frame)

    def corners(self) -> Array:
        return np.asarray(cv2.boxPoints(((self.x, self.y), (self.wide, self.high), math.degrees(self.turn))))

    def box(self) -> tuple[int, int, int, int]:
        left, top, width, height = cv2.boundingRect(self.corners().astype(np.float32))
        return int(left), int(top), int(width), int(height)


def chops(ink: Array, share: Array, level: float, rings: list[Ring]) -> list[Chop]:
    """Those that are no part of a round seal. `share` is how much of what the paper lost is red: a black code is framed and square too."""
    found: list[Chop] = []
    side = max(ink.shape)
    for least in (level, level * 0.6, level * 0.4):
        mask = (ink > least).astype(np.uint8)
        for gap in (3, 7):
            closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((gap, gap), np.uint8))
            contours, _ = cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
            for contour in contours:
                if len(contour) < 4 or not min(cv2.minAreaRect(contour)[1]) > LEAST or max(cv2.minAreaRect(contour)[1]) > MOST * side:
                    continue
                chop = _judged(mask, share, contour)
                if (
                    chop is not None
                    and not any(_inside(chop, ring) for ring in rings)
                    and all(math.hypot(chop.x - o.x, chop.y - o.y) > o.high / 2 for o in found)
                ):
                    found.append(chop)
    return found


def _judged(mask: Array, share: Array, contour: Array) -> Chop | None:
    (x, y), (wide, high), degrees = cv2.minAreaRect(contour)
    if not 0.3 < wide / high < 3.4 or cv2.contourArea(cv2.convexHull(contour)) < 0.88 * wide * high:
        return None
    sides = _framed(mask, x, y, wide, high, degrees)
    frame = sum(sides) / 4
    inner = _inner(mask, x, y, wide * 0.8, high * 0.8, degrees)
    if frame < FRAMED or min(sides) < WEAKEST or not FILLED[0] < inner < FILLED[1]:
        return None
    left, top, width, height = cv2.boundingRect(contour)
    part = (slice(top, top + height), slice(left, left + width))
    if float(np.median(share[part][mask[part] > 0])) < RED:
        return None
    return Chop(x, y, wide, high, math.radians(degrees), frame)


def _framed(mask: Array, x: float, y: float, wide: float, high: float, degrees: float) -> list[float]:
    """Of each side the share along which the frame carries ink."""
    corners = cv2.boxPoints(((x, y), (wide, high), degrees))
    thick = max(1, int(0.05 * min(wide, high)))
    near = cv2.dilate(mask, np.ones((2 * thick + 1, 2 * thick + 1), np.uint8))
    shares = []
    for index in range(4):
        along = corners[index] + (corners[(index + 1) % 4] - corners[index]) * np.linspace(0.05, 0.95, 40)[:, None]
        xs = np.clip(along[:, 0].round().astype(int), 0, mask.shape[1] - 1)
        ys = np.clip(along[:, 1].round().astype(int), 0, mask.shape[0] - 1)
        shares.append(float(near[ys, xs].mean()))
    return shares


def _inner(mask: Array, x: float, y: float, wide: float, high: float, degrees: float) -> float:
    corners = cv2.boxPoints(((x, y), (wide, high), degrees)).astype(np.float32)
    target = np.array([(0, 40), (0, 0), (40, 0), (40, 40)], np.float32)
    return float(cv2.warpPerspective(mask, cv2.getPerspectiveTransform(corners, target), (40, 40)).mean())


def _inside(chop: Chop, ring: Ring) -> bool:
    return math.hypot(chop.x - ring.x, chop.y - ring.y) < 0.9 * ring.radius
