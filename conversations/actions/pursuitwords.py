"""投诉 华东精密 送书晚了, 下次 恒达 12月3日, 关系 恒达 信任: typed in one line (A-3.1.1, A-3.3.4, A-3.3.5)."""

from __future__ import annotations

import re

from conversations import keeping, phrases, turns
from conversations.actions import keeping as kept
from conversations.desk import Desk
from conversations.firm import Customer, Found
from conversations.forms.sales.complaint import Complaint
from conversations.forms.sales.touch import NextTouch
from conversations.types import Prompt, Said, Unclear
from rules import relations

_COMPLAINT = re.compile(r"(?:记|客户)?投诉\s*[:：,，\s]\s*(?P<rest>\S.{0,600})", re.DOTALL)
_NEXT = re.compile(r"下次(?:联系|再联系)?\s*[:：,，\s]?\s*(?P<rest>\S.{0,60})")
_STAGE = re.compile(r"关系\s*[:：,，\s]\s*(?P<who>\S.{0,40}?)\s*[:：,，\s]?\s*(?P<stage>戒备|接受|信任)?了?")
SPLIT = re.compile(r"[\s,，:：、。]+")


def written(desk: Desk, said: Said) -> bool:
    """With nothing open; False when it is about something else."""
    text = said.text.strip()
    if found := _COMPLAINT.fullmatch(text):
        _complaint(desk, said, found["rest"].strip())
        return True
    if "rep" not in desk.me.roles:
        return False
    if (found := _NEXT.fullmatch(text)) and _next(desk, said, found["rest"].strip()):
        return True
    if (found := _STAGE.fullmatch(text)) and (customer := _named(desk, found["who"])) is not None:
        kept.stage(desk, said, str(customer.id), relations.stage_of(found["stage"] or ""))
        return True
    return False


def _complaint(desk: Desk, said: Said, rest: str) -> None:
    """The customer comes first, what they said after it; what cannot be placed is what they said."""
    head, *more = SPLIT.split(rest, maxsplit=1)
    words = more[0] if more else ""
    found = [one for one in desk.find("firm", head, 0, 2) if head in one.label or head in one.detail or len(head) < 2]
    known = _one(found, head)
    if known is None:
        turns.begin(desk, said, Complaint, answers={"what": rest} if words or len(rest) > 6 else {}, brief=True)
        return
    answers: dict[str, object] = {"customer": {"id": known.id, "label": known.label}}
    turns.begin(desk, said, Complaint, answers=answers | ({"what": words.strip()} if words.strip() else {}), brief=True)


def _one(found: list[Found], words: str) -> Found | None:
    exact = [one for one in found if words in (one.label, one.detail)]
    return exact[0] if len(exact) == 1 else found[0] if len(found) == 1 else None


def _named(desk: Desk, words: str) -> Customer | None:
    one = _one(list(desk.find("customers", words, 0, 2)), words)
    return desk.customer(one.id) if one is not None else None


def _next(desk: Desk, said: Said, rest: str) -> bool:
    """A day, and whose it is: the one named, else whom one spoke to last today."""
    try:
        days = [*phrases.find_days(rest, desk.calendar.local(said.at), desk.calendar)]
    except Unclear as problem:
        desk.say(Prompt(f"{problem}写法例如：下次 12月3日、下次 恒达影音 下周三。"))
        return True
    named = rest
    for one in days:
        named = named[: one.span[0]] + " " * (one.span[1] - one.span[0]) + named[one.span[1] :]
    named = named.strip(" 在的，,。")
    customer = _named(desk, named) if named else _last(desk)
    if customer is None and not days:
        return False
    if customer is None:
        turns.begin(desk, said, NextTouch, answers={"on_day": days[0].value.isoformat()}, typed=named)
    elif not days:
        turns.begin(desk, said, NextTouch, answers={"customer": {"id": customer.id, "label": customer.short}})
    else:
        desk.say(keeping.set_(desk, customer, days[0].value))
    return True


def _last(desk: Desk) -> Customer | None:
    """Whom one spoke to last, today."""
    today = desk.calendar.day_of(desk.now)
    papers = [one for one in desk.papers(person=desk.me.id, day=today, forms=keeping.SPOKEN, limit=10) if one.state == "filed" and one.customer_id]
    return desk.customer(papers[0].customer_id or 0) if papers else None
