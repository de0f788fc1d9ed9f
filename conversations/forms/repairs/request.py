"""报修登记 ZC-QR-030 (C-4.5.1a, C-5.1)."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from conversations.desk import Desk, NotAllowed
from conversations.form import Form
from conversations.questions import Moment, Pick, Text, not_past
from conversations.repairs import intake, taking
from conversations.repairs.job import Job
from conversations.types import Prompt
from rules.repairs import jobs


def again(what: Any, paper: Form) -> str:
    """A caller who rings twice."""
    spot, phone = paper.answers.get("spot") or {}, paper.answers.get("phone")
    found = paper.look.still_open(str(spot.get("id", "")), phone if isinstance(phone, str) else "", str(what))
    return f"这里报过了：{found.number} {found.what}，{intake.aloud(paper.look, found)}还要另记一张吗？" if found is not None else ""


class RepairRequest(Form, title="报修登记", version=1, who=("service_desk", "area_manager"), wrong="不是报修"):
    """From the call to the register; an emergency rings at once (C-4.5.1, C-2)."""

    spot = Pick("哪里报修？写房号、租户或电话；公共地方写楼号和哪里，例如：阳光苑3号楼 楼道。", "units", label="哪里")
    what = Text("什么坏了？", label="内容", warn=again, at_most=200)
    at = Moment("约什么时候？", label="时间", check=not_past, may_strike=True, may_wait=True)
    phone = Text("打来的电话？", label="电话", may_strike=True, may_wait=True, at_most=40)

    def filed(self, desk: Desk) -> None:
        if not (self.spot and self.what and self.record) or self.record.rev > 1:
            return
        spot = desk.spot(str(self.spot.id))
        if spot is None:
            raise NotAllowed("这个地方不在房屋名单里了，请另选一处。")
        at = self.at.astimezone(UTC) if self.at else None
        shouted = desk.setting("emergency_words", jobs.SHOUTED)
        self.made = taking.take(desk, intake.call(spot, self.what, phone=self.phone or "", at=at, shouted=shouted))

    made: Job | None = None

    def stored(self, desk: Desk) -> Prompt:
        return taking.taken(desk, self.made) if self.made is not None else super().stored(desk)
