"""经理对客户要求的答复 (A-4.4.6b)."""

from __future__ import annotations

from conversations import followups
from conversations.desk import Desk
from conversations.form import Form
from conversations.questions import Text
from conversations.types import Prompt


class RequestAnswer(Form, title="答复客户要求", version=1, who="manager", on="request", in_state={"asked"}, at_once=True):
    """The manager's answer in words; it goes back to the rep (A-4.4.6b)."""

    answer = Text("请写答复，市场员会转告客户。", label="答复", at_most=300)

    def filed(self, desk: Desk) -> None:
        case = desk.case(self.record.case_id) if self.record and self.record.case_id else None
        if case is not None and self.answer:
            followups.answered(desk, case, None, self.answer.rstrip("。"))

    def stored(self, desk: Desk) -> Prompt:
        return Prompt("已答复，市场员告诉客户后就结了。")
