"""What a visit makes likely, one tap away, and nobody has to: a receipt for the book, a publicity plan (A-3.2.1, A-3.5.1)."""

from __future__ import annotations

import re
from dataclasses import replace

from conversations import deliveries, tokens
from conversations.desk import Desk
from conversations.firm import Paper
from conversations.types import Option, Prompt
from rules.plans import wanted

SPOKEN = ("CustomerVisit", "PhoneCall")
_BOOK = re.compile("送[书刊]|送了.{0,8}[书刊本册]|[书刊].{0,3}送到")


def also(desk: Desk, paper: Paper, stored: Prompt) -> Prompt:
    """In front of what is offered anyway."""
    if paper.form not in SPOKEN or paper.rev > 1 or not paper.customer_id:
        return stored
    words = " ".join(str(paper.answers.get(name) or "") for name in ("talked", "need"))
    options: list[Option] = []
    due = deliveries.open_of(desk, paper.customer_id) if paper.form == "CustomerVisit" and _BOOK.search(words) else []
    if due:
        options.append(Option("记签收", tokens.of_action("delivery", due[0].id, due[0].rev, "done")))
    if wanted(words):
        options.append(Option("写宣传方案", tokens.of_action("start", "PromotionPlan", paper.customer_id)))
    return replace(stored, options=(*options, *stored.options)) if options else stored
