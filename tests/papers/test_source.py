"""A screen, a scan, a drawing: said, never refused; paper under a lamp is none of them."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageDraw

from papers import eyes
from papers.sight import opened, source
from tests.papers import stamped


def a_screenshot() -> bytes:
    image = Image.new("RGB", (1080, 1920), (255, 255, 255))
    draw = ImageDraw.Draw(image)
    draw.ellipse((340, 700, 740, 1100), outline=(210, 30, 40), width=12)
    draw.text((430, 880), "恒达", font=stamped.face(80), fill=(210, 30, 40))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize("period", [2.3, 3.3, 5.1])
def test_the_grid_of_a_screen_is_seen(period: float) -> None:
    assert source.note(opened.picture(stamped.on_a_screen(next(stamped.contracts(1, seed=3)).data, period))) == source.SCREEN


def test_what_a_machine_drew_is_seen() -> None:
    assert source.note(opened.picture(a_screenshot())) == source.DRAWN


def test_paper_is_paper() -> None:
    assert [source.note(opened.picture(one.data)) for one in stamped.contracts(5, seed=3)] == [""] * 5


def test_it_is_said_and_refuses_nothing() -> None:
    contract = next(stamped.contracts(1, seed=3)).data
    seen = eyes.look(stamped.on_a_screen(contract, 3.3))
    assert seen.note == source.SCREEN
    assert seen.usable == (not seen.advice)
    assert "屏幕" not in seen.advice


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "收到的图片是空的"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(40), "HEIC"),
        (b"\x00\x00\x00\x18ftypmsf1" + bytes(40), "HEIC"),
        (b"GIF89a" + bytes(40), "动图看不了"),
        (b"%PDF-1.7", "不是照片"),
    ],
)
def test_what_is_no_picture_gets_one_sentence(data: bytes, said: str) -> None:
    verdict = eyes.look(data)
    assert not verdict.usable
    assert said in verdict.advice
    assert verdict.advice.count("。") == 1


def test_a_hundred_megapixels_are_too_many() -> None:
    out = io.BytesIO()
    Image.new("1", (10_000, 10_000)).save(out, "PNG")
    assert "照片太大了" in eyes.look(out.getvalue()).advice


def test_an_animated_picture_is_none() -> None:
    out = io.BytesIO()
    frames = [Image.new("RGB", (300, 300), colour) for colour in ("red", "blue")]
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:])
    assert "动图看不了" in eyes.look(out.getvalue()).advice


def test_a_seal_drawn_by_hand_is_asked_about_and_never_sure() -> None:
    for seed in range(4):
        verdict = eyes.first_look(stamped.spoilt(stamped.by_hand, seed))
        assert (verdict.presence, verdict.seals) == ("像是手画的，请确认是不是印章", ())


def test_a_die_is_not_taken_for_a_hand() -> None:
    assert {eyes.first_look(one.data).presence for one in stamped.contracts(4, seed=29)} == {"有印章"}
