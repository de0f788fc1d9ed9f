"""What the page offers before anything is said is each role's own work, and every word of it is understood."""

from __future__ import annotations

import pytest

from bot.web import offered
from rules.people import ROLES
from storage.database import Database
from tests.conversations.talk import Talk, text


@pytest.mark.parametrize(
    ("roles", "labels", "example"),
    [
        ({"rep"}, ["今天", "记拜访", "记电话", "日志", "查客户", "怎么做"], "拜访 华东精密 王经理 谈续约"),
        ({"supervisor"}, ["今天", "谁没交", "成绩", "查客户", "办公", "怎么做"], "谁没交"),
        ({"technician"}, ["我的单", "求助", "管理制度", "怎么做"], "我的单"),
        ({"service_desk"}, ["登记报修", "单子", "查单", "管理制度", "办公", "怎么做"], "报修 阳光苑3-502 厨房水龙头漏水"),
        ({"admin"}, ["办公", "怎么做"], "办公"),
        ({"finance"}, ["怎么做"], "怎么做"),
    ],
)
def test_offered_by_role(roles: set[str], labels: list[str], example: str) -> None:
    assert [item.label for item in offered.menu(roles)] == labels
    assert offered.welcome(roles)[1] == example


@pytest.mark.parametrize("role", ROLES)
def test_no_word_twice_and_no_word_without_an_end(role: str) -> None:
    labels = [item.label for item in offered.menu({role, "rep"})]
    assert len(labels) == len(set(labels))
    assert labels[-1] == "怎么做"


@pytest.mark.parametrize("who", ["李强", "陈主管", "林经理", "小吴", "周姐", "小方", "王师傅", "高经理", "田站长", "许姐"])
def test_each_word_is_understood_by_whoever_is_offered_it(database: Database, who: str) -> None:
    firm = Talk(database)
    roles = firm.person(who).roles
    for words in (*(item.say for item in offered.menu(roles) if item.say), offered.welcome(roles)[1]):
        heard = text(firm.says(who, words))
        assert "没看懂" not in heard, (who, words)
        firm.says(who, "取消")
