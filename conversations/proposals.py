"""A need from out of town on its way: to the manager for a proposal, back to the rep, to the customer (A-3.3.7A)."""

from __future__ import annotations

from datetime import datetime

from conversations import tokens
from conversations.desk import Desk
from conversations.firm import Case, Found, Paper, Person
from conversations.lookup import Lookup
from conversations.spoken import clock_words, spaced
from conversations.types import Option, Prompt
from rules import needs

WORDS = {"asked": "等经理出方案", "proposed": "方案到了，还没答复客户", "answered": "已答复客户", "dropped": "不用了"}


def key(paper: Paper) -> str:
    return f"need:paper:{paper.id}"


def raised(desk: Desk, paper: Paper, customer: Found, words: str, promised: datetime | None) -> bool:
    """From a call: True when it is a need for a proposal; a corrected call moves what is still asked. False: it is something else."""
    known = desk.customer(customer.id)
    case = desk.case_by_key(key(paper))
    if known is None or not needs.is_need(words, local=known.local):
        if case is not None and case.state in ("asked", "proposed"):
            dropped(desk, case)
        return False
    by = promised.isoformat() if promised else ""
    if case is not None:
        if case.state == "asked" and (case.data.get("words"), case.data.get("promised")) != (words, by):
            _told(desk, desk.move(case.id, None, "correct", "asked", words=words, promised=by), again=True)
        return True
    manager = desk.manager_of(desk.me.id)
    at = needs.propose_by(desk.now, desk.calendar, int(desk.setting("proposal_days", needs.PROPOSAL_DAYS)), promised)
    id = manager.id if manager else 0
    opened = desk.open_case("need", "asked", key=key(paper), customer=customer.id, paper=paper.id, at=at, words=words, promised=by, manager=id)
    _told(desk, opened)
    return True


def _told(desk: Desk, case: Case, *, again: bool = False) -> None:
    """The manager hears of it, with the time it is wanted by."""
    manager = int(case.data.get("manager") or 0)
    if not manager or case.at is None:
        return
    desk.remind("need_proposal", f"{case.id}:{case.rev}" if again else str(case.id), case.at, person=manager, case=case.id)
    desk.tell(manager, asked(desk, case), key=f"need:{case.id}:{case.rev}")


def line(desk: Desk, paper: Paper) -> str:
    """What the rep hears under the call that was kept."""
    case = desk.case_by_key(key(paper))
    if case is None or case.state != "asked":
        return ""
    manager = desk.person(int(case.data.get("manager") or 0))
    if manager is None:
        return "客户的需求记下了，还没有经理能出方案，请告诉主管。"
    by = f"，{clock_words(case.at, desk)} 前出方案" if case.at else ""
    return f"需求已转{manager.name}{by}，到了告诉您，再答复客户。"


def asked(look: Lookup, case: Case) -> Prompt:
    """What the manager is asked, and by when the rep has to answer afterwards."""
    rep, customer = look.person(case.person_id), look.label("customers", case.customer_id or 0)
    by = spaced("请", clock_words(case.at, look)) + " 前写方案" if case.at else "请写方案"
    late = "（已过时间）" if needs.late(case.state, case.at, look.now) == "manager" else ""
    promised = _promised(case)
    then = f"市场员答应客户 {clock_words(promised, look)} 前答复。" if promised else "方案到了，市场员再答复客户。"
    again = f"\n客户看了上一版：{case.data['reaction_words']}" if case.data.get("reaction") == "change" else ""
    text = f"{rep.name if rep else '市场员'}的外地客户{customer}：{case.data['words']}。{again}\n{by}{late}，{then}"
    options = (
        Option("写方案", tokens.of_action("need", case.id, case.rev, "write"), main=True),
        Option("转交", tokens.of_action("pass", case.id, case.rev)),
    )
    return Prompt(text, options, title="外地客户需求")


def proposed(desk: Desk, case: Case, paper: Paper, text: str) -> Case:
    """The manager's proposal goes to the rep, whose clock begins."""
    managers = {who.id for who in desk.people("manager")}
    step = needs.move(case.state, "propose", by=desk.me.id, owner=case.person_id, managers=managers)
    days = int(desk.setting("need_answer_days", needs.ANSWER_DAYS))
    by = needs.answer_by(desk.now, desk.calendar, days, _promised(case))
    moved = desk.move(case.id, None, "propose", step.after, at=by, proposal=text, files=list(paper.blobs), proposed_by=desk.me.id)
    desk.forget("need_proposal", str(case.id))
    desk.remind("need_answer", f"{case.id}:{moved.rev}", by, person=case.person_id, case=case.id)
    desk.tell(case.person_id, to_answer(desk, moved), key=f"proposed:{case.id}:{moved.rev}")
    return moved


def to_answer(look: Lookup, case: Case) -> Prompt:
    """What the rep has to tell the customer, with the manager's files."""
    customer, manager = look.label("customers", case.customer_id or 0), look.person(int(case.data.get("proposed_by") or 0))
    by = spaced("请", clock_words(case.at, look)) + " 前答复客户。" if case.at else "请答复客户。"
    late = "已过时间，" if needs.late(case.state, case.at, look.now) == "rep" else ""
    files = tuple(str(sha) for sha in case.data.get("files", ()))
    text = f"{customer}：{case.data['words']}。\n{manager.name if manager else '经理'}的方案：{case.data.get('proposal', '')}\n{late}{by}"
    options = (Option("已答复客户", tokens.of_action("need", case.id, case.rev, "told"), main=True),)
    return Prompt(text, options, title="外地客户需求", attach=files[:9])


def reacted(desk: Desk, case: Case, reaction: str, words: str) -> Case:
    """What the customer said: the end of it, or once more to the manager."""
    action = needs.after_reaction(reaction)
    step = needs.move(case.state, action, by=desk.me.id, owner=case.person_id)
    desk.forget("need_answer", f"{case.id}:{case.rev}")
    manager = int(case.data.get("manager") or 0)
    if action == "again":
        at = needs.propose_by(desk.now, desk.calendar, int(desk.setting("proposal_days", needs.PROPOSAL_DAYS)))
        moved = desk.move(case.id, None, action, step.after, at=at, reaction=reaction, reaction_words=words)
        _told(desk, moved, again=True)
        return moved
    moved = desk.move(case.id, None, action, step.after, closed=step.closes, reaction=reaction, reaction_words=words)
    if manager:
        customer = desk.label("customers", case.customer_id or 0)
        text = f"{desk.me.name}已把方案答复{customer}：{needs.REACTIONS[reaction]}{f'，{words}' if words else ''}。"
        desk.tell(manager, Prompt(text, title="外地客户需求"), key=f"reacted:{case.id}:{moved.rev}")
    if case.paper_id and (promise := desk.case_by_key(f"promise:paper:{case.paper_id}")) is not None and promise.state == "open":
        desk.move(promise.id, None, "keep", "kept", closed=True)
        desk.forget("promise", str(promise.id))
    return moved


def dropped(desk: Desk, case: Case) -> Case:
    """The customer does not want it any more."""
    step = needs.move(case.state, "drop", by=desk.me.id, owner=case.person_id)
    moved = desk.move(case.id, None, "drop", step.after, closed=step.closes)
    desk.forget("need_proposal", str(case.id))
    manager = int(case.data.get("manager") or 0)
    if manager:
        text = f"{desk.label('customers', case.customer_id or 0)}的需求不用出方案了：{case.data['words']}。"
        desk.tell(manager, Prompt(text, title="外地客户需求"), key=f"dropped:{case.id}")
    return moved


def passed(desk: Desk, case: Case, rev: int, to: Person) -> Case:
    """Another manager writes it, by the same time."""
    managers = {who.id for who in desk.people("manager")}
    step = needs.move(case.state, "pass", by=desk.me.id, owner=case.person_id, managers=managers)
    moved = desk.move(case.id, rev, "pass", step.after, manager=to.id)
    desk.forget("need_proposal", str(case.id))
    _told(desk, moved, again=True)
    return moved


def goes_to(desk: Desk, case: Case, moved: Case) -> None:
    """Another rep answers the customer, by the same time."""
    if case.state == "proposed" and moved.at is not None:
        desk.forget("need_answer", f"{case.id}:{case.rev}")
        desk.remind("need_answer", f"{moved.id}:{moved.rev}", max(moved.at, desk.now), person=moved.person_id, case=moved.id)


def clocks(look: Lookup, case: Case) -> str:
    """Where it is and whose time is running, as both sides see it."""
    manager = look.person(int(case.data.get("manager") or 0))
    if case.state == "asked":
        who, what = manager.name if manager else "经理", "出方案"
    elif case.state == "proposed":
        rep = look.person(case.person_id)
        who, what = rep.name if rep else "市场员", "答复客户"
    else:
        return WORDS.get(case.state, "")
    by = f"{clock_words(case.at, look)} 前" if case.at else ""
    late = "，已过时间" if needs.late(case.state, case.at, look.now) else ""
    return f"{spaced('等' + who, by)}{what}{late}"


def _promised(case: Case) -> datetime | None:
    return datetime.fromisoformat(case.data["promised"]) if case.data.get("promised") else None
