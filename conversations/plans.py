"""A publicity plan as text for the customer (A-3.5.1)."""

from __future__ import annotations

from conversations.firm import Paper
from conversations.lookup import Lookup
from conversations.registry import BY_NAME

PLAYED = ("photo", "file")


def text(look: Lookup, paper: Paper) -> str:
    """Headed with the customer's name, without what is empty and without a word of ours."""
    view = BY_NAME[paper.form](paper.answers, look, paper.said_at)
    customer = look.customer(paper.customer_id) if paper.customer_id else None
    rows = [f"{question.label}：{view.shown(question)}" for question in view.asked() if question.name not in ("customer", "files")]
    return "\n".join([f"{customer.name if customer else ''}宣传策划方案", *(row for row in rows if not row.endswith(("：/", "：（未填）")))])


def files(look: Lookup, paper: Paper) -> tuple[str, ...]:
    return tuple(sha for sha in paper.blobs if look.blob_kind(sha) in PLAYED)
