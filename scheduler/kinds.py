"""What a reminder is, and every kind there is."""

from __future__ import annotations

from datetime import timedelta
from typing import Protocol

from conversations.desk import Desk
from conversations.types import Prompt
from scheduler.digests import evening
from scheduler.late import Late
from scheduler.reminders import log_due, log_missing, morning, promise, request_reply, request_told
from storage.due import DueRow


class Reminder(Protocol):
    """A module of reminders/ or digests/. `speak` asks the rule again; None: there is nothing to say any more."""

    KIND: str
    LANE: str  # reminder | digest
    LATE: Late
    LASTS: timedelta  # a nudge's moment

    def speak(self, desk: Desk, due: DueRow) -> Prompt | None: ...


KINDS: tuple[Reminder, ...] = (morning, log_due, log_missing, promise, request_reply, request_told, evening)
BY_KIND = {reminder.KIND: reminder for reminder in KINDS}
