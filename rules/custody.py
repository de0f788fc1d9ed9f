"""Who holds what: exactly one holder, changed only by a giver and a receiver who are two people (A-8.3c, A-4.3, C-4.6)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from rules.errors import RuleBroken

HolderKind = Literal["person", "contact", "post", "closed"]
THINGS = {"paper": "单据", "cash": "现金", "cheque": "支票", "key": "钥匙", "contract": "合同"}


@dataclass(frozen=True, slots=True)
class Holder:
    """Id 0 for `post` and `closed`."""

    kind: HolderKind
    id: int = 0


@dataclass(frozen=True, slots=True)
class Handover:
    giver: Holder
    receiver: Holder
    given_at: datetime
    taken_at: datetime | None = None
    counted: int | None = None  # as the receiver counted: fen, or pieces
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Thing:
    """`amount` is fen of cash, pieces of anything else."""

    kind: str
    holder: Holder
    amount: int
    open: Handover | None = None


def give(thing: Thing, by: int, to: Holder, at: datetime) -> Thing:
    """Offered; the holder is still the giver. One offer at a time."""
    if thing.holder.kind == "closed":
        raise RuleBroken("C-4.6", "这一件已经归档了。")
    if thing.holder != Holder("person", by):
        raise RuleBroken("C-4.6", f"这{THINGS.get(thing.kind, '件东西')}不在您手里，不能由您交。")
    if to == thing.holder:
        raise RuleBroken("C-4.6", "不能交给自己，请选另一位同事。")
    if thing.open is not None:
        raise RuleBroken("C-4.6", "已经交出去了，正等对方点收。要改交别人，请先收回。")
    return replace(thing, open=Handover(thing.holder, to, at))


def take_back(thing: Thing, by: int) -> Thing:
    """The giver, while nobody has taken it."""
    if thing.open is None:
        raise RuleBroken("C-4.6", "对方已经收下，收不回来了。")
    if thing.open.giver != Holder("person", by):
        raise RuleBroken("C-4.6", "不是您交出的，不能由您收回。")
    return replace(thing, open=None)


def take(thing: Thing, by: int, at: datetime, counted: int) -> tuple[Thing, int]:
    """Received as counted; also the difference to what was said, kept as such: never evened out silently (A-8.3c)."""
    offered = _for(thing, by)
    if counted < 0:
        raise RuleBroken("A-8.3c", "数目不能小于零，请再写一次。")
    done = replace(offered, taken_at=at, counted=counted)
    return replace(thing, holder=done.receiver, amount=counted, open=None), counted - thing.amount


def refuse(thing: Thing, by: int) -> Thing:
    """It stays with the giver."""
    _for(thing, by)
    return replace(thing, open=None)


def _for(thing: Thing, by: int) -> Handover:
    offered = thing.open
    if offered is None:
        raise RuleBroken("C-4.6", "现在没有等您点收的。")
    if offered.giver.kind == "person" and offered.giver.id == by:
        raise RuleBroken("C-4.6", "自己交的要请别人点收。")
    if offered.receiver != Holder("person", by):
        raise RuleBroken("C-4.6", "这一件不是交给您的。")
    return offered
