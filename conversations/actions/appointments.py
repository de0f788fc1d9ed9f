"""appointment, changes: what was agreed is put off or called off (A-1.2, A-3.3.2a)."""

from __future__ import annotations

from datetime import datetime, timedelta

from conversations import changes, tokens, turns
from conversations.actions.logs import fresh
from conversations.actions.outdated import Outdated, number
from conversations.actions.outdated import day as day_of
from conversations.desk import Desk
from conversations.firm import Case
from conversations.forms.sales.later import AppointmentLater
from conversations.spoken import clock_words, day_words, spaced
from conversations.types import Option, Prompt, Said


def appointment(desk: Desk, said: Said, id: str, rev: str, what: str) -> None:
    """show what can be done, off, later by a question, or to the minute on the button."""
    case = desk.case(number(id))
    if case is None or case.kind != "appointment" or case.person_id != desk.me.id:
        raise Outdated("这一家不是您约的，请问部门主管。")
    fresh(desk, case, rev)
    if case.state != "planned":
        raise Outdated("这一家已经去过或取消了，不用再改。")
    if what == "show":
        desk.say(_shown(desk, case))
    elif what == "off":
        _off(desk, case)
    elif what == "later":
        turns.begin(desk, said, AppointmentLater, lead=f"{changes.called(desk, case)}。", case=case.id, case_rev=case.rev)
    else:
        _move(desk, case, what)


def _shown(desk: Desk, case: Case) -> Prompt:
    options = []
    if case.at is not None and case.day is not None:
        for ahead in (1, 2):
            day = desk.calendar.day_of(desk.now) + timedelta(days=ahead)
            at = desk.calendar.at(day, f"{desk.calendar.local(case.at):%H:%M}")
            if day != case.day:
                options.append(Option(f"改到{clock_words(at, desk)}", changes.move_token(desk, case, at)))
    options.append(Option("另选时间", tokens.of_action("appointment", case.id, case.rev, "later")))
    options.append(Option("不去了", tokens.of_action("appointment", case.id, case.rev, "off")))
    return Prompt(f"{changes.called(desk, case)}，怎么改？", tuple(options))


def _off(desk: Desk, case: Case) -> None:
    desk.move(case.id, case.rev, "cancel", "cancelled", closed=True)
    day = day_words(case.day, desk) if case.day else "那天"
    again = Option("另约时间", tokens.of_action("start", "Appointment", case.customer_id or 0))
    see = Option("看安排", tokens.of_action("day", f"{case.day:%Y%m%d}")) if case.day else Option("今天", tokens.of_action("today"))
    text = f"{desk.label('customers', case.customer_id or 0)}从{day}的安排里去掉了。客户那边请打个招呼。"
    desk.say(Prompt(text, (again, see)))


def _move(desk: Desk, case: Case, minute: str) -> None:
    try:
        local = datetime.strptime(minute, "%Y%m%d%H%M")  # noqa: DTZ007 the firm's own time
    except ValueError:
        raise Outdated from None
    at = desk.calendar.at(local.date(), f"{local:%H:%M}")
    if at <= desk.now:
        raise Outdated("那个时间已经过了，请写一句，例如：改到明天上午10点。")
    desk.move(case.id, case.rev, "later", "planned", at=at, order=0)
    label = desk.label("customers", case.customer_id or 0)
    see = Option("看那天", tokens.of_action("day", f"{local:%Y%m%d}"))
    desk.say(Prompt(f"{label}{spaced('改到', clock_words(at, desk))} 了。客户那边请说好。", (see,)))


def which(desk: Desk, said: Said, day: str) -> None:
    """From the day's list."""
    local = day_of(day)
    desk.say(changes.which(desk, [one for one in changes.planned(desk) if one.day == local]))
