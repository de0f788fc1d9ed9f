"""A key given out, a paper without a request, a paper that says something else (C-4.6)."""

from __future__ import annotations

from conversations.desk import Desk, NotAllowed
from conversations.form import Form
from conversations.questions import Pick, Text
from conversations.repairs import evening, keyring, reconcile
from conversations.types import Prompt

WHAT = ("地址", "时间", "金额")


class KeyOut(Form, title="发钥匙", version=1, who="service_desk", at_once=True):
    """The key of a vacant flat to whoever works there; theirs once they say so (C-4.6)."""

    spot = Pick("哪一套的钥匙？写房号就行。", "units", label="哪一套")
    to = Pick("交给哪位师傅？", "technicians", label="交给")

    def filed(self, desk: Desk) -> None:
        spot = desk.spot(str(self.spot.id)) if self.spot else None
        to = desk.person(self.to.id) if self.to else None
        if spot is None or to is None:
            raise NotAllowed("这一套不在房屋名单里了，请另选。")
        keyring.hand_out(desk, spot, to)

    def stored(self, desk: Desk) -> Prompt:
        return Prompt(f"{self.spot.label if self.spot else ''}的钥匙交给{self.to.label if self.to else ''}，等他点收。")


class PaperFound(Form, title="纸单", version=1, who=("technician", "service_desk"), at_once=True):
    """A paper form that no request of the register belongs to: handed over with the others, and looked into (C-4.6c)."""

    number = Text("单上写的单号？没有就写地址。", label="单号或地址", at_most=40)

    def filed(self, desk: Desk) -> None:
        if self.number:
            desk.new_thing("paper", f"纸单 {self.number}", "", 1)

    def stored(self, desk: Desk) -> Prompt:
        return evening.card(desk) if "technician" in desk.me.roles else Prompt("记下了，对单时会列出来。")


class PaperDiffers(Form, title="单上不一样", version=1, who="service_desk", at_once=True):
    """What the paper says where it differs from the register; resolved with a reason when the day is compared (C-4.6c)."""

    paper = Pick("哪一张？", "offered", label="单")
    what = Text("哪里不一样？", label="哪里", offer=WHAT, at_most=10)
    says = Text("单上写的是什么？", label="单上写的", at_most=60)

    def filed(self, desk: Desk) -> None:
        found = next((one for one in desk.things(offered_to=desk.me.id) if self.paper and one.id == self.paper.id), None)
        if found is None or not self.says:
            raise NotAllowed("这一张已经处理过了。")
        reconcile.differs(desk, found, f"{self.what}：单上写的是 {self.says}")

    def stored(self, desk: Desk) -> Prompt:
        found = next((one for one in desk.things(offered_to=desk.me.id) if self.paper and one.id == self.paper.id), None)
        return evening.offered(desk, desk.me, found.holder) if found is not None else Prompt("记下了，对单时会列出来。")
