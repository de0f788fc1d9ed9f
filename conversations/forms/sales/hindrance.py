"""没送到的原因 (A-3.2.1)."""

from __future__ import annotations

from conversations import deliveries
from conversations.desk import Desk
from conversations.form import Form
from conversations.questions import Text
from conversations.spoken import clock_words, day_of_month, spaced
from conversations.types import Prompt


class DeliveryReason(Form, title="没送到的原因", version=1, who="rep", on="delivery", in_state={"planned", "part"}, at_once=True):
    """Noted for the record; the day stays (A-3.2.1)."""

    why = Text("为什么还没送到？记下原因，日期不变。", label="原因", offer=("下雨", "客户不在", "书还没到"), at_most=100)

    def filed(self, desk: Desk) -> None:
        case = desk.case(self.record.case_id) if self.record and self.record.case_id else None
        if case is not None and self.why:
            deliveries.hindered(desk, case, day_of_month(desk.calendar.day_of(desk.now)), self.why)

    def stored(self, desk: Desk) -> Prompt:
        case = desk.case(self.record.case_id) if self.record and self.record.case_id else None
        if case is None or case.at is None or case.at <= desk.now:
            return Prompt("原因记下了。已经过了日期，请尽快送到。")
        return Prompt(f"{spaced('原因记下了。还是', clock_words(case.at, desk))} 前送到。")
