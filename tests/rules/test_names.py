"""The name on a seal and the name expected: equal after normalisation or not a match, whatever is near."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import names
from rules.names import Reading, agree, marked, normal, same

HENGDA = "恒达影音（上海）有限公司"

SAME = [
    ("恒达影音（上海）有限公司", "恒达影音(上海)有限公司"),
    ("恒达影音（上海）有限公司", "恒达影音〔上海〕有限公司"),
    ("恒达影音（上海）有限公司", "恒达影音[上海]有限公司"),
    ("恒达影音（上海）有限公司", "恒达影音【上海】有限公司"),
    ("恒达影音（上海）有限公司", " 恒达影音 （上海） 有限公司\n"),
    ("恒达影音有限公司", "恒达影音\u3000有限公司"),
    ("恒达影音有限公司", "恒达\u200b影音有限公司"),
    ("ABC广告有限公司", "ＡＢＣ广告有限公司"),
    ("3M中国有限公司", "３Ｍ中国有限公司"),
]

OTHER = [  # each is another firm, or may be
    ("恒达影音有限公司", "恒达影视有限公司"),
    ("恒达影音有限公司", "恒达影音有限责任公司"),
    ("恒达影音有限责任公司", "恒达影音有限公司"),
    ("恒达影音有限公司", "恒达影音股份有限公司"),
    ("恒达影音有限公司", "恒达影音有限公司上海分公司"),
    ("恒达影音有限公司上海分公司", "恒达影音有限公司"),
    ("恒达影音有限公司", "恒达影音集团有限公司"),
    ("上海恒达影音有限公司", "恒达影音有限公司"),
    ("上海恒达影音有限公司", "上海市恒达影音有限公司"),
    ("恒达影音（上海）有限公司", "恒达影音上海有限公司"),
    ("恒达影音（上海）有限公司", "恒达影音（北京）有限公司"),
    ("平顶山市工商行政管理局湛河分局", "平顶山市工商行政管理局湛风分局"),
    ("涧西区印务有限公司", "润西区印务有限公司"),
    ("焦作广告有限公司", "集作广告有限公司"),
    ("未来广告有限公司", "末来广告有限公司"),
    ("己成广告有限公司", "已成广告有限公司"),
    ("恒达广告有限公司", "恆達廣告有限公司"),
    ("ABC广告有限公司", "abc广告有限公司"),
    ("恒达影音有限公司", "恒达影音有限公"),
    ("恒达影音有限公司", "达影音有限公司"),
    ("恒达影音有限公司", "恒达音影有限公司"),
    ("恒达影音有限公司", "恒达影音有限公司公司"),
    ("恒达1影音有限公司", "恒达l影音有限公司"),
]


@pytest.mark.parametrize(("expected", "read"), SAME)
def test_width_brackets_and_spaces_do_not_count(expected: str, read: str) -> None:
    assert same(expected, read)
    assert agree(expected, [Reading(read)]).verdict == "match"


@pytest.mark.parametrize(("expected", "read"), OTHER)
def test_near_miss_never_matches(expected: str, read: str) -> None:
    assert not same(expected, read)
    answer = agree(expected, [Reading(read)])
    assert answer.verdict != "match"
    assert answer.expected == expected
    assert answer.read == read


@pytest.mark.parametrize("read", ["上海广告装潢公司", "海口市第三人民医院", "X", "东阿县行政审批服务局"])
def test_another_firm_is_a_mismatch(read: str) -> None:
    answer = agree(HENGDA, [Reading(read)])
    assert answer.verdict == "mismatch"
    assert read in answer.words


def test_what_may_have_lost_characters_never_matches() -> None:
    assert agree("恒达影音有限公司", [Reading("恒达影音有限公司", whole=False)]).verdict == "unsure"


def test_a_later_reading_cannot_outvote_the_first_whole_one() -> None:
    """The expected name must not choose among readings: a second reading that happens to be equal is no match."""
    readings = [Reading("恒达影视有限公司", 0.9), Reading("恒达影音有限公司", 0.8)]
    answer = agree("恒达影音有限公司", readings)
    assert answer.verdict == "unsure"
    assert answer.read == "恒达影音有限公司"


def test_nothing_read_is_not_a_no() -> None:
    assert agree(HENGDA, []).verdict == "unsure"
    assert agree(HENGDA, [Reading(""), Reading("  ")]).verdict == "unsure"


def test_an_empty_name_agrees_with_nothing() -> None:
    assert agree("", [Reading("恒达影音有限公司")]).verdict == "mismatch"
    assert not same("", "")


def test_the_differing_character_is_marked_and_counted() -> None:
    assert marked("恒达影音有限公司", "恒达影视有限公司") == ("恒达影**音**有限公司", "恒达影**视**有限公司")
    words = agree("恒达影音有限公司", [Reading("恒达影视有限公司")]).words
    assert words == "请核对一个字：写的是“恒达影**音**有限公司”，印章像“恒达影**视**有限公司”。"
    assert "2 个字" in agree("恒达影音有限公司", [Reading("恒达影音有限责任公司")]).words


def test_words_are_fit_for_the_customers_eyes() -> None:
    for _, read in OTHER:
        words = agree(HENGDA, [Reading(read)]).words
        assert not any(bad in words for bad in ("假", "错误", "不一致", "真", "伪"))


HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)
NAMES = st.text(HAN, min_size=2, max_size=24)


@given(NAMES, st.data())
def test_one_character_changed_lost_doubled_or_moved_never_matches(name: str, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(name) - 1))
    other = data.draw(HAN.filter(lambda sign: normal(sign) != normal(name[index])))
    edits = [
        name[:index] + other + name[index + 1 :],
        name[:index] + name[index + 1 :],
        name[:index] + name[index] + name[index:],
        name[:index] + other + name[index:],
        name + "分公司",
    ]
    for edit in edits:
        if normal(edit) != normal(name):
            assert agree(name, [Reading(edit)]).verdict != "match"
            assert agree(edit, [Reading(name)]).verdict != "match"


@given(NAMES, NAMES)
def test_a_match_is_equality_and_nothing_else(first: str, second: str) -> None:
    assert (agree(first, [Reading(second)]).verdict == "match") == (normal(first) == normal(second))


@given(st.text(max_size=40))
def test_normal_is_final(text: str) -> None:
    assert normal(normal(text)) == normal(text)


def test_agreement_is_about_names_not_about_truth() -> None:
    assert names.agree(HENGDA, [Reading(HENGDA)]).words == "印章清楚，名称一致。"
