"""What an area manager and a station master have to act on: safety and money first, then what waits for a decision (C-3.1, C-4.5, C-4.6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from conversations import tokens
from conversations.desk import Desk
from conversations.desks.custody import RepairFigures
from conversations.desks.repairs import Thing
from conversations.digests.page import Figure, Item
from conversations.repairs import cards, evening, reconcile
from conversations.repairs.job import Job
from conversations.spoken import day_of_month, wall
from conversations.types import Option
from rules import money
from rules.repairs import emergencies, register
from rules.repairs import jobs as rule
from rules.repairs.reconciliation import WORDS

ROLES = frozenset({"area_manager", "station_master"})
MANY = 500
NAMED = 2
EMERGENCY, HELD, DISPUTE, DECISION, OVERDUE, RECONCILED = range(-6, 0)  # before whatever else stands on the page
OPEN = tuple(state for state in rule.STATES if state not in rule.ENDED and state not in ("fee_pending", "unsigned", "unmet"))


def items(desk: Desk, day: date) -> Iterator[Item]:
    """Of the day and of whatever is still open, whenever it began."""
    yield from _emergencies(desk, day)
    yield from _held(desk)
    yield from _disputes(desk)
    yield from _decisions(desk)
    yield from _overdue(desk)
    yield from _reconciled(desk, day)


def figures(desk: Desk, day: date) -> tuple[Figure, ...]:
    """The day's, and of days of rest the whole stretch; against the same days of last week. Asking for help is shown and counts for nothing."""
    first, last = _span(desk, day)
    week = timedelta(days=7)
    now, before = desk.repair_figures(first, last), desk.repair_figures(first - week, last - week)
    against = before.jobs if before.jobs else None
    return (
        Figure("报修", now.jobs, against),
        Figure("完成", now.closed, before.closed if before.jobs else None),
        *([Figure("接单", f"{now.response:.0f} 分钟")] if now.response is not None else []),
        *([Figure("到场", f"{now.arrival:.0f} 分钟")] if now.arrival is not None else []),
        *([Figure("一次修好", f"{share(now.first_time, now.closed)}%")] if now.closed else []),
        *([Figure("返工", f"{share(now.reworked, now.jobs)}%")] if now.jobs else []),
        Figure("收费疑问", now.disputed),
        Figure("超时", now.late),
        Figure("求助", now.supported),
        *([Figure("满意", f"{now.stars:.1f} 分")] if now.stars is not None else []),
    )


def short_figures(desk: Desk, day: date) -> tuple[Figure, ...]:
    """Beside the figures of another part of the firm."""
    now: RepairFigures = desk.repair_figures(*_span(desk, day))
    return (Figure("报修", now.jobs), Figure("修好", now.closed))


def busy(desk: Desk, day: date) -> bool:
    """Anything at all was reported; a firm without repairs hears nothing of them."""
    return desk.repair_figures(*_span(desk, day)).jobs > 0


def share(part: int, of: int) -> int:
    return round(100 * part / of) if of else 0


def _span(desk: Desk, day: date) -> tuple[date, date]:
    """From that day until yesterday, or the day itself while it is today."""
    return day, max(day, desk.calendar.day_of(desk.now) - timedelta(days=1))


def _emergencies(desk: Desk, day: date) -> Iterator[Item]:
    """Nobody there within five minutes of the dispatch (C-4.5.1c)."""
    for job in desk.jobs(urgent=True, since=desk.calendar.at(day, "00:00"), limit=MANY):
        sent = job.sent_at or job.opened_at
        over = emergencies.late_by(sent, job.arrived_at, job.closed_at or desk.now)
        if not over or job.state == "cancelled":
            continue
        minutes = register.minutes((job.arrived_at or job.closed_at or desk.now) - sent)
        came = f"{minutes} 分钟才到" if job.arrived_at else "没人到场" if job.closed_at else f"{minutes} 分钟还没到"
        yield Item(EMERGENCY, f"紧急 {_named(desk, job)} {job.urgent}：{wall(sent, desk)} 派出，{came}", (_see(job),))


def _held(desk: Desk) -> Iterator[Item]:
    """Papers and money of days gone by that the desk has not received: one line a person."""
    today = desk.calendar.day_of(desk.now)
    begun = desk.calendar.at(today, "00:00")
    by_person: dict[int, list[Thing]] = {}
    for one in desk.holdings():
        who = desk.person(one.holder)
        job = desk.job(one.case_id) if one.case_id else None
        old = job is not None and job.closed_at is not None and job.closed_at < begun
        if who is not None and "service_desk" not in who.roles and one.kind in ("paper", *evening.MONEY) and old:
            by_person.setdefault(one.holder, []).append(one)
    for person, things in by_person.items():
        name = desk.label("colleagues", person)
        ask = Option(f"问{name}", tokens.of_action("ask_papers", person))
        yield Item(HELD, f"{name} 手里还有 {evening.counted(things)}没交客服", (ask,) if person != desk.me.id else ())


def _disputes(desk: Desk) -> Iterator[Item]:
    for job in desk.jobs(states=("fee_pending",), limit=MANY):
        quotation = job.agreed or job.quotation
        total = f" {money.exact(quotation.total)} 元" if quotation else ""
        options = (cards.button(f"减免 {job.number}", job, "waive"), cards.button("按原价", job, "explained")) if _decides(desk) else ()
        yield Item(DISPUTE, f"{_named(desk, job)} {job.caller or '客户'}对收费有疑问{total}，没说好", (*options, _see(job))[:2])


def _decisions(desk: Desk) -> Iterator[Item]:
    """Not signed, or not mended: somebody above has to say what now (C-4.3.4b, C-4.5.5b)."""
    for job in desk.jobs(states=("unsigned", "unmet"), limit=MANY):
        why = str(job.data.get("unsigned" if job.state == "unsigned" else "unmet") or "")
        words = "没签名" if job.state == "unsigned" else "没修好"
        accept = "认可" if job.state == "unsigned" else "到此为止"
        options = (cards.button(f"{accept} {job.number}", job, "settle"), cards.button("再去一趟", job, "redo")) if _decides(desk) else (_see(job),)
        yield Item(DECISION, f"{_named(desk, job)} {words}{f'：{why}' if why else ''}，等{'您' if _decides(desk) else '片区经理'}定", options)


def _overdue(desk: Desk) -> Iterator[Item]:
    """Late by the register's own rule, and whatever is left from another day; one line when they are many."""
    today = desk.calendar.day_of(desk.now)
    late = [(job, why) for job in desk.jobs(states=OPEN, limit=MANY) if (why := _why(desk, job, today))]
    late.sort(key=lambda one: one[0].opened_at)
    for job, why in late[:NAMED]:
        yield Item(OVERDUE, f"{_named(desk, job)} {job.what}：{why}", (_see(job),))
    if len(late) > NAMED:
        rest = "、".join(job.number for job, _ in late[NAMED : NAMED + 4])
        yield Item(OVERDUE, f"还有 {len(late) - NAMED} 张没办完：{rest}{' 等' if len(late) > NAMED + 4 else ''}")


def _why(desk: Desk, job: Job, today: date) -> str:
    said = register.late(
        job.state,
        desk.now,
        urgent=bool(job.urgent),
        opened_at=job.opened_at,
        sent_at=job.sent_at,
        arrived_at=job.arrived_at,
        at=job.at,
        accept_minutes=int(desk.setting("job_accept_minutes", register.ACCEPT_WITHIN)),
    )
    if job.day < today and not (job.at and job.at > desk.now):
        return f"{day_of_month(job.day)}报的，{rule.STATES[job.state]}"
    return said


def _reconciled(desk: Desk, day: date) -> Iterator[Item]:
    """The last finished day's comparison: only what nobody has settled for good (C-4.6c)."""
    today = desk.calendar.day_of(desk.now)
    about = day if day < today else desk.calendar.previous_working_day(day)
    found = reconcile.of(desk, about)
    lines = found.undecided
    if not lines:
        if found.state != "filed" and found.lines:
            yield Item(RECONCILED, f"{day_of_month(about)}的单都对得上，还没归档")
        return
    counts = {one.finding: sum(line.finding == one.finding for line in lines) for one in lines}
    words = "、".join(f"{WORDS[finding]} {count} 张" for finding, count in counts.items())
    first = "、".join(one.number or one.paper for one in lines[:NAMED])
    yield Item(RECONCILED, f"{day_of_month(about)}对单：{words}（{first}{' 等' if len(lines) > NAMED else ''}）")


def _decides(desk: Desk) -> bool:
    return "area_manager" in desk.me.roles


def _named(desk: Desk, job: Job) -> str:
    who = desk.person(job.technician_id) if job.technician_id else None
    return f"{job.number} {job.where}" + (f"（{who.name}）" if who is not None else "")


def _see(job: Job) -> Option:
    return cards.button(f"看 {job.number}", job, "show")


def heading(desk: Desk) -> str:
    """东区, or nothing for who has them all."""
    names: Sequence[str] = desk.own_areas()
    return "、".join(names)
