"""A signature as it is drawn: a short name, a cross and a finger mark are taken, nothing and a dot are not (C-4.5.5b)."""

from __future__ import annotations

import io
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from papers import strokes

PAD = {"w": 360, "h": 240}


def read(*lines: list[list[float]]) -> strokes.Strokes:
    return strokes.read({**PAD, "lines": list(lines)})


@pytest.mark.parametrize(
    "lines",
    [
        [[[100, 100, 0], [130, 101, 90]]],  # 一
        [[[100, 100, 0], [112, 112, 60]], [[112, 100, 200], [100, 112, 260]]],  # a small cross
        [[[180, 120, 0], [180, 120, 900]]],  # a finger that rested
        [[[180, 120, 0], [183, 122, 200], [181, 124, 640]]],
        [[[10, 200, 0], [350, 20, 500]]],
    ],
)
def test_a_signature(lines: list[list[list[float]]]) -> None:
    assert not strokes.is_blank(read(*lines))


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [[]],
        [[[100, 100, 0]]],
        [[[100, 100, 0], [101, 100, 90]]],
        [[[100, 100, 0]], [[104, 100, 300]], [[250, 30, 500]]],  # taps
    ],
)
def test_no_signature(lines: list[list[list[float]]]) -> None:
    assert strokes.is_blank(read(*lines))


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        {**PAD},
        {**PAD, "lines": [1]},
        {**PAD, "lines": [[1]]},
        {**PAD, "lines": [[[1, 2]]]},
        {**PAD, "lines": [[[1, 2, "3"]]]},
        {**PAD, "lines": [[[1, math.nan, 3]]]},
        {**PAD, "lines": [[[1, math.inf, 3]]]},
        {**PAD, "lines": [[[True, 1, 3]]]},
        {**PAD, "lines": [[]] * 401},
        {**PAD, "lines": [[[1, 1, 1]] * 12_001]},
        {"w": 0, "h": 240, "lines": []},
        {"w": 1e9, "h": 240, "lines": []},
    ],
)
def test_what_no_pad_sends(value: Any) -> None:
    with pytest.raises(strokes.Unreadable):
        strokes.read(value)


def test_outside_the_pad_is_brought_back_to_it() -> None:
    assert read([[-50, 900, 1.6]]).lines == (((0.0, 240.0, 2),),)


def test_it_is_kept_as_it_was_read() -> None:
    made = read([[10, 20, 0], [30.25, 40, 15]])
    assert strokes.read(made.plain()) == made


numbers = st.floats(0, 360, allow_nan=False)
lines = st.lists(st.lists(st.tuples(numbers, numbers, st.integers(0, 10**13)).map(list), min_size=1, max_size=8), min_size=1, max_size=6)


@given(lines)
def test_the_picture_is_ink_on_clear_ground_and_no_larger_than_its_box(drawn: list[list[list[float]]]) -> None:
    picture = Image.open(io.BytesIO(strokes.png(read(*drawn))))
    assert picture.mode == "RGBA"
    assert picture.width <= strokes.BOX[0] + 1
    assert picture.height <= strokes.BOX[1] + 1
    alpha = picture.getchannel("A")
    assert alpha.getextrema()[1] > 120
    assert alpha.getpixel((0, 0)) == 0
    assert {colour[:3] for _, colour in picture.getcolors(100_000) or []} == {strokes.PEN}
