"""The firm's days: official holidays and make-up days with their source, and what the firm decided itself (A-1.2, A-3.3.6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from starlette.requests import Request
from starlette.responses import Response

from bot.web.office.frame import ADMIN, ALL_ROLES, Office, Page, day, number, said, text
from conversations.desk import NotAllowed
from conversations.spoken import day_of_month
from rules.calendar import OFFICIAL_YEARS, Calendar
from rules.errors import RuleBroken
from storage.world import World

FIRST, LAST = 2020, 2100
LONGEST = timedelta(days=31)
_WORKS = {"1": "上班", "0": "休息", "official": "按国家规定"}


@dataclass(frozen=True, slots=True)
class Cell:
    """A day of the page: how it is drawn, and in words for who cannot see that."""

    day: date
    look: str
    words: str


@dataclass(frozen=True, slots=True)
class Change:
    year: int  # 0: none was given
    typed: Mapping[str, str]
    errors: Mapping[str, str]
    told: str


async def year(office: Office, request: Request) -> Response:
    given = number(request.query_params.get("year", ""))
    shown = given if FIRST <= given <= LAST else office.today.year
    return await _page(office, request, shown, {}, {"day": request.query_params.get("day", "")})


async def amend(office: Office, request: Request) -> Response:
    change = await changed(office, request)
    if not change.errors:
        return office.back(f"/office/calendar?year={change.year or office.today.year}", change.told)
    return await _page(office, request, change.year or office.today.year, change.errors, change.typed)


async def changed(office: Office, request: Request) -> Change:
    """What the form asks for, done; or what is wrong with it, with everything as it was typed."""
    form = await office.form(request)
    typed = {name: text(form, name) for name in ("day", "last", "works")}
    first, last = day(typed["day"]), day(typed["last"]) if typed["last"] else day(typed["day"])
    errors: dict[str, str] = {}
    if first is None or not FIRST <= first.year <= LAST:
        errors["day"] = "请选一天。"
    elif last is None or not first <= last < first + LONGEST:
        errors["last"] = f"最后一天不能在第一天之前，一次最多改 {LONGEST.days} 天。"
    if typed["works"] not in _WORKS:
        errors["works"] = "请选上班、休息，或按国家规定。"
    told = ""
    if not errors and first is not None and last is not None:
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        try:
            await office.write(request, lambda world: _amend(world, days, typed["works"]))
            span = day_of_month(first) if first == last else f"{day_of_month(first)}到 {day_of_month(last)}"
            told = f"{span}改成{_WORKS[typed['works']]}了。"
        except (NotAllowed, RuleBroken) as refused:
            errors["day"] = said(refused)
    return Change(first.year if first and FIRST <= first.year <= LAST else 0, typed, errors, told)


def _amend(world: World, days: Sequence[date], works: str) -> None:
    """A weekend inside a holiday is off already."""
    for one in days:
        if works == "official":
            world.unamend_day(one)
        elif world.calendar.is_working_day(one) != (works == "1") or len(days) == 1:
            world.amend_day(one, works == "1")


async def _page(office: Office, request: Request, shown: int, errors: Mapping[str, str], typed: Mapping[str, str]) -> Response:
    calendar, amended = await office.read(request, lambda world: (world.calendar, world.days_amended(shown)))
    months = [(month, _weeks(calendar, date(shown, month, 1))) for month in range(1, 13)]
    values = {"year": shown, "months": months, "amended": amended, "provisional": calendar.provisional(shown), "official": max(OFFICIAL_YEARS)}
    working = sum(1 for _ in calendar.working_days(date(shown, 1, 1), date(shown, 12, 31)))
    more = {"errors": errors, "typed": {"works": "", "last": "", **typed}, "working": working}
    return office.page(request, "office/calendar.html", status=422 if errors else 200, **values, **more)


def _weeks(calendar: Calendar, first: date) -> list[list[Cell | None]]:
    """Monday first."""
    cells: list[Cell | None] = [None] * first.weekday()
    day = first
    while day.month == first.month:
        cells.append(_cell(calendar, day))
        day += timedelta(days=1)
    cells += [None] * (-len(cells) % 7)
    return [cells[n : n + 7] for n in range(0, len(cells), 7)]


def _cell(calendar: Calendar, day: date) -> Cell:
    works, ours = calendar.is_working_day(day), day in calendar.exceptions
    feast = calendar.feast(day)
    look = ("makeup" if calendar.makes_up(day) or day.weekday() > 4 else "") if works else "feast" if feast else "rest"
    words = f"{feast or ''}{'上班' if works else '休息'}{'，公司自定' if ours else ''}"
    return Cell(day, f"{look} ours".strip() if ours else look, words)


PAGES = (
    Page("/office/calendar", "节假日", year, ALL_ROLES, group="规则"),
    Page("/office/calendar/day", "改一天", amend, ADMIN, ("POST",)),
)
