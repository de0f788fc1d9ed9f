"""客户对方案怎么说 (A-3.3.7A)."""

from __future__ import annotations

from conversations import proposals
from conversations.desk import Desk
from conversations.form import Form
from conversations.questions import Choose, Text
from conversations.types import Prompt
from rules.needs import REACTIONS


class NeedReaction(Form, title="客户的答复", version=1, who="rep", on="need", in_state={"proposed"}, at_once=True):
    """The customer has the proposal; what they say ends it or sends it back once more (A-3.3.7A)."""

    reaction = Choose("客户怎么说？", REACTIONS, label="客户态度")
    words = Text("客户原话，或要改哪里？", label="原话", may_strike=True, at_most=300)

    def filed(self, desk: Desk) -> None:
        case = desk.case(self.record.case_id) if self.record and self.record.case_id else None
        if case is not None and self.reaction and case.state == "proposed":
            proposals.reacted(desk, case, self.reaction, (self.words or "").rstrip("。"))

    def stored(self, desk: Desk) -> Prompt:
        if self.reaction == "change":
            case = desk.case(self.record.case_id) if self.record and self.record.case_id else None
            return Prompt(f"转回经理了，{proposals.clocks(desk, case) if case else '改好告诉您'}。")
        return Prompt("好，这件结了，经理那边也知道了。")
