"""log, hand, withdraw, receive, return, chase, excuse: the day log on its way (A-3.3.6a, A-3.3.6b)."""

from __future__ import annotations

from dataclasses import replace

from conversations import daylog, filing, handins, tokens, turns
from conversations.actions.outdated import Outdated, number
from conversations.actions.outdated import day as day_of
from conversations.desk import Desk, StaleCase
from conversations.firm import Case
from conversations.followups import compact, receivers
from conversations.forms.sales.remark import ReturnRemark
from conversations.spoken import day_of_month, day_words, wall
from conversations.types import Option, Prompt, Said

BOSSES = frozenset({"supervisor", "manager"})


def the_case(desk: Desk, id: str, kind: str) -> Case:
    case = desk.case(number(id))
    if case is None or case.kind != kind:
        raise Outdated("这一项不归您办，请问部门主管。")
    return case


def fresh(desk: Desk, case: Case, rev: str) -> int:
    """The revision on the button, when nobody moved the case since."""
    if number(rev) != case.rev:
        events = desk.case_events(case.id)
        raise StaleCase(events[-1] if events else None)
    return case.rev


def log(desk: Desk, said: Said, which: str = "", person: str = "0") -> None:
    """One's own draft; or anybody's full text, for those who may see it."""
    day = day_of(which) if which else desk.calendar.day_of(desk.now)
    id = number(person)
    if not id and "rep" in desk.me.roles:
        desk.say(daylog.draft(desk, day))
        return
    whose = desk.person(id or desk.me.id)
    if whose is None or (whose.id != desk.me.id and not desk.me.roles & BOSSES):
        raise Outdated("这份日志不归您看，请问部门主管。")
    parts = handins.parts(desk, whose.id, day)
    case = next((one for one in parts if one.state == "handed"), None)
    if case is not None and desk.me.id in receivers(desk, case) and whose.id != desk.me.id:
        receive_it = Option("签收", tokens.of_action("receive", case.id, case.rev), main=True)
        options: tuple[Option, ...] = (receive_it, Option("退回", tokens.of_action("return", case.id, case.rev)))
    elif whose.id == desk.me.id and "rep" in desk.me.roles and case is None:
        options = daylog.draft(desk, day, ask=False).options
    else:
        options = ()
    pictures = daylog.see(desk, whose.id, day, daylog.shown(desk, whose.id, day))
    rest = [one for one in options if one.label != "看全文"]
    desk.say(Prompt(daylog.full(desk, whose.id, day), (*rest, *pictures)))


def hand(desk: Desk, said: Said, id: str, rev: str) -> None:
    case = the_case(desk, id, "daylog")
    desk.say(daylog.handed(desk, case, fresh(desk, case, rev)))


def withdraw(desk: Desk, said: Said, id: str, rev: str) -> None:
    case = the_case(desk, id, "daylog")
    desk.say(daylog.withdrawn(desk, case, fresh(desk, case, rev)))


def _handed_again(desk: Desk, case: Case, rev: str) -> bool:
    """A card of before it was withdrawn and handed in again: the newer one is shown, so that what is signed was seen."""
    events = desk.case_events(case.id)
    if number(rev) == case.rev or case.state != "handed" or events[-1].action != "hand":
        return False
    if desk.me.id not in receivers(desk, case) or desk.me.id == case.person_id:
        return False
    whose, again = desk.person(case.person_id), daylog.to_receive(desk, case, case.day or desk.calendar.day_of(desk.now))
    name = f"{whose.name} {wall(events[-1].at, desk)} " if whose else ""
    desk.say(replace(again, text=f"这张卡片已经处理过了：{name}改过又交了，请看这张新的。\n{again.text}"))
    return True


def receive(desk: Desk, said: Said, id: str, rev: str) -> None:
    case = the_case(desk, id, "daylog")
    if _handed_again(desk, case, rev):
        return
    desk.say(daylog.received(desk, case, fresh(desk, case, rev)))


def give_back(desk: Desk, said: Said, id: str, rev: str) -> None:
    """With a remark, asked for in one question."""
    case = the_case(desk, id, "daylog")
    if _handed_again(desk, case, rev):
        return
    rev_now = fresh(desk, case, rev)
    if case.state != "handed":
        raise Outdated(filing.who_was_first(desk, desk.case_events(case.id)[-1]))
    if desk.me.id not in receivers(desk, case) or desk.me.id == case.person_id:
        raise Outdated("这份日志不归您签收，请问部门主管。")
    turns.begin(desk, said, ReturnRemark, case=case.id, case_rev=rev_now)


def chase(desk: Desk, said: Said, person: str, which: str) -> None:
    """问他: a polite word to the person, once an hour; the log itself is the answer."""
    day, whose = day_of(which), desk.person(number(person))
    if whose is None or whose.id == desk.me.id or not desk.me.roles & BOSSES:
        raise Outdated("这一项不归您办，请问部门主管。")
    case = desk.case_by_key(daylog.key(whose.id, day))
    if case is not None and case.state in ("handed", "received"):
        raise Outdated(f"{whose.name} {day_of_month(day)}的日志已经{'签收' if case.state == 'received' else '交了'}，不用催了。")
    see = Option("看日志", tokens.of_action("log", compact(day)), main=True)
    off = Option(f"{'今天' if day == desk.calendar.day_of(desk.now) else '那天'}请假", tokens.of_action("leave", compact(day), compact(day)))
    text = f"{desk.me.name}问：{day_words(day, desk)}的日志还没收到，方便时请交一下。"
    hour = f"{desk.now:%Y%m%d%H}"
    told = desk.tell(whose.id, Prompt(text, (see, off)), key=f"chase:{desk.me.id}:{whose.id}:{which}:{hour}")
    desk.audit("chase", f"person:{whose.id}", which)
    desk.say(Prompt(f"已问{whose.name}，交了会直接发给您。" if told else f"刚问过{whose.name}，等等再催。"))


def excuse(desk: Desk, said: Said, person: str, which: str) -> None:
    """算请假: the day owes no log (A-3.3.6b)."""
    day, whose = day_of(which), desk.person(number(person))
    if whose is None:
        raise Outdated
    desk.take_leave(whose.id, day, day)
    desk.tell(whose.id, Prompt(f"{desk.me.name}把您 {day_of_month(day)}记为请假，那天的日志不用交。"), key=f"excused:{whose.id}:{which}")
    desk.say(Prompt(f"{whose.name} {day_of_month(day)}按请假算。"))
