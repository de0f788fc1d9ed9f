"""Licences: the code's check digit, the end of the term however it is written, when it is said."""

from __future__ import annotations

from datetime import date

import pytest
from stdnum.cn import uscc

from rules import licences


@pytest.mark.parametrize("code", ["91310115MA1K4Q7B2Q", "9131 0115 ma1k 4q7b 2q", "91110000600037341L"])
def test_a_code_that_is_right(code: str) -> None:
    assert licences.code_valid(code)
    assert uscc.is_valid(licences.spelt_code(code))


def test_one_sign_changed_is_seen_as_the_library_sees_it() -> None:
    right = "91310115MA1K4Q7B2Q"
    for place in range(18):
        for sign in "0123456789ABCDEFGHJKLMNPQRTUWXY":
            changed = right[:place] + sign + right[place + 1 :]
            if place > 2:  # the first signs have lists of their own in the library
                assert licences.code_valid(changed) == uscc.is_valid(changed), changed


@pytest.mark.parametrize("code", ["", "123", "91310115MA1K4Q7B2", "91310115MA1K4Q7BIO", "营业执照"])
def test_what_is_none(code: str) -> None:
    assert not licences.code_valid(code)


@pytest.mark.parametrize(
    ("words", "last"),
    [
        ("2036-05-01", date(2036, 5, 1)),
        ("2036年5月1日", date(2036, 5, 1)),
        ("2016年05月02日至2036年05月01日", date(2036, 5, 1)),
        ("2036.5.1", date(2036, 5, 1)),
        ("长期", None),
        ("永久。", None),
    ],
)
def test_the_end_of_the_term(words: str, last: date | None) -> None:
    assert licences.ends(words) == last


@pytest.mark.parametrize("words", ["", "明年", "2036年", "2036-13-01", "2036-02-30"])
def test_what_says_no_day(words: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        licences.ends(words or " x")


def test_said_thirty_and_seven_days_before_if_that_is_to_come() -> None:
    last = date(2026, 12, 30)
    assert [*licences.reminders(last, date(2026, 11, 24))] == [date(2026, 11, 30), date(2026, 12, 23)]
    assert [*licences.reminders(last, date(2026, 12, 1))] == [date(2026, 12, 23)]
    assert [*licences.reminders(last, date(2026, 12, 29))] == []
