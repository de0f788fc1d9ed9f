"""What a repair used and who answers for its price: parts, who pays, who allowed it for nothing (C-4.2.3, C-4.5.5)."""

from __future__ import annotations

from typing import Any

from conversations.desk import Desk, NotAllowed
from conversations.firm import Person
from conversations.forms.repairs.reasons import OnAJob
from conversations.questions import Pick, Text
from conversations.repairs import overview, paying
from conversations.repairs.job import Job
from conversations.types import Prompt
from rules import money


def _deciders(paper: Any) -> str:
    """Of the job's own area first."""
    record = paper.record
    job = paper.look.job(record.case_id) if record and record.case_id else None
    return f"deciders:{job.area_id or 0}" if job is not None else "deciders:0"


class PartsUsed(
    OnAJob, title="用了配件", version=1, who="technician", on="job", in_state={"found", "working", "finished", "tried", "content"}, at_once=True
):
    """One optional line; what is charged stands in the quotation (C-4.2.3)."""

    what = Text("用了什么？写一行。\n例如：球阀 1 个。", label="配件", at_most=100)

    def filed(self, desk: Desk) -> None:
        if (job := self.job(desk)) and self.what:
            before = str(job.data.get("parts") or "")
            desk.note_job(job.id, "parts", parts=f"{before}，{self.what}" if before and self.what not in before else before or self.what)

    def stored(self, desk: Desk) -> Prompt:
        job = self.job(desk)
        return overview.shown(desk, job, f"记下了：用了{job.data['parts']}。") if job is not None else super().stored(desk)


class Payer(OnAJob, title="谁付", version=1, who="technician", on="job", in_state={"signed"}, at_once=True):
    """The tenant, unless said otherwise (C-4.5.5a)."""

    who_pays = Text("谁来付？", label="谁付", offer=("房东", "公司", "物业"), at_most=20)

    def filed(self, desk: Desk) -> None:
        if (job := self.job(desk)) and self.who_pays:
            desk.note_job(job.id, "payer", payer=self.who_pays)


class _Allowed(OnAJob, title="谁同意的"):
    """Whoever allowed it is named, and hears it."""

    allowed = Pick("谁同意的？", _deciders, label="同意的人")

    def person(self, desk: Desk) -> Person:
        found = desk.person(self.allowed.id) if self.allowed else None
        if found is None:
            raise NotAllowed("请点一位同意免收的经理。")
        return found


class FreeOfCharge(_Allowed, title="免收", version=1, who="technician", on="job", in_state={"signed"}, at_once=True):
    """Free, with who allowed it (C-4.5.5a)."""

    def filed(self, desk: Desk) -> None:
        if job := self.job(desk):
            paying.free(desk, job, None, self.person(desk))


class LetGo(_Allowed, title="减免", version=1, who="service_desk", on="job", in_state={"fee_pending"}, at_once=True):
    """A fee in doubt let go by the desk, with who allowed it (C-4.5.5c)."""

    def filed(self, desk: Desk) -> None:
        if job := self.job(desk):
            moved, allowed = paying.waive(desk, job, None, self.person(desk)), self.person(desk)
            desk.tell(allowed.id, told(desk, moved))

    def stored(self, desk: Desk) -> Prompt:
        job = self.job(desk)
        return Prompt(f"{job.title if job else ''}\n减免了，{self.allowed.label if self.allowed else ''}同意的。已告诉师傅。".lstrip())


def told(desk: Desk, job: Job) -> Prompt:
    total = money.exact(job.quotation.total) if job.quotation else "0.00"
    return Prompt(f"{job.title}\n{desk.me.name}说您同意减免 {total} 元。不对的话请告诉{desk.me.name}。")
