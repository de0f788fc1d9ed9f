"""Whom to speak to today: who was meant for today, who has no next day, who was not spoken to for long (A-3.3.5)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from conversations.lookup import Lookup
from rules import touches
from rules.customers import SILENT_AFTER, silent_since

SHOWN = 3


def lines(look: Lookup, day: date) -> list[str]:
    """One's own customers, a line of each kind."""
    return [*_meant(look, day), *_silent(look, day)]


def _meant(look: Lookup, day: date) -> list[str]:
    """Whom one meant to speak to today or before, then whom nobody set a day for: never more than three."""
    due = look.cases("touch", states=("planned",), until=look.calendar.bounds(day)[1], limit=50)
    mine = [(case, one) for case in due if (one := look.customer(case.customer_id or 0)) is not None and one.owner_id == look.me.id]
    names = [f"{one.short}{f'（原定 {case.day.month} 月 {case.day.day} 日）' if case.day and case.day < day else ''}" for case, one in mine]
    said = ["今天该联系：" + "、".join(names[: touches.SHOWN]) + more(names, "家") + "。"] if names else []
    room = touches.SHOWN - len(names)
    after, silent = int(look.setting("undated_days", touches.UNDATED_AFTER)), int(look.setting("silent_days", SILENT_AFTER))
    known = {one.id for _, one in mine}
    undated = [
        one.label
        for one in sorted(look.touches(look.me.id), key=lambda one: (one.last, one.customer_id))
        if one.customer_id not in known and touches.undated(one.last, day, one.coming, after) and (day - one.last).days < silent
    ]
    return [*said, "还没定下次：" + "、".join(undated[:room]) + "。"] if undated and room > 0 else said


def _silent(look: Lookup, day: date) -> list[str]:
    """Nobody is forgotten after the first talk; the longest silence first."""
    after = int(look.setting("silent_days", SILENT_AFTER))
    silent = [(touch, days) for touch in look.touches(look.me.id) if (days := silent_since(touch.last, day, next_touch=touch.coming, after=after))]
    silent.sort(key=lambda one: -one[1])
    if not silent:
        return []
    return ["好久没联系：" + "、".join(f"{touch.label} {days} 天" for touch, days in silent[:SHOWN]) + more(silent, "家") + "。"]


def more(all_of_them: Sequence[object], unit: str) -> str:
    """等 5 家, when not all of them are named."""
    return f" 等 {len(all_of_them)} {unit}" if len(all_of_them) > SHOWN else ""
