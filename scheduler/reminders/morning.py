"""The morning card: the day's plan, what to bring and to mind, what is owed today, who was not spoken to for long (A-1, A-3.3.2, A-3.3.5)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from conversations import contacting, dayplan, deliveries, exhibitions, introductions, tokens, topics
from conversations.desk import Desk
from conversations.firm import Case
from conversations.spoken import clock_words, spaced
from conversations.types import Option, Prompt
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
    muted = desk.topics_muted()
    lines = [*_plan(desk, plan), *_bag(desk, plan)]
    lines += [*(deliveries.lines(desk, day, desk.me.id) if "deliveries" not in muted else ()), *_promises(desk, day)]
    lines += [*(contacting.lines(desk, day) if "customers" not in muted else ())]
    lines += [*exhibitions.lines(desk, day, desk.me.id), *introductions.changed(desk), *_left_out(muted)]
    options = [Option("看全部", tokens.of_action("today"))]
    if plan:
        options.append(Option("改顺序", tokens.of_action("order", f"{day:%Y%m%d}")))
        options.append(Option("路上出发", tokens.of_action("route"), main=True))
    return Prompt("\n".join(lines), options=tuple(options))


def _left_out(muted: Collection[str]) -> list[str]:
    """Said each morning, so that nobody takes silence for nothing to do."""
    names = [topics.BY_KEY[key].label for key in ("deliveries", "customers") if key in muted]
    return [f"{'、'.join(names)}已静音，写「恢复提醒」就恢复。"] if names else []


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
        + contacting.more(owed, "件")
        + "。"
    ]


def _by(desk: Desk, at: datetime | None) -> str:
    if at is None:
        return "今天"
    when = clock_words(at, desk)
    return f"{when} 前" if at > desk.now else spaced("已过", when)
