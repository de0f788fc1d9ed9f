"""Filed papers: numbered in the filing transaction, corrected by a new version, never lost (A-3.3.6a, A-4.4.1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Integer, bindparam, delete, func, insert, select, update

from conversations.firm import Paper
from storage.prepared import Command, Query, scalar
from storage.reach import Reach, within
from storage.tables import counter, paper, paper_blob, paper_version
from storage.upsert import both

# What people call a paper by on the telephone: 走访-20261124-003.
SHORT = {
    "CustomerVisit": "走访",
    "PhoneCall": "电话",
    "NewCustomer": "新客户",
    "Appointment": "预约",
    "Promise": "答应",
    "PromiseLater": "改期",
    "ParkedRequest": "要求",
    "RequestAnswer": "答复",
    "ReturnRemark": "退回",
    "RepairQuote": "报价",
    "StampedPaper": "盖章",
    "Certificate": "执照",
}
OTHER = "记录"


class _Row(NamedTuple):
    id: int
    number: str
    form: str
    version: int
    person_id: int
    customer_id: int | None
    case_id: int | None
    answers: Mapping[str, Any]
    day: date
    said_at: datetime
    filed_at: datetime
    grade: str
    state: str
    rev: int


class _Picture(NamedTuple):
    paper_id: int
    sha256: str


_columns = (
    paper.c.id,
    paper.c.number,
    paper.c.form,
    paper.c.version,
    paper.c.person_id,
    paper.c.customer_id,
    paper.c.case_id,
    paper.c.answers,
    paper.c.day,
    paper.c.said_at,
    paper.c.filed_at,
    paper.c.grade,
    paper.c.state,
    paper.c.rev,
)
_alone = select(*_columns).where(paper.c.id == bindparam("paper"))
_one = Query(_alone, _Row)
_lock = Query(_alone.with_for_update(), _Row)
_blobs = Query(
    select(paper_blob.c.paper_id, paper_blob.c.sha256)
    .where(paper_blob.c.paper_id.in_(bindparam("papers", expanding=True)))
    .order_by(paper_blob.c.id),
    _Picture,
)
_count = Query(
    both(
        counter,
        lambda into: into.on_conflict_do_update(index_elements=["form", "scope", "day"], set_={"last": counter.c.last + 1}).returning(counter.c.last),
    ),
    scalar,
)
_file = Query(insert(paper).returning(paper.c.id), scalar)
_keep_version = insert(paper_version)
_amend = (
    update(paper).where(paper.c.id == bindparam("row")).values(answers=bindparam("now_said"), customer_id=bindparam("about"), rev=paper.c.rev + 1)
)
_state = update(paper).where(paper.c.id == bindparam("row")).values(state=bindparam("becomes"), rev=paper.c.rev + 1)
_grade = update(paper).where(paper.c.id == bindparam("row")).values(grade=bindparam("becomes"))
_attach = Command(both(paper_blob, lambda into: into.on_conflict_do_nothing(index_elements=["paper_id", "sha256"])))
_detach = delete(paper_blob).where(paper_blob.c.paper_id == bindparam("paper"), paper_blob.c.sha256 == bindparam("sha"))
_pictures = select(func.count()).select_from(paper_blob).where(paper_blob.c.paper_id == bindparam("paper"))
_versions = select(paper_version.c.rev, paper_version.c.answers, paper_version.c.by_id, paper_version.c.at)
_versions = _versions.where(paper_version.c.paper_id == bindparam("paper")).order_by(paper_version.c.rev)

_CONDITIONS = {
    "person": paper.c.person_id == bindparam("person"),
    "day": paper.c.day == bindparam("day"),
    "customer": paper.c.customer_id == bindparam("customer"),
    "forms": paper.c.form.in_(bindparam("forms", expanding=True)),
    "before": paper.c.id < bindparam("before"),
    "within": within(paper.c.person_id, paper.c.customer_id),
}


@cache
def _list(*conditions: str) -> Query[_Row]:
    """One statement for each set of conditions asked for, built once."""
    chosen = (_CONDITIONS[name] for name in conditions)
    listed = select(*_columns).where(paper.c.state == "filed", *chosen).order_by(paper.c.id.desc()).limit(bindparam("limit", type_=Integer))
    return Query(listed, _Row)


def some(conn: Connection, reach: Reach, today: date, limit: int, asked: Mapping[str, Any]) -> list[Paper]:
    """Newest first; `asked` by the names of _CONDITIONS. Within reach: one's people's, and those about one's people's customers."""
    wanted = {name: value for name, value in asked.items() if value is not None and value != ()}
    names = list(wanted)
    if not reach.has(wanted.get("person", 0)):
        names.append("within")
        wanted |= reach.values() | {"today": today}
    return _papers(conn, _list(*names).all(conn, wanted | {"limit": limit}))


def one(conn: Connection, id: int, *, lock: bool = False) -> Paper | None:
    rows = (_lock if lock else _one).all(conn, {"paper": id})
    return next(iter(_papers(conn, rows)), None)


def file(conn: Connection, row: Mapping[str, Any], blobs: Sequence[str], now: datetime) -> Paper:
    """Takes the next number of the form's day."""
    values = {**row, "number": next_number(conn, row["form"], row["day"]), "filed_at": now, "state": "filed"}
    id = int(_file.one(conn, values))
    for sha in dict.fromkeys(blobs):
        _attach.run(conn, {"paper_id": id, "sha256": sha, "at": now})
    return _must(one(conn, id))


def next_number(conn: Connection, form: str, day: date) -> str:
    name = SHORT.get(form, OTHER)
    last = _count.one(conn, {"form": name, "scope": "", "day": day, "last": 1})
    return f"{name}-{day:%Y%m%d}-{last:03}"


def amend(conn: Connection, old: Paper, answers: Mapping[str, Any], customer: int | None, by: int, now: datetime) -> Paper:
    """The old version stays in paper_version."""
    conn.execute(_keep_version, {"paper_id": old.id, "rev": old.rev, "answers": old.answers, "by_id": by, "at": now})
    conn.execute(_amend, {"row": old.id, "now_said": answers, "about": customer})
    return _must(one(conn, old.id))


def versions(conn: Connection, id: int) -> list[tuple[int, Mapping[str, Any], int, datetime]]:
    """Revision, what it said, who replaced it and when; oldest first."""
    return [(row.rev, row.answers, row.by_id, row.at) for row in conn.execute(_versions, {"paper": id})]


def set_state(conn: Connection, id: int, state: str) -> Paper:
    conn.execute(_state, {"row": id, "becomes": state})
    return _must(one(conn, id))


def set_grade(conn: Connection, id: int, grade: str) -> None:
    conn.execute(_grade, {"row": id, "becomes": grade})


def attach(conn: Connection, id: int, sha: str, now: datetime) -> int:
    """How many pictures it has now; the same one counts once."""
    _attach.run(conn, {"paper_id": id, "sha256": sha, "at": now})
    return int(conn.execute(_pictures, {"paper": id}).scalar_one())


def detach(conn: Connection, id: int, sha: str) -> None:
    conn.execute(_detach, {"paper": id, "sha": sha})


def _papers(conn: Connection, rows: Sequence[_Row]) -> list[Paper]:
    if not rows:
        return []
    pictures: dict[int, list[str]] = defaultdict(list)
    for paper_id, sha in _blobs.all(conn, {"papers": [row.id for row in rows]}):
        pictures[paper_id].append(sha)
    return [Paper(*row, blobs=tuple(pictures[row.id])) for row in rows]


def _must(found: Paper | None) -> Paper:
    if found is None:
        raise LookupError("paper")
    return found
