"""What people type, in any form, for back, edit, skip, strike out, pause, cancel, file and help (A-4.4.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Verb = Literal["back", "edit", "skip", "later", "keep", "pause", "cancel", "file", "help", "drop"]

_VERBS: dict[Verb, tuple[str, ...]] = {
    "back": ("返回", "上一步", "上一问", "上一个", "后退", "回去", "退回"),
    "edit": ("修改", "改", "改一处", "改一下", "更改", "要改", "改答案"),
    "skip": ("跳过", "略过", "先不填", "下一问", "先跳过"),
    "later": ("以后补", "以后再填", "晚上补", "晚点补", "忘了", "忘记了", "不记得", "不记得了", "记不清", "记不清了", "想不起来"),
    "keep": ("不改", "不改了", "保持", "不变", "照旧"),
    "pause": ("暂停", "先放着", "先放放", "等会再填", "等会儿再填", "稍后再填", "回头再填", "退出"),
    "cancel": ("取消", "不填了", "不记了", "算了", "放弃", "作废", "取消这份"),
    "help": ("帮助", "怎么填", "怎么答", "?", "help"),
    "drop": ("不加了", "这个不要了"),
    "file": ("提交", "存下", "对,存下"),
}
STRIKES = ("/", "无", "没有", "没有了", "没了", "不适用", "没", "\\", "-", "—")
"""Count as struck out only where the form allows it; elsewhere they are words like others."""
SURE = ("对", "是", "是的", "对的", "好", "好的", "嗯", "确定", "确认", "ok", "yes", "y", "没错", "行", "可以")
FILES = (*SURE, "存", "交", "完成", "完", "没问题", "就这样")
NO = ("不", "不是", "不对", "否", "no", "n", "错了", "不用")
_BY_WORD = {word: verb for verb, words in _VERBS.items() for word in words}
_EDIT = re.compile(r"(?:请|我要|要)?(?:修改|更改|改)(?:一下)?\s*[:：「]?\s*(?P<rest>\S.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Command:
    verb: Verb
    rest: str = ""  # what is to be edited, as typed


def plain(text: str) -> str:
    """As typed, without the differences nobody means: width, case, blanks, a closing mark."""
    folded = text.strip().lower().replace("？", "?").replace("／", "/").replace("，", ",").replace("　", " ")
    return folded.rstrip("。.!！~～") if len(folded) > 1 else folded


def command(text: str) -> Command | None:
    """The command in a message that is nothing but a command."""
    word = plain(text)
    if verb := _BY_WORD.get(word):
        return Command(verb)
    found = _EDIT.fullmatch(text.strip()) if len(text) <= 300 else None
    return Command("edit", found["rest"].rstrip("」。")) if found else None


def strikes(text: str) -> bool:
    return plain(text) in STRIKES


def number(text: str) -> int:
    """A bare number from 1 on, 0 when it is none: "2", "２", "2.", "第2个"."""
    found = re.fullmatch(r"第?\s*(\d{1,3})\s*[个项条问.、)）]?", text.strip())
    return int(found[1]) if found else 0
