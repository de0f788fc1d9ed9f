"""Words and places set single signs of a reading right, and say which characters stand in them."""

from __future__ import annotations

from dataclasses import replace

from papers.sight.places import places
from papers.sight.vote import Fused, Slot
from papers.sight.wording import Worded, backed, worded

PITCH = 0.06


def heard(text: str, **others: tuple[float, str, float]) -> Fused:
    """Every sign seen by all strips; for some: the votes it got, another sign and that one's votes."""
    slots = []
    for at, sign in enumerate(text):
        mine, other, votes = others.get(f"at{at}", (1.0, "", 0.0))
        slots.append(Slot(0.2 + PITCH * at, ((sign, mine), *(((other, votes),) if other else ())), 1.0))
    return Fused(tuple(slots), PITCH)


def test_words_set_a_reading_right() -> None:
    assert worded(heard("苏州恒达有限公同")) == Worded("苏州恒达有限公同")  # all strips saw it
    assert worded(heard("苏州恒达有物公司", at5=(0.5, "零", 0.4))).text == "苏州恒达有限公司"
    read = heard("某州自然资源和露划局", at7=(0.4, "翼", 0.5))
    faint = tuple(replace(slot, seen=0.1) if slot.sign == "露" else slot for slot in read.slots)
    assert worded(replace(read, slots=faint)).text == "某州自然资源和规划局"
    assert worded(read).text == "某州自然资源和露划局"


def test_what_was_set_right_is_as_good_as_read_when_nearly_as_much_heard() -> None:
    assert worded(heard("平换山市工商行政管理局", at1=(0.5, "顶", 0.4))) == Worded("平顶山市工商行政管理局", (1,), True)
    assert worded(heard("平换山市工商行政管理局", at1=(0.5, "顶", 0.1))) == Worded("平顶山市工商行政管理局", (1,), False)
    two = worded(heard("平换山市工商行政营理局", at1=(0.5, "顶", 0.4), at8=(0.5, "管", 0.4)))
    assert (two.text, two.firm) == ("平顶山市工商行政管理局", False)


def test_a_district_is_known() -> None:
    assert worded(heard("汉江汇岸区某店", at2=(0.5, "江", 0.4))).text == "汉江江岸区某店"
    assert not worded(heard("汉江汇岸区某店", at2=(0.5, "江", 0.4))).firm
    assert worded(heard("汉江汇岸区某店", at2=(0.9, "江", 0.1))).text == "汉江汇岸区某店"
    assert worded(heard("江岸区某店", at0=(0.5, "汇", 0.4))).text == "江岸区某店"  # a place as it stands


def test_two_places_that_may_be_meant_leave_it_as_heard() -> None:
    told = heard("某黄甫区", at2=(0.4, "埔", 0.3))
    slots = tuple(replace(slot, signs=(*slot.signs, ("浦", 0.2))) if slot.sign == "甫" else slot for slot in told.slots)
    assert {"黄埔区", "黄浦区"} <= places()
    assert worded(replace(told, slots=slots)).text == "某黄甫区"


def test_characters_in_known_words_and_places() -> None:
    assert backed("恒达有限公司") == {2, 3, 4, 5}
    assert backed("恒达") == frozenset()
    assert backed("武汉市江岸区恒达") == {0, 1, 2, 3, 4, 5}


def test_places_old_and_new() -> None:
    assert {"江岸区", "栖霞县", "湛河区", "东丽区", "平顶山市"} <= places()
    assert "市辖区" not in places()
    assert not any(sign in place for place in places() for sign in "[],- 0123456789")
