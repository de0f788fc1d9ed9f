"""What the customer is shown, agrees to and signs; staff only make the way in (C-4.3.3, C-4.3.4a, C-4.5.5)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import timedelta

from conversations import tokens
from conversations.desk import Desk
from conversations.desks.repairs import Mode
from conversations.lookup import Lookup
from conversations.repairs import cards, dispatch, overview
from conversations.repairs.job import Job, kept
from conversations.types import Option, Prompt
from rules import money
from rules.repairs import jobs as rule
from rules.repairs.quotations import Quotation, difference

VERSION = "2026-11"  # of the words of consent and signature
LASTS = timedelta(hours=24)
HELD = timedelta(minutes=20)  # on the technician's own phone
KEPT = timedelta(days=30)


def offer(desk: Desk, job: Job, quotation: Quotation) -> Job:
    """A new quotation ends the consent to the old one, and work waits (C-4.3.4a); one that is the same changes nothing."""
    if job.agreed is not None and quotation.hash == job.agreed.hash:
        return keep(desk, job) if job.state == "quoted" else job
    changed = difference(job.agreed, quotation) if job.agreed else ()
    noted = desk.note_job(job.id, "price_shown", price_shown=quotation.version)
    here = desk.step_job(job.id, noted.rev, "quote", columns={"paid": True}, quotation=kept(quotation), changed=list(changed))
    desk.end_links(job.id, "consent")
    return here


def keep(desk: Desk, job: Job) -> Job:
    """No to the change: what was agreed to before holds, and the work goes on (C-4.3.4a)."""
    desk.end_links(job.id, "consent")
    return desk.step_job(job.id, None, "stay", quotation=job.data.get("agreed"), changed=[])


def ask(desk: Desk, job: Job, mode: Mode) -> Prompt:
    """The way in for the customer: a code to scan, or this very phone handed over."""
    url, picture = desk.make_link(job.id, "consent", mode, hashed(agreed_text(desk, job)), desk.now + (HELD if mode == "handover" else LASTS))
    return _way(job, mode, url, picture, "请客户看报价，\n同意后才开工。")


def sign(desk: Desk, job: Job, mode: Mode) -> Prompt:
    url, picture = desk.make_link(job.id, "sign", mode, hashed(signed_text(desk, job)), desk.now + (HELD if mode == "handover" else LASTS))
    who = rule.SIGNERS.get(job.signer, "客户") if job.place != "home" else "客户"
    return _way(job, mode, url, picture, f"请{who}看一看，\n满意就签名。", who)


def _way(job: Job, mode: Mode, url: str, picture: str, words: str, who: str = "客户") -> Prompt:
    if mode == "handover":
        return Prompt(f"{job.title}\n{words}\n打开后把手机给{who}：", (Option("打开", "", main=True, url=url),))
    return Prompt(f"{job.title}\n{words}\n扫这个码，\n或把链接发给{who}：\n{url}", attach=(picture,) if picture else ())


def agreed_text(look: Lookup, job: Job) -> str:
    """Exactly what is agreed to; the link is bound to its hash."""
    quotation = job.quotation
    if quotation is None:
        return ""
    lines = "，".join(f"{line.name} {line.count} {line.unit} {money.exact(line.sum)} 元" for line in quotation.lines)
    return (
        f"单号 {job.number}，{job.address}。本次维修：{lines}，合计 {money.exact(quotation.total)} 元（{quotation.capitals}）。"
        f"依据《有偿维修服务收费价格一览表》{quotation.version}。您同意后才开工，有改动会再问您。"
    )


def signed_text(look: Lookup, job: Job) -> str:
    """Exactly what is signed."""
    found = f"查到{'、'.join(job.findings)}。" if job.findings else ""
    found += f"用了{job.data['parts']}。" if job.data.get("parts") else ""
    price = f"收费 {money.exact(job.agreed.total)} 元，与您同意的一致。" if job.agreed else "这次不收费。"
    return f"单号 {job.number}，{job.address}。{job.what}。{found}已修好，{_tried(job)}，现场已清理。{price}"


_FOR: Mapping[str, str] = {"family": "{}的家人", "household": "和{}同住的人"}


def signer(job: Job, name: str, relation: str) -> str:
    """Whoever signed; who left the tenant's own name standing though they are somebody else is not called by it."""
    whose = job.caller or "客户"
    return _FOR[relation].format(whose) if relation in _FOR and name in ("", job.caller) else name or whose


def _tried(job: Job) -> str:
    """With what failed on the way, and that it is well now (C-4.5.4a)."""
    return f"试了 {len(job.trials)} 次{'' if all(job.trials) else f'，最后 {rule.TRIALS} 次都正常'}"


def show_anew(desk: Desk, id: int) -> None:
    """What the customer saw is not what stands now: the technician gets the card to show the new one."""
    job = desk.job(id)
    if job is None:
        return
    for purpose in ("consent", "sign"):
        desk.end_links(job.id, "consent" if purpose == "consent" else "sign")
    if job.technician_id:
        desk.tell(job.technician_id, cards.card(desk, job, "内容有改动，客户要看新的。请再给客户看一次。"))


def hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def disputed(desk: Desk, job: Job) -> None:
    """One card for the desk: the quotation, the version, the photographs, and what can be done, with a clock (C-4.5.5c)."""
    quotation = job.quotation or job.agreed
    lines = "\n".join(f"{line.name} {line.count} {line.unit} {money.exact(line.sum)}" for line in quotation.lines) if quotation else ""
    total = f"合计 {money.exact(quotation.total)} 元（{quotation.version}价目表）" if quotation else ""
    minutes = int(desk.setting("fee_pending_minutes"))
    text = f"{job.title}\n{job.caller or '客户'}对收费有疑问，请打 {job.phone or '登记的电话'} 说明，{minutes} 分钟内答复。\n{lines}\n{total}"
    to = dispatch.at_desk(desk, job)
    if to:
        desk.tell(to, Prompt(text, overview.disputed(job), attach=(*job.before, *job.after)))
        at, since = desk.now + timedelta(minutes=minutes), job.data.get("disputed_at")
        desk.remind("fee_pending", f"{job.id}:{at.isoformat()}", at, person=to, case=job.id, since=since)


def finished(desk: Desk, job: Job) -> None:
    """The customer's ways in to consent and signature end; the copy stays open for thirty days."""
    for purpose in ("consent", "sign"):
        desk.end_links(job.id, "consent" if purpose == "consent" else "sign")


def progress(desk: Desk, job: Job) -> str:
    """Where the tenant can see how it goes, and later keep a copy."""
    url, _ = desk.make_link(job.id, "progress", "own", "", desk.now + KEPT)
    return url


def shown_again(job: Job) -> Option:
    return Option("接着办", tokens.of_action("job", job.id, job.rev, "show"))
