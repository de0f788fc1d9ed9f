"""A publicity plan to hand to the customer: as a printed paper, and as text (A-3.5.1)."""

from __future__ import annotations

from dataclasses import replace

from conversations.desk import Desk
from conversations.firm import Paper
from conversations.form import Form
from conversations.lookup import Lookup
from conversations.types import Prompt
from papers import fonts

FORM, LAYOUT, TITLE = "PromotionPlan", "plan", "宣传策划方案"
PICTURES = 6
_EMPTY = ("", "/", "（未填）")
_OURS = ("customer", "files")


def text(view: Form, paper: Paper) -> str:
    """Headed with the customer's name, without what is empty and without a word of ours."""
    return "\n".join([f"{whom(view.look, paper)}{TITLE}", *(f"{label}：{words}" for label, words in _rows(view))])


def with_paper(desk: Desk, view: Form, paper: Paper, prompt: Prompt) -> Prompt:
    """What is said about a plan carries it, the first page as a picture before it; or says why it does not."""
    if lacking := fonts.missing("".join([whom(desk, paper), *(words for _, words in _rows(view))])):
        return replace(prompt, text=f"{prompt.text}\n「{lacking}」印不出来，PDF 先不做。文字照样能转给客户，换个写法再印。")
    return replace(prompt, attach=(*prompt.attach, *_printed(desk, view, paper)))


def _printed(desk: Desk, view: Form, paper: Paper) -> tuple[str, str]:
    who, photos = desk.person(paper.person_id), [sha for sha in paper.blobs if desk.blob_kind(sha) == "photo"][:PICTURES]
    pictures = {f"after-{nth}.jpg": sha for nth, sha in enumerate(photos)}
    data = {
        "firm": str(desk.setting("firm_name", "") or ""),
        "phone": str(desk.setting("firm_phone", "") or ""),
        "code": "",
        "number": paper.number,
        "customer": whom(desk, paper),
        "fields": [[label, words] for label, words in _rows(view)],
        "after": [*pictures],
        "who": who.name if who is not None else "",
        "day": f"{paper.day.year} 年 {paper.day.month} 月 {paper.day.day} 日",
    }
    pdf, preview = desk.print_out(LAYOUT, data, pictures, f"{whom(desk, paper)}{TITLE}")
    return preview, pdf


def whom(look: Lookup, paper: Paper) -> str:
    customer = look.customer(paper.customer_id) if paper.customer_id else None
    picked = paper.answers.get("customer")
    return customer.name if customer else str(picked.get("label", "")) if isinstance(picked, dict) else ""


def _rows(view: Form) -> list[tuple[str, str]]:
    asked = [question for question in view.asked() if question.name not in _OURS]
    return [(question.label, words) for question in asked if (words := view.shown(question)) not in _EMPTY]
