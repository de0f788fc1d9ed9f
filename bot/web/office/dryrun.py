"""Every reminder of the next month before it is sent: when, to whom, what; computed, not written (A-1.2)."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from bot.web.office.frame import ALL_ROLES, Office, Page, day, number
from scheduler import dryrun

MONTH = timedelta(days=30)
ROWS = 120


async def listed(office: Office, request: Request) -> Response:
    asked = request.query_params
    first = max(day(asked.get("from", "")) or office.today, office.today)
    first = min(first, office.today + timedelta(days=366))
    who, kind, page = number(asked.get("who", "")), asked.get("kind", "")[:40], max(number(asked.get("page", "")), 1)
    seen = {card.id for card in await office.read(request, lambda world: world.staff_cards())}
    lines = await office.app.database.read(lambda conn: dryrun.coming(conn, office.zone, office.now, first, first + MONTH))
    mine = [one for one in lines if one.person in seen]
    people = sorted({(one.person, one.name) for one in mine}, key=lambda one: one[1])
    chosen = [one for one in mine if who in (0, one.person) and kind in ("", one.kind)]
    shown = chosen[(page - 1) * ROWS : page * ROWS]
    days = [(date, list(group)) for date, group in groupby(shown, key=lambda one: one.at.astimezone(office.zone).date())]
    values: dict[str, Any] = {
        "first": first,
        "last": first + MONTH,
        "days": days,
        "count": len(chosen),
        "people": people,
        "kinds": dryrun.kinds(mine),
    }
    return office.page(request, "office/dryrun.html", **values, who=who, kind=kind, page=page, more=len(chosen) > page * ROWS)


PAGES = (Page("/office/dryrun", "提醒预演", listed, ALL_ROLES, group="规则"),)
