"""Ink from a photographed box: strokes stay, rules and red go, blank is refused."""

from __future__ import annotations

import io
import math

import numpy as np
import pytest
from PIL import Image, ImageDraw

from papers import signature
from papers.sight import opened


def box(*, strokes: bool = True, ruled: bool = False, sealed: bool = False, flat: bool = False, size: tuple[int, int] = (600, 300)) -> bytes:
    """A photographed box: grey gradient paper, blue-black pen."""
    image = Image.new("RGB", size, (214, 210, 200))
    shade = Image.linear_gradient("L").resize(size).point(lambda value: 150 + value // 3)
    image = Image.composite(image, Image.new("RGB", size, (140, 138, 132)), shade)
    draw = ImageDraw.Draw(image)
    if ruled:
        draw.line((0, 240, size[0], 240), fill=(60, 60, 60), width=3)
    if sealed:
        draw.ellipse((330, 40, 530, 240), outline=(214, 60, 60), width=9)
    if strokes:
        wave = [(120 + 3 * t, 150 + 45 * math.sin(t / 5) - t / 3) for t in range(110)]
        draw.line(wave, fill=(30, 34, 70), width=6, joint="curve")
    if flat:
        draw.line((140, 210, 470, 204), fill=(30, 34, 70), width=5)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=88)
    return out.getvalue()


def alpha(png: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(png)) as image:
        assert image.mode == "RGBA"
        return np.asarray(image)[..., 3]


def test_strokes_come_out_clear_and_cut() -> None:
    seen = alpha(signature.clean(box()))
    assert seen.shape[1] < 420
    assert 0.02 < (seen > 128).mean() < 0.4
    assert seen[0].max() < 60
    assert len(signature.clean(box())) < 40_000


def test_a_printed_rule_goes_and_a_flat_stroke_stays() -> None:
    ruled = alpha(signature.clean(box(ruled=True)))
    plain = alpha(signature.clean(box()))
    assert abs(ruled.shape[0] - plain.shape[0]) < 12
    flat = alpha(signature.clean(box(flat=True)))
    assert flat.shape[0] > plain.shape[0] or (flat > 128).sum() > (plain > 128).sum() + 800


def test_a_seal_over_it_goes() -> None:
    sealed, plain = signature.inked(opened.picture(box(sealed=True))), signature.inked(opened.picture(box()))
    assert (sealed > 0.5).sum() < 1.25 * (plain > 0.5).sum()


@pytest.mark.parametrize("data", [box(strokes=False), box(strokes=False, ruled=True), box(strokes=False, sealed=True)])
def test_a_blank_box_is_refused(data: bytes) -> None:
    with pytest.raises(signature.NoSignature, match="还没看到签名"):
        signature.clean(data)


def test_bytes_that_are_no_picture_are_refused_in_words() -> None:
    with pytest.raises(opened.Unopened, match="空的"):
        signature.clean(b"")
