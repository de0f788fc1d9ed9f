"""Where round and oval seals may lie: closed patches and circles in the red ink, fitted to an ellipse and judged as a ring."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

ANGLES = 180
LEAST, MOST = 12.0, 0.56  # radius in pixels of the work picture; share of its longer side
FLATTEST = 0.5
NOISE = 0.25
SECTORS, SEEN = 18, 14  # of the rim, whose places are compared; and so many of them to say anything


@dataclass(frozen=True, slots=True)
class Ring:
    """An ellipse: `a` along `turn` (radians), `b` across; and what speaks for it as the rim of a seal."""

    x: float
    y: float
    a: float
    b: float
    turn: float
    cover: float = 0.0  # share of the rim that carries ink
    outside: float = 1.0  # ink just outside the rim, as a share of the way round
    within: float = 1.0  # ink between rim and characters
    fill: float = 1.0  # share of the inner area that is inked
    even: float = 0.0  # how evenly the inner band is inked round the centre
    strength: float = 0.0

    @property
    def radius(self) -> float:
        return math.sqrt(self.a * self.b)

    @property
    def flat(self) -> float:
        return min(self.a, self.b) / max(self.a, self.b, 1e-6)

    @property
    def score(self) -> float:
        """The higher, the likelier a seal: a closed thin rim, nothing just outside, characters and not a full disc inside."""
        return self.cover * 2.0 - self.outside * 1.2 - self.within * 0.8 - max(0.0, self.fill - 0.38) * 5.0

    def scaled(self, by: float) -> Ring:
        return replace(self, x=self.x * by, y=self.y * by, a=self.a * by, b=self.b * by)

    def box(self) -> tuple[int, int, int, int]:
        wide = math.hypot(self.a * math.cos(self.turn), self.b * math.sin(self.turn))
        high = math.hypot(self.a * math.sin(self.turn), self.b * math.cos(self.turn))
        return round(self.x - wide), round(self.y - high), round(2 * wide), round(2 * high)

    def points(self, at: Array, angles: Array) -> tuple[Array, Array]:
        """Picture coordinates of (share of the radius, angle clockwise from the top of the picture's frame)."""
        u, v = at * self.a * np.sin(angles - self.turn + 0.0), -at * self.b * np.cos(angles - self.turn + 0.0)
        cos, sin = math.cos(self.turn), math.sin(self.turn)
        return self.x + u * cos - v * sin, self.y + u * sin + v * cos


def rings(ink: Array, level: float) -> list[Ring]:
    """Every ring that may be a seal, best first, those lying on one another dropped."""
    side = max(ink.shape)
    found = []
    for start in (*_patches(ink, level, side), *_circles(ink, level, side)):
        if judged(ink, replace(start, a=start.a * 0.97, b=start.b * 0.97), level).cover < 0.12:
            continue
        laid = judged(ink, fitted(ink, start, level), level)
        if LEAST <= laid.radius <= MOST * side and laid.flat >= FLATTEST:
            found.append(laid)
    return _apart(sorted(found, key=lambda ring: -ring.score))


def _patches(ink: Array, level: float, side: int) -> Iterator[Ring]:
    """What hangs together after gaps of three widths are closed."""
    seen: set[tuple[int, int, int, int]] = set()
    for least in (level, level * 0.6, level * 1.7):
        mask = (ink > least).astype(np.uint8)
        for gap in (0.003, 0.008, 0.018):
            size = max(3, int(side * gap)) | 1
            closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)))
            count, _, stats, _ = cv2.connectedComponentsWithStats(closed)
            for left, top, width, height, area in stats[1:count]:
                if min(width, height) < 2 * LEAST or max(width, height) > 2 * MOST * side or not 0.45 < width / height < 2.2:
                    continue
                key = (left // 6, top // 6, width // 6, height // 6)
                if area < 0.06 * width * height or key in seen:
                    continue
                seen.add(key)
                yield Ring(left + width / 2, top + height / 2, width / 2, height / 2, 0.0)


def _circles(ink: Array, level: float, side: int) -> Iterator[Ring]:
    """On half the size: overlapping seals, and rims that print or a faint side broke."""
    half = cv2.resize(ink, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    grey = cv2.GaussianBlur(np.clip(half / (2 * level) * 255, 0, 255).astype(np.uint8), (0, 0), 1.0)
    if (grey > 127).mean() > NOISE:
        return
    for low, high in ((LEAST / 2, 0.025 * side), (0.022 * side, 0.06 * side), (0.055 * side, 0.25 * side)):
        circles = cv2.HoughCircles(grey, cv2.HOUGH_GRADIENT, 1.5, max(6.0, low), param1=120, param2=26, minRadius=int(low), maxRadius=int(high))
        for x, y, radius in circles[0][:14] if circles is not None else ():
            yield Ring(float(x) * 2, float(y) * 2, float(radius) * 2, float(radius) * 2, 0.0)


def polar(ink: Array, ring: Ring, low: float, high: float, steps: int, angles: int = ANGLES) -> Array:
    """Angle × radius samples in the ring's own frame."""
    round_ = np.linspace(0, 2 * math.pi, angles, endpoint=False)[:, None]
    shares = np.linspace(low, high, steps)[None]
    xs, ys = ring.points(shares, round_)
    return np.asarray(cv2.remap(ink.astype(np.float32), xs.astype(np.float32), ys.astype(np.float32), cv2.INTER_LINEAR))


def fitted(ink: Array, ring: Ring, level: float) -> Ring:
    """Twice: find the rim on each ray, near the radius that most rays agree on; lay an ellipse through the picks."""
    for low, high in ((0.72, 1.3), (0.88, 1.12)):
        steps = 60
        seen = polar(ink, ring, low, high, steps)
        near = max(1, int(0.03 * steps / (high - low)))
        wide = cv2.dilate(seen, np.ones((1, 2 * near + 1), np.uint8))
        agree = (wide > level).mean(0) + 0.02 * np.linspace(0, 1, steps)
        outer = steps - 1 - int(np.argmax(agree[::-1] >= 0.92 * agree.max()))
        window = seen[:, max(0, outer - 3 * near) : outer + 2 * near + 1]
        picks = window.argmax(1) + max(0, outer - 3 * near)
        good = window.max(1) > level
        if good.sum() < ANGLES // 4:
            return ring
        shares = (low + (high - low) * picks / (steps - 1))[good]
        angles = np.linspace(0, 2 * math.pi, ANGLES, endpoint=False)[good]
        xs, ys = ring.points(shares, angles)
        laid = _ellipse(np.stack([xs, ys], 1).astype(np.float32))
        if laid is None or not 0.6 < laid.radius / ring.radius < 1.5:
            return ring
        ring = laid
    return ring


def _ellipse(points: Array) -> Ring | None:
    """Least squares, the worst picks left out twice."""
    ring = None
    for kept in (1.0, 0.8, 0.8):
        if ring is not None:
            off = np.abs(_share(ring, points) - 1.0)
            points = points[off <= np.quantile(off, kept)]
        if len(points) < 12:
            return ring
        (x, y), (wide, high), degrees = cv2.fitEllipseDirect(points)
        if not (math.isfinite(x + y + wide + high) and min(wide, high) > 4):
            return None
        ring = Ring(x, y, wide / 2, high / 2, math.radians(degrees))
    return ring


def _share(ring: Ring, points: Array) -> Array:
    cos, sin = math.cos(ring.turn), math.sin(ring.turn)
    dx, dy = points[:, 0] - ring.x, points[:, 1] - ring.y
    return np.asarray(np.hypot((dx * cos + dy * sin) / ring.a, (-dx * sin + dy * cos) / ring.b))


def judged(ink: Array, ring: Ring, level: float) -> Ring:
    """At the level that speaks best for it: a faint seal stands beside a strong one, and noise tells itself outside the rim."""
    seen = polar(ink, ring, 0.0, 1.3, 131)
    return max((_judged(seen, ring, level * share) for share in (1.0, 0.6, 0.4)), key=lambda one: one.score)


def _judged(seen: Array, ring: Ring, level: float) -> Ring:
    on = (seen > level).astype(np.float32)
    pixel = max(1, round(100 / max(ring.radius, 1)))  # a pixel of the picture in steps of the radius
    rim = seen[:, 100 - 3 - pixel : 100 + 4 + pixel].max(1)
    outside = on[:, 108 + pixel : 122 + pixel].mean(0)
    within = on[:, 90 - pixel : 96 - pixel].min(1) if pixel < 5 else on[:, 85:90].min(1)
    weights = np.arange(5, 88)
    fill = float((on[:, 5:88] * weights).sum() / (ANGLES * weights.sum()))
    sectors = on[:, 55:88].reshape(12, ANGLES // 12, -1).mean((1, 2))
    return replace(
        ring,
        cover=float((rim > level).mean()),
        outside=float(outside.mean()),
        within=float(within.mean()),
        fill=fill,
        even=float((sectors > 0.06).mean()),
        strength=float(np.median(rim)),
    )


def wobble(ink: Array, ring: Ring, level: float) -> float:
    """How far the rim strays from its ellipse, as a share of the radius: a die is exact, a hand is not. 0 where too little of it is seen."""
    low, high, steps = 0.88, 1.12, 49
    seen = cv2.GaussianBlur(polar(ink, ring, low, high, steps), (0, 0), 0.8)
    index = np.arange(steps)
    weight = np.where((seen > level) & (np.abs(index - seen.argmax(1)[:, None]) <= 6), seen, 0)
    there = weight.sum(1) > 0
    place = (weight * index).sum(1) / np.maximum(weight.sum(1), 1e-6) * (high - low) / (steps - 1)
    parts = [place[part][there[part]] for part in np.split(np.arange(ANGLES), SECTORS)]
    middles = np.array([np.median(part) for part in parts if 2 * len(part) >= ANGLES // SECTORS])
    if len(middles) < SEEN:
        return 0.0
    usual = 1.5 * np.median(np.abs(middles - np.median(middles)))  # print over the rim pulls a few of them away
    return float(min(middles.std(), usual))


def _apart(found: Iterable[Ring]) -> list[Ring]:
    """Neighbours on one page may overlap; two fits of one seal, or a ring inside a ring, may not both stand."""
    kept: list[Ring] = []
    for ring in found:
        if all(not _one(ring, other) for other in kept):
            kept.append(ring)
    return kept


def _one(ring: Ring, other: Ring) -> bool:
    away = math.hypot(ring.x - other.x, ring.y - other.y)
    return away < 0.75 * max(ring.radius, other.radius)
