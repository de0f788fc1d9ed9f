"""A second way to the same figures: from the audit chain alone.

Every fact is taken from a row whose salted digest matches it (rows, salts, and what the digests were taken of); nothing of
storage/reports.py, nothing of the state or grade columns, is read.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

SHANGHAI = ZoneInfo("Asia/Shanghai")
FORMS = {"走访": "visits", "电话": "calls", "新客户": "new_customers"}
GRADES = ("declared", "evidenced", "countersigned")


@dataclass
class Record:
    """A paper as the chain tells it."""

    who: str
    at: datetime
    measure: str
    day: date
    answers: Mapping[str, Any]
    proven: bool = False
    gone: bool = False

    @property
    def customer(self) -> int | None:
        picked = self.answers.get("customer")
        return picked["id"] if isinstance(picked, dict) else None


@dataclass
class Matter:
    """A case as the chain tells it: what was done, by whom, when."""

    who: str
    kind: str
    paper: int | None
    opened: datetime
    customer: int | None = None
    about: str = ""
    due: datetime | None = None  # of a promise that no paper made
    moves: list[tuple[str, str, datetime, Mapping[str, Any]]] = field(default_factory=list)

    def last(self, verb: str) -> tuple[str, datetime] | None:
        return next(((who, at) for name, who, at, _ in reversed(self.moves) if name == verb), None)


def recount(conn: Connection, first: date, last: date) -> dict[str, Counter[str]]:
    """By account and measure."""
    records, matters, told = _read(conn)
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for record in records.values():
        if record.measure and not record.gone and record.proven and first <= record.day <= last:
            found[record.who][record.measure] += 1
    logs: set[tuple[str, date]] = set()
    for id, matter in sorted(matters.items()):
        key = _counts(id, matter, records, told, logs)
        if key and first <= key[1] <= last:
            found[matter.who][key[0]] += 1
    return found


def _counts(
    id: int, matter: Matter, records: Mapping[int, Record], told: Mapping[str, datetime], logs: set[tuple[str, date]]
) -> tuple[str, date] | None:
    if matter.kind == "daylog":
        return _log(matter, records, logs)
    if matter.kind == "delivery":
        return _delivered(matter, records)
    if matter.kind == "prospect" and (done := matter.last("finish")):
        return ("surveys", _local(done[1])) if _talked(matter, records) else None
    if matter.kind == "complaint":
        return ("complaints", _local(matter.opened)) if matter.about == "rep" else None
    if matter.kind == "promise" and (kept := matter.last("keep")):
        return ("promises", _local(kept[1])) if _kept_in_time(matter, records, kept[1]) else None
    if matter.kind == "request" and (done := matter.last("tell")):
        answered, due = matter.last("answer"), told.get(f"request_told:{id}")
        second = answered is not None and answered[0] != matter.who
        return ("requests", _local(done[1])) if second and due and done[1] <= due else None
    return None


def _delivered(matter: Matter, records: Mapping[int, Record]) -> tuple[str, date] | None:
    """The last thing that happened to it, and the paper that shows it."""
    steps = [(verb, at, data) for verb, _, at, data in matter.moves if verb in ("part", "deliver", "undo")]
    if not steps or steps[-1][0] != "deliver":
        return None
    record = records[int(steps[-1][2]["record"])]
    return ("deliveries", _local(steps[-1][1])) if record.proven and not record.gone else None


def _talked(matter: Matter, records: Mapping[int, Record]) -> bool:
    """A visit or a call of the same person with the same customer since it was named, shown well enough."""
    return any(
        one.who == matter.who
        and one.customer == matter.customer
        and one.measure in ("visits", "calls")
        and one.proven
        and not one.gone
        and one.at >= matter.opened
        for one in records.values()
    )


def _log(matter: Matter, records: Mapping[int, Record], logs: set[tuple[str, date]]) -> tuple[str, date] | None:
    """Its day is that of what it holds; a second log of a day is a supplement."""
    handed = [(at, data) for verb, _, at, data in matter.moves if verb == "hand"]
    received = matter.last("receive")
    if not handed or not received or received[0] == matter.who:
        return None
    day = records[handed[0][1]["papers"][0][0]].day
    if (matter.who, day) in logs:
        return None
    logs.add((matter.who, day))
    return ("logs", day) if min(at for at, _ in handed) < _end(day) else None


def _kept_in_time(matter: Matter, records: Mapping[int, Record], at: datetime) -> bool:
    made = records[matter.paper] if matter.paper is not None else None
    due = datetime.fromisoformat(str(made.answers["reply_by"])) if made is not None else matter.due
    customer = made.customer if made is not None else matter.customer
    if due is None:
        raise AssertionError("a promise without a time")
    shown = any(
        record.who == matter.who
        and record.customer == customer
        and record.measure in ("visits", "calls")
        and record.proven
        and not record.gone
        and record.at >= matter.opened
        and record.day <= _local(due)
        for id, record in records.items()
        if id != matter.paper
    )
    return at <= due and shown


def _read(conn: Connection) -> tuple[dict[int, Record], dict[int, Matter], dict[str, datetime]]:
    salts = _pairs(conn)
    papers = {row.id: row for row in conn.execute(text("select id, number, answers, rev from paper"))}
    first = {row.paper_id: _json(row.answers) for row in conn.execute(text("select paper_id, answers from paper_version order by rev desc"))}
    bare = {row.id: row for row in conn.execute(text("select id, customer_id, at from \"case\" where kind = 'promise' and paper_id is null"))}
    events: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for row in conn.execute(text("select case_id, data from case_event order by case_id, rev")):
        events[row.case_id].append(_json(row.data))
    records: dict[int, Record] = {}
    matters: dict[int, Matter] = {}
    told: dict[str, datetime] = {}
    newest: dict[str, int] = {}
    owners: dict[int, str] = {}
    for row in conn.execute(text("select seq, at, who, verb, subject, digest from audit order by seq")):
        kind, _, name = row.subject.partition(":")
        at, salt = _at(row.at), salts[row.seq]
        if kind == "customer" and row.verb == "add":
            owners[int(name)] = row.who
        elif kind == "paper":
            _paper(row, int(name), at, salt, papers, first, records)
            newest[row.who] = int(name)
        elif kind == "case" and row.verb == "open":
            opened = [of for of in STATES if _is(row.digest, salt, f"{of}\n{STATES[of]}")]
            matters[int(name)] = Matter(row.who, opened[0] if opened else "", newest.get(row.who), at)
            if int(name) in bare:
                matters[int(name)] = replace(matters[int(name)], paper=None, customer=bare[int(name)].customer_id, due=_at(bare[int(name)].at))
        elif kind == "case" and row.verb in OPENED:
            known = matters.get(int(name))  # named again: begun anew, and as old as before
            made = _opened(row, int(name), at, salt, events, records, newest, owners)
            matters[int(name)] = replace(made, opened=known.opened) if known is not None else made
        elif kind == "case" and int(name) in matters and matters[int(name)].kind:
            data = next((one for one in events[int(name)] if any(_is(row.digest, salt, f"{state}\n{_canonical(one)}") for state in AFTER)), None)
            if data is None:
                raise AssertionError(f"audit {row.seq}: no event has this content")
            matter = matters[int(name)]
            matter.moves.append((row.verb, row.who, at, data))
            if matter.kind in ("delivery", "prospect") and row.verb in ("deliver", "part", "finish"):  # planned or named by a superior
                matter.who = row.who
                matter.customer = _surveyed(records[newest[row.who]]) if matter.kind == "prospect" else matter.customer
        elif row.verb == "remind":
            told |= _due(conn, row, name, salt)
    return records, matters, told


STATES = {"daylog": "draft", "promise": "open", "request": "parked", "delivery": "planned"}
AFTER = (
    "draft",
    "handed",
    "received",
    "open",
    "kept",
    "dropped",
    "parked",
    "asked",
    "answered",
    "told",
    "planned",
    "part",
    "delivered",
    "done",
    "solved",
    "explained",
)
OPENED = {"plan": "delivery", "name": "prospect", "complain": "complaint"}


def _opened(
    row: Any,
    id: int,
    at: datetime,
    salt: str,
    events: Mapping[int, list[Mapping[str, Any]]],
    records: Mapping[int, Record],
    newest: Mapping[str, int],
    owners: Mapping[int, str],
) -> Matter:
    """A superior's plan or survey is the rep's who does it; a complaint is about whoever entered the customer."""
    kind = OPENED[row.verb]
    if kind != "complaint":
        return Matter(row.who, kind, None, at)
    said = {name: events[id][0][name] for name in ("what", "about")}
    if not _is(row.digest, salt, _canonical(said)):
        raise AssertionError(f"audit {row.seq}: another complaint")
    customer = records[newest[row.who]].customer
    return Matter(owners[customer or 0], kind, newest[row.who], at, customer, said["about"])


def _surveyed(record: Record) -> int:
    return int(record.answers["facts"]["customer"])


def _paper(row: Any, id: int, at: datetime, salt: str, papers: Mapping[int, Any], first: Mapping[int, Any], records: dict[int, Record]) -> None:
    paper = papers[id]
    if row.verb == "file":
        answers = first.get(id) or _json(paper.answers)
        if not _is(row.digest, salt, f"{paper.number}\n{_canonical(answers)}"):
            raise AssertionError(f"audit {row.seq}: another content")
        name, day, _ = paper.number.split("-")
        records[id] = Record(row.who, at, FORMS.get(name, ""), datetime.strptime(day, "%Y%m%d").date(), answers, "photos" in answers)  # noqa: DTZ007
    elif row.verb == "withdraw":
        records[id].gone = _is(row.digest, salt, paper.number)
    elif row.verb == "grade":
        grade = next(one for one in GRADES if _is(row.digest, salt, one))
        records[id].proven = grade != "declared"


def _due(conn: Connection, row: Any, name: str, salt: str) -> dict[str, datetime]:
    """The last time it was put down for, where the digest says so."""
    found = conn.execute(text("select at from due where key = :key"), {"key": name}).first()
    at = _at(found.at) if found else None
    return {name: at} if at is not None and _is(row.digest, salt, at.isoformat()) else {}


def _pairs(conn: Connection) -> dict[int, str]:
    return {row.seq: row.salt for row in conn.execute(text("select seq, salt from audit_salt"))}


def _is(digest: str, salt: str, detail: str) -> bool:
    return sha256(f"{salt}{detail}".encode()).hexdigest() == digest


def _canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _at(value: Any) -> datetime:
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo("UTC"))


def _local(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()


def _end(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), SHANGHAI)
