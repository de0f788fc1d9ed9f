"""promise, request, pass: what is owed to customers, and by whom (A-4.4.6, A-3.3.7A, A-1.3)."""

from __future__ import annotations

from conversations import daylog, followups, proposals, surveys, tokens, turns
from conversations.actions.logs import fresh, the_case
from conversations.actions.outdated import Outdated, number
from conversations.desk import Desk
from conversations.firm import Case, Person
from conversations.followups import receivers
from conversations.forms.sales.answer import RequestAnswer
from conversations.forms.sales.later import PromiseLater
from conversations.spoken import clock_words
from conversations.types import Option, Prompt, Said
from rules import daylog as log_rule
from rules import promises, requests
from rules.steps import Step

SHOWN = 8


def promise(desk: Desk, said: Said, id: str, rev: str, what: str) -> None:
    """kept or later."""
    case = the_case(desk, id, "promise")
    now = fresh(desk, case, rev)
    supervisor = desk.supervisor_of(case.person_id)
    step = promises.move(
        case.state, "keep" if what == "kept" else "later", by=desk.me.id, owner=case.person_id, supervisor=supervisor.id if supervisor else 0
    )
    if what == "later":
        turns.begin(desk, said, PromiseLater, case=case.id, case_rev=now)
        return
    if what != "kept":
        raise Outdated
    customer = desk.label("customers", case.customer_id or 0)  # who stood in sees it only as long as the case is theirs
    desk.move(case.id, now, "keep", step.after, closed=step.closes)
    desk.forget("promise", str(case.id))
    desk.say(Prompt(f"好，{customer}的{case.data.get('what') or '答复'}结了。"))


def request(desk: Desk, said: Said, id: str, rev: str, what: str) -> None:
    """ask, drop and told are the rep's; yes, no, write and show the manager's."""
    case = the_case(desk, id, "request")
    if what == "show":
        desk.say(followups.request_prompt(desk, case))
        return
    now = fresh(desk, case, rev)
    if what in ("yes", "no"):
        answered = followups.answered(desk, case, now, "可以" if what == "yes" else "不行")
        whose = desk.person(answered.person_id)
        desk.say(Prompt(f"已答复{whose.name if whose else '市场员'}：{answered.data['answer']}。"))
    elif what == "write":
        _may(desk, case, "answer")
        turns.begin(desk, said, RequestAnswer, case=case.id, case_rev=now)
    elif what == "ask":
        desk.say(Prompt(followups.ask(desk, case)))
    elif what in ("told", "drop"):
        step = _may(desk, case, "tell" if what == "told" else "drop")
        desk.move(case.id, now, step.action, step.after, closed=step.closes)
        desk.forget("request_told", str(case.id))
        desk.say(Prompt("好，这件结了。" if what == "told" else "好，不转了，记录还留着。"))
    else:
        raise Outdated


def _may(desk: Desk, case: Case, action: str) -> Step:
    managers = {who.id for who in desk.people("manager")}
    return requests.move(case.state, action, by=desk.me.id, owner=case.person_id, managers=managers)


def hand_on(desk: Desk, said: Said, id: str, rev: str, person: str = "0") -> None:
    """转交: first to whom, then it is theirs and they are told (A-1.3)."""
    case = desk.case(number(id))
    if case is None or case.kind not in ("request", "need", "daylog", "promise", "appointment"):
        raise Outdated("这一项不归您办，请问部门主管。")
    now = fresh(desk, case, rev)
    others = _candidates(desk, case)
    chosen = number(person)
    if not chosen:
        if not others:
            desk.say(Prompt("现在没有别人可以转，还请您来办。"))
            return
        options = tuple(Option(who.name, tokens.of_action("pass", case.id, case.rev, who.id)) for who in others[:SHOWN])
        desk.say(Prompt("转给谁？", options))
        return
    to = next((who for who in others if who.id == chosen), None)
    if to is None:
        raise Outdated("这个人现在不能办，请另选一个。")
    _passed(desk, case, now, to)
    desk.say(Prompt(f"已转给{to.name}。"))


def _candidates(desk: Desk, case: Case) -> list[Person]:
    """Who could do it instead: the same role, never the one whose paper it is."""
    if case.kind in ("request", "need"):
        found = [*desk.people("manager")]
    elif case.kind == "daylog":
        found = [*desk.people("supervisor"), *desk.people("manager")]
    else:
        whose = desk.person(case.person_id)
        found = [*desk.people("rep", whose.team_id if whose else None)]
    return [who for who in dict.fromkeys(found) if who.id not in (desk.me.id, case.person_id) and not who.left]


def _passed(desk: Desk, case: Case, rev: int, to: Person) -> None:
    if case.kind == "request":
        step = _may(desk, case, "pass")
        moved = desk.move(case.id, rev, "pass", step.after, manager=to.id)
        desk.forget("request_reply", str(case.id))
        if case.at:
            desk.remind("request_reply", f"{case.id}:{to.id}", case.at, person=to.id, case=case.id)
        desk.tell(to.id, followups.request_prompt(desk, moved))
    elif case.kind == "need":
        proposals.passed(desk, case, rev, to)
    elif case.kind == "daylog":
        step = log_rule.move(case.state, "pass", by=desk.me.id, owner=case.person_id, receivers=receivers(desk, case))
        moved = desk.move(case.id, rev, "pass", step.after, receiver=to.id)
        desk.tell(to.id, daylog.to_receive(desk, moved, moved.day or desk.calendar.day_of(desk.now)))
    else:
        _passed_to_rep(desk, case, to)


def _passed_to_rep(desk: Desk, case: Case, to: Person) -> None:
    """A promise or an appointment goes with the case; the customer stays its owner's."""
    boss = desk.supervisor_of(case.person_id)
    if desk.me.id not in {case.person_id, boss.id if boss else 0}:
        raise Outdated("这一项不归您办，请问部门主管。")
    former, customer = desk.person(case.person_id), desk.label("customers", case.customer_id or 0)
    moved = goes_to(desk, case, to)
    what = "，".join(
        part for part in (case.data.get("what") or case.data.get("about"), f"{clock_words(case.at, desk)} 前" if case.at else "") if part
    )
    kept = (Option("已答复客户", tokens.of_action("promise", moved.id, moved.rev, "kept"), main=True),) if case.kind == "promise" else ()
    desk.tell(to.id, Prompt(f"{desk.me.name}转给您：{customer}，{what}。", kept))
    if former is not None and former.id not in (desk.me.id, to.id):
        desk.tell(former.id, Prompt(f"{desk.me.name}把这件转给{to.name}了：{customer}，{what}。您不用再办。"))


def goes_to(desk: Desk, case: Case, to: Person) -> Case:
    """Theirs from now on, with its reminders."""
    moved = desk.hand_case(case.id, to.id)
    if case.kind == "promise":
        for key in (str(case.id), f"{case.id}:{case.person_id}"):
            desk.forget("promise", key)
        if case.at and case.at > desk.now:
            desk.remind("promise", f"{case.id}:{to.id}", promises.remind_at(case.at, desk.now), person=to.id, case=case.id)
    elif case.kind == "need":
        proposals.goes_to(desk, case, moved)
    elif case.kind == "prospect":
        desk.forget("prospect", str(case.id))
        surveys.remind(desk, moved)
    elif case.kind == "request" and case.state == "answered":
        desk.forget("request_told", str(case.id))
        desk.remind("request_told", f"{case.id}:{to.id}", max(case.at or desk.now, desk.now), person=to.id, case=case.id)
    return moved
