"""reading: what the person says of a seal that was read after the record was filed (A-4.4.2)."""

from __future__ import annotations

from conversations import sight
from conversations.actions.outdated import Outdated, number
from conversations.desk import Desk
from conversations.questions.stamped import KEPT
from conversations.types import Prompt, Said


def reading(desk: Desk, said: Said, id: str, how: str) -> None:
    """Who, when and what the eyes said stands in the reading's events."""
    case = desk.case(number(id))
    if case is None or case.kind != sight.KIND or case.person_id != desk.me.id or how not in sight.ANSWERS:
        raise Outdated
    if "answer" in case.data:
        raise Outdated(f"已经记过了：{sight.ANSWERS[case.data['answer']]}。")
    desk.move(case.id, case.rev, how, case.state, answer=how)
    desk.say(Prompt(KEPT[how]))
