"""A customer's complaint, told as it was said; who hears of it, and what came of it (A-3.1.1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from conversations import paging, tokens
from conversations.desk import Desk
from conversations.firm import Case, Person
from conversations.lookup import Lookup
from conversations.spoken import clock_words, day_of_month
from conversations.types import Option, Prompt
from rules import complaints

LISTED = 4


def customer(case: Case) -> str:
    """As it was called then: who hears of it may not have the customer."""
    return str(case.data.get("name") or "客户")


def told(look: Lookup, case: Case) -> list[str]:
    """Who said what about what, what was promised, what was added."""
    who = f"{customer(case)}{case.data.get('from') or ''}"
    by = look.person(int(case.data.get("by") or 0))
    day = look.calendar.day_of(case.opened_at or look.now)
    about = complaints.ABOUT[str(case.data.get("about", "other"))]
    lines = [f"{who}反映：{case.data.get('what', '')}。（{about}，{day_of_month(day)}{f' {by.name}记' if by else ''}）"]
    if promised := case.data.get("promised"):
        lines.append(f"已答应客户：{promised}。")
    for note in case.data.get("notes", ()):
        writer = look.person(int(note["by"]))
        lines.append(f"{writer.name if writer else ''} {clock_words(datetime.fromisoformat(note['at']), look)}：{note['words']}")
    if case.state != "open":
        closed = look.person(int(case.data.get("closed_by") or 0))
        lines.append(f"{complaints.STATES[case.state]}{f'（{closed.name}）' if closed else ''}：{case.data.get('outcome', '')}")
    return lines


def card(look: Lookup, case: Case, reader: Person | None = None) -> Prompt:
    """As `reader` sees it: who speaks unless somebody else is told."""
    who, rep = reader or look.me, look.person(case.person_id)
    head = "" if case.person_id == who.id or rep is None else f"{rep.name}的客户："
    options: list[Option] = []
    if case.state == "open":
        if case.person_id != who.id and who.roles & {"supervisor", "manager"}:
            options.append(Option("写处理结果", tokens.of_action("complaint", case.id, "close"), main=True))
        options.append(Option("补充情况", tokens.of_action("complaint", case.id, "note"), main=not options))
    return Prompt(head + "\n".join(told(look, case)), tuple(options), title="客户意见")


def heard(desk: Desk, case: Case) -> None:
    """The superior at once; the rep, unless it was the rep who noted it."""
    chief = desk.supervisor_of(case.person_id) or desk.manager_of(case.person_id)
    for person in dict.fromkeys(one for one in (chief.id if chief else 0, case.person_id) if one):
        if person == desk.me.id:
            continue
        if person == case.person_id:
            note = Option("补充情况", tokens.of_action("complaint", case.id, "note"), main=True)
            ask = f"请写一句当时的情况，由{chief.name}和客户说清楚。" if chief else "请写一句当时的情况。"
            prompt = Prompt("\n".join([*told(desk, case), ask]), (note,), title="客户意见")
        else:
            close = Option("写处理结果", tokens.of_action("complaint", case.id, "close"), main=True)
            rep = desk.person(case.person_id)
            head = f"{rep.name}的客户：" if rep is not None else ""
            prompt = Prompt(head + "\n".join(told(desk, case)), (close,), title="客户意见")
        desk.tell(person, prompt, key=f"complaint:{case.id}:{case.rev}:{person}")


def closed(desk: Desk, case: Case) -> None:
    """Who noted it and whose customer it is hear what came of it."""
    text = f"{customer(case)}的意见{complaints.STATES[case.state]}：{case.data.get('outcome', '')}"
    for person in {case.person_id, int(case.data.get("by") or 0)} - {0, desk.me.id}:
        desk.tell(person, Prompt(text, title="客户意见"), key=f"complaint_closed:{case.id}:{person}")


def noted(desk: Desk, case: Case) -> None:
    """What the rep or the reporter adds goes to who will close it, the superior's word to the rep."""
    chief = desk.supervisor_of(case.person_id) or desk.manager_of(case.person_id)
    to = desk.person(case.person_id) if chief is not None and chief.id == desk.me.id else chief
    if to is not None and to.id != desk.me.id:
        desk.tell(to.id, card(desk, case, to), key=f"complaint_note:{case.id}:{case.rev}")


def listed(look: Lookup, cases: Sequence[Case], counts: str = "", page: int = 0) -> Prompt:
    """Those that wait come first, each with its button."""
    new = Option("记一条", tokens.of_action("start", "Complaint"), main=True)
    if not cases:
        return Prompt("没有客户意见。有了就点「记一条」，或写：投诉 客户名 说了什么。", (new,))
    ordered = sorted(cases, key=lambda case: case.state != "open")
    shown = paging.cut(ordered, page, LISTED)
    lines = [f"客户意见 {len(cases)} 条，待处理 {sum(case.state == 'open' for case in cases)} 条。{counts}"]
    for _, case in shown:
        rep = look.person(case.person_id)
        lines.append(f"{customer(case)}（{rep.name if rep else ''}）：{case.data.get('what', '')}｜{complaints.STATES[case.state]}")
    see = (Option(f"看{customer(case)}", tokens.of_action("complaint", case.id, "show")) for _, case in shown)
    return Prompt("\n".join(lines), (*see, *paging.turn(ordered, page, LISTED, "complaints"), new))
