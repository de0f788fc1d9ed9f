"""declared < evidenced < countersigned."""

from __future__ import annotations

import pytest

from rules import evidence
from rules.errors import RuleBroken
from rules.evidence import Grade


def test_the_order() -> None:
    assert [grade.rank for grade in (Grade.DECLARED, Grade.EVIDENCED, Grade.COUNTERSIGNED)] == [0, 1, 2]
    assert evidence.better("evidenced", "declared") == evidence.better("declared", "evidenced") == "evidenced"
    assert evidence.reaches("countersigned", "evidenced")
    assert not evidence.reaches("declared", "evidenced")


def test_what_a_record_is_worth() -> None:
    assert evidence.grade() == "declared"
    assert evidence.grade(proofs=1) == "evidenced"
    assert evidence.grade(countersigned=True) == "countersigned"
    assert [evidence.counts(grade) for grade in Grade] == [False, True, True]
    assert Grade.EVIDENCED.label == "有凭证"


def test_a_second_person_countersigns() -> None:
    assert evidence.countersign("declared", by=2, makers={1}) == "countersigned"
    with pytest.raises(RuleBroken, match="别人"):
        evidence.countersign("evidenced", by=1, makers={1})
    with pytest.raises(ValueError):
        evidence.countersign("excellent", by=2, makers={1})
