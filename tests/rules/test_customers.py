"""Sources, the form a customer's class asks for, silence, and names that may be one firm."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import customers
from rules.errors import RuleBroken


def test_the_source_is_one_of_the_list() -> None:
    assert customers.check_source("行业展会") == "行业展会"
    with pytest.raises(RuleBroken, match="行业杂志、行业展会、朋友介绍、其他") as broken:
        customers.check_source("路过")
    assert broken.value.clause == "A-3.1.2"


def test_the_class_decides_the_form() -> None:
    assert customers.log_form(local=True) == "visit"
    assert customers.log_form(local=False) == "call"
    customers.check_log_form(True, "call")
    customers.check_log_form(False, "visit", at_exhibition=True)
    with pytest.raises(RuleBroken, match="展会"):
        customers.check_log_form(False, "visit")


@pytest.mark.parametrize(
    ("last", "coming", "days"),
    [
        (date(2026, 11, 11), None, 0),
        (date(2026, 11, 10), None, 14),
        (date(2026, 10, 1), None, 54),
        (date(2026, 10, 1), date(2026, 11, 24), 0),
        (date(2026, 10, 1), date(2026, 11, 23), 54),
    ],
)
def test_silence(last: date, coming: date | None, days: int) -> None:
    assert customers.silent_since(last, date(2026, 11, 24), next_touch=coming) == days


def test_the_next_touch() -> None:
    assert customers.touch_by(date(2026, 11, 10)) == date(2026, 11, 24)
    assert customers.silent_since(date(2026, 11, 10), date(2026, 11, 12), after=2) == 2


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("上海华东精密仪器有限公司", "华东精密仪器"),
        ("上海市恒达影音设备有限公司", "恒达影音"),
        ("苏州东方影视技术股份有限公司", "东方影视"),
        ("ＡＢ 电器集团有限公司", "ab电器"),
        ("华东精密", "华东精密"),
        ("上海", "上海"),
        ("红星厂", "红星"),
        ("", ""),
    ],
)
def test_the_core_of_a_name(name: str, core: str) -> None:
    assert customers.core(name) == core


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("华东精密", "上海华东精密仪器有限公司", True),
        ("恒达影音（上海）有限公司", "上海恒达影音", True),
        ("ＡＢＣ 电子", "abc电子有限公司", True),
        ("恒达 影音", "恒达影音设备", True),
        ("恒达影音", "恒大影音", False),
        ("华", "华东精密", False),
        ("", "华东精密", False),
    ],
)
def test_what_may_be_the_same_firm(one: str, other: str, same: bool) -> None:
    assert customers.may_be_same(one, other) is same
    assert customers.may_be_same(other, one) is same


@given(st.text(min_size=1, max_size=30))
def test_a_name_with_letters_keeps_a_core(name: str) -> None:
    assert bool(customers.core(name)) == bool(customers.normalise(name))
    assert customers.normalise(customers.normalise(name)) == customers.normalise(name)
