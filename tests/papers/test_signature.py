"""Ink from a photographed box: strokes stay, rules and red go, blank is refused."""

from __future__ import annotations

import io
import math

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from papers import sheet, signature
from papers.sight import opened
from tests import pictures


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


def a_form(*, signed: bool, seed: int = 1, desk: bool = True) -> bytes:
    """Our own paper as it is printed, photographed askew in uneven light."""
    data = {
        "firm": "阳光服务站",
        "phone": "021-5551",
        "code": "ZC-QR-009",
        "number": "1124-01",
        "before": [],
        "after": [],
        "fields": [["报修人", "刘女士", "电话", "138"], ["地址", "阳光苑 502"], ["故障", "水龙头漏水，已更换球阀"]],
        "signed_label": "客户签名",
        "signed_who": "刘女士",
        "signed_at": "2026-11-24 10:00",
    }
    printed = Image.open(io.BytesIO(sheet.preview(sheet.Sheet("ZC-QR-009", data))[0])).convert("RGB")
    page = printed.resize((printed.width * 2, printed.height * 2), Image.Resampling.LANCZOS)
    if signed:
        wave = [(380 + 3 * t, 590 + 40 * math.sin(t / 5) - t / 3) for t in range(110)]
        ImageDraw.Draw(page).line(wave, fill=(30, 34, 70), width=6, joint="curve")
    dice, border, (width, height) = np.random.default_rng(seed), 140, page.size
    corners = np.float32([[0, 0], [width, 0], [width, height], [0, height]])
    seen = (corners + border + dice.uniform(-50, 50, (4, 2))).astype(np.float32)
    whole = (width + 2 * border, height + 2 * border)
    picture = np.full((whole[1], whole[0], 3), (60, 75, 96), np.uint8)
    matrix = cv2.getPerspectiveTransform(corners, seen)
    cv2.warpPerspective(np.asarray(page)[..., ::-1].copy(), matrix, whole, dst=picture, borderMode=cv2.BORDER_TRANSPARENT)
    light = cv2.resize(dice.uniform(0.65, 1, (3, 3)), whole, interpolation=cv2.INTER_CUBIC)
    noisy = np.clip(picture * light[..., None] + dice.normal(0, 3, picture.shape), 0, 255).astype(np.uint8)
    shown = cv2.GaussianBlur(noisy, (0, 0), 0.8)
    if not desk:
        shown = shown[border + 60 : -border - 60, border + 60 : -border - 60]
    return bytes(cv2.imencode(".jpg", shown, [cv2.IMWRITE_JPEG_QUALITY, 85])[1])


@pytest.mark.parametrize("desk", [True, False])
@pytest.mark.parametrize("seed", [1, 4, 6])
def test_from_the_box_of_a_form_whatever_the_light(seed: int, desk: bool) -> None:
    seen = alpha(signature.of_form(a_form(signed=True, seed=seed, desk=desk)))
    assert 240 < seen.shape[1] < 300  # the strokes alone: neither the frame nor the printed name
    assert 80 < seen.shape[0] < 120
    with pytest.raises(signature.NoSignature, match="还没看到签名"):
        signature.of_form(a_form(signed=False, seed=seed, desk=desk))


def test_a_page_without_our_box_is_not_taken_for_a_signature() -> None:
    with pytest.raises(signature.NoSignature, match="只拍签名的框"):
        signature.of_form(pictures.jpeg(pictures.page()))


def test_a_picture_of_something_else_is_not_spoken_of() -> None:
    with pytest.raises(signature.NoSignature) as refused:
        signature.of_form(pictures.jpeg(pictures.sign("恒达影音")))
    assert str(refused.value) == ""


def test_the_box_alone_is_enough() -> None:
    assert alpha(signature.of_form(box(ruled=True))).shape[1] < 420
