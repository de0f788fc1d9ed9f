"""答应客户的事 (A-4.4.6b, A-3.3.7A)."""

from __future__ import annotations

from conversations import followups
from conversations.desk import Desk
from conversations.form import Form
from conversations.questions import Moment, Pick, Text, not_past
from conversations.spoken import clock_words
from conversations.types import Prompt


class Promise(Form, title="答应客户的事", version=1, who="rep", wrong="不是答应的事"):
    """An answer owed, with its time; reminded before it is due (A-4.4.6b)."""

    customer = Pick("答应了哪家客户？", "customers", label="客户", or_new="NewCustomer")
    what = Text("答应了什么？", card="答应{}", offer=("报价", "方案", "样刊", "发票"))
    by = Moment("什么时候答复？", label="答复时间", card="{} 前", check=not_past)

    def filed(self, desk: Desk) -> None:
        if self.customer and self.by and self.record:
            followups.owe(desk, f"promise:paper:{self.record.id}", self.customer, self.by, self.what or "", paper=self.record.id)

    def stored(self, desk: Desk) -> Prompt:
        return Prompt(f"已记下，{clock_words(self.by, desk)} 前答复，到时提前提醒您。" if self.by else "已记下。")
