"""宣传策划方案 (A-3.5.1)."""

from __future__ import annotations

from conversations import plans, tokens
from conversations.desk import Desk
from conversations.form import Form
from conversations.questions import Amount, Files, Pick, Text
from conversations.types import Option, Prompt


class PromotionPlan(Form, title="宣传策划方案", version=1, who="rep", copies_to="supervisor"):
    """A plan that fits the customer, before the contract; offered, never demanded (A-3.5.1)."""

    customer = Pick("给哪家客户写方案？", "customers", label="客户", or_new="NewCustomer")
    aim = Text("客户想达到什么目的？", label="目的", offer=("推新产品", "树品牌", "招经销商", "配合展会"), at_most=500)
    audience = Text("给谁看？", label="对象", offer=("工程商", "经销商", "最终用户"), at_most=300)
    media = Text("用哪些媒体和版位？写「介绍 版位」可以先看价格。", label="媒体和版位", at_most=1000)
    budget = Amount("预算多少？", label="预算", may_strike=True)
    timetable = Text("时间怎么安排？", label="时间安排", may_strike=True, at_most=500)
    files = Files("要附图片或文件吗？", label="附件", may_strike=True)

    def stored(self, desk: Desk) -> Prompt:
        if self.record is None or self.customer is None:
            return super().stored(desk)
        show = Option("给客户看的文字", tokens.of_action("plan", self.record.id), main=True)
        changed = "改好了" if self.record.rev > 1 else "存下了"
        text = f"{self.customer.label}的方案{changed}，PDF 可以直接转给客户。以后写「方案 {self.customer.label}」再拿，要改写「改上一条」。"
        return plans.with_paper(desk, self, self.record, Prompt(text, (show,)))
