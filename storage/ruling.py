"""What the admin sets: rules as data from a day on, the firm's days, with who did it when (A-1.1, A-3.3.6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, insert, select

from conversations.desk import NotAllowed
from rules.people import Subject
from rules.settings import SETTINGS, default
from storage import settings
from storage.codec import canonical
from storage.staffing import Staffing
from storage.tables import day_exception, person, setting, setting_change

PAST = "不能从过去的日子起改：已经做的记录要按当时的规则算。请选今天或以后。"
HOURS = ("opens", "closes")
HOLDS = "这一条已经生效，不能撤回了。要改的话，请从以后的一天起另设。"
UNKNOWN = "没有这一项设置。"


@dataclass(frozen=True, slots=True)
class Coming:
    value: Any
    since: date


@dataclass(frozen=True, slots=True)
class Change:
    """A line of the history."""

    value: Any
    since: date
    withdrawn: bool
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DayOff:
    """A day the firm decided on itself."""

    day: date
    works: bool
    source: str


class Ruling(Staffing):
    """Settings and days; reading them is everybody's, changing them the admin's."""

    def settings_now(self) -> Mapping[str, Any]:
        """Every setting as it holds today."""
        return {name: self.setting(name) for name in SETTINGS}

    def settings_coming(self) -> Mapping[str, Sequence[Coming]]:
        found: dict[str, list[Coming]] = {}
        rows = select(setting.c.name, setting.c.value, setting.c.since).where(setting.c.since > self.today).order_by(setting.c.since)
        for row in self._conn.execute(rows):
            found.setdefault(row.name, []).append(Coming(row.value, row.since))
        return found

    def setting_history(self, name: str, limit: int = 50) -> Sequence[Change]:
        """Newest first."""
        change = setting_change.c
        rows = select(change.value, change.since, change.withdrawn, person.c.name, change.at).join(person, person.c.id == change.by_id)
        return [Change(*row) for row in self._conn.execute(rows.where(change.name == name).order_by(change.id.desc()).limit(limit))]

    def set_rule(self, name: str, value: Any, since: date) -> None:
        """From that day on; whatever was decided before keeps the rule of its day."""
        self._may("set_rules", Subject())
        if name not in SETTINGS:
            raise NotAllowed(UNKNOWN)
        if since < self.today:
            raise NotAllowed(PAST)
        if name in HOURS:
            self._check_hours(name, value, since)
        self._log("set", f"setting:{name}", since.isoformat(), canonical(value))
        settings.put(self._conn, name, value, since)
        self._noted(name, value, since, withdrawn=False)

    def _check_hours(self, name: str, value: str, since: date) -> None:
        """One closes after one opens, whatever is set first."""
        set_to = {one: settings.value(self._conn, one, since, default(one)) for one in HOURS} | {name: value}
        if set_to["opens"] >= set_to["closes"]:
            raise NotAllowed(f"下班要在上班之后：那天起上班 {set_to['opens']}，下班 {set_to['closes']}。请先改另一个。")

    def withdraw_rule(self, name: str, since: date) -> None:
        self._may("set_rules", Subject())
        if since <= self.today:
            raise NotAllowed(HOLDS)
        which = (setting.c.name == name) & (setting.c.since == since)
        found = self._conn.execute(select(setting.c.value).where(which)).first()
        if found is None:
            raise NotAllowed(UNKNOWN)
        self._log("withdraw", f"setting:{name}", since.isoformat())
        self._conn.execute(delete(setting).where(which))
        self._noted(name, found.value, since, withdrawn=True)

    def days_amended(self, year: int) -> Sequence[DayOff]:
        rows = select(day_exception.c.day, day_exception.c.works, day_exception.c.source).order_by(day_exception.c.day)
        span = day_exception.c.day.between(date(year, 1, 1), date(year, 12, 31))
        return [DayOff(*row) for row in self._conn.execute(rows.where(span))]

    def amend_day(self, day: date, works: bool) -> None:
        self._may("set_rules", Subject())
        if day < self.today:
            raise NotAllowed(PAST)
        self._log("amend", f"day:{day}", "works" if works else "rests")
        settings.amend_day(self._conn, day, works, f"{self.me.name[:20]} {self.today:%Y-%m-%d}")
        self.__dict__.pop("calendar", None)

    def unamend_day(self, day: date) -> None:
        self._may("set_rules", Subject())
        if day < self.today:
            raise NotAllowed(PAST)
        self._log("unamend", f"day:{day}")
        self._conn.execute(delete(day_exception).where(day_exception.c.day == day))
        self.__dict__.pop("calendar", None)

    def _noted(self, name: str, value: Any, since: date, *, withdrawn: bool) -> None:
        row = {"name": name, "value": value, "since": since, "withdrawn": withdrawn, "by_id": self.me.id, "at": self._now}
        self._conn.execute(insert(setting_change), row)
        self._settings.pop(name, None)
