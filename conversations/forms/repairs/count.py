"""点收的数目不对 (A-8.3c)."""

from __future__ import annotations

from conversations.desk import Desk
from conversations.form import Form
from conversations.questions import Amount, Pick
from conversations.repairs import evening
from conversations.types import Prompt


class Counted(Form, title="点收", version=1, who=("service_desk", "finance"), at_once=True):
    """Money taken as counted; the difference stays on record for both (A-8.3c)."""

    thing = Pick("哪一笔？", "offered", label="哪一笔")
    amount = Amount("您数下来是多少？", label="实收")

    def filed(self, desk: Desk) -> None:
        if not self.thing or self.amount is None:
            return
        found = next((one for one in desk.things(offered_to=desk.me.id) if one.id == self.thing.id), None)
        if found is not None:
            evening.count(desk, found, self.amount)

    def stored(self, desk: Desk) -> Prompt:
        return Prompt("按您数的记下了，差数也告诉对方了。")
