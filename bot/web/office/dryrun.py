"""Every reminder of the next month before it is sent: when, to whom, what; computed, not written; the same as Excel (A-1.2)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from itertools import groupby
from typing import Any
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response

from bot.web.office.frame import ALL_ROLES, Office, Page, day, number
from bot.web.office.imports import XLSX
from papers.bookwriter import Book, Head
from scheduler import dryrun
from scheduler.dryrun import Coming

PATH = "/office/dryrun"
MONTH = timedelta(days=30)
ROWS = 120
WEEK = "一二三四五六日"
_HEADS = [Head(label, width) for label, width in (("日期", 12), ("星期", 8), ("时间", 8), ("给谁", 14), ("什么", 28), ("说明", 24))]
HELD = "夜里不打扰，过后发"


@dataclass(frozen=True, slots=True)
class Asked:
    """What of it is to be seen; `everything` is all that this person may see, for the choices."""

    first: date
    who: int
    kind: str
    everything: Sequence[Coming]

    @property
    def lines(self) -> list[Coming]:
        return [one for one in self.everything if self.who in (0, one.person) and self.kind in ("", one.kind)]


async def listed(office: Office, request: Request) -> Response:
    asked, page = await _asked(office, request), max(number(request.query_params.get("page", "")), 1)
    shown = asked.lines[(page - 1) * ROWS : page * ROWS]
    values: dict[str, Any] = {
        "first": asked.first,
        "last": asked.first + MONTH,
        "days": [(date, list(group)) for date, group in groupby(shown, key=lambda one: one.at.astimezone(office.zone).date())],
        "count": len(asked.lines),
        "people": sorted({(one.person, one.name) for one in asked.everything}, key=lambda one: one[1]),
        "kinds": dryrun.kinds(asked.everything),
        "excel": f"{PATH}/excel?{urlencode({'who': asked.who, 'kind': asked.kind, 'from': asked.first.isoformat()})}",
        "held": HELD,
    }
    return office.page(request, "office/dryrun.html", **values, who=asked.who, kind=asked.kind, page=page, more=len(asked.lines) > page * ROWS)


async def excel(office: Office, request: Request) -> Response:
    asked = await _asked(office, request)
    data = await asyncio.to_thread(_book, asked.lines, office.zone)
    await office.write(request, lambda world: world.exported("dryrun", len(asked.lines)))
    name = quote(f"提醒预演 {asked.first} 到 {asked.first + MONTH}.xlsx")
    return Response(data, media_type=XLSX, headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}"})


async def _asked(office: Office, request: Request) -> Asked:
    asked = request.query_params
    first = max(day(asked.get("from", "")) or office.today, office.today)
    first = min(first, office.today + timedelta(days=366))
    seen = {card.id for card in await office.read(request, lambda world: world.staff_cards())}
    lines = await office.app.database.read(lambda conn: dryrun.coming(conn, office.zone, office.now, first, first + MONTH))
    return Asked(first, number(asked.get("who", "")), asked.get("kind", "")[:40], [one for one in lines if one.person in seen])


def _book(lines: Sequence[Coming], zone: ZoneInfo) -> bytes:
    out = BytesIO()
    with Book(out) as book:
        book.sheet("提醒预演", _HEADS, (_row(one, zone) for one in lines))
    return out.getvalue()


def _row(one: Coming, zone: ZoneInfo) -> list[Any]:
    at = one.at.astimezone(zone)
    return [f"{at:%Y-%m-%d}", f"周{WEEK[at.weekday()]}", f"{at:%H:%M}", one.name, one.title, HELD if one.held else ""]


PAGES = (
    Page(PATH, "提醒预演", listed, ALL_ROLES, group="规则"),
    Page(f"{PATH}/excel", "提醒预演", excel, ALL_ROLES),
)
