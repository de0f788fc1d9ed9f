"""退回日志的说明 (A-3.3.6a)."""

from __future__ import annotations

from conversations import followups
from conversations.desk import Desk
from conversations.form import Form
from conversations.questions import Text
from conversations.types import Prompt


class ReturnRemark(Form, title="退回日志", version=1, who=("supervisor", "manager"), on="daylog", in_state={"handed"}, at_once=True):
    """Why a log goes back: one sentence the rep can act on (A-3.3.6a)."""

    why = Text("请写一句要改什么，会原样转给对方。", label="说明", offer=("见了谁没写清", "时间不对", "请补照片"), at_most=300)

    def filed(self, desk: Desk) -> None:
        case = desk.case(self.record.case_id) if self.record and self.record.case_id else None
        if case is not None and self.why:
            followups.log_returned(desk, case, self.why.rstrip("。"))

    def stored(self, desk: Desk) -> Prompt:
        return Prompt("已退回，说明也转过去了。改好后会再交给您。")
