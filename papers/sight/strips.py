"""The words round a seal's rim laid straight: the impression cut out, red separated from print, unrolled into strips a recogniser can read."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from papers.sight import ink
from papers.sight.rings import Ring, fitted, judged, polar

Array = NDArray[Any]

AROUND = 1.3  # of the seal's size is cut out
LARGEST = 720  # side of the cut in pixels; beyond it nothing more can be read
TALL = 48
SIDE = 480  # of the upright picture of a seal
FRAME = 0.42
POINTED, STARRED = 1.6, 2.0  # from which a fivefold middle is taken for a star; surely is one
OVAL = 0.82  # flatter than this is an oval die, not a round one seen from the side


@dataclass(frozen=True, slots=True)
class Cut:
    """One seal by itself: picture, red ink (0 to 1), where print covers it, and its rim in the cut's own pixels."""

    picture: Array
    ink: Array  # in the softness of the colour: print falls out best
    fine: Array  # in the sharpness of the light: small seals read best
    open: Array  # the same, but thin strokes whose colour JPEG has spread are let through too
    soft: Array
    light: Array  # what the green light lost, print and all
    covered: Array
    hidden: Array  # where print lies over whatever is below, its edges too
    ring: Ring
    scale: float  # pixels of the cut to a pixel of the picture


def cut(picture: Array, ring: Ring) -> Cut:
    """From the full picture, so that nothing of the characters is lost to the work size."""
    _, _, wide, high = ring.box()
    reach = AROUND * max(wide, high) / 2
    x0, y0 = max(0, int(ring.x - reach)), max(0, int(ring.y - reach))
    x1, y1 = min(picture.shape[1], int(ring.x + reach) + 1), min(picture.shape[0], int(ring.y + reach) + 1)
    part = picture[y0:y1, x0:x1]
    scale = min(LARGEST / max(part.shape[:2]), 3.0)
    scale = min(scale, 1.0) if max(part.shape[:2]) > 400 else min(scale, 400 / max(part.shape[:2]))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    sized = np.asarray(cv2.resize(part, None, fx=scale, fy=scale, interpolation=how))
    absorbed = ink.absorption(sized, 0.5)
    red = ink.red(absorbed)
    moved = Ring((ring.x - x0) * scale, (ring.y - y0) * scale, ring.a * scale, ring.b * scale, ring.turn)
    level = max(0.06, ring.strength * 0.35)
    refined = judged(red, fitted(red, moved, level), level)
    if abs(refined.radius / moved.radius - 1) > 0.12 or math.hypot(refined.x - moved.x, refined.y - moved.y) > 0.12 * moved.radius:
        refined = judged(red, moved, level)
    inked = red > level
    return Cut(
        sized,
        _full(red, inked),
        _full(ink.sharp(absorbed, red), inked),
        _full(ink.sharp(absorbed, red, 0.03, 0.15), inked),
        _full(ink.sharp(absorbed, red, 0.08, 0.2), inked),
        _full(np.clip(absorbed[..., 1], 0, 3), inked),
        ink.black(absorbed),
        ink.hidden(absorbed, red),
        refined,
        scale,
    )


def _full(red: Array, inked: Array) -> Array:
    full = float(np.quantile(red[inked], 0.8)) if inked.any() else 0.3
    return np.asarray(np.clip(red / max(full, 0.05), 0, 1))


def grey(one: Cut, how: str) -> Array:
    """What is unrolled: `red` ink alone on white, `even` the same with faint sides lifted, `filled` with print bridged from around;
    `fine` ink in the sharpness of the light, `keen` that lifted; `open` and `bridged` let thinner strokes through, `raised` lifts them;
    `light` the green light stretched."""
    shown = {"light": one.light, "fine": one.fine, "keen": one.fine, "open": one.open, "bridged": one.soft, "raised": one.soft}.get(how, one.ink)
    if how in ("even", "keen", "raised"):
        shown = lifted(shown, one.ring.radius)
    white = np.asarray((255 * (1 - shown)).astype(np.uint8))
    over = {"filled": one.covered, "bridged": one.hidden}.get(how)
    if over is None:
        return white
    return np.asarray(cv2.inpaint(white, cv2.dilate(over.astype(np.uint8), np.ones((3, 3), np.uint8)), 3, cv2.INPAINT_TELEA))


def lifted(ink_: Array, radius: float) -> Array:
    """Ink against the strongest ink around it: a side that was pressed less reads like the rest."""
    size = max(5, int(radius * 0.22)) | 1
    strong = cv2.GaussianBlur(cv2.dilate(cv2.GaussianBlur(ink_, (0, 0), 1.0), np.ones((size, size), np.uint8)), (0, 0), size / 3)
    return np.asarray(np.clip(ink_ / np.maximum(strong * 0.85, 0.18), 0, 1))


def ups(one: Cut) -> list[float]:
    """Which way is up, likeliest first: the words lie evenly to both sides of it, nothing lies opposite, and a star points to it."""
    seen = polar(lifted(one.ink, one.ring.radius), one.ring, 0.10, 0.82, 73, 360)
    words = cv2.GaussianBlur(np.concatenate([(seen[:, 54:] > 0.4).mean(1)] * 3)[None], (0, 0), 3.0)[0][360:720]
    angles = np.radians(np.arange(360))
    offset = float(np.angle((np.minimum(words, 0.4) * np.exp(1j * angles)).sum()))
    if one.ring.flat < OVAL:
        across = one.ring.turn + (0.0 if one.ring.b < one.ring.a else math.pi / 2)
        return sorted((across, across + math.pi), key=lambda up: -math.cos(up - offset))
    pointed, tip = _star(seen)
    tried = [tip + k * 2 * math.pi / 5 for k in range(5)] if pointed > POINTED else [math.radians(k) for k in range(0, 360, 5)]
    ranked = sorted(tried, key=lambda up: _lopsided(words, up) - 0.25 * math.cos(up - offset))
    second = next((up for up in ranked if math.cos(up - ranked[0]) < 0.6), None)
    return [ranked[0]] if second is None else [ranked[0], second]


def starred(one: Cut) -> bool:
    """Whether there is a star, so that the top is one of five."""
    return one.ring.flat >= OVAL and _star(polar(lifted(one.ink, one.ring.radius), one.ring, 0.10, 0.82, 73, 360))[0] > STARRED


def _star(seen: Array) -> tuple[float, float]:
    """How much five tips stand out, and where one of them points."""
    star = seen[:, 8:24].mean(1)
    waves = np.fft.rfft(star - star.mean())
    return abs(waves[5]) / max(abs(waves[3]), abs(waves[4]), abs(waves[6]), abs(waves[7]), 1e-6), -float(np.angle(waves[5])) / 5


def _lopsided(words: Array, up: float) -> float:
    """Ink opposite of `up`, and the difference between both sides of it."""
    at = round(math.degrees(up)) % 360
    from_up = np.roll(words, -at)
    bottom = from_up[152:209].mean()
    left, right = from_up[:180] > 0.06, from_up[:0:-1][:180] > 0.06
    middle = from_up[np.r_[0:60, 300:360]].mean()
    return float(bottom * 3 + np.logical_xor(left[:179], right[:179]).mean() * 0.5 - middle)


def unrolled(image: Array, ring: Ring, start: float, sweep: float, band: tuple[float, float], stretch: float = 1.0) -> Array:
    """From `start` clockwise over `sweep`; the outer side on top. Round dice by shares of the radius, ovals by depth along the normal."""
    outer, inner = band
    radius = ring.radius if ring.flat >= OVAL else min(ring.a, ring.b) * 1.25
    length = sweep * radius * (outer + inner) / 2
    wide = int(np.clip(length * TALL / (radius * (outer - inner)) * stretch, 64, 1600))
    part = np.linspace(0, 1, wide, endpoint=False)[None]
    shares = np.linspace(outer, inner, TALL)[:, None]
    xs, ys = along(ring, start, sweep, part[0], shares) if ring.flat < OVAL else ring.points(shares, start + sweep * part)
    return sampled(image, xs, ys)


def sampled(image: Array, xs: Array, ys: Array) -> Array:
    maps = xs.astype(np.float32), ys.astype(np.float32)
    return np.asarray(cv2.remap(image, *maps, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=(255, 255, 255)))


def along(ring: Ring, start: float, sweep: float, part: Array, shares: Array) -> tuple[Array, Array]:
    """Even steps of length along the oval, and depth measured from the rim in shares of the shorter radius."""
    fine = np.linspace(start - ring.turn, start - ring.turn + sweep, 721)
    length = np.concatenate([[0], np.cumsum(np.hypot(np.diff(ring.a * np.sin(fine)), np.diff(ring.b * np.cos(fine))))])
    t = np.interp(part * length[-1], length, fine)
    nu, nv = np.sin(t) / ring.a, -np.cos(t) / ring.b
    norm = np.hypot(nu, nv)
    depth = (1 - shares) * min(ring.a, ring.b)
    x, y = ring.a * np.sin(t)[None] - depth * (nu / norm)[None], -ring.b * np.cos(t)[None] - depth * (nv / norm)[None]
    cos, sin = math.cos(ring.turn), math.sin(ring.turn)
    return ring.x + x * cos - y * sin, ring.y + x * sin + y * cos


def turned(image: Array, ring: Ring, up: float, side: int = SIDE) -> Array:
    """The seal as a circle of 0.42 of the side, with `up` (an angle of the picture) at the top; an oval keeps its shape."""
    grid = (np.arange(side) - side / 2) / (side * FRAME)
    x, y = np.meshgrid(grid, grid)
    if ring.flat < OVAL:
        cos, sin, big = math.cos(up), math.sin(up), max(ring.a, ring.b)
        return sampled(image, ring.x + big * (x * cos - y * sin), ring.y + big * (x * sin + y * cos))
    return sampled(image, *ring.points(np.hypot(x, y), np.arctan2(x, -y) + up))


def framed(ring: Ring, up: float, side: int = SIDE) -> Ring:
    """The rim as it lies in the turned picture."""
    reach = side * FRAME
    if ring.flat >= OVAL:
        return Ring(side / 2, side / 2, reach, reach, 0.0)
    big = max(ring.a, ring.b)
    return Ring(side / 2, side / 2, ring.a / big * reach, ring.b / big * reach, ring.turn - up)


def blanked(image: Array, ring: Ring, up: float, box: tuple[float, float, float, float]) -> Array:
    """A copy with the box (left, right, top, bottom in radii of the upright seal) made paper."""
    left, right, top, bottom = box
    x, y = np.array([left, right, right, left]), np.array([top, top, bottom, bottom])
    if ring.flat < OVAL:
        cos, sin, big = math.cos(up), math.sin(up), max(ring.a, ring.b)
        xs, ys = ring.x + big * (x * cos - y * sin), ring.y + big * (x * sin + y * cos)
    else:
        xs, ys = ring.points(np.hypot(x, y), np.arctan2(x, -y) + up)
    clear = image.copy()
    cv2.fillPoly(clear, [np.stack([xs, ys], 1).round().astype(np.int32)], (255,))
    return clear
