"""What comes by itself: when the day is planned, when what is due is spoken, and the next instant at which something changes."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from datetime import time as wall
from zoneinfo import ZoneInfo

from rules.calendar import Calendar
from scheduler.plan import plan
from scheduler.tick import tick
from storage import due, inbox, posting, settings
from storage.database import Connection, Database

PLAN_AGAIN = timedelta(minutes=5)  # somebody may have joined, or the day's visits may have changed
LATE = 90.0  # seconds without a tick after which /readyz complains


class Times:
    def __init__(self, database: Database, zone: ZoneInfo) -> None:
        self._database, self._zone = database, zone
        self._planned_at: datetime | None = None
        self._ticked = 0.0

    @property
    def alive(self) -> bool:
        return bool(self._ticked) and time.monotonic() - self._ticked < LATE

    async def tick(self, now: datetime, *, plan_anew: bool = False, ahead: bool = False) -> int:
        """How many reminders were spoken. `ahead`: the next working day is planned too; the demo's panel tells what comes next."""
        if plan_anew or self._plan_due(now):
            await self._database.write(lambda conn: self._plan(conn, now, ahead))
            self._planned_at = now
        spoken = await self._database.write(lambda conn: tick(conn, now, self._zone))
        self._ticked = time.monotonic()
        return spoken

    async def next_stop(self, now: datetime) -> datetime:
        """The next due, retry, held-back row or local midnight."""
        midnight = datetime.combine(now.astimezone(self._zone).date() + timedelta(days=1), wall(), self._zone)
        found = await self._database.read(lambda conn: (due.next_after(conn, now), posting.next_at(conn, now), inbox.next_fetch_by(conn, now)))
        return min(at for at in (*found, midnight) if at is not None)

    def _plan(self, conn: Connection, now: datetime, ahead: bool) -> None:
        day = now.astimezone(self._zone).date()
        plan(conn, now, self._zone, day)
        if ahead:
            plan(conn, now, self._zone, Calendar(self._zone, settings.exceptions(conn)).next_working_day(day))

    def _plan_due(self, now: datetime) -> bool:
        last = self._planned_at
        return last is None or self._day(last) != self._day(now) or abs(now - last) >= PLAN_AGAIN

    def _day(self, at: datetime) -> int:
        return at.astimezone(self._zone).toordinal()
