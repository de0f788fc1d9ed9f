"""Lists longer than a card: every row is reached, each with its button; a page that is gone is the last one (A-1.5)."""

from __future__ import annotations

import pytest

from conversations import complaining, deliveries, paging
from tests.conversations.talk import Talk, labels, text

LI, CHEN, ZHOU, LIN = "李强", "陈主管", "周姐", "林经理"


@pytest.mark.parametrize(("count", "page", "first", "buttons"), [(0, 0, 0, []), (4, 0, 1, []), (5, 0, 1, ["下一页"]), (5, 1, 5, ["上一页"])])
def test_a_page(count: int, page: int, first: int, buttons: list[str]) -> None:
    rows = list(range(count))
    assert [nth for nth, _ in paging.cut(rows, page, 4)][:1] == ([first] if first else [])
    assert [one.label for one in paging.turn(rows, page, 4, "books")] == buttons


def test_a_page_that_is_gone_is_the_last_one() -> None:
    rows = list(range(9))
    assert paging.cut(rows, 7, 4) == [(9, 8)]
    assert [(one.label, one.token) for one in paging.turn(rows, 7, 4, "track", 3)] == [("上一页", "a.track.3.1")]


def test_every_complaint_is_reached_those_that_wait_first(firm: Talk) -> None:
    for nth, name in enumerate(("华东精密", "恒达影音", "天籁音响", "雅声", "乐韵", "新视界")):
        customer = firm.desk(LI, lambda desk, name=name: desk.find("customers", name)[0].id)  # type: ignore[misc]
        firm.later(minutes=1)
        firm.desk(ZHOU, lambda desk, id=customer, nth=nth: desk.complain(id, f"第 {nth} 件", about="paper"))  # type: ignore[misc]
    newest = firm.desk(CHEN, lambda desk: desk.complaints()[0].id)
    firm.desk(CHEN, lambda desk: desk.answer_complaint(newest, "solve", "好了"))
    first = firm.says(CHEN, "投诉")
    assert "客户意见 6 条，待处理 5 条" in text(first)
    assert "第 5 件" not in text(first)
    second = firm.taps(CHEN, "下一页")
    assert "第 5 件｜已解决" in text(second)
    assert [one for one in labels([*first, *second]) if one.startswith("看")] == [
        "看乐韵",
        "看雅声",
        "看天籁音响",
        "看恒达影音",
        "看华东精密",
        "看新视界",
    ]
    assert complaining.LISTED == 4


def test_every_book_is_reached(firm: Talk) -> None:
    def planned(desk: object) -> None:
        issue = desk.put_issue("视听技术", "2027 年第 1 期", deliver_by=firm.now.date())  # type: ignore[attr-defined]
        for name in ("华东精密", "天籁音响", "乐韵", "新视界"):
            desk.plan_delivery(issue, desk.find("customers", name)[0].id, 1)  # type: ignore[attr-defined]

    firm.desk(LIN, planned)
    first = firm.says(LI, "送书")
    assert "要送的书 6 家" in text(first)
    second = firm.taps(LI, "下一页")
    shown = [one for one in labels([*first, *second]) if one not in ("下一页", "上一页", "送给别家")]
    assert sorted(shown) == sorted(["恒达影音", "雅声", "华东精密", "天籁音响", "乐韵", "新视界"])
    assert deliveries.LISTED == 4


def test_what_a_rep_adds_comes_with_the_superiors_own_button(firm: Talk) -> None:
    firm.at("10:00")
    firm.says(ZHOU, "投诉 华东精密 送书晚了两天")
    firm.taps(ZHOU, "市场员的工作")
    firm.taps(ZHOU, "对，存下")
    firm.taps(LI, "补充情况")
    firm.says(LI, "快递误了")
    card = firm.last(CHEN)
    assert card.text.startswith("李强的客户：华东精密反映：")
    assert [one.label for one in card.options] == ["写处理结果", "补充情况"]
