"""A signature from the photograph of its box: the ink alone, black on clear ground; a blank box is refused (C-4.5.5b)."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from papers.sight import ink, opened

Array = NDArray[Any]

SIDE = 900  # longer side of the box; a whole page is not cut here
RED = 0.22  # red ink from which a pixel is a seal's, not the pen's
PEN = 0.75  # of Otsu's level
SPECK = 0.0008  # of the ink: smaller patches are dust
LEAST = 0.002  # of the box: less ink is no signature
SPREAD = 0.12  # of the box's width a signature must reach over
ACROSS = 0.92  # of the width a line must span to be a printed one: a long flat stroke of the pen is kept

BLANK = "还没看到签名，请在框里写上姓名再拍一张。"
FULL = "只拍签名的框，请靠近再拍一张。"


class NoSignature(Exception):
    """框里没有签名。"""


def clean(data: bytes) -> bytes:
    """A PNG with only the strokes, cut to them. Raises opened.Unopened or NoSignature with the sentence to say; the caller keeps the original."""
    picture, _ = opened.within(opened.picture(data), SIDE)
    strokes = inked(picture)
    share = float((strokes > 0.5).mean())
    ys, xs = np.nonzero(strokes > 0.5)
    if share < LEAST or not xs.size or (xs.max() - xs.min()) < SPREAD * picture.shape[1]:
        raise NoSignature(BLANK)
    if share > 0.35:
        raise NoSignature(FULL)
    top, bottom, left, right = max(0, ys.min() - 6), ys.max() + 7, max(0, xs.min() - 6), xs.max() + 7
    part = strokes[top:bottom, left:right]
    shown = np.zeros((*part.shape, 4), np.uint8)
    shown[..., :3] = (40, 24, 16)  # blue-black
    shown[..., 3] = np.clip(part * 255, 0, 255).astype(np.uint8)
    _, png = cv2.imencode(".png", shown, [cv2.IMWRITE_PNG_COMPRESSION, 9])
    return bytes(png)


def inked(picture: Array) -> Array:
    """0 to 1: how much pen each pixel carries; shading, red ink, printed rules that span the whole box and dust taken out."""
    absorbed = ink.absorption(picture, 0.4)
    dark = np.clip(absorbed.min(2), 0, 2.0)
    dark[cv2.GaussianBlur(ink.red(absorbed), (0, 0), 1.2) > RED] = 0
    levels = np.clip(dark * 127, 0, 255).astype(np.uint8)
    level, _ = cv2.threshold(levels, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    threshold = max(level / 127 * PEN, 0.18)
    mask = (dark > threshold).astype(np.uint8)
    mask[_rules(mask) > 0] = 0
    mask = _undusted(mask)
    soft = np.clip((dark - 0.5 * threshold) / threshold, 0, 1)
    return np.asarray(soft * cv2.dilate(mask, np.ones((3, 3), np.uint8)))


def _rules(mask: Array) -> Array:
    """Lines of the form: only what runs straight from side to side, or is the frame at the edge."""
    height, width = mask.shape
    found = np.zeros_like(mask)
    for kernel, axis, span in (((1, max(15, width // 8)), 1, width), ((max(15, height // 4), 1), 0, height)):
        runs = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones(kernel, np.uint8))
        joined = cv2.dilate(runs, np.ones((3, 25) if axis == 1 else (25, 3), np.uint8))
        count, labels, stats, _ = cv2.connectedComponentsWithStats(joined)
        for index in range(1, count):
            long = int(stats[index][2 if axis == 1 else 3])
            thick = int(stats[index][3 if axis == 1 else 2])
            if long >= ACROSS * span and thick < 0.12 * (height if axis == 1 else width):
                found[(labels == index) & (runs > 0)] = 1
    return cv2.dilate(found, np.ones((3, 3), np.uint8))


def _undusted(mask: Array) -> Array:
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    least = max(6, int(SPECK * mask.sum()))
    kept = np.zeros(count, np.uint8)
    kept[1:] = stats[1:, 4] >= least
    return np.asarray(kept[labels])
