"""An appointment put off or called off in one sentence: 恒达影音今天不去了, 天籁改到后天上午10点 (A-1.2, A-3.3.2a)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from conversations import oneline, phrases, tokens, turns
from conversations.desk import Desk
from conversations.firm import Case, Found
from conversations.lexicon import LEAVE, MET, VERBS
from conversations.phrases import Reading
from conversations.reader import Reader
from conversations.registry import BY_NAME
from conversations.spoken import clock_words, day_words, spaced, wall
from conversations.timed import STOPS, TRIM
from conversations.types import Option, Prompt, Said, Unclear

LONGEST = 60
A_TIME = 20  # signs
OFF = re.compile(r"(?:先|就|都|暂时)?(?:取消|不去|去不了|没?去不?成|不用去|不约|推掉|别去)(?:见|拜访)?(?:了|吧|掉)*")
LATER = re.compile(r"(?:往后|时间)?(?:改|挪|推迟|延后|延|推|提前|提|换)(?:到|在|成|至)|改期|改约|改个?时间|改天再?[去约]?|推迟|延期")
_BARE = re.compile(r"(?:取消|改|换|推掉)(?:一下|一个|掉)?(?:今天|明天|后天)?的?(?:预约|约|行程|安排)|改期|改约|改个?时间")
_SMALL = re.compile(r"(?:请|麻烦|帮我|帮忙|我|想|要|把|将|跟|和|的|那家|那边|这家|预约|约好|约会|约|行程|安排|拜访|一下|再去|再约|再|去|了|吧|客户)+")


@dataclass(frozen=True, slots=True)
class Change:
    """What the sentence wants: off, or later to a moment, to a day, or to one still to be asked."""

    off: bool
    customer: Found | None
    days: frozenset[str]  # of the appointment meant, as they were named
    to: Reading[datetime] | None


def read(desk: Desk, said: Said) -> Change | None:
    """None: the sentence is about something else."""
    text = said.text.strip()
    found = LATER.search(text) or OFF.search(text)
    if found is None or len(text) > LONGEST or "\n" in text or LEAVE.search(text):
        return None
    off = found.re is OFF
    reader = Reader(text, said.at, desk, desk.find("customers", "", 0, oneline.BOOK))
    reader.blank(*found.span())
    try:
        moments = [*phrases.find_moments(text, said.at, desk.calendar, firm=True)]
    except Unclear:
        return None
    to = next((one for one in moments if one.span[0] >= found.end()), None) if not off else None
    for one in moments:
        reader.blank(*one.span)
    if small := re.match(r"\s*(?:请|麻烦|帮我|我|想|要|把|将)+", reader.left):
        reader.blank(*small.span())
    reader.find_customer()
    if not _only(reader, found.span(), text):
        return None
    if reader.customer is None and not _BARE.search(text):
        return None
    days = frozenset(str(desk.calendar.day_of(one.value)) for one in moments if one is not to)
    return Change(off, reader.customer, days, to)


def _only(reader: Reader, span: tuple[int, int], text: str) -> bool:
    """The piece with the verb says nothing else; a reason may stand in another piece, a visit may not."""
    head = max(text.rfind(sign, 0, span[0]) for sign in STOPS) + 1
    tail = min((at for sign in STOPS if (at := text.find(sign, span[1])) >= 0), default=len(text))
    if _SMALL.sub("", MET.sub("", reader.left[head:tail])).strip(TRIM):
        return False
    rest = f"{text[:head]}\n{text[tail:]}"
    return not any(pattern.match(piece) for piece in re.split(f"[{STOPS}\\s]+", rest) for kind, pattern in VERBS if kind != "request")


def asked(desk: Desk, said: Said) -> bool:
    """Shown before it is done; a card that is open waits meanwhile."""
    change = read(desk, said) if "rep" in desk.me.roles else None
    if change is None:
        return False
    turns.end_trial(desk)
    if (left := desk.open_session()) is not None:
        desk.save(replace(left, state="paused"))  # 对 answers this card
    case = _meant(desk, change) if change.customer else None
    if change.customer is None:
        desk.say(which(desk, planned(desk)))
    elif case is None:
        _none(desk, said, change)
    elif change.off:
        desk.say(off(desk, case))
    else:
        _later(desk, said, case, change.to)
    return True


def timed(desk: Desk, said: Said) -> bool:
    """Only a time, written to the card that asks how an appointment is to be changed: it is the new one."""
    last = desk.last_prompt()
    taps = [tokens.read(one.token) for one in last[0].options] if last is not None else []
    asked = [tap.args for tap in taps if isinstance(tap, tokens.ActionTap) and tap.verb == "appointment" and tap.args[2:] == ("later",)]
    case = desk.case(int(asked[0][0])) if asked else None
    if case is None or case.state != "planned" or str(case.rev) != asked[0][1] or len(said.text.strip()) > A_TIME:
        return False
    try:
        if not phrases.find_moments(said.text.strip(), said.at, desk.calendar):
            return False
    except Unclear:
        pass  # 25 点: the question says what is wrong with it
    turns.begin(desk, said, BY_NAME["AppointmentLater"], lead=f"{called(desk, case)}。", typed=said.text, case=case.id, case_rev=case.rev)
    return True


def planned(desk: Desk, customer: int | None = None) -> list[Case]:
    """What is still to come, today's passed over ones too."""
    today = desk.calendar.day_of(desk.now)
    found = desk.cases("appointment", person=desk.me.id, customer=customer, states=("planned",), limit=50)
    return [one for one in found if one.day is not None and one.day >= today]


def _meant(desk: Desk, change: Change) -> Case | None:
    mine = planned(desk, change.customer.id if change.customer else None)
    named = [one for one in mine if str(one.day) in change.days]
    return next(iter(named or mine), None)


def _none(desk: Desk, said: Said, change: Change) -> None:
    label = change.customer.label if change.customer else ""
    if change.off or change.customer is None:
        desk.say(Prompt(f"{label}没有约好的时间，不用取消。", (Option("今天", tokens.of_action("today")),)))
        return
    answers = {"customer": {"id": change.customer.id, "label": label}}
    if change.to is not None:
        answers |= {"at_day": hint(desk, said, change.to)} if vague(said, change.to) else {"at": change.to.value.isoformat()}  # type: ignore[dict-item]
    turns.begin(desk, said, BY_NAME["Appointment"], lead=f"{label}还没有约好的时间，先约上。", answers=answers, brief=True)


def vague(said: Said, to: Reading[datetime]) -> bool:
    """The hour was not said."""
    return to.whole_day or bool(phrases.part_of_day(phrases.fold(said.text.strip()[slice(*to.span)])))


def hint(desk: Desk, said: Said, to: Reading[datetime]) -> str:
    day = desk.calendar.day_of(to.value)
    return f"{day.month}月{day.day}日{phrases.part_of_day(phrases.fold(said.text.strip()[slice(*to.span)]))}"


def _later(desk: Desk, said: Said, case: Case, to: Reading[datetime] | None) -> None:
    part = to is not None and not to.whole_day and vague(said, to)
    if to is None or part or case.at is None:
        answers = {"at_day": hint(desk, said, to)} if to is not None else {}
        turns.begin(desk, said, BY_NAME["AppointmentLater"], lead=f"{called(desk, case)}。", case=case.id, case_rev=case.rev, answers=answers)
        return
    at = to.value
    if to.whole_day:  # the same hour on the other day
        at = desk.calendar.at(desk.calendar.day_of(at), wall(case.at, desk))
    if at <= desk.now:
        desk.say(Prompt(f"{clock_words(at, desk)} 已经过了。{called(desk, case)}，改到什么时候？写全一点，例如：改到明天上午10点。"))
        return
    when = clock_words(at, desk)
    yes = Option(f"对，{spaced('改到', when)}", move_token(desk, case, at), main=True)
    desk.say(Prompt(f"{called(desk, case)}，{spaced('改到', when)}，对吗？", (yes, Option("不改", tokens.of_action("ack", "kept", case.id)))))


def move_token(desk: Desk, case: Case, at: datetime) -> str:
    return tokens.of_action("appointment", case.id, case.rev, f"{desk.calendar.local(at):%Y%m%d%H%M}")


def called(desk: Desk, case: Case) -> str:
    """恒达影音今天 10:30."""
    when = day_words(case.day, desk) if case.day else ""
    return f"{desk.label('customers', case.customer_id or 0)}{when}{f' {wall(case.at, desk)}' if case.at else ''}".replace("） ", "）")


def off(desk: Desk, case: Case) -> Prompt:
    yes = Option("对，不去了", tokens.of_action("appointment", case.id, case.rev, "off"), main=True)
    later = Option("改时间", tokens.of_action("appointment", case.id, case.rev, "later"))
    return Prompt(f"{called(desk, case)} 不去了，对吗？", (yes, later, Option("还是去", tokens.of_action("ack", "kept", case.id))))


def which(desk: Desk, cases: Sequence[Case]) -> Prompt:
    """Whose appointment is to be changed?"""
    if not cases:
        return Prompt("没有约好的客户，不用改。写一句就能约，例如：明天上午10点 拜访 恒达 送书。")
    options = (Option(called(desk, one), tokens.of_action("appointment", one.id, one.rev, "show")) for one in cases[:12])
    return Prompt("改哪一家的约？", tuple(options))
