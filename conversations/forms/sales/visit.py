"""客户走访表 (A-3.3.3, A-3.3.6, A-4.4.6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conversations import exhibitions, followups
from conversations.desk import Desk
from conversations.firm import Found
from conversations.form import Form
from conversations.lexicon import TAGS
from conversations.questions import Moment, Photos, Pick, Place, Text, not_past
from conversations.spoken import day_words
from conversations.types import Prompt
from rules.customers import check_log_form
from rules.errors import RuleBroken
from rules.requests import special


def out_of_town(customer: Found, paper: Form) -> str:
    """The customer's class decides the log: those out of town are met at exhibitions (A-3.3.3)."""
    known = paper.look.customer(customer.id) if customer.id else None
    try:
        if known is not None:
            check_log_form(known.local, "visit", at_exhibition=bool(paper.answers.get("fair")))
    except RuleBroken as broken:
        return f"{customer.label}：{broken}"
    return ""


class CustomerVisit(Form, title="客户走访表", version=1, who="rep", copies_to="supervisor", wrong="不是拜访"):
    """What a rep learned at a customer's (A-3.3.3, A-3.3.6); a special request waits until the visit is over (A-4.4.6a)."""

    customer = Pick("拜访了哪家客户？", "customers", label="客户", or_new="NewCustomer", warn=out_of_town, insist="展会上见的", refuse="记电话")
    met = Text("见了谁？什么职务？", label="见了谁", card="见了{}", may_wait=True)
    talked = Text("谈了什么？", offer=TAGS)
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
    photos = Photos("请拍现场照片（门头、名片、样刊）", label="照片", card="照片 {}", goes_on=True, may_strike=True, may_wait=True)
    place = Place("在哪里？", label="位置", card="", silent=True)
    fair = Text("在哪个展会？", label="展会", card="{}见的", silent=True)

    def insisted(self, at: str) -> Mapping[str, Any]:
        fair = exhibitions.running(self.look, self.today) if at == "customer" else None
        return {"fair": f"{fair.name}上" if fair else "展会上"} if at == "customer" else {}

    @classmethod
    def instead(cls, at: str) -> str:
        return "PhoneCall" if at == "customer" else ""

    def wish(self) -> str:
        """What the customer wants and a rep may not promise on the spot."""
        return next((words for words in (self.need, self.talked) if words and special(words)), "")

    def remark(self) -> str:
        return f"「{special(wish)}」先记下，您离开客户后再转经理。" if (wish := self.wish()) else ""

    def filed(self, desk: Desk) -> None:
        if self.customer is None or self.record is None:
            return
        promised = f"promise:paper:{self.record.id}"
        if self.fair:
            exhibitions.met(desk, self.record, self.customer.id)
        exhibitions.made_up(desk, self.record)
        followups.kept_appointment(desk, self.customer, self.record.day, self.record.id)
        if self.reply_by:
            followups.owe(desk, promised, self.customer, self.reply_by, self.need or self.talked or "", to=self.met or "", paper=self.record.id)
        elif self.record.rev > 1:
            followups.unowe(desk, promised)
        if wish := self.wish():
            followups.park(desk, f"request:paper:{self.record.id}", self.customer, wish, paper=self.record.id, promised=self.reply_by)

    def taken_back(self, desk: Desk) -> None:
        if self.record is not None:
            exhibitions.unmet(desk, self.record)

    def stored(self, desk: Desk) -> Prompt:
        lines = followups.ask_parked(desk, self.customer) if self.customer else []
        if self.record is None or self.record.rev > 1:
            return Prompt("\n".join([super().stored(desk).text, *lines]))
        count = len(desk.papers(person=desk.me.id, day=self.record.day, forms=("CustomerVisit",)))
        photos = f"照片 {len(self.photos)} 张。" if self.photos else "照片可以现在发，也可以晚上补。" if count == 1 else ""
        after = followups.coming(desk, self.record.day)
        return Prompt("\n".join([f"已存，{day_words(self.record.day, desk)}第 {count} 家。{photos}{after}", *lines]))
