"""Figures as a person is told them: what counts, why something does not yet, every line down to its record (A-2.1)."""

from __future__ import annotations

import pytest

from conversations import statements
from tests.conversations.talk import Talk, labels, text

LI, CHEN, LIN = "李强", "陈主管", "林经理"


@pytest.mark.parametrize("words", ["送书 恒达影音 3 本 孙经理签收，招商函业务说明都给了", "送书 天籁音响 1 本 张总签收，招商函业务说明都给了"])
def test_a_book_counts_with_its_receipt_planned_or_not(firm_on_either: Talk, words: str) -> None:
    firm = firm_on_either
    firm.at("10:00")
    firm.says(LI, words)
    firm.taps(LI, "对，存下")
    assert "送书送刊 0 次（另 1 缺签收凭证）" in text(firm.says(LI, "我的数据"))
    firm.sends(LI)
    assert "付出：送书送刊 1 次。" in text(firm.says(LI, "我的数据"))
    firm.taps(LI, "送书送刊 1")
    firm.taps(LI, "看第 1 条")
    assert "有凭证（算在数据里）" in text(firm.taps(LI, "看记录"))
    firm.says(LI, "撤回")
    firm.taps(LI, "撤回这条")
    assert "送书送刊" not in text(firm.says(LI, "我的数据"))


def test_why_a_line_does_not_count_is_said(firm: Talk) -> None:
    firm.at("10:00")
    promise = firm.cases(LI, "promise")[0]
    firm.token(LI, f"a.promise.{promise.id}.{promise.rev}.kept")
    assert "按时答复客户 0 件（另 1 晚了或缺凭证）" in text(firm.says(LI, "我的数据"))
    assert "今天 10:00 天籁音响的报价（还不算）" in text(firm.taps(LI, "按时答复客户 0"))
    said = text(firm.taps(LI, "看第 1 条"))
    assert "今天 10:00 李强 已答复客户" in said
    assert "还不算（晚了或缺凭证）：答应客户的事在约定时间前答复，并有一条算数的走访或电话为证。" in said


def test_every_line_opens_however_many_there_are(firm: Talk) -> None:
    """Each figure of the sheet has its button, each record of a page too; back and forth."""
    firm.at("10:00")
    for name in ("华东精密", "天籁音响", "雅声", "乐韵", "新视界"):
        firm.later(minutes=10)
        firm.says(LI, f"拜访 {name} 王经理 谈续约")
        firm.taps(LI, "对，存下")
    firm.says(LI, "电话 东方视讯 何小姐 报价已发")
    firm.taps(LI, "对，存下")
    sheet = firm.says(LI, "我的数据")
    assert labels(sheet) == ["走访 0", "电话 0", "上月"]
    first = firm.taps(LI, "走访 0")
    assert labels(first) == ["看第 1 条", "看第 2 条", "看第 3 条", "看第 4 条", "下一页", "回到数据"]
    second = firm.taps(LI, "下一页")
    assert labels(second) == ["看第 5 条", "上一页", "回到数据"]
    assert "5 今天 10:10 华东精密" in text(second)
    assert "还不算：补一张照片，或随日志交主管签收" in text(firm.taps(LI, "看第 5 条"))


def test_another_year_is_named(firm: Talk) -> None:
    assert "2025 年 12 月的数据" in text(firm.token(LI, "a.sheet.2025-12"))
    assert "点一项" not in text(firm.token(LI, "a.sheet.2025-12"))
    assert "2025 年 12 月，2 人" in text(firm.token(CHEN, "a.sheets.2025-12"))


def test_the_team_a_page_at_a_time(firm: Talk) -> None:
    shown = firm.says(LIN, "本月")
    assert labels(shown) == ["李强", "张敏", "上月", "漏斗"]
    assert "合计：走访 0" in text(shown)


def test_somebodys_by_name_for_who_looks_after_them(firm: Talk) -> None:
    for words in ("张敏的数据", "数据 张敏", "本月 张敏", "张敏本月的数据", "张敏 成绩"):
        assert text(firm.says(CHEN, words)).startswith("张敏 11 月的数据"), words
    assert text(firm.says(CHEN, "上月 张敏")).startswith("张敏 10 月的数据")
    assert "张敏 11 月" not in text(firm.says(LI, "张敏的数据"))


def test_of_who_has_left_the_manager_looks_and_approves_and_nobody_else(firm: Talk) -> None:
    firm.at("10:00")
    firm.says(LI, "拜访 华东精密 王经理 谈续约")
    firm.sends(LI)
    firm.taps(LI, "对，存下")
    firm.desk("小吴", lambda world: world.dismiss(firm.ids[LI]))
    sheet = f"a.sheet.2026-11.{firm.ids[LI]}"
    assert "李强 11 月的数据" in text(firm.token(LIN, sheet)).replace("2026 年 ", "")
    assert "走访 1" in labels(firm.token(LIN, sheet))
    assert "11 月的数据" not in text(firm.token(CHEN, sheet))
    card = firm.desk(LIN, lambda world: statements.to_manager(world, case) if (case := statements.issued(world, "2026-11", firm.ids[LI])) else None)
    assert card is not None
    assert [one.label for one in card.options] == ["核准", "看每一条"]
    assert text(firm.token(CHEN, card.options[0].token)) != (done := "已核准李强 11 月的数据单，已归档。")
    assert text(firm.token(LIN, card.options[0].token)) == done
    assert text(firm.token(LIN, card.options[0].token)) != done
