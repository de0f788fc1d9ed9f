"""Prospects named by the department: what is still to be found out, and what filling in leads to (A-3.3.7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from conversations import paging, tokens
from conversations.desk import Desk
from conversations.firm import Case, Paper
from conversations.lookup import Lookup
from conversations.phrases import read_amount
from conversations.spoken import day_words, spaced
from conversations.types import Option, Prompt, Unclear
from rules import prospects

LISTED, HEARD = 5, 12
SPOKEN = ("CustomerVisit", "PhoneCall")


def facts(case: Case) -> list[str]:
    return [str(one) for one in case.data.get("facts", ())]


def found(case: Case) -> Mapping[str, Mapping[str, str]]:
    return dict(case.data.get("found", {}))


def missing(case: Case) -> list[str]:
    return prospects.missing(facts(case), found(case))


def name(look: Lookup, case: Case) -> str:
    return look.label("customers", case.customer_id or 0) or "客户"


def of_customer(look: Lookup, customer: int, person: int) -> Case | None:
    """The open one of this rep's."""
    return next(iter(look.cases("prospect", person=person, customer=customer, states=("open",), limit=1)), None)


def by(look: Lookup, case: Case) -> str:
    late = prospects.overdue(case.day, look.calendar.day_of(look.now), case.state)
    return f"原定{day_words(case.day, look)}，过了 {late} 天" if late and case.day else f"{day_words(case.day, look)}前" if case.day else ""


def standing(look: Lookup, case: Case) -> str:
    """龙腾显示：还差 5 项，12 月 8 日（周二）前."""
    left = missing(case)
    return f"{name(look, case)}：{f'还差 {len(left)} 项' if left else '资料齐了'}，{by(look, case)}"


def card(look: Lookup, case: Case, lead: str = "") -> Prompt:
    """One survey: what is there, what is not, one tap to go on."""
    told, left = found(case), missing(case)
    lines = [*([lead] if lead else []), f"{standing(look, case)}。", *(f"{fact}：{words(one)}" for fact, one in told.items())]
    if left:
        lines.append(f"还差：{'、'.join(left)}。")
    mine = case.person_id == look.me.id and case.state == "open"
    fill = (Option("填调查表", tokens.of_action("survey", case.id), main=True),) if mine else ()
    return Prompt("\n".join(lines), fill, title="客户调查表")


def words(one: Mapping[str, str]) -> str:
    return str(prospects.Fact(str(one.get("value", "")), str(one.get("unknown", ""))))


def listed(look: Lookup, cases: Sequence[Case], *, boss: bool = False, page: int = 0) -> Prompt:
    """A rep's own, or how far everybody is: 潜在客户."""
    if not cases:
        return Prompt(
            "现在没有在做的客户调查。点「指派」派给市场员，多的到办公页面一起派，写「办公」就能打开。" if boss else "现在没有指派给您的潜在客户。"
        )
    lines, options = [f"{'在做的客户调查' if boss else '要做客户调查的'} {len(cases)} 家："], list[Option]()
    for _, case in paging.cut(cases, page, LISTED):
        who = f"{look.label('colleagues', case.person_id) or look.me.name}｜" if boss else ""
        lines.append(f"{who}{standing(look, case)}")
        mine = not boss or case.person_id == look.me.id
        options.append(Option(f"{'填' if mine else '看'}{name(look, case)}", tokens.of_action("survey" if mine else "surveyed", case.id)))
    return Prompt("\n".join(lines), (*options, *paging.turn(cases, page, LISTED, "prospects")))


def named(desk: Desk, cases: Sequence[Case]) -> None:
    """Each rep hears of all of theirs in one message."""
    for rep in dict.fromkeys(case.person_id for case in cases):
        theirs = [case for case in cases if case.person_id == rep]
        due = theirs[0].day
        names = "、".join(name(desk, case) for case in theirs[:LISTED]) + ("等" if len(theirs) > LISTED else "")
        lines = [f"{desk.me.name}请您跟进潜在客户 {len(theirs)} 家：{names}。"]
        if due is not None:
            lines.append(
                f"{spaced('请在', day_words(due, desk))}前做完客户调查（{'、'.join(facts(theirs[0]))}）。问不到的写明原因就行，可以分几次填。"
            )
        options = tuple(Option(f"填{name(desk, case)}", tokens.of_action("survey", case.id)) for case in theirs[:LISTED])
        desk.tell(rep, Prompt("".join(lines), options, title="潜在客户"), key=f"named:{'-'.join(f'{case.id}.{case.rev}' for case in theirs)}"[:180])
        for case in theirs:
            remind(desk, case)


def remind(desk: Desk, case: Case) -> None:
    """With the morning card of the last day, so that it is one message."""
    if case.day is None:
        return
    opens = desk.calendar.at(case.day, desk.hours_on(case.person_id, case.day)[0])
    desk.remind("prospect", str(case.id), opens, person=case.person_id, case=case.id)


def offers(look: Lookup, case: Case) -> dict[str, str]:
    """What was said in the visits and calls since and may answer what is still open."""
    said: dict[str, str] = {}
    for paper in look.papers(customer=case.customer_id, forms=SPOKEN, limit=HEARD):
        if paper.state == "filed":
            said = prospects.volunteered(missing(case), talk(paper)) | said
    return said


def talk(paper: Paper) -> str:
    return "，".join(part for key in ("talked", "need") if isinstance(part := paper.answers.get(key), str))


def fill(desk: Desk, id: int, told: Mapping[str, Mapping[str, str]], paper: Paper) -> Case | None:
    """What one sitting adds; with the last fact the survey is done and the customer's card knows it."""
    case = desk.case(id)
    if case is None:
        return None
    known = {**found(case), **{fact: {**one, "paper": paper.id, "day": paper.day.isoformat()} for fact, one in told.items()}}
    if case.state != "open":
        return desk.move(id, None, "correct", case.state, found=known)
    done = prospects.complete(facts(case), known)
    step = prospects.move(case.state, "finish" if done else "fill", by=desk.me.id, owner=case.person_id)
    moved = desk.move(id, None, step.action, step.after, closed=step.closes, found=known)
    if done:
        desk.forget("prospect", str(id))
        _learnt(desk, moved)
        _tell(desk, moved)
    return moved


def _learnt(desk: Desk, case: Case) -> None:
    if case.customer_id is None:
        return
    known = {fact: str(one.get("value", "")) for fact, one in found(case).items()}
    desk.learn(case.customer_id, spend_fen=_fen(known.get(prospects.SPEND, "")), address=known.get(prospects.PLACE, ""))
    who = known.get(prospects.DECIDES, "").split("，")[0].strip()
    if 2 <= len(who) <= 20:
        desk.add_contact(case.customer_id, who, "决策人")


def _fen(text: str) -> int | None:
    """What is written as one clear amount."""
    try:
        read = read_amount(text) if text else None
    except Unclear:
        return None
    return read.value if read is not None and not read.ambiguous else None


def _tell(desk: Desk, case: Case) -> None:
    unknown = sum("unknown" in one for one in found(case).values())
    told = {int(case.data.get("by") or 0)} | {chief.id for chief in (desk.supervisor_of(case.person_id),) if chief}
    see = Option("看调查表", tokens.of_action("surveyed", case.id), main=True)
    more = f"，其中 {unknown} 项不清楚" if unknown else ""
    text = f"{desk.me.name}做完了{name(desk, case)}的客户调查：{len(facts(case))} 项{more}。"
    for person in told - {0, desk.me.id}:
        desk.tell(person, Prompt(text, (see,), title="客户调查表"), key=f"surveyed:{case.id}:{case.rev}:{person}")


def due_day(look: Lookup) -> date:
    """What is suggested when somebody names a prospect."""
    days = int(look.setting("survey_days", prospects.SURVEY_DAYS))
    return date.fromordinal(look.calendar.day_of(look.now).toordinal() + days)
