"""The page's four corners when it lies on a visible background, and the page laid flat; a page that fills the picture has none (A-4.4.1)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from papers.sight.verdict import Point

Array = NDArray[Any]
Quad = tuple[Point, Point, Point, Point]

SIDE = 600
LEAST = 0.18  # of the picture
CONTRAST = 14.0  # Lab units across the page's border
SKEW = 35.0


def quad(small: Array) -> Quad | None:
    """Corners in pixels of the picture given, clockwise from the upper left; None when no border is sure."""
    lab = cv2.cvtColor(cv2.GaussianBlur(small, (5, 5), 0), cv2.COLOR_BGR2LAB).astype(np.float32)
    best: tuple[float, Array] | None = None
    for corners in _outlines(small, lab):
        told = _told(corners, lab)
        if told and (best is None or told > best[0]):
            best = told, corners
    if best is None:
        return None
    points = [(float(x), float(y)) for x, y in _ordered(best[1])]
    return points[0], points[1], points[2], points[3]


def flat(picture: Array, corners: Quad, longest: int = 2000) -> Array:
    """The page upright and rectangular."""
    source = np.array(corners, np.float32)
    wide = max(math.dist(corners[0], corners[1]), math.dist(corners[3], corners[2]))
    high = max(math.dist(corners[0], corners[3]), math.dist(corners[1], corners[2]))
    scale = min(1.0, longest / max(wide, high))
    width, height = max(1, round(wide * scale)), max(1, round(high * scale))
    target = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    return np.asarray(cv2.warpPerspective(picture, cv2.getPerspectiveTransform(source, target), (width, height), flags=cv2.INTER_AREA))


def _outlines(small: Array, lab: Array) -> Iterator[Array]:
    height, width = small.shape[:2]
    area = height * width
    hsv = cv2.cvtColor(small, cv2.COLOR_BGR2HSV)
    channels = [lab[..., 0], 255 - hsv[..., 1], small[..., 0], small[..., 2]]
    masks = []
    for channel in channels:
        _, mask = cv2.threshold(channel.astype(np.uint8), 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
        masks.append(mask)
    edges = cv2.Canny(lab[..., 0].astype(np.uint8), 40, 120)
    masks.append(255 - cv2.dilate(edges, np.ones((5, 5), np.uint8)))
    for mask in masks:
        closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8))
        opened = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((15, 15), np.uint8))
        contours, _ = cv2.findContours(opened, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        for contour in sorted(contours, key=cv2.contourArea, reverse=True)[:2]:
            hull = cv2.convexHull(contour)
            if cv2.contourArea(hull) < LEAST * area or cv2.contourArea(contour) < 0.75 * cv2.contourArea(hull):
                continue
            corners = _four(hull)
            if corners is not None and cv2.contourArea(corners) > 0.9 * cv2.contourArea(hull):
                yield corners


def _four(hull: Array) -> Array | None:
    """The hull with fewest corners first cut, until four are left."""
    around = cv2.arcLength(hull, True)
    for share in (0.01, 0.02, 0.03, 0.04, 0.06, 0.08):
        cut = cv2.approxPolyDP(hull, share * around, True)
        if len(cut) == 4:
            return np.asarray(cut.reshape(4, 2), np.float32)
        if len(cut) < 4:
            return None
    return None


def _told(corners: Array, lab: Array) -> float:
    """0 when it is no page: skewed angles, or a side without contrast (so is one that is the picture's edge); else the weakest side's."""
    height, width = lab.shape[:2]
    ordered = _ordered(corners)
    if any(abs(angle - 90) > SKEW for angle in _angles(ordered)):
        return 0.0
    middle = ordered.mean(0)
    contrasts = []
    for first, second in pairwise([*ordered, ordered[0]]):
        steps = np.linspace(0.08, 0.92, 40)[:, None]
        along = first + (second - first) * steps
        inward = middle - (first + second) / 2
        inward = inward / max(float(np.hypot(*inward)), 1e-6)
        away = max(4.0, 0.012 * max(height, width))
        contrasts.append(float(np.median(np.linalg.norm(_at(lab, along + inward * away) - _at(lab, along - inward * away), axis=1))))
    return min(contrasts) if min(contrasts) >= CONTRAST else 0.0


def _at(lab: Array, points: Array) -> Array:
    xs = np.clip(points[:, 0].round().astype(int), 0, lab.shape[1] - 1)
    ys = np.clip(points[:, 1].round().astype(int), 0, lab.shape[0] - 1)
    return np.asarray(lab[ys, xs])


def _angles(corners: Array) -> list[float]:
    found = []
    for index in range(4):
        a, b = corners[index - 1] - corners[index], corners[(index + 1) % 4] - corners[index]
        cosine = float(a @ b) / max(float(np.linalg.norm(a) * np.linalg.norm(b)), 1e-6)
        found.append(math.degrees(math.acos(max(-1.0, min(1.0, cosine)))))
    return found


def _ordered(corners: Array) -> Array:
    middle = corners.mean(0)
    round_ = sorted(corners.tolist(), key=lambda point: math.atan2(point[1] - middle[1], point[0] - middle[0]))
    first = min(range(4), key=lambda index: sum(round_[index]))
    return np.array(round_[first:] + round_[:first], np.float32)
