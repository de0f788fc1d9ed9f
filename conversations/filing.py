"""A filled session becomes a paper, a correction a new version; what follows from it is done in the same transaction (A-3.3.6a)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from conversations import daylog, handins, keeping, tokens
from conversations.daylog import customer_of
from conversations.desk import Desk
from conversations.firm import CaseEvent, Paper
from conversations.form import Form
from conversations.lookup import Lookup
from conversations.questions import answered
from conversations.registry import form_of
from conversations.spoken import clock_words, day_of_month, spaced
from conversations.types import Option, Prompt, Session
from rules.evidence import better, grade

DONE = {
    "hand": "已交",
    "withdraw": "已撤回",
    "receive": "已签收",
    "return": "已退回",
    "pass": "已转交",
    "ask": "已转经理",
    "answer": "已答复",
    "tell": "已告诉客户",
    "keep": "已答复客户",
    "later": "已改期",
    "drop": "已取消",
    "visit": "已拜访",
    "cancel": "已取消",
    "propose": "已写方案",
    "again": "已转回经理",
    "fill": "已填过",
    "finish": "已做完",
    "note": "已补充",
    "solve": "已处理",
    "explain": "已说明",
    "send": "已派单",
    "offer": "已派单",
    "accept": "已接单",
    "decline": "已退回客服",
    "transfer": "已转给同事",
    "book": "已改时间",
    "arrive": "已到",
    "nobody": "没人应",
    "find": "已查过",
    "start": "已开工",
    "quote": "已报价",
    "consent": "已同意报价",
    "not_now": "先不修了",
    "tried": "已试过",
    "failed": "试了不行，在修",
    "content": "已满意",
    "rework": "在返修",
    "sign": "已签名",
    "pay": "已收款",
    "leave": "已完成",
    "dispute": "已转客服说明",
    "waive": "已减免",
    "settle": "已定",
    "redo": "已转师傅再办",
    "stay": "已按原来同意的做",
    "resume": "还在修",
    "attest": "已签字",
    "explained": "已和客户说明",
    "to_area": "已转片区经理",
    "unmet": "已报修不好",
    "unsigned": "已报没签名",
}


def file(desk: Desk, session: Session) -> tuple[Paper, Prompt]:
    """Files `session.answers`; the caller saves the session."""
    form = form_of(session.form)
    if session.paper:
        return _correct(desk, form, session)
    view = form(session.answers, desk, desk.now)
    customer = view.subject(desk)
    view.record = desk.file(
        form.__name__,
        form.version,
        session.answers,
        customer=customer,
        case=session.case or None,
        session=session.id,
        said_at=session.said_at,
        blobs=view.blobs(),
        grade=grade(proofs=proofs(desk, view)).value,
    )
    view.filed(desk)
    keeping.spoken(desk, view.record)
    return view.record, _beside_the_log(desk, view.record, view.stored(desk))


def _beside_the_log(desk: Desk, paper: Paper, stored: Prompt) -> Prompt:
    """A record made or changed after the day's log was handed in is not in it as it is now, and that is said."""
    parts = handins.parts(desk, paper.person_id, paper.day) if paper.form in daylog.KINDS else []
    if not parts or not any(case.state in handins.IN_HAND for case in parts):
        return stored
    when, what = day_of_month(paper.day), "改过的这一条" if paper.rev > 1 else "这一条"
    if parts[-1].state == "handed":
        back = Option("撤回修改", tokens.of_action("withdraw", parts[-1].id, parts[-1].rev))
        text = f"{stored.text}\n{when}的日志已交，{what}不在里面。要补进去，请撤回再交。"
        return replace(stored, text=text, options=(*stored.options, back))
    add = daylog.supplement(desk, paper.person_id, paper.day)
    text = f"{stored.text}\n{when}的日志已签收，{what}不在里面，可以补交。"
    return replace(stored, text=text, options=(*stored.options, *([add] if add else [])))


def proofs(look: Lookup, view: Form) -> int:
    """Photographs and places among the answers: what lifts a record above a mere statement (A-2.1)."""
    return _proofs(look, view.blobs(), view.answers)


def _proofs(look: Lookup, blobs: Sequence[str], answers: Mapping[str, Any]) -> int:
    photos = sum(look.blob_kind(sha) == "photo" for sha in blobs)
    placed = sum("lat" in raw for raw in answers.values() if isinstance(raw, Mapping))
    return photos + placed


def weigh(desk: Desk, paper: Paper) -> None:
    """A record that was changed is worth what it has to show now; a countersignature holds only for the words that were signed."""
    if handins.signed_as_it_is(desk, paper):
        return
    now = grade(proofs=_proofs(desk, paper.blobs, paper.answers)).value
    if now != paper.grade:
        desk.grade(paper.id, now)


def lift(desk: Desk, paper: Paper, proven: int) -> None:
    """A proof that came later lifts the grade, and never lowers it."""
    now = better(paper.grade, grade(proofs=proven)).value
    if now != paper.grade:
        desk.grade(paper.id, now)


def _correct(desk: Desk, form: type[Form], session: Session) -> tuple[Paper, Prompt]:
    """The old version stays; who received it hears what changed."""
    old = desk.paper(session.paper)
    changes = changed(desk, form, old.answers if old else {}, session.answers)
    view = form(session.answers, desk, session.said_at or desk.now)
    customer = view.subject(desk) if "customer" in form.questions else None
    view.record = desk.amend(session.paper, session.answers, customer=customer)
    before, after = form(old.answers if old else {}, desk).blobs(), view.blobs()
    for sha in before:
        if sha not in after:
            desk.detach(view.record.id, sha)
    for sha in after:
        if sha not in view.record.blobs:
            desk.attach(view.record.id, sha)
    view.record = desk.paper(view.record.id) or view.record
    weigh(desk, view.record)
    view.filed(desk)
    tell_receiver(desk, view.record, changes, f"changed:{view.record.id}:{view.record.rev}")
    return view.record, _beside_the_log(desk, view.record, view.stored(desk))


def changed(look: Lookup, form: type[Form], before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """见了谁：王经理（原来没填）."""
    old, new = form(before, look), form(after, look)
    lines = []
    for question in new.asked():
        if before.get(question.name) != after.get(question.name):
            was = old.shown(question) if answered(before.get(question.name)) else "没填"
            lines.append(f"{question.label}：{new.shown(question)}（原来{was}）")
    return lines


def tell_receiver(desk: Desk, paper: Paper, changes: list[str], once: str) -> None:
    """Whoever has the log in hand hears of every later change to it."""
    held = handins.holding(desk, paper) if changes else []
    receiver = int(held[-1].data.get("receiver") or 0) if held else 0
    if receiver:
        text = f"{desk.me.name}改了 {day_of_month(paper.day)}的记录（{customer_of(desk, paper)}）：{'；'.join(changes[:4])}。"
        desk.tell(receiver, Prompt(text), key=once)


def who_was_first(look: Lookup, event: CaseEvent | None) -> str:
    """这张卡片已经处理过了：陈主管 18:05 已签收。"""
    if event is None:
        return "这张卡片已经处理过了。"
    who = look.person(event.by_id) if event.by_id else None
    return f"这张卡片已经处理过了：{spaced(who.name if who else '系统', clock_words(event.at, look))} {DONE.get(event.action, '办过了')}。"


def stale_case(look: Lookup, form: type[Form], session: Session) -> str:
    """Why a form that belongs to a case cannot be filed any more; "" when it can."""
    if not session.case:
        return ""
    case = look.case(session.case)
    if case is not None and case.state in form.in_state:
        return ""
    events = look.case_events(session.case)
    return who_was_first(look, events[-1] if events else None) + "您写的还留着。"
