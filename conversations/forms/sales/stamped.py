"""盖章文件登记 (A-4.1c, A-4.4.1, A-4.4.2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from conversations import certificates, seen
from conversations.desk import Desk
from conversations.form import Form
from conversations.questions import Pick, Stamped, Text
from conversations.types import Prompt
from rules.names import same

KINDS = ("合同", "确认稿", "委托书", "说明")


def signing(paper: Any) -> str:
    """As the paper calls the customer; else the customer's full name."""
    return str(paper.party or certificates.full_name(paper))


def unread(paper: Any) -> bool:
    """Nothing here could read what the seal says: the person does."""
    raw = paper.answers.get("photos")
    question = paper.questions["photos"]
    return isinstance(raw, dict) and bool(raw.get("photos")) and question.best(raw, paper)[1].state in ("unread", "typed")


def as_written(typed: str, paper: Any) -> str:
    expected = signing(paper)
    return "" if not expected or same(expected, typed) else f"请核对：文件上是“{expected}”，您写的是“{typed}”。印章上就是这样写的吗？"


class StampedPaper(Form, title="盖章文件", version=1, who="rep", copies_to="supervisor", wrong="不是盖章文件"):
    """The customer's stamp, photographed at the customer's: readable, and whose (A-4.1c, A-4.4.1, A-4.4.2)."""

    customer = Pick("哪家客户盖的章？", "customers", label="客户", or_new="NewCustomer")
    what = Text("盖的是什么文件？", label="文件", offer=KINDS, at_most=60)
    party = Text(
        "文件上写的对方全称？",
        suggest=certificates.full_name,
        label="对方全称",
        card="",
        at_most=120,
        may_strike=True,
        may_wait=True,
    )
    photos = Stamped("请拍盖章的那一页，印章拍大一些", label="照片", card="照片 {}", shows="stamp", party=signing)
    sealed = Text(
        "印章没有读出来，请照着印章写上面的单位名称；看不清就点「没有」。",
        label="印章上的名称",
        card="印章是“{}”",
        when=unread,
        warn=as_written,
        insist="没错",
        refuse="重写",
        at_most=120,
        may_strike=True,
    )
    talked = Text("还有什么要记？", label="备注", silent=True)

    def named(self) -> Sequence[str]:
        return [name for sha in self.blobs() for name in seen.names(self.seen(sha))]

    def remark(self) -> str:
        """Seal, paper and licence carry one name (A-4.4.2d)."""
        licence = certificates.licence_name(self)
        return f"执照上的名称是“{licence}”，请核对。" if licence and not same(licence, signing(self)) else ""

    def stored(self, desk: Desk) -> Prompt:
        changed = self.record is not None and self.record.rev > 1
        return Prompt(
            f"{'改好了' if changed else '已存'}，{self.customer.label if self.customer else ''}的{self.what or '文件'}。原件请带回公司交主管。"
        )
