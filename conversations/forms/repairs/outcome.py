"""租户意见的处理结果 (B-8)."""

from __future__ import annotations

from conversations.desk import Desk
from conversations.form import Form
from conversations.questions import Text
from conversations.types import Prompt


class TenantOutcome(
    Form, title="处理结果", version=1, who=("area_manager", "station_master"), on="tenant_complaint", in_state={"open"}, at_once=True
):
    """What was done, and what the tenant says of it."""

    words = Text("怎么处理的？租户怎么说？", label="结果", offer=("上门道歉，租户接受了", "已重修，租户满意"), at_most=600)

    def filed(self, desk: Desk) -> None:
        if self.record and self.record.case_id and self.words:
            desk.close_tenant_complaint(self.record.case_id, self.words)

    def stored(self, desk: Desk) -> Prompt:
        return Prompt("好，这条结了。")
