"""《办公环境及员工行为管理制度》 to who has not confirmed the version in force (C-6.1)."""

from __future__ import annotations

from datetime import timedelta

from conversations import houserules
from conversations.desk import Desk
from conversations.types import Prompt
from scheduler.late import Late
from storage.due import DueRow

KIND = "house_rules"
LANE = "reminder"
LATE: Late = "latest"
LASTS = timedelta(hours=8)


def speak(desk: Desk, due: DueRow) -> Prompt | None:
    rules = desk.house_rules()
    if rules is None or rules.id != due.args.get("card") or desk.house_rules_read(rules.id).get(desk.me.id):
        return None
    return houserules.card(desk, rules, "请看一下，点一下确认。")
