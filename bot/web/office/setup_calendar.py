"""The calendar step: the firm's hours from a day on, the official holidays as they are known, and the firm's own days (A-1.2, A-3.3.6)."""

from __future__ import annotations

import calendar as calendar_of
from collections.abc import Mapping
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from bot.web.office.calendar import changed
from bot.web.office.frame import ADMIN, Office, Page, day, said, text
from bot.web.office.people import wrong_hours
from bot.web.office.setup_steps import HOME, next_path, refuse_demo, step_page
from conversations.desk import NotAllowed
from rules.calendar import OFFICIAL_YEARS, SATURDAY, Calendar
from rules.errors import RuleBroken
from rules.settings import SETTINGS
from storage.world import World

NAME = "calendar"
PATH = f"{HOME}/{NAME}"
HOURS = ("opens", "closes")


async def show(office: Office, request: Request) -> Response:
    """A POST takes the hours, and this step is done."""
    refuse_demo(office)
    if request.method == "GET":
        return await _page(office, request)
    form = await office.form(request)
    typed = {name: text(form, name, 10) for name in (*HOURS, "since")}
    since = day(typed["since"]) or office.today
    errors = wrong_hours(typed["opens"], typed["closes"], needed=True)
    if not errors:
        hours = {name: SETTINGS[name].read(typed[name]) for name in HOURS}
        try:
            told = await office.write(request, lambda world: _keep(world, hours, since))
            return office.back(next_path(NAME), told)
        except (NotAllowed, RuleBroken) as refused:
            errors["since"] = said(refused)
    return await _page(office, request, hours=typed, errors=errors)


def _keep(world: World, hours: Mapping[str, str], since: date) -> str:
    differ = [name for name in HOURS if world.setting(name) != hours[name]]
    if len(differ) == 2 and hours["opens"] >= world.setting("closes"):
        differ.reverse()  # the later end first, so that no day closes before it opens
    for name in differ:
        world.set_rule(name, hours[name], since)
    world.step_is(NAME, "done")
    return f"上班 {hours['opens']}，下班 {hours['closes']}，存好了。" if differ else "日历看过了。"


async def days(office: Office, request: Request) -> Response:
    """A holiday of the firm's own; the step stays open."""
    refuse_demo(office)
    change = await changed(office, request)
    if not change.errors:
        return office.back(f"{PATH}#own", change.told)
    return await _page(office, request, typed=change.typed, errors=change.errors)


async def _page(office: Office, request: Request, **given: Any) -> Response:
    def ask(world: World) -> dict[str, Any]:
        hours = {name: world.setting(name) for name in HOURS}
        own = sum(bool(card.opens) for card in world.staff_cards())
        coming = [one for name in HOURS for one in world.settings_coming().get(name, ())]
        amended = [one for year in years for one in world.days_amended(year) if one.day >= world.today]
        return {"calendar": world.calendar, "hours": hours, "own": own, "coming": coming, "amended": amended}

    years = (office.today.year, office.today.year + 1)
    found = await office.read(request, ask)
    known = found.pop("calendar")
    listed = [(year, known.provisional(year), _rests(known, year)) for year in years]
    errors = given.get("errors", {})
    shown = {"years": listed, "official": OFFICIAL_YEARS[-1], "typed": {}, **found, **given}
    return await step_page(office, request, NAME, status=422 if errors else 200, **shown)


def _rests(known: Calendar, year: int) -> list[str]:
    """Days off in the week and work on weekends, in runs: 2 月 16 日–2 月 20 日 放假."""
    every = (date(year, 1, 1) + timedelta(days=n) for n in range(365 + calendar_of.isleap(year)))
    unusual = [(day, works) for day in every if (works := known.is_working_day(day)) == (day.weekday() >= SATURDAY)]
    runs = []
    for _, run in groupby(enumerate(unusual), key=lambda one: (one[1][0].toordinal() - one[0], one[1][1])):
        mine = [one for _, one in run]
        days = [day for day, _ in mine]
        first, last = f"{days[0].month} 月 {days[0].day} 日", f"{days[-1].month} 月 {days[-1].day} 日"
        runs.append((first if len(days) == 1 else f"{first}到 {last}") + ("上班" if mine[0][1] else "放假"))
    return runs


PAGES = (
    Page(PATH, "日历", show, ADMIN, ("GET", "POST")),
    Page(f"{PATH}/days", "公司自己的假", days, ADMIN, ("POST",)),
)
