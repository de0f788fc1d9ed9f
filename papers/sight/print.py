"""Printed lines on a page, found and read: where each stands and what it says."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from papers.sight import opened
from papers.sight.reader import Reader

Array = NDArray[Any]

SIDE = 1120  # pixels: lines are found at this size and cut from the full picture
INKED, SURE = 0.3, 0.5
GROW = 1.7  # the map is shrunk against the characters
MOST = 80


@dataclass(frozen=True, slots=True)
class Place:
    """An upright rectangle turned by little: middle, length, height, turn in radians; in pixels of the full picture."""

    x: float
    y: float
    wide: float
    high: float
    turn: float

    @property
    def left(self) -> float:
        return self.x - self.wide / 2

    @property
    def right(self) -> float:
        return self.x + self.wide / 2


@dataclass(frozen=True, slots=True)
class Printed:
    place: Place
    text: str
    confidence: float


def places(picture: Array, reader: Reader) -> list[Place]:
    """Lines from top to bottom."""
    small, scale = opened.within(picture, SIDE)
    seen = reader.page_map(small)
    contours, _ = cv2.findContours((seen > INKED).astype(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    found = []
    for contour in sorted(contours, key=cv2.contourArea, reverse=True)[: 2 * MOST]:
        (x, y), (wide, high), degrees = cv2.minAreaRect(contour)
        if min(wide, high) < 3:
            continue
        left, top, width, height = cv2.boundingRect(contour)
        if float(seen[top : top + height, left : left + width].mean()) < SURE * 0.6:
            continue
        if abs(degrees) > 45:
            wide, high, degrees = high, wide, degrees - math.copysign(90, degrees)
        grow = wide * high * GROW / (2 * (wide + high))
        found.append(Place(x / scale, y / scale, (wide + 2 * grow) / scale, (high + 2 * grow) / scale, math.radians(degrees)))
    return sorted(found, key=lambda place: place.y)[:MOST]


def cut(picture: Array, place: Place) -> Array:
    """The line straight, from the full picture."""
    cos, sin = math.cos(place.turn), math.sin(place.turn)
    half = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)], np.float32) * (place.wide / 2, place.high / 2)
    corners = np.stack([place.x + half[:, 0] * cos - half[:, 1] * sin, place.y + half[:, 0] * sin + half[:, 1] * cos], 1).astype(np.float32)
    scale = min(1.0, 64 / place.high)
    width, height = max(8, round(place.wide * scale)), max(8, round(place.high * scale))
    target = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    return np.asarray(cv2.warpPerspective(picture, cv2.getPerspectiveTransform(corners, target), (width, height), borderMode=cv2.BORDER_REPLICATE))


def read(picture: Array, where: Sequence[Place], reader: Reader) -> list[Printed]:
    lines = reader.lines([cut(picture, place) for place in where])
    return [Printed(place, line.text, line.confidence) for place, line in zip(where, lines, strict=True)]


def sideways(where: Sequence[Place]) -> bool:
    """Most lines are higher than long: the page lies on its side."""
    return len(where) > 4 and sum(place.high > 1.5 * place.wide for place in where) > 0.6 * len(where)
