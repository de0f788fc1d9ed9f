"""Topics by what people write, versions that say something, plans only when asked for."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from rules.errors import RuleBroken
from rules.introductions import ENCLOSED, LONGEST, TOPICS, check, topic_of
from rules.plans import wanted

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("words", "topic"),
    [("版位", "positions"), ("价格", "positions"), ("发行量", "copies"), ("新招商函", "letter"), ("业务说明", "notes"), ("今年展会", "fairs"),
     ("合同", "contract"),
     ("网络策划", "web"), ("栏目", "columns"), ("服务项目", "service"), ("火箭", ""), ("", "")],
)  # fmt: skip
def test_topic_of(words: str, topic: str) -> None:
    assert topic_of(words) == topic


def test_every_topic_is_found_by_its_own_name() -> None:
    assert [topic_of(label) for label in TOPICS.values()] == [*TOPICS]
    assert set(ENCLOSED) <= TOPICS.keys()


@pytest.mark.parametrize(
    ("topic", "name", "text", "files", "since", "problem"),
    [
        ("nothing", "12 月版", "x", 0, TODAY, "选一项"),
        ("letter", " ", "x", 0, TODAY, "版本名称"),
        ("letter", "y" * 81, "x", 0, TODAY, "版本名称"),
        ("letter", "12 月版", " ", 0, TODAY, "写内容"),
        ("letter", "12 月版", "x" * (LONGEST + 1), 0, TODAY, "3,001"),
        ("letter", "12 月版", "x", 0, TODAY - timedelta(days=1), "今天或以后"),
    ],
)
def test_what_is_no_version(topic: str, name: str, text: str, files: int, since: date, problem: str) -> None:
    with pytest.raises(RuleBroken, match=problem):
        check(topic, name, text, files, since, TODAY)


def test_a_pdf_is_enough() -> None:
    check("letter", "12 月版", "", 1, TODAY, TODAY)


@pytest.mark.parametrize("words", ["想要一份宣传方案", "请我们出个策划", "谈推广计划", "问怎么宣传", "给一份方案"])
def test_a_plan_is_wanted(words: str) -> None:
    assert wanted(words)


@pytest.mark.parametrize("words", ["谈续约", "送书3本", "看了样刊", "网络策划介绍了", ""])
def test_no_plan_is_wanted(words: str) -> None:
    assert not wanted(words)
