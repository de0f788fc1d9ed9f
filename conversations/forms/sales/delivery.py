"""送书记录 (A-3.2.1, A-3.2.2)."""

from __future__ import annotations

from conversations import certificates, deliveries, followups
from conversations.desk import Desk
from conversations.form import Form
from conversations.questions import Confirm, Count, Photos, Pick, Text
from conversations.types import Prompt


class BookDelivery(Form, title="送书记录", version=1, who="rep", copies_to="supervisor", wrong="不是送书"):
    """Book, today's 招商函 and 业务说明, and a receipt: without one of them it is not delivered yet (A-3.2.1, A-3.2.2)."""

    customer = Pick("书送给了哪家客户？", "customers", label="客户", or_new="NewCustomer", warn=deliveries.by_mail, insist="当面送到的")
    issue = Pick(
        "送的是哪一期？",
        lambda p: f"deliveries:{p.customer.id if p.customer else 0}",
        label="哪一期",
        when=lambda p: p.customer and len(deliveries.open_of(p.look, p.customer.id)) > 1,
    )
    copies = Count("送了几本？", "本", label="本数")
    enclosed = Confirm(
        "书里一起交给客户的有哪些？没带到的不用点。",
        deliveries.listed,
        label="随书",
        card="有{}",
        all_of=False,
        may_strike=True,
        when=lambda p: deliveries.enclosures(p.look),
    )
    photos = Photos("签收照片", label="照片", card="照片 {}", silent=True, goes_on=True, shows="signed", party=certificates.customer_name)
    signed = Text(
        lambda p: "签收人的姓名？不写点「没有」。" if p.photos else "谁签收的？写姓名，或拍签收单。没人签收写「没有」。",
        label="签收人",
        card="{}签收",
        at_most=40,
        may_strike=True,
        may_wait=True,
    )
    talked = Text("还有什么要记？", label="备注", silent=True)

    def filed(self, desk: Desk) -> None:
        if self.customer is None or self.record is None:
            return
        receipt = bool(self.signed or self.photos or any(desk.blob_kind(sha) == "photo" for sha in self.record.blobs))
        given, issue = self.enclosed or (), self.issue.id if self.issue else 0
        copies, customer = self.copies or 1, self.customer.id
        deliveries.settle(desk, self.record, customer, issue=issue, copies=copies, given=given, receipt=receipt, signed=self.signed or "")
        followups.kept_appointment(desk, self.customer, self.record.day, self.record.id, about="送书")

    def taken_back(self, desk: Desk) -> None:
        if self.record is not None:
            deliveries.undone(desk, self.record)

    def stored(self, desk: Desk) -> Prompt:
        return deliveries.told(desk, self.record) if self.record is not None else super().stored(desk)
