"""外地客户需求的方案 (A-3.3.7A)."""

from __future__ import annotations

from conversations import proposals
from conversations.desk import Desk
from conversations.form import Form
from conversations.questions import Files, Text
from conversations.spoken import clock_words
from conversations.types import Prompt


class NeedProposal(Form, title="需求方案", version=1, who="manager", on="need", in_state={"asked"}):
    """What the manager proposes for a need from out of town, with files; the rep's clock begins (A-3.3.7A)."""

    plan = Text("方案怎么写？市场员会照着答复客户。", label="方案", at_most=1000)
    files = Files("要附图片或文件吗？", label="附件", may_strike=True)

    def filed(self, desk: Desk) -> None:
        case = desk.case(self.record.case_id) if self.record and self.record.case_id else None
        if case is not None and self.record and self.plan and case.state == "asked":
            proposals.proposed(desk, case, self.record, self.plan)

    def stored(self, desk: Desk) -> Prompt:
        case = desk.case(self.record.case_id) if self.record and self.record.case_id else None
        rep = desk.person(case.person_id) if case else None
        if case is None or case.at is None or case.state != "proposed":
            return super().stored(desk)
        return Prompt(f"方案已给{rep.name if rep else '市场员'}，{clock_words(case.at, desk)} 前答复客户，客户怎么说会告诉您。")
