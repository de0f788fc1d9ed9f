"""Charts where looking beats reading: a team's week, a funnel; readable at 390 px, told apart without colour, numbers printed (A-2.2, A-3.0)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from papers import fonts

WIDTH, MARGIN = 780, 32  # drawn for a screen of 390 px at twice the density
PAPER, INK, FAINT, LINE = "#ffffff", "#1f2328", "#57606a", "#d0d7de"
BLUE, PALE, ORANGE = "#0072b2", "#cfe3f0", "#d55e00"  # of Okabe and Ito: told apart by every eye
TITLE, BODY, SMALL = 34, 28, 24
ROW, BAR = 116, 60  # of one person; the longest bar of it
NAME, TOTAL = 150, 96  # columns left and right of the days
STAGE = 92
MOST_ROWS, MOST_DAYS = 12, 7


class Unknown(ValueError):
    """Nobody draws this kind of chart."""


def draw(spec: Mapping[str, Any]) -> bytes:
    """PNG of what rules and reports counted; see `week` and `funnel` for what a spec holds."""
    drawers = {"week": week, "funnel": funnel}
    try:
        made = drawers[str(spec.get("kind"))](spec)
    except KeyError:
        raise Unknown(str(spec.get("kind"))) from None
    out = BytesIO()
    made.convert("P", palette=Image.Palette.ADAPTIVE, colors=64).save(out, "PNG", optimize=True)
    return out.getvalue()


def week(spec: Mapping[str, Any]) -> Image.Image:
    """title, note, days ["一"…], rows [[name, [5, 3, null…]]]: a bar a person and day; null is a day off."""
    days = [str(day) for day in spec["days"]][:MOST_DAYS]
    rows: Sequence[tuple[str, Sequence[int | None]]] = [(str(name), list(values)) for name, values in spec["rows"]][:MOST_ROWS]
    height = MARGIN + 60 + 44 + ROW * len(rows) + 20 + 40 + MARGIN
    image, pen = _sheet(height)
    top = _heading(pen, str(spec["title"]))
    most = max((value or 0 for _, values in rows for value in values), default=0) or 1
    wide = (WIDTH - 2 * MARGIN - NAME - TOTAL) / max(len(days), 1)
    for nth, day in enumerate(days):
        _centred(pen, MARGIN + NAME + wide * (nth + 0.5), top, day, SMALL, FAINT)
    _right(pen, WIDTH - MARGIN, top, "合计", SMALL, FAINT)
    top += 44
    for name, values in rows:
        pen.line((MARGIN, top + ROW - 2, WIDTH - MARGIN, top + ROW - 2), fill=LINE, width=2)
        pen.text((MARGIN, top + ROW - 52), _fitting(name, NAME - 12, BODY), font=_font(BODY), fill=INK)
        for nth, value in enumerate(values[: len(days)]):
            _day(pen, MARGIN + NAME + wide * nth, top, wide, value, most)
        _right(pen, WIDTH - MARGIN, top + ROW - 52, str(sum(value or 0 for value in values)), BODY, INK)
        top += ROW
    pen.text((MARGIN, top + 16), _fitting(str(spec.get("note", "")), WIDTH - 2 * MARGIN, SMALL), font=_font(SMALL), fill=FAINT)
    return image


def _day(pen: ImageDraw.ImageDraw, left: float, top: float, wide: float, value: int | None, most: int) -> None:
    middle, floor = left + wide / 2, top + ROW - 4
    if value is None:
        _centred(pen, middle, floor - 34, "休", SMALL, FAINT)
        return
    high = max(BAR * value / most, 3 if value else 0)
    half = min(wide * 0.3, 26)
    if value:
        pen.rounded_rectangle((middle - half, floor - high, middle + half, floor), 5, fill=BLUE)
    _centred(pen, middle, floor - high - 34, str(value), SMALL, INK if value else ORANGE)


def funnel(spec: Mapping[str, Any]) -> Image.Image:
    """title, note, rows [[stage, 12]…]: each stage's share of the first, and what is left of the stage before."""
    rows: Sequence[tuple[str, int]] = [(str(name), int(count)) for name, count in spec["rows"]][:MOST_ROWS]
    image, pen = _sheet(MARGIN + 60 + STAGE * len(rows) + 50 + MARGIN)
    top = _heading(pen, str(spec["title"]))
    most = max((count for _, count in rows), default=0) or 1
    full = WIDTH - 2 * MARGIN
    before = 0
    for nth, (name, count) in enumerate(rows):
        pen.text((MARGIN, top), name, font=_font(BODY), fill=INK)
        said = f"{count} 家" + (f"　上一步的 {round(100 * count / before)}%" if nth and 0 < count <= before else "")
        _right(pen, WIDTH - MARGIN, top, said, BODY, INK)
        pen.rounded_rectangle((MARGIN, top + 44, MARGIN + full, top + 70), 6, fill=PALE)
        if count:
            pen.rounded_rectangle((MARGIN, top + 44, MARGIN + max(full * count / most, 10), top + 70), 6, fill=BLUE)
        top, before = top + STAGE, count
    pen.text((MARGIN, top + 8), _fitting(str(spec.get("note", "")), full, SMALL), font=_font(SMALL), fill=FAINT)
    return image


def _sheet(height: int) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("RGB", (WIDTH, height), PAPER)
    return image, ImageDraw.Draw(image)


def _heading(pen: ImageDraw.ImageDraw, title: str) -> int:
    pen.text((MARGIN, MARGIN - 6), _fitting(title, WIDTH - 2 * MARGIN, TITLE), font=_font(TITLE), fill=INK)
    return MARGIN + 60


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(fonts.PATH), size)


def _centred(pen: ImageDraw.ImageDraw, middle: float, top: float, text: str, size: int, fill: str) -> None:
    pen.text((middle - _font(size).getlength(text) / 2, top), text, font=_font(size), fill=fill)


def _right(pen: ImageDraw.ImageDraw, right: float, top: float, text: str, size: int, fill: str) -> None:
    pen.text((right - _font(size).getlength(text), top), text, font=_font(size), fill=fill)


def _fitting(text: str, width: float, size: int) -> str:
    """Cut with … where it would run out of its column."""
    if _font(size).getlength(text) <= width:
        return text
    while text and _font(size).getlength(text + "…") > width:
        text = text[:-1]
    return text + "…"
