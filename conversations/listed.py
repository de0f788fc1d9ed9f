"""查 阳光苑 502, 查 版位 封二, 查 价目 球阀, 查 合同 华东: a line of the firm's lists, for who may see it (A-3.4.1, A-4.4.3, A-4.4.4, A-6.4)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from conversations.desk import Desk
from conversations.holdings import Issue, Position, Price, RunningContract, Unit
from conversations.types import Prompt
from rules.money import exact, short
from rules.people import POLICY, Action

SHOWN = 5
_SPACES = re.compile(r"\s+")
_NOT_YOURS = "{}不归您查，请问部门主管。"
_NONE = "{}里没找到「{}」。换个写法再试，一两个字也可以。"
_EMPTY = "还没有{}。管理员在办公页面导入以后，就能查了。"
_MORE = "还有别的，写全一点更准。"


def search(desk: Desk, words: str) -> Prompt | None:
    """None when it is no question about a list: customers are meant then."""
    head, _, rest = _SPACES.sub(" ", words).strip().partition(" ")
    for titles, look in _ASKED.items():
        for title in titles:
            if head == title or (head.startswith(title) and len(title) > 1 and not rest):
                return look(desk, rest or head.removeprefix(title))
    if desk.me.roles.isdisjoint({"rep", "supervisor", "manager"}):
        return _anything(desk, words)
    return None


def _anything(desk: Desk, words: str) -> Prompt | None:
    """Who has no customers means a flat or a price."""
    if units := desk.units(words, SHOWN + 1):
        return _told([_unit(one) for one in units], "房屋和租户")
    if prices := desk.prices(words, SHOWN + 1):
        return _told([_price(one) for one in prices], f"价目表（{prices[0].version}）")
    return None


def _units(desk: Desk, words: str) -> Prompt:
    return _answer([_unit(one) for one in desk.units(words, SHOWN + 1)], "房屋和租户", words, bool(desk.units("", 1)), _may(desk, "see_units"))


def _prices(desk: Desk, words: str) -> Prompt:
    found = desk.prices(words, SHOWN + 1)
    title = f"价目表（{found[0].version}）" if found else "价目表"
    return _answer([_price(one) for one in found], title, words, bool(desk.prices("", 1)), _may(desk, "see_prices"))


def _positions(desk: Desk, words: str) -> Prompt:
    return _answer([_position(one) for one in desk.positions(words, SHOWN + 1)], "版位", words, bool(desk.positions("", 1)), _may(desk, "see_media"))


def _issues(desk: Desk, words: str) -> Prompt:
    """Those still to come first asked for; with words also the past ones."""
    since = None if words else desk.calendar.day_of(desk.now)
    return _answer(
        [_issue(one) for one in desk.issues(words, SHOWN + 1, since=since)], "刊期", words, bool(desk.issues("", 1)), _may(desk, "see_media")
    )


def _media(desk: Desk, words: str) -> Prompt:
    lines = ["｜".join(part for part in (one.name, one.short, one.kind) if part) for one in desk.media(words, SHOWN + 1)]
    return _answer(lines, "媒体", words, bool(desk.media("", 1)), _may(desk, "see_media"))


def _contracts(desk: Desk, words: str) -> Prompt:
    today = desk.calendar.day_of(desk.now)
    lines = [_contract(one, today) for one in desk.contracts(words, SHOWN + 1)]
    return _answer(lines, "在行合同", words, bool(words), _may(desk, "see_contracts"))


def _answer(lines: Sequence[str], title: str, words: str, any_: bool, may: bool) -> Prompt:
    if not may:
        return Prompt(_NOT_YOURS.format(title))
    if not lines:
        return Prompt(_NONE.format(title, words) if any_ else _EMPTY.format(title))
    return _told(lines, title)


def _told(lines: Sequence[str], title: str) -> Prompt:
    return Prompt("\n".join([*lines[:SHOWN], *([_MORE] if len(lines) > SHOWN else [])]), title=title)


def _unit(one: Unit) -> str:
    let = f"租到 {one.let_until:%Y-%m-%d}" if one.let_until else ""
    return "｜".join(part for part in (one.label, " ".join(part for part in (one.tenant, one.phone) if part), let, one.station, one.note) if part)


def _price(one: Price) -> str:
    per = f"/{one.per}" if one.per else ""
    return "｜".join(part for part in (f"{one.code} {one.item}", f"{exact(one.fen)} 元{per}", one.note) if part)


def _position(one: Position) -> str:
    price = f"{short(one.fen)}{f'/{one.per}' if one.per else ''}" if one.fen is not None else ""
    return "｜".join(part for part in (one.name, one.size, price, one.medium, one.note) if part)


def _issue(one: Issue) -> str:
    days = (("截稿", one.closes_on), ("出版", one.publishes_on), ("送书截止", one.deliver_by))
    return "｜".join([one.number, *(f"{label} {day:%m-%d}" for label, day in days if day), one.medium])


def _contract(one: RunningContract, today: date) -> str:
    left = (one.until - today) // timedelta(days=1)
    ends = f"{one.until:%Y-%m-%d} 到期" + (f"，剩 {left} 天" if left >= 0 else f"，过了 {-left} 天")
    owed = f"未收 {short(one.open_fen)}" if one.open_fen else ""
    return "｜".join(part for part in (one.customer, one.number, one.position, ends, owed) if part)


def _may(desk: Desk, action: Action) -> bool:
    """Whether any role of theirs sees the list at all."""
    return not desk.me.left and not desk.me.roles.isdisjoint(POLICY[action])


_ASKED: Mapping[tuple[str, ...], Callable[[Desk, str], Prompt]] = {
    ("房屋", "租户", "住户", "房号", "房"): _units,
    ("价目", "价格", "价目表", "收费"): _prices,
    ("版位", "广告位"): _positions,
    ("刊期", "期刊"): _issues,
    ("媒体",): _media,
    ("合同", "在行合同"): _contracts,
}
