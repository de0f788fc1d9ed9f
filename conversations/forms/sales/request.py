"""先记下的客户要求 (A-4.4.6)."""

from __future__ import annotations

from conversations import followups, tokens
from conversations.desk import Desk
from conversations.form import Form
from conversations.questions import Pick, Text
from conversations.types import Option, Prompt


class ParkedRequest(Form, title="客户要求", version=1, who="rep", wrong="不是要求"):
    """Something to ask back about: silent at the customer's, sent to the manager when the visit is over (A-4.4.6a, A-4.4.6b)."""

    customer = Pick("是哪家客户的要求？", "customers", label="客户")
    words = Text("客户要求什么？", label="要求", offer=("降价", "换版位", "晚付款", "多送一期"))

    def remark(self) -> str:
        return "先不惊动公司，走访记完或您点〔已离开〕再转经理。"

    def filed(self, desk: Desk) -> None:
        if self.customer and self.words and self.record:
            followups.park(desk, f"request:paper:{self.record.id}", self.customer, self.words, paper=self.record.id)

    def stored(self, desk: Desk) -> Prompt:
        case = desk.case_by_key(f"request:paper:{self.record.id}") if self.record else None
        if case is None or case.state != "parked":
            return super().stored(desk)
        left = Option("已离开，转经理", tokens.of_action("request", case.id, case.rev, "ask"), main=True)
        drop = Option("不用转了", tokens.of_action("request", case.id, case.rev, "drop"))
        return Prompt("先记下了，客户那边不用提。可以说：“这个我回去问了尽快答复您。”", (left, drop))
