"""The day log's moves, figures and gaps."""

from __future__ import annotations

from datetime import date

import pytest

from rules.daylog import STEPS, Entry, Gap, Log, compose, move, standing
from rules.steps import NotNow, NotYours

DAY = date(2026, 11, 24)
KINDS = {"CustomerVisit": "visit", "PhoneCall": "call"}
REP, CHEN, STRANGER = 1, 2, 3


@pytest.mark.parametrize(
    ("state", "action", "by", "after"),
    [
        ("draft", "hand", REP, "handed"),
        ("handed", "withdraw", REP, "draft"),
        ("handed", "receive", CHEN, "received"),
        ("handed", "return", CHEN, "draft"),
        ("handed", "pass", CHEN, "handed"),
    ],
)
def test_moves(state: str, action: str, by: int, after: str) -> None:
    assert move(state, action, by=by, owner=REP, receivers={CHEN}).after == after


@pytest.mark.parametrize("state", ["draft", "handed", "received"])
@pytest.mark.parametrize("action", ["hand", "withdraw", "receive", "return"])
@pytest.mark.parametrize("by", [REP, CHEN, STRANGER])
def test_every_other_move_is_refused(state: str, action: str, by: int) -> None:
    part = {REP: "owner", CHEN: "receiver"}.get(by, "nobody")
    allowed = any(one.action == action and state in one.before and part in one.by for one in STEPS)
    if allowed:
        assert move(state, action, by=by, owner=REP, receivers={CHEN}).clause.startswith("A-3.3.6")
        return
    with pytest.raises((NotNow, NotYours)) as refused:
        move(state, action, by=by, owner=REP, receivers={CHEN})
    assert refused.value.clause.startswith("A-3.3.6")


def test_nobody_receives_their_own_log() -> None:
    with pytest.raises(NotYours):
        move("handed", "receive", by=REP, owner=REP, receivers={REP, CHEN})


def test_only_receipt_closes() -> None:
    assert [one.action for one in STEPS if one.closes] == ["receive"]


@pytest.mark.parametrize(
    ("state", "on_leave", "due", "expected"),
    [
        ("received", False, True, "received"),
        ("handed", True, True, "handed"),
        ("draft", True, True, "leave"),
        ("", True, True, "leave"),
        ("", False, True, "missing"),
        ("draft", False, True, "missing"),
        ("draft", False, False, "not_due"),
    ],
)
def test_standing(state: str, on_leave: bool, due: bool, expected: str) -> None:
    assert standing(state, on_leave=on_leave, due=due) == expected


def test_the_log_counts_and_names_what_is_missing() -> None:
    rows = [
        Entry("PhoneCall", 9, "苏州明远", "报价"),
        Entry("CustomerVisit", 8, "恒达影音", "送书 3 本", open=("见了谁？",)),
        Entry("CustomerVisit", 7, "华东精密", "续约；收款 3200"),
        Entry("NewCustomer", 6, "新光"),
    ]
    log = compose(DAY, rows, KINDS)
    assert log == Log(DAY, visits=2, calls=1, books=1, receipts=1, others=1, gaps=(Gap(8, "恒达影音", "见了谁？"),))
    assert log.figures() == "拜访 2 家，电话 1 个，送书 1 家，收款 1 笔，其他 1 件"


def test_an_empty_day() -> None:
    log = compose(DAY, [], KINDS)
    assert log.empty
    assert log.figures() == ""
