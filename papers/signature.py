"""A signature from the photograph of its box, or of the form it is on: the ink alone on clear ground; a blank box is refused (C-4.5.5b)."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from papers.sight import form, ink, opened

Array = NDArray[Any]

SIDE = 900  # longer side of the box; a whole page is not cut here
RED = 0.22  # red ink from which a pixel is a seal's, not the pen's
PEN = 0.75  # of Otsu's level
SPECK = 0.0008  # of the ink: smaller patches are dust
LEAST = 0.002  # of the box: less ink is no signature
SPREAD = 0.12  # of the box's width a signature must reach over
ACROSS = 0.92  # of the width a line must span to be a printed one: a long flat stroke of the pen is kept

PIECES = 60  # patches of ink: more are print, not a name
PALE, BRIGHT, PAPER = 110, 90, 0.75  # of 255: saturation below, light above, on so much of the picture
WIDE, NEAR = 0.4, 0.15  # of the longer side: how far about the paper is looked for; a form's box is wide, and shaded from end to end
EDGE = 0.08  # of the box's height: thinner, and along the edge, is the frame
CAPTION, LOW = 0.72, 0.2  # of the box's height: what begins below and is no taller is the printed line under the signature

BLANK = "还没看到签名，请在框里写上姓名再拍一张。"
FULL = "只拍签名的框，请靠近再拍一张。"


class NoSignature(Exception):
    """框里没有签名。 Without words: it is no paper, and nothing is to be said of it."""


def of_form(data: bytes) -> bytes:
    """From the box of a form of ours; a picture of something else is taken for the box alone. Raises as `clean` does."""
    whole = opened.picture(data)
    box = form.signature_box(whole)
    if box is None and not _papery(whole):
        raise NoSignature("")
    return _cut(whole if box is None else box, on_form=box is not None)


def clean(data: bytes) -> bytes:
    """A PNG with only the strokes, cut to them. Raises opened.Unopened or NoSignature with the sentence to say; the caller keeps the original."""
    return _cut(opened.picture(data))


def signed(picture: Array) -> bool | None:
    """Whether the form of ours in the picture is signed; None when it shows none."""
    box = form.signature_box(picture)
    if box is None:
        return None
    try:
        return bool(_cut(box, on_form=True))
    except NoSignature:
        return False


def _cut(whole: Array, *, on_form: bool = False) -> bytes:
    picture, _ = opened.within(whole, SIDE)
    strokes = inked(picture, NEAR if on_form else WIDE)
    if on_form:
        strokes = _written(strokes)
    elif cv2.connectedComponents((strokes > 0.5).astype(np.uint8))[0] > PIECES:
        raise NoSignature(FULL)
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


def inked(picture: Array, paper: float = WIDE) -> Array:
    """0 to 1: how much pen each pixel carries; shading, red ink, printed rules that span the whole box and dust taken out."""
    absorbed = ink.absorption(picture, paper)
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


def _papery(picture: Array) -> bool:
    """White, or the pink and yellow of carbon copies, nearly all over."""
    small, _ = opened.within(picture, 300)
    hsv = cv2.cvtColor(small, cv2.COLOR_BGR2HSV)
    return float(((hsv[..., 1] < PALE) & (hsv[..., 2] > BRIGHT)).mean()) > PAPER


def _written(strokes: Array) -> Array:
    """Name and time are printed in the lowest quarter of the box, the frame runs along its edge; a stroke that only reaches there stays."""
    height, width = strokes.shape
    count, labels, stats, _ = cv2.connectedComponentsWithStats((strokes > 0.2).astype(np.uint8))
    kept = np.ones(count, np.float32)
    left, top, wide, high = (stats[1:, column] for column in range(4))
    caption = (top > CAPTION * height) & (high < LOW * height)
    frame = (high < EDGE * height) & ((top < EDGE * height) | (top + high > (1 - EDGE) * height))
    frame |= (wide < EDGE * height) & ((left < EDGE * height) | (left + wide > width - EDGE * height))
    kept[1:] = ~(caption | frame)
    return np.asarray(strokes * kept[labels])


def _undusted(mask: Array) -> Array:
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    least = max(6, int(SPECK * mask.sum()))
    kept = np.zeros(count, np.uint8)
    kept[1:] = stats[1:, 4] >= least
    return np.asarray(kept[labels])
