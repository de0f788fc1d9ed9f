"""A call as it is written down: where, what, when out of one line; and what the desk can read aloud to the caller (ZC-QR-030, C-4.5.1)."""

from __future__ import annotations

import re
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from conversations import phrases
from conversations.desks.stations import Spot, StationLookup
from conversations.lookup import Lookup
from conversations.repairs.job import Call, Job
from conversations.spoken import clock_words, wall
from conversations.types import Unclear
from rules import money
from rules.repairs import jobs, register

PHONE = re.compile(r"(?<!\d)(?:1\d{10}|0\d{2,3}-?\d{7,8})(?!\d)")
_EDGES = " ，,。.；;、:：-"
_SHORT = re.compile(r"(?:^|(?<=\s))\d{1,3}\s*(?:号楼|栋|幢|座|#|-)\s*\d{2,5}(?:\s*[室号])?(?!\d)")
_PUBLIC = re.compile(r"公共部位|公共|楼道|大厅")


@dataclass(frozen=True, slots=True)
class Heard:
    """One message, read: every part may be missing."""

    spots: tuple[Spot, ...] = ()
    what: str = ""
    phone: str = ""
    at: datetime | None = None


def read(look: Lookup, stations: StationLookup, text: str, said_at: datetime) -> Heard:
    """阳光苑3号楼502 厨房漏水 13800000502 明天上午10点, in any order."""
    phone = PHONE.search(text)
    left = text.replace(phone[0], " ") if phone else text
    short = _SHORT.search(left)  # 3号楼301, without the estate
    found = tuple(stations.spots(left)) or (tuple(stations.spots(short[0])) if short else ()) or (tuple(stations.spots(phone[0])) if phone else ())
    if len(found) > 1 and phone:
        found = tuple(one for one in found if one.unit is not None and phone[0] in one.unit.phone) or found
    left = _without(left, found[0]) if found else left
    if found and short and short[0] in left and found[0].unit is not None:
        left = left.replace(short[0], " ", 1)
    moment = None
    with suppress(Unclear):  # half a time stays among the words
        moment = phrases.find_moment(left, look.calendar.local(said_at), look.calendar, opens=look.me.opens, closes=look.me.closes)
    at = moment.value if moment is not None and moment.value > said_at else None
    if moment is not None and at is not None:
        left = left[: moment.span[0]] + " " + left[moment.span[1] :]
    return Heard(found, " ".join(part for part in (one.strip(_EDGES) for one in left.split()) if part), phone[0] if phone else "", at)


def call(
    spot: Spot,
    what: str,
    *,
    phone: str = "",
    caller: str = "",
    at: datetime | None = None,
    urgent: str = "",
    shouted: Collection[str] = jobs.SHOUTED,
    paid: bool | None = None,
) -> Call:
    """Who rings and from where is known from the list; the number they ring from stands first."""
    flat = spot.unit
    part = register.part(what) if flat is None else ""
    part = "" if part == "公共部位" else part
    return Call(
        what,
        f"{spot.short}{part}",
        place=cast("jobs.Place", spot.place),
        trade=register.trade(what),
        urgent=urgent or jobs.urgent(what, shouted),
        paid=paid,
        caller=caller or (flat.tenant if flat else ""),
        phone=phone or (flat.phone if flat else ""),
        address=spot.label.replace("公共部位", part) if part else spot.label,
        unit_id=flat.id if flat else None,
        area_id=spot.area_id,
        station_id=spot.station_id,
        at=at,
    )


def when(look: Lookup, text: str, said_at: datetime) -> datetime | None:
    """下午三点; None for 尽快 and nothing. Unclear in words."""
    if not text.strip() or text.strip() in ("尽快", "现在", "马上", "越快越好"):
        return None
    found = phrases.read_moment(text.strip(), look.calendar.local(said_at), look.calendar, opens=look.me.opens, closes=look.me.closes)
    if found is None:
        raise Unclear("没看出约什么时候。请写：下午三点、明天上午十点，或留空表示尽快。")
    if found.value < said_at:
        raise Unclear("约的时间已经过了，请另写一个。")
    return found.value


def late(look: Lookup, job: Job) -> str:
    """Why the job is late, in words; "" when it is not."""
    if job.state == "fee_pending":
        return "费用待定"
    return register.late(
        job.state,
        look.now,
        urgent=bool(job.urgent),
        opened_at=job.opened_at,
        sent_at=job.sent_at,
        arrived_at=job.arrived_at,
        at=job.at,
        accept_minutes=int(look.setting("job_accept_minutes", register.ACCEPT_WITHIN)),
    )


def aloud(look: Lookup, job: Job) -> str:
    """What is said to a caller who asks: 王师傅 14:05 接单，预计 14:30 到。"""
    who = look.person(job.technician_id) if job.technician_id else None
    name = who.name if who is not None else "师傅"
    if job.state == "open":
        return f"{wall(job.opened_at, look)} 登记好了，正在派师傅{f'，约 {clock_words(job.at, look)}' if job.at else ''}。"
    if job.state in ("sent", "offered"):
        asked = [one.name for id in sorted(job.asked) if (one := look.person(id)) is not None]
        to = asked[0] if len(asked) == 1 else "在班的师傅"
        return f"{wall(job.sent_at or job.opened_at, look)} 已派给{to}，等接单。"
    if job.state == "accepted":
        return f"{name} {wall(job.accepted_at or look.now, look)} 接单，{expected(look, job)}。"
    if job.state == "nobody":
        return f"{name}去过，没人应，要另约时间。"
    if job.state == "quoted":
        total = money.exact(job.quotation.total) if job.quotation else ""
        return f"{name}已到，报价 {total} 元，等您同意。"
    if job.state == "fee_pending":
        total = f"报价 {money.exact(job.quotation.total)} 元，" if job.quotation else ""
        return f"{total}费用还没定，客服会打电话给您说明。"
    if job.state in jobs.ON_SITE:
        return f"{name} {wall(job.arrived_at or look.now, look)} 到了，{_stands(job)}。"
    if job.state == "closed":
        return f"{clock_words(job.closed_at or look.now, look)} 修好了。"
    return f"{jobs.STATES[job.state]}。"


def _stands(job: Job) -> str:
    if job.state == "content" and job.place == "home":
        return "修好了，等您签名"
    return "修好了" if job.state in ("content", "signed") else "正在修"


def expected(look: Lookup, job: Job) -> str:
    """预计 14:30 到; the appointment, else the usual time on the way; late as the technician said."""
    if told := job.data.get("late_until"):
        return f"要晚一点，预计 {clock_words(datetime.fromisoformat(str(told)), look)} 到"
    if job.at is not None and job.at > look.now:
        return f"约 {clock_words(job.at, look)} 到"
    way = register.ARRIVE_WITHIN if job.urgent else int(look.setting("way_minutes", 25))
    reaches = (job.accepted_at or look.now) + timedelta(minutes=way)
    return f"预计 {wall(reaches, look)} 到" if reaches > look.now else "就快到了"


def _without(text: str, spot: Spot) -> str:
    """The words without the place."""
    left = text.replace(spot.label, " ", 1)
    estate = re.escape(spot.estate)
    building = r"\s*".join(map(re.escape, spot.building.split())) if spot.building else ""
    room = re.escape(spot.unit.room) if spot.unit and spot.unit.room else ""
    figure = "".join(re.findall(r"\d+", spot.building))
    for pattern in (
        rf"{estate}\s*{building}\s*{room}\s*(?:室|号)?" if room else rf"{estate}\s*{building}",
        rf"{estate}\s*{figure}\s*(?:号楼|栋|幢|号|座|-|－)?\s*{room}\s*(?:室|号)?(?!\d)" if figure else "",
        rf"{estate}\s*{room}\s*(?:室|号)?(?!\d)" if room else "",
        estate,
    ):
        if pattern and re.search(pattern, left):
            left = re.sub(pattern, " ", left, count=1)
            break
    if spot.unit is None:
        return _PUBLIC.sub(" ", left, count=1) if left.count("公共") else left
    return left.replace(spot.unit.tenant, " ", 1) if spot.unit.tenant else left


__all__ = ["Heard", "aloud", "call", "expected", "late", "read", "when"]
