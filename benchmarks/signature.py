"""A signature from its photographed box of 600 × 300, beside a plain threshold; and from a whole photographed form: CPU milliseconds a picture."""

from __future__ import annotations

import io
import math
import sys
import time
from collections.abc import Callable

import cv2
import numpy as np
from PIL import Image, ImageDraw

from papers import signature

TIMES = 40
SIZE = (600, 300)


def box() -> bytes:
    """Shaded paper, a rule, blue-black pen."""
    shade = Image.linear_gradient("L").resize(SIZE).point(lambda value: 150 + value // 3)
    image = Image.composite(Image.new("RGB", SIZE, (214, 210, 200)), Image.new("RGB", SIZE, (140, 138, 132)), shade)
    draw = ImageDraw.Draw(image)
    draw.line((0, 240, SIZE[0], 240), fill=(60, 60, 60), width=3)
    draw.line([(120 + 3 * t, 150 + 45 * math.sin(t / 5) - t / 3) for t in range(110)], fill=(30, 34, 70), width=6, joint="curve")
    out = io.BytesIO()
    image.save(out, "JPEG", quality=88)
    return out.getvalue()


def plain(data: bytes) -> bytes:
    """What one would write without thinking: grey, Otsu, what is dark is ink. Shade and rule stay in it."""
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    _, mask = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    return bytes(cv2.imencode(".png", np.dstack([np.zeros_like(picture), mask]))[1])


def measured(clean: Callable[[bytes], bytes], data: bytes) -> tuple[float, float, int]:
    """Median and 95th percentile in milliseconds, bytes of the PNG."""
    made = clean(data)
    took = []
    for _ in range(TIMES):
        start = time.process_time()
        clean(data)
        took.append((time.process_time() - start) * 1000)
    took.sort()
    return took[TIMES // 2], took[TIMES * 95 // 100], len(made)


def main() -> int:
    cv2.setNumThreads(1)
    data = box()
    for name, clean in (("plain threshold", plain), ("ours, the box", signature.clean), ("ours, a form or a box", signature.of_form)):
        median, late, size = measured(clean, data)
        print(f"{name:24} median {median:6.1f} ms   p95 {late:6.1f} ms   {size:6} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
