"""Exactly one holder, whatever is tried by whomever (A-8.3c, C-4.6b)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import custody
from rules.custody import Holder, Thing
from rules.errors import RuleBroken

AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
LI, ZHOU, CHEN = 1, 2, 3


def cash(fen: int = 320_000) -> Thing:
    return Thing("cash", Holder("person", LI), fen)


def test_the_holder_changes_only_when_it_is_taken() -> None:
    offered = custody.give(cash(), LI, Holder("person", ZHOU), AT)
    assert offered.holder == Holder("person", LI)
    taken, difference = custody.take(offered, ZHOU, AT, 320_000)
    assert (taken.holder, taken.open, difference) == (Holder("person", ZHOU), None, 0)


def test_a_difference_is_kept() -> None:
    taken, difference = custody.take(custody.give(cash(), LI, Holder("person", ZHOU), AT), ZHOU, AT, 310_000)
    assert (taken.amount, difference) == (310_000, -10_000)


@pytest.mark.parametrize("who", [LI, CHEN])
def test_only_the_one_it_was_given_to_can_take_it(who: int) -> None:
    offered = custody.give(cash(), LI, Holder("person", ZHOU), AT)
    with pytest.raises(RuleBroken):
        custody.take(offered, who, AT, 320_000)
    with pytest.raises(RuleBroken):
        custody.refuse(offered, who)


def test_refused_it_stays() -> None:
    assert custody.refuse(custody.give(cash(), LI, Holder("person", ZHOU), AT), ZHOU).holder == Holder("person", LI)


@given(st.lists(st.tuples(st.sampled_from(["give", "take", "back", "refuse"]), st.sampled_from([LI, ZHOU, CHEN]), st.sampled_from([LI, ZHOU, CHEN]))))
def test_there_is_always_one_holder_and_nobody_hands_to_themselves(tried: list[tuple[str, int, int]]) -> None:
    thing = cash()
    for what, by, to in tried:
        before = thing
        try:
            if what == "give":
                thing = custody.give(thing, by, Holder("person", to), AT)
            elif what == "take":
                thing, _ = custody.take(thing, by, AT, thing.amount)
            elif what == "back":
                thing = custody.take_back(thing, by)
            else:
                thing = custody.refuse(thing, by)
        except RuleBroken:
            assert thing == before
            continue
        assert thing.holder.kind == "person"
        if thing.holder != before.holder:
            assert what == "take"
            assert before.open is not None
            assert (before.open.giver, before.open.receiver) == (before.holder, thing.holder)
            assert before.holder.id != by == thing.holder.id
