"""The repair register of any days as it goes out to Excel, as far as one sees it (C-5.1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import Table, select

from conversations.repairs import printed
from conversations.repairs.job import Job
from papers.bookwriter import Head
from rules.repairs import jobs as rule
from storage.repairs import jobs
from storage.repairs.register import Register
from storage.tables import area, person, station

PAGE = 200
HEADS = [
    *(Head(label, width) for label, width in (("单号", 12), ("登记的日子", 12), ("服务站", 16), ("片区", 10), ("报修时间", 17), ("地址", 30))),
    *(Head(label, width) for label, width in (("报修人", 12), ("电话", 14), ("报修内容", 40), ("紧急", 8), ("哪里", 10), ("工种", 10))),
    *(Head(label, width) for label, width in (("维修员", 10), ("约定时间", 17), ("派出", 17), ("接单", 17), ("到场", 17), ("办完", 17))),
    *(Head(label, width) for label, width in (("查到", 30), ("配件", 20))),
    Head("返工（次）", 10, "number"),
    Head("收费（元）", 12, "money"),
    Head("怎么付", 14),
    Head("客户评价（分）", 14, "number"),
    Head("状态", 14),
]


class JobsOut(Register):
    def _job_rows(self, span: tuple[date, date]) -> Iterator[list[Any]]:
        """Read a page at a time, oldest first."""
        names = {table.name: self._by_id(table) for table in (person, area, station)}
        sight, last = self._sight(), 0
        while found := jobs.of_days(self._conn, sight, *span, last, PAGE):
            yield from (self._job_row(one, names) for one in found)
            last = found[-1].id

    def _job_row(self, one: Job, names: dict[str, dict[int, str]]) -> list[Any]:
        agreed = one.agreed if printed.charged(one) else None
        return [
            one.number,
            str(one.day),
            names["station"].get(one.station_id, ""),
            names["area"].get(one.area_id or 0, ""),
            self._clock(one.opened_at),
            one.address,
            one.caller,
            one.phone,
            one.what,
            one.urgent,
            rule.PLACES[one.place],
            rule.TRADES.get(one.trade, ""),
            names["person"].get(one.technician_id, ""),
            *(self._clock(at) for at in (one.at, one.sent_at, one.accepted_at, one.arrived_at, one.closed_at)),
            "；".join(one.findings),
            str(one.data.get("parts") or ""),
            one.rounds or None,
            agreed.total / 100 if agreed else None,
            printed.PAID.get(str(one.data.get("how")), "") if one.paid else "",
            int(one.data.get("rating") or 0) or None,
            rule.STATES[one.state],
        ]

    def _by_id(self, table: Table) -> dict[int, str]:
        return {row.id: row.name for row in self._conn.execute(select(table.c.id, table.c.name))}

    def _clock(self, at: datetime | None) -> str:
        return "" if at is None else at.astimezone(self._zone).strftime("%Y-%m-%d %H:%M")
