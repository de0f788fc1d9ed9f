"""Who owes which day's log, as reminders and digests ask it (A-3.3.6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from conversations import daylog
from conversations.firm import Case, Person
from conversations.lookup import Lookup
from rules.daylog import Standing, standing

LOOK_BACK = 5  # working days


def case(desk: Lookup, person: int, day: date) -> Case | None:
    return desk.case_by_key(daylog.key(person, day))


def stands(desk: Lookup, person: int, day: date) -> Standing:
    """Asked at the end of work: it is due."""
    found = case(desk, person, day)
    return standing(found.state if found else "", on_leave=desk.on_leave(person, day), due=True)


def missing(desk: Lookup, people: Sequence[Person], day: date) -> list[Person]:
    return [who for who in people if stands(desk, who.id, day) == "missing"]


def days_missing(desk: Lookup, person: int, day: date) -> int:
    """Working days in a row up to `day`, none before the person's first log; days of leave neither count nor end the row."""
    first = next((one.day for one in desk.cases("daylog", person=person, limit=1)), None) or day
    count = 0
    for _ in range(LOOK_BACK):
        how = stands(desk, person, day)
        if how not in ("missing", "leave"):
            break
        count += how == "missing"
        day = desk.calendar.previous_working_day(day)
        if day < first:
            break
    return count


def reps_under(desk: Lookup, chief: int, role: str) -> list[Person]:
    """Whose logs come to this supervisor or manager, or to the deputy, once they have begun; asked once for each team."""
    in_charge = desk.supervisor_of if role == "supervisor" else desk.manager_of
    known: dict[int | None, Person | None] = {}
    found = []
    for who in desk.people("rep"):
        if not who.greeted:
            continue
        own = role in who.roles  # nobody is their own superior
        if own or who.team_id not in known:
            above = in_charge(who.id)
            if not own:
                known[who.team_id] = above
        else:
            above = known[who.team_id]
        if above is not None and above.id == chief:
            found.append(who)
    return found
