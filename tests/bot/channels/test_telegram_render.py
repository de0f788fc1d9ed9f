"""Prompts as Bot API calls: golden files for the look, figures for the limits."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from bot.channels.base import Outgoing
from bot.channels.telegram_render import ALBUM, TEXT, as_documents, render
from conversations.types import Option, Prompt
from tests.fakes.telegram_rules import check_markup, shown, units

YES = Option("对，存下", "s1.2.yes", main=True)
PICTURE = ("image/jpeg", b"\xff\xd8picture")


def out(prompt: Prompt, *files: tuple[str, bytes], cards: str = "cards") -> Outgoing:
    return Outgoing(1, "11001", prompt, "reply", files, cards)


def test_while_a_form_is_open_a_card_says_how_it_is_typed() -> None:
    card = Prompt("张敏交了日志。", (Option("签收", "a.receive.1.1"), Option("退回", "a.return.1.1")), number=12)
    assert render(out(card))[-1].body["text"] == "张敏交了日志。\n（也可以回复 接 12 1 选第 1 项）"
    assert render(out(card, cards="text"))[-1].body["text"].splitlines()[1:] == ["1. 签收", "2. 退回", "（回复 接 12 1 选第 1 项）"]


PROMPTS: dict[str, Outgoing] = {
    "words": out(Prompt("已存，今天第 3 家。")),
    "a card": out(
        Prompt(
            "华东精密｜见了王经理｜谈续约，想降 5%\n答应周五 18:00 前答复。",
            (YES, Option("改一处", "s1.2.edit"), Option("不是拜访", "s1.2.no")),
            ref="s1.2",
        )
    ),
    "a heading and a step": out(Prompt("几点能到？", (Option("马上", "a"), Option("半小时", "b")), title="1042 阳光苑<502>", step=(2, 7))),
    "as text": out(Prompt("记成这样，对吗？", (YES, Option("改一处", "s1.2.edit"))), cards="text"),
    "markup": out(Prompt("<b>5 > 3 & 2 < 4</b>", (Option("<是>", "s1.2.y"),))),
    "a long label": out(
        Prompt(
            "哪一家？",
            (Option("上海华东精密仪器有限公司松江区第一分公司研发中心三号楼三层东侧办公室（二〇二六年新搬）", "s1.2.1"), Option("别的", "s1.2.2")),
        )
    ),
    "links": out(Prompt("请看", (Option("全文", "", url="https://paojie.example/p/1"), Option("本机", "", url="http://127.0.0.1:8080/p/1")))),
    "asks for the place": out(Prompt("您在哪里？", (Option("以后再说", "s1.2.later"),), wants=("place", "text"))),
    "asks for the number": out(Prompt("请发送您的手机号。", wants=("contact",))),
    "a token too long": out(Prompt("见了谁？", (Option("王经理", "s1.2." + "王" * 20), Option("别人", "s1.2.x")))),
    "a picture": out(Prompt("门头 & 名片", (YES,)), PICTURE),
    "an album": out(Prompt("现场照片", (YES,)), PICTURE, PICTURE, ("image/png", b"\x89PNG")),
    "a voice and a paper": out(Prompt("张敏的语音"), ("audio/ogg", b"OggS"), ("application/pdf", b"%PDF")),
    "a picture without words": out(Prompt(""), PICTURE),
}


@pytest.mark.parametrize("name", PROMPTS)
def test_looks_like(name: str, snapshot: SnapshotAssertion) -> None:
    calls = render(PROMPTS[name])
    assert [(call.method, call.body, [upload[:3] for upload in call.uploads]) for call in calls] == snapshot


def texts(calls: Any) -> list[str]:
    return [shown(call.body, "text", TEXT) for call in calls if "text" in call.body]


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\n<>&字😀"), min_size=1, max_size=200), st.integers(1, 90))
@settings(max_examples=60, deadline=None)
def test_any_text_arrives_whole(text: str, times: int) -> None:
    long = (text + "\n") * times
    pieces = texts(render(out(Prompt("问：" + long))))
    assert all(0 < units(piece) <= TEXT for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(("问：" + long).split())


@given(st.lists(st.tuples(st.text(max_size=60), st.text(max_size=40), st.booleans()), max_size=120))
@settings(max_examples=60, deadline=None)
def test_any_options_make_a_keyboard_the_platform_takes(options: list[tuple[str, str, bool]]) -> None:
    shown_options = tuple(Option(label, token, main) for label, token, main in options)
    for wants in ((), ("place",)):
        last = render(out(Prompt("哪个？", shown_options, wants=wants)))[-1]
        check_markup(last.body["reply_markup"])


def test_a_long_text_is_cut_between_lines() -> None:
    lines = [f"{n}. " + "续约" * 50 for n in range(100)]
    pieces = texts(render(out(Prompt("\n".join(lines)))))
    assert [line for piece in pieces for line in piece.split("\n")] == lines


def test_only_the_last_part_has_the_buttons() -> None:
    calls = render(out(Prompt("字" * 9000, (YES,))))
    assert ["reply_markup" in call.body for call in calls] == [False, False, True]


def test_a_caption_that_does_not_fit_is_a_message_of_its_own() -> None:
    calls = render(out(Prompt("字" * 1025, (YES,)), PICTURE))
    assert [call.method for call in calls] == ["sendPhoto", "sendMessage"]
    assert render(out(Prompt("字" * 1024, (YES,)), PICTURE))[0].body["caption"] == "字" * 1024


def test_more_than_an_album() -> None:
    calls = render(out(Prompt("全部"), *[PICTURE] * 11))
    assert [(call.method, len(call.uploads)) for call in calls] == [("sendMediaGroup", ALBUM), ("sendPhoto", 1), ("sendMessage", 0)]


def test_a_hundred_buttons_and_the_rest_by_number() -> None:
    options = tuple(Option(f"第{n}项", f"s1.2.{n}") for n in range(1, 131))
    (call,) = render(out(Prompt("哪个？", options)))
    assert sum(len(row) for row in call.body["reply_markup"]["inline_keyboard"]) == 100
    assert "130. 第130项" in call.body["text"]


def test_a_heavy_picture_goes_as_a_file() -> None:
    (call,) = render(out(Prompt("原图"), ("image/jpeg", b"x" * (10 * 1024 * 1024 + 1))))
    assert call.method == "sendDocument"


def test_pictures_as_documents() -> None:
    (album, _), (photo,) = render(out(Prompt("三张"), PICTURE, PICTURE)), render(out(Prompt("一张"), PICTURE))
    assert [item["type"] for item in as_documents(album).body["media"]] == ["document", "document"]
    assert (as_documents(photo).method, as_documents(photo).uploads[0][0]) == ("sendDocument", "document")


CHART = "一周走访（11 月 16 日到 20 日）：李强 4、0、0；张敏 <2>、休、1"
PNG = ("image/png", b"\x89PNG")
PDF = ("application/pdf", b"%PDF")


def test_a_chart_has_its_words_under_it() -> None:
    """For who does not see it; the message keeps its own words and buttons (A-2.2)."""
    picture, words = render(Outgoing(1, "11001", Prompt("2 件要您处理。", (YES,)), "digest", (PNG,), words=(CHART,)))
    assert (picture.method, picture.body["caption"]) == ("sendPhoto", CHART.replace("<", "&lt;").replace(">", "&gt;"))
    assert "reply_markup" not in picture.body
    assert words.body["text"] == "2 件要您处理。"


def test_what_the_message_says_itself_is_not_said_twice() -> None:
    (only,) = render(Outgoing(1, "11001", Prompt(f"{CHART}。"), "reply", (PNG,), words=(CHART,)))
    assert only.body["caption"].count("李强") == 1


def test_a_chart_s_words_are_never_longer_than_a_caption() -> None:
    picture, _ = render(Outgoing(1, "11001", Prompt("看图"), "reply", (PNG,), words=("好" * 2000,)))
    assert units(picture.body["caption"]) <= 1024


@pytest.mark.parametrize(
    ("words", "name"),
    [("天籁音响宣传策划方案", "天籁音响宣传策划方案.pdf"), ("报价.PDF", "报价.PDF"), ("", "1.pdf"), ("..", "1.pdf"), ("a/b\\c:\n", "a_b_c__.pdf")],
)
def test_a_file_is_called_what_it_is(words: str, name: str) -> None:
    call = render(Outgoing(1, "11001", Prompt("方案"), "reply", (PDF,), words=(words,)))[0]
    assert call.uploads[0][1] == name
