"""A word of why, or when, about a job: cannot go, passed on, another time, not mended, not signed (C-4.3.4b, C-4.5.1, C-4.5.5)."""

from __future__ import annotations

from conversations.desk import Desk
from conversations.form import Form
from conversations.questions import Moment, Pick, Text, not_past
from conversations.repairs import cards, dispatch, overview, taking, visit
from conversations.repairs.job import Job
from conversations.types import Prompt


class OnAJob(Form, title="单子"):
    """What every answer about a job has in common: the job itself, and its next card."""

    def job(self, desk: Desk) -> Job | None:
        return desk.job(self.record.case_id) if self.record and self.record.case_id else None

    def stored(self, desk: Desk) -> Prompt:
        job = self.job(desk)
        return overview.shown(desk, job) if job is not None else super().stored(desk)


class Declined(OnAJob, title="去不了", version=1, who="technician", on="job", in_state={"sent", "offered"}, at_once=True):
    """Why not, so that the desk can send somebody else (C-4.5.1a)."""

    why = Text("为什么去不了？", label="原因", offer=("在别家", "路太远", "不会修这个", "身体不舒服"), at_most=100)

    def filed(self, desk: Desk) -> None:
        if (job := self.job(desk)) and self.why:
            dispatch.decline(desk, job, job.rev, self.why)

    def stored(self, desk: Desk) -> Prompt:
        job = self.job(desk)
        return cards.named(Prompt("好，已告诉客服另派。"), job) if job is not None else Prompt("好，已告诉客服另派。")


class PassedOn(OnAJob, title="转给同事", version=1, who="technician", on="job", in_state={"accepted", "nobody", "arrived", "found"}, at_once=True):
    """A colleague goes instead, once they accept (C-4.5.1a)."""

    to = Pick("转给哪位师傅？", "technicians", label="转给")

    def filed(self, desk: Desk) -> None:
        to = desk.person(self.to.id) if self.to else None
        if (job := self.job(desk)) and to is not None:
            dispatch.transfer(desk, job, job.rev, to)

    def stored(self, desk: Desk) -> Prompt:
        job, said = self.job(desk), Prompt(f"转给{self.to.label}了，\n不用您管了。" if self.to else "好。")
        return cards.named(said, job) if job is not None else said


class AnotherTime(
    OnAJob,
    title="改时间",
    version=1,
    who=("technician", "service_desk", "area_manager"),
    on="job",
    in_state={"open", "sent", "offered", "accepted", "nobody"},
    at_once=True,
):
    """Another appointment, agreed with the customer first (C-4.5.1b)."""

    at = Moment("改到什么时候？请先和客户说好。", label="时间", check=not_past)

    def filed(self, desk: Desk) -> None:
        if (job := self.job(desk)) and self.at:
            visit.book(desk, job, self.at)


class NotMended(OnAJob, title="修不好", version=1, who="technician", on="job", in_state={"found", "working", "tried"}, at_once=True):
    """Said and apologised for; the area manager decides (C-4.3.4b)."""

    why = Text(
        "为什么修不好？可以对客户说：“实在抱歉，这个今天修不好，我请经理来想办法。”",
        label="原因",
        offer=("缺配件", "要厂家来", "要另请专业"),
        at_most=200,
    )

    def filed(self, desk: Desk) -> None:
        if (job := self.job(desk)) and self.why:
            visit.unmet(desk, job, self.why)


class NoSignature(OnAJob, title="没签名", version=1, who="technician", on="job", in_state={"content"}, at_once=True):
    """Absent, or will not: the area manager decides (C-4.5.5b)."""

    why = Text("为什么没签？", label="原因", offer=("客户不在了", "客户不肯签", "客户不方便"), at_most=200)

    def filed(self, desk: Desk) -> None:
        if (job := self.job(desk)) and self.why:
            visit.unsigned(desk, job, self.why)


class CalledOff(
    OnAJob,
    title="取消",
    version=1,
    who=("service_desk", "area_manager"),
    on="job",
    in_state={"open", "sent", "offered", "accepted", "nobody"},
    at_once=True,
):
    """By the desk, with why; whoever was on the way hears it (C-4.5.1a)."""

    why = Text("为什么取消？", label="原因", offer=("客户说好了", "重复报修", "客户不修了"), at_most=200)

    def filed(self, desk: Desk) -> None:
        if (job := self.job(desk)) and self.why:
            taking.cancel(desk, job, job.rev, self.why)
