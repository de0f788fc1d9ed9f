"""Every verb a button can carry, in one table."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from conversations.actions import (
    appointments,
    customers,
    days,
    deskwords,
    dispatching,
    figures,
    handouts,
    inviting,
    keeping,
    leaving,
    logs,
    muting,
    oneself,
    owed,
    papers,
    papersin,
    proofs,
    pursuit,
    repairs,
    seals,
    staffing,
    starting,
    stationwords,
)
from conversations.actions import page as pages
from conversations.actions.outdated import Outdated
from conversations.desk import Desk
from conversations.tokens import ActionTap
from conversations.types import Said

Action = Callable[..., None]


def page(desk: Desk, said: Said, which: str, verb: str, first: str = "", second: str = "", third: str = "", fourth: str = "") -> None:
    """A button of the evening's page: what it does comes back on the page."""
    if verb == "page":
        raise Outdated
    pages.answered(desk, said, which, ActionTap(verb, tuple(one for one in (first, second, third, fourth) if one)), act)


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
    "reading": seals.reading,
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
    "job": repairs.job,
    "dispatch": dispatching.send_to,
    "ring": dispatching.ring,
    "key": dispatching.key,
    "offer_job": deskwords.offer_job,
    "house_rules": stationwords.house_rules,
    "tenant": stationwords.tenant,
    "papers": papersin.card,
    "hand_papers": papersin.hand_over,
    "papers_back": papersin.back,
    "take_papers": papersin.take,
    "papers_lacking": papersin.lacking,
    "papers_differ": papersin.differing,
    "paper_differs": papersin.differs,
    "paper_found": papersin.paper_found,
    "ask_papers": papersin.ask,
    "key_out": papersin.key_out,
    "register": papersin.register,
    "refuse_thing": papersin.refuse,
    "count_thing": papersin.count,
    "compare": papersin.compare,
    "settle_paper": papersin.settle,
    "file_papers": papersin.file,
    "chase_job": dispatching.chase,
    "job_photo": repairs.photo,
    "my_jobs": repairs.my_jobs,
    "sheet": figures.sheet,
    "sheets": figures.sheets,
    "figure": figures.figure,
    "record": figures.record,
    "funnel": figures.funnel,
    "sources": figures.sources,
    "statement": figures.statement,
    "approve": figures.approve,
    "topic": muting.topic,
    "delivery": handouts.delivery,
    "books": handouts.show_deliveries,
    "intro": handouts.intro,
    "edition": handouts.edition,
    "forward": handouts.forward,
    "readers": handouts.readers,
    "fair": handouts.fair,
    "meet": handouts.meet,
    "plan": handouts.plan,
    "plans": handouts.show_plans,
    "page": page,
    "nudge": pages.nudge,
    "survey": pursuit.survey,
    "surveyed": pursuit.surveyed,
    "ask_survey": pursuit.ask_survey,
    "name_prospect": pursuit.name_prospect,
    "need": pursuit.need,
    "complaint": pursuit.complaint,
    "complaints": pursuit.listed,
    "prospects": pursuit.prospects,
    "touch": keeping.touch,
    "stage": keeping.stage,
    "track": keeping.track,
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
