"""Customers' licences: under which name a customer signs, and when the licence ends (A-4.4.2d, A-4.4.10b)."""

from __future__ import annotations

from datetime import date
from typing import Any

from conversations.desk import Desk
from conversations.firm import Paper
from conversations.lookup import Lookup
from conversations.spoken import day_of_month, day_words
from rules import licences

FORM = "Certificate"


def of(look: Lookup, customer: int) -> Paper | None:
    """The newest."""
    return next((paper for paper in look.papers(customer=customer, forms=(FORM,), limit=5) if paper.state == "filed"), None)


def customer_name(paper: Any) -> str:
    """As the customer is registered here, in full."""
    known = paper.look.customer(paper.customer.id) if paper.customer and paper.customer.id else None
    return known.name if known is not None else ""


def licence_name(paper: Any) -> str:
    known = of(paper.look, paper.customer.id) if paper.customer and paper.customer.id else None
    return str(known.answers.get("name", "")) if known is not None else ""


def full_name(paper: Any) -> str:
    """The licence's before ours: it is the one that counts."""
    return licence_name(paper) or customer_name(paper)


def ending(last: date, desk: Desk) -> str:
    """When the licence ends, and only those reminders that will come."""
    today = desk.calendar.day_of(desk.now)
    if last < today:
        return f"有效期到 {last.year} 年 {day_of_month(last)}，已经过了，请客户换了新的再拍一张。"
    told = "和".join(f" {(last - day).days} 天" for day in licences.reminders(last, today))
    return f"{day_words(last, desk)}到期，{f'到期前{told}提醒您' if told else '请客户换了新的再拍一张'}。"


def owe(desk: Desk, customer: int, last: date | None) -> None:
    """To say it in time; what was owed for the licence before is not said any more."""
    today = desk.calendar.day_of(desk.now)
    for before in licences.SAID_BEFORE:
        desk.forget("licence", f"{customer}:{before}")
    if last is None:
        return
    for day in licences.reminders(last, today):
        opens, _ = desk.hours_on(desk.me.id, day)
        desk.remind("licence", f"{customer}:{(last - day).days}", desk.calendar.at(day, opens), customer=customer, last=last.isoformat())
