"""Sums are exact, prices come from the table, any change is another hash (C-4.3.2b, C-4.3.3, C-4.3.4a)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.errors import RuleBroken
from rules.repairs.quotations import Price, difference, quote, worth

PRICES = {one.code: one for one in (Price("B1", "换 4 分球阀", "个", 3500), Price("L1", "人工", "次", 5000), Price("P1", "换水管", "米", 1250))}


def test_lines_and_sums() -> None:
    made = quote("1042", "2026-10", PRICES, [("B1", 1), ("L1", 1)])
    assert (made.total, made.capitals) == (8500, "捌拾伍元整")
    assert [(line.name, line.sum) for line in made.lines] == [("换 4 分球阀", 3500), ("人工", 5000)]


def test_sums_while_it_is_put_together() -> None:
    prices = {7: Price("a", "球阀", "个", 3500), 9: Price("b", "软管", "根", 2550)}
    assert worth(prices, {7: 2, 9: 1}) == ({7: "70.00 元", 9: "25.50 元"}, "合计 95.50 元")
    assert worth(prices, {7: 1, 8: 1}) == ({7: "35.00 元"}, "")  # taken out of the table meanwhile


def test_the_same_item_twice_is_one_line() -> None:
    assert [line.count for line in quote("1", "v", PRICES, [("P1", 2), ("P1", 3)]).lines] == [5]


@pytest.mark.parametrize(
    ("wanted", "says"), [([], "先选一项"), ([("X9", 1)], "价目表里没有「X9」"), ([("B1", 0)], "数量要是 1 到 999"), ([("B1", -1)], "数量要是")]
)
def test_what_cannot_be_quoted_says_what_to_do(wanted: list[tuple[str, int]], says: str) -> None:
    with pytest.raises(RuleBroken, match=says):
        quote("1", "v", PRICES, wanted)


wanted = st.lists(st.tuples(st.sampled_from(sorted(PRICES)), st.integers(1, 99)), min_size=1, max_size=6)


@given(wanted, wanted)
def test_two_different_quotations_never_share_a_hash(one: list[tuple[str, int]], other: list[tuple[str, int]]) -> None:
    first, second = quote("1", "v", PRICES, one), quote("1", "v", PRICES, other)
    assert (first.hash == second.hash) is (first == second)
    assert first.total == sum(PRICES[code].fen * count for code, count in one)
    assert quote("2", "v", PRICES, one).hash != first.hash
    assert quote("1", "w", PRICES, one).hash != first.hash


@given(wanted)
def test_nothing_changed_is_nothing_said(one: list[tuple[str, int]]) -> None:
    assert difference(quote("1", "v", PRICES, one), quote("1", "v", PRICES, one)) == ()


def test_the_difference_in_words() -> None:
    old, new = quote("1", "v", PRICES, [("B1", 1), ("L1", 1)]), quote("1", "v", PRICES, [("B1", 2), ("P1", 2)])
    assert difference(old, new) == (
        "不做了：人工 1 次",
        "换 4 分球阀：1 个改为 2 个",
        "新加：换水管 2 米 25.00 元",
        "合计多 10.00 元，现在是 95.00 元",
    )
