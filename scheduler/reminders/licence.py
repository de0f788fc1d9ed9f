"""A customer's licence ends in thirty days, in seven (A-4.4.10b)."""

from __future__ import annotations

from datetime import date, timedelta

from conversations import certificates, tokens
from conversations.desk import Desk
from conversations.spoken import day_words
from conversations.types import Option, Prompt
from rules import licences
from scheduler.late import Late
from storage.due import DueRow

KIND = "licence"
LANE = "reminder"
LATE: Late = "always"
LASTS = timedelta(days=7)


def speak(desk: Desk, due: DueRow) -> Prompt | None:
    """Nothing when another licence was registered since, or the customer is somebody else's."""
    customer, last = desk.customer(int(due.args["customer"])), date.fromisoformat(due.args["last"])
    paper = certificates.of(desk, customer.id) if customer is not None else None
    if (
        customer is None
        or paper is None
        or customer.owner_id != desk.me.id
        or licences.ends(str(paper.answers.get("until", licences.FOR_EVER))) != last
    ):
        return None
    new = Option("登记新执照", tokens.of_action("start", certificates.FORM, customer.id), main=True)
    return Prompt(f"{customer.short}的营业执照 {day_words(last, desk)}到期，请客户换了新的再拍一张。", (new,))
