"""工作日志 as it is shown, handed in, received and returned (A-3.3.6a, A-3.3.6b)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from conversations import tokens
from conversations.desk import Case, Desk, Lookup, Paper
from conversations.followups import compact, receivers
from conversations.registry import BY_NAME
from conversations.spoken import day_of_month, day_words, wall
from conversations.types import LATER, Option, Prompt
from rules import daylog as rule
from rules.daylog import Entry, Log

KINDS = {"CustomerVisit": "visit", "PhoneCall": "call", "NewCustomer": "customer"}
COUNTERSIGNED = ("CustomerVisit", "PhoneCall")
FULL = 30  # records listed under 看全文


def key(person: int, day: date) -> str:
    return f"daylog:{person}:{day.isoformat()}"


def papers(look: Lookup, person: int, day: date) -> Sequence[Paper]:
    """The day's records that count, newest first."""
    return [one for one in look.papers(person=person, day=day, forms=tuple(KINDS), limit=200) if one.state == "filed"]


def compose(look: Lookup, person: int, day: date) -> Log:
    """The log as it writes itself (A-3.3.6a)."""
    return rule.compose(day, [_entry(look, one) for one in papers(look, person, day)], KINDS)


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


def draft(desk: Desk, day: date) -> Prompt:
    """The rep's own log of the day and what can be done with it now."""
    log, me = compose(desk, desk.me.id, day), desk.me
    case = desk.case_by_key(key(me.id, day))
    when = day_words(day, desk)
    full = Option("看全文", tokens.of_action("log", compact(day), me.id))
    if case is not None and case.state == "handed":
        withdraw = Option("撤回修改", tokens.of_action("withdraw", case.id, case.rev))
        return Prompt(f"{when}的日志已交，等签收：{log.figures() or '没有记录'}。", (withdraw, full))
    if case is not None and case.state == "received":
        return Prompt(f"{when}的日志已签收：{log.figures() or '没有记录'}。", (full,))
    case = case or desk.open_case("daylog", "draft", key=key(me.id, day), day=day)
    boss = desk.supervisor_of(me.id)
    hand = Option(f"交{boss.name}" if boss else "交日志", tokens.of_action("hand", case.id, case.rev), main=not log.gaps)
    if log.empty:
        start = Option("补记拜访", tokens.of_action("start", "CustomerVisit"), main=True)
        return Prompt(f"{when}还没有记录。有漏记的现在补，没有就这样交。", (start, hand))
    text = f"{when}的日志写好了：{log.figures()}。"
    gaps = log.gaps[:3]
    if gaps:
        text += f"还差 {len(log.gaps)} 处：" + "；".join(f"{gap.customer}{gap.question}" for gap in gaps)
    parked = desk.cases("request", person=me.id, states=("parked",), limit=3)
    if parked:
        text += f"有 {len(parked)} 件客户要求还没转经理。"
    fill = [
        Option("补上" if len(gaps) == 1 else f"补{gap.customer}", tokens.of_action("fix", gap.paper, "log"), main=n == 0)
        for n, gap in enumerate(gaps)
    ]
    send = [Option("转经理", tokens.of_action("request", one.id, one.rev, "ask")) for one in parked[:1]]
    return Prompt(text, (*fill, *send, full, hand))


def full(look: Lookup, person: int, day: date) -> str:
    """Every record on a line, in the order of the day."""
    whose = look.person(person)
    head = f"{whose.name if whose else ''} {day_of_month(day)}工作日志：{compose(look, person, day).figures() or '没有记录'}"
    rows = sorted(papers(look, person, day), key=lambda one: (one.said_at, one.id))
    lines = [f"{wall(one.said_at, look)} {line(look, one)}" for one in rows[:FULL]]
    more = [f"还有 {len(rows) - FULL} 条。"] if len(rows) > FULL else []
    return "\n".join([head, *lines, *more])


def line(look: Lookup, paper: Paper) -> str:
    """One record as one says it, with how well it is shown."""
    form = BY_NAME[paper.form]
    text = form(paper.answers, look, paper.said_at).in_one_line()
    photos = sum(look.blob_kind(sha) == "photo" for sha in paper.blobs)
    shown = "" if photos == 0 or "照片" in text else f"｜照片 {photos} 张"
    open_ones = "（待补见了谁）" if paper.answers.get("met") == LATER else ""
    return f"{text}{shown}{open_ones}"


def handed(desk: Desk, case: Case, rev: int) -> Prompt:
    """Hand it in: the supervisor has it at once (A-3.3.6b)."""
    step = rule.move(case.state, "hand", by=desk.me.id, owner=case.person_id, receivers=())
    day = case.day or desk.calendar.day_of(desk.now)
    boss = desk.supervisor_of(desk.me.id) or desk.manager_of(desk.me.id)
    content = [[one.id, one.rev] for one in papers(desk, desk.me.id, day)]
    moved = desk.move(case.id, rev, "hand", step.after, papers=content, receiver=boss.id if boss else 0)
    withdraw = Option("撤回修改", tokens.of_action("withdraw", moved.id, moved.rev))
    if boss is None:
        for admin in desk.people("admin"):
            if admin.id != desk.me.id:
                text = f"{desk.me.name}交了 {day_of_month(day)}的日志，但还没有主管能签收。请给{desk.me.name}的部门定一位主管。"
                desk.tell(admin.id, Prompt(text), key=f"no_receiver:{desk.me.id}:{day.isoformat()}:{admin.id}")
        return Prompt(f"{wall(desk.now, desk)} 已交。还没有主管能签收，我已告诉管理员。", (withdraw,))
    desk.tell(boss.id, to_receive(desk, moved, day), key=f"handed:{moved.id}:{moved.rev}")
    return Prompt(
        f"{wall(desk.now, desk)} 已交{boss.name}{'' if day == desk.calendar.day_of(desk.now) else f'（{day_of_month(day)}）'}。签收前可以撤回修改。",
        (withdraw,),
    )


def to_receive(look: Lookup, case: Case, day: date) -> Prompt:
    """What the supervisor gets: figures, what is open, one tap."""
    whose, log = look.person(case.person_id), compose(look, case.person_id, day)
    gaps = f"没填的 {len(log.gaps)} 处：" + "；".join(f"{gap.customer}{gap.question}" for gap in log.gaps[:3]) if log.gaps else ""
    return Prompt(
        f"{whose.name if whose else '市场员'}交来 {day_of_month(day)}工作日志：{log.figures() or '没有记录'}。{gaps}",
        (
            Option("签收", tokens.of_action("receive", case.id, case.rev), main=True),
            Option("退回", tokens.of_action("return", case.id, case.rev)),
            Option("看全文", tokens.of_action("log", compact(day), case.person_id)),
            Option("转交", tokens.of_action("pass", case.id, case.rev)),
        ),
        title="工作日志",
    )


def received(desk: Desk, case: Case, rev: int) -> Prompt:
    """The receipt countersigns the visits and calls that were handed in (A-3.3.6b, A-3.3.7A)."""
    step = rule.move(case.state, "receive", by=desk.me.id, owner=case.person_id, receivers=receivers(desk, case))
    desk.move(case.id, rev, "receive", step.after, closed=True)
    for id, _ in case.data.get("papers", ()):
        paper = desk.paper(id)
        if paper is not None and paper.form in COUNTERSIGNED and paper.state == "filed":
            desk.grade(id, "countersigned")
    day = case.day or desk.calendar.day_of(desk.now)
    desk.tell(case.person_id, Prompt(f"{desk.me.name} {wall(desk.now, desk)} 已签收您 {day_of_month(day)}的日志。"), key=f"received:{case.id}")
    whose = desk.person(case.person_id)
    return Prompt(f"已签收{whose.name if whose else ''} {day_of_month(day)}的日志。")


def withdrawn(desk: Desk, case: Case, rev: int) -> Prompt:
    step = rule.move(case.state, "withdraw", by=desk.me.id, owner=case.person_id, receivers=())
    desk.move(case.id, rev, "withdraw", step.after)
    day = case.day or desk.calendar.day_of(desk.now)
    if receiver := int(case.data.get("receiver") or 0):
        desk.tell(receiver, Prompt(f"{desk.me.name}撤回了 {day_of_month(day)}的日志，改好再交给您。"), key=f"withdrawn:{case.id}:{rev}")
    return draft(desk, day)


def standings(look: Lookup, team: int | None, day: date) -> list[tuple[int, str, rule.Standing]]:
    """How everybody's log of the day stands, leave and rest days known (A-3.3.6b)."""
    rows = []
    for who in look.people("rep", team):
        case = look.case_by_key(key(who.id, day))
        due = look.now >= look.calendar.at(day, who.closes)
        rows.append((who.id, who.name, rule.standing(case.state if case else "", on_leave=look.on_leave(who.id, day), due=due)))
    return rows
