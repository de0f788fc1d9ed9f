"""Fen, read and written exactly; capitals as cn2an writes them, and as banks do where that differs."""

from __future__ import annotations

import cn2an  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import money
from rules.errors import RuleBroken

amounts = st.integers(1, money.LARGEST)


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("3200", 320000),
        ("3,200", 320000),
        ("3，200", 320000),
        ("¥85.5", 8550),
        ("￥1,234,567.89", 123456789),
        ("0.05元", 5),
        ("12.50 元", 1250),
        ("12.500", 1250),
        ("0", 0),
        ("12.345", None),
        ("3,20", None),
        ("32,00", None),
        ("12abc", None),
        ("-5", None),
        ("", None),
        (".5", None),
        ("1e3", None),
        ("٣", None),
        ("1" * 16, None),
    ],
)
def test_reading(text: str, fen: int | None) -> None:
    assert money.read(text) == fen


@given(st.integers(0, money.LARGEST))
def test_what_is_written_is_read_back(fen: int) -> None:
    assert money.read(money.exact(fen)) == fen
    assert money.read(money.short(fen)) == fen


def test_writing() -> None:
    assert money.exact(320000) == "3,200.00"
    assert money.exact(-5) == "-0.05"
    assert money.short(320000) == "3,200 元"
    assert money.short(8550) == "85.50 元"


@pytest.mark.parametrize(
    ("fen", "capitals"),
    [
        (8500, "捌拾伍元整"),
        (0, "零元整"),
        (5, "伍分"),
        (50, "伍角"),
        (32504, "叁佰贰拾伍元零肆分"),
        (140950, "壹仟肆佰零玖元伍角"),
        (600714, "陆仟零柒元壹角肆分"),
        (10700053, "壹拾万柒仟元伍角叁分"),
        (1000000000, "壹仟万元整"),
        (10_0000_1000_00, "壹拾亿零壹仟元整"),
        (1_0000_0000_00, "壹亿元整"),
        (1_0001_0000_00, "壹亿零壹万元整"),
        (1_2000_0001_00, "壹亿贰仟万零壹元整"),
        (9999_9999_9999_99, "玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
        (-8500, "负捌拾伍元整"),
    ],
)
def test_capitals(fen: int, capitals: str) -> None:
    assert money.capitals(fen) == capitals


@given(amounts)
def test_capitals_as_cn2an_writes_them(fen: int) -> None:
    ours = money.capitals(fen)
    theirs = cn2an.an2cn(f"{fen // 100}.{fen % 100:02d}", "rmb")
    # Across a whole empty group cn2an writes 壹亿壹仟; the 零 of 壹亿零壹仟 is what a bank reads.
    assert ours == theirs or ours.replace("亿零", "亿") == theirs


@given(amounts)
def test_capitals_are_read_back(fen: int) -> None:
    yuan, _, rest = money.capitals(fen).rpartition("元")
    assert (cn2an.cn2an(yuan, "normal") if yuan else 0) == fen // 100
    assert (not rest or rest == "整") == (fen % 100 == 0)


def test_too_much_and_nothing() -> None:
    with pytest.raises(ValueError):
        money.capitals(money.LARGEST + 1)
    assert money.positive(1) == 1
    for fen in (0, -1, money.LARGEST + 1):
        with pytest.raises(RuleBroken) as broken:
            money.positive(fen)
        assert broken.value.clause == "A-8.1a"
