"""Pinyin and initials of names, computed when they are written; surnames are read as surnames (曾 is zeng, not ceng)."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

SURNAMES = {
    "万俟": ("mo", "qi"), "单于": ("chan", "yu"), "尉迟": ("yu", "chi"), "澹台": ("tan", "tai"), "长孙": ("zhang", "sun"), "令狐": ("ling", "hu"),
    "乐": ("yue",), "仇": ("qiu",), "任": ("ren",), "冼": ("xian",), "华": ("hua",), "单": ("shan",), "占": ("zhan",), "召": ("shao",),
    "句": ("gou",), "员": ("yun",), "哈": ("ha",), "区": ("ou",), "卜": ("bu",), "宓": ("mi",), "宁": ("ning",), "尉": ("wei",), "干": ("gan",),
    "应": ("ying",), "折": ("she",), "曲": ("qu",), "曾": ("zeng",), "朴": ("piao",), "查": ("zha",), "燕": ("yan",), "盖": ("ge",), "盛": ("sheng",),
    "种": ("chong",), "秘": ("bi",), "纪": ("ji",), "缪": ("miao",), "繁": ("po",), "翟": ("zhai",), "葛": ("ge",), "薄": ("bo",), "覃": ("qin",),
    "解": ("xie",), "车": ("che",), "过": ("guo",), "逄": ("pang",), "那": ("na",), "郇": ("xun",), "重": ("chong",), "阚": ("kan",), "黑": ("he",),
}  # fmt: skip
_KEPT = re.compile(r"[^0-9a-z]+")
_CHINESE = re.compile(r"[\u3400-\u9fff]")


def plain(text: str) -> str:
    """Width, case and spaces made one: what two spellings of a name are compared by."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def is_chinese(text: str) -> bool:
    return _CHINESE.search(text) is not None


@lru_cache(maxsize=512)
def syllables(name: str, surname: bool = False) -> tuple[str, ...]:
    """One syllable a character; what is not Chinese stays as it is."""
    head: tuple[str, ...] = ()
    if surname:
        head = next((SURNAMES[name[:size]] for size in (2, 1) if name[:size] in SURNAMES), ())
    from pypinyin import lazy_pinyin  # 58 MB, and only writing needs it

    read = (_KEPT.sub("", plain(syllable)) for syllable in lazy_pinyin(name[len(head) :]))
    return head + tuple(syllable for syllable in read if syllable)


def keys(*names: str, surname: bool = False, widths: tuple[int, int]) -> dict[str, str]:
    """The columns pinyin and initials for names of the same thing, a word each: "lixiaoqiang xiaoqiang", "lxq xq"; people's by `surname`."""
    readings = (True,) if surname else (False, True)  # 乐韵 is leyun and yueyun: a firm may bear a surname
    spelt = list(dict.fromkeys(syllables(name, reading) for name in names if name for reading in readings))
    words = {"pinyin": ["".join(s) for s in spelt], "initials": ["".join(_initial(x) for x in s) for s in spelt]}
    return {column: " ".join(words[column])[:width] for column, width in zip(words, widths, strict=True)}


def _initial(syllable: str) -> str:
    return syllable if syllable.isdecimal() else syllable[0]
