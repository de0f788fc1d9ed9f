"""The day's papers against the register (C-4.6c)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from rules.repairs.reconciliation import Handed, Registered, reconcile

AT = datetime(2026, 11, 24, 2, tzinfo=UTC)
ONE = Registered("1042", "阳光苑 3 号楼 502", AT, 8500)
PAPER = Handed("ZC-010-7", "1042", "阳光苑3号楼502", AT + timedelta(hours=1), 8500)


def test_what_agrees_is_matched() -> None:
    (found,) = reconcile([ONE], [PAPER])
    assert (found.finding, found.open) == ("matched", False)


def test_one_missing_and_one_too_many() -> None:
    stray = replace(PAPER, paper="ZC-010-9", number="1050")
    assert [(one.finding, one.number, one.paper) for one in reconcile([ONE], [stray])] == [("missing", "1042", ""), ("extra", "1050", "ZC-010-9")]
    again = replace(PAPER, paper="ZC-010-8")
    assert [one.finding for one in reconcile([ONE], [PAPER, again])] == ["matched", "extra"]


def test_what_differs_is_named() -> None:
    (found,) = reconcile([ONE], [replace(PAPER, address="阳光苑 3 号楼 503", fen=8000, at=AT - timedelta(minutes=1))])
    assert found.finding == "differs"
    assert found.notes == ("地址：登记 阳光苑 3 号楼 502，单上 阳光苑 3 号楼 503", "时间：修的时间早于报修", "金额：登记 85.00，单上 80.00")


def test_without_a_signature() -> None:
    (found,) = reconcile([ONE], [replace(PAPER, signed=False)])
    assert (found.finding, found.open) == ("unsigned", True)


numbers = st.lists(st.sampled_from(["1", "2", "3", "4", ""]), max_size=8)


@given(st.sets(st.sampled_from(["1", "2", "3", "4"])), numbers)
def test_every_request_and_every_paper_is_on_exactly_one_line(register: set[str], papers: list[str]) -> None:
    handed = [Handed(f"p{nth}", number, ONE.address, AT, ONE.fen) for nth, number in enumerate(papers)]
    found = reconcile([replace(ONE, number=number) for number in sorted(register)], handed)
    assert sorted(one.paper for one in found if one.paper) == sorted(one.paper for one in handed)
    assert sorted(one.number for one in found if one.finding != "extra") == sorted(register)
