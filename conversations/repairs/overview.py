"""A job as the desk, the area manager and the station master see it: where it stands, and what they may do about it (C-3, C-4.5.1)."""

from __future__ import annotations

from datetime import datetime

from conversations import tokens
from conversations.lookup import Lookup
from conversations.repairs import cards, intake, keys
from conversations.repairs.cards import button
from conversations.repairs.job import Job
from conversations.types import Option, Prompt
from rules import money
from rules.repairs import jobs as rule

DESK = frozenset({"service_desk", "area_manager"})
PASSED_ON = ("accepted", "nobody", "arrived", "found")  # another may go instead
BEFORE = ("open", "sent", "offered", "accepted", "nobody")


def shown(look: Lookup, job: Job, lead: str = "") -> Prompt:
    """The card of whoever looks: the technician's for whose job it is or who is asked, else what there is to see and to decide."""
    if look.me.id == job.technician_id or look.me.id in job.asked:
        return cards.card(look, job, lead)
    return card(look, job, lead)


def card(look: Lookup, job: Job, lead: str = "") -> Prompt:
    urgent = f"紧急 {job.urgent}" if job.urgent else ""
    late = intake.late(look, job)
    told = job.data.get("late_until")
    lines = [lead, urgent, cards.facts(look, job), intake.aloud(look, job), f"⚠ {late}" if late and late != "费用待定" else ""]
    lines += [priced(job), f"没签：{job.data['unsigned']}" if job.state == "unsigned" else "", _unmet(job)]
    if told and job.state == "accepted" and datetime.fromisoformat(str(told)) < look.now:
        lines.append("过了师傅说的时间，请再问一下。")
    return Prompt(f"{job.title}\n" + "\n".join(line for line in lines if line), _options(look, job))


def priced(job: Job) -> str:
    quotation = job.quotation
    if quotation is None or job.state not in ("quoted", "fee_pending", "unsigned", "unmet"):
        return ""
    return f"报价 {money.exact(quotation.total)} 元（{quotation.version}价目表）"


def _unmet(job: Job) -> str:
    return f"没修好：{job.data.get('unmet', '')}" if job.state == "unmet" else ""


def _options(look: Lookup, job: Job) -> tuple[Option, ...]:
    me = look.me
    desk, area = bool(me.roles & DESK), "area_manager" in me.roles
    options: list[Option] = []
    if job.state == "content" and job.attested and job.signer in me.roles:
        options += [button("看过，签字", job, "attest", main=True), button("还不行", job, "rework")]
    if area and job.state in ("unmet", "unsigned"):
        options += decisions(job)
    if desk and job.state == "fee_pending":
        options += disputed(job)
    if desk and job.state in ("open", "sent", "offered"):
        options.append(Option("派单", tokens.of_action("dispatch", job.id, job.rev), main=True))
    if desk and job.state == "nobody":
        options.append(button("改时间", job, "book", main=True))
    if desk and job.state in ("sent", "offered", "accepted"):
        options.append(Option("催一下", tokens.of_action("chase_job", job.id, job.rev)))
    if desk and job.state in PASSED_ON:
        options.append(Option("改派", tokens.of_action("dispatch", job.id, job.rev)))
    if desk and job.state in BEFORE:
        options += [] if job.state == "nobody" else [button("改时间", job, "book")]
        options.append(button("取消", job, "cancel"))
    if "service_desk" in me.roles and job.state in PASSED_ON:
        options += keys.offer(job)
    return (*options, button("看全部", job, "show"))


def decisions(job: Job) -> tuple[Option, ...]:
    """The area manager's, of what was not mended or not signed (C-4.3.4b, C-4.5.5b)."""
    if job.state == "unsigned":
        return button("认可", job, "settle", main=True), button("再去一趟", job, "redo")
    over = "到此为止，不收费" if job.agreed and job.paid else "到此为止"
    return button("再修", job, "redo", main=True), button(over, job, "settle")


def disputed(job: Job) -> tuple[Option, ...]:
    """What the desk can do about a fee in doubt (C-4.5.5c)."""
    to_area = () if job.data.get("with_area") else (button("待片区经理", job, "to_area"),)
    return button("解释后同意", job, "explained", main=True), button("减免", job, "waive"), *to_area


def signing(look: Lookup, job: Job, who: str) -> Prompt:
    """For the staff who sign where nobody lives: what was found and done, with the photographs (C-4.5.5a)."""
    found = f"查到：{'、'.join(job.findings)}\n" if job.findings else ""
    text = f"{job.title}\n{who}修好了，请您签字。\n{job.what}\n{found}试了 {len(job.trials)} 次，最后 {rule.TRIALS} 次都正常。"
    options = (button("看过，签字", job, "attest", main=True), button("还不行", job, "rework"))
    return Prompt(text, options, attach=(*job.before, *job.after))
