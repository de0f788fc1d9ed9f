"""What will be said in the days to come, by the same planner that says it, with the settings as they will hold; nothing is written (A-1.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from rules.calendar import Calendar
from scheduler import quiet
from scheduler.kinds import BY_KIND
from scheduler.plan import owed_on
from storage import due, people, settings
from storage.database import Connection

TITLES: Mapping[str, str] = {
    "morning": "早上的安排",
    "log_due": "提醒交日志",
    "log_missing": "日志没交（没交才发）",
    "digest": "汇总",
    "statement": "每月数据单",
    "promise": "答应客户的事",
    "request_reply": "等经理答复的要求",
    "request_told": "答复转告客户",
    "need_proposal": "外地客户的方案",
    "need_answer": "方案答复客户",
    "prospect": "调查客户的期限",
    "unmuted": "恢复提醒",
    "duty": "职责缺人",
    "licence": "客户执照快到期",
    "house_rules": "请看管理制度",
    "emergency": "紧急报修的下一步",
    "job_unaccepted": "派出的单没人接",
    "job_time": "约好的上门时间",
    "job_support": "师傅等支援",
    "fee_pending": "收费疑问等答复",
    "papers_due": "提醒交单据和现金",
    "papers_missing": "单据没交（没交才发）",
}


@dataclass(frozen=True, slots=True)
class Coming:
    """`held`: it falls into the firm's quiet hours and is said at `at`, which is when they end."""

    at: datetime
    person: int
    name: str
    kind: str
    held: bool = False
    fixed: bool = False  # already put down; the others will be on their day

    @property
    def title(self) -> str:
        return title(self.kind)


def title(kind: str) -> str:
    return TITLES.get(kind, "提醒")


def coming(conn: Connection, zone: ZoneInfo, now: datetime, first: date, last: date) -> list[Coming]:
    """Oldest first; a person who has not come in yet is told nothing and is not here."""
    calendar = Calendar(zone, settings.exceptions(conn))
    names = {who.id: who.name for who in people.everybody(conn, first) if who.greeted}
    found: dict[str, tuple[datetime, int, str, bool]] = {}
    for row in due.upcoming(conn, calendar.bounds(last)[1]):
        found[row.full_key] = (row.at, row.person_id, row.kind, True)
    for day in (first + timedelta(days=n) for n in range((last - first).days + 1)):
        for one in owed_on(conn, zone, day):
            found[f"{one.kind}:{one.key}"] = found.get(f"{one.kind}:{one.key}") or (one.at, one.person, one.kind, False)
    lines = []
    for at, person, kind, fixed in found.values():
        if person not in names or at < now or kind not in BY_KIND:
            continue
        hours = str(settings.value(conn, quiet.SETTING, calendar.day_of(at), quiet.DEFAULT))
        said = quiet.until(at, calendar, hours, None)
        if first <= calendar.day_of(at) <= last:
            lines.append(Coming(said or at, person, names[person], kind, said is not None, fixed))
    return sorted(lines, key=lambda one: (one.at, one.name, one.kind))


def kinds(lines: Sequence[Coming]) -> list[tuple[str, str]]:
    return sorted({(one.kind, one.title) for one in lines}, key=lambda one: one[1])
