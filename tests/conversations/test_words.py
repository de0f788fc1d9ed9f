"""What people type for the commands, and what is no command."""

from __future__ import annotations

import pytest

from conversations import words
from conversations.words import Command


@pytest.mark.parametrize(
    ("typed", "verb"),
    [
        ("返回", "back"),
        ("上一步。", "back"),
        (" 上一问 ", "back"),
        ("改一处", "edit"),
        ("修改", "edit"),
        ("跳过", "skip"),
        ("以后补", "later"),
        ("不改", "keep"),
        ("暂停", "pause"),
        ("先放着", "pause"),
        ("取消", "cancel"),
        ("不填了", "cancel"),
        ("提交", "file"),
        ("对，存下", "file"),
        ("帮助", "help"),
        ("？", "help"),
        ("HELP", "help"),
    ],
)
def test_commands(typed: str, verb: str) -> None:
    assert words.command(typed) == Command(verb)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "rest"),
    [("改谈了什么", "谈了什么"), ("修改第3问", "第3问"), ("改3", "3"), ("我要改客户", "客户"), ("改一下 见了谁", "见了谁"), ("改「需求」", "需求")],
)
def test_edit_names_its_question(typed: str, rest: str) -> None:
    assert words.command(typed) == Command("edit", rest)


@pytest.mark.parametrize("typed", ["", "续约", "取消合同", "客户要返回定金", "改" * 301, "先放着的那份"])
def test_no_commands(typed: str) -> None:
    assert words.command(typed) is None


@pytest.mark.parametrize(("typed", "struck"), [("/", True), ("／", True), ("没有。", True), ("不适用", True), ("没有意见", False), ("1/2", False)])
def test_strikes(typed: str, struck: bool) -> None:
    assert words.strikes(typed) is struck


@pytest.mark.parametrize(
    ("typed", "nth"), [("2", 2), ("２", 2), ("第2个", 2), ("2.", 2), ("2、", 2), ("02", 2), ("0", 0), ("2个人", 0), ("两个", 0), ("1234", 0)]
)
def test_numbers(typed: str, nth: int) -> None:
    assert words.number(typed) == nth
