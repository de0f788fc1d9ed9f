"""The morning card: the day's plan, what to bring and to mind, what is owed today, who was not spoken to for long (A-1, A-3.3.2, A-3.3.5)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from conversations import dayplan, deliveries, exhibitions, introductions, tokens
from conversations.desk import Desk
from conversations.firm import Case
from conversations.spoken import clock_words, spaced
from conversations.types import Option, Prompt
from rules import touches
from rules.customers import SILENT_AFTER, silent_since
from scheduler import spoken
from scheduler.late import Late
from storage.due import DueRow

KIND = "morning"
LANE = "reminder"
LATE: Late = "drop"
LASTS = timedelta(hours=3)

BAG = ("报价单", "名片")  # always; setting "bag"
CHECKLIST = "出门前：仪容整洁，已预约，负责人和广告投入心里有数。"  # A-3.3.2a, once a day; setting "checklist"
SHOWN = 3


def speak(desk: Desk, due: DueRow) -> Prompt | None:
    day = date.fromisoformat(due.args["day"])
    if day != desk.calendar.day_of(desk.now) or desk.on_leave(desk.me.id, day):
        return None
    plan = [case for case in dayplan.appointments(desk, desk.me.id, day) if case.state == "planned"]
    lines = [*_plan(desk, plan), *_bag(desk, plan), *deliveries.lines(desk, day, desk.me.id), *_promises(desk, day), *_touches(desk, day)]
    lines += [*_silent(desk, day), *exhibitions.lines(desk, day, desk.me.id), *introductions.changed(desk)]
    options = [Option("看全部", tokens.of_action("today"))]
    if plan:
        options.append(Option("改顺序", tokens.of_action("order", f"{day:%Y%m%d}")))
        options.append(Option("路上出发", tokens.of_action("route"), main=True))
    return Prompt("\n".join(lines), options=tuple(options))


def _plan(desk: Desk, plan: Sequence[Case]) -> list[str]:
    if not plan:
        return ["早，今天还没有约好的客户。"]
    shown = plan if len(plan) <= SHOWN + 1 else plan[:SHOWN]
    lines = [f"早，今天 {len(plan)} 家："]
    for number, case in enumerate(shown, 1):
        when = f"{spoken.clock(case.at, desk)} " if case.at else ""
        about = f"，{case.data['about']}" if case.data.get("about") else ""
        lines.append(f"{spoken.circle(number)} {when}{spoken.customer(desk, case)}{about}")
    if len(shown) < len(plan):
        lines.append(f"……还有 {len(plan) - len(shown)} 家")
    return lines


def _bag(desk: Desk, plan: Sequence[Case]) -> list[str]:
    """合同 2 份、书 6 本、报价单、名片; nothing when nobody goes out."""
    if not plan:
        return []
    things = dayplan.bag(thing for case in plan for thing in case.data.get("bring", ()))
    always = [thing for thing in desk.setting("bag", BAG) if thing not in things]
    lines = ["要带：" + "、".join([*things, *always]) + "。"]
    checklist = desk.setting("checklist", CHECKLIST)
    return [*lines, str(checklist)] if checklist else lines


def _promises(desk: Desk, day: date) -> list[str]:
    """What is owed today, and what is overdue."""
    owed = desk.cases("promise", person=desk.me.id, states=("open",), until=desk.calendar.bounds(day)[1])
    if not owed:
        return []
    return [
        "今天要答复："
        + "；".join(f"{spoken.about(desk, case, by_name=True)}，{_by(desk, case.at)}" for case in owed[:SHOWN])
        + _more(owed, "件")
        + "。"
    ]


def _by(desk: Desk, at: datetime | None) -> str:
    if at is None:
        return "今天"
    when = clock_words(at, desk)
    return f"{when} 前" if at > desk.now else spaced("已过", when)


def _touches(desk: Desk, day: date) -> list[str]:
    """Whom one meant to speak to today or before, then whom nobody set a day for: never more than three (A-3.3.5)."""
    due = desk.cases("touch", states=("planned",), until=desk.calendar.bounds(day)[1], limit=50)
    mine = [(case, one) for case in due if (one := desk.customer(case.customer_id or 0)) is not None and one.owner_id == desk.me.id]
    names = [f"{one.short}{f'（原定 {case.day:%-m}.{case.day:%-d}）' if case.day and case.day < day else ''}" for case, one in mine]
    lines = ["今天该联系：" + "、".join(names[: touches.SHOWN]) + _more(names, "家") + "。"] if names else []
    room = touches.SHOWN - len(names)
    after, silent = int(desk.setting("undated_days", touches.UNDATED_AFTER)), int(desk.setting("silent_days", SILENT_AFTER))
    known = {one.id for _, one in mine}
    undated = [
        one.label
        for one in sorted(desk.touches(desk.me.id), key=lambda one: (one.last, one.customer_id))
        if one.customer_id not in known and touches.undated(one.last, day, one.coming, after) and (day - one.last).days < silent
    ]
    return [*lines, "还没定下次：" + "、".join(undated[:room]) + "。"] if undated and room > 0 else lines


def _silent(desk: Desk, day: date) -> list[str]:
    """Nobody is forgotten after the first talk (A-3.3.5); the longest silence first."""
    after = int(desk.setting("silent_days", SILENT_AFTER))
    silent = [(touch, days) for touch in desk.touches(desk.me.id) if (days := silent_since(touch.last, day, next_touch=touch.coming, after=after))]
    silent.sort(key=lambda one: -one[1])
    if not silent:
        return []
    return ["好久没联系：" + "、".join(f"{touch.label} {days} 天" for touch, days in silent[:SHOWN]) + _more(silent, "家") + "。"]


def _more(all_of_them: Sequence[object], unit: str) -> str:
    return f" 等 {len(all_of_them)} {unit}" if len(all_of_them) > SHOWN else ""
