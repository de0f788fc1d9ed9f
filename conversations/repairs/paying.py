"""What a repair costs at its end: who paid and how, who let it go, and the paper in the technician's hands (A-8.3c, C-4.5.5)."""

from __future__ import annotations

from conversations.desk import Desk
from conversations.firm import Person
from conversations.repairs import cards, consent, dispatch, printed
from conversations.repairs.job import Job
from conversations.types import Prompt
from rules import money
from rules.errors import RuleBroken

PAID: dict[str, str] = {"code": "扫码付", "cash": "现金", "monthly": "月底一起结", "free": "免收"}
ALLOW = frozenset({"area_manager", "station_master"})  # a fee to be let go


def paid(desk: Desk, job: Job, rev: int | None, how: str) -> Job:
    """Cash is in the technician's hands until the desk has it (A-8.3c, C-4.5.5a)."""
    if how not in PAID or how == "free":
        raise RuleBroken("C-4.5.5a", "请点一种付法。")
    total = job.agreed.total if job.agreed else 0
    here = desk.step_job(job.id, rev, "pay", how=how)
    if how == "cash" and total:
        desk.new_thing("cash", f"{job.number}", f"{job.where} 维修费", total, case=job.id)
    done(desk, here, f"{_signed(job)}，{job.data.get('payer') or '客户'}{PAID[how]} {money.exact(total)} 元。")
    return here


def free(desk: Desk, job: Job, rev: int | None, allowed: Person) -> Job:
    """Nothing is charged, and who allowed it stands on the paper; they hear that it was said of them (C-4.5.5a)."""
    if allowed.id == desk.me.id or allowed.roles.isdisjoint(ALLOW):
        raise RuleBroken("C-4.5.5a", "免收要片区经理或站长同意。")
    total = money.exact(job.agreed.total) if job.agreed else "0.00"
    here = desk.step_job(job.id, rev, "pay", how="free", allowed_by=allowed.id)
    answers = (cards.button("是我同意的", here, "allowed", main=True), cards.button("我没同意", here, "disowned"))
    desk.tell(allowed.id, Prompt(f"{here.title}\n{desk.me.name}说您同意免收，原价 {total} 元。", answers), key=f"free:{job.id}:{here.rev}")
    done(desk, here, f"{_signed(job)}，免收 {total} 元，{allowed.name}同意的。")
    return here


def _signed(job: Job) -> str:
    return "修好了，没有签名" if job.data.get("unsigned") and not job.data.get("signed_at") else "修好了，已签名"


def waive(desk: Desk, job: Job, rev: int | None, allowed: Person) -> Job:
    """The fee is let go; before any work that is done for nothing, afterwards it is the end of it (C-4.5.5c)."""
    before = job.data.get("disputed_from") == "quoted"
    columns = {"paid": False} if before else {}
    here = desk.step_job(
        job.id, rev, "waive", columns=columns, how="free", waived=True, allowed_by=allowed.id, agreed=None if before else job.data.get("agreed")
    )
    if here.state == "closed":
        done(desk, here, f"费用减免了，{allowed.name}同意的，单子收好。")
    else:
        dispatch.tell_desk(desk, here, f"费用减免了，{allowed.name}同意的，师傅照修。")
    if here.technician_id:
        lead = "费用减免了，\n不收费。" if here.state == "closed" else "费用减免了，\n不收费，可以开工。"
        desk.tell(here.technician_id, printed.with_paper(desk, here, cards.card(desk, here, lead)))
    return here


def disowned(desk: Desk, job: Job) -> None:
    """It was not allowed: the desk and the technician hear it, and it stands on record."""
    desk.note_job(job.id, "disowned", allowed_by=0, disowned_by=desk.me.id, how="owed")
    total = money.exact(job.agreed.total) if job.agreed else "0.00"
    words = f"{desk.me.name}说没有同意免收，\n请向客户补收 {total} 元。"
    dispatch.tell_desk(desk, job, words)
    if job.technician_id:
        desk.tell(job.technician_id, Prompt(f"{job.title}\n{words}"))


def done(desk: Desk, job: Job, words: str = "修好了，已签名。") -> None:
    """The paper is in the technician's hands; the desk and the tenant know (C-4.5.5a)."""
    form = printed.form_of(job, str(desk.setting("free_home_paper", printed.FREE_AT_HOME)))
    desk.new_thing("paper", f"{form}-{job.number}", job.where, 1, case=job.id, holder=job.technician_id)
    consent.finished(desk, job)
    told = printed.with_paper(desk, job, Prompt(words))
    dispatch.tell_desk(desk, job, told.text, attach=told.attach)
