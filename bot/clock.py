"""The only reader of the system clock; the demo's runs ahead of it by an offset that the database keeps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class Clock:
    """System time plus an offset: none outside the demo."""

    def __init__(self, offset: timedelta = timedelta(0)) -> None:
        self.offset = offset

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset

    def move_to(self, instant: datetime) -> None:
        self.offset = instant - datetime.now(UTC)


class StillClock(Clock):
    """Stands still until it is moved: tests and rehearsals."""

    def __init__(self, at: datetime) -> None:
        super().__init__()
        self._at = at.astimezone(UTC)

    def now(self) -> datetime:
        return self._at

    def move_to(self, instant: datetime) -> None:
        self._at = instant.astimezone(UTC)
