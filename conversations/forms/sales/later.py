"""答应的事、约好的时间改期 (A-4.4.6b, A-3.3.2a)."""

from __future__ import annotations

from conversations.desk import Desk
from conversations.form import Form
from conversations.forms.sales.appointment import when_told
from conversations.questions import Moment, not_past
from conversations.spoken import clock_words, spaced
from conversations.types import Prompt
from rules import promises


class PromiseLater(Form, title="答应的事改期", version=1, who="rep", on="promise", in_state={"open"}, at_once=True):
    """Another time for an answer owed; the customer has to know it too."""

    by = Moment("改到什么时候？请先和客户说好。", label="新的时间", check=not_past)

    def filed(self, desk: Desk) -> None:
        case = desk.case(self.record.case_id) if self.record and self.record.case_id else None
        if case is None or self.by is None:
            return
        step = promises.move(case.state, "later", by=desk.me.id, owner=case.person_id)
        desk.move(case.id, None, "later", step.after, at=self.by)
        desk.remind("promise", str(case.id), promises.remind_at(self.by, desk.now), case=case.id)

    def stored(self, desk: Desk) -> Prompt:
        return Prompt(f"{spaced('改到', clock_words(self.by, desk))}，到时提前提醒您。" if self.by else "改好了。")


class AppointmentLater(Form, title="改约时间", version=1, who="rep", on="appointment", in_state={"planned"}, at_once=True):
    """Another time for a visit agreed; it moves to that day's list (A-3.3.2a)."""

    at = Moment("改到什么时候？请先和客户说好。", label="新的时间", check=not_past)

    def filed(self, desk: Desk) -> None:
        if self.record and self.record.case_id and self.at:
            desk.move(self.record.case_id, None, "later", "planned", at=self.at, order=0)

    def stored(self, desk: Desk) -> Prompt:
        case = desk.case(self.record.case_id) if self.record and self.record.case_id else None
        whom = desk.label("customers", case.customer_id or 0) if case is not None else ""
        return Prompt(f"{whom}{spaced('改到', clock_words(self.at, desk))} 了，{when_told(desk, self.at)}" if self.at else "改好了。")
