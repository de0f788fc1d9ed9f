"""点收的数目不对 (A-8.3c)."""

from __future__ import annotations

from conversations.desk import Desk
from conversations.form import Form
from conversations.questions import Amount, Pick
from conversations.types import Prompt
from rules import money


class Counted(Form, title="点收", version=1, who=("service_desk", "finance"), at_once=True):
    """Money taken as counted; the difference stays on record for both (A-8.3c)."""

    thing = Pick("哪一笔？", "offered", label="哪一笔")
    amount = Amount("您数下来是多少？", label="实收")

    def filed(self, desk: Desk) -> None:
        if not self.thing or self.amount is None:
            return
        found = next((one for one in desk.things(offered_to=desk.me.id) if one.id == self.thing.id), None)
        if found is None:
            return
        desk.take_thing(found.id, self.amount)
        less = self.amount - found.amount
        words = f"，比说的{'多' if less > 0 else '少'} {money.short(abs(less))}" if less else ""
        desk.tell(found.holder, Prompt(f"{desk.me.name}点收 {found.number}：{money.short(self.amount)}{words}。有出入请当面核对。"))

    def stored(self, desk: Desk) -> Prompt:
        return Prompt("按您数的记下了，差数也告诉对方了。")
