"""Synthetic photographs of stamped contracts with their truth: fixed seed, drawn here, nothing of anybody's papers in them."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from papers import fonts
from tests.papers import names

Array = NDArray[Any]
SERIF = Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc")  # closest to the 宋体 of seals; the shipped font stands in
PRINTED = SERIF.with_name("NotoSerifCJK-Regular.ttc")
PX = 6.0  # pixels a millimetre: an A4 page of 1260 × 1782, a round seal of 125 px radius
PAGE = (1260, 1782)
INKS = ((206, 32, 44), (190, 20, 48), (222, 54, 50), (178, 24, 36), (214, 40, 72))


@dataclass(frozen=True)
class Stamp:
    """What is stamped and where it lies: `place` in the picture as left, top, width, height."""

    text: str
    purpose: str = ""
    shape: str = "circle"
    millimetres: tuple[float, float] = (42.0, 42.0)
    code: str = ""
    turn: float = 0.0
    place: tuple[int, int, int, int] = (0, 0, 0, 0)


@dataclass(frozen=True)
class Stamped:
    """One photograph: the JPEG and what is true of it."""

    data: bytes
    stamps: tuple[Stamp, ...]
    party: str
    quad: tuple[tuple[float, float], ...] | None
    trap: str = ""
    straddle: int = 0
    wrong: str = ""  # dark, blurred, shaken, glare


@dataclass
class Sheet:
    """The page while it is drawn: white paper with print, and the red ink that is laid on it."""

    paper: Array
    stamps: list[Stamp] = field(default_factory=list)


def contracts(count: int, seed: int = 7) -> Iterator[Stamped]:
    """The hard set: phone-like pages with one or two seals, turned up to 28 degrees, over black text."""
    for number in range(count):
        dice = np.random.default_rng((seed, number))
        party = names.company(dice)
        sheet = Sheet(page(dice, party))
        lay(sheet, dice, main_stamp(dice, party), (0.30, 0.72))
        if dice.random() < 0.35:
            lay(sheet, dice, main_stamp(dice, names.company(dice)), (0.72, 0.72))
        yield photographed(sheet, dice, party)


def traps(count: int, seed: int = 11) -> Iterator[Stamped]:
    """Pages with something red that is no seal."""
    kinds = (emblem, heading, approved, logo, pen, ticket)
    for number in range(count):
        dice = np.random.default_rng((seed, number))
        party, draw = names.company(dice), kinds[number % len(kinds)]
        sheet = Sheet(page(dice, party))
        draw(sheet.paper, dice)
        yield replace(photographed(sheet, dice, party), trap=draw.__name__)


def main_stamp(dice: np.random.Generator, party: str) -> Stamp:
    kind = dice.choice(["plain", "contract", "finance", "invoice", "adverts"], p=[0.45, 0.25, 0.1, 0.1, 0.1])
    turn = float(dice.uniform(-28, 28))
    code = "".join(str(digit) for digit in dice.integers(0, 10, 13)) if dice.random() < 0.6 else ""
    if kind == "invoice":
        return Stamp(party, "发票专用章", "oval", (45.0, 30.0), "", turn)
    size = float(dice.choice([38.0, 40.0, 42.0, 42.0, 45.0]))
    purpose = {"plain": "", "contract": "合同专用章", "finance": "财务专用章", "adverts": "广告合同章"}[str(kind)]
    return Stamp(party, purpose, "circle", (size, size), code, turn)


@cache
def face(size: int, which: str = "serif") -> ImageFont.FreeTypeFont:
    if which == "sans" or not SERIF.exists():
        return ImageFont.truetype(str(fonts.PATH), size)
    return ImageFont.truetype(str(SERIF if which == "serif" else PRINTED), size, index=2)


def page(dice: np.random.Generator, party: str) -> Array:
    """Black print on white: a title, clauses, and the lines where both sides stamp."""
    image = Image.new("RGB", PAGE, (255, 255, 255))
    draw = ImageDraw.Draw(image)
    draw.text((PAGE[0] * 0.32, 90), "广告发布合同", font=face(66), fill=(20, 20, 20))
    body = face(int(dice.integers(24, 30)), "print")
    bottom = int(PAGE[1] * 0.70)
    for row in range(180, PAGE[1] - 160, int(dice.integers(40, 52))):
        if bottom - 40 < row < bottom + 170:
            continue
        text = "".join(names.PRINT[int(index)] for index in dice.integers(0, len(names.PRINT), 44))
        draw.text((110, row), text[: int(dice.integers(12, 36))], font=body, fill=(25, 25, 28))
    draw.text((110, bottom), f"甲方（盖章）：{party}", font=body, fill=(20, 20, 22))
    draw.text((700, bottom + 60), "乙方（盖章）：", font=body, fill=(20, 20, 22))
    draw.text((110, bottom + 120), f"日期：2026 年 {dice.integers(1, 13)} 月 {dice.integers(1, 29)} 日", font=body, fill=(20, 20, 22))
    return np.asarray(image).copy()


def lay(sheet: Sheet, dice: np.random.Generator, stamp: Stamp, near: tuple[float, float]) -> None:
    """Ink multiplied onto the page, so that black print stays black."""
    ink = worn(impression(stamp), dice)
    height, width = ink.shape
    left = int(near[0] * PAGE[0] - width / 2 + dice.uniform(-60, 60))
    top = int(near[1] * PAGE[1] - height / 2 + dice.uniform(-60, 60))
    pressed(sheet.paper, ink, (left, top), INKS[int(dice.integers(len(INKS)))])
    ys, xs = np.nonzero(impression(stamp) > 0.5)
    place = (left + int(xs.min()), top + int(ys.min()), int(xs.max() - xs.min()), int(ys.max() - ys.min()))
    sheet.stamps.append(replace(stamp, place=place))


def pressed(paper: Array, ink: Array, at: tuple[int, int], colour: Sequence[int]) -> None:
    left, top = at
    height, width = ink.shape
    y0, y1, x0, x1 = max(0, top), min(paper.shape[0], top + height), max(0, left), min(paper.shape[1], left + width)
    if y1 <= y0 or x1 <= x0:
        return
    part = ink[y0 - top : y1 - top, x0 - left : x1 - left, None]
    passed = 1.0 - part * (1.0 - np.asarray(colour, float) / 255.0)
    paper[y0:y1, x0:x1] = (paper[y0:y1, x0:x1] * passed).astype(np.uint8)


def impression(stamp: Stamp) -> Array:
    """The die, turned: 0 paper, 1 ink."""
    scale = 2.0 * PX
    wide, high = stamp.millimetres
    side = int(max(wide, high) * scale * 1.5)
    image = Image.new("L", (side, side), 0)
    draw = ImageDraw.Draw(image)
    centre, a, b = side / 2, wide * scale / 2, high * scale / 2
    if stamp.shape == "rect":
        _square(image, draw, stamp, (centre, a, b, scale))
    else:
        draw.ellipse((centre - a, centre - b, centre + a, centre + b), outline=255, width=int(1.2 * scale))
        _arc(image, stamp, (centre, a, b, scale))
        _inside(image, draw, stamp, (centre, a, b, scale))
    turned = image.rotate(-stamp.turn, resample=Image.Resampling.BICUBIC)
    return np.asarray(turned.resize((side // 2, side // 2), Image.Resampling.LANCZOS), float) / 255.0


def _arc(image: Image.Image, stamp: Stamp, frame: tuple[float, float, float, float]) -> None:
    """Characters upright to the centre, 16 + 19.5 n degrees, squeezed so that the arc fills; at most 230 above a purpose line."""
    centre, a, b, scale = frame
    count = len(stamp.text)
    most = 230.0 if stamp.purpose or stamp.shape == "oval" else 290.0
    span = min(16.0 + 19.5 * count, most)
    tall = 0.30 * min(a, b) if stamp.shape == "circle" else 0.27 * b
    middle = 1.0 - 1.9 * scale / min(a, b) - tall / 2 / min(a, b)
    pitch = math.radians(span / max(count - 1, 1)) * (a * middle + b * middle) / 2
    wide = min(tall, max(0.55 * tall, pitch * 0.92))
    for index, sign in enumerate(stamp.text):
        angle = math.radians(-span / 2 + span * index / max(count - 1, 1))
        x, y = centre + a * middle * math.sin(angle), centre - b * middle * math.cos(angle)
        outward = math.degrees(math.atan2(math.sin(angle) * b, math.cos(angle) * a)) if stamp.shape == "oval" else math.degrees(angle)
        _glyph(image, sign, (x, y), (wide, tall), -outward)


def _glyph(image: Image.Image, sign: str, at: tuple[float, float], size: tuple[float, float], turn: float) -> None:
    big = 96
    tile = Image.new("L", (big * 2, big * 2), 0)
    ImageDraw.Draw(tile).text((big, big), sign, font=face(big), fill=255, anchor="mm")
    box = (big // 2, big // 2, big * 3 // 2, big * 3 // 2)
    sized = tile.crop(box).resize((max(2, int(size[0])), max(2, int(size[1]))), Image.Resampling.LANCZOS)
    turned = sized.rotate(turn, resample=Image.Resampling.BICUBIC, expand=True)
    image.paste(255, (int(at[0] - turned.width / 2), int(at[1] - turned.height / 2)), turned)


def _inside(image: Image.Image, draw: ImageDraw.ImageDraw, stamp: Stamp, frame: tuple[float, float, float, float]) -> None:
    centre, a, b, scale = frame
    if stamp.shape == "oval":
        draw.text((centre, centre), "91310115MA1K4Q7B2X", font=face(int(2.6 * scale), "sans"), fill=255, anchor="mm")
        draw.text((centre, centre + 0.52 * b), stamp.purpose, font=face(int(3.6 * scale)), fill=255, anchor="mm")
        return
    points = [(centre + r * a * math.sin(math.pi * k / 5), centre - r * a * math.cos(math.pi * k / 5)) for k, r in enumerate([0.29, 0.112] * 5)]
    draw.polygon(points, fill=255)
    if stamp.purpose:
        draw.text((centre, centre + 0.50 * b), stamp.purpose, font=face(int(0.235 * a)), fill=255, anchor="mm")
    for index, digit in enumerate(stamp.code):
        angle = math.radians(180 + 26 - 52 * index / max(len(stamp.code) - 1, 1))
        radius = a - 2.6 * scale
        _glyph(
            image,
            digit,
            (centre + radius * math.sin(angle), centre - radius * math.cos(angle)),
            (1.8 * scale, 2.4 * scale),
            180 - math.degrees(angle),
        )


def _square(image: Image.Image, draw: ImageDraw.ImageDraw, stamp: Stamp, frame: tuple[float, float, float, float]) -> None:
    centre, a, b, scale = frame
    draw.rectangle((centre - a, centre - b, centre + a, centre + b), outline=255, width=int(0.9 * scale))
    half = a * 0.9
    for index, sign in enumerate((stamp.text + "印")[:4]):
        x, y = centre + (half / 2 if index < 2 else -half / 2), centre + (-half / 2 if index % 2 == 0 else half / 2)
        _glyph(image, sign, (x, y), (half * 0.95, half * 0.95), 0)


def worn(ink: Array, dice: np.random.Generator) -> Array:
    """Low-frequency pressure, fine dropouts and one faint side."""
    height, width = ink.shape
    pressure = cv2.resize(dice.uniform(0.45, 1.15, (5, 5)), (width, height), interpolation=cv2.INTER_CUBIC)
    grain = cv2.GaussianBlur(dice.uniform(0, 1, (height, width)), (0, 0), 1.1)
    grain = (grain - grain.mean()) / grain.std()
    kept = np.clip(1.25 + grain * dice.uniform(0.15, 0.5), 0, 1)
    angle = dice.uniform(0, 2 * math.pi)
    ys, xs = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    side = np.clip(1.0 - dice.uniform(0, 0.75) * np.clip(xs * math.cos(angle) + ys * math.sin(angle), 0, 1) * 1.4, 0.15, 1)
    return np.asarray(np.clip(ink * pressure * kept * side, 0, 1) * dice.uniform(0.6, 0.98))


def photographed(sheet: Sheet, dice: np.random.Generator, party: str, wrong: str = "") -> Stamped:
    """The page on a desk, seen by a phone: perspective, light, cast, blur, noise, JPEG."""
    border = 130
    width, height = PAGE[0] + 2 * border, PAGE[1] + 2 * border
    desk = np.empty((height, width, 3), np.uint8)
    desk[:] = dice.choice([(96, 74, 56), (60, 62, 66), (150, 128, 100), (38, 44, 58), (120, 120, 118)])
    corners = np.float32([[0, 0], [PAGE[0], 0], [PAGE[0], PAGE[1]], [0, PAGE[1]]])
    seen = (corners + border + dice.uniform(-60, 60, (4, 2))).astype(np.float32)
    matrix = cv2.getPerspectiveTransform(corners, seen)
    over = cv2.warpPerspective(sheet.paper, matrix, (width, height), flags=cv2.INTER_AREA)
    mask = cv2.warpPerspective(np.full(sheet.paper.shape[:2], 255, np.uint8), matrix, (width, height))
    picture = np.where(mask[..., None] > 127, over, desk).astype(np.float32)
    picture = _lit(picture, dice)
    picture = _lensed(picture, dice, wrong)
    out = io.BytesIO()
    Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8)).save(out, "JPEG", quality=int(dice.integers(62, 93)))
    stamps = tuple(replace(stamp, place=_moved(stamp.place, matrix)) for stamp in sheet.stamps)
    return Stamped(out.getvalue(), stamps, party, tuple((float(x), float(y)) for x, y in seen), wrong=wrong)


def _lit(picture: Array, dice: np.random.Generator) -> Array:
    height, width = picture.shape[:2]
    light = cv2.resize(dice.uniform(0.62, 1.0, (3, 3)), (width, height), interpolation=cv2.INTER_CUBIC)
    cast = dice.uniform(0.88, 1.0, 3)
    return np.asarray(picture * light[..., None] * cast)


def _lensed(picture: Array, dice: np.random.Generator, wrong: str) -> Array:
    if wrong == "dark":
        picture = picture * 0.22
    if wrong == "shaken":
        picture = cv2.filter2D(picture, -1, streak(int(dice.integers(13, 26)), float(dice.uniform(0, 180))))
    sharp = dice.uniform(3.0, 5.0) if wrong == "blurred" else dice.uniform(0.4, 1.6) * 0.7
    picture = cv2.GaussianBlur(picture, (0, 0), sharp)
    return np.asarray(picture + dice.normal(0, dice.uniform(1.5, 5.0), picture.shape))


def streak(length: int, angle: float) -> Array:
    """The path of a shaking hand."""
    kernel = np.zeros((length, length), np.float32)
    kernel[length // 2] = 1.0
    turned = cv2.warpAffine(kernel, cv2.getRotationMatrix2D(((length - 1) / 2, (length - 1) / 2), angle, 1.0), (length, length))
    return np.asarray(turned / turned.sum())


def _moved(place: tuple[int, int, int, int], matrix: Array) -> tuple[int, int, int, int]:
    left, top, wide, high = place
    corners = np.float32([[[left, top], [left + wide, top], [left + wide, top + high], [left, top + high]]])
    x, y, w, h = cv2.boundingRect(cv2.perspectiveTransform(corners, matrix))
    return int(x), int(y), int(w), int(h)


def emblem(paper: Array, dice: np.random.Generator) -> None:
    """Like the national emblem: round, red and golden, full, without words."""
    image = Image.fromarray(paper)
    draw, x, y, r = ImageDraw.Draw(image), PAGE[0] // 2, 260, int(dice.integers(60, 110))
    draw.ellipse((x - r, y - r, x + r, y + r), fill=(226, 178, 60))
    draw.ellipse((x - r * 0.8, y - r * 0.8, x + r * 0.8, y + r * 0.8), fill=(208, 30, 36))
    for k in range(5):
        angle = math.pi * (0.2 + 0.6 * k / 4) + math.pi
        sx, sy, s = x + r * 0.5 * math.cos(angle), y + r * 0.5 * math.sin(angle), r * 0.13
        draw.ellipse((sx - s, sy - s, sx + s, sy + s), fill=(240, 200, 70))
    draw.rectangle((x - r * 0.4, y + r * 0.1, x + r * 0.4, y + r * 0.35), fill=(240, 200, 70))
    draw.arc((x - r * 0.9, y - r * 0.9, x + r * 0.9, y + r * 0.9), 20, 160, fill=(190, 26, 30), width=max(3, r // 8))
    paper[:] = np.asarray(image)


def heading(paper: Array, dice: np.random.Generator) -> None:
    image = Image.fromarray(paper)
    draw = ImageDraw.Draw(image)
    draw.text((PAGE[0] // 2, 120), "东海市广告协会文件", font=face(96), fill=(214, 24, 30), anchor="mm")
    draw.rectangle((100, 230, PAGE[0] - 100, 236), fill=(214, 24, 30))
    paper[:] = np.asarray(image)


def approved(paper: Array, dice: np.random.Generator) -> None:
    """A red office stamp that is no party's seal: straight words in a frame, not closed."""
    image = Image.new("L", (360, 140), 0)
    draw = ImageDraw.Draw(image)
    draw.text((180, 70), "已 审 核", font=face(80), fill=255, anchor="mm")
    turned = np.asarray(image.rotate(float(dice.uniform(-20, 20)), expand=True), float) / 255.0
    pressed(paper, turned * 0.8, (int(dice.integers(200, 700)), int(dice.integers(300, 1300))), INKS[0])


def logo(paper: Array, dice: np.random.Generator) -> None:
    image = Image.fromarray(paper)
    draw, x, y, r = ImageDraw.Draw(image), 200, 130, int(dice.integers(40, 70))
    draw.ellipse((x - r, y - r, x + r, y + r), fill=(220, 40, 40))
    draw.rectangle((x - r * 0.5, y - r * 0.15, x + r * 0.5, y + r * 0.15), fill=(255, 255, 255))
    draw.text((x + r + 20, y), "恒通传媒", font=face(54), fill=(220, 40, 40), anchor="lm")
    paper[:] = np.asarray(image)


def pen(paper: Array, dice: np.random.Generator) -> None:
    """Red pen: a ring round a word and a remark."""
    image = Image.fromarray(paper)
    draw = ImageDraw.Draw(image)
    x, y = int(dice.integers(250, 800)), int(dice.integers(400, 1300))
    ring = [(x + (150 + 10 * math.sin(3 * t)) * math.cos(t), y + (70 + 8 * math.cos(2 * t)) * math.sin(t)) for t in np.linspace(0.1, 6.5, 60)]
    draw.line(ring, fill=(214, 30, 40), width=6, joint="curve")
    walk = [(x + 180 + 8 * k, y + float(dice.uniform(-30, 30))) for k in range(28)]
    draw.line(walk, fill=(214, 30, 40), width=5, joint="curve")
    paper[:] = np.asarray(image)


def by_hand(paper: Array, dice: np.random.Generator) -> None:
    """A seal drawn with a red pen: a rim that wobbles and overlaps where it ends, a star in one stroke, strokes where characters would be."""
    image = Image.fromarray(paper)
    draw, red = ImageDraw.Draw(image), (206, 34, 44)
    x, y, r = int(dice.integers(350, 900)), int(dice.integers(500, 1300)), float(dice.uniform(95, 140))
    waves = dice.uniform(-1, 1, 4)

    def rim(t: float) -> tuple[float, float]:
        away = r * (1 + 0.03 * sum(float(wave) * math.sin((k + 1) * t + k) for k, wave in enumerate(waves)) + 0.008 * (t - 3))
        return x + away * math.cos(t), y + 0.97 * away * math.sin(t)

    draw.line([rim(float(t)) for t in np.linspace(0.2, 6.7, 90)], fill=red, width=5, joint="curve")
    tips = [4 * math.pi * k / 5 for k in range(6)]
    draw.line([(x + 0.3 * r * math.sin(t) + dice.uniform(-3, 3), y - 0.3 * r * math.cos(t) + dice.uniform(-3, 3)) for t in tips], fill=red, width=5)
    for k in range(10):
        turn = math.pi * (-0.75 + 1.5 * k / 9)
        middle = np.array([x + 0.72 * r * math.sin(turn), y - 0.72 * r * math.cos(turn)] * 2)
        for _ in range(int(dice.integers(3, 6))):
            draw.line(tuple(middle + dice.uniform(-0.11 * r, 0.11 * r, 4)), fill=red, width=4)
    paper[:] = np.asarray(image)


def spoilt(draw: Callable[[Array, np.random.Generator], None], seed: int = 23) -> bytes:
    """One page with something red on it that is no seal."""
    dice = np.random.default_rng(seed)
    party = names.company(dice)
    sheet = Sheet(page(dice, party))
    draw(sheet.paper, dice)
    return photographed(sheet, dice, party).data


def scanned(one: Stamp, seed: int = 23) -> bytes:
    """A stamped page as a scanner sees it: white is white everywhere."""
    dice = np.random.default_rng(seed)
    sheet = Sheet(page(dice, one.text))
    lay(sheet, dice, one, (0.4, 0.5))
    out = io.BytesIO()
    Image.fromarray(sheet.paper).save(out, "PNG")
    return out.getvalue()


def on_a_screen(data: bytes, period: float = 3.3) -> bytes:
    """The coloured stripes of a display, a little askew, seen by a camera."""
    with Image.open(io.BytesIO(data)) as image:
        picture = np.asarray(image.convert("RGB"))[..., ::-1]
    height, width = picture.shape[:2]
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    across, down = xs * np.cos(0.05) + ys * np.sin(0.05), ys * np.cos(0.05) - xs * np.sin(0.05)
    stripes = np.stack([1 + 0.25 * np.cos(2 * np.pi * (across / period + colour / 3)) for colour in range(3)], -1)
    shown = picture * stripes * (1 + 0.12 * np.cos(2 * np.pi * down / period))[..., None] * 0.8
    seen = cv2.GaussianBlur(np.clip(shown, 0, 255).astype(np.uint8), (0, 0), 0.7)
    return bytes(cv2.imencode(".jpg", seen, [cv2.IMWRITE_JPEG_QUALITY, 80])[1])


def ticket(paper: Array, dice: np.random.Generator) -> None:
    image = Image.fromarray(paper)
    ImageDraw.Draw(image).text((820, 90), f"№ {dice.integers(10**7, 10**8)}", font=face(52, "sans"), fill=(216, 36, 40))
    paper[:] = np.asarray(image)
