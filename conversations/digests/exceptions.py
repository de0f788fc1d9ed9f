"""What in a day a superior has to act on: money and promises first, then requests, logs, late papers, statements (A-3.3.6b, A-3.3.7A, A-4.4.6b)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from conversations import daylog, handins, matters, seals, tokens
from conversations.desk import Desk
from conversations.digests.page import Figure, Item
from conversations.firm import Case, Person
from conversations.owedlogs import LOOK_BACK, Standings
from conversations.spoken import clock_words, day_words, spaced
from conversations.statements import left_to
from conversations.types import Option

MANY = 2000  # logs that wait
NAMED = 2  # customers in one line
TEAMS = 3  # named in the heading; whoever has more of them knows it is the whole firm
COMPLAINT, PROMISE, REQUEST, STATEMENTS, MISSING, UNRECEIVED, LATE, ACCOUNTS = range(8)


@dataclass(frozen=True, slots=True)
class Overdue:
    """A kind of case that is late once its time has passed and it is not closed."""

    kind: str
    words: str  # {who} and {what}
    short: str  # on the button
    weight: int = LATE
    states: tuple[str, ...] = ()
    show: str = ""  # the verb that opens it for the superior, whose matter it is; else the person is asked
    whole_day: bool = False  # late from the day after
    heirs: bool = False  # of who has left as well, for whoever has the customer now


# By name, so that each appears as soon as the firm has such cases.
OVERDUE = (
    Overdue("delivery", "{who} 给{what}送书刊", "送书"),
    Overdue("prospect", "{who} 要查的{what}", "调查"),
    Overdue("need", "{who} 的外地客户{what}", "外地", states=("proposed",)),
    Overdue("meeting", "{who} 在展会上没见到{what}", "展会", states=("planned",), whole_day=True),
    Overdue("complaint", "{what}投诉（{who}）", "投诉", COMPLAINT, show="complaint", heirs=True),
)


def overdue(desk: Desk, reps: Sequence[Person]) -> Iterator[Item]:
    """Deliveries, surveys, needs and complaints past their time: one line a person and kind, however many there are."""
    names, today = {who.id: who.name for who in reps}, desk.calendar.day_of(desk.now)
    for what in OVERDUE:
        late: dict[int, list[Case]] = {}
        for case in desk.cases(what.kind, states=what.states, until=desk.now, limit=MANY):
            if case.closed_at is not None or case.at is None or (what.whole_day and case.day is not None and case.day >= today):
                continue
            if case.person_id in names or (what.heirs and _owner(desk, case) in names):
                late.setdefault(case.person_id, []).append(case)
        for person, several in late.items():
            yield _late(desk, what, names.get(person) or desk.label("colleagues", person), several)


def _owner(desk: Desk, case: Case) -> int:
    """Who has the customer of somebody who has left: a complaint about them is not forgotten with them."""
    whose, customer = desk.person(case.person_id), desk.customer(case.customer_id or 0)
    return customer.owner_id or 0 if customer is not None and (whose is None or whose.left) else 0


def _late(desk: Desk, what: Overdue, name: str, several: Sequence[Case]) -> Item:
    """The oldest first; it is the one that is asked about."""
    first = several[0]
    named = [matters.customer(desk, case) or matters.about(desk, case) for case in several[:NAMED]]
    whom = "、".join(named) + (f"等 {len(several)} 家" if len(several) > NAMED else "")
    time = day_words(first.day, desk) if what.whole_day and first.day else clock_words(first.at, desk) if first.at else ""
    when = spaced("原定", time)
    see = Option(f"看{name}{what.short}", tokens.of_action(what.show, first.id, "show"))
    ask = see if what.show else Option(f"问{name}{what.short}", tokens.of_action("nudge", first.id))
    return Item(what.weight, f"{what.words.format(who=name, what=whom)}，{when}，还没办完", (ask,))


def promises(desk: Desk, reps: Sequence[Person], until: datetime) -> Iterator[Item]:
    """Answers owed to customers whose time passed by then."""
    names = {who.id: who.name for who in reps}
    for case in desk.cases("promise", states=("open",), until=until, limit=50):
        name = names.get(case.person_id)
        if name is None or case.at is None or _handed_on_today(desk, case):
            continue
        when = clock_words(case.at, desk)
        hand_on = Option(f"转交{matters.customer(desk, case)}", tokens.of_action("pass", case.id, case.rev))
        yield Item(PROMISE, f"{name} 答应{matters.about(desk, case)}，{spaced('原定', when)}，还没答复", (hand_on,))


def _handed_on_today(desk: Desk, case: Case) -> bool:
    """It has just been dealt with: whoever has it now is given the evening."""
    events = desk.case_events(case.id)
    return bool(events) and events[-1].action == "hand" and desk.calendar.day_of(events[-1].at) == desk.calendar.day_of(desk.now)


def requests(desk: Desk) -> Iterator[Item]:
    """Customers' requests that wait for the person themselves."""
    for case in desk.cases("request", states=("asked",), limit=50):
        if int(case.data.get("manager") or 0) != desk.me.id:
            continue
        rep = desk.person(case.person_id)
        by = f"，{spaced('请在', clock_words(case.at, desk))} 前" if case.at and case.at > desk.now else "，已过时间" if case.at else ""
        answer = Option(f"答复{matters.customer(desk, case)}", tokens.of_action("request", case.id, case.rev, "write"))
        yield Item(
            REQUEST,
            f"{rep.name if rep else '市场员'} 替{matters.customer(desk, case) or '客户'}问：{case.data.get('words', '')}，等您答复{by}",
            (answer,),
        )


def needs(desk: Desk) -> Iterator[Item]:
    """Customers out of town whose proposal waits for the person themselves (A-3.3.7A)."""
    for case in desk.cases("need", states=("asked",), limit=50):
        if int(case.data.get("manager") or 0) == desk.me.id:
            rep, by = desk.label("colleagues", case.person_id), f"，{spaced('请在', clock_words(case.at, desk))} 前" if case.at else ""
            write = Option(f"给{matters.customer(desk, case)}方案", tokens.of_action("need", case.id, case.rev, "write"))
            yield Item(REQUEST, f"{rep} 的外地客户{matters.about(desk, case)}，等您出方案{by}", (write,))


def missing(desk: Desk, reps: Sequence[Person], day: date, logs: Standings, at_least: int = 1) -> Iterator[Item]:
    for who in reps:
        if logs.stands(who.id, day) != "missing":
            continue
        days = logs.days_missing(who.id, day)
        if days < at_least:
            continue
        today = day == desk.calendar.day_of(desk.now)
        since = f"{'今天' if today else '那天'}没交日志" if days == 1 else f"{days} 天{'以上' if days >= LOOK_BACK else ''}没交日志"
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


def stamps(desk: Desk, reps: Sequence[Person], day: date) -> Iterator[Item]:
    """Papers of the day whose stamp says another name, and nobody has found the two to be one (A-4.4.2)."""
    names = {who.id: who.name for who in reps}
    for paper in desk.papers(day=day, forms=seals.FORMS, limit=MANY):
        if paper.person_id in names and paper.state == "filed" and seals.is_open(desk, paper):
            name, what = names[paper.person_id], str(paper.answers.get("what") or "营业执照")
            see = Option(f"看{name}{what}", tokens.of_action("see", "paper", paper.id))
            yield Item(LATE, f"{name} 收的{daylog.customer_of(desk, paper)}{what}，上面的名称要核对", (see,))


def statements(desk: Desk, reps: Sequence[Person], *, approves: bool) -> Iterator[Item]:
    """Objections for the supervisor; whole months for the manager, once (A-3.3.6c)."""
    names = {who.id: who.name for who in reps}
    if not approves:
        for case in desk.cases("statement", states=("objected",), limit=50):
            if case.person_id in names:
                look = Option(f"看{names[case.person_id]}", tokens.of_action("statement", case.id, case.rev, "answer"))
                yield Item(STATEMENTS, f"{names[case.person_id]} 说 {_month(case)}的数据有漏算", (look,))
        return
    waiting = [one for one in desk.cases("statement", states=("issued",), limit=MANY) if one.person_id in names or left_to(desk, one.person_id)]
    for month in sorted({str(case.data["month"]) for case in waiting}):
        several = [case for case in waiting if case.data["month"] == month]
        every = Option(f"都核准（{len(several)} 份）", tokens.of_action("approve", month))
        yield Item(STATEMENTS, f"{_month(several[0])}的数据单 {len(several)} 份等您核准", (every, Option("先看", tokens.of_action("sheets", month))))


def _month(case: Case) -> str:
    return f"{int(str(case.data['month'])[5:])} 月"


def accounts(desk: Desk, day: date) -> Iterator[Item]:
    """For whoever also sees to the accounts: who has not come in yet."""
    absent = [who.name for who in desk.people() if not who.greeted and who.roles]
    if absent and "admin" in desk.me.roles:
        names = "、".join(absent[:3]) + (f" 等 {len(absent)} 位" if len(absent) > 3 else "")
        yield Item(ACCOUNTS, f"{names}还没有进来用过（{day_words(day, desk)}）")


def team(desk: Desk, reps: Sequence[Person]) -> str:
    """市场一部, 市场一部、市场二部: whose day it was, in the order of the firm's list."""
    theirs = {who.team_id for who in reps}
    names = [one.label for one in desk.teams() if one.id in theirs]
    return "、".join(names) if len(names) <= TEAMS else ""


def figures(desk: Desk, reps: Sequence[Person], day: date, logs: Standings) -> tuple[Figure, ...]:
    """Visits, calls, logs; against the same weekday of last week."""
    ids, week_ago = [who.id for who in reps], date.fromordinal(day.toordinal() - 7)
    counts = desk.daily(ids, week_ago, day, tuple(daylog.KINDS))
    visits, calls = (_sum(counts, day, kind) for kind in ("visit", "call"))
    last = [_sum(counts, week_ago, kind) for kind in ("visit", "call")]
    if not desk.calendar.is_working_day(week_ago) or not any(last):
        return Figure("拜访", visits), Figure("电话", calls), Figure("日志", logs.handed(ids, day))
    before = Standings(desk, ids, week_ago).handed(ids, week_ago)
    return Figure("拜访", visits, last[0]), Figure("电话", calls, last[1]), Figure("日志", logs.handed(ids, day), before)


def _sum(counts: Mapping[tuple[int, date, str], int], day: date, kind: str) -> int:
    return sum(count for (_, on, form), count in counts.items() if on == day and daylog.KINDS.get(form) == kind)
