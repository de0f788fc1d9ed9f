"""Cells as people fill them in."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import cells, headings
from rules.cells import Faulty
from rules.lists import CUSTOMERS, LISTS, PEOPLE

PHONE, DAY, MONEY, TIME, ROLES = (
    PEOPLE.column("phone"),
    PEOPLE.column("joined_on"),
    CUSTOMERS.column("spend_fen"),
    PEOPLE.column("opens"),
    PEOPLE.column("roles"),
)


@pytest.mark.parametrize(
    "cell",
    [
        46329,
        46329.0,
        "46329",
        datetime(2026, 11, 3),  # noqa: DTZ001
        datetime(2026, 11, 3, 9, 30),  # noqa: DTZ001
        date(2026, 11, 3),
        "2026/11/3",
        "2026-11-03",
        "2026.11.3",
        "2026年11月3日",
        "２０２６年１１月３日",
        "20261103",
        " 2026 年 11 月 3 日 ",
        "2026-11-03 00:00:00",
    ],
)
def test_one_day_in_many_spellings(cell: Any) -> None:
    assert cells.read(DAY, cell) == date(2026, 11, 3)


@pytest.mark.parametrize("cell", ["2026-13-01", "2026年2月30日", "去年", "11月3日", 5, "12/31/2026", True])
def test_no_day(cell: Any) -> None:
    with pytest.raises(Faulty):
        cells.read(DAY, cell)


@pytest.mark.parametrize(
    ("cell", "fen"),
    [
        (1200, 120_000),
        (1200.5, 120_050),
        ("1,200.00", 120_000),
        ("1.2万", 1_200_000),
        ("¥36,000", 3_600_000),
        ("３５元", 3500),
        ("35.00 元", 3500),
        (0.1 + 0.2, 30),
        ("0", 0),
    ],
)
def test_money(cell: Any, fen: int) -> None:
    assert cells.read(MONEY, cell) == fen


@pytest.mark.parametrize("cell", ["很多", -5, "1.234", 1.234, "1,20", "12 美元", 1e20, True, float("nan"), float("inf")])
def test_no_money(cell: Any) -> None:
    with pytest.raises(Faulty):
        cells.read(MONEY, cell)


@pytest.mark.parametrize(
    ("cell", "phone"),
    [
        (13800010001.0, "13800010001"),
        (13800010001, "13800010001"),
        ("138 0001 0001", "13800010001"),
        ("138-0001-0001", "13800010001"),
        ("+86 13800010001", "13800010001"),
        ("１３８０００１０００１", "13800010001"),
        ("021-55510101", "021-55510101"),
        ("(021) 55510101", "02155510101"),
        ("021-55510101转801", "021-55510101转801"),
        ("13800010001/13900010001", "13800010001、13900010001"),
    ],
)
def test_phones(cell: Any, phone: str) -> None:
    assert cells.read(PHONE, cell) == phone


@pytest.mark.parametrize("cell", ["1.38E+10", "1380001000", "138000100012", "没有", "abc", "12"])
def test_no_phone(cell: Any) -> None:
    with pytest.raises(Faulty):
        cells.read(PHONE, cell)


@pytest.mark.parametrize("cell", [0.375, "0.375", time(9), timedelta(hours=9), "9:00", "09:00:00", "9点", "9：00", "上午9点"])
def test_times(cell: Any) -> None:
    assert cells.read(TIME, cell) == "09:00"


def test_half_past_and_afternoon() -> None:
    assert cells.read(TIME, "下午5点半") == "17:30"
    with pytest.raises(Faulty):
        cells.read(TIME, "25:00")


def test_roles_and_names() -> None:
    assert cells.read(ROLES, "业务员、主管") == ("市场员", "部门主管")
    assert cells.read(PEOPLE.column("name"), " 李　强 ") == "李强"
    assert cells.read(PEOPLE.column("name"), "John  Smith") == "John Smith"
    assert cells.read(CUSTOMERS.column("local"), "是") == "本地"
    with pytest.raises(Faulty, match="请选"):
        cells.read(ROLES, "飞行员")


def test_blank_is_nothing() -> None:
    for column in PEOPLE.columns:
        assert cells.read(column, "  ") is None
        assert cells.read(column, None) is None


@pytest.mark.parametrize(
    "heading", ["手机号", "手机号*", "手机号（必填）", "电话", "联系方式", "联系电话：", "手机 号码", "手　机", "移动电话\n(11位)"]
)
def test_headings_of_their_own(heading: str) -> None:
    found = headings.meant(PEOPLE, heading)
    assert found is not None
    assert found.name == "phone"


def test_a_heading_nobody_knows_is_not_guessed() -> None:
    assert headings.meant(PEOPLE, "生日") is None
    assert headings.meant(PEOPLE, "") is None


def test_no_heading_means_two_columns_of_a_list() -> None:
    for one in LISTS.values():
        spelt = [headings.fold(name) for column in one.columns for name in set(map(headings.fold, headings.names(column)))]
        assert len(spelt) == len(set(spelt)), one.name


@given(st.integers(0, 10**12))
def test_money_goes_out_and_in_as_the_same(fen: int) -> None:
    assert cells.read(MONEY, cells.spelt(MONEY, fen)) == fen


@given(st.dates(date(1930, 1, 1), date(2190, 1, 1)))
def test_days_go_out_and_in_as_the_same(day: date) -> None:
    assert cells.read(DAY, cells.spelt(DAY, day)) == day


@given(st.one_of(st.text(max_size=300), st.floats(), st.integers(), st.booleans(), st.datetimes(), st.times(), st.timedeltas()))
def test_any_cell_is_read_or_named_faulty(cell: Any) -> None:
    for one in LISTS.values():
        for column in one.columns:
            try:
                value = cells.read(column, cell)
            except Faulty:
                continue
            assert value is None or cells.read(column, cells.spelt(column, value)) == value
