"""The ladder of an emergency: who is called when, and what ends it (C-4.5.1c). Times run from the dispatch."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Rung = Literal["shift", "backup", "area_manager", "station_master"]
LADDER: tuple[tuple[timedelta, Rung], ...] = (
    (timedelta(0), "shift"),  # everybody on shift in the area, at once
    (timedelta(minutes=1), "backup"),
    (timedelta(minutes=3), "area_manager"),
    (timedelta(minutes=5), "station_master"),
)
ARRIVE_WITHIN = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Called:
    """One person told, by a message or a telephone call; `reached` False for 〔没打通〕."""

    person: int
    at: datetime
    rung: Rung
    reached: bool = True


def rungs_due(sent_at: datetime, now: datetime, called: Collection[Rung], *, accepted: bool, minutes: Sequence[int] = (1, 3, 5)) -> tuple[Rung, ...]:
    """The rungs whose time has come and that were not called yet, lowest first; none once somebody is on the way."""
    if accepted:
        return ()
    times = [timedelta(0), *(timedelta(minutes=each) for each in minutes)]
    return tuple(rung for (_, rung), after in zip(LADDER, times, strict=True) if sent_at + after <= now and rung not in called)


def next_at(sent_at: datetime, now: datetime, minutes: Sequence[int] = (1, 3, 5)) -> datetime | None:
    """When the next rung is called; None at the top."""
    return next((at for at in (sent_at + timedelta(minutes=each) for each in minutes) if at > now), None)


def late_by(first_told: datetime, arrived: datetime | None, now: datetime) -> timedelta:
    """A person's own time runs from the first notice delivered to them; zero when in time."""
    return max((arrived or now) - first_told - ARRIVE_WITHIN, timedelta(0))
