"""What follows when the customer answers: consent, not now, a doubt about the price, a signature (C-4.3.3, C-4.5.5)."""

from __future__ import annotations

from conversations.desk import Desk
from conversations.repairs import cards, consent, dispatch, paying, printed
from conversations.repairs.job import Job
from conversations.spoken import wall
from conversations.types import Prompt
from rules import money
from rules.repairs import jobs as rule


def agreed(desk: Desk, job: Job) -> Job:
    """Only now may work begin, on exactly what was shown (C-4.3.3)."""
    here = desk.step_job(job.id, None, "consent", agreed=job.data.get("quotation"), agreed_at=desk.now.isoformat())
    total = money.exact(here.agreed.total) if here.agreed else ""
    _tell(desk, here, f"{_who(job)} {wall(desk.now, desk)} 同意了，\n{total} 元，\n可以开工。")
    return here


def not_now(desk: Desk, job: Job) -> Job:
    """Before anything was agreed to that is the end of it; of a change only the change falls away (C-4.3.4a)."""
    if job.agreed is not None:
        here = consent.keep(desk, job)
        _tell(desk, here, f"{_who(job)}不要新加的，\n按原来同意的做，\n{money.exact(job.agreed.total)} 元。")
        return here
    here = desk.step_job(job.id, None, "not_now")
    _tell(desk, here, f"{_who(job)}说先不修。{cards.LEFT}")
    dispatch.tell_desk(desk, here, "客户说先不修。")
    return here


def doubted(desk: Desk, job: Job) -> Job:
    """The desk explains; the technician need not argue (C-4.5.5c)."""
    here = desk.step_job(job.id, None, "dispute", disputed_from=job.state, disputed_at=desk.now.isoformat(), with_area=False)
    consent.disputed(desk, here)
    _tell(desk, here, f"{_who(job)}对收费有疑问。")
    return here


def unhappy(desk: Desk, job: Job, why: str) -> Job:
    """Not yet content: back to work (C-4.5.4c)."""
    rounds = job.rounds + 1
    here = desk.step_job(job.id, None, "rework", rounds=rounds, trials=[], unhappy=why)
    _tell(desk, here, f"{_who(job)}还不满意{f'：{why}' if why else ''}。")
    if rule.must_tell_area(rounds):
        dispatch.tell_area(desk, here, Prompt(f"客户第 {rounds} 次不满意{f'：{why}' if why else ''}。"), f"rework:{job.id}:{rounds}")
    return here


def signed(desk: Desk, job: Job, name: str) -> Job:
    """What costs nothing ends here; else the technician says how it was paid (C-4.5.5b)."""
    action = "attest" if job.attested else "sign"  # on the technician's phone, by staff in their role
    here = desk.step_job(job.id, None, action, signed_by=name, signed_at=desk.now.isoformat())
    words = f"{name or _who(job)} {wall(desk.now, desk)} 签名了。"
    here = here if here.paid else _ended(desk, here, words)
    _tell(desk, here, words)
    return here


def signed_on_paper(desk: Desk, job: Job, sha: str) -> Job:
    """The photograph of the signed form is equally accepted; the original is kept as it came (C-4.5.5b)."""
    text = consent.signed_text(desk, job)
    here = desk.sign_on_paper(job.id, sha, text, consent.hashed(text), consent.VERSION)
    desk.end_links(job.id, "sign")
    return here if here.paid else _ended(desk, here, "签在纸上了。")


def attested(desk: Desk, job: Job, rev: int | None) -> Job:
    """Staff who sign where nobody lives, by their own tap: their name and role stand on the paper (C-4.5.5a)."""
    text = consent.signed_text(desk, job)
    here = desk.attest_job(job.id, rev, text, consent.hashed(text), consent.VERSION)
    desk.end_links(job.id, "sign")
    words = f"{desk.me.name} {wall(desk.now, desk)} 签字了。"
    closed = _ended(desk, here, words)
    _tell(desk, closed, words)
    return closed


def _ended(desk: Desk, job: Job, words: str) -> Job:
    closed = desk.step_job(job.id, None, "leave")
    paying.done(desk, closed, f"修好了，{words}")
    return closed


def rated(desk: Desk, job: Job, stars: int) -> None:
    """At the end of the customer's own page, and nowhere else."""
    desk.note_job(job.id, "rate", rating=stars)


def _who(job: Job) -> str:
    return job.caller or "客户"


def _tell(desk: Desk, job: Job, lead: str) -> None:
    if job.technician_id:
        desk.tell(job.technician_id, printed.with_paper(desk, job, cards.card(desk, job, lead)))
