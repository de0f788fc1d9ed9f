"""Seals on drawn photographs: found, counted, read; what is red and no seal; bad bytes; the answer about the name."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest
from PIL import Image

from papers import eyes, seal
from papers.sight import opened, reader, sketch
from papers.sight.verdict import Candidate, Seal
from tests import pictures
from tests.papers import stamped
from tests.papers.stamped import Sheet, Stamp

reading = pytest.mark.skipif(not reader.installed(), reason="without the extra `eyes` nothing is read")
PARTY = "上海恒达广告有限公司"


@pytest.fixture(scope="module")
def models() -> reader.Reader:
    return reader.Reader(1)


def photograph(*stamps: tuple[Stamp, tuple[float, float]], seed: int = 5) -> stamped.Stamped:
    dice = np.random.default_rng(seed)
    sheet = Sheet(stamped.page(dice, PARTY))
    for stamp, near in stamps:
        stamped.lay(sheet, dice, stamp, near)
    return stamped.photographed(sheet, dice, PARTY)


def near(box: tuple[int, ...], place: tuple[int, ...]) -> bool:
    x, y = box[0] + box[2] / 2, box[1] + box[3] / 2
    return place[0] < x < place[0] + place[2] and place[1] < y < place[1] + place[3] and 0.8 < box[2] / place[2] < 1.25


def test_seals_are_found_where_they_are() -> None:
    for one in stamped.contracts(6, seed=3):
        verdict = eyes.first_look(one.data)
        assert verdict.presence == "有印章"
        assert len(verdict.seals) == len(one.stamps)
        for stamp in one.stamps:
            assert any(near(seal.bbox, stamp.place) for seal in verdict.seals)


def test_an_oval_is_one_seal() -> None:
    one = photograph((Stamp(PARTY, "发票专用章", "oval", (45.0, 30.0), "", 12.0), (0.4, 0.5)))
    verdict = eyes.first_look(one.data)
    assert [seal.shape for seal in verdict.seals] == ["oval"]


def test_overlapping_seals_are_two() -> None:
    first, second = Stamp(PARTY, turn=10.0), Stamp("海口南洋印务有限公司", turn=-20.0)
    one = photograph((first, (0.35, 0.5)), (second, (0.50, 0.5)), seed=9)
    assert len(eyes.first_look(one.data).seals) == 2


def test_a_square_seal_is_found() -> None:
    one = photograph((Stamp("李庆国", "", "rect", (20.0, 20.0), "", 4.0), (0.5, 0.78)), seed=4)
    verdict = eyes.first_look(one.data)
    assert [seal.shape for seal in verdict.seals] == ["rect"]


def test_red_things_that_are_no_seals() -> None:
    for one in stamped.traps(6):
        assert eyes.first_look(one.data).seals == (), one.trap


def test_a_page_on_a_desk_has_corners() -> None:
    for one in stamped.contracts(3, seed=3):
        quad = eyes.first_look(one.data).quad
        assert quad is not None
        assert one.quad is not None
        assert np.abs(np.array(quad) - np.array(one.quad)).max() < 40


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "空的"),
        (b"not a picture", "不是照片"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC"),
        (b"GIF89a" + bytes(40), "动图"),
        (pictures.jpeg(pictures.page())[:900], "打不开"),
    ],
)
def test_bad_bytes_get_one_sentence(data: bytes, words: str) -> None:
    verdict = eyes.look(data, "恒达")
    assert not verdict.usable
    assert words in verdict.advice
    assert verdict.seals == ()


def test_a_huge_picture_is_refused() -> None:
    out = io.BytesIO()
    Image.new("1", (10_000, 10_000)).save(out, "PNG")
    assert "太大" in eyes.first_look(out.getvalue()).advice


def test_without_a_reader_the_first_look_is_the_answer() -> None:
    one = next(stamped.contracts(1))
    verdict = eyes.look(one.data, one.party, None)
    assert not verdict.read
    assert verdict.seals
    assert all(not seal.text for seal in verdict.seals)
    assert verdict.name is None


@reading
def test_a_clear_seal_is_read_and_agrees(models: reader.Reader) -> None:
    one = photograph((Stamp(PARTY, "合同专用章", turn=-15.0), (0.5, 0.85)), seed=21)
    verdict = eyes.look(one.data, PARTY, models)
    assert verdict.read
    assert [(seal.text, seal.purpose, seal.kind) for seal in verdict.seals] == [(PARTY, "合同专用章", "合同专用章")]
    assert verdict.name is not None
    assert verdict.name.verdict == "match"
    for other in ("上海恒达广吿有限公司", "上海恒达广告有限责任公司", "上海恒达广告有限公司分公司", "上海市恒达广告有限公司", "上海恒达广告有限公"):
        assert eyes.agreed(other, verdict.seals).verdict != "match"


@reading
def test_what_is_printed_as_json(models: reader.Reader) -> None:
    one = next(stamped.contracts(1, seed=13))
    told = json.loads(json.dumps(eyes.look(one.data, "某某公司", models).plain(), ensure_ascii=False))
    assert set(told) >= {"usable", "advice", "quad", "seals", "straddle", "signature", "licence", "name_verdict"}
    assert set(told["seals"][0]) >= {"bbox", "text", "purpose", "kind", "confidence", "candidates"}
    assert told["name_verdict"] == "mismatch"


def test_a_guessed_reading_is_never_a_match() -> None:
    """What was set right by common words, or decided by few strips, is shown but does not agree by itself."""
    guessed = Seal((0, 0, 9, 9), "circle", 2.0, PARTY, candidates=(Candidate(PARTY, 0.9, "votes", whole=False),))
    assert eyes.agreed(PARTY, (guessed,)).verdict == "unsure"
    assert eyes.agreed(PARTY, ()).verdict == "unsure"


def test_the_drawing_is_a_picture() -> None:
    one = next(stamped.contracts(1))
    with Image.open(io.BytesIO(sketch.sketch(one.data, eyes.first_look(one.data)))) as image:
        assert image.format == "PNG"


def test_kinds_by_purpose() -> None:
    assert seal.kind("合同专用章", "某公司") == "合同专用章"
    assert seal.kind("广告合同章", "某公司") == "广告合同章"
    assert seal.kind(None, "某公司") == "公章"
    assert seal.kind(None, "") is None


def test_opened_turns_upright() -> None:
    assert opened.picture(pictures.jpeg(pictures.page(800, 1200), orientation=6)).shape[:2] == (800, 1200)


@pytest.mark.parametrize("mode", ["RGB", "L", "LA"])
def test_opened_band_by_band_is_the_whole_picture(mode: str) -> None:
    picture = Image.effect_noise((90, 2 * opened.BAND + 7), 60).convert("RGB" if mode == "RGB" else "L").convert(mode)
    out = io.BytesIO()
    picture.save(out, "PNG")
    assert np.array_equal(opened.picture(out.getvalue())[..., ::-1], np.asarray(picture.convert("RGB")))
