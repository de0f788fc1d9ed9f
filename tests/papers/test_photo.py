"""A photograph is turned upright, stripped, bounded and judged; whatever else comes is answered in words."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from papers import fonts, photo
from tests import pictures


def opened(data: bytes | None) -> Image.Image:
    assert data is not None
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_good_photograph_needs_no_advice(kind: str) -> None:
    seen = photo.look(pictures.encoded(pictures.page(), kind))
    assert (seen.advice, seen.broken, seen.width, seen.height) == ("", "", 1200, 1600)
    assert seen.mime == Image.MIME[kind]
    assert opened(seen.upright).format == "JPEG"


@pytest.mark.parametrize(
    ("image", "advice"),
    [
        (pictures.blurred(pictures.page()), photo.BLURRED),
        (pictures.blurred(pictures.sign("华东精密")), photo.BLURRED),
        (pictures.dark(pictures.page()), photo.TOO_DARK),
        (Image.new("RGB", (900, 900), "white"), photo.TOO_BRIGHT),
        (pictures.page(180, 240), photo.SMALL),
    ],
)
def test_advice_says_what_to_do(image: Image.Image, advice: str) -> None:
    seen = photo.look(pictures.jpeg(image))
    assert seen.advice == advice
    assert seen.broken == ""
    assert seen.upright


@pytest.mark.parametrize("name", ["华东精密", "恒达影音", "喆堃"])
def test_a_shop_front_is_sharp(name: str) -> None:
    assert photo.look(pictures.jpeg(pictures.sign(name))).advice == ""


def test_turned_upright_and_bounded_without_metadata() -> None:
    image = pictures.page(2400, 3200)
    lying = image.transpose(Image.Transpose.ROTATE_90)
    seen = photo.look(pictures.jpeg(lying, orientation=6))
    out = opened(seen.upright)
    assert (seen.width, seen.height) == (2400, 3200)
    assert out.height > out.width
    assert max(out.size) <= photo.LONG_SIDE
    assert dict(out.getexif()) == {}
    assert b"secret camera" not in (seen.upright or b"")
    top, bottom = (out.crop((0, y, out.width, y + out.height // 16)).convert("L").getextrema()[0] for y in (0, out.height * 9 // 10))
    assert isinstance(top, float | int)
    assert top > 150 > bottom  # the blank head of the page is on top again


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", photo.EMPTY),
        (b"hello, this is no picture at all", photo.NO_PHOTO),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", photo.HEIC),
        (pictures.jpeg(pictures.page())[:9000], photo.UNREADABLE),
        (pictures.encoded(pictures.page(300, 400), "GIF"), photo.MOVING),
        (pictures.moving(), photo.MOVING),
        (pictures.bomb(), photo.HUGE),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 40, photo.NO_PHOTO),
    ],
)
def test_what_cannot_be_kept_as_a_picture(data: bytes, words: str) -> None:
    seen = photo.look(data)
    assert seen.broken == words
    assert seen.upright is None


def test_a_clear_background_becomes_white() -> None:
    clear = Image.new("RGBA", (600, 600), (0, 0, 0, 0))
    seen = opened(photo.look(pictures.encoded(clear, "PNG")).upright)
    assert seen.getpixel((300, 300)) == (255, 255, 255)


def test_the_copy_carries_the_lines_below_the_picture() -> None:
    data = pictures.jpeg(pictures.sign("华东精密", 800, 600))
    copy = opened(photo.stamped(data, ["2026-11-24 10:20 李强", "走访-20261124-001 " + "上海市" * 60]))
    assert copy.width == 800
    assert copy.height > 600
    strip = copy.crop((0, 605, 800, copy.height)).convert("L")
    low, high = strip.getextrema()
    assert isinstance(low, int)
    assert isinstance(high, int)
    assert low < 60
    assert high > 200


def test_the_font_writes_rare_names_and_tells_what_it_cannot() -> None:
    assert fonts.missing("喆堃犇赟燚，①〔对，存下〕｜¥3,200.00") == ""
    assert fonts.missing("好𠮷𠮷") == "𠮷"
    assert len(fonts.written()) > 21_000
