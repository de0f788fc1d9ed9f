"""A signature as it was drawn with a finger: read, blank or a dot refused, drawn clean on clear ground (C-4.5.5b)."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from PIL import Image, ImageDraw

MOST_LINES, MOST_POINTS = 400, 12_000
WIDEST = 6000.0
PEN = (16, 24, 40)  # blue-black, as papers/signature.py leaves photographed ink
MOVED = 0.05  # of the pad's shorter side: what the pen must travel in all to be more than a dot
HELD = 600  # milliseconds a finger rests in one place to be a finger mark (画押)
BOX, MARGIN, TIMES = (600, 260), 14, 2
NIB = 5.0
Point = tuple[float, float, int]


class Unreadable(ValueError):
    """These are no strokes of a pad."""


@dataclass(frozen=True, slots=True)
class Strokes:
    """Lines of points (x, y, milliseconds) on a pad of that size."""

    width: float
    height: float
    lines: tuple[tuple[Point, ...], ...]

    def plain(self) -> dict[str, Any]:
        """As it is kept."""
        return {"w": self.width, "h": self.height, "lines": [[list(point) for point in line] for line in self.lines]}


def read(value: Any) -> Strokes:
    """What a page sent; raises Unreadable."""
    if not isinstance(value, dict) or not isinstance(value.get("lines"), list) or len(value["lines"]) > MOST_LINES:
        raise Unreadable
    width, height = _size(value.get("w")), _size(value.get("h"))
    lines = tuple(tuple(_points(line, width, height)) for line in value["lines"])
    if sum(len(line) for line in lines) > MOST_POINTS:
        raise Unreadable
    return Strokes(width, height, tuple(line for line in lines if line))


def is_blank(strokes: Strokes) -> bool:
    """Nothing, or taps without a movement. A short stroke, a cross and a finger that rested on the pad are signatures."""
    moved = sum(_length(line) for line in strokes.lines)
    rested = max((line[-1][2] - line[0][2] for line in strokes.lines), default=0)
    return moved < MOVED * min(strokes.width, strokes.height) and rested < HELD


def png(strokes: Strokes) -> bytes:
    """Cut to what was drawn, at most 600 × 260."""
    left, top, scale, size = _fitted(strokes)
    image = Image.new("L", (size[0] * TIMES, size[1] * TIMES), 0)
    pen = ImageDraw.Draw(image)
    for line in strokes.lines:
        placed = [(((x - left) * scale + MARGIN) * TIMES, ((y - top) * scale + MARGIN) * TIMES, t) for x, y, t in line]
        _draw(pen, placed, NIB * TIMES)
    ink = Image.new("RGBA", size, (*PEN, 0))
    ink.putalpha(image.resize(size, Image.Resampling.BOX))
    out = io.BytesIO()
    ink.save(out, "PNG")
    return out.getvalue()


def _draw(pen: ImageDraw.ImageDraw, line: Sequence[Point], nib: float) -> None:
    """Rounder where the finger went slowly, a blot where it rested."""
    blot = nib * (2.2 if len(line) < 3 or (line[-1][2] - line[0][2] > HELD and _length(line) < 4 * nib) else 0.5)
    _dot(pen, line[0], blot)
    width = nib
    for before, after in pairwise(line):
        far, took = math.dist(before[:2], after[:2]), max(1, after[2] - before[2])
        wanted = nib * max(0.55, min(1.15, 1.25 - far / took / 12))
        width += (wanted - width) * 0.3
        pen.line((before[:2], after[:2]), fill=255, width=max(2, round(width)))
        _dot(pen, after, width / 2)


def _dot(pen: ImageDraw.ImageDraw, at: Point, radius: float) -> None:
    pen.ellipse((at[0] - radius, at[1] - radius, at[0] + radius, at[1] + radius), fill=255)


def _fitted(strokes: Strokes) -> tuple[float, float, float, tuple[int, int]]:
    """Left and top of the ink, the scale, and the picture's size."""
    xs = [x for line in strokes.lines for x, _, _ in line] or [0.0]
    ys = [y for line in strokes.lines for _, y, _ in line] or [0.0]
    wide, high = max(max(xs) - min(xs), 1.0), max(max(ys) - min(ys), 1.0)
    scale = min((BOX[0] - 2 * MARGIN) / wide, (BOX[1] - 2 * MARGIN) / high, 2.0)
    return min(xs), min(ys), scale, (math.ceil(wide * scale) + 2 * MARGIN, math.ceil(high * scale) + 2 * MARGIN)


def _length(line: Sequence[Point]) -> float:
    return sum(math.dist(before[:2], after[:2]) for before, after in pairwise(line))


def _size(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 20 <= value <= WIDEST:
        raise Unreadable
    return float(value)


def _points(line: Any, width: float, height: float) -> Iterator[Point]:
    """Rounded to a tenth of a pixel and kept on the pad."""
    if not isinstance(line, list):
        raise Unreadable
    for point in line:
        if not isinstance(point, list) or len(point) != 3 or not all(_is_number(each) for each in point):
            raise Unreadable
        x, y, at = point
        yield round(min(max(float(x), 0.0), width), 1), round(min(max(float(y), 0.0), height), 1), round(at)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15 and value == value
