"""Publicity plans found again: 方案, 方案 天籁音响, from the customer's card (A-3.5.1)."""

from __future__ import annotations

from conversations import paging, plans, tokens
from conversations.desk import Desk
from conversations.firm import Customer, Paper
from conversations.lookup import Lookup
from conversations.registry import BY_NAME
from conversations.spoken import day_words
from conversations.types import Option, Prompt

LISTED, LOOKED = 4, 40
NONE = "还没有写过宣传方案。写「写方案」就能开始。"


def latest(look: Lookup, customer: int) -> Paper | None:
    return next((one for one in look.papers(customer=customer, forms=(plans.FORM,), limit=9) if one.state == "filed"), None)


def every(look: Lookup) -> list[Paper]:
    """One's own and those one may see, the newest first; of a customer the newest only."""
    known: dict[int | None, Paper] = {}
    for paper in look.papers(forms=(plans.FORM,), limit=LOOKED):
        if paper.state == "filed":
            known.setdefault(paper.customer_id, paper)
    return [*known.values()]


def shown(desk: Desk, paper: Paper) -> Prompt:
    """The words for the customer, the paper, and the files that hang on it."""
    view = BY_NAME[paper.form](paper.answers, desk, paper.said_at)
    other = tuple(sha for sha in paper.blobs if desk.blob_kind(sha) == "file")
    fix = (Option("改方案", tokens.of_action("fix", paper.id)),) if paper.person_id == desk.me.id else ()
    return plans.with_paper(desk, view, paper, Prompt(plans.text(view, paper), fix, attach=other))


def of_customer(desk: Desk, customer: Customer) -> Prompt:
    paper = latest(desk, customer.id)
    if paper is not None:
        return shown(desk, paper)
    write = (Option("写宣传方案", tokens.of_action("start", plans.FORM, customer.id), main=True),) if "rep" in desk.me.roles else ()
    return Prompt(f"还没有给{customer.short}写过宣传方案。", write)


def listed(desk: Desk, page: int = 0) -> Prompt:
    """方案: what was written, one tap each."""
    found = every(desk)
    write = (Option("写方案", tokens.of_action("start", plans.FORM), main=not found),) if "rep" in desk.me.roles else ()
    if not found:
        return Prompt(NONE if write else "还没有宣传方案，市场员写了会列在这里。", write)
    rows, options = [], list[Option]()
    for nth, paper in paging.cut(found, page, LISTED):
        who = "" if paper.person_id == desk.me.id else f"，{desk.label('colleagues', paper.person_id)}写"
        name = desk.label("customers", paper.customer_id or 0) or plans.whom(desk, paper)
        rows.append(f"{nth}. {name}，{day_words(paper.day, desk)}{who}")
        options.append(Option(f"看{name}", tokens.of_action("plan", paper.id)))
    return Prompt("\n".join([f"宣传方案 {len(found)} 份：", *rows]), (*options, *paging.turn(found, page, LISTED, "plans"), *write))
