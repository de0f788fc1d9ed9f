"""What a day will owe, put down once per rule, person, day and step: morning cards, logs, digests (A-1, A-3.3.6)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from conversations.firm import Person
from rules.calendar import Calendar
from storage import due, people, settings
from storage.database import Connection

MORNING_BEFORE = timedelta(minutes=20)
LOG_STEPS = (60, 15)  # minutes before the end of work
DIGEST_AFTER = timedelta(minutes=20)
TOO_LATE = timedelta(hours=3)  # a firm that begins at noon owes no morning card


@dataclass(frozen=True, slots=True)
class Owed:
    kind: str
    key: str
    at: datetime
    person: int
    args: dict[str, Any] = field(default_factory=dict)


def plan(conn: Connection, now: datetime, zone: ZoneInfo, day: date) -> int:
    """Put down what the day owes; running it again changes nothing that was said. How many stand or were moved."""
    calendar = Calendar(zone, settings.exceptions(conn))
    if not calendar.is_working_day(day):
        return 0
    at_work = [who for who in people.everybody(conn, day) if who.roles and not people.on_leave(conn, who.id, day)]
    owed = {(one.kind, one.key): one for who in at_work for one in of_person(who, day, calendar)}
    known: dict[int | None, Person | None] = {}
    for who in at_work:
        chief = _chief(conn, who, day, known) if "rep" in who.roles else None
        if chief is not None:
            one = to_supervisor(chief, who.closes, day, calendar)
            owed[(one.kind, one.key)] = one
    due_now = [one for one in owed.values() if now - one.at < TOO_LATE]
    return sum(due.put(conn, one.kind, one.key, one.at, one.person, None, one.args) for one in due_now)


def _chief(conn: Connection, who: Person, day: date, known: dict[int | None, Person | None]) -> Person | None:
    """Asked once for each team; nobody is their own supervisor."""
    if "supervisor" in who.roles:
        return people.in_charge(conn, "supervisor", who, day)
    if who.team_id not in known:
        known[who.team_id] = people.in_charge(conn, "supervisor", who, day)
    return known[who.team_id]


def of_person(who: Person, day: date, calendar: Calendar) -> Iterator[Owed]:
    """What the day owes to one person at work."""
    args, opens, closes = {"day": day.isoformat()}, calendar.at(day, who.opens), calendar.at(day, who.closes)
    if "rep" in who.roles:
        yield Owed("morning", f"{who.id}:{day}", opens - MORNING_BEFORE, who.id, args)
        for minutes in LOG_STEPS:
            yield Owed("log_due", f"{who.id}:{day}:{minutes}", closes - timedelta(minutes=minutes), who.id, args | {"step": minutes})
        yield Owed("log_missing", f"{who.id}:{day}", closes, who.id, args)
    if who.roles & {"supervisor", "manager"}:
        yield Owed("digest", f"{who.id}:{day}", closes + DIGEST_AFTER, who.id, args)


def to_supervisor(chief: Person, closes: str, day: date, calendar: Calendar) -> Owed:
    """One card for everybody who stops work at the same time."""
    args = {"day": day.isoformat(), "closes": closes}
    return Owed("log_missing", f"{chief.id}:{day}:{closes.replace(':', '')}", calendar.at(day, closes), chief.id, args)
