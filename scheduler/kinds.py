"""What a reminder is, and every kind there is."""

from __future__ import annotations

from datetime import timedelta
from typing import Protocol

from conversations.desk import Desk
from conversations.types import Prompt
from scheduler.digests import evening
from scheduler.late import Late
from scheduler.reminders import (
    duty,
    emergency,
    fee_pending,
    house_rules,
    job_support,
    job_time,
    job_unaccepted,
    licence,
    log_due,
    log_missing,
    morning,
    need_answer,
    need_proposal,
    papers_due,
    papers_missing,
    promise,
    prospect,
    request_reply,
    request_told,
    statement,
    unmuted,
)
from storage.due import DueRow


class Reminder(Protocol):
    """A module of reminders/ or digests/. `speak` asks the rule again; None: there is nothing to say any more."""

    KIND: str
    LANE: str  # emergency | reminder | digest
    LATE: Late
    LASTS: timedelta  # a nudge's moment

    def speak(self, desk: Desk, due: DueRow) -> Prompt | None: ...


KINDS: tuple[Reminder, ...] = (
    emergency,
    job_unaccepted,
    job_time,
    job_support,
    house_rules,
    fee_pending,
    papers_due,
    papers_missing,
    morning,
    log_due,
    log_missing,
    promise,
    request_reply,
    request_told,
    need_proposal,
    need_answer,
    prospect,
    statement,
    licence,
    unmuted,
    evening,
    duty,
)
BY_KIND = {reminder.KIND: reminder for reminder in KINDS}
# What is done, not only said, when they are due: the next step of a ladder does not wait for who opens no chat (C-4.5.1a, C-4.5.5c).
ACTING = frozenset({job_unaccepted.KIND, job_time.KIND, job_support.KIND, fee_pending.KIND})
