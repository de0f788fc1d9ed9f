"""A photograph as it came: can it be kept, which way is up, is it sharp and bright enough; and the copy with time and place on it (A-4.4.1)."""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFilter, ImageFont, ImageOps, ImageStat, UnidentifiedImageError

from papers import fonts

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 40_000_000
LONG_SIDE = 2048
ENOUGH = 1600  # pixels of the long side on which people and programs can read what is on it
SCALES = (2, 4, 8)  # at which a decoder can skip work
JUDGED_SIDE = 1024
GRID = 8
PRINTED_SIDE = 480  # 42 mm on paper at 290 dots an inch
SHARP_ENOUGH = 7.0  # spread of the Laplacian in the tenth-sharpest of 64 fields; measured in tests/papers/test_photo.py
DARK, GLARING = 42.0, 232.0  # mean luminance of 255
TOO_SMALL = 240

HEIC_BRANDS = tuple(b"ftyp" + brand for brand in (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"))

EMPTY = "收到的图片是空的，请再发一次。"
UNREADABLE = "这张图片打不开，请重新拍一张发来。"
HEIC = "这种照片（HEIC）这里打不开，请在聊天里直接拍照，或从相册按“照片”发送。"
MOVING = "动图看不了，请发一张照片。"
HUGE = "照片太大了（超过 4000 万像素），请用普通模式再拍一张。"
NO_PHOTO = "这个文件不是照片，请拍一张照片发来。"

SMALL = "图片太小，看不清字，请再拍一张，或发送时勾选“原图”。"
BLURRED = "有点糊，请拿稳再拍一张。"
TOO_DARK = "有点暗，请到亮处再拍一张。"
TOO_BRIGHT = "太亮看不清，请换个角度再拍一张。"


@dataclass(frozen=True, slots=True)
class Photo:
    """What became of the bytes. `upright` is a JPEG of at most 2048 px without metadata; None when `broken` says why not."""

    mime: str = ""
    width: int = 0
    height: int = 0
    advice: str = ""
    broken: str = ""
    upright: bytes | None = None


def look(data: bytes) -> Photo:
    """Decode safely (allow-list, 40 megapixels), turn upright, judge. Never raises on bad bytes."""
    if not data:
        return Photo(broken=EMPTY)
    if data[4:12] in HEIC_BRANDS:
        return Photo(mime="image/heic", broken=HEIC)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as image:
                return _looked(image)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        return Photo(broken=HUGE)
    except UnidentifiedImageError:
        return Photo(broken=MOVING if data[:4] == b"GIF8" else NO_PHOTO)
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError):
        return Photo(broken=UNREADABLE)


def _looked(image: Image.Image) -> Photo:
    mime = Image.MIME[image.format or "JPEG"]
    width, height = image.size
    if width * height > MOST_PIXELS:
        return Photo(mime, width, height, broken=HUGE)
    if getattr(image, "n_frames", 1) > 1:
        return Photo(mime, width, height, broken=MOVING)
    upright = _upright(image)
    if image.getexif().get(0x0112, 1) in (5, 6, 7, 8):
        width, height = height, width
    return Photo(mime, width, height, _advice(upright, min(width, height)), "", _jpeg(upright))


def _upright(image: Image.Image) -> Image.Image:
    """A JPEG is decoded at a half, a quarter or an eighth where that is enough: cheap, and little memory. Turned last."""
    scale = max((by for by in SCALES if max(image.size) >= by * ENOUGH), default=1)
    image.draft("RGB", (image.width // scale, image.height // scale))
    turned = image.getexif().get(0x0112, 1)
    image.load()
    small = _on_white(image)
    small.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.HAMMING)
    small.getexif()[0x0112] = turned
    return ImageOps.exif_transpose(small)


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode in ("RGBA", "LA", "PA") or (image.mode == "P" and "transparency" in image.info):
        clear = image.convert("RGBA")
        white = Image.new("RGB", clear.size, "white")
        white.paste(clear, mask=clear.getchannel("A"))
        return white
    return image if image.mode == "RGB" else image.convert("RGB")


def _advice(image: Image.Image, short_side: int) -> str:
    if short_side < TOO_SMALL:
        return SMALL
    grey = image.convert("L")
    grey.thumbnail((JUDGED_SIDE, JUDGED_SIDE), Image.Resampling.BOX)
    light = ImageStat.Stat(grey).mean[0]
    if light < DARK:
        return TOO_DARK
    if sharpness(grey) < SHARP_ENOUGH:
        return TOO_BRIGHT if light > GLARING else BLURRED
    return ""


def sharpness(grey: Image.Image) -> float:
    """Spread of the Laplacian in the tenth-sharpest of 64 fields: a page with much white is sharp where its print is."""
    edges = grey.filter(ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1, offset=128))
    width, height = edges.size
    fields = [
        (width * x // GRID + 1, height * y // GRID + 1, width * (x + 1) // GRID - 1, height * (y + 1) // GRID - 1)
        for x in range(GRID)
        for y in range(GRID)
    ]
    spreads = sorted((ImageStat.Stat(edges.crop(field)).stddev[0] for field in fields), reverse=True)
    return float(spreads[GRID * GRID // 10])


def stamped(data: bytes, lines: Sequence[str]) -> bytes:
    """The copy shown to people: a JPEG with time, place, person and number in a strip below the picture."""
    image = _opened(data)
    size = max(18, image.width // 36)
    font = ImageFont.truetype(str(fonts.PATH), size)
    strip = Image.new("RGB", (image.width, (size + size // 2) * len(lines) + size), "#1f2328")
    draw = ImageDraw.Draw(strip)
    for row, line in enumerate(lines):
        draw.text((size, size // 2 + row * (size + size // 2)), _fitted(draw, line, font, image.width - 2 * size), font=font, fill="white")
    whole = Image.new("RGB", (image.width, image.height + strip.height))
    whole.paste(image, (0, 0))
    whole.paste(strip, (0, image.height))
    return _jpeg(whole)


def small(data: bytes, side: int = PRINTED_SIDE) -> bytes:
    """As it stands on a printed paper: a JPEG of at most `side` pixels, nothing but what is seen."""
    with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise ValueError(HUGE)
        opened.draft("RGB", (side, side))
        image = _on_white(ImageOps.exif_transpose(opened))
        image.thumbnail((side, side))
        out = io.BytesIO()
        image.convert("RGB").save(out, "JPEG", quality=80, optimize=True)
        return out.getvalue()


def _opened(data: bytes) -> Image.Image:
    """What lay on its side is let go when this returns."""
    with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
        return _upright(opened)


def _fitted(draw: ImageDraw.ImageDraw, line: str, font: ImageFont.FreeTypeFont, width: int) -> str:
    if draw.textlength(line, font=font) <= width:
        return line
    while line and draw.textlength(line + "…", font=font) > width:
        line = line[:-1]
    return line + "…"


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()
