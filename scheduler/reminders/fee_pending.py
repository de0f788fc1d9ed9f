"""A dispute about the fee waits for the desk (C-4.5.5c)."""

from __future__ import annotations

from datetime import timedelta

from conversations.desk import Desk
from conversations.repairs import cards
from conversations.types import Prompt
from scheduler.late import Late
from storage.due import DueRow

KIND = "fee_pending"
LANE = "reminder"
LATE: Late = "always"
LASTS = timedelta(days=30)


def speak(desk: Desk, due: DueRow) -> Prompt | None:
    job = desk.job(due.case_id) if due.case_id else None
    if job is None or job.state != "fee_pending":
        return None
    options = (cards.button("解释后同意", job, "explained", main=True), cards.button("请片区经理定", job, "to_area"))
    return Prompt(f"{job.title}\n{job.caller or '客户'}对收费有疑问，还没说好。", options)
