"""下次什么时候联系 (A-3.3.5)."""

from __future__ import annotations

from datetime import date

from conversations import keeping
from conversations.desk import Desk
from conversations.form import Form
from conversations.questions import Day, Pick
from conversations.types import Prompt
from rules.errors import RuleBroken
from rules.touches import check_day


def near(day: date, paper: Form) -> str:
    try:
        check_day(day, paper.today)
    except RuleBroken as broken:
        return str(broken)
    return ""


class NextTouch(Form, title="下次联系", version=1, who="rep", at_once=True):
    """The day one means to speak to a customer again (A-3.3.5)."""

    customer = Pick("下次联系哪家客户？", "customers", label="客户")
    on_day = Day("哪天联系？", label="日期", offer=(7, 14, 30), check=near)

    def stored(self, desk: Desk) -> Prompt:
        customer = desk.customer(self.customer.id) if self.customer else None
        return keeping.set_(desk, customer, self.on_day) if customer and self.on_day else super().stored(desk)
