"""Bytes to an upright picture in full size, or the sentence that says why not: allow-list, 40 megapixels, nothing animated (A-4.4.1)."""

from __future__ import annotations

import io
import warnings
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from papers import photo

Array = NDArray[Any]

BAND = 256  # rows


class Unopened(Exception):
    """这张图片打不开。"""


def picture(data: bytes) -> Array:
    """BGR, turned upright, clear parts on white."""
    if not data:
        raise Unopened(photo.EMPTY)
    if data[4:12] in photo.HEIC_BRANDS:
        raise Unopened(photo.HEIC)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=photo.FORMATS) as image:
                return _whole(image)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise Unopened(photo.HUGE) from None
    except UnidentifiedImageError:
        raise Unopened(photo.MOVING if data[:4] == b"GIF8" else photo.NO_PHOTO) from None
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError):
        raise Unopened(photo.UNREADABLE) from None


def _whole(image: Image.Image) -> Array:
    if image.width * image.height > photo.MOST_PIXELS:
        raise Unopened(photo.HUGE)
    if getattr(image, "n_frames", 1) > 1:
        raise Unopened(photo.MOVING)
    ImageOps.exif_transpose(image, in_place=True)
    if image.mode in ("RGBA", "LA", "PA") or (image.mode == "P" and "transparency" in image.info):
        clear = image.convert("RGBA")
        image = Image.new("RGB", clear.size, "white")
        image.paste(clear, mask=clear.getchannel("A"))
    return _array(image)


def _array(image: Image.Image) -> Array:
    """Band by band: the whole picture is never there more than twice, however large it is."""
    whole = np.empty((image.height, image.width, 3), np.uint8)
    for top in range(0, image.height, BAND):
        band = image.crop((0, top, image.width, min(top + BAND, image.height)))
        whole[top : top + BAND] = np.asarray(band.convert("RGB"))[..., ::-1]
    return whole


def within(whole: Array, side: int, *, enlarge: bool = False) -> tuple[Array, float]:
    """At most `side` pixels long, and the scale that was applied; small ones are only enlarged when asked, and at most three times."""
    scale = side / max(whole.shape[:2])
    if scale >= 1 and not enlarge:
        return whole, 1.0
    scale = min(scale, 3.0)
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(whole, None, fx=scale, fy=scale, interpolation=how)), scale
