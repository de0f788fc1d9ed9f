"""Everything out to Excel, row by row: the lists as they come in again, papers by form, cases, settings, the log; by the policy (A-1.3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, or_, select, true

from conversations import daylog
from conversations.desk import NotAllowed
from conversations.form import Form
from conversations.lookup import Lookup
from conversations.registry import FORMS
from papers import listfile
from papers.bookwriter import Book, Head
from rules import complaints, relations
from rules import people as policy
from rules.lists import FILES, TITLES
from rules.people import Action, Subject
from rules.settings import SETTINGS
from storage import audit
from storage.listsout import PAGE, ListsOut
from storage.reach import Reach
from storage.repairs.jobsout import HEADS as JOB_HEADS
from storage.repairs.jobsout import JobsOut
from storage.staffing import NOT_YOURS
from storage.tables import audit as log
from storage.tables import (
    case,
    customer,
    day_exception,
    leave,
    paper,
    person,
    setting,
)

_GRADES = {"declared": "本人填报", "evidenced": "有凭证", "countersigned": "有人确认"}
_STATES = {"filed": "已存", "withdrawn": "已撤回"}
CASES: Mapping[str, str] = {
    "daylog": "工作日志",
    "appointment": "约见",
    "promise": "答应客户的事",
    "request": "客户要求",
    "need": "外地客户需求",
    "touch": "下次联系",
    "complaint": "投诉",
    "prospect": "指定客户",
    "delivery": "送书",
    "meeting": "展会见面",
    "relation": "客户关系阶段",
}
STATES: Mapping[str, Mapping[str, str]] = {  # of a case, in words
    "daylog": {"draft": "还没交", "handed": "已交，等签收", "received": "已签收"},
    "appointment": {"planned": "约好了", "done": "去过了", "cancelled": "取消了"},
    "promise": {"open": "等答复", "kept": "已答复", "dropped": "不用答复了"},
    "request": {"parked": "先记下", "asked": "等经理", "answered": "等告诉客户", "told": "已告诉客户", "dropped": "不用了"},
    "need": {"asked": "等方案", "proposed": "等答复客户", "answered": "已答复", "dropped": "不用了"},
    "touch": {"planned": "定好了", "met": "联系过了"},
    "complaint": complaints.STATES,
    "prospect": {"open": "在了解", "done": "了解完了", "dropped": "不用了"},
    "delivery": {"planned": "没送", "part": "没齐", "delivered": "送到了", "dropped": "不送了"},
    "meeting": {"planned": "要见", "met": "见过了", "phoned": "电话联系了", "dropped": "不见了"},
    "relation": {relations.UNKNOWN: "还不知道", **relations.STAGES},
}
_SAID: Mapping[str, str] = {  # what of a case's notes is for people
    "about": "事由",
    "what": "内容",
    "words": "内容",
    "label": "内容",
    "part": "见谁",
    "bring": "要带",
    "copies": "本数",
    "reason": "原因",
    "promised": "答应的",
    "proposal": "方案",
    "answer": "答复",
    "reaction": "客户的反应",
    "found": "了解到",
    "outcome": "结果",
    "said": "原话",
    "notes": "备注",
    "remark": "说明",
}
_LONGEST = 32_000  # signs that Excel takes in one cell
_CASE_HEADS = [
    Head(label, width)
    for label, width in (("编号", 8), ("状态", 12), ("谁", 10), ("客户", 28), ("日期", 12), ("时间", 17), ("内容", 60), ("开始", 17), ("办完", 17))
]
_LOG_HEADS = [
    Head("序号", 10, "number"),
    Head("时间", 20),
    Head("谁", 16),
    Head("从哪里", 10),
    Head("做了什么", 18),
    Head("对象", 30),
    Head("校验", 66),
]


@dataclass(frozen=True, slots=True)
class Export:
    """`dated`: from when until when may be said."""

    name: str
    title: str
    action: Action
    also: Action | None = None
    dated: bool = False


EXPORTS: tuple[Export, ...] = (
    Export("people", TITLES["people"], "export_lists"),
    Export("customers", TITLES["customers"], "export_lists"),
    Export("units", TITLES["units"], "export_lists", "see_units"),
    Export("prices", TITLES["prices"], "export_lists", "see_prices"),
    Export("media", TITLES["media"], "export_lists", "see_media"),
    Export("contracts", TITLES["contracts"], "export_lists"),
    Export("papers", "各种单据", "export_records", dated=True),
    Export("cases", "日志、约见、答复、要求和送书", "export_records", dated=True),
    Export("jobs", "报修记录", "export_jobs", dated=True),
    Export("leave", "请假、轮休和公司自己的假", "export_lists", dated=True),
    Export("settings", "设置和它的变化", "export_rules"),
    Export("audit", "操作记录", "export_rules", dated=True),
)
BY_NAME: Mapping[str, Export] = {one.name: one for one in EXPORTS}


class Exports(ListsOut, JobsOut):
    def exports(self) -> Sequence[Export]:
        """What this person may take out."""
        return [one for one in EXPORTS if self._may_take(one)]

    def export(self, name: str, target: Path, since: date | None = None, until: date | None = None) -> int:
        """Into the file; how many rows. Rows are read a page at a time."""
        asked = BY_NAME.get(name)
        if asked is None or not self._may_take(asked):
            raise NotAllowed(NOT_YOURS)
        span = (since or date.min, until or date.max)
        with Book(target) as book:
            if name in FILES:
                return sum(book.sheet(one.title, listfile.heads(one), (listfile.written(one, row) for row in self._rows(one))) for one in FILES[name])
            if name == "papers":
                return self._papers(book, span)
            if name == "cases":
                return sum(book.sheet(title, _CASE_HEADS, self._cases(kind, span)) for kind, title in CASES.items())
            if name == "jobs":
                return book.sheet("报修记录", JOB_HEADS, self._job_rows(span))
            if name == "leave":
                heads = [Head("谁", 12), Head("从哪天", 12), Head("到哪天", 12), Head("是什么", 14), Head("说明", 30)]
                return book.sheet("请假和轮休", heads, self._leave(span)) + book.sheet("公司自己的假", heads[1:], self._days(span))
            if name == "settings":
                return book.sheet("设置", [Head("名称", 30), Head("从哪天起", 12), Head("是什么", 40), Head("代号", 24)], self._setting_rows())
            return book.sheet("操作记录", _LOG_HEADS, self._log_rows(span))

    def exported(self, name: str, rows: int) -> None:
        """Into the log, in a unit of its own: who took what."""
        self._log("export", f"export:{name}", str(rows))

    def _may_take(self, one: Export) -> bool:
        held = self._held_actions()
        return one.action in held and (one.also is None or policy.may(self.standing, one.also, Subject()))

    def _held_actions(self) -> set[Action]:
        """Actions some role of theirs has at all: how far is asked of each row."""
        return set() if self.me.left else {action for action, reaches in policy.POLICY.items() if not self.standing.roles.isdisjoint(reaches)}

    # --- records ------------------------------------------------------------------------------------------
    def _papers(self, book: Book, span: tuple[date, date]) -> int:
        """A sheet for each form of which there is one."""
        count, there = 0, self._conn.execute(select(paper.c.form).where(*self._in(span)).distinct()).scalars().all()
        if not there:
            book.lines("单据", ["这段时间没有单据。"])
        for form in (one for one in FORMS if one.__name__ in there):
            heads = [
                Head("编号", 20),
                Head("日期", 12),
                Head("谁", 10),
                Head("客户全称", 28),
                *(Head(one.label, 24) for one in form.questions.values()),
            ]
            heads += [Head("凭证", 12), Head("状态", 10), Head("存下的时间", 17)]
            count += book.sheet(form.title, heads, self._filed(form, span))
        return count

    def _in(self, span: tuple[date, date]) -> tuple[ColumnElement[bool], ...]:
        """Papers of those days, as far as one may take them."""
        return paper.c.day.between(*span), _theirs(self._reach("export_records"), paper.c.person_id)

    def _filed(self, form: type[Form], span: tuple[date, date]) -> Iterator[list[Any]]:
        names, customers = _Names(self, person), _Names(self, customer)
        listed = select(paper).where(paper.c.form == form.__name__, *self._in(span))
        for row in self._paged(listed, paper.c.id):
            known = row["answers"] if row["version"] == form.version else form.upgrade(row["answers"], row["version"])
            filed = form(known, cast(Lookup, self), row["said_at"])
            answers = [filed.shown(one) if filed.relevant(one) and one.name in filed.answers else "" for one in form.questions.values()]
            ends = [_GRADES.get(row["grade"], row["grade"]), _STATES.get(row["state"], row["state"]), _local(row["filed_at"], self._zone)]
            yield [row["number"], str(row["day"]), names.of(row["person_id"]), customers.of(row["customer_id"]), *answers, *ends]

    def _cases(self, kind: str, span: tuple[date, date]) -> Iterator[list[Any]]:
        reach, names, customers = self._reach("export_records"), _Names(self, person), _Names(self, customer)
        listed = select(case).where(case.c.kind == kind, or_(case.c.day.is_(None), case.c.day.between(*span)), _theirs(reach, case.c.person_id))
        for row in self._paged(listed, case.c.id):
            said = daylog.full(cast(Lookup, self), row["person_id"], row["day"])[:_LONGEST] if kind == "daylog" else _said(row["data"])
            times = [_local(row[name], self._zone) for name in ("at", "opened_at", "closed_at")]
            yield [
                str(row["id"]),
                STATES[kind].get(row["state"], row["state"]),
                names.of(row["person_id"]),
                customers.of(row["customer_id"]),
                str(row["day"] or ""),
                times[0],
                said,
                *times[1:],
            ]

    def _leave(self, span: tuple[date, date]) -> Iterator[list[Any]]:
        reach = self._reach("export_lists")
        listed = select(person.c.id.label("who"), person.c.name, leave).join(leave, leave.c.person_id == person.c.id)
        listed = listed.where(leave.c.since <= span[1], leave.c.until >= span[0]).order_by(leave.c.since, leave.c.id)
        for row in self._conn.execute(listed):
            if reach.has(row.who):
                yield [row.name, str(row.since), str(row.until), "请假" if row.kind == "leave" else "轮休", ""]

    def _days(self, span: tuple[date, date]) -> Iterator[list[Any]]:
        for row in self._conn.execute(select(day_exception).where(day_exception.c.day.between(*span)).order_by(day_exception.c.day)):
            yield [str(row.day), str(row.day), "上班" if row.works else "休息", row.source]

    # --- rules --------------------------------------------------------------------------------------------
    def _setting_rows(self) -> Iterator[list[Any]]:
        """What holds unless something is said, then what was said and since when."""
        for name, known in SETTINGS.items():
            yield [known.label, "一开始", known.shown(known.default), name]
        for row in self._conn.execute(select(setting).order_by(setting.c.name, setting.c.since)):
            if row.name in SETTINGS:  # others are the program's own notes, and may hold secrets
                known = SETTINGS[row.name]
                yield [known.label, str(row.since), known.shown(row.value), row.name]

    def _log_rows(self, span: tuple[date, date]) -> Iterator[list[Any]]:
        last, newest = 0, audit.head(self._conn).seq
        while last < newest:
            rows = self._conn.execute(select(log).where(log.c.seq > last).order_by(log.c.seq).limit(PAGE)).all()
            for row in rows:
                if span[0] <= row.at.astimezone(self._zone).date() <= span[1]:
                    yield [row.seq, _local(row.at, self._zone), row.who, row.via, row.verb, row.subject, row.hash]
            last = int(rows[-1].seq) if rows else newest


class _Names:
    """Names by id, each asked for once."""

    def __init__(self, of: Exports, table: Any) -> None:
        self._conn, self._table = of._conn, table
        self._known: dict[int, str] = {}

    def of(self, id: int | None) -> str:
        if id is None:
            return ""
        if id not in self._known:
            self._known[id] = str(self._conn.execute(select(self._table.c.name).where(self._table.c.id == id)).scalar() or "")
        return self._known[id]


def _said(data: Mapping[str, Any]) -> str:
    return "；".join(f"{label}：{data[name]}" for name, label in _SAID.items() if isinstance(data.get(name), str | int) and data[name])


def _theirs(reach: Reach, person_id: ColumnElement[int]) -> ColumnElement[bool]:
    return true() if reach.everybody else person_id.in_(sorted(reach.people))


def _local(at: datetime | None, zone: ZoneInfo) -> str:
    return "" if at is None else at.astimezone(zone).strftime("%Y-%m-%d %H:%M")
