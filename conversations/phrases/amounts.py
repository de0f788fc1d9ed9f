"""Amounts of money as people type them: 3,200元, 一万二, 3千5, 1.2万, 十五块八; whole fen (A-8.1a)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from conversations.phrases.numerals import DIGITS, NUMBER, number
from conversations.phrases.reading import NoSuchAmount, Reading, fold
from rules.money import LARGEST

_SMALL = r"(?:\d+|[一二两三四五六七八九零])"
_PART = rf"(?:零?(?P<cents>{_SMALL})分|零?(?P<jiao>{_SMALL})(?:(?P<jiao_unit>[毛角])(?:(?P<fen>{_SMALL})分?)?)?)"
_AMOUNT = re.compile(
    rf"(?P<sign>[-−负])?\s*(?P<mark>¥)?\s*(?P<yuan>{NUMBER})(?:\s*(?P<unit>块钱?|元)\s*{_PART}?)?[整正]?"
    rf"|{_SMALL}\s*[毛角分](?:{_SMALL}分)?"
)
_ONLY = re.compile(rf"(?P<only>{_SMALL})\s*(?P<only_unit>[毛角分])(?:(?P<tail>{_SMALL})分)?")
_FILLER = re.compile(
    r"(?:[\s,，。.!！:：;；]|人民币|rmb|cny|现金|支票|转账|一共|总共|共计|共|合计|总计|金额|是|收了|收到|收款|收|付了|吧|的|了|钱|整|元|块)*",
    re.IGNORECASE,
)
_FOREIGN = re.compile(r"[A-Za-z$€£]")
_VAGUE = re.compile(r"几|[多来][万千百]|[一二三四五六七八九两][一二三四五六七八九][十百千万]|\d\s*(?:-|~|至|到)\s*\d")
_THREE_DECIMALS = re.compile(r"\d+\.\d{3,}")
_MONEY_BEFORE = re.compile(r"(?:收款|收了|收到|现金|支票|付了|付款|金额|广告费|货款|款)\s*[:：]?\s*$")
_SAY = "请只写数字，例如 3200、85.50 或 三千二。"


def read_amount(text: str) -> Reading[int] | None:
    """The fen somebody answered with; None when there is no number, NoSuchAmount when it cannot be one."""
    folded = fold(text[:200]).replace("￥", "¥")
    found = list(_amounts(folded))
    if not found:
        return None
    rest = "".join(_left(folded, found))
    if _FOREIGN.search(re.sub("rmb|cny", "", folded, flags=re.IGNORECASE)):
        raise NoSuchAmount("金额里有字母或外币符号，看不准是多少。" + _SAY)
    if _VAGUE.search(folded):
        raise NoSuchAmount("要一个确切的数。" + _SAY)
    if len({fen for fen, _, _ in found}) > 1:
        raise NoSuchAmount("这里有两个数，看不准是哪个。" + _SAY)
    fen, unsure, span = found[0]
    if fen is None or fen > LARGEST:
        raise NoSuchAmount("看不准是多少钱，金额最多写到分。" + _SAY)
    if fen < 0:
        raise NoSuchAmount("金额不能是负数。" + _SAY)
    return Reading(fen, unsure or not _FILLER.fullmatch(rest), span)


def find_amount(text: str) -> Reading[int] | None:
    """The one amount in a sentence that is surely money (收款 3,200元); of several none, and none that could be a count."""
    folded = fold(text[:4000]).replace("￥", "¥")
    found = []
    for fen, unsure, span in _amounts(folded):
        said = folded[slice(*span)]
        if fen is not None and 0 < fen <= LARGEST and (re.search("[元块毛角¥]", said) or _MONEY_BEFORE.search(folded[: span[0]])):
            found.append(Reading(fen, unsure, span))
    return found[0] if len({one.value for one in found}) == 1 else None


def _amounts(text: str) -> Iterator[tuple[int | None, bool, tuple[int, int]]]:
    at = 0
    while match := _AMOUNT.search(text, at):
        match = _ONLY.match(text, match.start()) or match
        at = match.end()
        if match.re is _ONLY:
            yield _cents(match["only"]) * (1 if match["only_unit"] == "分" else 10) + _cents(match["tail"] or "0"), False, match.span()
        else:
            yield *_value(match), match.span()


def _value(match: re.Match[str]) -> tuple[int | None, bool]:
    found = number(match["yuan"])
    if found is None:
        return None, False
    exact = found[0] * 100
    if _THREE_DECIMALS.fullmatch(match["yuan"]):
        return None, False  # 3.200 may be meant for 3,200
    if exact != int(exact):
        return None, False
    fen = int(exact) + _after_yuan(match)
    return (-fen if match["sign"] else fen), found[1]


def _after_yuan(match: re.Match[str]) -> int:
    """15块8 is 15.80, 15块80 too, 15元05 is 15.05."""
    if match["cents"]:
        return _cents(match["cents"])
    jiao = match["jiao"] or "0"
    if len(jiao) == 2 and not match["jiao_unit"]:
        return int(jiao)
    return _cents(jiao) * 10 + _cents(match["fen"] or "0")


def _cents(text: str) -> int:
    return int(text) if text.isdecimal() and text.isascii() else int(DIGITS[text])


def _left(text: str, found: list[tuple[int | None, bool, tuple[int, int]]]) -> Iterator[str]:
    end = 0
    for _, _, (start, stop) in found:
        yield text[end:start]
        end = stop
    yield text[end:]
