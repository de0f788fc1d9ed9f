"""What was seen, drawn into a copy of the picture: the page's outline, each seal with its words, the instruction."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw, ImageFont

from papers import fonts
from papers.sight import opened
from papers.sight.verdict import Seal, Verdict

SIDE = 1600
PAGE, SEAL, WORDS, GROUND = "#1f6feb", "#1a7f37", "#ffffff", "#1f2328"


def sketch(data: bytes, verdict: Verdict) -> bytes:
    """As PNG."""
    picture, scale = opened.within(opened.picture(data), SIDE)
    image = Image.fromarray(picture[..., ::-1])
    draw = ImageDraw.Draw(image)
    size = max(14, max(image.size) // 60)
    font = ImageFont.truetype(str(fonts.PATH), size)
    if verdict.quad:
        corners = [(x * scale, y * scale) for x, y in verdict.quad]
        draw.line([*corners, corners[0]], fill=PAGE, width=max(2, size // 5))
    for one in verdict.seals:
        left, top, wide, high = (round(value * scale) for value in one.bbox)
        draw.rectangle((left, top, left + wide, top + high), outline=SEAL, width=max(2, size // 6))
        _words(draw, font, (left, top + high + size // 4), _of(one), SEAL)
    _words(draw, font, (size // 2, size // 2), verdict.advice or verdict.presence, GROUND)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _of(one: Seal) -> str:
    return " ".join(word for word in (one.text, one.purpose or one.kind) if word) or "印章"


def _words(draw: ImageDraw.ImageDraw, font: ImageFont.FreeTypeFont, at: tuple[int, int], words: str, ground: str) -> None:
    box = draw.textbbox(at, words, font=font)
    draw.rectangle((box[0] - 4, box[1] - 4, box[2] + 4, box[3] + 4), fill=ground)
    draw.text(at, words, font=font, fill=WORDS)
