"""The signature box on a photographed form of ours: the last row of its table, behind a narrow labelled cell (papers/layouts/base.typ; C-4.5.5b)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from papers.sight import opened, page

Array = NDArray[Any]

SIDE = 2000  # of the page, laid flat
AROUND, DARKER = 31, 8  # a rule is darker than the paper about it, however the light falls
LONG = 0.6  # of the width: what runs so far is a rule of the table
TABLE, LABEL = 176.0, 22.0  # millimetres: the width of the table, of the labelled cell
HIGH = (22.0, 36.0)  # millimetres between the rules above and below a signature
OFF = 0.03  # of the width, by which the label's edge may be off


def signature_box(picture: Array) -> Array | None:
    """The box alone; None when the picture shows no such form."""
    small, scale = opened.within(picture, page.SIDE)
    corners = page.quad(small)
    flat = _page(picture, corners, scale) if corners is not None else picture
    flat, _ = opened.within(flat, SIDE)
    grey = cv2.GaussianBlur(cv2.cvtColor(flat, cv2.COLOR_BGR2GRAY), (3, 3), 0)
    mask = cv2.adaptiveThreshold(grey, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, AROUND, DARKER)
    for above, below in reversed([*pairwise(_rules(mask))]):
        millimetre = (above.right - above.left) / TABLE
        edge = above.left + round(LABEL * millimetre)
        apart = (above.at(edge) + 2, below.at(edge) - 2)
        if HIGH[0] * millimetre <= below.middle - above.middle <= HIGH[1] * millimetre and _labelled(mask, apart, edge, round(OFF * mask.shape[1])):
            return _upright(flat, above, below, edge, millimetre)
    return None


@dataclass(frozen=True)
class Rule:
    """A line of the table: where it begins and ends, and how it leans."""

    left: int
    right: int
    middle: float
    lean: float

    def at(self, x: float) -> int:
        return round(self.middle + self.lean * (x - (self.left + self.right) / 2))


def _upright(flat: Array, above: Rule, below: Rule, edge: int, millimetre: float) -> Array:
    """Between the rules, whichever way they lean."""
    left, right = edge + millimetre, above.right - 1.5 * millimetre
    wide, high = round(right - left), round(below.middle - above.middle - millimetre)
    inset = 0.5 * millimetre
    corners = [(left, above.at(left) + inset), (right, above.at(right) + inset), (right, below.at(right) - inset), (left, below.at(left) - inset)]
    target = np.array([(0, 0), (wide, 0), (wide, high), (0, high)], np.float32)
    matrix = cv2.getPerspectiveTransform(np.array(corners, np.float32), target)
    return np.asarray(cv2.warpPerspective(flat, matrix, (wide, high), flags=cv2.INTER_AREA))


def _page(picture: Array, corners: page.Quad, scale: float) -> Array:
    a, b, c, d = ((x / scale, y / scale) for x, y in corners)
    return page.flat(picture, (a, b, c, d), SIDE)


def _rules(mask: Array) -> list[Rule]:
    """The table's horizontal rules from above. One that leans a little, or was rubbed away here and there, is one all the same."""
    width = mask.shape[1]
    runs = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((1, max(15, width // 24)), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(cv2.dilate(runs, np.ones((3, 15), np.uint8)))
    found = []
    for number in range(1, count):
        if stats[number][2] >= LONG * width:
            ys, xs = np.nonzero(labels == number)
            lean, start = np.polyfit(xs, ys, 1)
            left, right = int(xs.min()), int(xs.max())
            found.append(Rule(left, right, float(start + lean * (left + right) / 2), float(lean)))
    rules: list[Rule] = []
    for one in sorted(found, key=lambda rule: rule.middle):
        if not rules or one.middle - rules[-1].middle > 6:
            rules.append(one)
    return rules


def _labelled(mask: Array, apart: tuple[int, int], edge: int, off: int) -> bool:
    """A vertical rule, or the edge of the grey cell, where the label ends."""
    part = mask[slice(*apart), max(0, edge - off) : edge + off]
    return part.size > 0 and float(cv2.dilate(part, np.ones((1, 5), np.uint8)).mean(0).max()) > 0.8
