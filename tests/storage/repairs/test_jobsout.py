"""Repair jobs of any days to Excel: as far as one sees, row by row, formulas harmless (C-5.1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from conversations.desk import NotAllowed
from papers import workbook
from rules.calendar import FIRM_ZONE
from storage.database import Database
from storage.repairs import jobsout
from storage.world import World
from tests.storage.repairs.firm import CALL, NOW, Firm, a_firm

HOSTILE = "=cmd|' /C calc'!A0"


@pytest.fixture
def firm(database: Database) -> Firm:
    return a_firm(database)


def registered(database: Database, firm: Firm, area: str, now: datetime = NOW, **changed: Any) -> int:
    call = replace(CALL, area_id=firm.areas[area], **changed)
    return database.write_now(lambda conn: firm.desk(conn, "客服小周", now).register_job(call).id)


def taken(database: Database, firm: Firm, who: str, target: Path, since: date | None = None, until: date | None = None) -> list[dict[str, Any]]:
    def out(conn: Connection) -> int:
        return World(conn, person_id=firm.people[who], now=NOW, zone=FIRM_ZONE, via="test").export("jobs", target, since, until)

    count = database.read_now(out)
    (sheet,) = workbook.read(target.read_bytes())
    rows = [dict(zip(sheet.rows[0], (*row, *[None] * len(sheet.rows[0])), strict=False)) for row in sheet.rows[1:]]
    assert count == len(rows)
    return rows


def test_the_register_of_some_days(database: Database, firm: Firm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobsout, "PAGE", 2)
    for day in range(5):
        registered(database, firm, "东区", NOW + timedelta(days=day), what=HOSTILE, caller="+86", urgent="跑水", station_id=firm.station)
    registered(database, firm, "西区")
    rows = taken(database, firm, "资产部", tmp_path / "all.xlsx")
    assert len(rows) == 6
    east = rows[0]
    assert (east["报修内容"], east["报修人"], east["电话"], east["紧急"]) == (HOSTILE, "+86", "13800001234", "跑水")
    assert (east["登记的日子"], east["报修时间"], east["地址"]) == ("2026-11-24", "2026-11-24 09:00", "阳光苑502")
    assert (east["服务站"], east["片区"], east["哪里"], east["工种"], east["状态"]) == ("阳光服务站", "东区", "入户", "水", "未派")
    some = taken(database, firm, "资产部", tmp_path / "some.xlsx", date(2026, 11, 25), date(2026, 11, 27))
    assert [one["登记的日子"] for one in some] == ["2026-11-25", "2026-11-26", "2026-11-27"]
    assert [one["单号"] for one in some] == [f"{firm.station}-{day}-01" for day in ("1125", "1126", "1127")]


def test_a_paid_one_with_its_money_and_rating(database: Database, firm: Firm, tmp_path: Path) -> None:
    id = registered(database, firm, "东区", paid=True)
    agreed = {"version": "2026 年 10 月版", "lines": [{"code": "A1", "name": "换球阀", "unit": "个", "count": 2, "fen": 3550}]}
    more = {"agreed": agreed, "how": "cash", "rating": 5, "findings": ["阀芯坏"], "parts": "球阀", "rounds": 1}
    database.write_now(lambda conn: firm.desk(conn, "客服小周").note_job(id, "note", columns={"technician_id": firm.people["王师傅"]}, **more))
    (row,) = taken(database, firm, "客服小周", tmp_path / "one.xlsx")
    assert (row["收费（元）"], row["怎么付"], row["客户评价（分）"], row["返工（次）"]) == (71, "现金", 5, 1)
    assert (row["维修员"], row["查到"], row["配件"]) == ("王师傅", "阀芯坏", "球阀")


def test_as_far_as_one_sees(database: Database, firm: Firm, tmp_path: Path) -> None:
    registered(database, firm, "东区")
    registered(database, firm, "西区")
    assert [row["片区"] for row in taken(database, firm, "西经理", tmp_path / "west.xlsx")] == ["西区"]
    assert len(taken(database, firm, "客服小周", tmp_path / "desk.xlsx")) == 2
    for who in ("王师傅", "李强"):
        with pytest.raises(NotAllowed):
            taken(database, firm, who, tmp_path / "no.xlsx")


def test_nothing_to_take_is_a_sheet_with_its_heading(database: Database, firm: Firm, tmp_path: Path) -> None:
    assert taken(database, firm, "资产部", tmp_path / "none.xlsx", date(2026, 1, 1), date(2026, 1, 2)) == []
