"""What a day will owe, put down once per rule, person, day and step: morning cards, logs, digests (A-1, A-3.3.6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from conversations.firm import Person
from rules.calendar import Calendar
from rules.settings import default
from rules.statements import month_before, spelt
from storage import due, matters, office, people, settings
from storage.database import Connection
from storage.repairs import conduct
from storage.world import World

PAPER_STEPS = (60, 30)  # minutes before the end of work (C-4.6a)
LOG_STEPS = ((60, "log_first"), (15, "log_second"))  # what the step is called in its key, whatever the setting says
DUTIES_AT = "10:00"
STATEMENT_LASTS = 10  # days after the set day in which who was away then still gets theirs
TOO_LATE = timedelta(hours=3)  # a firm that begins at noon owes no morning card


@dataclass(frozen=True, slots=True)
class Owed:
    kind: str
    key: str
    at: datetime
    person: int
    args: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Timing:
    """The settings as they hold on a day."""

    morning_before: int = default("morning_before")
    log_first: int = default("log_first")
    log_second: int = default("log_second")
    digest_after: int = default("digest_after")
    statement_day: int = default("statement_day")
    statement_time: str = default("statement_time")


def timing(conn: Connection, day: date) -> Timing:
    return Timing(**{one.name: settings.value(conn, one.name, day, one.default) for one in fields(Timing)})


def plan(conn: Connection, now: datetime, zone: ZoneInfo, day: date) -> int:
    """Put down what the day owes; running it again changes nothing that was said. How many stand or were moved."""
    take_over(conn, now, zone, day)
    due_now = [one for one in owed_on(conn, zone, day) if now - one.at < TOO_LATE]
    return sum(due.put(conn, one.kind, one.key, one.at, one.person, None, one.args) for one in due_now)


def take_over(conn: Connection, now: datetime, zone: ZoneInfo, day: date) -> None:
    """Who has a customer from today on has what is still open of it, with its reminders (A-1.3)."""
    calendar = Calendar(zone, settings.exceptions(conn))
    if calendar.day_of(now) != day:
        return
    for heir in sorted({heir for _, heir in matters.left_behind(conn, day, calendar)}):
        desk = World(conn, person_id=heir, now=now, zone=zone, via="plan")
        if not desk.me.left:
            desk.take_over()


def owed_on(conn: Connection, zone: ZoneInfo, day: date) -> list[Owed]:
    """What the day will owe by the rules of that day; reads only."""
    calendar = Calendar(zone, settings.exceptions(conn))
    if not calendar.is_working_day(day):
        return []
    set_to = timing(conn, day)
    at_work = [who for who in people.everybody(conn, day) if who.roles and not people.on_leave(conn, who.id, day)]
    owed = {(one.kind, one.key): one for who in at_work for one in of_person(who, day, calendar, set_to)}
    owed |= {(one.kind, one.key): one for who in at_work for one in monthly(who, day, calendar, set_to)}
    owed |= {(one.kind, one.key): one for one in of_leavers(conn, day, calendar, set_to)}
    owed |= {(one.kind, one.key): one for one in to_admins(conn, at_work, day, calendar)}
    owed |= {(one.kind, one.key): one for one in to_stations(conn, at_work, day, calendar)}
    known: dict[int | None, Person | None] = {}
    for who in at_work:
        chief = _chief(conn, who, day, known) if "rep" in who.roles else None
        if chief is not None:
            one = to_supervisor(chief, who.closes, day, calendar)
            owed[(one.kind, one.key)] = one
    return [*owed.values()]


def _chief(conn: Connection, who: Person, day: date, known: dict[int | None, Person | None]) -> Person | None:
    """Asked once for each team; nobody is their own supervisor."""
    if "supervisor" in who.roles:
        return people.in_charge(conn, "supervisor", who, day)
    if who.team_id not in known:
        known[who.team_id] = people.in_charge(conn, "supervisor", who, day)
    return known[who.team_id]


def of_person(who: Person, day: date, calendar: Calendar, set_to: Timing) -> Iterator[Owed]:
    """What the day owes to one person at work."""
    args, opens, closes = {"day": day.isoformat()}, calendar.at(day, who.opens), calendar.at(day, who.closes)
    if "rep" in who.roles:
        yield Owed("morning", f"{who.id}:{day}", opens - timedelta(minutes=set_to.morning_before), who.id, args)
        for step, name in LOG_STEPS:
            before = timedelta(minutes=getattr(set_to, name))
            yield Owed("log_due", f"{who.id}:{day}:{step}", closes - before, who.id, args | {"step": step})
        yield Owed("log_missing", f"{who.id}:{day}", closes, who.id, args)
    if "technician" in who.roles:
        for step in PAPER_STEPS:
            yield Owed("papers_due", f"{who.id}:{day}:{step}", closes - timedelta(minutes=step), who.id, args | {"step": step})
        yield Owed("papers_missing", f"{who.id}:{day}", closes, who.id, args)
    if who.roles & {"supervisor", "manager"}:
        yield Owed("digest", f"{who.id}:{day}", closes + timedelta(minutes=set_to.digest_after), who.id, args)
    elif who.roles & {"area_manager", "station_master"}:  # the day before, first thing in the morning (C-4.6)
        yield Owed("digest", f"{who.id}:{day}", opens, who.id, args | {"about": calendar.previous_working_day(day).isoformat()})


def monthly(who: Person, day: date, calendar: Calendar, set_to: Timing) -> Iterator[Owed]:
    """The month's figures, on the set day or the first day at work after it; said once."""
    if "rep" in who.roles and who.greeted and set_to.statement_day <= day.day < set_to.statement_day + STATEMENT_LASTS:
        month = spelt(month_before(day)[0])
        yield Owed("statement", f"{who.id}:{month}", calendar.at(day, set_to.statement_time), who.id, {"month": month})


def of_leavers(conn: Connection, day: date, calendar: Calendar, set_to: Timing) -> Iterator[Owed]:
    """The figures of who left before they could be told them go to the manager, who approves them (A-3.3.6c)."""
    if not set_to.statement_day <= day.day < set_to.statement_day + STATEMENT_LASTS:
        return
    first, _ = month_before(day)
    month = spelt(first)
    for who in people.left_between(conn, first, day):
        manager = people.in_charge(conn, "manager", who, day) if "rep" in who.roles else None
        if manager is not None:
            args = {"month": month, "of": who.id}
            yield Owed("statement", f"{who.id}:{month}:left", calendar.at(day, set_to.statement_time), manager.id, args)


def to_admins(conn: Connection, at_work: Sequence[Person], day: date, calendar: Calendar) -> Iterator[Owed]:
    """A duty that nobody can do, once each time it opens; only in a firm that has begun to work."""
    admins = [who for who in at_work if "admin" in who.roles and who.greeted]
    if not admins or not any("rep" in who.roles and who.greeted for who in at_work):
        return
    for lack in office.duties_lacking(conn, day):
        since = office.last_held(conn, lack, day)
        for who in admins:
            yield Owed("duty", f"{who.id}:{lack.key}:{since}", calendar.at(day, DUTIES_AT), who.id, {"lack": lack.key})


def to_stations(conn: Connection, at_work: Sequence[Person], day: date, calendar: Calendar) -> Iterator[Owed]:
    """The house rules, once a version to each who has not confirmed them (C-6.1)."""
    found = conduct.unread_rules(conn, day)
    if found is None:
        return
    for who in at_work:
        if not who.roles.isdisjoint(conduct.AT_STATIONS) and who.id not in found[1]:
            yield Owed("house_rules", f"{found[0]}:{who.id}", calendar.at(day, who.opens), who.id, {"card": found[0]})


def to_supervisor(chief: Person, closes: str, day: date, calendar: Calendar) -> Owed:
    """One card for everybody who stops work at the same time."""
    args = {"day": day.isoformat(), "closes": closes}
    return Owed("log_missing", f"{chief.id}:{day}:{closes.replace(':', '')}", calendar.at(day, closes), chief.id, args)
