"""Books to be delivered: what is due, what goes with a book, and when it counts as done (A-3.2.1, A-3.2.2)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from conversations import paging, tokens
from conversations.desk import Desk
from conversations.firm import Case, Found, Paper
from conversations.lookup import Lookup
from conversations.phrases.numerals import whole
from conversations.spoken import clock_words, day_words
from conversations.types import Option, Prompt
from rules import deliveries
from rules.introductions import ENCLOSED, TOPICS

SHOWN, LISTED, LATE = 3, 4, 10
BY_MAIL = "是外地客户，寄书以后才能在这里记，现在请照原来的办法寄。是当面送到的吗？"
_COPIES = re.compile(r"(?P<count>\d{1,3}|[一二两三四五六七八九十]{1,3})\s*[本册]")
_SIGNED = re.compile(r"(?P<who>[^\s，,。；;、]{1,10}?)(?:已经?|来)?(?:签收|签字|签了字?|代收|代签|收下了?|收的)")
_WITHOUT = re.compile(
    r"(?:没有?|忘了?|缺|少|差)[^，,。；;]{0,4}?(?P<what>招商函|业务说明)|(?P<before>招商函|业务说明)[^，,。；;]{0,4}?(?:没|忘|缺|少|差|下次|以后)"
)
_ALL = re.compile("齐了|都给了|都带了|都送了|全给了|一起给了")


def enclosures(look: Lookup) -> dict[str, str]:
    """What belongs to a book today, by the version: 招商函（2026 年 11 月版）."""
    current = [one for one in look.introductions() if one.topic in ENCLOSED]
    return {str(one.id): f"{TOPICS[one.topic]}（{one.name}）" for one in current}


def by_mail(customer: Found, paper: Any) -> str:
    """Who is out of town gets the book by post; handed over all the same, it counts."""
    known = paper.look.customer(customer.id) if customer.id else None
    return f"{customer.label}{BY_MAIL}" if known is not None and not known.local else ""


def name_of(look: Lookup, item: str) -> str:
    """招商函, whatever its version; a version that is no longer in force keeps its name."""
    found = look.introduction(int(item)) if item.isdecimal() else None
    return TOPICS.get(found.topic, item) if found is not None else item


def listed(paper: Any) -> dict[str, str]:
    """For the form: today's enclosures, and those that were ticked when it was filed."""
    raw = paper.answers.get("enclosed")
    ticked = raw.get("ticked", ()) if isinstance(raw, Mapping) else ()
    if ticked:
        known = {item: found for item in ticked if item.isdecimal() and (found := paper.look.introduction(int(item)))}
        kept = {item: f"{TOPICS[one.topic]}（{one.name}）" for item, one in known.items()}
        replaced = {one.topic for one in known.values()}
        current = [one for one in paper.look.introductions() if one.topic in ENCLOSED and one.topic not in replaced]
        return kept | {str(one.id): f"{TOPICS[one.topic]}（{one.name}）" for one in current}
    return enclosures(paper.look)


def open_of(look: Lookup, customer: int) -> list[Case]:
    """One's own, the earliest day first."""
    return [*look.cases("delivery", person=look.me.id, customer=customer, states=deliveries.OPEN, limit=20)]


def owed(look: Lookup, person: int) -> list[Case]:
    return [*look.cases("delivery", person=person, states=deliveries.OPEN, limit=200)]


def what(look: Lookup, case: Case) -> str:
    """恒达影音 3 本."""
    return f"{look.label('customers', case.customer_id or 0) or '客户'} {case.data.get('copies', 1)} 本"


def settle(desk: Desk, record: Paper, customer: int, *, issue: int, copies: int, given: Sequence[str], receipt: bool, signed: str) -> Case:
    """The planned delivery it fulfils, or one of its own; done only with everything that belongs to it and a receipt."""
    case = _of_paper(desk, record) or _planned(desk, customer, issue)
    if case is None:
        day = record.day
        at = desk.calendar.at(day, desk.me.closes)
        case = desk.open_case(
            "delivery", "planned", key=f"delivery:paper:{record.id}", customer=customer, paper=record.id, day=day, at=at, copies=copies
        )
    asked = [TOPICS[one.topic] for one in desk.introductions() if one.topic in ENCLOSED]
    lacking = deliveries.lacking(asked, [name_of(desk, item) for item in given], receipt=receipt)
    if (short := int(case.data.get("copies") or copies) - copies) > 0:
        lacking = [f"书 {short} 本", *lacking]
    if case.state == "delivered":
        if not lacking:
            return case
        case = _step(desk, case, "undo", record=0)
    return _step(desk, case, "part" if lacking else "deliver", record=record.id, lacking=lacking, signed=signed, given=list(given))


def _step(desk: Desk, case: Case, action: str, **data: Any) -> Case:
    step = deliveries.move(case.state, action, by=desk.me.id, owner=case.person_id)
    if case.closed_at is not None:
        return desk.reopen(case.id, action, step.after, **data)
    return desk.move(case.id, None, action, step.after, closed=step.closes, **data)


def _of_paper(look: Lookup, record: Paper) -> Case | None:
    every = look.cases("delivery", person=look.me.id, customer=record.customer_id, limit=50)
    return next((case for case in every if case.data.get("record") == record.id and case.state != "dropped"), None)


def _planned(look: Lookup, customer: int, issue: int) -> Case | None:
    mine = open_of(look, customer)
    return next((case for case in mine if case.id == issue), mine[0] if mine else None)


def undone(desk: Desk, record: Paper) -> None:
    """Its paper does not count any more: the delivery is owed again; the receipt was the paper's."""
    case = _of_paper(desk, record)
    if case is not None and case.state in ("part", "delivered"):
        _step(desk, case, "undo", record=0, lacking=[], signed="")


def hindered(desk: Desk, case: Case, day: str, why: str) -> None:
    """The reason stands beside the day; the clock goes on."""
    _step(desk, case, "reason", reasons=[*case.data.get("reasons", ()), {"day": day, "why": why}])


def told(desk: Desk, record: Paper) -> Prompt:
    """What the rep hears: done, or what is still missing."""
    case = _of_paper(desk, record)
    if case is None:
        return Prompt("已存。")
    customer = desk.label("customers", case.customer_id or 0)
    if case.state == "part":
        lacking = "、".join(str(one) for one in case.data.get("lacking", ()))
        until = f"，{clock_words(case.at, desk)} 前补齐" if case.at and case.at > desk.now else "，请尽快补齐"
        fix = Option("补上", tokens.of_action("fix", record.id), main=True)
        return Prompt(f"先记下了，{customer}还差：{lacking}{until}才算送到。签收单的照片可以直接发来。", (fix,))
    days = (record.day - case.day).days if case.day else 0
    late = f"比原定晚 {days} 天，已记下。" if days > 0 else ""
    return Prompt(f"已存，{customer}送到了。{late}{_rest(desk, record.day)}")


def by_picture(desk: Desk, record: Paper) -> tuple[str, tuple[Option, ...]]:
    """What a picture sent afterwards made of it, and how to go on; nothing for another paper."""
    case = _of_paper(desk, record) if record.form == "BookDelivery" else None
    if case is None:
        return "", ()
    if case.state == "delivered":
        return "签收齐了，算送到。", ()
    return _lack(case, "还差：{}。"), (Option("补上", tokens.of_action("fix", record.id), main=True),)


def _rest(desk: Desk, day: date) -> str:
    left = [case for case in owed(desk, desk.me.id) if case.day and case.day <= day]
    return f"今天还要送 {len(left)} 家：{'、'.join(what(desk, one) for one in left[:SHOWN])}。" if left else ""


def lines(look: Lookup, day: date, person: int) -> list[str]:
    """In the morning card and under 今天: late, today, before the next working day; and what to take along."""
    due: dict[str, list[str]] = {}
    for case in owed(look, person):
        when = deliveries.reminded(case.day, day, look.calendar) if case.day else ""
        if when and case.day:
            late = f"（晚 {deliveries.late(case.day, day, case.state)} 天）" if when == "late" else ""
            title = "过期没送到" if when == "late" else f"{day_words(case.day, look)}要送到"
            due.setdefault(title, []).append(f"{what(look, case)}{late}{_lack(case, '（还差{}）')}")
    said = [f"{title}：{'、'.join(names[:SHOWN])}{f' 等 {len(names)} 家' if len(names) > SHOWN else ''}" for title, names in due.items()]
    if not said:
        return []
    carried = "、".join(enclosures(look).values())
    return [f"送书：{'；'.join(said)}。{f'书里带上{carried}。' if carried else ''}"]


def card(look: Lookup, page: int = 0) -> Prompt:
    """送书: what is owed, one tap each; another customer's at the end."""
    mine = owed(look, look.me.id)
    other = Option("送给别家", tokens.of_action("start", "BookDelivery"), main=not mine)
    if not mine:
        return Prompt("没有排好要送的书。送了就写一句，例如：送书 恒达影音 3 本 孙经理签收。", (other,))
    shown = paging.cut(mine, page, LISTED)
    rows = [f"{n}. {_row(look, case)}" for n, case in shown]
    options = [Option(look.label("customers", case.customer_id or 0), tokens.of_action("delivery", case.id, case.rev, "show")) for _, case in shown]
    text = "\n".join([f"要送的书 {len(mine)} 家：", *rows, "送到了点客户，或写一句：送书 恒达影音 3 本 孙经理签收。"])
    return Prompt(text, (*options, *paging.turn(mine, page, LISTED, "books"), other))


def _row(look: Lookup, case: Case) -> str:
    days = deliveries.late(case.day, look.calendar.day_of(look.now), case.state)
    when = f"，晚 {days} 天" if days else f"，{day_words(case.day, look)}要送到" if case.day else ""
    return f"{what(look, case)}{when}{_lack(case, '，还差{}')}"


def _lack(case: Case, words: str) -> str:
    return words.format("、".join(str(one) for one in case.data.get("lacking", ()))) if case.state == "part" else ""


def one(look: Lookup, case: Case) -> Prompt:
    """One delivery: what it is about, what was in the way so far."""
    issue = f"，{case.data['label']}" if case.data.get("label") else ""
    reasons = [f"{each['day']} 没送到：{each['why']}" for each in case.data.get("reasons", ())]
    give = Option("送到了", tokens.of_action("delivery", case.id, case.rev, "done"), main=True)
    why = Option("没送到，写原因", tokens.of_action("delivery", case.id, case.rev, "reason"))
    say = "送的时候可以说：“这一期给您送来了，招商函和业务说明也在里面，请您签个字。”只讲自己的，不说别家。"
    return Prompt("\n".join([f"{_row(look, case)}{issue}。", *reasons, say]), (give, why))


def late_list(look: Lookup, names: Mapping[int, str]) -> list[tuple[str, Case, int]]:
    """Who is late with which, the longest first; `names` are the reps one answers for."""
    today = look.calendar.day_of(look.now)
    open_ones = look.cases("delivery", states=deliveries.OPEN, until=look.now, limit=500)
    late = [(names[case.person_id], case, deliveries.late(case.day, today, case.state)) for case in open_ones if case.person_id in names]
    return sorted((one for one in late if one[2]), key=lambda one: (-one[2], one[1].id))


def of_boss(look: Lookup, page: int = 0) -> Prompt:
    """送书 for who answers for reps: the late ones with their reasons."""
    late = late_list(look, {who.id: who.name for who in look.people("rep")})
    if not late:
        return Prompt("送书都按时，没有晚的。")
    rows = []
    for _, (name, case, days) in paging.cut(late, page, LATE):
        why = [str(each["why"]) for each in case.data.get("reasons", ())][-1:]
        rows.append(f"{name}：{what(look, case)}，晚 {days} 天{f'（{why[0]}）' if why else ''}{_lack(case, '，还差{}')}")
    return Prompt("\n".join([f"送书晚了的 {len(late)} 家：", *rows]), paging.turn(late, page, LATE, "books"))


def read(text: str, look: Lookup) -> dict[str, Any]:
    """送书 恒达影音 3 本 孙经理签收，招商函没带: what the words say, under the names of the form's questions."""
    said: dict[str, Any] = {}
    if (copies := _COPIES.search(text)) and (count := whole(copies["count"])):
        said["copies"] = count
    if signed := _SIGNED.search(text):
        said["signed"] = signed["who"].removeprefix("由")
    current = enclosures(look)
    names = {item: name_of(look, item) for item in current}
    without = {found["what"] or found["before"] for found in _WITHOUT.finditer(text)}
    named = {item for item, called in names.items() if called in text} | ({*names} if _ALL.search(text) or without else set())
    ticked = [item for item in names if item in named and names[item] not in without]
    if ticked:
        said["enclosed"] = {"ticked": ticked, "done": True}
    return said
