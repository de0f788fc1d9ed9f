"""Every verb a button can carry, in one table."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from conversations.actions import appointments, customers, days, inviting, leaving, logs, oneself, owed, papers, proofs, staffing, starting
from conversations.actions.outdated import Outdated
from conversations.desk import Desk
from conversations.tokens import ActionTap
from conversations.types import Said

Action = Callable[..., None]

ACTIONS: Mapping[str, Action] = {
    "start": starting.start,
    "resume": starting.resume,
    "drop": starting.drop,
    "trial": starting.trial,
    "turn": starting.turn,
    "words": starting.words,
    "add": starting.add,
    "all": starting.every,
    "each": starting.each,
    "menu": starting.show_menu,
    "how": starting.how,
    "today": days.today,
    "day": days.day,
    "route": days.route,
    "order": days.order,
    "appointment": appointments.appointment,
    "changes": appointments.which,
    "log": logs.log,
    "hand": logs.hand,
    "withdraw": logs.withdraw,
    "receive": logs.receive,
    "return": logs.give_back,
    "chase": logs.chase,
    "excuse": logs.excuse,
    "promise": owed.promise,
    "request": owed.request,
    "pass": owed.hand_on,
    "find": customers.find,
    "fix": papers.fix,
    "undo": papers.undo,
    "photo": papers.photo,
    "see": proofs.see,
    "mine": oneself.mine,
    "notme": oneself.notme,
    "cut_off": oneself.cut_off,
    "ack": oneself.ack,
    "mute": oneself.mute,
    "leave": oneself.leave,
    "inviting": inviting.inviting,
    "invite": inviting.invite,
    "give": staffing.give,
    "end": staffing.end,
    "deputy": staffing.deputy,
    "dismiss": leaving.dismiss,
    "handover": leaving.handover,
}


def _counts(action: Action) -> tuple[int, int]:
    """How many arguments after desk and said: at least, at most."""
    known = [*inspect.signature(action).parameters.values()][2:]
    return sum(one.default is inspect.Parameter.empty for one in known), len(known)


_COUNTS: Mapping[str, tuple[int, int]] = {verb: _counts(action) for verb, action in ACTIONS.items()}


def act(desk: Desk, said: Said, tap: ActionTap) -> None:
    """Do it; a button of another age says so."""
    action: Any = ACTIONS.get(tap.verb)
    if action is None:
        raise Outdated
    least, most = _COUNTS[tap.verb]
    if not least <= len(tap.args) <= most:
        raise Outdated
    action(desk, said, *tap.args)
