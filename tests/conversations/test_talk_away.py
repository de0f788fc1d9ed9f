"""The customer's class decides the log: out of town is telephoned, or met at an exhibition (A-3.3.3)."""

from __future__ import annotations

from tests.conversations.talk import Talk, labels, text

LI = "李强"


def test_a_visit_out_of_town_is_asked_about(firm: Talk) -> None:
    heard = firm.says(LI, "拜访 声威电子 黄小姐 谈明年排期")
    assert "声威电子：这是外地客户，平时记电话" in text(heard)
    assert labels(heard) == ["展会上见的", "记电话"]
    assert "声威电子｜见了黄小姐｜谈明年排期｜展会上见的" in text(firm.taps(LI, "展会上见的"))
    firm.says(LI, "对")
    (paper,) = firm.papers(LI)
    assert (paper.form, paper.answers["fair"]) == ("CustomerVisit", "展会上")


def test_it_becomes_a_call_with_one_tap(firm: Talk) -> None:
    firm.says(LI, "拜访 声威电子 黄小姐 谈明年排期")
    assert "声威电子｜电话里是黄小姐｜谈明年排期" in text(firm.taps(LI, "记电话"))
    firm.says(LI, "对")
    assert [paper.form for paper in firm.papers(LI)] == ["PhoneCall"]


def test_typed_as_on_the_button(firm: Talk) -> None:
    firm.says(LI, "拜访")
    firm.says(LI, "声威电子")
    assert "和谁通的电话？" in text(firm.says(LI, "记电话"))


def test_met_at_an_exhibition_as_said(firm: Talk) -> None:
    heard = firm.says(LI, "拜访 声威电子 黄小姐 在展会上谈明年排期")
    assert "记成这样，对吗？" in text(heard)
    assert "展会上见的" in text(heard)


def test_a_local_customer_is_not_asked_about(firm: Talk) -> None:
    assert "记成这样，对吗？" in text(firm.says(LI, "拜访 华东精密 王经理 谈续约"))
