"""delivery, books, intro, edition, forward, readers, fair, meet, plan: what goes to customers (A-3.2.1, A-3.3.3, A-3.4.1, A-3.5.1)."""

from __future__ import annotations

from conversations import deliveries, exhibitions, introductions, planlist, turns
from conversations.actions.logs import fresh, the_case
from conversations.actions.outdated import Outdated, number
from conversations.desk import Desk
from conversations.forms.sales.delivery import BookDelivery
from conversations.forms.sales.hindrance import DeliveryReason
from conversations.types import Said
from rules import people as policy
from rules.deliveries import OPEN


def delivery(desk: Desk, said: Said, id: str, rev: str, what: str) -> None:
    """show, done or reason."""
    case = the_case(desk, id, "delivery")
    if case.person_id != desk.me.id:
        raise Outdated("这一家的书不归您送，请问部门主管。")
    if case.state not in OPEN:
        raise Outdated("这一家已经送到了，不用再点。" if case.state == "delivered" else "这一家不用送了。")
    now = fresh(desk, case, rev)
    label = desk.label("customers", case.customer_id or 0)
    if what == "show":
        desk.say(deliveries.one(desk, case))
    elif what == "reason":
        turns.begin(desk, said, DeliveryReason, case=case.id, case_rev=now, lead=f"{deliveries.what(desk, case)}。")
    elif what == "done":
        answers = {"customer": {"id": case.customer_id, "label": label}, "copies": int(case.data.get("copies", 1))}
        answers["issue"] = {"id": case.id, "label": str(case.data.get("label") or "没有期号的")}
        turns.begin(desk, said, BookDelivery, answers=answers)
    else:
        raise Outdated


def show_deliveries(desk: Desk, said: Said, page: str = "0") -> None:
    """送书: a rep's own; for who answers for reps, what is late."""
    if "rep" in desk.me.roles:
        desk.say(deliveries.card(desk, number(page)))
    elif desk.me.roles & {"supervisor", "manager"}:
        desk.say(deliveries.of_boss(desk, number(page)))
    else:
        raise Outdated("送书由市场员记。要帮忙的话，请找部门主管。")


def _in_sales(desk: Desk) -> None:
    """Who has nothing to do with them is told so, not that there are none."""
    if desk.me.roles.isdisjoint(policy.POLICY["see_cards"]):
        raise Outdated("这些是市场部用的，您这边看不到。有事请找市场部的主管。")


def intro(desk: Desk, said: Said, topic: str = "") -> None:
    """One topic as it is now, or the list of them."""
    _in_sales(desk)
    desk.say(introductions.shown(desk, topic) if topic else introductions.contents(desk))


def edition(desk: Desk, said: Said, id: str) -> None:
    """An earlier version, as it was."""
    desk.say(introductions.edition(desk, number(id)))


def forward(desk: Desk, said: Said, id: str) -> None:
    desk.say(introductions.forwardable(desk, number(id)))


def readers(desk: Desk, said: Said, id: str = "0") -> None:
    desk.say(introductions.readers(desk, number(id)))


def fair(desk: Desk, said: Said, id: str = "0", page: str = "0") -> None:
    _in_sales(desk)
    chosen = number(id)
    desk.say(exhibitions.guests(desk, chosen, number(page)) if chosen else exhibitions.listed(desk, number(page)))


def meet(desk: Desk, said: Said, fair: str, customer: str, page: str = "0") -> None:
    """On the list or off it; the list comes back."""
    exhibitions.toggle(desk, number(fair), number(customer))
    desk.say(exhibitions.guests(desk, number(fair), number(page)))


def plan(desk: Desk, said: Said, id: str) -> None:
    """The plan for the customer, as a paper and as text."""
    paper = desk.paper(number(id))
    if paper is None or paper.form != "PromotionPlan":
        raise Outdated("这份方案不归您看，请问部门主管。")
    desk.say(planlist.shown(desk, paper))


def show_plans(desk: Desk, said: Said, page: str = "0") -> None:
    desk.say(planlist.listed(desk, number(page)))
