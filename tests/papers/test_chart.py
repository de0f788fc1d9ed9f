"""Charts: as wide as a phone is, every number printed, no sign that the font lacks, told apart without colour."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from papers import chart, fonts

WEEK: dict[str, Any] = {
    "kind": "week",
    "title": "一周走访",
    "days": ["周一", "周二", "周三", "周四", "周五"],
    "rows": [["李强", [9, 8, 9, 7, 10]], ["张敏", [5, 0, None, 4, 6]]],
    "note": "11 月 16 日到 20 日；数字是走访次数，休是请假",
}
FUNNEL: dict[str, Any] = {
    "kind": "funnel",
    "title": "11 月漏斗",
    "rows": [["在手的客户", 40], ["谈过的客户", 12], ["签了合同", 0]],
    "note": "每家算一次",
}


def opened(spec: dict[str, Any]) -> Image.Image:
    return Image.open(BytesIO(chart.draw(spec)))


def ink(spec: dict[str, Any], colour: str) -> int:
    wanted = tuple(int(colour[n : n + 2], 16) for n in (1, 3, 5))
    image = opened(spec).convert("RGB")
    return sum(count for count, seen in image.getcolors(1 << 20) or [] if all(abs(a - b) < 8 for a, b in zip(seen, wanted, strict=True)))  # type: ignore[arg-type]


@pytest.mark.parametrize("spec", [WEEK, FUNNEL], ids=["week", "funnel"])
def test_a_phone_s_width_and_small(spec: dict[str, Any]) -> None:
    image = opened(spec)
    assert image.width == 2 * 390
    assert image.format == "PNG"
    assert len(chart.draw(spec)) < 60_000


def test_longer_bars_are_more_ink() -> None:
    more = WEEK | {"rows": [["李强", [9, 9, 9, 9, 9]], ["张敏", [9, 9, 9, 9, 9]]]}
    assert ink(more, chart.BLUE) > ink(WEEK, chart.BLUE) > 1000


def test_nought_is_no_bar_and_leave_neither() -> None:
    nothing = WEEK | {"rows": [["李强", [0, 0, None, 0, 0]]]}
    assert ink(nothing, chart.BLUE) == 0
    leave = opened(WEEK | {"rows": [["李强", [0, 0, 0, 0, 0]]]}).tobytes()
    assert opened(nothing).tobytes() != leave


def test_told_apart_in_grey() -> None:
    """Bar and ground differ in lightness, not only in hue."""
    levels = [Image.new("RGB", (1, 1), colour).convert("L").getpixel((0, 0)) for colour in (chart.PAPER, chart.PALE, chart.BLUE)]
    assert all(isinstance(level, int) for level in levels)
    paper, pale, blue = (int(level) for level in levels if isinstance(level, int))
    assert paper - pale > 20
    assert pale - blue > 80


def test_every_sign_is_in_the_font() -> None:
    assert fonts.missing("周一二三四五六日合计休上一步的家%…→" + str(WEEK) + str(FUNNEL)) == ""


def test_an_unknown_kind() -> None:
    with pytest.raises(chart.Unknown):
        chart.draw({"kind": "pie"})


@settings(max_examples=12, deadline=None)
@given(st.lists(st.tuples(st.text("欧阳修远大 A", max_size=30), st.lists(st.none() | st.integers(0, 10**6), min_size=5, max_size=5)), max_size=20))
def test_whatever_the_numbers(rows: list[tuple[str, list[int | None]]]) -> None:
    image = opened(WEEK | {"rows": [list(row) for row in rows], "title": "很长的标题" * 20})
    assert image.width == 780
    assert image.height <= 260 + chart.ROW * chart.MOST_ROWS
