"""Who owes which day's log, as reminders and digests ask it (A-3.3.6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from conversations import daylog
from conversations.desk import Desk
from conversations.firm import Case, Person
from conversations.lookup import Lookup
from rules.daylog import Standing, standing

LOOK_BACK = 22  # working days; as many or more are told as "a month"
IN_HAND = ("handed", "received")


def case(desk: Lookup, person: int, day: date) -> Case | None:
    return desk.case_by_key(daylog.key(person, day))


def stands(desk: Lookup, person: int, day: date) -> Standing:
    """Asked at the end of work: it is due."""
    found = case(desk, person, day)
    return standing(found.state if found else "", on_leave=desk.on_leave(person, day), due=True)


def missing(desk: Lookup, people: Sequence[Person], day: date) -> list[Person]:
    return [who for who in people if stands(desk, who.id, day) == "missing"]


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


class Standings:
    """How the logs of many people stand on the days up to `day`, asked of the database at once."""

    def __init__(self, desk: Desk, people: Sequence[int], day: date) -> None:
        self._calendar = desk.calendar
        self._first = self._calendar.add_working_days(day, -LOOK_BACK)
        self._logs = desk.logs(people, self._first, day)

    def stands(self, person: int, day: date) -> Standing:
        away = not self._calendar.is_working_day(day) or (person, day) in self._logs.away
        return standing(self._logs.states.get((person, day), ""), on_leave=away, due=True)

    def away(self, person: int, day: date) -> bool:
        return self.stands(person, day) == "leave"

    def days_missing(self, person: int, day: date) -> int:
        """Working days in a row up to `day`, none before the person's first log; days of leave neither count nor end the row."""
        first, count = self._logs.first.get(person, day), 0
        for _ in range(LOOK_BACK):
            how = self.stands(person, day)
            if how not in ("missing", "leave"):
                break
            count += how == "missing"
            day = self._calendar.previous_working_day(day)
            if day < first:
                break
        return count

    def handed(self, people: Sequence[int], day: date) -> str:
        """7/8, of those who are not on leave."""
        owing = [who for who in people if self._calendar.is_working_day(day) and (who, day) not in self._logs.away]
        return f"{sum(self.stands(who, day) in IN_HAND for who in owing)}/{len(owing)}"
