"""What is counted, counted by the database: figures, days, funnel, yield by source; no row is loaded to be counted (A-2.1, A-3.0, A-3.1.2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Integer,
    Select,
    and_,
    bindparam,
    cast,
    distinct,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy import case as when

from conversations.desks.figures import Line, Logs, Source
from rules.calendar import Calendar
from rules.figures import MEASURES, PROVEN, Matters, Measure, Papers, Stage, Tally
from storage.tables import case, case_event, customer, leave, owner, paper, running_contract
from storage.tables.base import Instant

TALKS = ("CustomerVisit", "PhoneCall")  # a record of a talk with the customer
_people: BindParameter[Any] = bindparam("people", expanding=True)
_first, _last = bindparam("first", type_=paper.c.day.type), bindparam("last", type_=paper.c.day.type)
_begins, _ends = bindparam("begins", type_=Instant()), bindparam("ends", type_=Instant())
_proof = paper.alias("proof")
_hand = case_event.alias("hand")


class Span(NamedTuple):
    """Days from first to last, both included, and the instants they begin and end at."""

    first: date
    last: date
    begins: datetime
    ends: datetime


def span(calendar: Calendar, first: date, last: date) -> Span:
    return Span(first, last, calendar.bounds(first)[0], calendar.bounds(last)[1])


# --- figures --------------------------------------------------------------------------------------------------


def tallies(conn: Connection, people: Sequence[int] | None, first: date, last: date, calendar: Calendar) -> dict[int, dict[str, Tally]]:
    """By person and measure; `people` None: everybody's."""
    found: dict[int, dict[str, Tally]] = defaultdict(dict)
    rows = conn.execute(_tallies(people is not None, _days(first, last)), _asked(people, first, last, calendar))
    for id, key, all_of_them, counted in rows:
        found[id][key] = Tally(int(counted or 0), int(all_of_them) - int(counted or 0))
    return dict(found)


def lines(conn: Connection, measure: Measure, person: int, first: date, last: date, calendar: Calendar, offset: int, limit: int) -> list[Line]:
    asked = _asked([person], first, last, calendar) | {"offset": offset, "limit": limit}
    return [Line(what, id, about, at, bool(ok)) for what, id, about, at, ok in conn.execute(_lines(measure, _days(first, last)), asked)]


@lru_cache(maxsize=64)
def _tallies(chosen: bool, days: int) -> Select[Any]:
    rows = union_all(*(_grouped(measure, chosen, days) for measure in MEASURES)).subquery("figures")
    return select(rows)


def _grouped(measure: Measure, chosen: bool, days: int) -> Select[Any]:
    whose, where, ok = _source(measure, days)
    counted = func.sum(cast(when((ok, 1), else_=0), Integer))
    conditions = [where, whose.in_(_people)] if chosen else [where]
    columns: tuple[ColumnElement[Any], ...] = (
        whose.label("person"),
        literal(measure.key).label("measure"),
        func.count().label("n"),
        counted.label("ok"),
    )
    return select(*columns).where(*conditions).group_by(whose)


@lru_cache(maxsize=64)
def _lines(measure: Measure, days: int) -> Select[Any]:
    whose, where, ok = _source(measure, days)
    counts = cast(when((ok, 1), else_=0), Integer).label("ok")
    if isinstance(measure.counts, Papers):
        chosen = select(literal("paper"), paper.c.id, paper.c.customer_id, paper.c.said_at, counts)
        order: tuple[ColumnElement[Any], ...] = (paper.c.said_at.desc(), paper.c.id.desc())
    else:
        at = func.coalesce(case.c.closed_at, case.c.opened_at, type_=Instant())
        chosen = select(literal("case"), case.c.id, case.c.customer_id, at, counts)
        order = (at.desc(), case.c.id.desc())
    return (
        chosen.where(where, whose.in_(_people)).order_by(*order).offset(bindparam("offset", type_=Integer)).limit(bindparam("limit", type_=Integer))
    )


def _source(measure: Measure, days: int) -> tuple[ColumnElement[int], ColumnElement[bool], ColumnElement[bool]]:
    """Whose a record is, which records are looked at, and which of them count."""
    what = measure.counts
    if isinstance(what, Papers):
        chosen = and_(paper.c.form == what.form, paper.c.day.between(_first, _last), paper.c.state == "filed")
        return paper.c.person_id, chosen, paper.c.grade.in_(PROVEN)
    return case.c.person_id, _matters(what), and_(_shown(what), _in_time(what, days))


def _matters(what: Matters) -> ColumnElement[bool]:
    dated = {
        "closed": and_(case.c.closed_at >= _begins, case.c.closed_at < _ends),
        "opened": and_(case.c.opened_at >= _begins, case.c.opened_at < _ends),
        "day": case.c.day.between(_first, _last),
    }[what.by]
    states = case.c.state.in_(what.states) if what.states else true()
    whole = case.c.key.not_like("daylog:%:%:%") if what.kind == "daylog" else true()  # what is handed in later belongs to the same log
    about = case.c.data["about"].as_string() == what.about if what.about else true()
    return and_(case.c.kind == what.kind, dated, states, whole, about)


def _shown(what: Matters) -> ColumnElement[bool]:
    good = and_(_proof.c.state == "filed", _proof.c.grade.in_(PROVEN))
    own = or_(_proof.c.id == case.c.paper_id, _proof.c.case_id == case.c.id, _proof.c.id == case.c.data["record"].as_integer())
    if what.proof == "paper":
        return exists().where(own, good)
    if what.proof == "contact":
        about = and_(_proof.c.person_id == case.c.person_id, _proof.c.customer_id == case.c.customer_id, _proof.c.form.in_(TALKS))
        during = and_(_proof.c.filed_at >= case.c.opened_at, _proof.c.day <= case.c.day if what.in_time else true())
        return exists().where(about, good, during, or_(case.c.paper_id.is_(None), _proof.c.id != case.c.paper_id))
    if what.proof == "second":
        return exists().where(_hand.c.case_id == case.c.id, _hand.c.by_id != case.c.person_id)
    return true()


def _in_time(what: Matters, days: int) -> ColumnElement[bool]:
    if not what.in_time:
        return true()
    if what.by == "day":  # handed in before the day was over
        return exists().where(_hand.c.case_id == case.c.id, _hand.c.action == "hand", _hand.c.at < _end_of_day(days))
    return case.c.closed_at <= case.c.at


DAYS = 31  # statements are built for a month, two, three …: not for each length of a span


def _days(first: date, last: date) -> int:
    return -(-((last - first).days + 1) // DAYS) * DAYS


def _end_of_day(days: int) -> ColumnElement[Any]:
    """The instant at which the case's local day is over: days have no fixed length, so each is told."""
    day, ends = case.c.day.type, Instant()
    return when(*((case.c.day == bindparam(f"day{n}", type_=day), bindparam(f"over{n}", type_=ends)) for n in range(days)), else_=null())


def _asked(people: Sequence[int] | None, first: date, last: date, calendar: Calendar) -> dict[str, Any]:
    asked: dict[str, Any] = span(calendar, first, last)._asdict()
    if people is not None:
        asked["people"] = list(people)
    for n in range(_days(first, last)):
        day = date.fromordinal(min(first.toordinal() + n, last.toordinal()))
        asked |= {f"day{n}": day, f"over{n}": calendar.bounds(day)[1]}
    return asked


# --- days -----------------------------------------------------------------------------------------------------
_daily = (
    select(paper.c.person_id, paper.c.day, paper.c.form, func.count())
    .where(paper.c.form.in_(bindparam("forms", expanding=True)), paper.c.day.between(_first, _last), paper.c.state == "filed")
    .group_by(paper.c.person_id, paper.c.day, paper.c.form)
)
_states = select(case.c.person_id, case.c.day, case.c.state).where(
    case.c.kind == "daylog", case.c.day.between(_first, _last), case.c.key.not_like("daylog:%:%:%")
)
_first_log = select(case.c.person_id, func.min(case.c.day, type_=case.c.day.type)).where(case.c.kind == "daylog").group_by(case.c.person_id)
_away = select(leave.c.person_id, leave.c.since, leave.c.until).where(leave.c.since <= _last, leave.c.until >= _first)


def daily(conn: Connection, first: date, last: date, forms: Sequence[str]) -> dict[tuple[int, date, str], int]:
    """Everybody's filed records by person, day and form."""
    rows = conn.execute(_daily, {"first": first, "last": last, "forms": list(forms)})
    return {(person, day, form): count for person, day, form, count in rows}


def logs(conn: Connection, first: date, last: date) -> Logs:
    """Everybody's."""
    asked = {"first": first, "last": last}
    states = {(person, day): state for person, day, state in conn.execute(_states, asked)}
    away = {
        (person, date.fromordinal(day))
        for person, since, until in conn.execute(_away, asked)
        for day in range(max(since, first).toordinal(), min(until, last).toordinal() + 1)
    }
    return Logs(states, frozenset(away), {row[0]: row[1] for row in conn.execute(_first_log)})


# --- where customers come from, how far they get ---------------------------------------------------------------
_theirs = select(owner.c.customer_id).where(
    owner.c.person_id.in_(_people), owner.c.since <= _last, or_(owner.c.until.is_(None), owner.c.until >= _first)
)
_entered = and_(customer.c.since.between(_first, _last), customer.c.id.in_(_theirs))
_spoken = exists().where(
    paper.c.customer_id == customer.c.id, paper.c.form.in_(TALKS), paper.c.state == "filed", paper.c.grade.in_(PROVEN), paper.c.day >= _first
)
_contract = exists().where(running_contract.c.customer_id == customer.c.id)
_by_source = (
    select(
        customer.c.source,
        func.count(),
        func.sum(cast(when((_spoken, 1), else_=0), Integer)),
        func.sum(cast(when((_contract, 1), else_=0), Integer)),
    )
    .where(_entered)
    .group_by(customer.c.source)
    .order_by(func.count().desc(), customer.c.source)
)


def sources(conn: Connection, people: Sequence[int], first: date, last: date) -> list[Source]:
    """Of the customers entered in those days, by the channel they came by: how many were spoken to, how many have signed (A-3.1.2)."""
    rows = conn.execute(_by_source, {"people": list(people), "first": first, "last": last})
    return [Source(name or "没写来源", int(entered), int(reached or 0), int(signed or 0)) for name, entered, reached, signed in rows]


_papers = and_(paper.c.day.between(_first, _last), paper.c.state == "filed", paper.c.customer_id.in_(_theirs))
_of_papers = select(func.count(distinct(paper.c.customer_id)))
_talked = _of_papers.where(_papers, paper.c.form.in_(TALKS))
_delivered = and_(case.c.kind == "delivery", case.c.state == "delivered")
_running = and_(
    running_contract.c.customer_id.in_(_theirs),
    or_(running_contract.c.since.is_(None), running_contract.c.since <= _last),
    running_contract.c.until >= _first,
)
# In the order of the work; the later ones are shown once the firm has had any.
STAGES: tuple[tuple[str, Select[Any], Select[Any] | None], ...] = (
    ("在手的客户", select(func.count()).select_from(customer).where(customer.c.id.in_(_theirs)), None),
    ("谈过的客户", _talked, None),
    ("谈过且有凭证", _talked.where(paper.c.grade.in_(PROVEN)), None),
    (
        "书刊送到",
        select(func.count(distinct(case.c.customer_id))).where(
            _delivered, case.c.closed_at >= _begins, case.c.closed_at < _ends, case.c.customer_id.in_(_theirs)
        ),
        select(case.c.id).where(_delivered),
    ),
    ("做了方案", _of_papers.where(_papers, paper.c.form == "PromotionPlan"), select(paper.c.id).where(paper.c.form == "PromotionPlan")),
    ("有合同", select(func.count(distinct(running_contract.c.customer_id))).where(_running), select(running_contract.c.id)),
)


def funnel(conn: Connection, people: Sequence[int], first: date, last: date, calendar: Calendar) -> list[Stage]:
    """Customers in hand, talked to, delivered to, planned for, under contract: those stages the firm has records of (A-3.0)."""
    asked = span(calendar, first, last)._asdict() | {"people": list(people)}
    known = [(label, count) for label, count, any_ in STAGES if any_ is None or conn.execute(any_.limit(1)).first() is not None]
    return [Stage(label, int(conn.execute(count, asked).scalar_one())) for label, count in known]


def by_measure(found: Mapping[int, Mapping[str, Tally]], people: Sequence[int]) -> dict[int, dict[str, Tally]]:
    """Everybody asked for is there, with noughts where there is nothing."""
    return {id: {measure.key: found.get(id, {}).get(measure.key, Tally()) for measure in MEASURES} for id in people}
