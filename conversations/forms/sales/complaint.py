"""客户意见 (A-3.1.1)."""

from __future__ import annotations

from conversations import complaining
from conversations.desk import Desk
from conversations.form import Form
from conversations.questions import Choose, Pick, Text
from conversations.types import Prompt
from rules.complaints import ABOUT, OUTCOMES


class Complaint(Form, title="客户意见", version=1, wrong="不是投诉"):
    """What a customer complains of, as they said it; anybody may note it, somebody else than the rep closes it (A-3.1.1)."""

    customer = Pick("哪家客户的意见？", "firm", label="客户")
    what = Text("客户怎么说的？照原话写就行。", label="内容", offer=("送书晚了", "版面有差错", "答应的没办"), at_most=600)
    about = Choose("说的是哪一块？", ABOUT, label="有关", card="关于{}")
    said_by = Text("客户那边是谁说的？", label="反映人", card="{}反映", may_strike=True, may_wait=True, at_most=40)
    promised = Text("当时答应客户什么了？", label="已答应", card="答应{}", may_strike=True, may_wait=True, at_most=300)

    def subject(self, desk: Desk) -> int | None:
        """Only who may look into the customer has the record with it."""
        return self.customer.id if self.customer and desk.customer(self.customer.id) else None

    def filed(self, desk: Desk) -> None:
        if self.customer and self.what and self.about and self.record:
            said = {"from": self.said_by or "", "promised": (self.promised or "").rstrip("。")}
            complaining.heard(desk, desk.complain(self.customer.id, self.what.rstrip("。"), about=self.about, paper=self.record.id, **said))

    def stored(self, desk: Desk) -> Prompt:
        return Prompt("记下了，主管会看到，处理好告诉您。客户那边可以说：“已经转给负责人，会尽快给您答复。”")


class ComplaintNote(Form, title="补充情况", version=1, on="complaint", in_state={"open"}, at_once=True):
    """What else is to be known, from whoever knows it (A-3.1.1)."""

    words = Text("请写当时的情况，照实写就行。", label="情况", at_most=600)

    def filed(self, desk: Desk) -> None:
        if self.record and self.record.case_id and self.words:
            complaining.noted(desk, desk.answer_complaint(self.record.case_id, "note", self.words))

    def stored(self, desk: Desk) -> Prompt:
        return Prompt("补充好了，处理的人会看到。")


class ComplaintOutcome(Form, title="处理结果", version=1, who=("supervisor", "manager"), on="complaint", in_state={"open"}, at_once=True):
    """Explained or solved, and how; nobody closes their own (A-3.1.1)."""

    outcome = Choose("处理得怎样？", OUTCOMES, label="结果")
    words = Text("怎么处理的？写一句，会转给记的人和市场员。", label="说明", at_most=600)

    def filed(self, desk: Desk) -> None:
        if self.record and self.record.case_id and self.outcome and self.words:
            complaining.closed(desk, desk.answer_complaint(self.record.case_id, self.outcome, self.words.rstrip("。")))

    def stored(self, desk: Desk) -> Prompt:
        return Prompt("好，这条结了。")
