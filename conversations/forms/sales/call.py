"""电话记录 (A-3.3.3, A-3.3.7A)."""

from __future__ import annotations

from conversations import exhibitions, followups, proposals
from conversations.desk import Desk
from conversations.form import Form
from conversations.lexicon import TAGS
from conversations.questions import Moment, Pick, Text, not_past
from conversations.spoken import day_words
from conversations.types import Prompt


class PhoneCall(Form, title="电话记录", version=1, who="rep", copies_to="supervisor", wrong="不是电话"):
    """Out-of-town customers are telephoned; what they need goes to the manager for a proposal, with a clock (A-3.3.7A)."""

    customer = Pick("和哪家客户通的电话？", "customers", label="客户", or_new="NewCustomer")
    met = Text("和谁通的电话？", label="通话人", card="电话里是{}", may_wait=True)
    talked = Text("说了什么？", offer=TAGS)
    need = Text("客户有什么需求？", label="客户需求", may_strike=True, may_wait=True)
    reply_by = Moment(
        "答应何时答复？",
        label="答应答复",
        card="答应{} 前答复",
        when=lambda p: not p.struck("need"),
        check=not_past,
        may_strike=True,
        may_wait=True,
    )

    def filed(self, desk: Desk) -> None:
        if self.customer is None or self.record is None:
            return
        exhibitions.made_up(desk, self.record)
        promised = f"promise:paper:{self.record.id}"
        if self.reply_by:
            followups.owe(desk, promised, self.customer, self.reply_by, self.need or self.talked or "", to=self.met or "", paper=self.record.id)
        elif self.record.rev > 1:
            followups.unowe(desk, promised)
        if proposals.raised(desk, self.record, self.customer, self.need or "", self.reply_by):
            return
        if self.need:
            followups.park(desk, f"request:paper:{self.record.id}", self.customer, self.need, paper=self.record.id, promised=self.reply_by)

    def taken_back(self, desk: Desk) -> None:
        if self.record is not None:
            exhibitions.unmet(desk, self.record)

    def stored(self, desk: Desk) -> Prompt:
        lines = followups.ask_parked(desk, self.customer) if self.customer else []
        lines += [said] if self.record and (said := proposals.line(desk, self.record)) else []
        if self.record is None or self.record.rev > 1:
            return Prompt("\n".join([super().stored(desk).text, *lines]))
        count = len(desk.papers(person=desk.me.id, day=self.record.day, forms=("PhoneCall",)))
        return Prompt("\n".join([f"已存，{day_words(self.record.day, desk)}第 {count} 个电话。主管签收日志时一起确认。", *lines]))
