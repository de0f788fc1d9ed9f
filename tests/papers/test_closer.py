"""The second look: where characters are looked for, how they are laid side by side, ends found again, brackets, what may match."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from papers import seal
from papers.sight import closer
from papers.sight.arc import Arc
from papers.sight.rings import Ring
from papers.sight.strips import Cut
from papers.sight.vote import Fused, Slot
from papers.sight.wording import Worded

PITCH = 0.06
ARC = Arc(0.0, -math.pi, 2 * math.pi, (0.95, 0.58), True)


def slots(text: str, *, share: float = 1.0, seen: float = 1.0, middle: float = 0.5) -> tuple[Slot, ...]:
    """Evenly about the middle of the arc, each decided by `share` of the votes."""
    start = middle - PITCH * (len(text) - 1) / 2
    return tuple(Slot(start + PITCH * at, ((sign, share), ("啊", 1 - share)), seen) for at, sign in enumerate(text))


def fused(text: str, **how: float) -> Fused:
    return Fused(slots(text, **how), PITCH)


def strip(text: str, chance: float = 0.98, steps: int = 5, among: str = "") -> tuple[NDArray[Any], tuple[str, ...]]:
    """What the recogniser answers for tiles with one character each; a blank is an empty tile."""
    signs = ("", *sorted(set(text + among) - {" "}))
    answer = np.zeros((steps * len(text), len(signs)), np.float32)
    answer[:, 0] = 1.0
    for at, sign in enumerate(text):
        if sign != " ":
            row = at * steps + steps // 2
            answer[row, 0], answer[row, signs.index(sign)] = 1 - chance, chance
    return answer, signs


def again(first: Fused, tiles: str, arc: Arc = ARC, chance: float = 0.98) -> Fused:
    answer, signs = strip(tiles, chance)
    assert len(tiles) == len(closer.places(first)[0])
    return closer.fused_again(first, arc, [answer] * 3, signs)


def test_holes_and_ends_are_looked_at() -> None:
    first = fused("甲乙丙丁")
    holed = replace(first, slots=(first.slots[0], first.slots[1], first.slots[3]))
    at, start = closer.places(holed)
    assert (len(at), start) == (4 + 2 * closer.MORE, closer.MORE)
    assert np.allclose(np.diff(at), PITCH)


def test_a_tile_holds_its_character_upright() -> None:
    ring = Ring(200.0, 200.0, 160.0, 160.0, 0.0)
    image = np.full((400, 400), 255, np.uint8)
    for angle in (-0.5, 0.0, 0.5):  # a stroke along the radius, through the band's whole depth
        for share in np.linspace(0.5, 1.0, 200):
            image[round(200 - 160 * share * math.cos(angle)), round(200 + 160 * share * math.sin(angle))] = 0
    blank = np.zeros((2, 2))
    one = Cut(blank, blank, blank, blank, blank, blank, blank, blank, ring, 1.0)
    at = [0.5 + angle / (2 * math.pi) for angle in (-0.5, 0.0, 0.5)]
    tiles = closer.tiled(image, one, ARC, at, PITCH, 40, 0.0)
    assert tiles.shape[1] == 120
    dark = tiles.astype(float).mean(0)
    for number in range(3):
        assert abs(int(dark[number * 40 : number * 40 + 40].argmin()) - 20) <= 2


def test_a_lost_character_comes_back_at_the_end_where_the_words_lie_even() -> None:
    first = fused("州市恒达公司", middle=0.5 + PITCH / 2)
    assert again(first, " 苏州市恒达公司  ", chance=0.7).text == "苏州市恒达公司"


def test_a_weak_one_that_makes_the_words_uneven_does_not() -> None:
    first = fused("苏州市恒达公司")
    told = [strip(f"  苏州市恒达公司{sign} ", among="多名色") for sign in "多名色"]
    assert closer.fused_again(first, ARC, [answer for answer, _ in told], told[0][1]).text == "苏州市恒达公司"
    assert again(first, " 一苏州市恒达公司  ").text == "苏州市恒达公司"  # a rim or a line


def test_a_hole_is_filled() -> None:
    whole = fused("苏州市恒达公司")
    first = replace(whole, slots=whole.slots[:3] + whole.slots[4:])
    assert again(first, "  苏州市恒达公司  ").text == "苏州市恒达公司"


def test_characters_set_far_apart_may_be_half_of_them() -> None:
    close, far = fused("苏州市恒达公司"), Fused(fused("苏州市恒达公司").slots[::2], 2 * PITCH)
    assert closer.spaced(close, ARC) == (close,)
    first, halved = closer.spaced(far, ARC)
    assert first is far
    assert np.allclose(np.diff([slot.place for slot in halved.slots]), PITCH)
    assert again(halved, "  苏州市恒达公司  ").text == "苏州市恒达公司"


def test_the_fuller_reading_is_kept_only_if_much_more_is_seen() -> None:
    first = fused("苏市达司")
    empty = [replace(slot, signs=(("啊", 1.0),), seen=0.1) for slot in fused("甲乙丙").slots]
    assert closer.fuller([first, Fused((*first.slots, *empty), PITCH)]) is first
    assert closer.fuller([first, fused("苏州市恒达公司")]).text == "苏州市恒达公司"


def test_any_tip_of_a_star_may_be_the_top() -> None:
    turned = replace(ARC, up=2 * math.pi / 5, star=True)
    assert abs(closer.lean(turned, 0.3, 0.7)) < 1e-9
    assert abs(closer.lean(replace(turned, star=False), 0.3, 0.7)) > 1


def bracketed(chance: float, closing: float) -> Fused:
    first = fused("恒信所普通合伙")
    answer, signs = strip("  恒信所普通合伙  ", steps=10)
    signs = (*signs, "(", ")")
    wide = np.zeros((len(answer), len(signs)), np.float32)
    wide[:, : answer.shape[1]] = answer
    wide[5 * 10, -2], wide[9 * 10, -1] = chance, closing  # between 所 and 普; after 伙
    return closer.fused_again(first, ARC, [wide] * 3, signs)


def test_narrow_brackets_are_put_back_as_a_pair() -> None:
    assert bracketed(0.3, 0.1).text == "恒信所（普通合伙）"
    assert bracketed(0.01, 0.01).text == "恒信所普通合伙"


def test_a_single_bracket_makes_it_doubtful() -> None:
    read = bracketed(0.4, 0.0)
    assert read.text == "恒信所普通合伙"
    assert all(slot.seen == 0.0 for slot in read.slots)


NAME = "苏州恒达广告有限公司"


def may_match(read: Fused, arc: Arc = ARC, *, bare: bool = False) -> bool:
    return seal.whole(read, Worded(read.text), arc, bare)


@pytest.mark.parametrize(
    ("read", "may"),
    [
        (fused(NAME), True),
        (fused(NAME, share=0.75), False),
        (fused(NAME, seen=0.2), False),
        (fused(NAME, middle=0.5 + PITCH / 2), False),  # one lost at an end
        (fused(NAME[:-1], middle=0.5), False),  # ends as no name ends
        (fused("有限公司"), False),  # a piece that is in every name
        (fused("恒达（中国有限公司"), False),
        (Fused(slots(NAME)[:3] + slots(NAME)[4:], PITCH), False),
    ],
)
def test_what_may_match(read: Fused, may: bool) -> None:
    assert may_match(read) is may


def with_votes(at: int, share: float) -> Fused:
    read = list(slots(NAME))
    read[at] = replace(read[at], signs=((NAME[at], share), ("啊", 1 - share)))
    return Fused(tuple(read), PITCH)


def test_fewer_votes_do_for_a_character_of_a_known_word() -> None:
    assert may_match(with_votes(7, 0.5))  # 限 of 有限公司
    assert not may_match(with_votes(7, 0.35))
    assert not may_match(with_votes(2, 0.65))  # 恒


def test_a_bracket_is_sure_by_its_other_half() -> None:
    read = bracketed(0.3, 0.1)
    assert (read.text, may_match(read, bare=True)) == ("恒信所（普通合伙）", True)


def test_empty_ends_say_that_nothing_was_lost() -> None:
    leaning = fused(NAME, middle=0.5 + 0.4 * PITCH)
    starred = replace(ARC, star=True)
    assert not may_match(leaning)
    assert may_match(leaning, bare=True)
    assert may_match(leaning, starred, bare=True)
    assert not may_match(fused(NAME, middle=0.5 + PITCH / 2), starred, bare=True)  # one may have had no ink at all
    assert may_match(fused(NAME, middle=0.6), bare=True)  # without a star nothing says where the top is


def test_one_sign_set_right_may_match_and_two_may_not() -> None:
    assert seal.whole(with_votes(7, 0.35), Worded(NAME, (7,), True), ARC, False)
    assert not seal.whole(fused(NAME), Worded(NAME, (7,), False), ARC, False)


def test_ink_beyond_an_end_or_print_over_it_is_seen() -> None:
    ring = Ring(200.0, 200.0, 160.0, 160.0, 0.0)
    read = fused("苏州市恒达公司")

    def drawn(count: int, hidden: int | None = None) -> bool:
        image, covered = np.full((400, 400), 255, np.uint8), np.zeros((400, 400))
        for number in range(count):
            angle = 2 * math.pi * (read.slots[0].place + PITCH * number - 0.5)
            for share in np.linspace(0.6, 0.93, 60):
                for aside in np.linspace(-0.08, 0.08, 12):
                    x, y = round(200 + 160 * share * math.sin(angle + aside)), round(200 - 160 * share * math.cos(angle + aside))
                    image[y, x] = 0
                    if hidden == number:
                        covered[y, x], image[y, x] = 1, 255
        blank = np.zeros((2, 2))
        one = Cut(blank, blank, blank, blank, blank, blank, blank, covered, ring, 1.0)
        return closer.bare(image, one, ARC, read)

    assert drawn(7)
    assert not drawn(8)
    assert not drawn(8, hidden=7)
