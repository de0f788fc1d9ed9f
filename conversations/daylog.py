"""工作日志 as it is shown, handed in, received and returned (A-3.3.6a, A-3.3.6b)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from conversations import exhibits, handins, keeping, seals, tokens
from conversations.desk import Desk
from conversations.firm import Case, Paper
from conversations.followups import compact, receivers
from conversations.handins import KINDS as KINDS
from conversations.handins import key as key
from conversations.handins import papers as papers
from conversations.lookup import Lookup
from conversations.registry import BY_NAME
from conversations.spoken import day_of_month, day_words, wall
from conversations.types import LATER, Option, Prompt
from rules import daylog as rule
from rules.daylog import Entry, Log
from rules.errors import RuleBroken

COUNTERSIGNED = ("CustomerVisit", "PhoneCall", "NewCustomer", "BookDelivery")
BUTTONS = 6  # on one card
EVENING = timedelta(minutes=90)  # before the end of work, when the log is looked at to be handed in
FULL = 30  # records listed under 看全文


def compose(look: Lookup, day: date, chosen: Iterable[Paper]) -> Log:
    """The log as it writes itself (A-3.3.6a)."""
    return rule.compose(day, [_entry(look, one) for one in chosen], KINDS)


def figures(look: Lookup, case: Case) -> str:
    """Of one part, as it was handed in or would be now."""
    return compose(look, case.day or look.calendar.day_of(look.now), handins.included(look, case)).figures() or "没有记录"


def _entry(look: Lookup, paper: Paper) -> Entry:
    form = BY_NAME[paper.form]
    view = form(paper.answers, look)
    words = " ".join(str(paper.answers.get(name) or "") for name in ("talked", "need"))
    open_questions = tuple(
        question.text(None, view).partition("？")[0] + "？" for question in view.asked() if question.name == "met" and view.left(question.name)
    )
    return Entry(paper.form, paper.id, customer_of(look, paper), words, open_questions)


def customer_of(look: Lookup, paper: Paper) -> str:
    """The customer's short name; as written on the paper when it is somebody else's by now."""
    label = look.label("customers", paper.customer_id) if paper.customer_id else ""
    picked = paper.answers.get("customer")
    return label or (str(picked.get("label", "")) if isinstance(picked, dict) else str(paper.answers.get("name", "")))


def draft(desk: Desk, day: date, *, ask: bool = True) -> Prompt:
    """The rep's own log of the day and what can be done with it now; `ask` the month's question too, where its words are shown."""
    me, when = desk.me, day_words(day, desk)
    parts, late = handins.parts(desk, me.id, day), handins.rest(desk, me.id, day)
    last = parts[-1] if parts else desk.open_case("daylog", "draft", key=key(me.id, day), day=day)
    full = Option("看全文", tokens.of_action("log", compact(day), me.id))
    if last.state == "handed":
        withdraw = Option("撤回修改", tokens.of_action("withdraw", last.id, last.rev))
        more = f"另有 {len(late)} 条不在里面，要补进去请撤回再交。" if late else ""
        return Prompt(f"{when}{'补交的记录' if len(parts) > 1 else '的日志'}已交，等签收：{figures(desk, last)}。{more}", (withdraw, full))
    signed = [case for case in parts if case.state == "received"]
    if signed and not late:
        return Prompt(f"{when}的日志已签收：{_together(desk, signed, day)}。", (full,))
    if signed:
        return _supplement(desk, day, compose(desk, day, late), full)
    ready, whole = _first(desk, day, last, compose(desk, day, late), full)
    return _with_stage(desk, day, ready) if whole and ask else ready


def _first(desk: Desk, day: date, case: Case, log: Log, full: Option) -> tuple[Prompt, bool]:
    """And whether nothing is missing."""
    when = day_words(day, desk)
    boss = desk.supervisor_of(desk.me.id)
    hand = Option(f"交{boss.name}" if boss else "交日志", tokens.of_action("hand", case.id, case.rev), main=not log.gaps)
    if log.empty:
        start = Option("补记拜访", tokens.of_action("start", "CustomerVisit"), main=True)
        return Prompt(f"{when}还没有记录。有漏记的现在补，没有就这样交。", (start, hand)), False
    text = f"{when}的日志写好了：{log.figures()}。{_missing(log)}"
    parked = desk.cases("request", person=desk.me.id, states=("parked",), limit=3)
    if parked:
        text += f"有 {len(parked)} 件客户要求还没转经理。"
    send = [Option("转经理", tokens.of_action("request", one.id, one.rev, "ask")) for one in parked[:1]]
    loose = desk.cases("photos", person=desk.me.id, states=("waiting",), day=day)
    if loose:
        text += f"有 {sum(len(one.data['blobs']) for one in loose)} 张照片还没放进记录。"
        send.append(Option("放照片", tokens.of_action("photo", loose[-1].id, "ask", 0)))
    ready = Prompt(text, (*_fill(log)[: BUTTONS - 2 - len(send)], *send, full, hand))
    return ready, not (log.gaps or send)


def _with_stage(desk: Desk, day: date, ready: Prompt) -> Prompt:
    """Nothing is missing: one of the day's customers whose month is, one tap, and the log is there again (A-3.3.4)."""
    evening = desk.calendar.at(day, desk.me.closes) - EVENING <= desk.now < desk.calendar.bounds(day)[1]
    customer = keeping.unasked(desk, reversed(papers(desk, desk.me.id, day))) if evening else None
    return keeping.with_stage(desk, customer, ready, "log") if customer is not None else ready


def _supplement(desk: Desk, day: date, log: Log, full: Option) -> Prompt:
    """What came or changed after the log was received, one tap from handed in as well."""
    text = f"{day_words(day, desk)}的日志已签收。后来记的或改过的还没交：{log.figures()}。{_missing(log)}"
    add = supplement(desk, desk.me.id, day)
    return Prompt(text, (*_fill(log), full, *([add] if add else [])))


def supplement(desk: Desk, person: int, day: date) -> Option | None:
    """补交陈主管; None when the day has had as many as there can be."""
    parts, boss = handins.parts(desk, person, day), desk.supervisor_of(person)
    case = parts[-1]
    if case.state != "draft":
        if len(parts) == handins.PARTS:
            return None
        name = [*handins.keys(person, day)][len(parts)]
        case = desk.open_case("daylog", "draft", key=name, day=day, person=person, part=len(parts) + 1)
    return Option(f"补交{boss.name if boss else ''}", tokens.of_action("hand", case.id, case.rev), main=True)


def _missing(log: Log) -> str:
    gaps = "；".join(f"{gap.customer}{gap.question}" for gap in log.gaps[:3])
    return f"还差 {len(log.gaps)} 处：{gaps}" if gaps else ""


def _fill(log: Log) -> list[Option]:
    gaps = log.gaps[:3]
    return [
        Option("补上" if len(gaps) == 1 else f"补{gap.customer}", tokens.of_action("fix", gap.paper, "log"), main=n == 0)
        for n, gap in enumerate(gaps)
    ]


def _together(look: Lookup, cases: Sequence[Case], day: date) -> str:
    known = {one.id: one for case in cases for one in handins.included(look, case)}
    return compose(look, day, known.values()).figures() or "没有记录"


def full(look: Lookup, person: int, day: date) -> str:
    """Every record on a line, in the order of the day: those handed in, by themselves; the owner also sees the others."""
    whose = look.person(person)
    name = f"{whose.name if whose else ''} {day_of_month(day)}工作日志："
    inside = [case for case in handins.parts(look, person, day) if case.state in handins.IN_HAND]
    if not inside:
        everything = papers(look, person, day)
        own = _lines(look, everything)
        return "\n".join([f"{name}{compose(look, day, everything).figures() or '没有记录'}", *own, *_beside(look, person, day)])
    rows = [f"{name}{figures(look, inside[0])}", *_part(look, inside[0])]
    for case in inside[1:]:
        rows += [f"补交：{figures(look, case)}", *_part(look, case)]
    known = {id for case in inside for id in handins.content(case)}
    late = [one for one in handins.rest(look, person, day) if one.id not in known]
    if late:
        mine = person == look.me.id
        rows += [f"交后另记 {len(late)} 条，不在里面{'：' if mine else '，还没交来。'}", *(_lines(look, late) if mine else [])]
    return "\n".join([*rows, *_beside(look, person, day)])


def _beside(look: Lookup, person: int, day: date) -> list[str]:
    """Stamped papers and licences of the day: no part of the log, and the superior sees them with it."""
    chosen = _papers_beside(look, person, day)
    return ["另外收的文件：", *(f"{wall(one.said_at, look)} {BY_NAME[one.form].title}：{line(look, one)}" for one in chosen)] if chosen else []


def _papers_beside(look: Lookup, person: int, day: date) -> list[Paper]:
    found = [one for one in look.papers(person=person, day=day, forms=seals.FORMS, limit=FULL) if one.state == "filed"]
    return sorted(found, key=lambda one: (one.said_at, one.id))


def _part(look: Lookup, case: Case) -> list[str]:
    chosen, was = handins.included(look, case), handins.content(case)
    gone = len(was) - len(chosen)
    changed = frozenset(one.id for one in chosen if not was[one.id].is_still(one))
    return [*_lines(look, chosen, changed), *([f"交后撤回了 {gone} 条。"] if gone else [])]


def _lines(look: Lookup, chosen: Iterable[Paper], changed: frozenset[int] = frozenset()) -> list[str]:
    rows = sorted(chosen, key=lambda one: (one.said_at, one.id))
    lines = [f"{wall(one.said_at, look)} {line(look, one)}{'（交后改过）' if one.id in changed else ''}" for one in rows[:FULL]]
    return [*lines, *([f"还有 {len(rows) - FULL} 条。"] if len(rows) > FULL else [])]


def shown(look: Lookup, person: int, day: date) -> list[Paper]:
    """The records of `full`, in its order: what 看照片 goes through."""
    inside = [case for case in handins.parts(look, person, day) if case.state in handins.IN_HAND]
    known = {id for case in inside for id in handins.content(case)}
    rows = [one for one in papers(look, person, day) if not inside or person == look.me.id or one.id in known]
    return sorted([*rows, *_papers_beside(look, person, day)], key=lambda one: (one.said_at, one.id))


def see(look: Lookup, person: int, day: date, chosen: Iterable[Paper]) -> list[Option]:
    """看照片, when there are any."""
    label = exhibits.button(look, chosen)
    return [Option(label, tokens.of_action("see", "log", compact(day), person))] if label else []


def line(look: Lookup, paper: Paper) -> str:
    """One record as one says it, with how well it is shown."""
    form = BY_NAME[paper.form]
    text = form(paper.answers, look, paper.said_at).in_one_line()
    photos = sum(look.blob_kind(sha) == "photo" for sha in paper.blobs)
    eyes = seals.line(look, paper)
    text = re.sub(r"｜照片 \d+ 张(，[^｜]*)?" if eyes else r"｜照片 \d+ 张", "", text)  # more may have come since, and been read since
    shown = f"｜照片 {photos} 张" if photos else ""
    open_ones = "（待补见了谁）" if paper.answers.get("met") == LATER else ""
    return f"{text}{shown}{open_ones}{f'｜{eyes}' if eyes else ''}"


def handed(desk: Desk, case: Case, rev: int) -> Prompt:
    """Hand it in: the supervisor has it at once (A-3.3.6b)."""
    step = rule.move(case.state, "hand", by=desk.me.id, owner=case.person_id, receivers=())
    day = case.day or desk.calendar.day_of(desk.now)
    boss = desk.supervisor_of(desk.me.id) or desk.manager_of(desk.me.id)
    content = handins.entries(handins.included(desk, case))
    if not content and handins.added(case):
        raise RuleBroken("A-3.3.6a", "没有要补交的了，日志已经签收。")
    moved = desk.move(case.id, rev, "hand", step.after, papers=content, receiver=boss.id if boss else 0)
    withdraw = Option("撤回修改", tokens.of_action("withdraw", moved.id, moved.rev))
    if boss is None:
        for admin in desk.people("admin"):
            if admin.id != desk.me.id:
                text = f"{desk.me.name}交了 {day_of_month(day)}的日志，但还没有主管能签收。请给{desk.me.name}的部门定一位主管。"
                desk.tell(admin.id, Prompt(text), key=f"no_receiver:{desk.me.id}:{day.isoformat()}:{admin.id}")
        return Prompt(f"{wall(desk.now, desk)} 已交。还没有主管能签收，我已告诉管理员。", (withdraw,))
    desk.tell(boss.id, to_receive(desk, moved, day), key=f"handed:{moved.id}:{moved.rev}")
    done = f"已补交 {len(content)} 条，给" if handins.added(case) else "已交"
    which = "" if day == desk.calendar.day_of(desk.now) else f"（{day_of_month(day)}）"
    return Prompt(f"{wall(desk.now, desk)} {done}{boss.name}{which}。签收前可以撤回修改。", (withdraw,))


def to_receive(look: Lookup, case: Case, day: date) -> Prompt:
    """What the supervisor gets: figures, what is open, one tap."""
    chosen = handins.included(look, case)
    whose, log = look.person(case.person_id), compose(look, day, chosen)
    gaps = f"没填的 {len(log.gaps)} 处：" + "；".join(f"{gap.customer}{gap.question}" for gap in log.gaps[:3]) if log.gaps else ""
    came = f"{whose.name if whose else '市场员'}{'补交' if handins.added(case) else '交来'}"
    return Prompt(
        f"{came} {day_of_month(day)}工作日志：{log.figures() or '没有记录'}。{gaps}",
        (
            Option("签收", tokens.of_action("receive", case.id, case.rev), main=True),
            Option("退回", tokens.of_action("return", case.id, case.rev)),
            Option("看全文", tokens.of_action("log", compact(day), case.person_id)),
            *see(look, case.person_id, day, chosen),
            Option("转交", tokens.of_action("pass", case.id, case.rev)),
        ),
        title="工作日志",
    )


def received(desk: Desk, case: Case, rev: int) -> Prompt:
    """The receipt countersigns the visits and calls that were handed in, as they were handed in (A-3.3.6b, A-3.3.7A)."""
    step = rule.move(case.state, "receive", by=desk.me.id, owner=case.person_id, receivers=receivers(desk, case))
    desk.move(case.id, rev, "receive", step.after, closed=True)
    handed_in = handins.content(case)
    for paper in handins.included(desk, case):
        if paper.form in COUNTERSIGNED and paper.rev == handed_in[paper.id].rev:
            desk.grade(paper.id, "countersigned")
    day = case.day or desk.calendar.day_of(desk.now)
    late = len(handins.rest(desk, case.person_id, day))
    what = handins.called(case)
    more = f"后来记的或改过的 {late} 条不在里面，可以补交。" if late else ""
    add = (Option("去补交", tokens.of_action("log", compact(day)), main=True),) if late else ()
    desk.tell(
        case.person_id, Prompt(f"{desk.me.name} {wall(desk.now, desk)} 已签收您 {day_of_month(day)}{what}。{more}", add), key=f"received:{case.id}"
    )
    whose = desk.person(case.person_id)
    rest = f"后来记的或改过的 {late} 条不在里面，等他补交。" if late else ""
    return Prompt(f"已签收{whose.name if whose else ''} {day_of_month(day)}{what}。{rest}")


def withdrawn(desk: Desk, case: Case, rev: int) -> Prompt:
    step = rule.move(case.state, "withdraw", by=desk.me.id, owner=case.person_id, receivers=())
    desk.move(case.id, rev, "withdraw", step.after)
    day = case.day or desk.calendar.day_of(desk.now)
    if receiver := int(case.data.get("receiver") or 0):
        text = f"{desk.me.name}撤回了 {day_of_month(day)}{handins.called(case)}，改好再交给您。"
        desk.tell(receiver, Prompt(text), key=f"withdrawn:{case.id}:{rev}")
    return draft(desk, day)


def standings(look: Lookup, team: int | None, day: date) -> list[tuple[int, str, rule.Standing]]:
    """How everybody's log of the day stands, leave and rest days known; who has not begun yet owes none (A-3.3.6b)."""
    rows = []
    for who in look.people("rep", team):
        case = look.case_by_key(key(who.id, day))
        if case is None and not who.greeted:
            continue
        due = look.now >= look.calendar.at(day, who.closes)
        rows.append((who.id, who.name, rule.standing(case.state if case else "", on_leave=look.on_leave(who.id, day), due=due)))
    return rows
