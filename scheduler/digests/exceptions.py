"""What in a day a superior has to act on: logs, promises, requests (A-3.3.6b, A-3.3.7A, A-4.4.6b)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from conversations import daylog, handins, tokens
from conversations.desk import Desk
from conversations.firm import Person
from conversations.spoken import clock_words, spaced
from conversations.types import Option
from scheduler import daylogs, spoken
from scheduler.digests.page import Figure, Item

MANY = 2000  # records of one day
TEAMS = 3  # named in the heading; whoever has more of them knows it is the whole firm
PROMISE, REQUEST, MISSING, UNRECEIVED = 1, 2, 3, 4


def promises(desk: Desk, reps: Sequence[Person], until: datetime) -> Iterator[Item]:
    """Answers owed to customers whose time passed by then."""
    names = {who.id: who.name for who in reps}
    for case in desk.cases("promise", states=("open",), until=until, limit=50):
        name = names.get(case.person_id)
        if name is None or case.at is None:
            continue
        when = clock_words(case.at, desk)
        hand_on = Option(f"转交{spoken.customer(desk, case)}", tokens.of_action("pass", case.id, case.rev))
        yield Item(PROMISE, f"{name} 答应{spoken.about(desk, case)}，{spaced('原定', when)}，还没答复", (hand_on,))


def requests(desk: Desk) -> Iterator[Item]:
    """Customers' requests that wait for the person themselves."""
    for case in desk.cases("request", states=("asked",), limit=50):
        if int(case.data.get("manager") or 0) != desk.me.id:
            continue
        rep = desk.person(case.person_id)
        by = f"，{spaced('请在', clock_words(case.at, desk))} 前" if case.at and case.at > desk.now else "，已过时间" if case.at else ""
        answer = Option(f"答复{spoken.customer(desk, case)}", tokens.of_action("request", case.id, case.rev, "write"))
        yield Item(
            REQUEST,
            f"{rep.name if rep else '市场员'} 替{spoken.customer(desk, case) or '客户'}问：{case.data.get('words', '')}，等您答复{by}",
            (answer,),
        )


def missing(desk: Desk, reps: Sequence[Person], day: date, at_least: int = 1) -> Iterator[Item]:
    for who in daylogs.missing(desk, reps, day):
        days = daylogs.days_missing(desk, who.id, day)
        if days < at_least:
            continue
        today = day == desk.calendar.day_of(desk.now)
        since = f"{'今天' if today else '那天'}没交日志" if days == 1 else f"{days} 天没交日志"
        ask = Option(f"问{who.name}", tokens.of_action("chase", who.id, f"{day:%Y%m%d}"))
        excuse = Option(f"{who.name}算请假", tokens.of_action("excuse", who.id, f"{day:%Y%m%d}"))
        yield Item(MISSING, f"{who.name} {since}", (ask, excuse))


def unreceived(desk: Desk) -> Iterator[Item]:
    """Handed in, whatever the day, and waiting for the person themselves: one line for all of them."""
    mine = [case for case in desk.cases("daylog", states=("handed",), limit=MANY) if int(case.data.get("receiver") or 0) == desk.me.id]
    waiting = [(desk.label("colleagues", case.person_id), case) for case in mine]
    if waiting:
        names = [f"{name}{'补交' if handins.added(case) else ''}" for name, case in waiting]
        receive = tuple(Option(f"签收{name}", tokens.of_action("receive", case.id, case.rev)) for name, (_, case) in zip(names, waiting, strict=True))
        yield Item(UNRECEIVED, f"{'、'.join(dict.fromkeys(name for name, _ in waiting))}的日志等您签收", receive)


def team(desk: Desk, reps: Sequence[Person]) -> str:
    """市场一部, 市场一部、市场二部: whose day it was, in the order of the firm's list."""
    theirs = {who.team_id for who in reps}
    names = [one.label for one in desk.teams() if one.id in theirs]
    return "、".join(names) if len(names) <= TEAMS else ""


def figures(desk: Desk, reps: Sequence[Person], day: date) -> tuple[Figure, ...]:
    """Visits, calls, logs; against the same weekday of last week."""
    week_ago = date.fromordinal(day.toordinal() - 7)
    visits, calls, logs = _counts(desk, reps, day)
    last = _counts(desk, reps, week_ago)
    compared = desk.calendar.is_working_day(week_ago) and any(last[:2])
    before: tuple[int | str | None, ...] = last if compared else (None, None, None)
    return Figure("拜访", visits, before[0]), Figure("电话", calls, before[1]), Figure("日志", logs, before[2])


def _counts(desk: Desk, reps: Sequence[Person], day: date) -> tuple[int, int, str]:
    ids = {who.id for who in reps}
    made = [daylog.KINDS[paper.form] for paper in desk.papers(day=day, forms=tuple(daylog.KINDS), limit=MANY) if paper.person_id in ids]
    owing = [who for who in reps if not desk.on_leave(who.id, day)]
    handed = sum(daylogs.stands(desk, who.id, day) in ("handed", "received") for who in owing)
    return made.count("visit"), made.count("call"), f"{handed}/{len(owing)}"
