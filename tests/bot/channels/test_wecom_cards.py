"""Prompts as WeCom shows them: golden cards and texts, and nothing lost whatever the words."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from bot.channels.base import Outgoing
from bot.channels.wecom_cards import BODY, LABEL, TEXT_BYTES, TITLE, as_text, button_card, messages, split, task_id
from conversations.types import Option, Prompt
from tests.fakes.wecom_rules import refused_card

YES, EDIT, NO = Option("对，存下", "s12.3.yes", main=True), Option("改一处", "s12.3.edit"), Option("不是拜访", "s12.3.no")
PROMPTS: Mapping[str, Prompt] = {
    "greeting": Prompt(
        "李强，您好。我是跑街，帮您记拜访、写日志、催事情。位置只在您发送时记录，不跟踪。直接发一句话就行，例如：拜访 华东精密 王经理 谈续约。",
        (Option("试一次，不留记录", "a.trial"), Option("今天", "a.today", main=True), Option("这不是我", "a.notme")),
    ),
    "one line visit": Prompt("记成这样，对吗？华东精密｜见了王经理｜谈续约，想降 5%｜答应周五 18:00 前答复。", (YES, EDIT, NO), ref="s12.3"),
    "a step of a form": Prompt("几点到的？", (Option("现在", "s12.4.now"),), ref="s12.4", title="客户走访表 华东精密", step=(2, 7)),
    "a link": Prompt("今天的日志写好了。", (Option("看全文", "", url="https://paojie.example/p/7"), Option("交陈主管", "a.hand.7.2", main=True))),
    "plain": Prompt("已存，今天第 3 家。照片可以现在发，也可以晚上补。"),
    "seven options": Prompt("您想做什么？", tuple(Option(f"第{n}件事", f"a.start.Form{n}") for n in range(1, 8))),
    "a long label": Prompt("哪一家？", (Option("上海华东精密仪器有限公司", "s12.5.7"), Option("恒达影音", "s12.5.8"))),
    "a long text": Prompt(
        "早，今天 9 家：\n" + "\n".join(f"{n}. 9:30 华东精密，续约，剩 12 天" for n in range(1, 10)), (Option("看全部", "a.today"),), title="今天"
    ),
}


def out(prompt: Prompt, id: int = 77, cards: str = "cards") -> Outgoing:
    return Outgoing(id=id, to="liqiang", prompt=prompt, lane="reply", cards=cards)


def test_while_a_form_is_open_a_card_says_how_it_is_typed() -> None:
    both = Prompt("张敏交了日志。", (Option("签收", "a.receive.1.1"), Option("退回", "a.return.1.1")), number=12)
    (card,) = messages(out(both))
    assert card["template_card"]["sub_title_text"] == "（也可以回复 接 12 1 选第 1 项）"
    assert as_text(both).splitlines() == ["张敏交了日志。", "1. 签收", "2. 退回", "（回复 接 12 1 选第 1 项）"]
    assert as_text(replace(both, options=both.options[:1])).endswith("（回复 接 12）")
    (full,) = messages(out(replace(both, text="张敏交了日志。\n" + "记" * BODY)))
    assert full["template_card"]["sub_title_text"] == "记" * BODY


@pytest.mark.parametrize("name", PROMPTS)
def test_as_shown(name: str, snapshot: SnapshotAssertion) -> None:
    assert messages(out(PROMPTS[name])) == snapshot


@pytest.mark.parametrize("name", PROMPTS)
def test_as_shown_to_who_wants_text(name: str, snapshot: SnapshotAssertion) -> None:
    shown = messages(out(PROMPTS[name], cards="text"))
    assert [message["text"]["content"] for message in shown] == snapshot


def a_card(prompt: Prompt, **rest: Any) -> Mapping[str, Any] | None:
    message = button_card(out(prompt, **rest))
    return message["template_card"] if message else None


@pytest.mark.parametrize(
    "options",
    [
        (),
        tuple(Option(str(n), f"s1.2.{n}") for n in range(7)),
        (Option("十个字以内的字才行啊啊", "s1.2.a"),),
        (Option("", "s1.2.a"),),
        (Option("  ", "s1.2.a"),),
        (Option("是", "s1.2.a"), Option("好", "s1.2.a")),
        (Option("是", ""),),
        (Option("是", "s1.2." + "字" * 400),),
        (Option("看", "", url="javascript:alert(1)"),),
        (Option("看", "", url="https://x.example/" + "a" * 2048),),
    ],
)
def test_what_a_card_cannot_carry_goes_as_text(options: tuple[Option, ...]) -> None:
    assert a_card(Prompt("好吗？", options)) is None
    assert messages(out(Prompt("好吗？", options)))[0]["msgtype"] == "text"


@pytest.mark.parametrize(
    ("text", "title", "body"),
    [
        ("记成这样，对吗？华东精密", "记成这样，对吗？华东精密", None),
        ("记成这样，对吗？" + "字" * 60, "记成这样，对吗？", "字" * 60),
        ("第一行\n第二行\n第三行", "第一行", "第二行\n第三行"),
        ("字" * 60, "请您选一下", "字" * 60),
        ("字" * 26, "字" * 26, None),
        ("字" * 27, "请您选一下", "字" * 27),
        ("", "请您选一下", None),
        (" \n ", "请您选一下", None),
    ],
)
def test_title_and_body(text: str, title: str, body: str | None) -> None:
    card = a_card(Prompt(text, (YES,)))
    assert card is not None
    assert (card["main_title"]["title"], card.get("sub_title_text")) == (title, body)


def test_a_body_too_long_or_a_title_too_long_goes_as_text() -> None:
    assert a_card(Prompt("字" * (BODY + 1), (YES,), title="今天")) is None
    assert a_card(Prompt("好", (YES,), title="字" * (TITLE + 1))) is None
    assert a_card(Prompt("字" * BODY, (YES,), title="字" * TITLE)) is not None


def test_the_main_button_stands_out() -> None:
    card = a_card(Prompt("好吗？", (EDIT, YES)))
    assert card is not None
    assert [button["style"] for button in card["button_list"]] == [2, 1]


def test_a_task_id_is_the_same_for_every_attempt_and_no_other() -> None:
    prompt = PROMPTS["one line visit"]
    assert task_id(out(prompt)) == task_id(out(prompt))
    others = [out(prompt, id=78), out(replace(prompt, text="别的")), out(replace(prompt, ref="s12.4")), replace(out(prompt), to="zhangmin")]
    assert len({task_id(other) for other in (out(prompt), *others)}) == 5
    assert all(re.fullmatch(r"[0-9A-Za-z_@-]{1,128}", task_id(other)) for other in others)


def test_only_a_card_asks_for_the_check_against_doubles() -> None:
    """Two texts of the same words within half an hour are two: 好的, 好的."""
    assert "enable_duplicate_check" in messages(out(PROMPTS["greeting"]))[0]
    assert "enable_duplicate_check" not in messages(out(PROMPTS["plain"]))[0]


def test_nothing_to_say_says_nothing() -> None:
    assert messages(out(Prompt(""))) == []
    assert messages(out(Prompt(" \n "))) == []


def test_lines_are_kept_whole_where_they_fit() -> None:
    lines = ["字" * 500, "a" * 400, "二" * 300]
    assert list(split("\n".join(lines), TEXT_BYTES)) == ["字" * 500 + "\n" + "a" * 400, "二" * 300]


words = st.text(max_size=400)  # without surrogates
labels = st.text(st.characters(codec="utf-8", min_codepoint=32), max_size=14)
an_option = st.builds(Option, labels, st.text("abc123._字", max_size=12).map("s1.2.".__add__), st.booleans())
a_prompt = st.builds(Prompt, words, st.lists(an_option, max_size=8).map(tuple), title=st.one_of(st.just(""), labels))


@settings(deadline=None)
@given(words, st.integers(4, 60))
def test_split_loses_nothing(text: str, limit: int) -> None:
    pieces = list(split(text, limit))
    assert all(len(piece.encode()) <= limit for piece in pieces)
    assert "".join(pieces).replace("\n", "") == text.replace("\n", "")


@settings(max_examples=200, deadline=None)
@given(a_prompt, st.sampled_from(["cards", "text"]))
def test_any_prompt_is_accepted_and_whole(prompt: Prompt, cards: str) -> None:
    """What a phone cuts is never sent, what the platform refuses neither."""
    for message in messages(out(prompt, cards=cards)):
        json.dumps(message)
        if message["msgtype"] == "text":
            assert 0 < len(message["text"]["content"].encode()) <= TEXT_BYTES
            continue
        card = message["template_card"]
        assert refused_card(card) is None
        assert len(card["main_title"]["title"]) <= TITLE
        assert len(card.get("sub_title_text", "")) <= BODY
        assert all(0 < len(button["text"]) <= LABEL for button in card["button_list"])
        assert [(button["text"], button["key"]) for button in card["button_list"]] == [(option.label, option.token) for option in prompt.options]
        shown = card["main_title"]["title"] + card.get("sub_title_text", "")
        assert "".join(prompt.text.split()) in "".join(shown.split())


def test_numbers_count_the_options() -> None:
    text = as_text(PROMPTS["seven options"])
    assert "7. 第7件事" in text
    assert "1. 第1件事" in text
